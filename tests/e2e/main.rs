//! The shipped binary as an operator runs it: a process, a file, a port.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of a test may stop the test"
)]

#[path = "../store/support/cluster.rs"]
mod cluster;

mod access;
mod contexts;
mod demo;
mod durability;
mod facts;
mod freshness;
#[expect(dead_code, reason = "the suite of the interface uses the rest")]
#[path = "../api/ground_files.rs"]
mod ground_files;
mod house;
mod importing;
mod keeping;
mod picture;
mod planning;
mod problems;
mod retention;
mod stopping;
mod users;
