//! Files in other forms than tables of text, whole and broken.

use crate::place::{Work, code, job};
use crate::support::{Outcome, refusal, repository, request, run};
use fyren::app::{ImportJob, ImportKind, NewMunicipality};
use fyren::import::{DraftPlace, Kind};
use fyren_core::domain::{Context, Place, When};

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(repository("tests/data/import").join(name)).unwrap()
}

fn read(name: &str, kind: Kind) -> Outcome {
    run(&bytes(name), &request(kind)).unwrap()
}

#[test]
fn a_workbook_is_read_like_the_table_it_was_made_of() {
    let (book, table) =
        (read("polisen-se.xlsx", Kind::Incidents), read("polisen-se.csv", Kind::Incidents));
    assert_eq!(book.plan.format.name(), "workbook");
    assert_eq!(book.guessed(), ["id=Nummer", "at=Tid", "category=Händelsetyp", "area=Kommunkod"]);
    assert_eq!((book.rows.len(), table.rows.len()), (18, 18));
    for at in 0..18 {
        let (one, other) = (book.draft(at), table.draft(at));
        assert_eq!(one.external_id, other.external_id);
        assert_eq!((one.when, &one.category), (other.when, &other.category));
    }
    assert_eq!(book.rows[17].record.line, 19);
}

#[test]
fn a_geopackage_and_a_shapefile_hold_the_same_ground_in_their_own_planes() {
    let package = read("districts-3006.gpkg", Kind::Areas);
    let shapes = read("districts-3007.zip", Kind::Areas);
    assert_eq!(package.plan.crs_decision.code, "EPSG:3006");
    assert_eq!(shapes.plan.crs_decision.code, "EPSG:3007");
    for read in [&package, &shapes] {
        assert_eq!((read.draft(0).external_id.as_str(), read.rows.len()), ("109051", 2));
        assert_eq!(read.draft(0).text.as_deref(), Some("Smögen"));
    }
    for at in 0..2 {
        let ground = |read: &Outcome| match &read.draft(at).place {
            DraftPlace::Ground(ground) => ground.clone(),
            other => panic!("{other:?}"),
        };
        let near = |a: f64, b: f64| (a - b).abs() < 1e-5;
        let (a, b) = (
            geo::BoundingRect::bounding_rect(&ground(&package)).unwrap(),
            geo::BoundingRect::bounding_rect(&ground(&shapes)).unwrap(),
        );
        assert!(near(a.min().x, b.min().x) && near(a.max().y, b.max().y), "{a:?} {b:?}");
    }
}

#[tokio::test]
async fn areas_of_a_geopackage_become_districts() {
    let work = Work::with(&["1427"]).await;
    let told = work.import(job(ImportKind::Areas), &bytes("districts-3006.gpkg")).await.unwrap();
    assert_eq!((told.read, told.refused), (2, 0));
    assert_eq!(told.stored + told.known, 2);
}

/// The stays were counted by another program on the same file.
#[tokio::test]
async fn a_bus_stays_once_by_its_log_and_by_its_gpx() {
    let work = Work::empty().await;
    let boundary = br#"{"type":"Polygon","coordinates":[[[-3.2,53.2],[-2.6,53.2],[-2.6,53.6],[-3.2,53.6],[-3.2,53.2]]]}"#;
    let liverpool = NewMunicipality {
        code: code("liverpool"),
        name: None,
        boundary: Some(boundary.to_vec()),
        time_zone: Some("Europe/London".to_owned()),
    };
    work.app.add_municipality("test", liverpool).await.unwrap();
    for (kind, name) in [
        (ImportKind::Tracks, "avl-liverpool-bus.csv"),
        (ImportKind::Visits, "avl-liverpool-bus.gpx"),
    ] {
        let job = ImportJob::new(kind, name, Some(code("liverpool")));
        let told = work.import(job, &bytes(name)).await.unwrap();
        assert_eq!((told.positions, told.read, told.stored), (159, 1, 1), "{name}");
    }
    assert_eq!(work.stored(Context::Municipal, "liverpool").await.len(), 2);
}

/// The form of the police's interface; numbers, times and places are made up.
const NOTES: &str = r#"[
{"id":1,"datetime":"2026-01-21 9:19:26 +01:00","name":"21 januari 08.34, Brand, Sotenäs",
 "summary":"s","url":"/x","type":"Brand","location":{"name":"Västra Götalands län","gps":"58.2,12.1"}},
{"id":2,"datetime":"2026-01-01 0:20:11 +01:00","name":"31 december 23.50, Mord/dråp, försök, Lysekil",
 "summary":"s","url":"/x","type":"Mord/dråp, försök","location":{"name":"Lysekil","gps":"58.2,11.4"}},
{"id":3,"datetime":"2026-01-21 9:19:26 +01:00","name":"21 januari 08.34, Sammanfattning natt, Västra Götalands län",
 "summary":"s","url":"/x","type":"Sammanfattning natt","location":{"name":"Västra Götalands län","gps":"58.2,12.1"}},
{"id":4,"datetime":"2026-01-21 9:19:26 +01:00","name":"21 januari 08.34, Övrigt",
 "summary":"s","url":"/x","type":"Övrigt","location":{"name":"","gps":""}}]"#;

