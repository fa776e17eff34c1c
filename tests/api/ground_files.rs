//! Small synthetic files in the schemas of NVDB, Lantmäteriet and the land
//! polygons of `OpenStreetMap`: nothing in them is real.

use fyren_core::plane::Projection;
use geo_types::{Geometry, LineString, MultiPolygon, Polygon, Rect};
use geozero::{CoordDimensions, ToWkb as _};
use shapefile::dbase::{FieldValue, Record, TableWriterBuilder};
use std::path::Path;

/// A row: its values in the order of the columns, and its shape in degrees.
pub type Row = (Vec<&'static str>, Geometry<f64>);

/// A box in degrees.
pub fn area(west: f64, south: f64, east: f64, north: f64) -> Geometry<f64> {
    Geometry::Polygon(Rect::new((west, south), (east, north)).to_polygon())
}

/// A line in degrees.
pub fn line(points: &[(f64, f64)]) -> Geometry<f64> {
    Geometry::LineString(LineString::from(points.to_vec()))
}

/// Writes a `GeoPackage` in SWEREF 99 TM with one table.
pub fn geopackage(path: &Path, table: &str, columns: &[&str], rows: &[Row]) {
    let data = rusqlite::Connection::open(path).unwrap();
    let typed: Vec<String> = columns.iter().map(|name| format!("\"{name}\" TEXT")).collect();
    data.execute_batch(&format!(
        "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, organization TEXT,
             organization_coordsys_id INTEGER, definition TEXT);
         CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT,
             geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m INTEGER);
         INSERT INTO gpkg_spatial_ref_sys VALUES ('SWEREF99 TM', 3006, 'EPSG', 3006, '');
         INSERT INTO gpkg_geometry_columns VALUES ('{table}', 'geom', 'GEOMETRY', 3006, 0, 0);
         CREATE TABLE \"{table}\" (fid INTEGER PRIMARY KEY, geom BLOB, {});",
        typed.join(", ")
    ))
    .unwrap();
    let plane = Projection::parse("EPSG:3006").unwrap();
    let marks = vec!["?"; columns.len() + 1].join(", ");
    let quoted: Vec<String> = columns.iter().map(|name| format!("\"{name}\"")).collect();
    let insert = format!("INSERT INTO \"{table}\" (geom, {}) VALUES ({marks})", quoted.join(", "));
    for (values, shape) in rows {
        let shape = plane.forward_shape(shape);
        let blob = shape.to_gpkg_wkb(CoordDimensions::xy(), Some(3006), Vec::new()).unwrap();
        let mut bound: Vec<rusqlite::types::Value> = vec![blob.into()];
        bound.extend(values.iter().map(|value| (*value).to_owned().into()));
        data.execute(&insert, rusqlite::params_from_iter(bound)).unwrap();
    }
}

/// Writes the `.shp`, `.shx` and `.dbf` of land polygons in degrees.
pub fn land_polygons(path: &Path, land: &[Geometry<f64>]) {
    let table = TableWriterBuilder::new().add_numeric_field("FID".try_into().unwrap(), 10, 0);
    let mut writer = shapefile::Writer::from_path(path, table).unwrap();
    for (number, shape) in (0..).zip(land) {
        let areas = match shape {
            Geometry::Polygon(area) => MultiPolygon(vec![Polygon::clone(area)]),
            Geometry::MultiPolygon(areas) => areas.clone(),
            other => panic!("{other:?} is no land"),
        };
        let mut record = Record::default();
        record.insert("FID".to_owned(), FieldValue::Numeric(Some(f64::from(number))));
        writer.write_shape_and_record(&shapefile::Polygon::from(areas), &record).unwrap();
    }
}
