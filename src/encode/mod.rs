//! How features are written. A layer is rows of [`Feature`]; each format is
//! one [`Encoder`] over them, so that a layer is written once and every format
//! follows.

mod atom;
mod crs;
mod csv;
mod feature;
mod geojson;
mod ical;
mod mvt;
mod number;
mod outing;
mod pack;
mod zip;

pub use self::csv::table;
pub use self::zip::zipped;
pub use atom::{News, NewsEntry, atom};
pub use crs::Crs;
pub use csv::Csv;
pub use feature::{Feature, FeatureId, FeatureRows, Shape, Value};
pub use geojson::GeoJson;
pub use ical::{Held, ical};
pub use mvt::{Detail, Mvt, Points};
pub use outing::{Outing, OutingStop, calendar, gpx};
pub use pack::{packed, unpacked};

/// Members of a whole answer, such as `numberReturned` or `generation`, in the
/// order in which they are written.
pub type Members = Vec<(&'static str, Value<'static>)>;

/// Writes features to a growing buffer, one after the other.
pub trait Encoder: Send {
    /// Writes what comes before the first feature.
    fn begin(&mut self, out: &mut Vec<u8>);
    /// Writes one feature.
    fn feature(&mut self, feature: &Feature<'_>, out: &mut Vec<u8>);
    /// Writes what comes after the last feature.
    fn end(&mut self, out: &mut Vec<u8>);
}
