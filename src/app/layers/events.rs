//! The three layers of stored events: one feature each, flagged, none left out.

use super::answer::Built;
use super::staff::StaffSource;
use crate::encode::{Feature, FeatureId, FeatureRows, Shape, Value};
use crate::spatial::{Event, Selection};
use fyren_core::domain::{Context, EventKind, Flags};
use std::sync::Arc;

/// The fields of one kind of event, in order, and how to read them.
pub struct Fields {
    /// Their names.
    pub names: &'static [&'static str],
    /// Their values, in the same order.
    pub values: for<'a> fn(Context, &Event<'a>) -> Vec<Value<'a>>,
}

/// The events of `kind` that the question selects, with `fields`.
pub fn build(source: &StaffSource, kind: EventKind, fields: &'static Fields) -> Built {
    let filter = source.filter(kind);
    let parts: Vec<(Context, Selection)> =
        source.snapshots().map(|(context, snapshot)| (context, snapshot.select(&filter))).collect();
    let unknown_time: usize = parts.iter().map(|(_, part)| part.unknown_time()).sum();
    Built {
        rows: Arc::new(EventRows { parts, fields }),
        members: vec![("unknownTime", unknown_time.into())],
    }
}

struct EventRows {
    parts: Vec<(Context, Selection)>,
    fields: &'static Fields,
}

impl FeatureRows for EventRows {
    fn fields(&self) -> &'static [&'static str] {
        self.fields.names
    }

    fn len(&self) -> usize {
        self.parts.iter().map(|(_, part)| part.len()).sum()
    }

    fn feature(&self, mut at: usize) -> Feature<'_> {
        let mut part = 0;
        while at >= self.parts[part].1.len() {
            at -= self.parts[part].1.len();
            part += 1;
        }
        let (context, selection) = &self.parts[part];
        let event = selection.event(at);
        let values = (self.fields.values)(*context, &event);
        Feature {
            id: FeatureId::Event(event.id),
            shape: event.position.map_or(Shape::None, Shape::Point),
            fields: self.fields.names.iter().copied().zip(values).collect(),
        }
    }
}

/// When an event began, `null` where that is not known.
pub fn start<'a>(event: &Event<'a>) -> Value<'a> {
    event.start.map(|at| at.to_string()).into()
}

/// When it ended, where it has an end.
pub fn end<'a>(event: &Event<'a>) -> Value<'a> {
    event.end.map(|at| at.to_string()).into()
}

/// The hours of the day that it touches, `null` where they are not known.
pub fn hours<'a>(event: &Event<'a>) -> Value<'a> {
    let bits = event.masks.hours.bits();
    if bits == 0 {
        return Value::Null;
    }
    Value::List((0..24).filter(|hour| bits >> hour & 1 == 1).map(Value::Int).collect())
}

/// The weekdays that it touches, `null` where they are not known.
pub fn weekdays<'a>(event: &Event<'a>) -> Value<'a> {
    codes(event.masks.weekdays.codes())
}

/// The seasons that it touches, `null` where they are not known.
pub fn seasons<'a>(event: &Event<'a>) -> Value<'a> {
    codes(event.masks.seasons.codes())
}

fn codes<'a>(codes: impl Iterator<Item = &'static str>) -> Value<'a> {
    let codes: Vec<Value<'_>> = codes.map(Value::from).collect();
    if codes.is_empty() { Value::Null } else { Value::List(codes) }
}

/// A district code, `null` where none is known.
pub fn district<'a>(event: &Event<'a>) -> Value<'a> {
    if event.district.is_empty() { Value::Null } else { event.district.into() }
}

/// Whether an event has a flag.
pub const fn flag<'a>(event: &Event<'a>, flag: Flags) -> Value<'a> {
    Value::Bool(event.flags.has(flag))
}
