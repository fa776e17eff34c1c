//! Metres: projections, regular grids, the fixed lattice of releases and how
//! much of a cell is land.

mod coverage;
mod extent;
mod grid;
mod lattice;
mod projection;

pub use coverage::Coverage;
pub use extent::Extent;
pub use grid::Grid;
pub use lattice::{CellId, CellSize};
pub use projection::Projection;
