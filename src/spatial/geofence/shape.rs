//! What a drawn line or area must be, and the point that stands for it.

use fyren_core::domain::{Plane, Position, Violation};
use fyren_core::plane::Projection;
use geo::{Area, Euclidean, InteriorPoint, InterpolatableLine, Length, Validation};
use geo_types::{LineString, Point, Polygon};

/// Most positions of a drawn shape.
pub const MAX_POSITIONS: usize = 500;
/// Longest drawn line, in metres.
pub const MAX_LENGTH_M: f64 = 20_000.0;
/// Largest drawn area, in square metres. What is larger has a code.
pub const MAX_AREA_M2: f64 = 25e6;

/// Checks what holds of a line before its positions are looked at.
pub fn check_line(line: &LineString) -> Result<(), Violation> {
    let wrong = |rule| Err(Violation::new("place.line", rule));
    let different = line.0.iter().any(|at| Some(at) != line.0.first());
    if !different {
        return wrong("too_few_positions");
    }
    if line.0.len() > MAX_POSITIONS {
        return wrong("too_many_positions");
    }
    Ok(())
}

/// Checks what holds of an area before its positions are looked at.
pub fn check_area(area: &Polygon) -> Result<(), Violation> {
    let wrong = |rule| Err(Violation::new("place.polygon", rule));
    let ring = &area.exterior().0;
    if ring.len() < 4 {
        return wrong("too_few_positions");
    }
    let holes: usize = area.interiors().iter().map(|hole| hole.0.len()).sum();
    if ring.len() + holes > MAX_POSITIONS {
        return wrong("too_many_positions");
    }
    if ring.iter().all(|at| at.x.is_finite() && at.y.is_finite()) && !area.is_valid() {
        return wrong("not_valid");
    }
    Ok(())
}

/// The middle of a line, and the metres from there to its farthest vertex.
pub fn middle(
    line: &LineString,
    projection: &Projection,
) -> Result<((Position, Plane), f64), Violation> {
    let plane = projection.forward_shape(line);
    if Euclidean.length(&plane) > MAX_LENGTH_M {
        return Err(Violation::new("place.line", "too_long"));
    }
    let middle = plane
        .point_at_ratio_from_start(&Euclidean, 0.5)
        .ok_or_else(|| Violation::new("place.line", "too_few_positions"))?;
    Ok((anchor(middle, projection), farthest(middle, &plane)))
}

/// A point inside an area, and the metres from there to its farthest vertex.
pub fn inner_point(
    area: &Polygon,
    projection: &Projection,
) -> Result<((Position, Plane), f64), Violation> {
    let plane = projection.forward_shape(area);
    if plane.unsigned_area() > MAX_AREA_M2 {
        return Err(Violation::new("place.polygon", "too_large"));
    }
    let inner =
        plane.interior_point().ok_or_else(|| Violation::new("place.polygon", "not_valid"))?;
    Ok((anchor(inner, projection), farthest(inner, plane.exterior())))
}

fn anchor(at: Point, projection: &Projection) -> (Position, Plane) {
    let plane = Plane { east: at.x(), north: at.y() };
    (projection.inverse(plane), plane)
}

fn farthest(from: Point, line: &LineString) -> f64 {
    line.0.iter().map(|at| (at.x - from.x()).hypot(at.y - from.y())).fold(0.0, f64::max)
}
