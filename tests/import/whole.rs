//! Whole real files, and what their README counts in them: each goes in, and
//! comes again without storing anything twice.

use crate::place::{Work, code, job};
use crate::support::repository;
use fyren::app::{ImportJob, ImportKind, ImportReport, Mapping, NewMunicipality, Refusal};
use fyren_core::domain::{Context, Flags};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

fn whole(name: &str) -> Vec<u8> {
    std::fs::read(repository("tests/data/import/whole").join(name)).unwrap()
}

fn carried(name: &str) -> Vec<u8> {
    std::fs::read(repository("data/sweden").join(name)).unwrap()
}

/// What other programs counted in the same files.
fn expected(part: &str) -> Value {
    let text = std::fs::read(repository("tests/data/expected.json")).unwrap();
    let mut all: Value = serde_json::from_slice(&text).unwrap();
    all[part].take()
}

/// A municipality of its own around everything between two corners.
async fn boxed(name: &str, zone: &str, [west, south, east, north]: [f64; 4]) -> Work {
    let work = Work::empty().await;
    let mut boundary = String::from(r#"{"type":"Polygon","coordinates":[["#);
    for (x, y) in [(west, south), (east, south), (east, north), (west, north)] {
        write!(boundary, "[{x},{y}],").unwrap();
    }
    write!(boundary, "[{west},{south}]]]}}").unwrap();
    let new = NewMunicipality {
        code: code(name),
        name: None,
        boundary: Some(boundary.into_bytes()),
        time_zone: Some(zone.to_owned()),
    };
    work.app.add_municipality("test", new).await.unwrap();
    work
}

async fn sweden() -> Work {
    let work = Work::empty().await;
    assert_eq!(work.app.add_missing_municipalities("test").await.ok().unwrap(), 290);
    work
}

fn everywhere(kind: ImportKind, dataset: &str) -> ImportJob {
    ImportJob::new(kind, dataset, None)
}

fn counts(told: &ImportReport) -> [u64; 4] {
    [told.read, told.stored, told.known, told.refused]
}

/// Refusals by what they say.
fn by_rule(refused: &[Refusal]) -> BTreeMap<String, usize> {
    let mut rules = BTreeMap::new();
    for one in refused {
        *rules.entry(one.violation.to_string()).or_default() += 1;
    }
    rules
}

#[tokio::test]
async fn three_years_of_police_notes_go_to_the_municipalities_that_they_name() {
    let work = sweden().await;
    let bytes = whole("events-polisen-se-2023-2026.csv.gz");
    let notes = || everywhere(ImportKind::Incidents, "polisen-se");
    let (told, refused) = work.import_with(notes(), &bytes).await.unwrap();
    let counted = expected("polisen");
    assert_eq!((&counted["rows"], &counted["with_municipality"]), (&84_531.into(), &61_658.into()));
    assert_eq!(counts(&told), [84_531, 61_658, 0, 22_873]);
    let rules = [("area: only_a_county".to_owned(), 22_521), ("place: required".to_owned(), 352)];
    assert_eq!(by_rule(&refused), BTreeMap::from(rules));
    let again = work.import(notes(), &bytes).await.unwrap();
    assert_eq!(counts(&again), [84_531, 0, 61_658, 22_873]);

    let here = work.stored(Context::Municipal, "1427").await;
    assert_eq!(Value::from(here.len()), counted["sotenas_1427"]);
    assert!(here.iter().all(|note| !note.located), "the centre of an area is no place");
    // Controls follow the work of the police; those in a municipality were
    // counted by another program.
    let (mut all, mut controls) = (0, 0);
    for summary in work.app.municipalities().await.ok().unwrap() {
        for note in work.stored(Context::Municipal, summary.code.as_str()).await {
            all += 1;
            let control = note.category == "Trafikkontroll";
            assert!(!control || note.flags.has(Flags::POLICE_INITIATED));
            controls += usize::from(control);
        }
    }
    assert_eq!((all, controls), (61_658, 2_090));
}

#[tokio::test]
async fn a_year_of_stops_in_london_leaves_out_the_two_that_lie_elsewhere() {
    let work = boxed("london", "Europe/London", [-0.6, 51.2, 0.4, 51.8]).await;
    let bytes = whole("activity-london-stops-2018-2019.csv.gz");
    let stops = || ImportJob {
        mappings: vec![Mapping::parse("category=kind").unwrap()],
        ..ImportJob::new(ImportKind::Incidents, "stops", Some(code("london")))
    };
    let (told, refused) = work.import_with(stops(), &bytes).await.unwrap();
    assert_eq!(counts(&told), [138_555, 138_553, 0, 2]);
    let lines: Vec<_> = refused.iter().map(|one| (one.line, one.violation.rule)).collect();
    assert_eq!(lines, [(13_009, "outside_municipality"), (64_280, "outside_municipality")]);
    let again = work.import(stops(), &bytes).await.unwrap();
    assert_eq!(counts(&again), [138_555, 0, 138_553, 2]);
}

#[tokio::test]
async fn eight_years_of_crimes_in_toronto_are_the_ones_that_were_counted() {
    let work = boxed("toronto", "America/Toronto", [-79.8, 43.5, -79.0, 43.9]).await;
    let bytes = whole("events-toronto-mci-2014-2021.csv.gz");
    let crimes = || ImportJob::new(ImportKind::Incidents, "crimes", Some(code("toronto")));
    let told = work.import(crimes(), &bytes).await.unwrap();
    assert_eq!(counts(&told), [239_935, 239_935, 0, 0]);
    let counted = expected("toronto");
    let mut categories = BTreeMap::new();
    let stored = work.stored(Context::Municipal, "toronto").await;
    for crime in stored {
        *categories.entry(crime.category).or_insert(0) += 1;
    }
    assert_eq!(serde_json::to_value(categories).unwrap(), counted["per_category"]);
    // The institutions that the police moved many of them to.
    let piles: Vec<_> = told.places.repeated_points.iter().map(|point| point.rows).collect();
    let named: Vec<u64> =
        (0..piles.len()).filter_map(|at| counted["top5_points"][at][2].as_u64()).collect();
    assert_eq!((piles.is_empty(), &piles[..named.len()]), (false, &named[..]));
    assert_eq!(told.times.grain, "hour");
    let again = work.import(crimes(), &bytes).await.unwrap();
    assert_eq!(counts(&again), [239_935, 0, 239_935, 0]);
}

/// The stays were counted by a program of its own, with geodesics on the
/// ellipsoid: 523, 399 and 340 seconds by three of the eight buses.
#[tokio::test]
async fn an_afternoon_of_eight_buses_is_three_stays() {
    let work = boxed("liverpool", "Europe/London", [-3.2, 53.2, -2.6, 53.6]).await;
    let bytes = whole("avl-liverpool-bus-14.csv");
    let log = || ImportJob::new(ImportKind::Tracks, "buses", Some(code("liverpool")));
    let told = work.import(log(), &bytes).await.unwrap();
    assert_eq!((told.positions, counts(&told)), (1_533, [3, 3, 0, 0]));
    let mut visits = Vec::new();
    for event in work.stored(Context::Municipal, "liverpool").await {
        let key = fyren::store::EventKey { municipality: code("liverpool"), id: event.id };
        let visit = work.app.municipal.visit(&key).await.unwrap().unwrap();
        visits.push((visit.unit.clone(), (visit.ended_at - visit.started_at).get_seconds()));
    }
    visits.sort();
    let stays = [("4720", 523), ("4836", 399), ("4841", 340)];
    assert_eq!(visits, stays.map(|(unit, seconds)| (unit.to_owned(), seconds)));
    assert_eq!(counts(&work.import(log(), &bytes).await.unwrap()), [3, 0, 3, 0]);
}

#[tokio::test]
async fn every_table_of_sweden_finds_its_municipalities() {
    let work = sweden().await;
    let points = |dataset| everywhere(ImportKind::Incidents, dataset);
    let centres = work.import(points("centres"), &carried("polisen-centroids.csv")).await.unwrap();
    assert_eq!(counts(&centres), [285, 285, 0, 0]);
    assert_eq!(expected("polisen_centroids")["inside_own_municipality"], 285);
    let own = work.stored(Context::Municipal, "1427").await;
    assert_eq!((own.len(), own[0].located), (1, true));

    let residents = |dataset| everywhere(ImportKind::Exposure, dataset);
    let towns = carried("tatorter-2020.csv");
    let told = work.import(residents("towns"), &towns).await.unwrap();
    assert_eq!(counts(&told), [2_017, 2_017, 0, 0]);
    let again = work.import(residents("towns"), &towns).await.unwrap();
    assert_eq!(counts(&again), [2_017, 0, 2_017, 0]);

    // Of a small area only the code is known, and so no ground to put people on.
    let small = carried("deso-2018-population-2023.csv");
    let (told, refused) = work.import_with(residents("small"), &small).await.unwrap();
    assert_eq!(counts(&told), [5_984, 0, 0, 5_984]);
    assert_eq!(by_rule(&refused), BTreeMap::from([("area: no_ground".to_owned(), 5_984)]));
    // Rows that name it as a place are in it, each in its own municipality.
    let told = work.import(points("small"), &small).await.unwrap();
    assert_eq!(counts(&told), [5_984, 5_984, 0, 0]);
    assert_eq!(work.stored(Context::Municipal, "1427").await.len(), 1 + 5);
}

#[tokio::test]
async fn of_the_areas_of_a_whole_country_only_those_within_are_taken() {
    for name in ["municipalities.geojson", "municipalities-land.geojson"] {
        let work = Work::with(&["1427"]).await;
        let (told, refused) =
            work.import_with(job(ImportKind::Areas), &carried(name)).await.unwrap();
        assert_eq!(counts(&told), [290, 1, 0, 289], "{name}");
        let rules = [("place: outside_municipality".to_owned(), 289)];
        assert_eq!(by_rule(&refused), BTreeMap::from(rules), "{name}");
        let districts = &work.app.ground("1427").await.ok().unwrap().municipality.districts;
        let added = districts.iter().filter(|one| one.code.0 == "1427").count();
        assert_eq!((districts.len(), added), (7, 1), "{name}");
        let again = work.import(job(ImportKind::Areas), &carried(name)).await.unwrap();
        assert_eq!(counts(&again), [290, 0, 1, 289], "{name}");
    }
}