#[tokio::test]
async fn notes_of_the_police_are_routed_by_their_titles_and_never_have_a_point() {
    let work = Work::with(&["1427", "1484"]).await;
    let all = ImportJob { municipality: None, ..job(ImportKind::Incidents) };
    let (told, refused) = work.import_with(all, NOTES.as_bytes()).await.unwrap();
    let rules: Vec<_> = refused.iter().map(|one| one.violation.to_string()).collect();
    assert_eq!(rules, ["area: only_a_county", "area: unknown_area"]);
    assert_eq!((told.stored, told.format), (2, "JSON (a list of objects)"));
    let fire = &work.incidents().await[0];
    assert!(matches!(&fire.located.place, Place::Code(area) if area.code == "1427"));
    let When::Instant { at, .. } = fire.when else { panic!("{:?}", fire.when) };
    assert_eq!(at.to_string(), "2026-01-21T07:34:00Z");
}

#[tokio::test]
async fn notes_without_a_municipality_are_refused_with_the_reason() {
    let work = Work::with(&["1427", "1484"]).await;
    let all = ImportJob { municipality: None, ..job(ImportKind::Incidents) };
    let text = String::from_utf8(bytes("polisen-se.csv")).unwrap()
        + "9,2026-02-01T10:00:00+01:00,2026-02-01T09:00+01:00,Brand,,14,county,12.1,58.2\n\
           10,2026-02-01T10:00:00+01:00,2026-02-01T09:00+01:00,Brand,,,unknown,,\n";
    let (told, refused) = work.import_with(all, text.as_bytes()).await.unwrap();
    assert_eq!((told.read, told.stored), (20, 18));
    let rules: Vec<_> = refused.iter().map(|one| (one.line, one.violation.rule)).collect();
    assert_eq!(rules, [(20, "only_a_county"), (21, "required")]);
}

/// Rows as the police hand them out on request; the codes of the areas are
/// real, the crimes are made up.
const REGISTER: &str = "Brottskod;Brottskod klartext;Inskrivningsdatum;Brottsdatum;Kommun;DeSO\n\
    0840;Stöld;2025-07-12;2025-07-10;Sotenäs;1427A0010\n\
    0840;Stöld;2025-07-12;2025-07-10;Sotenäs;1427A0010\n\
    0412;Misshandel;2025-07-12;2025-07-11;Sotenäs;1427A9999\n";

#[tokio::test]
async fn crimes_by_small_area_keep_their_area_and_alike_ones_are_several() {
    let work = Work::with(&["1427"]).await;
    let (told, refused) =
        work.import_with(job(ImportKind::Incidents), REGISTER.as_bytes()).await.unwrap();
    assert_eq!((told.stored, told.refused), (2, 1));
    assert_eq!(refused[0].violation.to_string(), "area: unknown_area");
    let crime = &work.incidents().await[0];
    assert_eq!(crime.category, "Stöld");
    assert!(matches!(&crime.located.place, Place::Code(area) if area.system == "deso"));
    let again = work.import(job(ImportKind::Incidents), REGISTER.as_bytes()).await.unwrap();
    assert_eq!((again.stored, again.known), (0, 2));
}

const REQUESTS_XML: &str = r#"<?xml version="1.0" encoding="utf-8"?><service_requests><request>
<service_request_id>638</service_request_id><status>closed</status><service_name>Klotter</service_name>
<requested_datetime>2026-04-14T06:37:38+02:00</requested_datetime><notes><note>x</note></notes>
<lat>58.3614</lat><long>11.2494</long></request></service_requests>"#;
const REQUESTS_JSON: &str = r#"[{"service_request_id":"638","status":"closed","service_name":"Klotter",
"requested_datetime":"2026-04-14T06:37:38+02:00","lat":58.3614,"long":11.2494}]"#;

#[test]
fn service_requests_are_the_same_in_xml_and_json() {
    let xml = run(REQUESTS_XML.as_bytes(), &request(Kind::Reports)).unwrap();
    let json = run(REQUESTS_JSON.as_bytes(), &request(Kind::Reports)).unwrap();
    assert_eq!(xml.draft(0), json.draft(0));
    assert_eq!(xml.draft(0).category.as_deref(), Some("Klotter"));
    assert_eq!(xml.plan.format.name(), "Open311 (XML)");
}

#[test]
fn what_is_cut_or_of_another_kind_is_refused_as_a_whole() {
    for (name, told) in [
        ("polisen-se.xlsx", "damaged"),
        ("districts-3007.zip", "damaged"),
        ("districts-3006.gpkg", "GeoPackage"),
        ("avl-liverpool-bus.gpx", "GPX"),
    ] {
        let whole = bytes(name);
        let said = refusal(&whole[..whole.len() / 3]);
        assert!(said.contains(told), "{name}: {said}");
    }
    assert!(refusal(b"<service_requests><request>").contains("service requests"));
    assert!(refusal(b"[{\"lat\":58.3,\"lon\":11.2},").contains("line 1"));
    assert!(refusal(b"SQLite format 3\0").contains("GeoPackage"));
}
