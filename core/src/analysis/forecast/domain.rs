//! Where events can be.

use crate::analysis::Dated;
use crate::domain::Violation;
use crate::plane::Grid;

/// Where events can be. Only maps of one domain can be compared: the more
/// empty land it holds, the better every map looks.
#[derive(Debug, Clone, PartialEq)]
pub struct ForecastDomain {
    pub(super) grid: Grid,
    pub(super) cells: Vec<usize>,
    pub(super) areas: Vec<f64>,
    pub(super) population: Vec<f64>,
    /// For each cell of the grid its place in the domain.
    places: Vec<Option<usize>>,
}

impl ForecastDomain {
    /// The cells of a grid that have ground (its area in km², or road in km),
    /// with the people who live in each; both by index of the cell. Without
    /// knowledge of people every cell may have 0.
    ///
    /// # Errors
    /// Violates `areas` or `population: out_of_range` for a list of another
    /// length, a value that is negative or no number, and `areas: required`
    /// for a domain without ground.
    pub fn new(grid: Grid, areas: &[f64], population: &[f64]) -> Result<Self, Violation> {
        for (field, values) in [("areas", areas), ("population", population)] {
            let in_range = |value: &f64| value.is_finite() && *value >= 0.0;
            if values.len() != grid.len() || !values.iter().all(in_range) {
                return Err(Violation::new(field, "out_of_range"));
            }
        }
        let cells: Vec<usize> = (0..grid.len()).filter(|&cell| areas[cell] > 0.0).collect();
        if cells.is_empty() {
            return Err(Violation::new("areas", "required"));
        }
        let mut places = vec![None; grid.len()];
        for (place, &cell) in cells.iter().enumerate() {
            places[cell] = Some(place);
        }
        let of = |values: &[f64]| cells.iter().map(|&cell| values[cell]).collect();
        Ok(Self { areas: of(areas), population: of(population), grid, cells, places })
    }

    /// The grid.
    #[must_use]
    pub const fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The cells of the domain, by index of the grid: a model scores them in
    /// this order.
    #[must_use]
    pub fn cells(&self) -> &[usize] {
        &self.cells
    }

    fn place(&self, event: &Dated) -> Option<usize> {
        self.places[self.grid.cell_of(event.at)?]
    }

    pub(super) fn holds(&self, event: &Dated) -> bool {
        self.place(event).is_some()
    }

    /// Events by cell of the domain.
    pub(super) fn counts<'a>(&self, events: impl Iterator<Item = &'a Dated>) -> Vec<f64> {
        let mut counts = vec![0.0; self.cells.len()];
        for place in events.filter_map(|event| self.place(event)) {
            counts[place] += 1.0;
        }
        counts
    }
}
