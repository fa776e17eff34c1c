//! How files are read: drafts and a line-by-line report.
//!
//! A file is read twice and never held: [`survey`] walks through it once,
//! finds everything that is wrong with it as a whole and decides how its
//! columns, coordinates and times are to be understood; [`read`] walks through
//! it again and hands over one [`Row`] after the other. Memory does not grow
//! with the file.

mod columns;
mod crs;
mod decode;
mod draft;
mod error;
mod features;
mod findings;
mod geometry;
mod names;
mod number;
mod plan;
mod record;
mod sniff;
mod table;
mod times;
mod unpack;
mod words;

pub use columns::{Assignment, Mapping, Target};
pub use crs::{CrsDecision, FileCrs};
pub use draft::{Draft, DraftPlace, Kind, Row};
pub use error::ImportError;
pub use findings::{DefaultTime, Findings, RepeatedPoint};
pub use plan::{Plan, Request, Zone, read, survey};
pub use record::{Format, Record};
pub use times::{Grain, TimeNote};
pub use words::{
    found_by_police, plain, purpose, report_category, source_class, unit_code, unit_kind,
};
