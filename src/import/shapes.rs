//! Reads a Shapefile, whose parts lie together in a zip archive.

use super::ImportError;
use super::binary::{Whole, damaged, open};
use super::features::Header;
use super::record::{Record, RecordSink};
use csv::StringRecord;
use geo_types::Geometry;
use serde_json::Value;
use shapefile::dbase::{self, FieldValue};
use shapefile::{Reader, ShapeReader};
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Cursor, Read, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;

/// SWEREF 99 by the names that are written beside Shapefiles, which hold no
/// number: plain, see [`plain`](super::words::plain).
const SWEREF_99: [(&str, &str); 13] = [
    ("sweref99tm", "EPSG:3006"),
    ("sweref991200", "EPSG:3007"),
    ("sweref991330", "EPSG:3008"),
    ("sweref991500", "EPSG:3009"),
    ("sweref991630", "EPSG:3010"),
    ("sweref991800", "EPSG:3011"),
    ("sweref991415", "EPSG:3012"),
    ("sweref991545", "EPSG:3013"),
    ("sweref991715", "EPSG:3014"),
    ("sweref991845", "EPSG:3015"),
    ("sweref992015", "EPSG:3016"),
    ("sweref992145", "EPSG:3017"),
    ("sweref992315", "EPSG:3018"),
];

/// Hands each shape with its attributes to `sink`, numbered from 1.
///
/// # Errors
/// [`ImportError::Packed`] and [`ImportError::Malformed`] for an archive or a
/// part that is missing or broken, or for several Shapefiles in one archive;
/// whatever `sink` says.
pub fn rows(file: &Whole, sink: RecordSink<'_>) -> Result<Header, ImportError> {
    let Unpacked { shapes, table, projection, .. } = unpacked(file)?;
    let shapes = ShapeReader::new(Cursor::new(shapes)).map_err(|error| malformed(&error))?;
    let table = dbase::Reader::new(Cursor::new(table)).map_err(|error| malformed(&error))?;
    let columns: Vec<String> = table.fields().iter().map(|f| f.name().to_owned()).collect();
    let mut reader = Reader::new(shapes, table);
    for (line, row) in (1..).zip(reader.iter_shapes_and_records()) {
        let (shape, attributes) = row.map_err(|error| broken(line, &error))?;
        let values: Vec<String> =
            columns.iter().map(|name| attributes.get(name).map(text).unwrap_or_default()).collect();
        let geometry = geometry(shape);
        sink(Record { line, values: StringRecord::from(values), geometry })?;
    }
    let crs = projection.and_then(|text| crs(&String::from_utf8_lossy(&text)));
    Ok(Header { columns, crs })
}

/// The parts of the Shapefile at `path` in an archive, as [`rows`] reads it.
///
/// # Errors
/// Where a part cannot be read.
pub fn packed(path: &Path) -> io::Result<Vec<u8>> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for ending in ["shp", "dbf", "prj", "cpg"] {
        let part = path.with_extension(ending);
        let upper = path.with_extension(ending.to_ascii_uppercase());
        let opened = match File::open(&part) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => File::open(&upper),
            opened => opened,
        };
        match opened {
            Ok(mut file) => {
                archive.start_file(format!("layer.{ending}"), options)?;
                io::copy(&mut file, &mut archive)?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound && ending != "shp" => {}
            Err(error) => return Err(error),
        }
    }
    archive.flush()?;
    Ok(archive.finish()?.into_inner())
}

/// The parts of a Shapefile in memory.
pub struct Unpacked {
    /// What it is called, without folder and ending.
    pub name: String,
    /// The `.shp`.
    pub shapes: Vec<u8>,
    /// The `.dbf`.
    pub table: Vec<u8>,
    /// The `.prj`, where there is one.
    pub projection: Option<Vec<u8>>,
}

