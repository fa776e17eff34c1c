//! The geometry of a feature, put into degrees.

use super::crs::FileCrs;
use fyren_core::domain::{Position, Violation};
use geo::MapCoords;
use geo_types::{Coord, Geometry};
use serde::Deserialize;
use serde_json::Value;

/// Deepest array of a geometry: polygons of a multipolygon.
const DEPTH: usize = 4;

/// Reads a geometry and puts it into degrees.
///
/// # Errors
/// Violates `geometry: malformed`, or `longitude` or `latitude`.
pub fn read(value: &Value, crs: &FileCrs) -> Result<Geometry<f64>, Violation> {
    let malformed = || Violation::new("geometry", "malformed");
    let geometry =
        geojson::Geometry::deserialize(value).map_err(|_error: serde_json::Error| malformed())?;
    let shape =
        Geometry::<f64>::try_from(&geometry).map_err(|_error: geojson::Error| malformed())?;
    shape.try_map_coords(|at| {
        let at = crs.position(at.x, at.y);
        let at = Position::parse(at.longitude, at.latitude)?;
        Ok(Coord { x: at.longitude, y: at.latitude })
    })
}

/// The first pair of numbers of a geometry, without looking at the rest.
pub fn first_pair(value: &Value) -> Option<(f64, f64)> {
    let mut at = value.get("coordinates")?;
    for _ in 0..DEPTH {
        let first = at.get(0)?;
        if let Some(x) = first.as_f64() {
            return Some((x, at.get(1)?.as_f64()?));
        }
        at = first;
    }
    None
}
