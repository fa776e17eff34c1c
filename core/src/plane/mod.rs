//! Metres: projections, regular grids, the fixed lattice of releases, how much
//! of a cell is land, streets as a graph, and the squares of web maps.

mod coverage;
mod extent;
mod grid;
mod lattice;
mod projection;
mod roads;
mod tile;

pub use coverage::Coverage;
pub use extent::Extent;
pub use grid::Grid;
pub use lattice::{CellId, CellSize};
pub use projection::Projection;
pub use roads::{Edge, RoadClass, RoadGraph, Route, Stretch, Travel};
pub use tile::{TILE_UNITS, Tile};
