//! What a method says of a file, and how it is written: JSON, CSV or GeoJSON.

use super::Failure;
use super::ground::Ground;
use crate::app::analytics::Limit;
use fyren_core::domain::Plane;
use serde_json::{Map, Value, json};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One document: method, version, params, n, seed, limits, rows.
    Json,
    /// The rows alone; what a list holds is divided by semicolons.
    Csv,
    /// A feature a row; longitude and latitude, but with `--crs plane` as in the file.
    Geojson,
}

/// The answer of a method.
#[derive(Debug)]
pub struct Answer {
    /// Name of the method.
    pub method: &'static str,
    /// What was asked, and what was chosen where nothing was.
    pub params: Map<String, Value>,
    /// Events, areas or pairs that it rests on.
    pub n: usize,
    /// What decided everything left to chance; `None` where nothing was.
    pub seed: Option<u64>,
    /// What weakens the answer.
    pub limits: Vec<Limit>,
    /// The result.
    pub rows: Rows,
}

/// Rows with the same columns.
#[derive(Debug)]
pub struct Rows {
    columns: Vec<&'static str>,
    rows: Vec<(Option<Plane>, Vec<Value>)>,
}

impl Rows {
    /// No rows yet.
    pub const fn new(columns: Vec<&'static str>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row that is about no place.
    pub fn push(&mut self, values: Vec<Value>) {
        self.rows.push((None, values));
    }

    /// Adds a row about a place.
    pub fn push_at(&mut self, at: Plane, values: Vec<Value>) {
        self.rows.push((Some(at), values));
    }
}

impl Answer {
    /// Writes the answer to `out`, else to standard output.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write(
        &self,
        format: Format,
        ground: &Ground,
        out: Option<&Path>,
    ) -> Result<(), Failure> {
        let Some(path) = out.filter(|path| *path != Path::new("-")) else {
            let written = self.write_to(format, ground, &mut std::io::stdout().lock());
            // Whoever stops reading, such as `head`, has what was wanted.
            return written
                .or_else(|failure| if stopped(&failure) { Ok(()) } else { Err(failure) });
        };
        let file =
            File::create(path).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
        self.write_to(format, ground, &mut BufWriter::new(file))
    }

    fn write_to(
        &self,
        format: Format,
        ground: &Ground,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        let mut out = BufWriter::new(out);
        match format {
            Format::Json => self.json(&mut out)?,
            Format::Csv => self.csv(&mut out)?,
            Format::Geojson => self.geojson(ground, &mut out)?,
        }
        out.flush().map_err(Into::into)
    }

    fn json(&self, out: &mut impl Write) -> Result<(), Failure> {
        write!(out, "{{{}, \"rows\": [", self.head()?)?;
        for (at, (_, values)) in self.rows.rows.iter().enumerate() {
            write!(out, "{}\n{}", if at == 0 { "" } else { "," }, self.object(values))?;
        }
        writeln!(out, "\n]}}").map_err(Into::into)
    }

    fn geojson(&self, ground: &Ground, out: &mut impl Write) -> Result<(), Failure> {
        write!(out, "{{\"type\": \"FeatureCollection\", {}, \"features\": [", self.head()?)?;
        for (at, (place, values)) in self.rows.rows.iter().enumerate() {
            let point = |at: Plane| json!({ "type": "Point", "coordinates": ground.written(at) });
            let feature = json!({
                "type": "Feature",
                "geometry": place.map(point),
                "properties": self.object(values),
            });
            write!(out, "{}\n{feature}", if at == 0 { "" } else { "," })?;
        }
        writeln!(out, "\n]}}").map_err(Into::into)
    }

    fn csv(&self, out: &mut impl Write) -> Result<(), Failure> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(&self.rows.columns)?;
        for (_, values) in &self.rows.rows {
            writer.write_record(values.iter().map(text))?;
        }
        writer.flush().map_err(Into::into)
    }

    fn object(&self, values: &[Value]) -> Value {
        debug_assert_eq!(values.len(), self.rows.columns.len(), "a value for each column");
        let fields = self.rows.columns.iter().zip(values);
        Value::Object(fields.map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
    }

    /// Everything but the rows, without the braces around it.
    fn head(&self) -> Result<String, Failure> {
        let limits: Value = self.limits.iter().map(Limit::json).collect();
        let parts: [(&str, Value); 6] = [
            ("method", self.method.into()),
            ("version", env!("CARGO_PKG_VERSION").into()),
            ("params", self.params.clone().into()),
            ("n", self.n.into()),
            ("seed", self.seed.into()),
            ("limits", limits),
        ];
        let part = |(name, value)| Ok(format!("\"{name}\": {}", serde_json::to_string(value)?));
        let parts: Result<Vec<String>, Failure> = parts.iter().map(|(n, v)| part((n, v))).collect();
        Ok(parts?.join(", "))
    }
}

/// Whether writing ended because nobody reads any more.
fn stopped(failure: &Failure) -> bool {
    let broken = |error: &std::io::Error| error.kind() == std::io::ErrorKind::BrokenPipe;
    failure.chain().any(|cause| match cause.downcast_ref::<csv::Error>().map(csv::Error::kind) {
        Some(csv::ErrorKind::Io(error)) => broken(error),
        _ => cause.downcast_ref().is_some_and(broken),
    })
}

/// A value as it stands in a table; what is not a number is empty.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(text).collect::<Vec<_>>().join(";"),
        other => other.to_string(),
    }
}

/// Identifiers as JSON: numbers where all of them are whole numbers.
pub fn identifiers(ids: &[String]) -> Vec<Value> {
    let whole = |id: &String| id.parse::<i64>().ok().filter(|number| number.to_string() == *id);
    let numbers: Option<Vec<Value>> = ids.iter().map(|id| whole(id).map(Value::from)).collect();
    numbers.unwrap_or_else(|| ids.iter().map(|id| Value::from(id.as_str())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_numbers_only_where_all_of_them_are() {
        let ids = |texts: &[&str]| {
            identifiers(&texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(ids(&["1", "20"]), [json!(1), json!(20)]);
        assert_eq!(ids(&["1", "02"]), [json!("1"), json!("02")]);
    }
}
