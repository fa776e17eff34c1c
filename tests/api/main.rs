//! The JSON interface, asked in process: a store in a temporary file, a clock
//! that stands still, randomness from a seed.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod access;
mod description;
mod reports;
mod server;
mod visits;
