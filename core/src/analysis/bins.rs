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
        let mut weight = 0.0;
        for point in points.iter().filter(|point| point.is_number()) {
            let heavy = point.weight.abs();
            weight += if heavy < HEAVIEST_POINT { heavy } else { f64::INFINITY };
            self.add(&mut bins, point);
        }
        (bins, weight)
    }

    fn add(&self, bins: &mut [i64], point: &Weighted) {
        let column = (point.at.east - self.west) * self.cells_per_m + self.margin;
        let row = (point.at.north - self.south) * self.cells_per_m + self.margin;
        let inside = column >= 1.0
            && row >= 1.0
            && column < as_f64_of(self.columns - 1)
            && row < as_f64_of(self.rows - 1);
        if !inside {
            return;
        }
        let (middle, line) = (whole(column), whole(row));
        let across = spline(column - as_f64_of(middle));
        let along = spline(row - as_f64_of(line));
        // Four at a time, of which the last is nothing: as fast as two.
        let [before, own, after] = across.map(|share| point.weight * BIN_UNITS * share);
        let weights = [before, own, after, 0.0];
        let mut first = (line - 1) * self.columns + middle - 1;
        for share in along {
            if let Ok(bins) = <&mut [i64; 4]>::try_from(&mut bins[first..first + 4]) {
                for (bin, weight) in bins.iter_mut().zip(weights) {
                    *bin = bin.wrapping_add(nearest_small(share * weight));
                }
            }
            first += self.columns;
        }
    }
}

/// The whole part of a value from 0 to below 2^32.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 2^32")]
const fn whole(value: f64) -> usize {
    value as u32 as usize
}

/// Shares of the cell before, of the cell itself and of the cell after, for a
/// point `offset` of a cell's edge (0 to 1) into the cell.
fn spline(offset: f64) -> [f64; 3] {
    let middle = 0.75 - (offset - 0.5).powi(2);
    [0.5 * (1.0 - offset).powi(2), middle, 0.5 * offset.powi(2)]
}
