//! Reads `GeoJSON` feature by feature: a collection, one feature, a bare
//! geometry, or several of these one after the other (a `GeoJSON` sequence).

use super::decode::{Decoder, Watch};
use super::record::{Record, RecordSink};
use super::{ImportError, notes, unpack};
use csv::StringRecord;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::fmt;
use std::io::Read;
use std::rc::Rc;

/// Longest feature, in bytes.
const FEATURE_LIMIT: u64 = 32 << 20;
/// Most different properties in one file.
const MAX_COLUMNS: usize = 1_000;
/// Name of the column that a feature's own `id` member becomes.
pub const ID_COLUMN: &str = "@id";

/// What a file of features says beside them.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Header {
    /// Names of all properties, in the order in which they were met.
    pub columns: Vec<String>,
    /// Name of the coordinate system in a `crs` member.
    pub crs: Option<String>,
}

/// Hands each feature to `sink`, its properties in the order of `columns`,
/// which grows by every property that is new, and returns what else was said.
///
/// # Errors
/// [`ImportError::Malformed`] with the line where the text stops being JSON (a
/// bare `NaN`, a number such as 1e400 and nesting deeper than 128 among it);
/// [`ImportError::Packed`]; whatever `sink` says.
pub fn features(
    file: impl Read,
    columns: Vec<String>,
    watch: &Rc<Watch>,
    sink: RecordSink<'_>,
) -> Result<Header, ImportError> {
    let decoder = Decoder::document(file, FEATURE_LIMIT, Rc::clone(watch));
    let run = RefCell::new(Run {
        header: Header { columns, crs: None },
        watch,
        sink,
        stopped: None,
        features: 0,
    });
    let mut json = serde_json::Deserializer::from_reader(Separators(decoder));
    loop {
        let result = (&mut json).deserialize_any(Top(&run));
        if let Err(error) = result {
            let stopped = run.borrow_mut().stopped.take();
            return Err(stopped.unwrap_or_else(|| told(error, watch)));
        }
        if json.end().is_ok() {
            break;
        }
    }
    let run = run.into_inner();
    Ok(run.header)
}

/// Turns the record separators of RFC 8142 into white space.
struct Separators<R>(R);

impl<R: Read> Read for Separators<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.0.read(buffer)?;
        for byte in buffer[..count].iter_mut().filter(|byte| **byte == 0x1e) {
            *byte = b' ';
        }
        Ok(count)
    }
}

fn told(error: serde_json::Error, watch: &Watch) -> ImportError {
    if error.is_io() {
        return unpack::told(error.into(), watch.lines() + 1);
    }
    let line = u64::try_from(error.line()).unwrap_or(u64::MAX).max(1);
    ImportError::Malformed { line, reason: format!("this is not GeoJSON: {error}") }
}

struct Run<'r, 's> {
    header: Header,
    watch: &'r Watch,
    sink: RecordSink<'s>,
    stopped: Option<ImportError>,
    features: u64,
}

impl Run<'_, '_> {
    fn take(&mut self, line: u64, mut feature: Map<String, Value>) -> Result<(), &'static str> {
        self.watch.row_ended();
        self.features += 1;
        let mut values = vec![String::new(); self.header.columns.len()];
        if let Some(id) = feature.remove("id").filter(|id| !id.is_null()) {
            self.put(ID_COLUMN, &id, &mut values)?;
        }
        if let Some(Value::Object(properties)) = feature.remove("properties") {
            for (name, value) in properties {
                self.put(&name, &value, &mut values)?;
            }
        }
        let geometry = match feature.remove("type") {
            Some(Value::String(kind)) if kind == "Feature" => feature.remove("geometry"),
            // A bare geometry is a feature without properties.
            Some(kind) => {
                feature.insert("type".to_owned(), kind);
                Some(Value::Object(feature))
            }
            None => return Err("an object without a type"),
        };
        let geometry = geometry.filter(|geometry| !geometry.is_null());
        let record = Record { line, values: StringRecord::from(values), geometry };
        (self.sink)(record).map_err(|error| {
            self.stopped = Some(error);
            "stopped"
        })
    }

    fn put(
        &mut self,
        name: &str,
        value: &Value,
        values: &mut Vec<String>,
    ) -> Result<(), &'static str> {
        let columns = &mut self.header.columns;
        let at = columns.iter().position(|column| column == name).unwrap_or_else(|| {
            columns.push(name.to_owned());
            columns.len() - 1
        });
        if columns.len() > MAX_COLUMNS {
            return Err("the file has more than 1 000 different properties");
        }
        values.resize(values.len().max(at + 1), String::new());
        values[at] = match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Ok(())
    }
}

/// The outermost object.
struct Top<'t, 'r, 's>(&'t RefCell<Run<'r, 's>>);

impl<'de> Visitor<'de> for Top<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON object or a list of objects")
    }

    /// A list of objects: what lies within one is a column of its own.
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some((line, object)) = seq.next_element_seed(Feature(self.0))? {
            let feature = if object.contains_key("geometry") { object } else { flat(object) };
            self.0.borrow_mut().take(line, feature).map_err(de::Error::custom)?;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let line = self.0.borrow().watch.lines() + 1;
        let mut members = Map::new();
        let mut collection = false;
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "features" => {
                    collection = true;
                    map.next_value_seed(Features(self.0))?;
                }
                "crs" => {
                    let name = crs_name(&map.next_value::<Value>()?);
                    self.0.borrow_mut().header.crs = name;
                }
                "type" | "id" | "properties" | "geometry" | "coordinates" | "geometries" => {
                    members.insert(name, map.next_value()?);
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let kind = members.get("type").and_then(Value::as_str).unwrap_or_default();
        if collection {
            return Ok(());
        }
        if kind == "FeatureCollection" {
            return Err(de::Error::custom("a feature collection without features"));
        }
        self.0.borrow_mut().take(line, members).map_err(de::Error::custom)
    }
}

struct Features<'t, 'r, 's>(&'t RefCell<Run<'r, 's>>);

impl<'de> DeserializeSeed<'de> for Features<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Features<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some((line, feature)) = seq.next_element_seed(Feature(self.0))? {
            self.0.borrow_mut().take(line, feature).map_err(de::Error::custom)?;
        }
        Ok(())
    }
}

struct Feature<'t, 'r, 's>(&'t RefCell<Run<'r, 's>>);

impl<'de> DeserializeSeed<'de> for Feature<'_, '_, '_> {
    type Value = (u64, Map<String, Value>);

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Feature<'_, '_, '_> {
    type Value = (u64, Map<String, Value>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON feature")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let line = self.0.borrow().watch.lines() + 1;
        let mut members = Map::new();
        while let Some((name, value)) = map.next_entry()? {
            members.insert(name, value);
        }
        Ok((line, members))
    }
}

/// An object as a feature without a geometry.
fn flat(object: Map<String, Value>) -> Map<String, Value> {
    let mut properties = Map::new();
    for (name, value) in notes::columns(&object).unwrap_or(object) {
        match value {
            Value::Object(parts) => {
                properties.extend(
                    parts.into_iter().map(|(part, value)| (format!("{name}.{part}"), value)),
                );
            }
            value => {
                properties.insert(name, value);
            }
        }
    }
    let mut feature = Map::new();
    feature.insert("type".to_owned(), Value::String("Feature".to_owned()));
    feature.insert("properties".to_owned(), Value::Object(properties));
    feature
}

fn crs_name(crs: &Value) -> Option<String> {
    crs.get("properties")?.get("name")?.as_str().map(str::to_owned)
}
