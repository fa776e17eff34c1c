//! Isobands: the ground where a surface lies between two values, as polygons.

use super::Surface;
use crate::domain::Violation;
use geo::{Area, BoundingRect, Contains};
use geo_types::{Coord, LineString, MultiPolygon, Point, Polygon};

/// The ground where a surface is at least `from` and less than `to`.
#[derive(Debug, Clone, PartialEq)]
pub struct Isoband {
    /// Lower break.
    pub from: f64,
    /// Upper break, `None` above the last.
    pub to: Option<f64>,
    /// Valid polygons with holes, in the plane of the surface: outer rings run
    /// counter-clockwise, holes clockwise (the right-hand rule of RFC 7946).
    pub shape: MultiPolygon<f64>,
}

/// Isobands of a surface between the given breaks, lowest first; a band
/// without ground is left out.
///
/// Marching squares between the centres of the cells, with linear
/// interpolation (Maple 2003); a saddle is joined when the mean of its four
/// corners reaches the break. Values beyond the grid count as 0. Bands share
/// their borders exactly and never overlap. Cost: cells × breaks, plus rings².
///
/// # Errors
/// Violates `breaks: not_ascending` unless all breaks are positive, finite and
/// ascending.
pub fn isobands(surface: &Surface, breaks: &[f64]) -> Result<Vec<Isoband>, Violation> {
    let ascending = breaks.windows(2).all(|pair| pair[0] < pair[1]);
    if !ascending || !breaks.iter().all(|value| value.is_finite() && *value > 0.0) {
        return Err(Violation::new("breaks", "not_ascending"));
    }
    let contours: Vec<_> = breaks.iter().map(|&level| Contour::at(surface, level)).collect();
    let bands = contours.iter().enumerate().map(|(index, contour)| {
        let above = contours.get(index + 1);
        let shape = assemble(contour.rings(), above.map(Contour::rings).unwrap_or_default());
        Isoband { from: breaks[index], to: breaks.get(index + 1).copied(), shape }
    });
    Ok(bands.filter(|band| !band.shape.0.is_empty()).collect())
}

/// Breaks of a legend as multiples of the mean: 1, 2, 3, 5 and 8 times. To be
/// computed once for a municipality and then kept, so that a colour means the
/// same next month. Empty unless the mean is positive.
#[must_use]
pub fn breaks_of_mean(mean: f64) -> Vec<f64> {
    let positive = mean.is_finite() && mean > 0.0;
    let multiples: &[f64] = if positive { &[1.0, 2.0, 3.0, 5.0, 8.0] } else { &[] };
    multiples.iter().map(|multiple| multiple * mean).collect()
}

/// The border of the ground at or above one level.
///
/// Corners are the centres of the cells with one more ring of zeros around
/// them. `next` leads from a crossed edge to the one that the border crosses
/// next, the high ground on its left.
struct Contour<'a> {
    surface: &'a Surface,
    level: f64,
    next: Vec<u32>,
}

/// No border crosses this edge.
const NONE: u32 = u32::MAX;

/// How far from both ends of an edge a crossing stays, in shares of the edge:
/// a border never runs through a corner, so that rings never touch.
const INSET: f64 = 1e-4;

impl<'a> Contour<'a> {
    fn at(surface: &'a Surface, level: f64) -> Self {
        let (width, height) = (surface.grid.columns() + 2, surface.grid.rows() + 2);
        let mut contour = Self { surface, level, next: vec![NONE; 2 * width * height] };
        for row in 0..height - 1 {
            for column in 0..width - 1 {
                contour.add_square(column, row);
            }
        }
        contour
    }

    /// The value at a corner: that of a cell, or 0 in the ring around them.
    fn value(&self, column: usize, row: usize) -> f64 {
        let grid = &self.surface.grid;
        let inside = (1..=grid.columns()).contains(&column) && (1..=grid.rows()).contains(&row);
        if inside { self.surface.values[(row - 1) * grid.columns() + column - 1] } else { 0.0 }
    }

