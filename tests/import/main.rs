//! How files are read: one test a rule, on small real and broken files.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where it is not met")]

mod place;
mod support;

mod broken;
mod bursting;
mod columns;
mod coordinates;
mod corrupt;
mod facts;
mod features;
mod fetch;
mod files;
mod formats;
mod killed;
mod municipalities;
mod properties;
mod quality;
mod shell;
mod stored;
mod tables;
mod times;
mod tracks;
mod undo;
mod whole;
