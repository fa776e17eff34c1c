//! What columns mean.

use crate::support::{incidents, mapped};

#[test]
fn swedish_and_english_names_are_guessed_and_shown() {
    let read = incidents(
        "Ärende-nr;Händelsetyp;Beskrivning;Öst;Nord;Noggrannhet (m);Stadsdel;Status;Källa;Enhet\n\
         1;x;x;11.2;58.3;10;x;x;x;x\n",
    );
    assert_eq!(
        read.guessed(),
        [
            "id=Ärende-nr",
            "category=Händelsetyp",
            "text=Beskrivning",
            "x=Öst",
            "y=Nord",
            "precision=Noggrannhet (m)",
            "area=Stadsdel",
            "status=Status",
            "source=Källa",
            "unit=Enhet",
        ]
    );
    let read = incidents("External ID,Occurred At,Offence,LAT,LONG\n1,2026-07-10,x,58.3,11.2\n");
    assert_eq!(
        read.guessed(),
        ["id=External ID", "at=Occurred At", "category=Offence", "longitude=LONG", "latitude=LAT"]
    );
}

#[test]
fn a_mapping_overrides_a_guess_and_an_empty_one_switches_it_off() {
    let text = "id,kategori,typ,lat,lon\n1,a,b,58.3,11.2\n";
    let read = mapped(text, &["category=typ", "id="]).unwrap();
    assert_eq!(read.draft(0).category.as_deref(), Some("b"));
    assert_eq!(read.draft(0).external_id.len(), 33);
    let read = mapped(text, &["text=kategori + typ"]).unwrap();
    assert_eq!(read.draft(0).text.as_deref(), Some("a b"));
}

#[test]
fn a_mapping_to_nothing_that_is_there_is_refused_and_says_what_is() {
    let said = |mapping: &str| {
        mapped("lat,lon\n58.3,11.2\n", &[mapping]).err().map(|error| error.to_string()).unwrap()
    };
    assert!(
        said("kategori=lat").contains("the targets are id at from"),
        "{}",
        said("kategori=lat")
    );
    assert!(said("text=words").contains("the columns are lat, lon"), "{}", said("text=words"));
    assert!(said("text").contains("target=column"));
}

#[test]
fn the_area_centres_of_the_police_api_are_never_positions() {
    let read = incidents("polisen_id,municipality_code,api_lon,api_lat\n1,1427,11.2,58.3\n");
    assert_eq!(read.guessed(), ["id=polisen_id", "area=municipality_code"]);
}

#[test]
fn a_foreign_category_refuses_no_row() {
    let read = incidents("kategori,lat,lon\nPothole,58.3,11.2\n,58.3,11.2\n");
    assert_eq!(read.refused(), []);
    assert_eq!(read.draft(0).category.as_deref(), Some("Pothole"));
}
