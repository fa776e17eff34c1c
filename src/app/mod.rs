//! Use cases, one a file, verb first, and the named layers: who may do what, in which order.
pub mod layers;
