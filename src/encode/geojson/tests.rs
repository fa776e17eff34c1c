//! What a feature collection looks like.

use super::*;
use fyren_core::domain::{Id, Violation};
use geo_types::{MultiPolygon, polygon};
use std::borrow::Cow;

fn written(crs: Crs, members: Members, features: &[Feature<'_>]) -> (String, serde_json::Value) {
    let (mut encoder, mut out) = (GeoJson::new(crs, members), Vec::new());
    encoder.begin(&mut out);
    for feature in features {
        encoder.feature(feature, &mut out);
    }
    encoder.end(&mut out);
    let read = serde_json::from_slice(&out).unwrap();
    (String::from_utf8(out).unwrap(), read)
}

fn feature(shape: Shape<'static>) -> Feature<'static> {
    let fields = vec![("category", "lighting".into()), ("precisionM", Value::Float(25.5))];
    Feature { id: FeatureId::Event(Id::from_bits(7)), shape, fields }
}

fn kungshamn() -> Shape<'static> {
    Shape::Point(Position { longitude: 11.249_407_123_4, latitude: 58.361_44 })
}

#[test]
fn a_point_is_written_longitude_first_with_seven_decimals_and_no_crs() {
    let (text, read) = written(Crs::Crs84, Vec::new(), &[feature(kungshamn())]);
    assert!(text.contains(r#""geometry":{"type":"Point","coordinates":[11.2494071,58.36144]}"#));
    assert_eq!(read["type"], "FeatureCollection");
    assert_eq!(read.get("crs"), None);
    assert_eq!(read["features"][0]["id"], "00000000000000000000000000000007");
    assert_eq!(read["features"][0]["properties"]["precisionM"], 25.5);
}

#[test]
fn another_system_is_named_and_written_in_metres_easting_first() {
    let crs = Crs::parse("EPSG:3006").unwrap();
    let (_, read) = written(crs, Vec::new(), &[feature(kungshamn())]);
    assert_eq!(read["crs"]["properties"]["name"], "urn:ogc:def:crs:EPSG::3006");
    let coordinates = &read["features"][0]["geometry"]["coordinates"];
    assert!((coordinates[0].as_f64().unwrap() - 280_614.234).abs() < 0.01);
    assert!((coordinates[1].as_f64().unwrap() - 6_475_068.243).abs() < 0.01);
}

#[test]
fn degrees_asked_for_by_number_are_plain_geojson() {
    for name in ["CRS84", "EPSG:4326"] {
        let (_, read) = written(Crs::parse(name).unwrap(), Vec::new(), &[feature(kungshamn())]);
        assert_eq!(read.get("crs"), None);
    }
    assert_eq!(Crs::parse("EPSG:9999").err(), Some(Violation::new("crs", "unknown_crs")));
}

#[test]
fn outer_rings_run_counter_clockwise_and_holes_clockwise_whatever_they_ran() {
    let clockwise = polygon!(
        exterior: [(x: 0., y: 0.), (x: 0., y: 9.), (x: 9., y: 9.), (x: 9., y: 0.)],
        interiors: [[(x: 1., y: 1.), (x: 2., y: 1.), (x: 2., y: 2.), (x: 1., y: 2.)]],
    );
    let both = MultiPolygon(vec![clockwise.clone()]);
    let shapes = [
        feature(Shape::Polygon(Cow::Owned(clockwise))),
        feature(Shape::MultiPolygon(Cow::Owned(both))),
    ];
    let (text, _) = written(Crs::Crs84, Vec::new(), &shapes);
    let rings = "[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[1,1],[1,2],[2,2],[2,1],[1,1]]]";
    assert!(text.contains(&format!(r#""Polygon","coordinates":{rings}"#)), "{text}");
    assert!(text.contains(&format!(r#""MultiPolygon","coordinates":[{rings}]"#)), "{text}");
}

#[test]
fn members_come_before_the_features_and_keep_their_order() {
    let nested = Value::Object(vec![("radiusM", Value::Int(700)), ("form", Value::Null)]);
    let members = vec![("numberReturned", Value::Int(0)), ("params", nested)];
    let (text, read) = written(Crs::Crs84, members, &[]);
    assert!(text.starts_with(
        r#"{"type":"FeatureCollection","numberReturned":0,"params":{"radiusM":700,"form":null},"#
    ));
    assert_eq!(read["features"].as_array().map(Vec::len), Some(0));
}

#[test]
fn nowhere_is_null_and_a_number_that_is_none_is_null() {
    let fields = vec![("low", Value::Float(f64::NAN)), ("ok", Value::Bool(true))];
    let row = Feature { id: FeatureId::None, shape: Shape::None, fields };
    let (_, read) = written(Crs::Crs84, Vec::new(), &[row]);
    let feature = &read["features"][0];
    assert_eq!(feature["geometry"], serde_json::Value::Null);
    assert_eq!(feature["properties"]["low"], serde_json::Value::Null);
    assert_eq!(feature.get("id"), None);
}
