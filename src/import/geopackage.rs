//! Reads the one layer of a `GeoPackage`, which is a file of SQLite.

use super::ImportError;
use super::binary::Whole;
use super::features::Header;
use super::record::{Record, RecordSink};
use csv::StringRecord;
use geozero::{ToGeo, wkb::GpkgWkb};
use rusqlite::{Connection, types::ValueRef};
use serde_json::Value;

/// Most columns.
const MAX_COLUMNS: usize = 1_000;

const LAYERS: &str =
    "SELECT g.table_name, g.column_name, s.organization, s.organization_coordsys_id
    FROM gpkg_geometry_columns g
    JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id ORDER BY g.table_name";

/// Where the features are.
struct Layer {
    table: String,
    geometry: String,
    crs: String,
}

/// Hands each feature of the only layer to `sink`, numbered from 1.
///
/// # Errors
/// [`ImportError::Malformed`] for a file that is no `GeoPackage` or has
/// several layers, named; whatever `sink` says.
pub fn rows(file: &Whole, sink: RecordSink<'_>) -> Result<Header, ImportError> {
    refuse_cut(file.get_ref(), file.get_ref().len() as u64)?;
    let data = open(file).map_err(told)?;
    let layer = only_layer(&data)?;
    refuse_view(&data, &layer.table)?;
    let quoted = layer.table.replace('"', "\"\"");
    let mut statement = data.prepare(&format!("SELECT * FROM \"{quoted}\"")).map_err(told)?;
    let names: Vec<String> = statement.column_names().iter().map(|&name| name.to_owned()).collect();
    if names.len() > MAX_COLUMNS {
        return Err(malformed("the layer has more than 1 000 columns".to_owned()));
    }
    let at = names.iter().position(|name| *name == layer.geometry);
    let mut rows = statement.query(()).map_err(told)?;
    let mut line = 0;
    while let Some(row) = rows.next().map_err(told)? {
        line += 1;
        let mut values = Vec::with_capacity(names.len());
        let mut geometry = None;
        for column in 0..names.len() {
            let value = row.get_ref(column).map_err(told)?;
            if Some(column) == at {
                geometry = shape(value);
            } else {
                values.push(text(value));
            }
        }
        sink(Record { line, values: StringRecord::from(values), geometry })?;
    }
    let columns = names.into_iter().filter(|name| *name != layer.geometry).collect();
    Ok(Header { columns, crs: Some(layer.crs) })
}

/// Refuses a file of `length` bytes that is shorter than its `header` says:
/// SQLite itself would not miss pages that it need not look at.
///
/// # Errors
/// [`ImportError::Packed`].
pub fn refuse_cut(header: &[u8], length: u64) -> Result<(), ImportError> {
    let number = |at: usize| {
        let four = header.get(at..at + 4).and_then(|four| four.try_into().ok());
        four.map_or(0, u32::from_be_bytes)
    };
    let page = match number(16) >> 16 {
        1 => 65_536,
        size => u64::from(size),
    };
    // Only where the header was written by the last change is its count true.
    let said = if number(24) == number(92) { page * u64::from(number(28)) } else { 0 };
    if said > length {
        return Err(ImportError::Packed("the GeoPackage is cut off before its end".to_owned()));
    }
    Ok(())
}

fn open(file: &Whole) -> Result<Connection, rusqlite::Error> {
    let mut bytes = file.get_ref().to_vec();
    // A log beside the file is not here; without these marks none is looked for.
    if let Some(versions) = bytes.get_mut(18..20) {
        versions.fill(1);
    }
    let length = bytes.len();
    let mut data = Connection::open_in_memory()?;
    data.deserialize_read_exact("main", &bytes[..], length, true)?;
    Ok(data)
}

fn only_layer(data: &Connection) -> Result<Layer, ImportError> {
    let mut statement = data.prepare(LAYERS).map_err(told)?;
    let layer = |row: &rusqlite::Row<'_>| {
        let (organisation, number): (String, i64) = (row.get(2)?, row.get(3)?);
        let crs = format!("{organisation}:{number}");
        Ok(Layer { table: row.get(0)?, geometry: row.get(1)?, crs })
    };
    let layers = statement.query_map((), layer).map_err(told)?;
    let mut layers = layers.collect::<Result<Vec<_>, _>>().map_err(told)?;
    match (layers.pop(), layers.len()) {
        (Some(only), 0) => Ok(only),
        (None, _) => Err(malformed("the GeoPackage has no layer".to_owned())),
        (Some(last), _) => {
            let names: Vec<&str> =
                layers.iter().chain([&last]).map(|layer| layer.table.as_str()).collect();
            Err(malformed(format!(
                "the GeoPackage has several layers ({}); save the one that is meant in a file of \
                 its own",
                names.join(", ")
            )))
        }
    }
}

/// Refuses a layer that is computed: what a view of a stranger's file computes
/// may never end.
fn refuse_view(data: &Connection, table: &str) -> Result<(), ImportError> {
    let plain = "SELECT count(*) FROM sqlite_schema WHERE name = ?1 AND type = 'table'
        AND sql NOT LIKE 'CREATE VIRTUAL%'";
    let found: i64 = data.query_row(plain, [table], |row| row.get(0)).map_err(told)?;
    if found == 1 {
        return Ok(());
    }
    Err(malformed(format!("the layer {table} of the GeoPackage is no table; save it as one")))
}

/// A geometry as `GeoJSON` has it; one that cannot be read is told as such.
fn shape(value: ValueRef<'_>) -> Option<Value> {
    let bytes = value.as_blob_or_null().ok().flatten()?;
    let shape = GpkgWkb(bytes.to_vec()).to_geo().ok();
    let written = shape.map(|shape| serde_json::to_value(geojson::Geometry::from(&shape)));
    Some(written.and_then(Result::ok).unwrap_or(Value::Bool(false)))
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null | ValueRef::Blob(_) => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn told(error: rusqlite::Error) -> ImportError {
    malformed(format!("this is no GeoPackage that can be read ({error})"))
}

fn malformed(reason: String) -> ImportError {
    ImportError::Malformed { line: 1, reason }
}
