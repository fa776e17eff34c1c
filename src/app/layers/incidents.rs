//! `incidents`: one feature an imported incident, with how well its place is
//! known: a circle, never a point.

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
    values,
};

/// Answers the layer.
pub fn build(source: &StaffSource) -> Built {
    build_events(source, EventKind::Incident, &FIELDS)
}

fn values<'a>(_context: Context, event: &Event<'a>) -> Vec<Value<'a>> {
    vec![
        event.category.into(),
        event.source_class.code().into(),
        district(event),
        event.precision_m.into(),
        start(event),
        end(event),
        event.time_precision.code().into(),
        hours(event),
        weekdays(event),
        seasons(event),
        flag(event, Flags::POLICE_INITIATED),
        flag(event, Flags::SYNTHETIC),
    ]
}
