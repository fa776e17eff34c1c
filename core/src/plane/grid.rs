//! A regular grid of square cells over a part of the plane.

use super::Extent;
use crate::domain::{Plane, Violation};

/// Square cells in rows, row 0 in the south, column 0 in the west; the index
/// of a cell is `row × columns + column`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    west: f64,
    south: f64,
    cell_m: f64,
    columns: usize,
    rows: usize,
}

impl Grid {
    /// The most cells that a grid may have: 2^24.
    pub const LARGEST: usize = 1 << 24;

    /// A grid by its south-west corner, the edge of its cells in metres and
    /// its size.
    ///
    /// # Errors
    /// Violates `cellM: out_of_range` unless the edge is positive and finite,
    /// `extent: not_finite` for a corner that is no number, and
    /// `cellM: too_many_cells` for no cell or more than [`Grid::LARGEST`].
    pub fn new(corner: Plane, cell_m: f64, columns: usize, rows: usize) -> Result<Self, Violation> {
        if !(cell_m.is_finite() && cell_m > 0.0) {
            return Err(Violation::new("cellM", "out_of_range"));
        }
        if !(corner.east.is_finite() && corner.north.is_finite()) {
            return Err(Violation::new("extent", "not_finite"));
        }
        match columns.checked_mul(rows) {
            Some(1..=Self::LARGEST) => {
                Ok(Self { west: corner.east, south: corner.north, cell_m, columns, rows })
            }
            _ => Err(Violation::new("cellM", "too_many_cells")),
        }
    }

    /// The smallest grid that covers an extent with its corner on a multiple
    /// of the cell's edge, so that grids of neighbouring extents line up and a
    /// cell stays where it is when the extent grows.
    ///
    /// # Errors
    /// As [`Grid::new`].
    pub fn covering(extent: Extent, cell_m: f64) -> Result<Self, Violation> {
        if !(cell_m.is_finite() && cell_m > 0.0) {
            return Err(Violation::new("cellM", "out_of_range"));
        }
        let west = (extent.west / cell_m).floor();
        let south = (extent.south / cell_m).floor();
        let columns = (extent.east / cell_m).floor() - west + 1.0;
        let rows = (extent.north / cell_m).floor() - south + 1.0;
        if !(columns * rows).is_finite() {
            return Err(Violation::new("extent", "not_finite"));
        }
        let corner = Plane { east: west * cell_m, north: south * cell_m };
        Self::new(corner, cell_m, whole(columns), whole(rows))
    }

    /// Edge of a cell in metres.
    #[must_use]
    pub const fn cell_m(&self) -> f64 {
        self.cell_m
    }

    /// Area of a cell in square kilometres.
    #[must_use]
    pub fn cell_km2(&self) -> f64 {
        self.cell_m * self.cell_m / 1e6
    }

    /// Number of columns.
    #[must_use]
    pub const fn columns(&self) -> usize {
        self.columns
    }

    /// Number of rows.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// Number of cells, never 0.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a grid has at least one cell")]
    pub const fn len(&self) -> usize {
        self.columns * self.rows
    }

    /// The ground that the grid covers.
    #[must_use]
    pub fn extent(&self) -> Extent {
        Extent {
            west: self.west,
            south: self.south,
            east: self.west + self.cell_m * count(self.columns),
            north: self.south + self.cell_m * count(self.rows),
        }
    }

    /// The index of the cell that holds a point (west and south edges
    /// included), or `None` outside the grid.
    #[must_use]
    pub fn cell_of(&self, at: Plane) -> Option<usize> {
        let column = ((at.east - self.west) / self.cell_m).floor();
        let row = ((at.north - self.south) / self.cell_m).floor();
        let inside =
            (0.0..count(self.columns)).contains(&column) && (0.0..count(self.rows)).contains(&row);
        inside.then(|| whole(row) * self.columns + whole(column))
    }

    /// Column and row of a cell.
    #[must_use]
    pub const fn column_row(&self, cell: usize) -> (usize, usize) {
        (cell % self.columns, cell / self.columns)
    }

    /// The centre of a cell.
    #[must_use]
    pub fn centre(&self, cell: usize) -> Plane {
        let (column, row) = self.column_row(cell);
        Plane {
            east: self.west + (count(column) + 0.5) * self.cell_m,
            north: self.south + (count(row) + 0.5) * self.cell_m,
        }
    }

