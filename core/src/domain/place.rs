//! The three kinds of place: a point with a precision, a drawn shape, an area code.

use super::{DistrictCode, Violation};
use geo_types::{LineString, Polygon};

/// A position on the ellipsoid, WGS 84, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Degrees east, -180 to 180.
    pub longitude: f64,
    /// Degrees north, -90 to 90.
    pub latitude: f64,
}

impl Position {
    /// Checks that both are finite and within range.
    ///
    /// # Errors
    /// Violates `longitude` or `latitude` with `not_finite` or `out_of_range`.
    pub fn parse(longitude: f64, latitude: f64) -> Result<Self, Violation> {
        for (field, value, limit) in [("longitude", longitude, 180.0), ("latitude", latitude, 90.0)]
        {
            if !value.is_finite() {
                return Err(Violation::new(field, "not_finite"));
            }
            if value.abs() > limit {
                return Err(Violation::new(field, "out_of_range"));
            }
        }
        Ok(Self { longitude, latitude })
    }
}

/// A position in a municipality's metric projection, in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    /// Metres east.
    pub east: f64,
    /// Metres north.
    pub north: f64,
}

/// An area named by a code of some system: `{system: "district", version: "2016", code: "109051"}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaCode {
    /// The system: `municipality`, `district`, `deso`, `county`, …
    pub system: String,
    /// Its version, empty where there is only one.
    pub version: String,
    /// The code within the system.
    pub code: String,
}

/// Where something is said to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    /// A point that may be off by `precision_m` metres.
    Point {
        /// The point.
        position: Position,
        /// Radius in metres within which the true place lies, above 0.
        precision_m: f64,
    },
    /// A drawn stretch, at least two different positions (x = longitude).
    Line(LineString<f64>),
    /// A drawn area, a closed ring (x = longitude).
    Area(Polygon<f64>),
    /// Only a code is known: never a point on a density map.
    Code(AreaCode),
}

super::code::code_enum! {
    /// The kind of a [`Place`], as it is stored.
    pub enum PlaceKind {
        /// A point with a precision.
        Point = "point",
        /// A drawn stretch.
        Line = "line",
        /// A drawn area.
        Area = "area",
        /// An area code.
        Code = "code",
    }
}

impl Place {
    /// The kind of this place.
    #[must_use]
    pub const fn kind(&self) -> PlaceKind {
        match self {
            Self::Point { .. } => PlaceKind::Point,
            Self::Line(_) => PlaceKind::Line,
            Self::Area(_) => PlaceKind::Area,
            Self::Code(_) => PlaceKind::Code,
        }
    }
}

/// A place that the geofence has accepted and put into the municipality's plane.
#[derive(Debug, Clone, PartialEq)]
pub struct Located {
    /// The place as given.
    pub place: Place,
    /// A representative point: the point itself, the middle of a line, an
    /// inner point of an area; `None` for a code.
    pub anchor: Option<(Position, Plane)>,
    /// Radius in metres around the anchor that covers the place; 0 for a code.
    pub precision_m: f64,
    /// The district of the anchor or of the code, where one is known.
    pub district: Option<DistrictCode>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_that_is_not_a_number_names_its_field() {
        assert_eq!(Position::parse(f64::NAN, 58.0), Err(Violation::new("longitude", "not_finite")));
        assert_eq!(Position::parse(11.0, 91.0), Err(Violation::new("latitude", "out_of_range")));
    }
}
