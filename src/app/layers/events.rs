//! The three layers of stored events: one feature each, flagged, none left out.

use super::answer::Built;
use super::staff::StaffSource;
use crate::encode::{Feature, FeatureId, FeatureRows, Shape, Value};
use crate::spatial::{Event, Selection};
use fyren_core::domain::{Context, EventKind, Flags};
use jiff::Timestamp;
use std::sync::Arc;

/// The fields of one kind of event, in order.
pub struct Fields {
    /// Their names.
    pub names: &'static [&'static str],
    /// What each says, in the same order.
    pub tell: &'static [Tell],
}

/// What a field says of an event.
#[derive(Debug, Clone, Copy)]
pub enum Tell {
    /// Whose it is: the municipality's or the police's.
    Context,
    /// Its category.
    Category,
    /// The status of a report, the kind of unit of a visit.
    Status,
    /// What kind of witness tells it.
    Source,
    /// The code of its district, `null` where none is known.
    District,
    /// How well its place is known, in metres.
    Precision,
    /// When it began, `null` where that is not known.
    Start,
    /// When it ended, where it has an end.
    End,
    /// How well its time is known.
    TimePrecision,
    /// The hours of the day that it touches, `null` where they are not known.
    Hours,
    /// The weekdays that it touches, `null` where they are not known.
    Weekdays,
    /// The seasons that it touches, `null` where they are not known.
    Seasons,
    /// When it arrived, cut to the hour.
    ReceivedHour,
    /// The voices of a report, the minutes of a visit.
    Weight,
    /// Whether it has a flag.
    Flag(Flags),
}

impl Tell {
    /// The value of the field.
    pub fn value<'a>(self, context: Context, event: &Event<'a>) -> Value<'a> {
        match self {
            Self::Context => context.code().into(),
            Self::Category => event.category.into(),
            Self::Status => event.status.into(),
            Self::Source => event.source_class.code().into(),
            Self::District if event.district.is_empty() => Value::Null,
            Self::District => event.district.into(),
            Self::Precision => event.precision_m.into(),
            Self::Start => event.start.map(|at| at.to_string()).into(),
            Self::End => event.end.map(|at| at.to_string()).into(),
            Self::TimePrecision => event.time_precision.code().into(),
            Self::Hours => hours(event.masks.hours.bits()),
            Self::Weekdays => codes(event.masks.weekdays.codes()),
            Self::Seasons => codes(event.masks.seasons.codes()),
            Self::ReceivedHour => event.received_hour.to_string().into(),
            Self::Weight => event.weight.into(),
            Self::Flag(flag) => Value::Bool(event.flags.has(flag)),
        }
    }

    /// A number that tells the values of the field apart: events of one answer
    /// with the same number have the same value.
    pub fn mark(self, context: Context, event: &Event<'_>) -> u64 {
        let second =
            |at: Option<Timestamp>| at.map_or(u64::MAX, |at| at.as_second().cast_unsigned());
        match self {
            Self::Context => context as u64,
            Self::Category => place(event.category),
            Self::Status => place(event.status),
            Self::Source => event.source_class as u64,
            Self::District => place(event.district),
            Self::Precision => event.precision_m.to_bits(),
            Self::Start => second(event.start),
            Self::End => second(event.end),
            Self::TimePrecision => event.time_precision as u64,
            Self::Hours => event.masks.hours.bits().into(),
            Self::Weekdays => event.masks.weekdays.bits().into(),
            Self::Seasons => event.masks.seasons.bits().into(),
            Self::ReceivedHour => event.received_hour.as_second().cast_unsigned(),
            Self::Weight => event.weight.into(),
            Self::Flag(flag) => event.flags.has(flag).into(),
        }
    }
}

/// Where a text stands: an index keeps each of its texts once, and a code of
/// ours stands in the program.
fn place(text: &str) -> u64 {
    if text.is_empty() { 0 } else { text.as_ptr().addr() as u64 }
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
        let values = self.fields.tell.iter().map(|tell| tell.value(*context, &event));
        Feature {
            id: FeatureId::Event(event.id),
            shape: event.position.map_or(Shape::None, Shape::Point),
            fields: self.fields.names.iter().copied().zip(values).collect(),
        }
    }
}

fn hours<'a>(bits: u32) -> Value<'a> {
    if bits == 0 {
        return Value::Null;
    }
    Value::List((0..24).filter(|hour| bits >> hour & 1 == 1).map(Value::Int).collect())
}

fn codes<'a>(codes: impl Iterator<Item = &'static str>) -> Value<'a> {
    let codes: Vec<Value<'_>> = codes.map(Value::from).collect();
    if codes.is_empty() { Value::Null } else { Value::List(codes) }
}
