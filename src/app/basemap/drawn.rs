//! What is drawn of a piece of the ground, and from which zoom on.

use crate::import::{Ground, Piece, Theme, joined};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Rect};
use std::collections::BTreeMap;

/// A shape in a layer of the base map.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// The layer's name.
    pub layer: &'static str,
    /// What kind of it.
    pub class: &'static str,
    /// Its name, where it is written beside it.
    pub name: Option<String>,
    /// Kilometres an hour that are allowed on a road.
    pub limit: Option<u8>,
    /// Where.
    pub shape: Geometry,
    /// The first zoom at which it is shown.
    pub least: u8,
}

/// Everything that is drawn of `ground`, in the order of the layers; streets
/// of one name, class and limit are one line as far as they hang together.
pub fn drawn(ground: &Ground) -> Vec<Drawn> {
    let mut all: Vec<Drawn> =
        ground.land.iter().flat_map(|land| shore(land, ground.shore)).collect();
    let pieces = ground.pieces.iter().filter(|piece| piece.theme != Theme::Road);
    all.extend(pieces.filter_map(|piece| {
        let least = least(piece)?;
        let named = piece.theme != Theme::Building;
        Some(Drawn {
            layer: piece.theme.code(),
            class: piece.class,
            name: piece.name.clone().filter(|_| named),
            limit: None,
            shape: piece.shape.clone(),
            least,
        })
    }));
    all.extend(streets(ground));
    all.sort_by_key(|drawn| drawn.layer);
    all
}

/// The first zoom of what is no road; `None` for what is only searched for.
fn least(piece: &Piece) -> Option<u8> {
    Some(match (piece.theme, piece.class) {
        (Theme::Address | Theme::Road, _) => return None,
        (Theme::Water, _) | (Theme::Place, "town") => 8,
        (Theme::Place, "village") => 9,
        (Theme::Waterway, "river") => 10,
        (Theme::Place, "hamlet") | (Theme::Green, "wood" | "field" | "heath") => 11,
        (Theme::Place, _) | (Theme::Green, "park" | "beach" | "rock") => 12,
        (Theme::Building | Theme::Green | Theme::Waterway | Theme::Pier, _) => 13,
        (Theme::Poi, _) => 14,
        (Theme::Lamp, _) => 15,
    })
}

/// The first zoom of a road.
fn least_of_road(class: &str) -> u8 {
    match class {
        "motorway" | "main" => 8,
        "ferry" => 9,
        "middle" | "rail" => 10,
        "minor" => 12,
        "pedestrian" | "service" | "track" => 13,
        _ => 14,
    }
}

fn streets(ground: &Ground) -> Vec<Drawn> {
    type Key<'a> = (&'static str, Option<&'a str>, Option<u8>);
    let mut named: BTreeMap<Key<'_>, Vec<Vec<[u64; 2]>>> = BTreeMap::new();
    for piece in ground.pieces.iter().filter(|piece| piece.theme == Theme::Road) {
        if let Geometry::LineString(line) = &piece.shape {
            let key = (piece.class, piece.name.as_deref(), piece.limit);
            named.entry(key).or_default().push(line.0.iter().map(bits).collect());
        }
    }
    let lines = named.into_iter().flat_map(|((class, name, limit), lines)| {
        joined(&lines, true).into_iter().map(move |line| Drawn {
            layer: Theme::Road.code(),
            class,
            name: name.map(str::to_owned),
            limit,
            shape: Geometry::LineString(line.into_iter().map(coord).collect::<Vec<_>>().into()),
            least: least_of_road(class),
        })
    });
    lines.collect()
}

fn bits(at: &Coord) -> [u64; 2] {
    [at.x.to_bits(), at.y.to_bits()]
}

fn coord(bits: [u64; 2]) -> Coord {
    Coord { x: f64::from_bits(bits[0]), y: f64::from_bits(bits[1]) }
}

/// Land, and its coast without what the frame has cut.
fn shore(land: &MultiPolygon, frame: Rect) -> Vec<Drawn> {
    let shape =
        |layer, shape| Drawn { layer, class: layer, name: None, limit: None, shape, least: 0 };
    let mut all = Vec::new();
    for area in &land.0 {
        all.push(shape("land", Geometry::MultiPolygon(MultiPolygon(vec![area.clone()]))));
        for ring in std::iter::once(area.exterior()).chain(area.interiors()) {
            let lines = coast(ring, frame).into_iter().map(Geometry::LineString);
            all.extend(lines.map(|line| shape("coast", line)));
        }
    }
    all
}

/// A ring without its segments along the frame.
fn coast(ring: &LineString, frame: Rect) -> Vec<LineString> {
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
    let along = |a: &Coord, b: &Coord| {
        [frame.min().x, frame.max().x].iter().any(|edge| near(a.x, *edge) && near(b.x, *edge))
            || [frame.min().y, frame.max().y]
                .iter()
                .any(|edge| near(a.y, *edge) && near(b.y, *edge))
    };
    let mut lines = vec![Vec::new()];
    for pair in ring.0.windows(2) {
        if along(&pair[0], &pair[1]) {
            lines.push(Vec::new());
            continue;
        }
        if let Some(line) = lines.last_mut() {
            if line.is_empty() {
                line.push(pair[0]);
            }
            line.push(pair[1]);
        }
    }
    lines.retain(|line| line.len() > 1);
    lines.into_iter().map(LineString::new).collect()
}
