//! Who keeps which road: the nearest one answers.

use crate::import::{Ground as Read, Keeper, Theme};
use fyren_core::domain::Position;
use geo_types::Geometry;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Metres from a road within which a place is the road's.
const NEAR_M: f64 = 25.0;

/// What Swedish registers call the keeper of a private road that they do not name.
const PRIVATE: &str = "Enskild väghållare";

/// The roads of one keeper.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptRoads {
    /// `state`, `municipality` or `private`, where a register says it.
    pub keeper: Option<String>,
    /// The keeper's name; `None` of roads of the municipality itself.
    pub name: Option<String>,
    /// Their courses.
    lines: Vec<Course>,
}

/// The course of a road in 1e-7 degrees.
type Course = Vec<[i32; 2]>;

/// Who keeps a road, and by what name.
type Kept<'a> = (Option<&'a str>, Option<&'a str>);

/// The roads of `read` by whoever keeps them, as far as that is said.
pub fn kept_roads(read: &Read) -> Vec<KeptRoads> {
    let mut kept: BTreeMap<Kept<'_>, Vec<Course>> = BTreeMap::new();
    for piece in read.pieces.iter().filter(|piece| piece.theme == Theme::Road) {
        let Geometry::LineString(line) = &piece.shape else { continue };
        let key = match (piece.keeper, piece.owner.as_deref()) {
            (None, None) => continue,
            // A register writes the municipality's name in many ways.
            (Some(Keeper::Municipality), _) => (Some("municipality"), None),
            (Some(Keeper::State), name) => (Some("state"), name),
            (Some(Keeper::Private), name) => (Some("private"), Some(name.unwrap_or(PRIVATE))),
            (None, name) => (None, name),
        };
        kept.entry(key).or_default().push(line.0.iter().map(|at| fixed(at.x, at.y)).collect());
    }
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let kept = kept.into_iter().map(|((keeper, name), lines)| KeptRoads {
        keeper: owned(keeper),
        name: owned(name),
        lines,
    });
    kept.collect()
}

/// Whoever keeps the road nearest to a place, within [`NEAR_M`]. Looks at every
/// segment: a millisecond for a municipality.
pub fn keeper_at(kept: &[KeptRoads], at: Position) -> Option<&KeptRoads> {
    let nearest = kept.iter().map(|roads| (roads.distance_m(at), roads));
    let nearest = nearest.min_by(|a, b| a.0.total_cmp(&b.0))?;
    (nearest.0 <= NEAR_M).then_some(nearest.1)
}

impl KeptRoads {
    fn distance_m(&self, at: Position) -> f64 {
        const METRES_A_DEGREE: f64 = 111_195.0;
        let squeeze = at.latitude.to_radians().cos();
        let place = |[x, y]: [i32; 2]| {
            [
                (f64::from(x) / 1e7 - at.longitude) * METRES_A_DEGREE * squeeze,
                (f64::from(y) / 1e7 - at.latitude) * METRES_A_DEGREE,
            ]
        };
        let segments = self.lines.iter().flat_map(|line| line.windows(2));
        let squared = segments.map(|pair| from_origin([place(pair[0]), place(pair[1])]));
        squared.fold(f64::INFINITY, f64::min).sqrt()
    }
}

/// The square of the distance of a segment from the origin.
fn from_origin([from, to]: [[f64; 2]; 2]) -> f64 {
    let step = [to[0] - from[0], to[1] - from[1]];
    let length = step[0].mul_add(step[0], step[1] * step[1]);
    let along = -from[0].mul_add(step[0], from[1] * step[1]);
    let part = if length > 0.0 { (along / length).clamp(0.0, 1.0) } else { 0.0 };
    let near = [0, 1].map(|axis| step[axis].mul_add(part, from[axis]));
    near[0].mul_add(near[0], near[1] * near[1])
}

#[expect(clippy::cast_possible_truncation, reason = "180e7 fits")]
fn fixed(x: f64, y: f64) -> [i32; 2] {
    [x, y].map(|degrees| (degrees * 1e7).round() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Piece;
    use geo_types::{LineString, Rect};

    fn road(keeper: Option<Keeper>, name: Option<&str>, latitude: f64) -> Piece {
        let line: LineString = vec![(11.20, latitude), (11.25, latitude)].into();
        let piece = Piece::new(Theme::Road, "minor", None, Geometry::LineString(line));
        Piece { keeper, owner: name.map(str::to_owned), ..piece }
    }

    #[test]
    fn the_nearest_road_answers_and_far_from_all_of_them_none() {
        let pieces = vec![
            road(Some(Keeper::State), Some("Trafikverket"), 58.3500),
            road(Some(Keeper::Municipality), Some("Sotenäs kn"), 58.3504),
            road(Some(Keeper::Private), None, 58.3600),
            road(None, None, 58.3700),
        ];
        let frame = Rect::new((11.0, 58.0), (12.0, 59.0));
        let kept = kept_roads(&Read { pieces, ..Read::nowhere(frame) });
        let at = |latitude| {
            let found = keeper_at(&kept, Position { longitude: 11.22, latitude })?;
            Some((found.keeper.as_deref(), found.name.as_deref()))
        };
        assert_eq!(at(58.35001), Some((Some("state"), Some("Trafikverket"))));
        assert_eq!(at(58.3503), Some((Some("municipality"), None)));
        assert_eq!(at(58.3601), Some((Some("private"), Some(PRIVATE))));
        assert_eq!(at(58.3605), None, "56 metres are not by the road");
        assert_eq!(at(58.3700), None, "nobody said who keeps it");
    }
}
