//! CSV (RFC 4180): one row a feature, safe to open in a spreadsheet.

use super::{Crs, Encoder, Feature, FeatureId, Shape, Value, geojson};
use fyren_core::domain::Position;
use geo_types::{Coord, LineString, Polygon};
use std::borrow::Cow;

/// Writes rows with the columns `id`, the two coordinates of a point, `wkt` of
/// any other shape, and the layer's fields; nested values are JSON.
pub struct Csv {
    crs: Crs,
    fields: &'static [&'static str],
}

impl Csv {
    /// Rows with these fields.
    #[must_use]
    pub const fn new(crs: Crs, fields: &'static [&'static str]) -> Self {
        Self { crs, fields }
    }
}

impl Encoder for Csv {
    fn begin(&mut self, out: &mut Vec<u8>) {
        let axes = match self.crs {
            Crs::Crs84 => ["longitude", "latitude"],
            Crs::Projected(_) => ["easting", "northing"],
        };
        let names =
            ["id"].into_iter().chain(axes).chain(["wkt"]).chain(self.fields.iter().copied());
        row(out, names.map(Cow::Borrowed));
    }

    fn feature(&mut self, feature: &Feature<'_>, out: &mut Vec<u8>) {
        let id = match &feature.id {
            FeatureId::None => String::new(),
            FeatureId::Number(id) => id.to_string(),
            FeatureId::Event(id) => id.to_string(),
            FeatureId::Text(id) => guarded(id).into_owned(),
        };
        let [x, y, wkt] = self.place(&feature.shape);
        let place = [id, x, y, wkt].map(Cow::Owned).into_iter();
        row(out, place.chain(feature.fields.iter().map(|(_, value)| cell(value))));
    }

    fn end(&mut self, _out: &mut Vec<u8>) {}
}

impl Csv {
    fn place(&self, shape: &Shape<'_>) -> [String; 3] {
        let wkt = |text: String| [String::new(), String::new(), text];
        match shape {
            Shape::None => [const { String::new() }; 3],
            Shape::Point(position) => {
                let [x, y] = self.crs.pair(*position).map(|value| self.number(value));
                [x, y, String::new()]
            }
            Shape::Line(line) => wkt(format!("LINESTRING{}", self.positions(line))),
            Shape::Polygon(area) => wkt(format!("POLYGON{}", self.rings(area))),
            Shape::MultiPolygon(areas) => {
                let areas: Vec<String> = areas.iter().map(|area| self.rings(area)).collect();
                wkt(format!("MULTIPOLYGON({})", areas.join(",")))
            }
        }
    }

    fn rings(&self, area: &Polygon) -> String {
        let rings = std::iter::once(area.exterior()).chain(area.interiors());
        let rings: Vec<String> = rings.map(|ring| self.positions(ring)).collect();
        format!("({})", rings.join(","))
    }

    fn positions(&self, line: &LineString) -> String {
        let position = |at: &Coord| {
            let [x, y] = self.crs.pair(Position { longitude: at.x, latitude: at.y });
            format!("{} {}", self.number(x), self.number(y))
        };
        let positions: Vec<String> = line.0.iter().map(position).collect();
        format!("({})", positions.join(","))
    }

    fn number(&self, value: f64) -> String {
        let mut out = Vec::new();
        super::number::decimal(&mut out, value, self.crs.decimals());
        String::from_utf8(out).unwrap_or_default()
    }
}

/// A plain table: its head and its rows, safe to open in a spreadsheet.
#[must_use]
pub fn table(head: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let mut out = Vec::new();
    row(&mut out, head.iter().map(|name| Cow::Borrowed(*name)));
    for cells in rows {
        row(&mut out, cells.iter().map(|cell| guarded(cell)));
    }
    out
}

fn row<'a>(out: &mut Vec<u8>, cells: impl Iterator<Item = Cow<'a, str>>) {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .buffer_capacity(512)
        .from_writer(out);
    for cell in cells {
        // Writing to a vector cannot fail.
        let _ = writer.write_field(cell.as_ref());
    }
    let _ = writer.write_record(None::<&[u8]>);
}

fn cell<'a>(value: &'a Value<'_>) -> Cow<'a, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::Text(text) => guarded(text),
        other => {
            let mut out = Vec::new();
            geojson::json(&mut out, other);
            let text = String::from_utf8(out).unwrap_or_default();
            Cow::Owned(if text == "null" { String::new() } else { text })
        }
    }
}

/// A text that a spreadsheet would run as a formula gets an apostrophe in front.
fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests;
