//! Fyren: one shared, honest situational picture for a municipality and its
//! area police. See `ARCHITECTURE.md` for the rooms and their walls.

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod encode;
pub mod http;
pub mod identity;
pub mod import;
pub mod jobs;
pub mod mail;
pub mod media;
pub mod print;
pub mod spatial;
pub mod store;
pub mod telemetry;
