//! A streamed GeoJSON feature collection (RFC 7946), written by hand because it
//! is the hot path: about a microsecond a point.

use super::{Crs, Encoder, Feature, FeatureId, Members, Shape, Value, number};
use fyren_core::domain::Position;
use geo::Winding;
use geo_types::{LineString, Polygon};
use std::io::Write as _;

/// Writes a feature collection.
pub struct GeoJson {
    crs: Crs,
    members: Members,
    first: bool,
}

impl GeoJson {
    /// A collection with `members` beside its features. Only a collection that
    /// is not in degrees says its `crs`.
    #[must_use]
    pub const fn new(crs: Crs, members: Members) -> Self {
        Self { crs, members, first: true }
    }
}

impl Encoder for GeoJson {
    fn begin(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(br#"{"type":"FeatureCollection""#);
        if let Crs::Projected(projection) = &self.crs {
            let code = projection.code();
            let code = code.trim_start_matches("EPSG:");
            out.extend_from_slice(br#","crs":{"type":"name","properties":{"name":"#);
            number::string(out, &format!("urn:ogc:def:crs:EPSG::{code}"));
            out.extend_from_slice(b"}}");
        }
        for (name, value) in &self.members {
            out.push(b',');
            member(out, name, value);
        }
        out.extend_from_slice(br#","features":["#);
    }

    fn feature(&mut self, feature: &Feature<'_>, out: &mut Vec<u8>) {
        out.extend_from_slice(if self.first { b"\n" } else { b",\n" });
        self.first = false;
        out.extend_from_slice(br#"{"type":"Feature""#);
        identity(out, &feature.id);
        out.extend_from_slice(br#","geometry":"#);
        self.shape(out, &feature.shape);
        out.extend_from_slice(br#","properties":"#);
        object(out, &feature.fields);
        out.push(b'}');
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"\n]}\n");
    }
}

impl GeoJson {
    fn shape(&self, out: &mut Vec<u8>, shape: &Shape<'_>) {
        let kind = match shape {
            Shape::None => return out.extend_from_slice(b"null"),
            Shape::Point(_) => "Point",
            Shape::Line(_) => "LineString",
            Shape::Polygon(_) => "Polygon",
            Shape::MultiPolygon(_) => "MultiPolygon",
        };
        // Writing to a vector cannot fail.
        let _ = write!(out, r#"{{"type":"{kind}","coordinates":"#);
        match shape {
            Shape::None => {}
            Shape::Point(position) => self.pair(out, *position),
            Shape::Line(line) => self.positions(out, line.0.iter()),
            Shape::Polygon(polygon) => self.rings(out, polygon),
            Shape::MultiPolygon(all) => list(out, &all.0, |out, one| self.rings(out, one)),
        }
        out.push(b'}');
    }

    /// Outer rings run counter-clockwise and holes clockwise.
    fn rings(&self, out: &mut Vec<u8>, polygon: &Polygon) {
        out.push(b'[');
        self.ring(out, polygon.exterior(), polygon.exterior().is_cw());
        for hole in polygon.interiors() {
            out.push(b',');
            self.ring(out, hole, hole.is_ccw());
        }
        out.push(b']');
    }

    fn ring(&self, out: &mut Vec<u8>, ring: &LineString, against: bool) {
        if against {
            self.positions(out, ring.0.iter().rev());
        } else {
            self.positions(out, ring.0.iter());
        }
    }

    fn positions<'a>(
        &self,
        out: &mut Vec<u8>,
        line: impl Iterator<Item = &'a geo_types::Coord> + Clone,
    ) {
        list(out, line, |out, at| self.pair(out, Position { longitude: at.x, latitude: at.y }));
    }

    fn pair(&self, out: &mut Vec<u8>, position: Position) {
        let [x, y] = self.crs.pair(position);
        let decimals = self.crs.decimals();
        out.push(b'[');
        number::decimal(out, x, decimals);
        out.push(b',');
        number::decimal(out, y, decimals);
        out.push(b']');
    }
}

fn identity(out: &mut Vec<u8>, id: &FeatureId<'_>) {
    // Writing to a vector cannot fail.
    let _ = match id {
        FeatureId::None => Ok(()),
        FeatureId::Number(id) => write!(out, r#","id":{id}"#),
        FeatureId::Event(id) => write!(out, r#","id":"{id}""#),
        FeatureId::Text(id) => {
            out.extend_from_slice(br#","id":"#);
            number::string(out, id);
            Ok(())
        }
    };
}

/// Writes items between brackets, with commas between them.
fn list<T>(
    out: &mut Vec<u8>,
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut Vec<u8>, T),
) {
    out.push(b'[');
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}

fn member(out: &mut Vec<u8>, name: &str, value: &Value<'_>) {
    // Names are literals of ours and need no escape.
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
    json(out, value);
}

fn object(out: &mut Vec<u8>, fields: &[(&'static str, Value<'_>)]) {
    out.push(b'{');
    for (at, (name, value)) in fields.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        member(out, name, value);
    }
    out.push(b'}');
}

/// Writes a value as JSON.
pub fn json(out: &mut Vec<u8>, value: &Value<'_>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Int(value) => number::signed(out, *value),
        Value::Float(value) => number::float(out, *value),
        Value::Text(text) => number::string(out, text),
        Value::List(values) => list(out, values, |out, value| json(out, value)),
        Value::Numbers(numbers) => {
            list(out, numbers.iter(), |out, value| number::whole(out, u64::from(*value)));
        }
        Value::Object(fields) => object(out, fields),
    }
}

#[cfg(test)]
mod tests;
