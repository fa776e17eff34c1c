//! Adding municipalities.

use crate::place::{Work, code};
use fyren::app::{Error, FileFailure, NewMunicipality};
use fyren_core::domain::Context;

/// A square in Oslo; a square in Sotenäs in SWEREF 99 TM.
const OSLO: &str = r#"{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[10.7,59.9],[10.8,59.9],[10.8,59.95],[10.7,59.95],[10.7,59.9]]]}}"#;
const HERE: &str = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3006"}},"features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[280000,6470000],[285000,6470000],[285000,6475000],[280000,6475000],[280000,6470000]]]}}]}"#;

fn outlined(boundary: &str, zone: Option<&str>) -> NewMunicipality {
    NewMunicipality {
        code: code("oslo"),
        name: Some("Oslo".to_owned()),
        boundary: Some(boundary.as_bytes().to_vec()),
        time_zone: zone.map(str::to_owned),
    }
}

/// Field and rule of a refusal.
fn broken(failure: FileFailure) -> String {
    match failure {
        FileFailure::App(Error::Invalid(broken)) => broken[0].to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn any_swedish_municipality_works_at_once_in_both_contexts() {
    let work = Work::with(&["1427", "0180", "2584"]).await;
    for context in Context::ALL {
        let all = work.app.store(*context).municipalities().await.unwrap();
        assert_eq!(all.len(), 3, "{context}");
    }
    let kiruna = &work.app.ground("2584").await.ok().unwrap().municipality;
    assert_eq!((kiruna.full_name.as_str(), kiruna.crs.as_str()), ("Kiruna kommun", "EPSG:3006"));
    assert_eq!(kiruna.districts[0].code.0, "2584");
    assert!(kiruna.localities.iter().any(|place| place.name == "Kiruna"));
}

#[tokio::test]
async fn a_code_that_is_not_carried_needs_a_boundary() {
    let work = Work::empty().await;
    assert_eq!(broken(work.add("9999").await.unwrap_err()), "boundary: required");
}

#[tokio::test]
async fn a_place_outside_sweden_needs_a_zone_and_gets_a_plane() {
    let work = Work::empty().await;
    let add = |new| work.app.add_municipality("test", new);
    assert_eq!(broken(add(outlined(OSLO, None)).await.unwrap_err()), "timeZone: required");
    let unknown = add(outlined(OSLO, Some("Europe/Nowhere"))).await.unwrap_err();
    assert_eq!(broken(unknown), "timeZone: unknown_value");
    let oslo = add(outlined(OSLO, Some("Europe/Oslo"))).await.ok().unwrap();
    assert_eq!((oslo.name.as_str(), oslo.time_zone.as_str()), ("Oslo", "Europe/Oslo"));
    assert_eq!((oslo.districts.len(), oslo.districts[0].name.as_str()), (1, "Oslo"));
}

#[tokio::test]
async fn a_boundary_in_metres_is_read_by_its_crs_and_within_sweden_needs_no_zone() {
    let work = Work::empty().await;
    let here = work.app.add_municipality("test", outlined(HERE, None)).await.ok().unwrap();
    assert_eq!((here.crs.as_str(), here.time_zone.as_str()), ("EPSG:3006", "Europe/Stockholm"));
    let first = here.boundary.0[0].exterior().0[0];
    assert!((11.0..11.4).contains(&first.x) && (58.2..58.4).contains(&first.y), "{first:?}");
}

#[tokio::test]
async fn a_boundary_that_crosses_itself_or_is_a_point_is_refused() {
    let work = Work::empty().await;
    let add = |text: &str| work.app.add_municipality("test", outlined(text, Some("UTC")));
    let bow = r#"{"type":"Polygon","coordinates":[[[1,1],[2,2],[2,1],[1,2],[1,1]]]}"#;
    assert_eq!(broken(add(bow).await.unwrap_err()), "boundary: not_valid");
    let point = r#"{"type":"Point","coordinates":[1,1]}"#;
    assert_eq!(broken(add(point).await.unwrap_err()), "boundary.geometry: unsupported_kind");
    let said = add("{\"type\":").await.unwrap_err().to_string();
    assert!(said.contains("not GeoJSON"), "{said}");
}

#[tokio::test]
async fn adding_again_keeps_the_policy() {
    let work = Work::with(&["1427"]).await;
    let mut known = work.app.municipal.municipality(&code("1427")).await.unwrap().unwrap();
    known.policy.k = 9;
    let audit = fyren::store::AuditEntry {
        at: "2026-11-22T12:00:00Z".parse().unwrap(),
        actor: "test".to_owned(),
        action: "test".to_owned(),
        municipality: None,
        subject: None,
        detail: String::new(),
    };
    work.app.municipal.save_municipality(known, audit).await.unwrap();
    work.add("1427").await.unwrap();
    let known = work.app.municipal.municipality(&code("1427")).await.unwrap().unwrap();
    assert_eq!((known.policy.k, known.districts.len()), (9, 6));
}
