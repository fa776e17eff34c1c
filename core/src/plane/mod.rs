//! Metres: projections, grids and lattices.
