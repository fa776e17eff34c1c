//! Our numbers against those of independent tools: the expected values lie in
//! `tests/data` with their provenance.

mod plane;
mod read;
