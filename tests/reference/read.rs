//! Reading the shipped data and the reference files.

use fyren_core::domain::Position;
use geo_types::{Geometry, MultiPolygon};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A file of the repository.
pub fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// The text of a file of the repository.
pub fn text(relative: &str) -> String {
    let path = path(relative);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A JSON file of the repository.
pub fn json(relative: &str) -> Value {
    serde_json::from_str(&text(relative)).unwrap()
}

/// The rows of a CSV file (lines that start with `#` are left out), each as
/// its fields.
pub fn csv(relative: &str) -> Vec<csv::StringRecord> {
    csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text(relative).as_bytes())
        .records()
        .map(Result::unwrap)
        .collect()
}

/// The numbers of one column of a CSV row.
pub fn number(row: &csv::StringRecord, column: usize) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("column {column} of {row:?}"))
}

/// One feature of a GeoJSON file: its properties and its shape in degrees.
pub struct Shape {
    /// The properties as they stand.
    pub properties: Value,
    /// The geometry.
    pub geometry: Geometry<f64>,
}

impl Shape {
    /// The geometry as polygons; none for anything else.
    pub fn polygons(&self) -> MultiPolygon<f64> {
        match self.geometry.clone() {
            Geometry::Polygon(polygon) => polygon.into(),
            Geometry::MultiPolygon(polygons) => polygons,
            _ => MultiPolygon(Vec::new()),
        }
    }

    /// The geometry as one position.
    pub fn position(&self) -> Option<Position> {
        match self.geometry {
            Geometry::Point(at) => Some(Position { longitude: at.x(), latitude: at.y() }),
            _ => None,
        }
    }
}

/// The features of a GeoJSON file of the repository.
pub fn shapes(relative: &str) -> Vec<Shape> {
    let collection: geojson::FeatureCollection = text(relative).parse().unwrap();
    collection
        .features
        .into_iter()
        .map(|feature| Shape {
            properties: Value::Object(feature.properties.unwrap_or_default()),
            geometry: feature.geometry.unwrap().try_into().unwrap(),
        })
        .collect()
}
