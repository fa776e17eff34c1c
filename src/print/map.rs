//! A small map of lines and numbers, readable in grey: land, the way, stops.

use geo_types::{Coord, LineString, MultiPolygon};
use serde::Serialize;
use std::fmt::Write;

/// Room around what is shown, as a share of its size.
const MARGIN: f64 = 0.12;
/// The least width and height of what is shown, in degrees of latitude: 1.5 km.
const LEAST: f64 = 0.0135;
/// Metres of a degree of latitude.
const DEGREE_M: f64 = 111_200.0;
/// Points of a line nearer to each other than this, in millimetres, are one.
const NEAR_MM: f64 = 0.25;

/// A map whose lines are in millimetres from its upper left corner.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SheetMap {
    /// Width in millimetres.
    pub width: f64,
    /// Height in millimetres.
    pub height: f64,
    /// Rings of land.
    pub land: Vec<Vec<[f64; 2]>>,
    /// The way.
    pub ways: Vec<MapWay>,
    /// Stops and bases.
    pub marks: Vec<MapMark>,
    /// A distance: its millimetres and its words.
    pub scale: (f64, String),
}

/// A line to follow.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MapWay {
    /// Its points.
    pub points: Vec<[f64; 2]>,
}

/// A place with its number; a base has none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MapMark {
    /// Where.
    pub at: [f64; 2],
    /// Its number.
    pub label: String,
}

/// From degrees to millimetres.
struct Frame {
    west: f64,
    north: f64,
    /// Millimetres of a degree of longitude and latitude.
    scale: [f64; 2],
}

impl Frame {
    fn at(&self, place: [f64; 2]) -> [f64; 2] {
        [(place[0] - self.west) * self.scale[0], (self.north - place[1]) * self.scale[1]]
    }
}

impl SheetMap {
    /// The map of some ways and marks, in degrees, on so many millimetres, with
    /// the land behind them. North is up.
    #[must_use]
    pub fn of(
        land: Option<&MultiPolygon>,
        ways: &[Vec<[f64; 2]>],
        marks: &[([f64; 2], String)],
        (width, height): (f64, f64),
    ) -> Self {
        let places = ways.iter().flatten().copied().chain(marks.iter().map(|(at, _)| *at));
        let frame = frame(places, (width, height));
        let rings = land.into_iter().flat_map(MultiPolygon::iter);
        let rings = rings.map(|part| ring(part.exterior(), &frame, (width, height)));
        let way = |line: &Vec<[f64; 2]>| MapWay {
            points: thinned(line.iter().map(|at| frame.at(*at)), NEAR_MM),
        };
        let mark =
            |(at, label): &([f64; 2], String)| MapMark { at: frame.at(*at), label: label.clone() };
        Self {
            width,
            height,
            land: rings.flatten().collect(),
            ways: ways.iter().filter(|line| line.len() > 1).map(way).collect(),
            marks: spread(marks.iter().map(mark).collect()),
            scale: scale(frame.scale[1] / DEGREE_M, width),
        }
    }

    /// The map as SVG, for a page; decoration, since the rows say the same.
    #[must_use]
    pub fn svg(&self) -> String {
        let mut out = String::new();
        let Self { width, height, .. } = self;
        let path = |points: &[[f64; 2]]| {
            points.iter().enumerate().fold(String::new(), |mut path, (at, [x, y])| {
                let _infallible = write!(path, "{}{x:.2} {y:.2}", if at == 0 { "M" } else { "L" });
                path
            })
        };
        let mut add = |text: String| out.push_str(&text);
        add(format!(
            "<svg class=\"sheet-map\" viewBox=\"0 0 {width} {height}\" aria-hidden=\"true\">"
        ));
        for ring in &self.land {
            add(format!("<path class=\"sheet-map__land\" d=\"{}Z\"/>", path(ring)));
        }
        for way in &self.ways {
            add(format!("<path class=\"sheet-map__way\" d=\"{}\"/>", path(&way.points)));
        }
        for MapMark { at: [x, y], label } in &self.marks {
            if label.is_empty() {
                let (x, y) = (x - 1.6, y - 1.6);
                add(format!(
                    "<rect class=\"sheet-map__base\" x=\"{x:.2}\" y=\"{y:.2}\" width=\"3.2\" height=\"3.2\"/>"
                ));
            } else {
                add(format!(
                    "<circle class=\"sheet-map__stop\" cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"2.6\"/>"
                ));
                let y = y + 1.1;
                add(format!(
                    "<text class=\"sheet-map__label\" x=\"{x:.2}\" y=\"{y:.2}\">{label}</text>"
                ));
            }
        }
        let (long, words) = &self.scale;
        let (x, y) = (4.0, height - 4.0);
        add(format!("<path class=\"sheet-map__scale\" d=\"M{x} {y}h{long:.2}\"/>"));
        add(format!(
            "<text class=\"sheet-map__words\" x=\"{x}\" y=\"{:.2}\">{words}</text></svg>",
            y - 1.2
        ));
        out
    }
}