    /// The ground of a cell.
    #[must_use]
    pub fn cell_extent(&self, cell: usize) -> Extent {
        let (column, row) = self.column_row(cell);
        let west = self.west + count(column) * self.cell_m;
        let south = self.south + count(row) * self.cell_m;
        Extent { west, south, east: west + self.cell_m, north: south + self.cell_m }
    }

    /// The up to eight cells around a cell (queen contiguity), by index.
    pub fn neighbours(&self, cell: usize) -> impl Iterator<Item = usize> + use<> {
        let (column, row) = self.column_row(cell);
        let (columns, rows) = (self.columns, self.rows);
        let near = move |at: usize, end: usize| at.saturating_sub(1)..(at + 2).min(end);
        near(row, rows)
            .flat_map(move |r| near(column, columns).map(move |c| r * columns + c))
            .filter(move |&other| other != cell)
    }
}

/// A number of cells as a length in cells.
#[expect(clippy::cast_precision_loss, reason = "a grid has at most 2^24 cells")]
const fn count(cells: usize) -> f64 {
    cells as f64
}

/// A non-negative whole number as an index.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "callers pass whole numbers from 0 up; what is too large saturates and is refused"
)]
const fn whole(value: f64) -> usize {
    value as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn grid(columns: usize, rows: usize) -> Grid {
        Grid::new(Plane { east: 1000.0, north: 2000.0 }, 250.0, columns, rows).unwrap()
    }

    #[test]
    fn a_point_on_a_western_edge_belongs_to_the_cell_east_of_it() {
        let grid = grid(4, 3);
        assert_eq!(grid.cell_of(Plane { east: 1250.0, north: 2000.0 }), Some(1));
        assert_eq!(grid.cell_of(Plane { east: 2000.0, north: 2000.0 }), None);
        assert_eq!(grid.cell_of(Plane { east: f64::NAN, north: 2000.0 }), None);
    }

    #[test]
    fn a_corner_cell_has_three_neighbours_and_an_inner_one_eight() {
        let grid = grid(4, 3);
        assert_eq!(grid.neighbours(0).collect::<Vec<_>>(), [1, 4, 5]);
        assert_eq!(grid.neighbours(5).collect::<Vec<_>>(), [0, 1, 2, 4, 6, 8, 9, 10]);
    }

    #[test]
    fn a_grid_without_cells_or_with_too_many_is_refused() {
        let corner = Plane { east: 0.0, north: 0.0 };
        let refused = |cell_m, columns, rows| Grid::new(corner, cell_m, columns, rows).unwrap_err();
        assert_eq!(refused(100.0, 0, 4), Violation::new("cellM", "too_many_cells"));
        assert_eq!(refused(100.0, 5000, 5000), Violation::new("cellM", "too_many_cells"));
        assert_eq!(refused(f64::NAN, 4, 4), Violation::new("cellM", "out_of_range"));
        let endless = Extent { west: 0.0, south: 0.0, east: f64::INFINITY, north: 1.0 };
        assert_eq!(Grid::covering(endless, 1.0), Err(Violation::new("extent", "not_finite")));
    }

    proptest! {
        #[test]
        fn the_centre_of_a_cell_lies_in_that_cell(columns in 1usize..40, rows in 1usize..40, pick in 0usize..1600) {
            let grid = grid(columns, rows);
            let cell = pick % grid.len();
            prop_assert_eq!(grid.cell_of(grid.centre(cell)), Some(cell));
        }

        #[test]
        fn a_covering_grid_covers_and_starts_on_a_multiple(
            west in -1e6f64..1e6, south in -1e6f64..7e6, width in 0.0f64..5e4, height in 0.0f64..5e4,
        ) {
            let extent = Extent { west, south, east: west + width, north: south + height };
            let grid = Grid::covering(extent, 250.0).unwrap();
            for (east, north) in [(west, south), (extent.east, extent.north)] {
                let at = Plane { east, north };
                prop_assert!(grid.cell_of(at).is_some());
            }
            prop_assert!((grid.extent().west % 250.0).abs() < 1e-9);
        }
    }
}
