//! A kernel laid over every cell of a grid.

use super::Kernel;
use rayon::prelude::*;

/// What is left of a Gaussian's peak where a grid cuts it off.
pub const CUT: f64 = 1e-6;

/// Cells of a kernel: values at the centres of the cells around the middle one.
pub struct Stencil {
    kernel: Kernel,
    cell_m: f64,
    radius: usize,
    spread_m2: f64,
}

impl Stencil {
    /// A kernel for fields whose events have been spread by `spread_m2` square
    /// metres along each axis, 0 for a field that is exact.
    pub fn new(kernel: Kernel, cell_m: f64, spread_m2: f64) -> Self {
        let cells = (kernel.reach_m(CUT) / cell_m).floor();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a kernel reaches at most 600 km and a cell is no point"
        )]
        let radius = cells as usize;
        Self { kernel, cell_m, radius, spread_m2 }
    }

    /// Cells from the middle one to the last.
    pub const fn radius(&self) -> usize {
        self.radius
    }

    /// The sum of the kernel over all its cells, per square metre.
    pub fn total(&self) -> f64 {
        let side = |cell: usize| if cell == 0 { 1.0 } else { 2.0 };
        (0..=self.radius)
            .map(|row| {
                let cells = match self.kernel {
                    Kernel::Gaussian { .. } => {
                        (0..=self.radius).map(|cell| self.at(cell, row)).collect()
                    }
                    Kernel::Quartic { .. } => self.half_row(row),
                };
                let half: f64 = cells.iter().enumerate().map(|(c, value)| side(c) * value).sum();
                side(row) * half
            })
            .sum()
    }

    /// The kernel per square metre, `column` and `row` cells from its middle.
    fn at(&self, column: usize, row: usize) -> f64 {
        let squared = as_f64(column * column + row * row);
        self.kernel.at_spread(squared * self.cell_m * self.cell_m, self.spread_m2)
    }

    /// The sum over all cells of `field` times the kernel around them, for
    /// each of the `columns` × `rows` cells within a margin of
    /// [`Stencil::radius`] cells on each side, which `field` has in addition.
    ///
    /// Rows are spread over the threads of the pool; each is summed in one
    /// fixed order. A Gaussian costs cells × radius, a quartic cells × radius².
    pub fn convolve(&self, field: &[f64], columns: usize) -> Vec<f64> {
        match self.kernel {
            Kernel::Gaussian { .. } => self.convolve_by_axes(field, columns),
            Kernel::Quartic { .. } => self.convolve_by_rows(field, columns),
        }
    }

    /// A Gaussian is the product of one along each axis.
    fn convolve_by_axes(&self, field: &[f64], columns: usize) -> Vec<f64> {
        let width = columns + 2 * self.radius;
        let height = field.len() / width;
        let peak = self.at(0, 0);
        let across: Vec<f64> = (0..=self.radius).map(|cell| self.at(cell, 0)).collect();
        let along: Vec<f64> = across.iter().map(|value| value / peak).collect();
        let mut narrow = vec![0.0; columns * height];
        narrow.par_chunks_mut(columns).zip(field.par_chunks(width)).for_each(|(out, row)| {
            if row.iter().any(|&value| value > 0.0) {
                add_row(out, row, self.radius, &along);
            }
        });
        let rows = height - 2 * self.radius;
        let mut out = vec![0.0; columns * rows];
        out.par_chunks_mut(columns).enumerate().for_each(|(row, out)| {
            let line = |at: usize| &narrow[at * columns..(at + 1) * columns];
            let middle = row + self.radius;
            for (cell, &value) in across.iter().enumerate() {
                add_scaled(out, line(middle - cell), value);
                if cell > 0 {
                    add_scaled(out, line(middle + cell), value);
                }
            }
        });
        out
    }

    /// The kernel is the same above and below and to both sides: rows at one
    /// distance are added first, then cells at one distance.
    fn convolve_by_rows(&self, field: &[f64], columns: usize) -> Vec<f64> {
        let width = columns + 2 * self.radius;
        let rows = field.len() / width - 2 * self.radius;
        let values: Vec<Vec<f64>> = (0..=self.radius).map(|row| self.half_row(row)).collect();
        let mut out = vec![0.0; columns * rows];
        out.par_chunks_mut(columns).enumerate().for_each_init(
            || vec![0.0; width],
            |both, (row, out)| {
                let line = |at: usize| &field[at * width..(at + 1) * width];
                let middle = row + self.radius;
                for (distance, values) in values.iter().enumerate() {
                    both.copy_from_slice(line(middle - distance));
                    if distance > 0 {
                        add_scaled(both, line(middle + distance), 1.0);
                    }
                    if both.iter().any(|&value| value > 0.0) {
                        add_row(out, both, self.radius, values);
                    }
                }
            },
        );
        out
    }

    /// The kernel along one row, from the middle to its last cell.
    fn half_row(&self, row: usize) -> Vec<f64> {
        (0..=self.radius)
            .take_while(|column| column * column + row * row <= self.radius * self.radius)
            .map(|column| self.at(column, row))
            .collect()
    }
}

/// Cells that are summed side by side.
const LANES: usize = 8;

/// Adds to `out` the sum of `row` (with a margin of `radius` cells) times a
/// symmetric kernel.
fn add_row(out: &mut [f64], row: &[f64], radius: usize, kernel: &[f64]) {
    for (block, out) in out.chunks_mut(LANES).enumerate() {
        let first = radius + block * LANES;
        if let Ok(out) = <&mut [f64; LANES]>::try_from(&mut *out) {
            add_block(out, row, first, kernel);
        } else {
            for (at, out) in out.iter_mut().enumerate() {
                let middle = first + at;
                for (cell, &value) in kernel.iter().enumerate() {
                    *out += value * pair(row, middle, cell);
                }
            }
        }
    }
}

fn pair(row: &[f64], middle: usize, cell: usize) -> f64 {
    if cell == 0 { row[middle] } else { row[middle - cell] + row[middle + cell] }
}

fn add_block(out: &mut [f64; LANES], row: &[f64], first: usize, kernel: &[f64]) {
    let lanes = |at: usize| &row[at..at + LANES];
    let Some((&middle, sides)) = kernel.split_first() else { return };
    for (out, value) in out.iter_mut().zip(lanes(first)) {
        *out += middle * value;
    }
    for (cell, &value) in sides.iter().enumerate() {
        let (left, right) = (lanes(first - cell - 1), lanes(first + cell + 1));
        for lane in 0..LANES {
            out[lane] += value * (left[lane] + right[lane]);
        }
    }
}

fn add_scaled(out: &mut [f64], row: &[f64], factor: f64) {
    for (out, value) in out.iter_mut().zip(row) {
        *out += factor * value;
    }
}

#[expect(clippy::cast_precision_loss, reason = "a squared number of cells")]
const fn as_f64(value: usize) -> f64 {
    value as f64
}
