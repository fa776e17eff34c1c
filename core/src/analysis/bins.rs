//! Weights put into the cells of a grid so that their positions survive.

use super::density::{Weighted, as_f64, as_f64_of, index};
use rayon::prelude::*;

/// Units in a weight of 1 in a bin: 2^30.
const BIN_UNITS: f64 = 1_073_741_824.0;

/// The weight of one point that is too much for [`nearest_small`].
pub(super) const HEAVIEST_POINT: f64 = 1_000_000.0;

/// A grid with a margin, into which points are binned.
pub(super) struct Frame {
    /// Western edge of the grid.
    pub(super) west: f64,
    /// Southern edge of the grid.
    pub(super) south: f64,
    /// One over the edge of a cell in metres.
    pub(super) cells_per_m: f64,
    /// Cells around the grid.
    pub(super) margin: f64,
    /// Columns, margins included.
    pub(super) columns: usize,
    /// Rows, margins included.
    pub(super) rows: usize,
}

impl Frame {
    /// The weight of each point, spread over the nearest cell and the eight
    /// around it in shares that keep its position and add a quarter of a cell
    /// of variance along each axis, wherever in the cell it lies.
    pub(super) fn bin(&self, points: &[Weighted]) -> Vec<f64> {
        let empty = || vec![0i64; self.columns * self.rows];
        let units = points
            .par_chunks(1 << 16)
            .fold(empty, |mut bins, points| {
                for point in points {
                    self.add(&mut bins, point);
                }
                bins
            })
            .reduce(empty, |mut all, bins| {
                all.iter_mut().zip(&bins).for_each(|(all, bin)| *all += bin);
                all
            });
        units.into_iter().map(|units| as_f64(units) / BIN_UNITS).collect()
    }

    fn add(&self, bins: &mut [i64], point: &Weighted) {
        let column = (point.at.east - self.west) * self.cells_per_m + self.margin;
        let row = (point.at.north - self.south) * self.cells_per_m + self.margin;
        let inside = column >= 1.0
            && row >= 1.0
            && column < as_f64_of(self.columns - 1)
            && row < as_f64_of(self.rows - 1);
        if !inside || !point.weight.is_finite() {
            return;
        }
        let (middle, line) = (index(column, self.columns), index(row, self.rows));
        let across = spline(column - as_f64_of(middle));
        let along = spline(row - as_f64_of(line));
        for (below, share) in along.iter().enumerate() {
            let first = (line + below - 1) * self.columns + middle - 1;
            let weight = point.weight * BIN_UNITS * share;
            for (bin, share) in bins[first..first + 3].iter_mut().zip(&across) {
                *bin += nearest_small(weight * share);
            }
        }
    }
}

/// The nearest whole number of a value below 2^51, ties to even, without a
/// branch: adding 1.5 × 2^52 leaves it in the low bits.
const fn nearest_small(value: f64) -> i64 {
    const SHIFT: f64 = 6_755_399_441_055_744.0;
    (value + SHIFT).to_bits().cast_signed() - SHIFT.to_bits().cast_signed()
}

/// Shares of the cell before, of the cell itself and of the cell after, for a
/// point `offset` of a cell's edge (0 to 1) into the cell.
fn spline(offset: f64) -> [f64; 3] {
    let middle = 0.75 - (offset - 0.5).powi(2);
    [0.5 * (1.0 - offset).powi(2), middle, 0.5 * offset.powi(2)]
}
