//! `reports`: one feature a stored report, quarantined, merged and repeated
//! ones included and flagged. Their texts are read one by one, not here.

use super::answer::Built;
use super::events::{Fields, Tell, build as build_events};
use super::staff::StaffSource;
use fyren_core::domain::{EventKind, Flags};

/// Its fields.
pub const FIELDS: Fields = Fields {
    names: &[
        "category",
        "status",
        "source",
        "district",
        "precisionM",
        "start",
        "end",
        "timePrecision",
        "hours",
        "weekdays",
        "seasons",
        "receivedHour",
        "voices",
        "quarantined",
        "merged",
        "duplicate",
        "published",
        "safePlace",
        "synthetic",
        "danger",
        "personal",
        "unread",
    ],
    tell: &[
        Tell::Category,
        Tell::Status,
        Tell::Source,
        Tell::District,
        Tell::Precision,
        Tell::Start,
        Tell::End,
        Tell::TimePrecision,
        Tell::Hours,
        Tell::Weekdays,
        Tell::Seasons,
        Tell::ReceivedHour,
        Tell::Weight,
        Tell::Flag(Flags::QUARANTINED),
        Tell::Flag(Flags::MERGED),
        Tell::Flag(Flags::DUPLICATE),
        Tell::Flag(Flags::PUBLISHED),
        Tell::Flag(Flags::SAFE_PLACE),
        Tell::Flag(Flags::SYNTHETIC),
        Tell::Flag(Flags::DANGER),
        Tell::Flag(Flags::PERSONAL),
        Tell::Flag(Flags::UNREAD),
    ],
};

/// Answers the layer.
pub fn build(source: &StaffSource) -> Built {
    build_events(source, EventKind::Report, &FIELDS)
}
