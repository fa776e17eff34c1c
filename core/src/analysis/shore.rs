//! Density on land: what the sea takes from a kernel is given back.

use super::convolve::Stencil;
use super::{Kernel, Surface};
use crate::domain::Violation;
use crate::plane::Coverage;

crate::domain::code::code_enum! {
    /// How a density treats the edge of the land.
    pub enum Edge {
        /// Not at all: a quay looks half as busy as a square inland.
        None = "none",
        /// Divided by the share of the kernel that lies on land (Diggle 1985).
        Uniform = "uniform",
    }
}

/// The land of a grid and the share of a kernel that falls on it, computed
/// once for a grid and a kernel and used for every map of both.
#[derive(Debug, Clone, PartialEq)]
pub struct Shore {
    land: Coverage,
    mass: Vec<f64>,
    shown: Vec<bool>,
}

/// The smallest share that a density is divided by, so that one event on a
/// skerry does not outshine a town.
const SMALLEST_SHARE: f64 = 0.05;

impl Shore {
    /// The shore of a land as a kernel sees it; beyond the grid is no land.
    ///
    /// Cost: one convolution of the grid.
    #[must_use]
    pub fn new(land: Coverage, kernel: Kernel) -> Self {
        let grid = *land.grid();
        let stencil = Stencil::new(kernel, grid.cell_m(), 0.0);
        let margin = stencil.radius();
        let width = grid.columns() + 2 * margin;
        let mut field = vec![0.0; width * (grid.rows() + 2 * margin)];
        for (row, shares) in land.shares().chunks_exact(grid.columns()).enumerate() {
            let first = (row + margin) * width + margin;
            field[first..first + grid.columns()].copy_from_slice(shares);
        }
        // The sum over the whole plane stands in for the integral, so that a
        // cell amid land has exactly the share 1 however coarse the cells are.
        let whole = stencil.total();
        let mut mass = stencil.convolve(&field, grid.columns());
        for value in &mut mass {
            *value = (*value / whole).min(1.0);
        }
        let is_land = |cell: usize| land.shares()[cell] > 0.0;
        let shown = (0..grid.len()).map(|cell| is_land(cell) || grid.neighbours(cell).any(is_land));
        let shown = shown.collect();
        Self { land, mass, shown }
    }

    /// The land.
    #[must_use]
    pub const fn land(&self) -> &Coverage {
        &self.land
    }

    /// The share of the kernel around each cell that lies on land, 0 to 1.
    #[must_use]
    pub fn mass(&self) -> &[f64] {
        &self.mass
    }

    /// The density on land and on the water cells that touch it (a jetty is
    /// no sea); 0 elsewhere.
    ///
    /// # Errors
    /// Violates `grid: other_grid` for a surface on another grid.
    pub fn on_land(&self, mut surface: Surface, edge: Edge) -> Result<Surface, Violation> {
        if surface.grid != *self.land.grid() {
            return Err(Violation::new("grid", "other_grid"));
        }
        for (cell, value) in surface.values.iter_mut().enumerate() {
            let share = match edge {
                Edge::None => 1.0,
                Edge::Uniform => self.mass[cell].max(SMALLEST_SHARE),
            };
            *value = if self.shown[cell] { *value / share } else { 0.0 };
        }
        Ok(surface)
    }

    /// The mean of the positive values on land, each cell by its share of
    /// land; `None` without any. Breaks of a legend are multiples of it.
    #[must_use]
    pub fn mean_on_land(&self, surface: &Surface) -> Option<f64> {
        let positive = surface.values.iter().zip(self.land.shares()).filter(|(v, _)| **v > 0.0);
        let (sum, share) = positive
            .fold((0.0, 0.0), |(sum, total), (value, share)| (sum + value * share, total + share));
        (share > 0.0).then(|| sum / share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Weighted, density};
    use crate::domain::Plane;
    use crate::plane::Grid;
    use geo_types::{Polygon, polygon};

    /// Land south of a straight coast at 2 000 m, sea north of it.
    fn coast() -> Coverage {
        let grid = Grid::new(Plane { east: 0.0, north: 0.0 }, 50.0, 80, 80).unwrap();
        let land: Polygon<f64> = polygon![
            (x: 0.0, y: 0.0), (x: 4000.0, y: 0.0), (x: 4000.0, y: 2000.0), (x: 0.0, y: 2000.0)
        ];
        Coverage::of_shape(grid, &land.into())
    }

    #[test]
    fn half_a_kernel_at_a_straight_coast_lies_on_land() {
        let shore = Shore::new(coast(), Kernel::default());
        let grid = *shore.land().grid();
        let at_coast = grid.cell_of(Plane { east: 2025.0, north: 1999.0 }).unwrap();
        let inland = grid.cell_of(Plane { east: 2025.0, north: 1000.0 }).unwrap();
        assert!((shore.mass()[at_coast] - 0.5).abs() < 0.05, "{}", shore.mass()[at_coast]);
        assert!((shore.mass()[inland] - 1.0).abs() < 1e-9);
    }

    #[test]
    fn events_spread_evenly_over_land_give_one_density_up_to_the_coast() {
        let land = coast();
        let grid = *land.grid();
        let cells = (0..grid.len()).filter(|&cell| land.shares()[cell] > 0.0);
        let events: Vec<_> = cells.map(|c| Weighted { at: grid.centre(c), weight: 1.0 }).collect();
        let shore = Shore::new(land, Kernel::default());
        let raw = density(&grid, Kernel::default(), &events).unwrap();
        let found = shore.on_land(raw, Edge::Uniform).unwrap();
        for (cell, value) in found.values.iter().enumerate() {
            let expected = if shore.shown[cell] { 1.0 / 2500.0 } else { 0.0 };
            assert!((value - expected).abs() < 1e-6, "{value} at {:?}", grid.centre(cell));
        }
    }

    #[test]
    fn the_sea_beyond_the_first_cell_stays_empty() {
        let shore = Shore::new(coast(), Kernel::default());
        let grid = *shore.land().grid();
        let at = Plane { east: 2025.0, north: 1990.0 };
        let raw = density(&grid, Kernel::default(), &[Weighted { at, weight: 1.0 }]).unwrap();
        let found = shore.on_land(raw, Edge::None).unwrap();
        let value = |north| found.values[grid.cell_of(Plane { east: 2025.0, north }).unwrap()];
        assert!(value(2025.0) > 0.0);
        assert!(value(2075.0) <= 0.0);
    }

    #[test]
    fn a_surface_of_another_grid_is_refused() {
        let shore = Shore::new(coast(), Kernel::default());
        let grid = Grid::new(Plane { east: 0.0, north: 0.0 }, 50.0, 2, 2).unwrap();
        let other = Surface { grid, values: vec![0.0; 4] };
        assert_eq!(shore.on_land(other, Edge::None), Err(Violation::new("grid", "other_grid")));
    }
}
