//! How files are read: drafts and a line-by-line report.
//!
//! A file is read twice and never held: [`survey`] walks through it once,
//! finds everything that is wrong with it as a whole and decides how its
//! columns, coordinates and times are to be understood; [`read`] walks through
//! it again and hands over one [`Row`] after the other. Memory does not grow
//! with the file.

mod binary;
mod clock;
mod columns;
mod crs;
mod decode;
mod draft;
mod elements;
mod error;
mod facts;
mod features;
mod findings;
mod geometry;
mod geopackage;
mod ground;
mod markup;
mod months;
mod names;
mod notes;
mod number;
mod plan;
mod presence;
mod record;
mod shapes;
mod sniff;
mod surveys;
mod table;
mod times;
mod unpack;
mod words;
mod workbook;

pub use clock::{DefaultTime, Pile};
pub use columns::{Assignment, Mapping, Target};
pub use crs::{CrsDecision, FileCrs};
pub use draft::{Draft, DraftPlace, Kind, Row};
pub use error::ImportError;
pub use facts::Facts;
pub use findings::{Findings, RepeatedPoint};
pub use ground::{
    CutTiles, Ground, Keeper, OneWay, Piece, Theme, joined, outline, read_geopackage, read_osm,
    read_pmtiles, read_shapefile,
};
pub use plan::{Plan, Request, Zone, read, survey};
pub use presence::{PresenceLine, PresenceRow, read_presence_weeks};
pub use record::{Format, Record};
pub use shapes::packed as packed_shapefile;
pub use surveys::Answers;
pub use times::{Grain, TimeNote};
pub use words::{
    found_by_police, plain, purpose, report_category, source_class, unit_code, unit_kind,
};
