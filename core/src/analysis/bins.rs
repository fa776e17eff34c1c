//! Weights put into the cells of a grid so that their positions survive.

use super::Weighted;
use super::convolve::Real;
use super::splat::{as_f64, as_f64_of, nearest_small};
use crate::domain::Violation;
use rayon::prelude::*;

/// Units in a weight of 1 in a bin: 2^30.
const BIN_UNITS: f64 = 1_073_741_824.0;

/// The weight of one point that is too much for [`nearest_small`].
const HEAVIEST_POINT: f64 = 1_000_000.0;

/// The weight of all points that is too much for the 64 bits of a bin.
const HEAVIEST: f64 = 8e9;

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
    ///
    /// # Errors
    /// Violates `points: too_heavy` when one weighs [`HEAVIEST_POINT`] or all
    /// together [`HEAVIEST`].
    pub(super) fn bin(&self, points: &[Weighted]) -> Result<Vec<f32>, Violation> {
        // One grid a thread: sums of whole units are the same however many.
        let share = points.len().div_ceil(rayon::current_num_threads()).max(1 << 14);
        let (mut units, weight) = points
            .par_chunks(share)
            .map(|points| self.bin_some(points))
            .reduce_with(|(mut all, weight), (bins, more)| {
                all.iter_mut().zip(&bins).for_each(|(all, bin)| *all = all.wrapping_add(*bin));
                (all, weight + more)
            })
            .unwrap_or_else(|| (vec![0; self.columns * self.rows], 0.0));
        if weight < HEAVIEST {
            units.truncate(self.columns * self.rows);
            Ok(units.into_iter().map(|units| f32::of(as_f64(units) / BIN_UNITS)).collect())
        } else {
            Err(Violation::new("points", "too_heavy"))
        }
    }

    /// Bins with the weight of all points, which is infinite where one is too
    /// heavy by itself.
    fn bin_some(&self, points: &[Weighted]) -> (Vec<i64>, f64) {
        // One more than there are cells: four at a time reach beyond the last.
        let mut bins = vec![0; self.columns * self.rows + 1];
        let (inner, mut weight) = (Inner::of(self), 0.0);
        for point in points.iter().filter(|point| point.is_number()) {
            let heavy = point.weight.abs();
            weight += if heavy < HEAVIEST_POINT { heavy } else { f64::INFINITY };
            inner.add(&mut bins, point);
        }
        (bins, weight)
    }
}

/// What is asked of a frame for each point, a copy that stays in registers.
struct Inner {
    west: f64,
    south: f64,
    cells_per_m: f64,
    margin: f64,
    last_column: f64,
    last_row: f64,
    columns: usize,
}

impl Inner {
    fn of(frame: &Frame) -> Self {
        Self {
            west: frame.west,
            south: frame.south,
            cells_per_m: frame.cells_per_m,
            margin: frame.margin,
            last_column: as_f64_of(frame.columns - 1),
            last_row: as_f64_of(frame.rows - 1),
            columns: frame.columns,
        }
    }

    fn add(&self, bins: &mut [i64], point: &Weighted) {
        let column = (point.at.east - self.west) * self.cells_per_m + self.margin;
        let row = (point.at.north - self.south) * self.cells_per_m + self.margin;
        #[expect(clippy::needless_bitwise_bool, reason = "one branch: nearly all are inside")]
        let inside =
            (column > 1.0) & (row > 1.0) & (column < self.last_column) & (row < self.last_row);
        if !inside {
            return;
        }
        let ((middle, across), (line, along)) = (cell_of(column), cell_of(row));
        // Four at a time, of which the last is nothing: as fast as two.
        let [before, own, after] = spline(across).map(|share| point.weight * BIN_UNITS * share);
        let weights = [before, own, after, 0.0];
        let mut first = (line - 1) * self.columns + middle - 1;
        for share in spline(along) {
            if let Ok(bins) = <&mut [i64; 4]>::try_from(&mut bins[first..first + 4]) {
                for (bin, weight) in bins.iter_mut().zip(weights) {
                    *bin = bin.wrapping_add(nearest_small(share * weight));
                }
            }
            first += self.columns;
        }
    }
}

/// The cell of a place above 1 along an axis, and how far from the cell's
/// middle it is, from -0.5 to 0.5; an edge is in either cell, which comes to
/// the same shares. Adding 2^52 rounds without a branch.
#[expect(clippy::cast_possible_truncation, reason = "a place is below 2^32")]
const fn cell_of(place: f64) -> (usize, f64) {
    const SHIFT: f64 = 4_503_599_627_370_496.0;
    let off = place - 0.5;
    let shifted = off + SHIFT;
    ((shifted.to_bits() - SHIFT.to_bits()) as usize, off - (shifted - SHIFT))
}

/// Shares of the cell before, of the cell itself and of the cell after, for a
/// point `off` cells from the middle of its cell.
fn spline(off: f64) -> [f64; 3] {
    [0.5 * (0.5 - off).powi(2), 0.75 - off.powi(2), 0.5 * (0.5 + off).powi(2)]
}
