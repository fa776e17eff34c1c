//! Kernel density: how many events a square kilometre sees in a year.
//!
//! A picture, not a test: it says where events are many, not whether there are
//! more than chance explains.

use super::Kernel;
use super::bins::{Frame, HEAVIEST_POINT};
use super::convolve::Stencil;
use crate::domain::{Plane, Violation};
use crate::plane::Grid;

/// An event with the number it counts for, mostly 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighted {
    /// Where.
    pub at: Plane,
    /// How much it counts.
    pub weight: f64,
}

/// A value for each cell of a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    /// The grid.
    pub grid: Grid,
    /// Values by index of the cell.
    pub values: Vec<f64>,
}

impl Surface {
    /// Each value times `factor`.
    #[must_use]
    pub fn scaled(mut self, factor: f64) -> Self {
        for value in &mut self.values {
            *value *= factor;
        }
        self
    }

    /// A density of events per square metre in a window as events per square
    /// kilometre and year.
    #[must_use]
    pub fn per_km2_year(self, window_days: f64) -> Self {
        self.scaled(1e6 * DAYS_OF_YEAR / window_days)
    }
}

/// Mean length of a year in days.
pub const DAYS_OF_YEAR: f64 = 365.25;

/// Kernel density at the centre of each cell, in events per square metre.
///
/// Exact while that is cheap (below some 20 million cells touched) or cells
/// are coarse beside the kernel; else each event is spread over nine cells by a
/// quadratic spline (Hockney and Eastwood 1981), and the kernel, less the
/// variance that this adds, is laid over the cells: for σ of four cells or
/// more right to 0.4 ‰ of the largest value with a Gaussian; with a quartic to
/// about (cell / R)² of one event's peak, at the rim of that event. Both are independent of the
/// order of the events and of the number of threads, bit for bit. An event
/// whose position or weight is not a number adds nothing; events outside the
/// grid count as far as the kernel reaches in.
///
/// # Errors
/// Violates `points: too_heavy` when weights sum to 4 million or more on the
/// exact path; on the binned one when one weighs a million, or all together
/// weigh 8 thousand million.
pub fn density(grid: &Grid, kernel: Kernel, points: &[Weighted]) -> Result<Surface, Violation> {
    let stencil = Stencil::new(kernel, grid.cell_m(), 0.0);
    let touched = (2 * stencil.radius() + 1).pow(2).saturating_mul(points.len());
    let coarse = kernel.sigma_m() < COARSEST_BINNING * grid.cell_m();
    if touched <= CHEAP && total(points) < Sums::HEAVIEST || coarse {
        let mut sums = Sums::new(*grid, kernel);
        sums.add_all(points)?;
        Ok(sums.surface())
    } else {
        binned(grid, kernel, points)
    }
}

/// The exact kernel density at one place, in events per square metre.
/// Cost: one kernel a point.
#[must_use]
pub fn density_at(at: Plane, kernel: Kernel, points: &[Weighted]) -> f64 {
    points
        .iter()
        .filter(|point| is_number(point))
        .map(|point| point.weight * kernel.at(squared(at, point.at)))
        .sum()
}

/// Cells that the exact path may touch before binning is faster.
const CHEAP: usize = 20_000_000;

/// Cells per standard deviation below which binning is too coarse.
const COARSEST_BINNING: f64 = 2.0;

/// A density that grows and shrinks by single events, exactly: values are
/// whole multiples of 2⁻⁴⁰ of the kernel's peak, so that adding and removing
/// in any order restores every bit, and the sum of months is the year.
#[derive(Debug, Clone, PartialEq)]
pub struct Sums {
    grid: Grid,
    kernel: Kernel,
    units: Vec<i64>,
    weight: f64,
}

/// Units in the peak of a kernel: 2^40.
const UNITS: f64 = 1_099_511_627_776.0;

impl Sums {
    /// The weight that is too much for the exact path.
    pub const HEAVIEST: f64 = 4_000_000.0;

    /// A density without events.
    #[must_use]
    pub fn new(grid: Grid, kernel: Kernel) -> Self {
        Self { grid, kernel, units: vec![0; grid.len()], weight: 0.0 }
    }

