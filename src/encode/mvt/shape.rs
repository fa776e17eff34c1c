//! Shapes cut to a tile, simplified and turned the way tiles want them.

use super::{Detail, holds};
use crate::encode::Shape;
use fyren_core::domain::Position;
use fyren_core::plane::{TILE_UNITS, Tile};
use geo::Simplify;
use geo_types::{LineString, Polygon};

/// Units around a tile in which lines and areas go on, so that their edges are
/// drawn outside what is shown.
pub const MARGIN: f64 = 64.0;

const LEAST: f64 = -MARGIN;
const MOST: f64 = TILE_UNITS + MARGIN;

type Path = Vec<[f64; 2]>;

/// What is left of a shape in a tile, in its units.
#[derive(Debug, Clone, PartialEq)]
pub enum Parts {
    /// Points, one a path.
    Points(Vec<Path>),
    /// Lines of two points or more.
    Lines(Vec<Path>),
    /// Rings without their last point; holes follow what they are cut out of,
    /// and run the other way.
    Rings(Vec<Path>),
}

/// What is left of `shape` in `tile`. Costs a few passes over its positions.
#[must_use]
pub fn clipped(tile: Tile, shape: &Shape<'_>, detail: Detail) -> Parts {
    match shape {
        Shape::None => Parts::Points(Vec::new()),
        Shape::Point(position) => {
            let at = tile.place(*position);
            Parts::Points(if holds(at) { vec![vec![at]] } else { Vec::new() })
        }
        Shape::Line(line) => Parts::Lines(lines(tile, line, detail)),
        Shape::Polygon(area) => Parts::Rings(rings(tile, area, detail)),
        Shape::MultiPolygon(areas) => {
            Parts::Rings(areas.iter().flat_map(|area| rings(tile, area, detail)).collect())
        }
    }
}

fn placed(tile: Tile, line: &LineString) -> LineString {
    let place = |at: &geo_types::Coord| {
        let [x, y] = tile.place(Position { longitude: at.x, latitude: at.y });
        geo_types::Coord { x, y }
    };
    LineString::new(line.0.iter().map(place).collect())
}

fn lines(tile: Tile, line: &LineString, detail: Detail) -> Vec<Path> {
    let mut line = placed(tile, line);
    if detail.stray > 0.0 {
        line = line.simplify(detail.stray);
    }
    let mut pieces: Vec<Path> = Vec::new();
    for (at, segment) in line.lines().enumerate() {
        let ends = [[segment.start.x, segment.start.y], [segment.end.x, segment.end.y]];
        let Some([from, to]) = within(ends) else { continue };
        match pieces.last_mut() {
            Some(piece) if at > 0 && piece.last().is_some_and(|end| same(*end, from)) => {
                piece.push(to);
            }
            _ => pieces.push(vec![from, to]),
        }
    }
    pieces.retain(|piece| distinct(piece) > 1);
    pieces
}

/// The part of a segment inside tile and margin (Liang and Barsky, 1984).
fn within([from, to]: [[f64; 2]; 2]) -> Option<[[f64; 2]; 2]> {
    let (mut first, mut last) = (0.0_f64, 1.0_f64);
    for axis in 0..2 {
        let step = to[axis] - from[axis];
        if step.abs() < f64::EPSILON {
            if !(LEAST..=MOST).contains(&from[axis]) {
                return None;
            }
            continue;
        }
        let (a, b) = ((LEAST - from[axis]) / step, (MOST - from[axis]) / step);
        first = first.max(a.min(b));
        last = last.min(a.max(b));
    }
    (first <= last).then(|| {
        let at = |part: f64| [0, 1].map(|axis| (to[axis] - from[axis]).mul_add(part, from[axis]));
        [at(first), at(last)]
    })
}

fn rings(tile: Tile, area: &Polygon, detail: Detail) -> Vec<Path> {
    let outer = placed(tile, area.exterior());
    let inner = area.interiors().iter().map(|hole| placed(tile, hole)).collect();
    let mut area = Polygon::new(outer, inner);
    if detail.stray > 0.0 {
        area = area.simplify(detail.stray);
    }
    let ring = |line: &LineString, hole: bool| -> Option<Path> {
        let ring = cut(line.0.iter().map(|at| [at.x, at.y]).collect());
        let doubled = doubled_area(&ring);
        if distinct(&ring) < 3 || doubled.abs() < 2.0 * detail.least_area {
            return None;
        }
        // Tiles count rows downwards: an outer ring has a positive area there.
        let turned = (doubled > 0.0) == hole;
        Some(if turned { ring.into_iter().rev().collect() } else { ring })
    };
    let Some(outer) = ring(area.exterior(), false) else { return Vec::new() };
    std::iter::once(outer)
        .chain(area.interiors().iter().filter_map(|hole| ring(hole, true)))
        .collect()
}

/// A ring cut to tile and margin, side by side (Sutherland and Hodgman, 1974).
fn cut(mut ring: Path) -> Path {
    if ring.first() == ring.last() {
        ring.pop();
    }
    for (axis, limit, low) in
        [(0, LEAST, true), (0, MOST, false), (1, LEAST, true), (1, MOST, false)]
    {
        let inside = |at: &[f64; 2]| if low { at[axis] >= limit } else { at[axis] <= limit };
        if ring.iter().all(inside) {
            continue;
        }
        let mut left = Path::with_capacity(ring.len() + 4);
        for (at, to) in ring.iter().enumerate() {
            let from = &ring[(at + ring.len() - 1) % ring.len()];
            if inside(from) != inside(to) {
                let part = (limit - from[axis]) / (to[axis] - from[axis]);
                let mut edge = [0, 1].map(|axis| (to[axis] - from[axis]).mul_add(part, from[axis]));
                edge[axis] = limit;
                left.push(edge);
            }
            if inside(to) {
                left.push(*to);
            }
        }
        ring = left;
    }
    ring
}

fn doubled_area(ring: &[[f64; 2]]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| a[0].mul_add(b[1], -(b[0] * a[1]))).sum()
}

/// Points that differ from the one before in whole units.
fn distinct(path: &[[f64; 2]]) -> usize {
    let mut before = None;
    let differs = |at: &&[f64; 2]| {
        let now = Some([at[0].round().to_bits(), at[1].round().to_bits()]);
        std::mem::replace(&mut before, now) != now
    };
    path.iter().filter(differs).count()
}

fn same(a: [f64; 2], b: [f64; 2]) -> bool {
    (a[0] - b[0]).abs() < 1e-6 && (a[1] - b[1]).abs() < 1e-6
}
