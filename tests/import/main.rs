//! How files are read: one test a rule, on small real and broken files.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where it is not met")]

mod place;
mod support;

mod broken;
mod columns;
mod coordinates;
mod features;
mod files;
mod municipalities;
mod properties;
mod shell;
mod stored;
mod tables;
mod times;