    /// Adds an event; a negative weight takes it away again.
    ///
    /// Cost: the cells within reach of the kernel.
    ///
    /// # Errors
    /// Violates `points: too_heavy` when the weights, signs left aside, sum to
    /// [`Sums::HEAVIEST`] or more.
    pub fn add(&mut self, point: Weighted) -> Result<(), Violation> {
        if !is_number(&point) {
            return Ok(());
        }
        self.weight += point.weight.abs();
        if self.weight >= Self::HEAVIEST {
            return Err(Violation::new("points", "too_heavy"));
        }
        let reach = self.kernel.reach_m(EXACT_CUT);
        let (columns, rows) = self.window(point.at, reach);
        let scale = UNITS * point.weight / self.kernel.peak();
        for row in rows {
            for column in columns.clone() {
                let cell = row * self.grid.columns() + column;
                let value = self.kernel.at(squared(self.grid.centre(cell), point.at));
                self.units[cell] += nearest(scale * value);
            }
        }
        Ok(())
    }

    /// Adds many events.
    ///
    /// # Errors
    /// As [`Sums::add`]; then some of the events have been added.
    pub fn add_all(&mut self, points: &[Weighted]) -> Result<(), Violation> {
        points.iter().try_for_each(|&point| self.add(point))
    }

    /// The density in events per square metre.
    #[must_use]
    pub fn surface(&self) -> Surface {
        let unit = self.kernel.peak() / UNITS;
        let values = self.units.iter().map(|&units| as_f64(units) * unit).collect();
        Surface { grid: self.grid, values }
    }

    /// Columns and rows of the cells whose centres may lie within `reach`.
    fn window(&self, at: Plane, reach: f64) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
        let (extent, cell_m) = (self.grid.extent(), self.grid.cell_m());
        let range = |offset: f64, cells: usize| {
            let first = ((offset - reach) / cell_m - 0.5).ceil();
            let last = ((offset + reach) / cell_m - 0.5).floor();
            index(first, cells)..index(last + 1.0, cells)
        };
        (
            range(at.east - extent.west, self.grid.columns()),
            range(at.north - extent.south, self.grid.rows()),
        )
    }
}

/// What is left of a Gaussian's peak where the exact path cuts it off.
const EXACT_CUT: f64 = 1e-13;

/// Density by binning, on a grid with a margin as wide as the kernel.
fn binned(grid: &Grid, kernel: Kernel, points: &[Weighted]) -> Result<Surface, Violation> {
    let too_heavy = |point: &Weighted| point.weight.abs() >= HEAVIEST_POINT;
    if total(points) >= BINNED_HEAVIEST || points.iter().any(too_heavy) {
        return Err(Violation::new("points", "too_heavy"));
    }
    let added_by_binning = grid.cell_m().powi(2) / 4.0;
    let stencil = Stencil::new(kernel, grid.cell_m(), added_by_binning);
    let margin = stencil.radius();
    let frame = Frame {
        west: grid.extent().west,
        south: grid.extent().south,
        cells_per_m: grid.cell_m().recip(),
        margin: as_f64_of(margin),
        columns: grid.columns() + 2 * margin,
        rows: grid.rows() + 2 * margin,
    };
    let bins = frame.bin(points);
    let mut values = stencil.convolve(&bins, grid.columns());
    for value in &mut values {
        *value = value.max(0.0);
    }
    Ok(Surface { grid: *grid, values })
}

/// Weights beyond which 64 bits of a bin might not suffice.
const BINNED_HEAVIEST: f64 = 8e9;

fn total(points: &[Weighted]) -> f64 {
    points.iter().filter(|point| is_number(point)).map(|point| point.weight.abs()).sum()
}

fn is_number(point: &Weighted) -> bool {
    point.at.east.is_finite() && point.at.north.is_finite() && point.weight.is_finite()
}

fn squared(from: Plane, to: Plane) -> f64 {
    (from.east - to.east).powi(2) + (from.north - to.north).powi(2)
}

