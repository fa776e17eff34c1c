//! One event laid over the cells within its reach, in whole units.

use super::{Kernel, Weighted};
use crate::domain::Plane;
use crate::plane::Grid;
use std::ops::Range;

/// Units in the peak of a kernel: 2^40.
pub(super) const UNITS: f64 = 1_099_511_627_776.0;

/// What is left of a Gaussian's peak where the exact path cuts it off.
const CUT: f64 = 1e-13;

/// The cells within reach of an event and what it adds to each, in units of
/// 2⁻⁴⁰ of the kernel's peak. Whole units add up to the same sum in any order,
/// and a negative weight takes away the very units that were added.
pub(super) struct Splat {
    /// Columns within reach.
    pub(super) columns: Range<usize>,
    /// Rows within reach.
    pub(super) rows: Range<usize>,
    kernel: Kernel,
    /// Of each column: the squared distance over R² (quartic) or the factor of
    /// a Gaussian.
    across: Vec<f64>,
    /// The same of each row.
    along: Vec<f64>,
    scale: f64,
}

impl Splat {
    /// Cost: one exponential a row and column with a Gaussian.
    pub(super) fn new(grid: &Grid, kernel: Kernel, point: Weighted) -> Self {
        let (columns, rows) = window(grid, point.at, kernel.reach_m(CUT));
        let part = |offset: f64| match kernel {
            Kernel::Quartic { radius_m } => (offset / radius_m).powi(2),
            Kernel::Gaussian { sigma_m } => (-0.5 * (offset / sigma_m).powi(2)).exp(),
        };
        let first = grid.centre(0);
        let cell_m = grid.cell_m();
        let across =
            columns.clone().map(|at| part(first.east + as_f64_of(at) * cell_m - point.at.east));
        let along =
            rows.clone().map(|at| part(first.north + as_f64_of(at) * cell_m - point.at.north));
        let (across, along) = (across.collect(), along.collect());
        Self { columns, rows, kernel, across, along, scale: UNITS * point.weight }
    }

    /// Whether no cell gets anything: the event lies beyond the reach of all.
    pub(super) fn is_nothing(&self) -> bool {
        let mut line = vec![0; self.columns.len()];
        self.rows.clone().all(|row| {
            self.add(row, self.columns.start, &mut line);
            line.iter().all(|&units| units == 0)
        })
    }

    /// Adds to `out`, the cells of the row `row` from the column `from` on,
    /// those of them that lie within reach.
    pub(super) fn add(&self, row: usize, from: usize, out: &mut [i64]) {
        let start = self.columns.start.max(from);
        let end = self.columns.end.min(from + out.len());
        if start >= end {
            return;
        }
        let out = &mut out[start - from..end - from];
        let across = &self.across[start - self.columns.start..end - self.columns.start];
        let along = self.along[row - self.rows.start];
        match self.kernel {
            Kernel::Quartic { .. } => self.lay(out, across, |across| {
                let rest = (1.0 - along - across).max(0.0);
                rest * rest
            }),
            Kernel::Gaussian { .. } => self.lay(out, across, |across| along * across),
        }
    }

    fn lay(&self, out: &mut [i64], across: &[f64], share: impl Fn(f64) -> f64) {
        /// Below 2^51: what [`nearest_small`] can round.
        const SMALL: f64 = 2_251_799_813_685_248.0;
        if self.scale.abs() < SMALL {
            for (out, &across) in out.iter_mut().zip(across) {
                *out += nearest_small(self.scale * share(across));
            }
        } else {
            for (out, &across) in out.iter_mut().zip(across) {
                *out += nearest(self.scale * share(across));
            }
        }
    }
}

/// Columns and rows of the cells whose centres may lie within `reach`.
fn window(grid: &Grid, at: Plane, reach: f64) -> (Range<usize>, Range<usize>) {
    let (extent, cell_m) = (grid.extent(), grid.cell_m());
    let range = |offset: f64, cells: usize| {
        let first = ((offset - reach) / cell_m - 0.5).ceil();
        let last = ((offset + reach) / cell_m - 0.5).floor();
        index(first, cells)..index(last + 1.0, cells)
    };
    (range(at.east - extent.west, grid.columns()), range(at.north - extent.south, grid.rows()))
}

/// The nearest whole number of a value below 2^51, ties to even, without a
/// branch: adding 1.5 × 2^52 leaves it in the low bits.
pub(super) const fn nearest_small(value: f64) -> i64 {
    const SHIFT: f64 = 6_755_399_441_055_744.0;
    (value + SHIFT).to_bits().cast_signed() - SHIFT.to_bits().cast_signed()
}

#[expect(clippy::cast_possible_truncation, reason = "weights are limited so that sums fit")]
const fn nearest(value: f64) -> i64 {
    value.round_ties_even() as i64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0 to the number of cells"
)]
pub(super) fn index(value: f64, end: usize) -> usize {
    value.clamp(0.0, as_f64_of(end)) as usize
}

#[expect(clippy::cast_precision_loss, reason = "2^-53 of the value is far below what is shown")]
pub(super) const fn as_f64(units: i64) -> f64 {
    units as f64
}

#[expect(clippy::cast_precision_loss, reason = "a grid has at most 2^24 cells")]
pub(super) const fn as_f64_of(cells: usize) -> f64 {
    cells as f64
}
