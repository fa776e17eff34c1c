//! `visits`: one feature a logged visit, corrected ones included and flagged;
//! the police's own only for roles of the police.

use super::answer::Built;
use super::events::{Fields, Tell, build as build_events};
use super::staff::StaffSource;
use fyren_core::domain::{EventKind, Flags};

/// Its fields.
pub const FIELDS: Fields = Fields {
    names: &[
        "context",
        "unitKind",
        "purpose",
        "district",
        "precisionM",
        "startedAt",
        "endedAt",
        "minutes",
        "corrected",
        "synthetic",
    ],
    tell: &[
        Tell::Context,
        Tell::Status,
        Tell::Category,
        Tell::District,
        Tell::Precision,
        Tell::Start,
        Tell::End,
        Tell::Weight,
        Tell::Flag(Flags::CORRECTED),
        Tell::Flag(Flags::SYNTHETIC),
    ],
};

/// Answers the layer.
pub fn build(source: &StaffSource) -> Built {
    build_events(source, EventKind::Visit, &FIELDS)
}
