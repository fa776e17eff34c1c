//! The JSON interface, asked in process: a store in a temporary file, a clock
//! that stands still, randomness from a seed.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod access;
mod accounts;
mod analytics;
mod archive;
mod basemap;
mod controls;
mod demonstration;
mod description;
mod embargoes;
mod ground_broken;
mod ground_files;
mod guardians;
mod imports;
mod letters;
mod measures;
mod moderation;
mod partners;
mod patrol_areas;
mod photo_corpus;
mod photos;
mod planned;
mod plans;
mod poison;
mod presence;
mod queue;
mod registers;
mod reports;
mod rights;
mod server;
mod shift;
mod threads;
mod tiles;
mod vetoes;
mod visits;
mod voices;
mod wishes;
