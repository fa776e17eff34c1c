//! What a spreadsheet gets.

use super::*;
use fyren_core::domain::Id;
use geo_types::polygon;

const FIELDS: &[&str] = &["category", "count", "detail"];

fn written(crs: Crs, features: &[Feature<'_>]) -> Vec<Vec<String>> {
    let (mut encoder, mut out) = (Csv::new(crs, FIELDS), Vec::new());
    encoder.begin(&mut out);
    for feature in features {
        encoder.feature(feature, &mut out);
    }
    encoder.end(&mut out);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&*out);
    let row =
        |row: csv::Result<csv::StringRecord>| row.unwrap().iter().map(str::to_owned).collect();
    reader.records().map(row).collect()
}

fn feature<'a>(category: &'a str, shape: Shape<'a>) -> Feature<'a> {
    let detail = Value::Object(vec![("low", Value::Float(1.5)), ("high", Value::Null)]);
    let fields = vec![("category", category.into()), ("count", Value::Int(3)), ("detail", detail)];
    Feature { id: FeatureId::Event(Id::from_bits(1)), shape, fields }
}

const KUNGSHAMN: Position = Position { longitude: 11.249_407, latitude: 58.361_44 };

#[test]
fn a_point_has_its_coordinates_in_columns_of_their_own() {
    let rows = written(Crs::Crs84, &[feature("lighting", Shape::Point(KUNGSHAMN))]);
    assert_eq!(rows[0], ["id", "longitude", "latitude", "wkt", "category", "count", "detail"]);
    assert_eq!(rows[1][1..4], ["11.249407", "58.36144", ""]);
    assert_eq!(rows[1][4..], ["lighting", "3", r#"{"low":1.5,"high":null}"#]);
}

#[test]
fn metres_are_called_easting_and_northing() {
    let crs = Crs::parse("EPSG:3007").unwrap();
    let rows = written(crs, &[feature("lighting", Shape::Point(KUNGSHAMN))]);
    assert_eq!(rows[0][1..3], ["easting", "northing"]);
    assert!(rows[1][2].starts_with("64"), "{:?}", rows[1]);
}

#[test]
fn an_area_is_written_as_well_known_text() {
    let area = polygon![(x: 0., y: 0.), (x: 1.5, y: 0.), (x: 1., y: 1.)];
    let rows = written(Crs::Crs84, &[feature("litter", Shape::Polygon(Cow::Owned(area)))]);
    assert_eq!(rows[1][3], "POLYGON((0 0,1.5 0,1 1,0 0))");
}

#[test]
fn a_text_that_begins_like_a_formula_is_guarded() {
    for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"] {
        let rows = written(Crs::Crs84, &[feature(text, Shape::None)]);
        assert_eq!(rows[1][4], format!("'{text}"));
    }
    let rows = written(Crs::Crs84, &[feature("a \"b\", c\nd", Shape::None)]);
    assert_eq!(rows[1][4], "a \"b\", c\nd");
}
