//! How much of each cell of a grid a shape covers: land, or a district.

use super::Grid;
use geo_types::{LineString, MultiPolygon};

/// The share of each cell of a grid, 0 to 1, that a shape covers.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    grid: Grid,
    shares: Vec<f64>,
}

/// Lines that are laid through each row of cells.
const LINES: u32 = 8;

impl Coverage {
    /// The coverage of a shape in the plane (x = east), even-odd.
    ///
    /// Eight lines through each row of cells are cut exactly, so shares are
    /// exact along a row and sampled across it: a coast is right to about 2 %
    /// of a cell. Cost: edges × lines they cross, plus cells.
    #[must_use]
    pub fn of_shape(grid: Grid, shape: &MultiPolygon<f64>) -> Self {
        let lines = grid.rows() * LINES as usize;
        let mut crossings = vec![Vec::new(); lines];
        for polygon in shape {
            add_crossings(&grid, polygon.exterior(), &mut crossings);
            for hole in polygon.interiors() {
                add_crossings(&grid, hole, &mut crossings);
            }
        }
        let mut shares = vec![0.0; grid.len()];
        for (line, cuts) in crossings.iter_mut().enumerate() {
            cuts.sort_by(f64::total_cmp);
            let first = line / LINES as usize * grid.columns();
            let row = &mut shares[first..first + grid.columns()];
            for inside in cuts.chunks_exact(2) {
                cover(row, inside[0], inside[1]);
            }
        }
        Self { grid, shares }
    }

    /// Full coverage: every cell counts wholly.
    #[must_use]
    pub fn full(grid: Grid) -> Self {
        Self { grid, shares: vec![1.0; grid.len()] }
    }

    /// The grid.
    #[must_use]
    pub const fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The share of each cell, by index.
    #[must_use]
    pub fn shares(&self) -> &[f64] {
        &self.shares
    }

    /// The covered area in square kilometres.
    #[must_use]
    pub fn km2(&self) -> f64 {
        self.shares.iter().sum::<f64>() * self.grid.cell_km2()
    }
}

/// Notes where a ring crosses each line, in columns from the grid's west.
fn add_crossings(grid: &Grid, ring: &LineString<f64>, crossings: &mut [Vec<f64>]) {
    let extent = grid.extent();
    let (cell_m, lines) = (grid.cell_m(), f64::from(LINES));
    // Lines lie in the middle of their strips: line i at (i + 0.5) / LINES rows.
    let height = |y: f64| (y - extent.south) / cell_m * lines - 0.5;
    for edge in ring.lines() {
        let (mut low, mut high) = (edge.start, edge.end);
        if low.y > high.y {
            std::mem::swap(&mut low, &mut high);
        }
        let first = index(height(low.y).ceil(), crossings.len());
        let end = index(height(high.y).ceil(), crossings.len());
        let slope = (high.x - low.x) / (high.y - low.y);
        for (line, cuts) in crossings.iter_mut().enumerate().take(end).skip(first) {
            let y = extent.south + (as_f64(line) + 0.5) / lines * cell_m;
            cuts.push((low.x + (y - low.y) * slope - extent.west) / cell_m);
        }
    }
}

/// Adds one line's stretch from `start` to `end` (in columns) to a row.
fn cover(row: &mut [f64], start: f64, end: f64) {
    let width = as_f64(row.len());
    let (start, end) = (start.clamp(0.0, width), end.clamp(0.0, width));
    let weight = 1.0 / f64::from(LINES);
    let first = index(start.floor(), row.len());
    for (column, share) in row.iter_mut().enumerate().skip(first) {
        let west = as_f64(column);
        if west >= end {
            break;
        }
        *share += weight * (end.min(west + 1.0) - start.max(west)).max(0.0);
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0 to the number of cells"
)]
fn index(value: f64, end: usize) -> usize {
    value.clamp(0.0, as_f64(end)) as usize
}

#[expect(clippy::cast_precision_loss, reason = "a grid has at most 2^24 cells of 8 lines")]
const fn as_f64(value: usize) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Plane;
    use geo::Area;
    use geo_types::{Polygon, polygon};

    fn grid() -> Grid {
        Grid::new(Plane { east: 0.0, north: 0.0 }, 10.0, 20, 10).unwrap()
    }

    #[test]
    fn a_rectangle_covers_cells_by_their_share() {
        let shape: Polygon<f64> =
            polygon![(x: 5.0, y: 0.0), (x: 25.0, y: 0.0), (x: 25.0, y: 15.0), (x: 5.0, y: 15.0)];
        let coverage = Coverage::of_shape(grid(), &shape.into());
        for (cell, share) in [(0, 0.5), (1, 1.0), (2, 0.5), (20, 0.25), (21, 0.5), (40, 0.0)] {
            assert!((coverage.shares()[cell] - share).abs() < 1e-12, "cell {cell}");
        }
    }

    #[test]
    fn holes_are_not_covered_and_what_lies_outside_the_grid_is_left_out() {
        let shape: Polygon<f64> = polygon!(
            exterior: [(x: -50.0, y: -50.0), (x: 100.0, y: -50.0), (x: 100.0, y: 100.0), (x: -50.0, y: 100.0)],
            interiors: [[(x: 20.0, y: 20.0), (x: 20.0, y: 60.0), (x: 60.0, y: 60.0), (x: 60.0, y: 20.0)]],
        );
        let coverage = Coverage::of_shape(grid(), &shape.into());
        assert!((coverage.km2() - (10_000.0 - 1600.0) / 1e6).abs() < 1e-12);
        assert!(coverage.shares()[3 * 20 + 3].abs() < 1e-12);
    }

    #[test]
    fn a_slanted_shape_keeps_its_area_within_a_tenth_of_a_percent() {
        let shape: Polygon<f64> = polygon![(x: 3.0, y: 4.0), (x: 190.0, y: 31.0), (x: 120.0, y: 96.0), (x: 15.0, y: 71.0)];
        let area = shape.unsigned_area();
        let coverage = Coverage::of_shape(grid(), &shape.into());
        assert!((coverage.km2() * 1e6 / area - 1.0).abs() < 1e-3);
    }
}
