//! The contract of the store, on SQLite and on a private PostgreSQL, always.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

mod audit;
mod commit;
mod erase;
mod feed;
mod imports;
mod jobs;
mod ledger;
mod open;
mod reports;
mod schema;
mod staff;
mod support;
mod visits;
