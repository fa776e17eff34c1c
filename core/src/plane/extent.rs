//! A rectangle in the plane.

use crate::domain::Plane;
use geo::BoundingRect;
use geo_types::Rect;

/// A rectangle in the plane with its edges along the axes, in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    /// Smallest east.
    pub west: f64,
    /// Smallest north.
    pub south: f64,
    /// Largest east.
    pub east: f64,
    /// Largest north.
    pub north: f64,
}

impl Extent {
    /// The extent of a shape in the plane; `None` for an empty one.
    #[must_use]
    pub fn of_shape<S>(shape: &S) -> Option<Self>
    where
        S: BoundingRect<f64>,
        S::Output: Into<Option<Rect<f64>>>,
    {
        let rect: Rect<f64> = shape.bounding_rect().into()?;
        Some(Self {
            west: rect.min().x,
            south: rect.min().y,
            east: rect.max().x,
            north: rect.max().y,
        })
    }

    /// The smallest extent that holds all points; `None` without any.
    #[must_use]
    pub fn of_points(points: impl IntoIterator<Item = Plane>) -> Option<Self> {
        points.into_iter().fold(None, |extent: Option<Self>, at| {
            let point = Self { west: at.east, south: at.north, east: at.east, north: at.north };
            Some(extent.map_or(point, |extent| extent.joined(point)))
        })
    }

    /// The smallest extent that holds both.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    /// This extent with `margin_m` metres added on each side.
    #[must_use]
    pub fn grown(self, margin_m: f64) -> Self {
        Self {
            west: self.west - margin_m,
            south: self.south - margin_m,
            east: self.east + margin_m,
            north: self.north + margin_m,
        }
    }

    /// Whether a point lies within, edges included.
    #[must_use]
    pub fn contains(self, at: Plane) -> bool {
        (self.west..=self.east).contains(&at.east) && (self.south..=self.north).contains(&at.north)
    }
}
