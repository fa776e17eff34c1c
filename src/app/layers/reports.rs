//! `reports`: one feature a stored report, quarantined, merged and repeated
//! ones included and flagged. Their texts are read one by one, not here.

use super::answer::Built;
use super::events::{
    Fields, build as build_events, district, end, flag, hours, seasons, start, weekdays,
};
use super::staff::StaffSource;
use crate::encode::Value;
use crate::spatial::Event;
use fyren_core::domain::{Context, EventKind, Flags};

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
    values,
};

/// Answers the layer.
pub fn build(source: &StaffSource) -> Built {
    build_events(source, EventKind::Report, &FIELDS)
}

fn values<'a>(_context: Context, event: &Event<'a>) -> Vec<Value<'a>> {
    vec![
        event.category.into(),
        event.status.into(),
        event.source_class.code().into(),
        district(event),
        event.precision_m.into(),
        start(event),
        end(event),
        event.time_precision.code().into(),
        hours(event),
        weekdays(event),
        seasons(event),
        event.received_hour.to_string().into(),
        event.weight.into(),
        flag(event, Flags::QUARANTINED),
        flag(event, Flags::MERGED),
        flag(event, Flags::DUPLICATE),
        flag(event, Flags::PUBLISHED),
        flag(event, Flags::SAFE_PLACE),
        flag(event, Flags::SYNTHETIC),
        flag(event, Flags::DANGER),
        flag(event, Flags::PERSONAL),
        flag(event, Flags::UNREAD),
    ]
}
