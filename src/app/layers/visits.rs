//! `visits`: one feature a logged visit, corrected ones included and flagged;
//! the police's own only for roles of the police.

use super::answer::Built;
use super::events::{Fields, build as build_events, district, end, flag, start};
use super::staff::StaffSource;
use crate::encode::Value;
use crate::spatial::Event;
use fyren_core::domain::{Context, EventKind, Flags};

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
    values,
};

/// Answers the layer.
pub fn build(source: &StaffSource) -> Built {
    build_events(source, EventKind::Visit, &FIELDS)
}

fn values<'a>(context: Context, event: &Event<'a>) -> Vec<Value<'a>> {
    vec![
        context.code().into(),
        event.status.into(),
        event.category.into(),
        district(event),
        event.precision_m.into(),
        start(event),
        end(event),
        event.weight.into(),
        flag(event, Flags::CORRECTED),
        flag(event, Flags::SYNTHETIC),
    ]
}
