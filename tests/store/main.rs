//! The contract of the store, on SQLite and on a private PostgreSQL, always.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

mod archive;
mod audit;
mod basemaps;
mod commit;
mod controls;
mod erase;
mod factors;
mod facts;
mod feed;
mod guardians;
mod held_back;
mod imports;
mod jobs;
mod ledger;
mod letters;
mod moderation;
mod open;
mod partners;
mod patrol_areas;
mod plans;
mod presence;
mod reports;
mod schema;
mod staff;
mod support;
mod threads;
mod vetoes;
mod visits;
mod wishes;
