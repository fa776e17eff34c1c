//! Drawn shapes cut into tiles, simplified once for each zoom so that
//! neighbouring tiles agree.

use super::drawn::Drawn;
use crate::encode::{Detail, Feature, FeatureId, Mvt, Shape, Value, packed};
use crate::store::BasemapTile;
use fyren_core::domain::Position;
use fyren_core::plane::Tile;
use geo::{BoundingRect, Simplify};
use geo_types::{Geometry, Rect};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The first zoom of a base map.
pub const LEAST_ZOOM: u8 = 8;
/// The last; closer, clients enlarge it.
pub const MOST_ZOOM: u8 = 15;

/// The tiles of `drawn` in `frame`, on all cores; those without anything are
/// left out.
pub fn cut(drawn: &[Drawn], frame: Rect) -> Vec<BasemapTile> {
    (LEAST_ZOOM..=MOST_ZOOM).flat_map(|z| zoom(drawn, frame, z)).collect()
}

fn zoom(drawn: &[Drawn], frame: Rect, z: u8) -> Vec<BasemapTile> {
    let [first, last] = corners(frame, z);
    let stray = stray_degrees(first, z);
    let shown: Vec<Drawn> = drawn
        .par_iter()
        .filter(|drawn| drawn.least <= z)
        .map(|drawn| Drawn { shape: simpler(&drawn.shape, stray), ..drawn.clone() })
        .collect();
    let mut by_tile: BTreeMap<(u32, u32), Vec<&Drawn>> = BTreeMap::new();
    for one in &shown {
        let Some(bounds) = one.shape.bounding_rect() else { continue };
        let [from, to] = corners(grown(bounds, first), z);
        for x in from.x().max(first.x())..=to.x().min(last.x()) {
            for y in from.y().max(first.y())..=to.y().min(last.y()) {
                by_tile.entry((x, y)).or_default().push(one);
            }
        }
    }
    by_tile
        .into_par_iter()
        .filter_map(|((x, y), shown)| {
            let bytes = written(Tile::new(z, x, y).ok()?, &shown);
            (!bytes.is_empty()).then(|| BasemapTile { z, x, y, data: packed(&bytes, "gzip") })
        })
        .collect()
}

/// The tiles of the north-western and the south-eastern corner.
fn corners(bounds: Rect, z: u8) -> [Tile; 2] {
    let at = |longitude, latitude| Tile::at(z, Position { longitude, latitude });
    [at(bounds.min().x, bounds.max().y), at(bounds.max().x, bounds.min().y)]
}

/// Bounds and the margin of a tile around them.
fn grown(bounds: Rect, tile: Tile) -> Rect {
    let (inner, outer) = (tile.extent(0.0), tile.extent(72.0));
    let (x, y) = (inner.west - outer.west, outer.north - inner.north);
    Rect::new((bounds.min().x - x, bounds.min().y - y), (bounds.max().x + x, bounds.max().y + y))
}

/// Half a pixel of a map, in degrees of latitude.
fn stray_degrees(tile: Tile, z: u8) -> f64 {
    const METRES_A_DEGREE: f64 = 111_195.0;
    let units = if z == MOST_ZOOM { 1.0 } else { 4.0 };
    units * tile.unit_m() / METRES_A_DEGREE
}

fn simpler(shape: &Geometry, stray: f64) -> Geometry {
    match shape {
        Geometry::LineString(line) => Geometry::LineString(line.simplify(stray)),
        Geometry::MultiPolygon(areas) => Geometry::MultiPolygon(areas.simplify(stray)),
        other => other.clone(),
    }
}

fn written(tile: Tile, shown: &[&Drawn]) -> Vec<u8> {
    let mut mvt = Mvt::new(tile);
    for layer in shown.chunk_by(|a, b| a.layer == b.layer) {
        let name = layer[0].layer;
        let least_area = match (name, tile.z()) {
            ("land" | "water", _) => 16.0,
            ("buildings", MOST_ZOOM) => 8.0,
            _ => 48.0,
        };
        let detail = Detail { stray: 0.0, least_area };
        mvt.layer(name, detail, layer.iter().map(|drawn| feature(drawn, tile.z())));
    }
    mvt.finish()
}

fn feature(drawn: &Drawn, z: u8) -> Feature<'_> {
    let shape = match &drawn.shape {
        Geometry::Point(at) => Shape::Point(Position { longitude: at.x(), latitude: at.y() }),
        Geometry::LineString(line) => Shape::Line(Cow::Borrowed(line)),
        Geometry::MultiPolygon(areas) => Shape::MultiPolygon(Cow::Borrowed(areas)),
        _ => Shape::None,
    };
    let mut fields = vec![("class", Value::from(drawn.class))];
    let written = z >= 13 || matches!(drawn.layer, "places") || (z >= 11 && drawn.class == "main");
    if let Some(name) = drawn.name.as_deref().filter(|_| written) {
        fields.push(("name", Value::from(name)));
    }
    if let Some(limit) = drawn.limit.filter(|_| z >= 13) {
        fields.push(("limit", Value::Int(i64::from(limit))));
    }
    Feature { id: FeatureId::None, shape, fields }
}