fn frame(places: impl Iterator<Item = [f64; 2]>, (width, height): (f64, f64)) -> Frame {
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for place in places {
        for side in 0..2 {
            low[side] = low[side].min(place[side]);
            high[side] = high[side].max(place[side]);
        }
    }
    if low[0] > high[0] {
        (low, high) = ([0.0; 2], [0.0; 2]);
    }
    let middle = [f64::midpoint(low[0], high[0]), f64::midpoint(low[1], high[1])];
    // A degree of longitude is shorter than one of latitude.
    let narrow = middle[1].to_radians().cos().max(0.01);
    let wide = ((high[0] - low[0]) * narrow).max(LEAST) * (1.0 + 2.0 * MARGIN);
    let tall = (high[1] - low[1]).max(LEAST) * (1.0 + 2.0 * MARGIN);
    let millimetres = (width / wide).min(height / tall);
    let scale = [millimetres * narrow, millimetres];
    Frame {
        west: middle[0] - width / 2.0 / scale[0],
        north: middle[1] + height / 2.0 / scale[1],
        scale,
    }
}

/// The part of a ring within the map; clipped at its four sides one after the
/// other (Sutherland and Hodgman 1974).
fn ring(ring: &LineString, frame: &Frame, (width, height): (f64, f64)) -> Option<Vec<[f64; 2]>> {
    let points = ring.coords().map(|Coord { x, y }| frame.at([*x, *y]));
    let mut points = thinned(points, NEAR_MM);
    for (axis, limit, above) in
        [(0, 0.0, true), (0, width, false), (1, 0.0, true), (1, height, false)]
    {
        points = clipped(&points, axis, limit, above);
    }
    (points.len() > 2).then_some(points)
}

fn clipped(points: &[[f64; 2]], axis: usize, limit: f64, above: bool) -> Vec<[f64; 2]> {
    let inside = |point: &[f64; 2]| if above { point[axis] >= limit } else { point[axis] <= limit };
    let mut kept = Vec::with_capacity(points.len());
    for (at, to) in points.iter().enumerate() {
        let from = points[(at + points.len() - 1) % points.len()];
        if inside(&from) != inside(to) {
            let share = (limit - from[axis]) / (to[axis] - from[axis]);
            kept.push([from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]);
        }
        if inside(to) {
            kept.push(*to);
        }
    }
    kept
}

fn thinned(points: impl Iterator<Item = [f64; 2]>, near: f64) -> Vec<[f64; 2]> {
    let mut kept: Vec<[f64; 2]> = Vec::new();
    for point in points {
        let far = |last: &[f64; 2]| (last[0] - point[0]).hypot(last[1] - point[1]) >= near;
        if kept.last().is_none_or(far) {
            kept.push(point);
        }
    }
    kept
}

/// Moves marks apart that would cover each other.
fn spread(mut marks: Vec<MapMark>) -> Vec<MapMark> {
    const APART: f64 = 5.4;
    for _ in 0..40 {
        for a in 0..marks.len() {
            for b in 0..a {
                let [x, y] = [marks[a].at[0] - marks[b].at[0], marks[a].at[1] - marks[b].at[1]];
                let off = x.hypot(y);
                if off >= APART {
                    continue;
                }
                let push = (APART - off) / 2.0;
                let [x, y] = if off > 0.01 { [x / off, y / off] } else { [0.6, 0.8] };
                marks[a].at = [marks[a].at[0] + x * push, marks[a].at[1] + y * push];
                marks[b].at = [marks[b].at[0] - x * push, marks[b].at[1] - y * push];
            }
        }
    }
    marks
}

/// A round distance of at most a quarter of the width.
fn scale(millimetres_a_metre: f64, width: f64) -> (f64, String) {
    let all = [20_000.0, 10_000.0, 5_000.0, 2_000.0, 1_000.0, 500.0, 200.0, 100.0];
    let metres = all.into_iter().find(|m| m * millimetres_a_metre <= width / 4.0).unwrap_or(100.0);
    let words =
        if metres >= 1_000.0 { format!("{} km", metres / 1_000.0) } else { format!("{metres} m") };
    (metres * millimetres_a_metre, words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;

    fn map() -> SheetMap {
        let land = MultiPolygon(vec![
            polygon![(x: 11.0, y: 58.0), (x: 12.0, y: 58.0), (x: 12.0, y: 58.4), (x: 11.0, y: 58.4)],
        ]);
        let way = vec![[11.20, 58.35], [11.25, 58.36], [11.30, 58.45]];
        let marks = [
            ([11.20, 58.35], String::new()),
            ([11.30, 58.45], "1".to_owned()),
            ([11.30, 58.45], "2".to_owned()),
        ];
        SheetMap::of(Some(&land), &[way], &marks, (170.0, 90.0))
    }

    #[test]
    fn everything_lies_on_the_map_and_no_mark_hides_another() {
        let map = map();
        let within = |[x, y]: [f64; 2]| (0.0..=170.0).contains(&x) && (0.0..=90.0).contains(&y);
        assert!(map.land.iter().flatten().chain(map.ways[0].points.iter()).all(|at| within(*at)));
        assert!(map.marks.iter().all(|mark| within(mark.at)));
        let [a, b] = [map.marks[1].at, map.marks[2].at];
        assert!((a[0] - b[0]).hypot(a[1] - b[1]) > 5.0);
        assert!(map.ways[0].points[0][1] > map.ways[0].points[2][1], "north is up");
        assert!(map.scale.0 <= 42.5 && map.scale.1.ends_with("km"), "{:?}", map.scale);
    }

    #[test]
    fn a_single_place_is_a_map_too() {
        let map = SheetMap::of(None, &[], &[([11.2, 58.3], "1".to_owned())], (100.0, 100.0));
        assert!((map.marks[0].at[0] - 50.0).abs() < 1e-6 && map.land.is_empty());
        assert!(map.svg().starts_with("<svg") && map.svg().ends_with("</svg>"));
    }
}
