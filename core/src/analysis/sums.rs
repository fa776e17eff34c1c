//! A density that grows and shrinks by single events, exactly.

use super::splat::{Splat, UNITS, as_f64};
use super::{Kernel, Surface, Weighted};
use crate::domain::Violation;
use crate::plane::Grid;

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
    /// Cost: the cells within reach of the kernel, some 20 µs for the default
    /// kernel on cells of 39 m.
    ///
    /// # Errors
    /// Violates `points: too_heavy` when the weights, signs left aside, sum to
    /// [`Sums::HEAVIEST`] or more.
    pub fn add(&mut self, point: Weighted) -> Result<(), Violation> {
        if !point.is_number() {
            return Ok(());
        }
        self.weight += point.weight.abs();
        if self.weight >= Self::HEAVIEST {
            return Err(Violation::new("points", "too_heavy"));
        }
        let splat = Splat::new(&self.grid, self.kernel, point);
        let columns = self.grid.columns();
        for row in splat.rows.clone() {
            splat.add(row, 0, &mut self.units[row * columns..(row + 1) * columns]);
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Plane;
    use proptest::prelude::*;

    fn event((x, y): (f64, f64), weight: f64) -> Weighted {
        Weighted { at: Plane { east: 280_000.0 + x, north: 6_470_000.0 + y }, weight }
    }

    proptest! {
        #[test]
        fn adding_and_removing_an_event_restores_the_grid(
            offsets in prop::collection::vec((-500.0f64..4500.0, -500.0f64..4500.0), 1..20),
            weight in 0.1f64..5000.0,
        ) {
            for kernel in [Kernel::default(), Kernel::gaussian(250.0).unwrap()] {
                let corner = Plane { east: 280_000.0, north: 6_470_000.0 };
                let mut sums = Sums::new(Grid::new(corner, 100.0, 40, 40).unwrap(), kernel);
                for &offset in &offsets[1..] {
                    sums.add(event(offset, 1.0)).unwrap();
                }
                let before = sums.surface();
                sums.add(event(offsets[0], weight)).unwrap();
                sums.add(event(offsets[0], -weight)).unwrap();
                prop_assert_eq!(sums.surface(), before);
            }
        }
    }
}
