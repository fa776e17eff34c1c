//! A piece of ground by its shape.

use fyren_core::domain::Position;
use geo::{BoundingRect, Intersects};
use geo_types::{Coord, MultiPolygon, Rect};

/// A piece of ground, in degrees, its edges included.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    shape: MultiPolygon,
    around: Option<Rect>,
}

impl Region {
    /// The ground of a shape in degrees.
    #[must_use]
    pub fn new(shape: MultiPolygon) -> Self {
        Self { around: shape.bounding_rect(), shape }
    }

    /// Whether `at` lies in it. Costs O(corners) within the box around it, and
    /// nothing outside.
    #[must_use]
    pub fn holds(&self, at: Position) -> bool {
        let at = Coord { x: at.longitude, y: at.latitude };
        self.around.is_some_and(|around| around.intersects(&at)) && self.shape.intersects(&at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;

    #[test]
    fn a_region_holds_what_lies_in_one_of_its_parts_and_not_in_a_hole() {
        let square = |from: f64, to: f64| polygon![(x: from, y: from), (x: to, y: from), (x: to, y: to), (x: from, y: to)];
        let hole = square(1.0, 2.0).exterior().clone();
        let mut whole = square(0.0, 3.0);
        whole.interiors_push(hole);
        let region = Region::new(MultiPolygon(vec![whole, square(5.0, 6.0)]));
        let holds = |at: f64| region.holds(Position { longitude: at, latitude: at });
        assert!(holds(0.5) && holds(5.5) && holds(3.0), "its edge is its own");
        assert!(!holds(1.5) && !holds(4.0) && !holds(7.0));
        let nothing = Region::new(MultiPolygon(Vec::new()));
        assert!(!nothing.holds(Position { longitude: 0.0, latitude: 0.0 }));
    }
}
