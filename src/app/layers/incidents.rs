//! `incidents`: one feature an imported incident, with how well its place is
//! known: a circle, never a point.

use super::answer::Built;
use super::events::{Fields, Tell, build as build_events};
use super::staff::StaffSource;
use fyren_core::domain::{EventKind, Flags};

/// Its fields.
pub const FIELDS: Fields = Fields {
    names: &[
        "category",
        "source",
        "district",
        "precisionM",
        "start",
        "end",
        "timePrecision",
        "hours",
        "weekdays",
        "seasons",
        "policeInitiated",
        "synthetic",
    ],
    tell: &[
        Tell::Category,
        Tell::Source,
        Tell::District,
        Tell::Precision,
        Tell::Start,
        Tell::End,
        Tell::TimePrecision,
        Tell::Hours,
        Tell::Weekdays,
        Tell::Seasons,
        Tell::Flag(Flags::POLICE_INITIATED),
        Tell::Flag(Flags::SYNTHETIC),
    ],
};

/// Answers the layer.
pub fn build(source: &StaffSource) -> Built {
    build_events(source, EventKind::Incident, &FIELDS)
}