    /// Adds the pieces of border within the square whose south-west corner is
    /// given.
    fn add_square(&mut self, column: usize, row: usize) {
        let corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
            .map(|(right, up)| self.value(column + right, row + up));
        let high = corners.map(|value| value >= self.level);
        let width = self.surface.grid.columns() + 2;
        let first = 2 * (row * width + column);
        // South, east, north, west; an edge has the number of its first corner,
        // twice, and one more when it runs north.
        let edges = [first, first + 3, first + 2 * width, first + 1];
        // Counter-clockwise around the square: the border leaves the ground
        // where a high corner is followed by a low one, and enters it where a
        // low one is followed by a high one.
        let joined = corners.iter().sum::<f64>() / 4.0 >= self.level;
        for side in 0..4 {
            let enters = !high[side] && high[(side + 1) % 4];
            if !enters {
                continue;
            }
            // From the edge where the high run ends back to the one where it
            // begins, the ground lies on the left; joined saddles cut off the
            // low corner instead.
            let mut run = side;
            let step = if joined && is_saddle(high) { 3 } else { 1 };
            loop {
                run = (run + step) % 4;
                if high[run] && !high[(run + 1) % 4] {
                    break;
                }
            }
            self.next[edges[run]] = narrow(edges[side]);
        }
    }

    /// Closed rings in the plane; the high ground lies on the left.
    fn rings(&self) -> Vec<LineString<f64>> {
        let mut next = self.next.clone();
        let mut rings = Vec::new();
        for start in 0..next.len() {
            let mut ring = Vec::new();
            let mut edge = start;
            while next[edge] != NONE {
                ring.push(self.crossing(edge));
                edge = std::mem::replace(&mut next[edge], NONE) as usize;
            }
            if let Some(&first) = ring.first() {
                ring.push(first);
                rings.push(LineString(ring));
            }
        }
        rings
    }

    /// Where the border crosses an edge.
    fn crossing(&self, edge: usize) -> Coord<f64> {
        let grid = &self.surface.grid;
        let width = grid.columns() + 2;
        let (column, row) = (edge / 2 % width, edge / 2 / width);
        let north = edge % 2 == 1;
        let (start, end) = if north {
            (self.value(column, row), self.value(column, row + 1))
        } else {
            (self.value(column, row), self.value(column + 1, row))
        };
        let share = INSET + (1.0 - 2.0 * INSET) * (self.level - start) / (end - start);
        let (right, up) = if north { (0.0, share) } else { (share, 0.0) };
        let extent = grid.extent();
        Coord {
            x: extent.west + (as_f64(column) - 0.5 + right) * grid.cell_m(),
            y: extent.south + (as_f64(row) - 0.5 + up) * grid.cell_m(),
        }
    }
}

/// Two opposite corners are high and the others low.
const fn is_saddle(high: [bool; 4]) -> bool {
    high[0] == high[2] && high[1] == high[3] && high[0] != high[1]
}

/// Polygons between two borders: rings of the upper border bound the band from
/// the other side and so are turned around. Then a ring that runs
/// counter-clockwise is an outer one, and a hole belongs to the smallest outer
/// ring around it.
fn assemble(lower: Vec<LineString<f64>>, upper: Vec<LineString<f64>>) -> MultiPolygon<f64> {
    let turned = upper.into_iter().map(|mut ring| {
        ring.0.reverse();
        ring
    });
    let (mut outers, mut holes) = (Vec::new(), Vec::new());
    for ring in lower.into_iter().chain(turned) {
        let polygon = Polygon::new(ring, Vec::new());
        let area = polygon.signed_area();
        if area > 0.0 { outers.push((area, polygon)) } else { holes.push(polygon) }
    }
    outers.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut polygons: Vec<_> = outers.into_iter().map(|(_, polygon)| polygon).collect();
    let bounds: Vec<_> = polygons.iter().map(BoundingRect::bounding_rect).collect();
    for hole in holes {
        let Some(&corner) = hole.exterior().0.first() else { continue };
        let around = |index: &usize| {
            bounds[*index].is_some_and(|bounds| bounds.contains(&corner))
                && Polygon::new(polygons[*index].exterior().clone(), Vec::new())
                    .contains(&Point(corner))
        };
        if let Some(index) = (0..polygons.len()).find(around) {
            polygons[index].interiors_push(hole.into_inner().0);
        }
    }
    MultiPolygon(polygons)
}