#[expect(clippy::cast_possible_truncation, reason = "weights are limited so that sums fit")]
const fn nearest(value: f64) -> i64 {
    // Half away from zero, so that a negative weight takes away the very units.
    (if value < 0.0 { value - 0.5 } else { value + 0.5 }) as i64
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn grid(cell_m: f64, cells: usize) -> Grid {
        Grid::new(Plane { east: 280_000.0, north: 6_470_000.0 }, cell_m, cells, cells).unwrap()
    }

    fn points(offsets: &[(f64, f64)]) -> Vec<Weighted> {
        let at = |&(x, y): &(f64, f64)| Plane { east: 280_000.0 + x, north: 6_470_000.0 + y };
        offsets.iter().map(|offset| Weighted { at: at(offset), weight: 1.0 }).collect()
    }

    fn kernels() -> [Kernel; 2] {
        [Kernel::default(), Kernel::gaussian(250.0).unwrap()]
    }

    #[test]
    fn three_events_inside_sum_to_three() {
        for kernel in kernels() {
            let grid = grid(50.0, 200);
            let events = points(&[(5000.0, 5000.0), (4000.0, 6000.0), (5012.0, 5030.0)]);
            let surface = density(&grid, kernel, &events).unwrap();
            let sum: f64 = surface.values.iter().sum::<f64>() * 2500.0;
            assert!((sum - 3.0).abs() < 1e-3, "{kernel:?} sums to {sum}");
        }
    }

    #[test]
    fn a_year_of_one_event_a_day_is_365_and_a_quarter_a_year() {
        let surface = Surface { grid: grid(100.0, 1), values: vec![30e-6] };
        let yearly = surface.per_km2_year(30.0).values[0];
        assert!((yearly - 365.25).abs() < 1e-9);
    }

    #[test]
    fn weights_that_would_not_fit_are_refused() {
        let heavy = [Weighted { at: Plane { east: 280_050.0, north: 6_470_050.0 }, weight: 1e10 }];
        for cell_m in [100.0, 1000.0] {
            let refused = density(&grid(cell_m, 10), Kernel::default(), &heavy);
            assert_eq!(refused, Err(Violation::new("points", "too_heavy")));
        }
    }

    proptest! {
        #[test]
        fn adding_and_removing_an_event_restores_the_grid(
            offsets in prop::collection::vec((-500.0f64..4500.0, -500.0f64..4500.0), 1..20),
            weight in 0.1f64..5.0,
        ) {
            for kernel in kernels() {
                let mut sums = Sums::new(grid(100.0, 40), kernel);
                sums.add_all(&points(&offsets[1..])).unwrap();
                let before = sums.surface();
                let at = points(&offsets)[0].at;
                sums.add(Weighted { at, weight }).unwrap();
                sums.add(Weighted { at, weight: -weight }).unwrap();
                prop_assert_eq!(sums.surface(), before);
            }
        }

        #[test]
        fn the_order_of_events_changes_nothing(
            offsets in prop::collection::vec((-500.0f64..4500.0, -500.0f64..4500.0), 2..40),
        ) {
            let mut reversed = offsets.clone();
            reversed.reverse();
            for kernel in kernels() {
                let grid = grid(50.0, 80);
                prop_assert_eq!(
                    density(&grid, kernel, &points(&offsets)),
                    density(&grid, kernel, &points(&reversed))
                );
                prop_assert_eq!(
                    binned(&grid, kernel, &points(&offsets)),
                    binned(&grid, kernel, &points(&reversed))
                );
            }
        }

        #[test]
        fn the_binned_density_is_the_exact_one_as_closely_as_it_says(
            offsets in prop::collection::vec((0.0f64..4200.0, 0.0f64..4200.0), 1..50),
        ) {
            for (kernel, share) in kernels().into_iter().zip([1e-2, 4e-4]) {
                let grid = grid(60.0, 70);
                let exact = density(&grid, kernel, &points(&offsets)).unwrap();
                let fast = binned(&grid, kernel, &points(&offsets)).unwrap();
                let most = exact.values.iter().copied().fold(kernel.peak(), f64::max);
                for (exact, fast) in exact.values.iter().zip(&fast.values) {
                    let off = (exact - fast).abs() / most;
                    prop_assert!(off < share, "{kernel:?} is off by {off}");
                }
            }
        }
    }
}
