//! Mapbox Vector Tiles (specification 2.1): features of one square of the map
//! in whole units, cut to the square and a margin around it.

mod points;
mod shape;

pub use points::Points;

use shape::{Parts, clipped};

use super::{Feature, FeatureId, Value, geojson};
use ::mvt::{GeomData, GeomEncoder, GeomType, Layer, Tile as Written};
use fyren_core::plane::{TILE_UNITS, Tile};
use std::borrow::Cow;

/// How shapes are drawn at one zoom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detail {
    /// Units that a line may stray from its true course.
    pub stray: f64,
    /// Square units below which an area is left out.
    pub least_area: f64,
}

impl Detail {
    /// Everything that whole units can say.
    pub const FULL: Self = Self { stray: 0.0, least_area: 0.5 };
}

/// Gathers the layers of one tile.
pub struct Mvt {
    tile: Tile,
    written: Written,
}

impl Mvt {
    /// A tile without layers.
    #[must_use]
    pub fn new(tile: Tile) -> Self {
        Self { tile, written: Written::new(4096) }
    }

    /// Writes a layer of `features`; those that lie outside the tile, or are
    /// too small to be seen, are left out, and so is a layer without any.
    /// Returns how many were written.
    pub fn layer<'a>(
        &mut self,
        name: &str,
        detail: Detail,
        features: impl IntoIterator<Item = Feature<'a>>,
    ) -> usize {
        let mut layer = self.written.create_layer(name);
        for feature in features {
            if let Some(drawn) = drawn(&clipped(self.tile, &feature.shape, detail)) {
                layer = add(layer, drawn, &feature);
            }
        }
        let number = layer.num_features();
        if number > 0 {
            // Refused only for a name that comes twice, and ours are literals.
            let added = self.written.add_layer(layer);
            debug_assert!(added.is_ok(), "a layer comes once");
        }
        number
    }

    /// The tile as bytes; none for a tile without layers.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.written.to_bytes().unwrap_or_default()
    }
}

/// The geometry of what is left of a shape; `None` if nothing is.
fn drawn(parts: &Parts) -> Option<GeomData> {
    let kind = match parts {
        Parts::Points(_) => GeomType::Point,
        Parts::Lines(_) => GeomType::Linestring,
        Parts::Rings(_) => GeomType::Polygon,
    };
    let (Parts::Points(paths) | Parts::Lines(paths) | Parts::Rings(paths)) = parts;
    if paths.is_empty() {
        return None;
    }
    let mut geometry = GeomEncoder::<f64>::new(kind);
    for (number, path) in paths.iter().enumerate() {
        if number > 0 && kind != GeomType::Point {
            geometry.complete_geom().ok()?;
        }
        for [right, down] in path {
            geometry.add_point(*right, *down).ok()?;
        }
    }
    geometry.encode().ok()
}

fn add(layer: Layer, drawn: GeomData, feature: &Feature<'_>) -> Layer {
    let mut added = layer.into_feature(drawn);
    match &feature.id {
        FeatureId::None => {}
        FeatureId::Number(id) => added.set_id(*id),
        FeatureId::Event(id) => added.add_tag_string("id", &id.to_string()),
        FeatureId::Text(id) => added.add_tag_string("id", id),
    }
    for (name, value) in &feature.fields {
        match value {
            Value::Null => {}
            Value::Bool(value) => added.add_tag_bool(name, *value),
            Value::Int(value) => match u64::try_from(*value) {
                Ok(value) => added.add_tag_uint(name, value),
                Err(_) => added.add_tag_sint(name, *value),
            },
            Value::Float(value) => added.add_tag_double(name, *value),
            Value::Text(text) => added.add_tag_string(name, text),
            nested => added.add_tag_string(name, &json(nested)),
        }
    }
    added.into_layer()
}

/// What a tile cannot hold otherwise, as text.
fn json(value: &Value<'_>) -> Cow<'static, str> {
    let mut out = Vec::new();
    geojson::json(&mut out, value);
    Cow::Owned(String::from_utf8(out).unwrap_or_default())
}

/// Whether a place given in units lies in the tile itself: its northern and
/// western edge included, so that each point lies in one tile.
#[must_use]
pub fn holds([right, down]: [f64; 2]) -> bool {
    (0.0..TILE_UNITS).contains(&right) && (0.0..TILE_UNITS).contains(&down)
}

#[cfg(test)]
mod tests;
