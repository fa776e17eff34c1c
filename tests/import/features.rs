//! `GeoJSON` in all its shapes.

use crate::support::{Outcome, incidents, request, run};
use fyren::import::{DraftPlace, Format, Kind};
use fyren_core::domain::{Place, Plane, Position};
use fyren_core::plane::Projection;

fn collection(features: &str) -> String {
    format!("{{\"type\":\"FeatureCollection\",\"bbox\":[1,2,3,4],\n\"features\":[\n{features}\n]}}")
}

const POINT: &str = r#"{"type":"Feature","id":7,"properties":{"kategori":"Bråk","tid":"2026-07-10 22:30"},"geometry":{"type":"Point","coordinates":[11.25,58.36,3.0]}}"#;

fn read(text: &str) -> Outcome {
    incidents(text)
}

#[test]
fn a_collection_with_a_box_before_its_features_is_read_with_lines() {
    let read = read(&collection(&format!("{POINT},\n\n{POINT}")));
    assert_eq!(read.plan.format, Format::GeoJson);
    assert_eq!(read.rows.iter().map(|row| row.record.line).collect::<Vec<_>>(), [3, 5]);
    assert_eq!(read.draft(0).external_id, "7");
    assert_eq!(read.draft(0).category.as_deref(), Some("Bråk"));
    assert_eq!(read.guessed(), ["id=@id", "at=tid", "category=kategori"]);
}

#[test]
fn one_feature_a_bare_geometry_and_a_sequence_are_read() {
    assert_eq!(read(POINT).rows.len(), 1);
    assert_eq!(read(r#"{"type":"Point","coordinates":[11.25,58.36]}"#).rows.len(), 1);
    assert_eq!(read(&format!("{POINT}\n{POINT}\n")).rows.len(), 2);
    assert_eq!(read(&format!("\u{1e}{POINT}\n\u{1e}{POINT}\n")).rows[1].record.line, 2);
}

#[test]
fn a_crs_member_is_believed_wherever_it_stands() {
    let here = Position { longitude: 11.25, latitude: 58.36 };
    let Plane { east, north } = Projection::parse("EPSG:3007").unwrap().forward(here);
    let feature = format!(
        r#"{{"type":"Feature","properties":null,"geometry":{{"type":"Point","coordinates":[{east},{north}]}}}}"#
    );
    let crs = r#""crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3007"}}"#;
    for text in [
        format!(r#"{{"type":"FeatureCollection",{crs},"features":[{feature}]}}"#),
        format!(r#"{{"features":[{feature}],{crs},"type":"FeatureCollection"}}"#),
    ] {
        let read = read(&text);
        assert_eq!(read.plan.crs_decision.how, "by the crs member of the file");
        assert!((read.point(0).longitude - 11.25).abs() < 1e-9, "{:?}", read.point(0));
    }
}

#[test]
fn lines_polygons_and_collections_of_one_are_places_and_the_rest_is_refused() {
    let shapes = [
        r#"{"type":"LineString","coordinates":[[11.2,58.3],[11.21,58.31]]}"#,
        r#"{"type":"Polygon","coordinates":[[[11.2,58.3],[11.21,58.3],[11.2,58.31],[11.2,58.3]]]}"#,
        r#"{"type":"MultiPoint","coordinates":[[11.2,58.3]]}"#,
        r#"{"type":"MultiPoint","coordinates":[[11.2,58.3],[11.3,58.3]]}"#,
        r#"{"type":"Point","coordinates":[]}"#,
        r#"{"type":"Point","coordinates":[11.2,95.0]}"#,
        r#"{"type":"Blob","coordinates":[11.2,58.3]}"#,
        "null",
    ];
    let features =
        shapes.map(|shape| format!(r#"{{"type":"Feature","properties":{{}},"geometry":{shape}}}"#));
    let read = read(&collection(&features.join(",\n")));
    assert!(matches!(read.draft(0).place, DraftPlace::Shape(Place::Line(_))));
    assert!(matches!(read.draft(1).place, DraftPlace::Shape(Place::Area(_))));
    assert!(matches!(read.draft(2).place, DraftPlace::Point(_)));
    let refused: Vec<_> = read
        .refused()
        .into_iter()
        .map(|(line, field, rule)| format!("{line} {field} {rule}"))
        .collect();
    assert_eq!(
        refused,
        [
            "6 geometry unsupported_kind",
            "7 geometry malformed",
            "8 latitude out_of_range",
            "9 geometry malformed",
            "10 place required",
        ]
    );
}

#[test]
fn an_area_keeps_its_ground_its_code_and_its_name() {
    let text = r#"{"type":"Feature","id":"x","properties":{"code":"109051","name":"Smögen"},
        "geometry":{"type":"MultiPolygon","coordinates":[[[[11.2,58.3],[11.21,58.3],[11.2,58.31],[11.2,58.3]]]]}}"#;
    let read = run(text.as_bytes(), &request(Kind::Areas)).unwrap();
    let draft = read.draft(0);
    assert!(matches!(&draft.place, DraftPlace::Ground(ground) if ground.0.len() == 1));
    assert_eq!((draft.external_id.as_str(), draft.text.as_deref()), ("109051", Some("Smögen")));
}

#[test]
fn properties_that_come_late_or_are_nested_keep_their_values() {
    let second = POINT.replace("\"kategori\":\"Bråk\"", "\"text\":{\"a\":[1]},\"kategori\":4");
    let read = read(&collection(&format!("{POINT},{second}")));
    assert_eq!(read.draft(0).text, None);
    assert_eq!(read.draft(1).text.as_deref(), Some("{\"a\":[1]}"));
    assert_eq!(read.draft(1).category.as_deref(), Some("4"));
}

#[test]
fn windows_1252_features_are_read_too() {
    let bytes: Vec<u8> = POINT.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let read = run(&bytes, &request(Kind::Incidents)).unwrap();
    assert_eq!(read.draft(0).category.as_deref(), Some("Bråk"));
}
