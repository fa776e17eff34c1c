//! A municipality: its ground, its districts, its gazetteer and its policy.

use super::{DistrictCode, LocalityId, MunicipalityCode, Position};
use geo_types::MultiPolygon;

/// A part of a municipality with a code of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct District {
    /// Official code.
    pub code: DistrictCode,
    /// Name.
    pub name: String,
    /// Ground and inner waters in degrees (x = longitude).
    pub boundary: MultiPolygon<f64>,
    /// Residents, where known.
    pub residents: Option<u32>,
}

super::code::code_enum! {
    /// What kind of named place.
    pub enum LocalityKind {
        /// A town.
        Town = "town",
        /// A village.
        Village = "village",
        /// A hamlet.
        Hamlet = "hamlet",
        /// Any other named place.
        Locality = "locality",
        /// A bus or ferry stop.
        Stop = "stop",
        /// A harbour or jetty.
        Harbour = "harbour",
        /// A school, a care home, a municipal house.
        Amenity = "amenity",
    }
}

/// A named place that a resident can pick instead of pointing at a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Locality {
    /// Identity within the municipality.
    pub id: LocalityId,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: LocalityKind,
    /// Where.
    pub position: Position,
    /// How well that is known, in metres.
    pub precision_m: f64,
    /// Its district.
    pub district: Option<DistrictCode>,
    /// Residents, where known.
    pub residents: Option<u32>,
    /// Importance for search and labels, larger first.
    pub weight: u32,
}

/// A number or address that residents are given, from configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Role: `controller`, `switchboard`, `coordinator`, …
    pub role: String,
    /// Text shown.
    pub value: String,
}

/// What a municipality has decided, within the product's limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Distinct sources for anything public; at least 5.
    pub k: u32,
    /// Days that an event must be old before it is released, 7 to 90.
    pub delay_days: u16,
    /// Days that a report is kept, with the decision that says so.
    pub retention_days: u32,
    /// Number and date of the retention decision; empty where none is taken.
    pub retention_decision: String,
}

impl Default for Policy {
    fn default() -> Self {
        Self { k: 5, delay_days: 30, retention_days: 730, retention_decision: String::new() }
    }
}

/// A municipality as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Municipality {
    /// Code and slug.
    pub code: MunicipalityCode,
    /// Short name: `Sotenäs`.
    pub name: String,
    /// Full name: `Sotenäs kommun`.
    pub full_name: String,
    /// Time zone by its IANA name.
    pub time_zone: String,
    /// Coordinate system of the plane, such as `EPSG:3006`.
    pub crs: String,
    /// Boundary with water, in degrees.
    pub boundary: MultiPolygon<f64>,
    /// Land, in degrees; `None` where only the boundary is known.
    pub land: Option<MultiPolygon<f64>>,
    /// Districts; one that is the municipality itself where none are known.
    pub districts: Vec<District>,
    /// Gazetteer.
    pub localities: Vec<Locality>,
    /// Contacts.
    pub contacts: Vec<Contact>,
    /// Decisions.
    pub policy: Policy,
    /// Whether it holds synthetic reports, which every page then says.
    pub synthetic: bool,
}
