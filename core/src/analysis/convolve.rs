//! A kernel laid over every cell of a grid.

use super::Kernel;
use rayon::prelude::*;
use std::ops::{Add, AddAssign, Mul};

/// What is left of a Gaussian's peak where a grid cuts it off.
pub const CUT: f64 = 1e-5;

/// A number of a grid: `f64` for what is computed with, `f32`, twice as fast
/// and right to 1e-6, for what is only shown.
pub trait Real:
    Copy + Default + PartialOrd + Send + Sync + AddAssign + Add<Output = Self> + Mul<Output = Self>
{
    /// The nearest number of this kind.
    fn of(value: f64) -> Self;
}

impl Real for f64 {
    fn of(value: f64) -> Self {
        value
    }
}

impl Real for f32 {
    #[expect(clippy::cast_possible_truncation, reason = "the nearest number is what is asked for")]
    fn of(value: f64) -> Self {
        value as Self
    }
}

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
    pub fn convolve<T: Real>(&self, field: &[T], columns: usize) -> Vec<T> {
        match self.kernel {
            Kernel::Gaussian { .. } => self.convolve_by_axes(field, columns),
            Kernel::Quartic { .. } => self.convolve_by_rows(field, columns),
        }
    }

    /// A Gaussian is the product of one along each axis.
    fn convolve_by_axes<T: Real>(&self, field: &[T], columns: usize) -> Vec<T> {
        let width = columns + 2 * self.radius;
        let height = field.len() / width;
        let peak = self.at(0, 0);
        let across: Vec<f64> = (0..=self.radius).map(|cell| self.at(cell, 0)).collect();
        let along: Vec<T> = across.iter().map(|value| T::of(value / peak)).collect();
        let across: Vec<T> = across.into_iter().map(T::of).collect();
        let narrow = convolve_rows(field, width, &along);
        let turned = convolve_rows(&transposed(&narrow, columns), height, &across);
        transposed(&turned, height - 2 * self.radius)
    }

    /// The kernel is the same above and below and to both sides: rows at one
    /// distance are added first, then cells at one distance.
    fn convolve_by_rows<T: Real>(&self, field: &[T], columns: usize) -> Vec<T> {
        let width = columns + 2 * self.radius;
        let rows = field.len() / width - 2 * self.radius;
        let half_row = |row| self.half_row(row).into_iter().map(T::of).collect();
        let values: Vec<Vec<T>> = (0..=self.radius).map(half_row).collect();
        let mut out = vec![T::default(); columns * rows];
        out.par_chunks_mut(columns).enumerate().for_each_init(
            || vec![T::default(); width],
            |both, (row, out)| {
                let line = |at: usize| &field[at * width..(at + 1) * width];
                let middle = row + self.radius;
                for (distance, values) in values.iter().enumerate() {
                    both.copy_from_slice(line(middle - distance));
                    if distance > 0 {
                        for (both, &other) in both.iter_mut().zip(line(middle + distance)) {
                            *both += other;
                        }
                    }
                    if !is_empty(both) {
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

/// Each row of `field`, `width` long, with a symmetric kernel laid over it; its
/// margins, as wide as the kernel, are used up.
fn convolve_rows<T: Real>(field: &[T], width: usize, kernel: &[T]) -> Vec<T> {
    let radius = kernel.len() - 1;
    let columns = width - 2 * radius;
    let mut out = vec![T::default(); field.len() / width * columns];
    out.par_chunks_mut(columns).zip(field.par_chunks(width)).for_each(|(out, row)| {
        if !is_empty(row) {
            add_row(out, row, radius, kernel);
        }
    });
    out
}

fn is_empty<T: Real>(row: &[T]) -> bool {
    row.iter().all(|value| *value == T::default())
}

/// Rows, each `width` long, turned into columns.
fn transposed<T: Real>(field: &[T], width: usize) -> Vec<T> {
    /// Columns that are turned at a time: what a line of the cache holds.
    const STRIP: usize = 16;
    let height = field.len() / width;
    let mut out = vec![T::default(); field.len()];
    out.par_chunks_mut(height * STRIP).enumerate().for_each(|(strip, out)| {
        for (row, values) in field.chunks_exact(width).enumerate() {
            let first = strip * STRIP;
            let values = &values[first..(first + STRIP).min(width)];
            for (column, &value) in values.iter().enumerate() {
                out[column * height + row] = value;
            }
        }
    });
    out
}

/// Cells that are summed side by side.
const LANES: usize = 16;

/// Adds to `out` the sum of `row` (with a margin of `radius` cells) times a
/// symmetric kernel.
fn add_row<T: Real>(out: &mut [T], row: &[T], radius: usize, kernel: &[T]) {
    for (block, out) in out.chunks_mut(LANES).enumerate() {
        let first = radius + block * LANES;
        if let Ok(out) = <&mut [T; LANES]>::try_from(&mut *out) {
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

fn pair<T: Real>(row: &[T], middle: usize, cell: usize) -> T {
    if cell == 0 { row[middle] } else { row[middle - cell] + row[middle + cell] }
}

fn add_block<T: Real>(out: &mut [T; LANES], row: &[T], first: usize, kernel: &[T]) {
    let lanes = |at: usize| &row[at..at + LANES];
    let Some((&middle, sides)) = kernel.split_first() else { return };
    let mut sums = *out;
    for (sum, &value) in sums.iter_mut().zip(lanes(first)) {
        *sum += middle * value;
    }
    for (cell, &value) in sides.iter().enumerate() {
        let (left, right) = (lanes(first - cell - 1), lanes(first + cell + 1));
        for lane in 0..LANES {
            sums[lane] += value * (left[lane] + right[lane]);
        }
    }
    *out = sums;
}

#[expect(clippy::cast_precision_loss, reason = "a squared number of cells")]
const fn as_f64(value: usize) -> f64 {
    value as f64
}
