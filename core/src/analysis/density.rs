//! Kernel density: how many events a square kilometre sees in a year.
//!
//! A picture, not a test: it says where events are many, not whether there are
//! more than chance explains.

use super::bins::Frame;
use super::coarse::Coarse;
use super::convolve::Stencil;
use super::splat::as_f64_of;
use super::{Kernel, Sums};
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

impl Weighted {
    pub(super) const fn is_number(&self) -> bool {
        self.at.east.is_finite() && self.at.north.is_finite() && self.weight.is_finite()
    }
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

    /// The sum with another surface, cell by cell.
    ///
    /// # Errors
    /// Violates `grid: other_grid` for a surface on another grid.
    pub fn plus(mut self, other: &Self) -> Result<Self, Violation> {
        if self.grid != other.grid {
            return Err(Violation::new("grid", "other_grid"));
        }
        for (value, more) in self.values.iter_mut().zip(&other.values) {
            *value += more;
        }
        Ok(self)
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
/// more right to 0.4 ‰ of the largest value with a Gaussian, which from ten
/// cells on is binned in cells of about a fifth of it; with a quartic to
/// about (cell / R)² of one event's peak, at the rim of that event. That path
/// computes in `f32`, for it is only shown. Both are independent of the order
/// of the events and of the number of threads, bit for bit. An event
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
        .filter(|point| point.is_number())
        .map(|point| point.weight * kernel.at(squared(at, point.at)))
        .sum()
}

/// Cells that the exact path may touch before binning is faster.
const CHEAP: usize = 20_000_000;

/// Cells per standard deviation below which binning is too coarse.
const COARSEST_BINNING: f64 = 2.0;

/// Density by binning, on a grid with a margin as wide as the kernel.
fn binned(grid: &Grid, kernel: Kernel, points: &[Weighted]) -> Result<Surface, Violation> {
    if let Some(coarse) = Coarse::new(kernel, grid.cell_m()) {
        return Ok(Surface { grid: *grid, values: coarse.density(grid, points)? });
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
    let values = stencil.convolve(&frame.bin(points)?, grid.columns());
    let values = values.into_iter().map(|value| f64::from(value).max(0.0)).collect();
    Ok(Surface { grid: *grid, values })
}

fn total(points: &[Weighted]) -> f64 {
    points.iter().filter(|point| point.is_number()).map(|point| point.weight.abs()).sum()
}

pub(super) fn squared(from: Plane, to: Plane) -> f64 {
    (from.east - to.east).powi(2) + (from.north - to.north).powi(2)
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
        fn the_order_of_events_changes_nothing(
            offsets in prop::collection::vec((-500.0f64..4500.0, -500.0f64..4500.0), 2..40),
        ) {
            let mut reversed = offsets.clone();
            reversed.reverse();
            for kernel in kernels().into_iter().chain(Kernel::gaussian(700.0)) {
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
            let wide = [650.0, 1_500.0].map(|sigma| Kernel::gaussian(sigma).unwrap());
            let closely = kernels().into_iter().chain(wide).zip([1e-2, 4e-4, 2e-4, 2e-4]);
            for (kernel, share) in closely {
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
