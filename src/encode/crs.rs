//! The coordinate system that an answer is written in.

use fyren_core::domain::{Position, Violation};
use fyren_core::plane::Projection;
use std::sync::Arc;

/// Degrees as RFC 7946 has them, or metres of a projection.
#[derive(Clone)]
pub enum Crs {
    /// Longitude and latitude, WGS 84; at most 7 decimals (1 cm).
    Crs84,
    /// Easting and northing in metres, at most 3 decimals (1 mm).
    Projected(Arc<Projection>),
}

impl Crs {
    /// The system named `CRS84`, `EPSG:4326` (written longitude first, as all
    /// GeoJSON is) or any that [`Projection::parse`] knows.
    ///
    /// # Errors
    /// Violates `crs: unknown_crs`.
    pub fn parse(name: &str) -> Result<Self, Violation> {
        let projection = Projection::parse(name)?;
        Ok(if projection.is_metric() { Self::Projected(Arc::new(projection)) } else { Self::Crs84 })
    }

    /// The first and second coordinate of `position`.
    #[must_use]
    pub fn pair(&self, position: Position) -> [f64; 2] {
        match self {
            Self::Crs84 => [position.longitude, position.latitude],
            Self::Projected(projection) => {
                let plane = projection.forward(position);
                [plane.east, plane.north]
            }
        }
    }

    /// The code of the system: `CRS84` or such as `EPSG:3006`.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::Crs84 => "CRS84".to_owned(),
            Self::Projected(projection) => projection.code(),
        }
    }

    /// Digits after the point that a coordinate is written with at most.
    #[must_use]
    pub const fn decimals(&self) -> u32 {
        match self {
            Self::Crs84 => 7,
            Self::Projected(_) => 3,
        }
    }
}
