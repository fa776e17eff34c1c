//! Density on land: what the sea takes from a kernel is given back.

use super::convolve::Stencil;
use super::splat::{as_f64_of, index};
use super::{Edge, Kernel, Surface, Weighted, density};
use crate::domain::{Plane, Violation};
use crate::plane::Coverage;

/// The land of a grid and the share of a kernel that falls on it, computed
/// once for a grid and a kernel and used for every map of both.
#[derive(Debug, Clone, PartialEq)]
pub struct Shore {
    land: Coverage,
    kernel: Kernel,
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
        Self { land, kernel, mass, shown }
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

    /// The share of the kernel around a place that lies on land, 0 to 1,
    /// between the centres of cells by bilinear interpolation: right to about
    /// a cell's share of the kernel's radius.
    #[must_use]
    pub fn mass_at(&self, at: Plane) -> f64 {
        let grid = self.land.grid();
        let (extent, cell_m) = (grid.extent(), grid.cell_m());
        let place = |offset: f64, cells: usize| {
            let value = (offset / cell_m - 0.5).clamp(0.0, as_f64_of(cells - 1));
            let first = index(value, cells.saturating_sub(2));
            (first, (value - as_f64_of(first)).clamp(0.0, 1.0), usize::from(cells > 1))
        };
        let (column, east, beside) = place(at.east - extent.west, grid.columns());
        let (row, north, above) = place(at.north - extent.south, grid.rows());
        let value = |row: usize, column: usize| self.mass[row * grid.columns() + column];
        let along = |row| value(row, column) * (1.0 - east) + value(row, column + beside) * east;
        along(row) * (1.0 - north) + along(row + above) * north
    }

    /// The density of events per square metre on land and on the water cells
    /// that touch it (a jetty is no sea); 0 elsewhere. What the sea takes from
    /// a kernel is given back as `edge` says, at most twentyfold, so that one
    /// event on a skerry does not outshine a town.
    ///
    /// *Weakness:* the land is a raster; an inlet narrower than a cell is land
    /// in part, and a kernel leaps over a sound.
    ///
    /// # Errors
    /// As [`density`].
    pub fn density(&self, points: &[Weighted], edge: Edge) -> Result<Surface, Violation> {
        let raw = match edge {
            Edge::Diggle => density(self.land.grid(), self.kernel, &self.weighed(points))?,
            Edge::None | Edge::Uniform => density(self.land.grid(), self.kernel, points)?,
        };
        self.on_land(raw, edge)
    }

    /// The events with the weights that [`Edge::Diggle`] gives them.
    #[must_use]
    pub fn weighed(&self, points: &[Weighted]) -> Vec<Weighted> {
        let share = |at| self.mass_at(at).max(SMALLEST_SHARE);
        let weighed =
            |point: &Weighted| Weighted { weight: point.weight / share(point.at), ..*point };
        points.iter().map(weighed).collect()
    }

    /// A density that was summed elsewhere (with [`Edge::Diggle`] of events
    /// that were [`Shore::weighed`]), cut to the land as [`Shore::density`] does.
    ///
    /// # Errors
    /// Violates `grid: other_grid` for a surface on another grid.
    pub fn on_land(&self, mut surface: Surface, edge: Edge) -> Result<Surface, Violation> {
        if surface.grid != *self.land.grid() {
            return Err(Violation::new("grid", "other_grid"));
        }
        for (cell, value) in surface.values.iter_mut().enumerate() {
            let share = match edge {
                Edge::Uniform => self.mass[cell].max(SMALLEST_SHARE),
                Edge::None | Edge::Diggle => 1.0,
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
        let found = shore.density(&events, Edge::Uniform).unwrap();
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
        let found = shore.density(&[Weighted { at, weight: 1.0 }], Edge::None).unwrap();
        let value = |north| found.values[grid.cell_of(Plane { east: 2025.0, north }).unwrap()];
        assert!(value(2025.0) > 0.0);
        assert!(value(2075.0) <= 0.0);
    }

    #[test]
    fn with_jones_and_diggle_events_on_land_sum_to_their_number() {
        let shore = Shore::new(coast(), Kernel::default());
        let event = |east, north| Weighted { at: Plane { east, north }, weight: 1.0 };
        for events in
            [vec![event(2010.0, 1000.0)], vec![event(2000.0, 1950.0), event(900.0, 1700.0)]]
        {
            let found = shore.density(&events, Edge::Diggle).unwrap();
            let on_land = found.values.iter().zip(shore.land().shares());
            let sum: f64 = on_land.map(|(value, share)| value * share * 2500.0).sum();
            let number = f64::from(u32::try_from(events.len()).unwrap());
            assert!((sum / number - 1.0).abs() < 0.01, "{sum} of {number}");
        }
    }

    #[test]
    fn the_share_on_land_between_cells_lies_between_theirs() {
        let shore = Shore::new(coast(), Kernel::default());
        let mass = |north| shore.mass_at(Plane { east: 2000.0, north });
        assert!((mass(2000.0) - 0.5).abs() < 0.01, "{}", mass(2000.0));
        assert!(mass(1990.0) > mass(2010.0));
        assert!(mass(-50.0) > 0.4 && mass(9000.0) <= 0.0);
    }

    #[test]
    fn a_surface_of_another_grid_is_refused() {
        let shore = Shore::new(coast(), Kernel::default());
        let grid = Grid::new(Plane { east: 0.0, north: 0.0 }, 50.0, 2, 2).unwrap();
        let other = Surface { grid, values: vec![0.0; 4] };
        assert_eq!(shore.on_land(other, Edge::None), Err(Violation::new("grid", "other_grid")));
    }
}
