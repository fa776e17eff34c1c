//! The only clock and the only source of randomness.
