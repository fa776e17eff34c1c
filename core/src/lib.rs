//! What Fyren's things are (`domain`), where they lie in metres (`plane`), what
//! the numbers say (`analysis`) and what a text says (`wording`).
//!
//! Nothing in this package does input or output, reads a clock or draws
//! randomness of its own: the same arguments give the same answer, always.

pub mod analysis;
pub mod domain;
pub mod plane;
pub mod wording;
