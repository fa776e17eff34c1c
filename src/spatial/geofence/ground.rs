//! Ground in degrees for "is it inside?", land in metres for "how far off?".

use fyren_core::domain::{Plane, Position};
use fyren_core::plane::Projection;
use geo::indexed::IntervalTreeMultiPolygon;
use geo::orient::Direction;
use geo::{BoundingRect, Contains, Intersects, LinesIter, Orient};
use geo_types::{Coord, Line, MultiPolygon, Point, Rect};
use rstar::RTree;

/// A multipolygon in degrees with its edges in an interval tree.
pub struct Ground {
    bounds: Option<Rect>,
    edges: IntervalTreeMultiPolygon<f64>,
    shape: MultiPolygon,
}

impl Ground {
    pub fn new(shape: &MultiPolygon) -> Self {
        // The tree counts windings, so holes must run against their rings.
        let shape = shape.orient(Direction::Default);
        Self { bounds: shape.bounding_rect(), edges: IntervalTreeMultiPolygon::new(&shape), shape }
    }

    /// Whether `position` is inside or on the border.
    pub fn covers(&self, position: Position) -> bool {
        let at = Coord { x: position.longitude, y: position.latitude };
        let near = self.bounds.is_some_and(|bounds| bounds.intersects(&at));
        near && (self.edges.contains(&at) || self.shape.intersects(&at))
    }
}

/// Land in metres, with its coast in an R*-tree.
pub struct Land {
    inside: IntervalTreeMultiPolygon<f64>,
    coast: RTree<Line>,
}

impl Land {
    pub fn new(land: &MultiPolygon, projection: &Projection) -> Self {
        let plane = projection.forward_shape(&land.orient(Direction::Default));
        Self {
            inside: IntervalTreeMultiPolygon::new(&plane),
            coast: RTree::bulk_load(plane.lines_iter().collect()),
        }
    }

    /// Metres from `plane` to the coast, 0 on land.
    pub fn distance_m(&self, plane: Plane) -> f64 {
        let at = Point::new(plane.east, plane.north);
        if self.inside.contains(&at) {
            return 0.0;
        }
        self.coast
            .nearest_neighbor_iter_with_distance_2(&at)
            .next()
            .map_or(f64::INFINITY, |(_, squared)| squared.sqrt())
    }
}
