//! A wide Gaussian laid over the cells of a grid from bins of several cells.

use super::bins::Frame;
use super::convolve::{CUT, Real};
use super::splat::{as_f64_of, index};
use super::{Kernel, Weighted};
use crate::domain::Violation;
use crate::plane::Grid;
use rayon::prelude::*;

/// Bins per standard deviation: so many leave a Gaussian right to 0.2 ‰ of the
/// largest value.
const BINS_A_SIGMA: f64 = 5.0;

/// Cells that are summed side by side.
const LANES: usize = 32;

/// A Gaussian that is so wide that events can be counted in bins of several
/// cells: the fewer bins, the less there is to sum, while each cell still
/// takes the kernel at its own centre.
pub(super) struct Coarse {
    /// Cells along the edge of a bin.
    cells: usize,
    bin_m: f64,
    /// Bins that the kernel reaches beyond the grid.
    margin: usize,
    /// For each place of a cell in its bin the kernel at the bins around, from
    /// `margin` bins before to as many after, along a row.
    across: Vec<Vec<f32>>,
    /// The same along a column, as parts of the peak.
    along: Vec<Vec<f32>>,
}

impl Coarse {
    /// `None` unless the kernel is a Gaussian of ten cells or more.
    pub(super) fn new(kernel: Kernel, cell_m: f64) -> Option<Self> {
        let Kernel::Gaussian { sigma_m } = kernel else { return None };
        let cells = index(sigma_m / (BINS_A_SIGMA * cell_m), Grid::LARGEST);
        if cells < 2 {
            return None;
        }
        let bin_m = cell_m * as_f64_of(cells);
        let margin = index(kernel.reach_m(CUT) / bin_m, Grid::LARGEST) + 1;
        let added_by_binning = bin_m * bin_m / 4.0;
        let peak = kernel.at_spread(0.0, added_by_binning);
        let taps = |scale: f64| -> Vec<Vec<f32>> {
            let tap = |place: usize, bin: usize| {
                let centre = (as_f64_of(place) + 0.5) / as_f64_of(cells);
                let off = (as_f64_of(bin) + 0.5 - as_f64_of(margin) - centre) * bin_m;
                f32::of(kernel.at_spread(off * off, added_by_binning) * scale)
            };
            (0..cells).map(|at| (0..=2 * margin).map(|bin| tap(at, bin)).collect()).collect()
        };
        let (across, along) = (taps(1.0), taps(peak.recip()));
        Some(Self { cells, bin_m, margin, across, along })
    }

    /// The density at the centre of each cell, in events per square metre.
    /// Rows are spread over the threads of the pool; each is summed in one
    /// fixed order.
    ///
    /// # Errors
    /// As [`Frame::bin`].
    pub(super) fn density(&self, grid: &Grid, points: &[Weighted]) -> Result<Vec<f64>, Violation> {
        let bins_of = |cells: usize| cells.div_ceil(self.cells);
        let blocks = bins_of(grid.columns()).div_ceil(LANES);
        let frame = Frame {
            west: grid.extent().west,
            south: grid.extent().south,
            cells_per_m: self.bin_m.recip(),
            margin: as_f64_of(self.margin),
            columns: (blocks * LANES + 2 * self.margin).next_multiple_of(LANES),
            rows: bins_of(grid.rows()) + 2 * self.margin,
        };
        let bins = frame.bin(points)?;
        let mut values = vec![0.0; grid.len()];
        values.par_chunks_mut(grid.columns()).enumerate().for_each_init(
            || vec![0.0; frame.columns],
            |line, (row, values)| {
                let first = row / self.cells * frame.columns;
                for (block, line) in line.chunks_exact_mut(LANES).enumerate() {
                    let taps = &self.along[row % self.cells];
                    let start = first + block * LANES;
                    line.copy_from_slice(&sums(&bins[start..], frame.columns, taps));
                }
                for (place, taps) in self.across.iter().enumerate() {
                    for start in (0..blocks).map(|block| block * LANES) {
                        let cells = values.iter_mut().skip(start * self.cells + place);
                        let found = sums(&line[start..], 1, taps);
                        for (value, sum) in cells.step_by(self.cells).zip(found) {
                            *value = f64::from(sum).max(0.0);
                        }
                    }
                }
            },
        );
        Ok(values)
    }
}

/// The sums of the lanes at the start of `field` and of those each `stride`
/// further on, times their taps.
fn sums(field: &[f32], stride: usize, taps: &[f32]) -> [f32; LANES] {
    let mut sums = [0.0; LANES];
    for (at, &tap) in taps.iter().enumerate() {
        let lanes = &field[at * stride..at * stride + LANES];
        for (sum, &value) in sums.iter_mut().zip(lanes) {
            *sum += tap * value;
        }
    }
    sums
}