/// The parts of the only Shapefile of an archive.
///
/// # Errors
/// As [`rows`].
pub fn unpacked(file: &Whole) -> Result<Unpacked, ImportError> {
    super::binary::format(file)?;
    let mut parts = Parts::of(file)?;
    let shapes = parts.part("shp")?.ok_or_else(|| malformed(&"the .shp is missing"))?;
    let table = parts.part("dbf")?.ok_or_else(|| malformed(&"the .dbf is missing"))?;
    let projection = parts.part("prj")?;
    let name = parts.stem.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    Ok(Unpacked { name, shapes, table, projection })
}

struct Parts {
    archive: zip::ZipArchive<Whole>,
    names: Vec<String>,
    stem: String,
}

impl Parts {
    fn of(file: &Whole) -> Result<Self, ImportError> {
        let archive = open(file)?;
        let names: Vec<String> =
            archive.file_names().filter_map(Result::ok).map(Cow::into_owned).collect();
        let shapes = names.iter().filter(|name| name.to_ascii_lowercase().ends_with(".shp"));
        let stems: Vec<String> =
            shapes.map(|name| name[..name.len() - ".shp".len()].to_owned()).collect();
        match &stems[..] {
            [only] => Ok(Self { stem: only.clone(), names, archive }),
            _ => Err(malformed(&format!(
                "the archive has several Shapefiles ({}); save the one that is meant in an \
                 archive of its own",
                stems.join(", ")
            ))),
        }
    }

    fn part(&mut self, ending: &str) -> Result<Option<Vec<u8>>, ImportError> {
        let wanted = format!("{}.{ending}", self.stem);
        let name = self.names.iter().find(|name| name.eq_ignore_ascii_case(&wanted));
        let Some(name) = name else { return Ok(None) };
        let part = self.archive.by_name(name).map_err(damaged)?;
        let mut bytes = Vec::new();
        part.take(super::binary::MAX_BYTES * 4).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }
}

fn geometry(shape: shapefile::Shape) -> Option<Value> {
    if matches!(shape, shapefile::Shape::NullShape) {
        return None;
    }
    let shape = Geometry::<f64>::try_from(shape).ok();
    let written = shape.map(|shape| serde_json::to_value(geojson::Geometry::from(&shape)));
    Some(written.and_then(Result::ok).unwrap_or(Value::Bool(false)))
}

/// A value of the table as text.
pub fn text(value: &FieldValue) -> String {
    let day = |day: &dbase::Date| format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day());
    match value {
        FieldValue::Character(text) => text.clone().unwrap_or_default(),
        FieldValue::Memo(text) => text.clone(),
        FieldValue::Numeric(number) => number.map(|n| n.to_string()).unwrap_or_default(),
        FieldValue::Float(number) => number.map(|n| n.to_string()).unwrap_or_default(),
        FieldValue::Logical(holds) => holds.map(|h| h.to_string()).unwrap_or_default(),
        FieldValue::Date(date) => date.as_ref().map(day).unwrap_or_default(),
        FieldValue::DateTime(at) => {
            format!("{} {:02}:{:02}", day(&at.date()), at.time().hours(), at.time().minutes())
        }
        FieldValue::Integer(number) => number.to_string(),
        FieldValue::Currency(number) | FieldValue::Double(number) => number.to_string(),
    }
}

/// The coordinate system that a `.prj` means: by its last number, else by name.
pub fn crs(text: &str) -> Option<String> {
    let last = text.rfind("AUTHORITY[\"EPSG\",").map(|at| &text[at..]);
    let number = last.and_then(|text| text.split('"').nth(3));
    if let Some(number) = number {
        return Some(format!("EPSG:{number}"));
    }
    let name = super::words::plain(text.split('"').nth(1)?);
    let known = SWEREF_99.iter().find(|(known, _)| *known == name);
    let degrees = text.starts_with("GEOGCS").then_some("EPSG:4326");
    known.map(|(_, code)| *code).or(degrees).map(str::to_owned)
}

fn malformed(reason: &dyn std::fmt::Display) -> ImportError {
    ImportError::Malformed { line: 1, reason: format!("this Shapefile cannot be read: {reason}") }
}

fn broken(line: u64, reason: &dyn std::fmt::Display) -> ImportError {
    ImportError::Malformed { line, reason: format!("this shape cannot be read: {reason}") }
}
