//! The shipped binary as an operator runs it: a process, a file, a port.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of a test may stop the test"
)]

mod access;
mod demo;
mod durability;
mod freshness;
mod house;
mod picture;
mod problems;
mod stopping;