#[expect(clippy::cast_possible_truncation, reason = "a grid has at most 2^24 cells")]
const fn narrow(edge: usize) -> u32 {
    edge as u32
}

#[expect(clippy::cast_precision_loss, reason = "a grid has at most 2^24 cells")]
const fn as_f64(value: usize) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Plane;
    use crate::plane::Grid;
    use geo::Validation;
    use proptest::prelude::*;

    fn surface(columns: usize, values: &[f64]) -> Surface {
        let corner = Plane { east: 0.0, north: 0.0 };
        let grid = Grid::new(corner, 100.0, columns, values.len() / columns).unwrap();
        Surface { grid, values: values.to_vec() }
    }

    fn contains(shape: &MultiPolygon<f64>, at: Plane) -> bool {
        shape.contains(&Point::new(at.east, at.north))
    }

    #[test]
    fn a_single_peak_gives_a_diamond_half_way_to_its_neighbours() {
        let bands = isobands(&surface(3, &[0., 0., 0., 0., 2., 0., 0., 0., 0.]), &[1.0]).unwrap();
        assert_eq!(bands.len(), 1);
        assert!((bands[0].shape.unsigned_area() - 5000.0).abs() < 5.0);
        assert_eq!(bands[0].to, None);
    }

    #[test]
    fn a_basin_inside_a_ring_is_a_hole() {
        let mut values = vec![4.0; 25];
        values[12] = 0.0;
        let bands = isobands(&surface(5, &values), &[1.0]).unwrap();
        assert_eq!(bands[0].shape.0.len(), 1);
        assert_eq!(bands[0].shape.0[0].interiors().len(), 1);
    }

    #[test]
    fn a_peak_inside_a_basin_inside_a_ring_is_a_polygon_of_its_own() {
        let mut values = vec![4.0; 49];
        for cell in [16, 17, 18, 23, 25, 30, 31, 32] {
            values[cell] = 0.0;
        }
        let bands = isobands(&surface(7, &values), &[1.0]).unwrap();
        assert_eq!(bands[0].shape.0.len(), 2);
        let holes: Vec<_> = bands[0].shape.0.iter().map(|p| p.interiors().len()).collect();
        assert_eq!(holes.iter().sum::<usize>(), 1);
    }

    #[test]
    fn breaks_that_do_not_rise_are_refused() {
        for breaks in [&[2.0, 1.0][..], &[0.0], &[f64::NAN], &[1.0, 1.0]] {
            let refused = isobands(&surface(1, &[1.0]), breaks).unwrap_err();
            assert_eq!(refused, Violation::new("breaks", "not_ascending"));
        }
    }

    #[test]
    fn breaks_are_multiples_of_the_mean_and_none_without_a_mean() {
        assert_eq!(breaks_of_mean(2.0), [2.0, 4.0, 6.0, 10.0, 16.0]);
        assert!(breaks_of_mean(0.0).is_empty());
    }

    proptest! {
        #[test]
        fn bands_are_valid_counter_clockwise_and_hold_exactly_their_cells(
            columns in 1usize..9,
            values in prop::collection::vec(0u8..6, 1..80),
        ) {
            let rows = values.len().div_ceil(columns);
            let mut values: Vec<f64> = values.into_iter().map(f64::from).collect();
            values.resize(columns * rows, 0.0);
            let surface = surface(columns, &values);
            let bands = isobands(&surface, &[1.0, 2.0, 4.5]).unwrap();
            for band in &bands {
                prop_assert!(band.shape.is_valid(), "{:?}", band.shape.validation_errors());
                for polygon in &band.shape {
                    prop_assert!(Polygon::new(polygon.exterior().clone(), vec![]).signed_area() > 0.0);
                    for hole in polygon.interiors() {
                        prop_assert!(Polygon::new(hole.clone(), vec![]).signed_area() < 0.0);
                    }
                }
            }
            for (cell, &value) in values.iter().enumerate() {
                for band in &bands {
                    let inside = value >= band.from && band.to.is_none_or(|to| value < to);
                    prop_assert_eq!(contains(&band.shape, surface.grid.centre(cell)), inside);
                }
            }
        }
    }
}
