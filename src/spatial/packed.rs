//! One event in 62 bytes: times and codes packed into words.

use super::names::Names;
use fyren_core::domain::{
    EventKind, EventRow, Flags, Hours, Id, Plane, Position, ReportStatus, Seasons, SourceClass,
    SourceTag, TimeMasks, TimePrecision, UnitKind, Weekdays,
};
use jiff::Timestamp;

/// The place of an event that has none.
pub const NOWHERE: [i32; 2] = [i32::MIN; 2];

/// An event of the index, as a layer reads it.
///
/// Positions are kept to 1e-7 degree (1 cm), times to the second, precisions
/// as 32-bit floats, and weights up to 65 535.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event<'a> {
    /// Identity.
    pub id: Id,
    /// Which aggregate.
    pub kind: EventKind,
    /// Representative point; `None` for area-coded events.
    pub position: Option<Position>,
    /// Radius in metres that covers the place; 0 for area-coded events.
    pub precision_m: f64,
    /// Start, or the instant.
    pub start: Option<Timestamp>,
    /// End, exclusive, where the time is a span.
    pub end: Option<Timestamp>,
    /// How well the time is known.
    pub time_precision: TimePrecision,
    /// Hours, weekdays and seasons in local time.
    pub masks: TimeMasks,
    /// When it arrived, cut to the hour.
    pub received_hour: Timestamp,
    /// Category code; an incident's is its source's own word.
    pub category: &'a str,
    /// What kind of witness.
    pub source_class: SourceClass,
    /// Who counts as one source.
    pub source_tag: SourceTag,
    /// District code, empty where none is known.
    pub district: &'a str,
    /// Facts as bits.
    pub flags: Flags,
    /// Minutes of presence of a visit, voices of a report, else 0.
    pub weight: u32,
    /// Status code of a report, unit kind of a visit, else empty.
    pub status: &'static str,
}

/// Who tells of an event, and when.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Witness {
    /// What kind of witness.
    pub source_class: SourceClass,
    /// Who counts as one source.
    pub source_tag: SourceTag,
    /// When it began, else the hour of its arrival.
    pub time: Timestamp,
    /// Whether it is known when it began.
    pub known_time: bool,
    /// The local hours in which it may have begun; empty where not known.
    pub hours: Hours,
    /// Facts as bits.
    pub flags: Flags,
}

impl Witness {
    pub(super) fn new(times: Times, codes: Codes, tag: i64) -> Self {
        let start = times.start();
        Self {
            source_class: codes.source_class(),
            source_tag: SourceTag::from_stored(tag).unwrap_or(SourceTag::from_bits(0)),
            time: start.unwrap_or_else(|| times.received_hour()),
            known_time: start.is_some(),
            hours: codes.masks().hours,
            flags: codes.flags(),
        }
    }
}

/// The texts of an index.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    pub categories: Names,
    pub districts: Names,
}

/// One event, packed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Packed {
    pub id: u128,
    pub at: [i32; 2],
    pub precision: f32,
    pub times: Times,
    pub seconds: u32,
    pub codes: Codes,
    pub category: u16,
    pub district: u16,
    pub tag: i64,
    pub weight: u16,
}

impl Packed {
    /// Packs a row, with its texts interned in `texts`.
    pub fn new(row: &EventRow<'_>, texts: &mut Texts) -> Self {
        Self {
            id: row.id.bits(),
            at: row.anchor.map_or(NOWHERE, |(position, _)| fixed(position)),
            precision: to_f32(row.precision_m),
            times: Times::new(row.start, row.end.is_some(), row.received_hour),
            seconds: duration(row.start, row.end),
            codes: Codes::new(row),
            category: texts.categories.intern(row.category),
            district: texts.districts.intern(row.district),
            tag: row.source_tag.value(),
            weight: u16::try_from(row.weight).unwrap_or(u16::MAX),
        }
    }

    /// The event, with its texts borrowed from `texts`.
    pub fn event(self, texts: &Texts) -> Event<'_> {
        let start = self.times.start();
        let end = start.filter(|_| self.times.has_end()).and_then(|start| {
            Timestamp::from_second(start.as_second() + i64::from(self.seconds)).ok()
        });
        Event {
            id: Id::from_bits(self.id),
            kind: self.codes.kind(),
            position: position(self.at),
            precision_m: f64::from(self.precision),
            start,
            end,
            time_precision: self.codes.time_precision(),
            masks: self.codes.masks(),
            received_hour: self.times.received_hour(),
            category: texts.categories.text(self.category),
            source_class: self.codes.source_class(),
            source_tag: SourceTag::from_stored(self.tag).unwrap_or(SourceTag::from_bits(0)),
            district: texts.districts.text(self.district),
            flags: self.codes.flags(),
            weight: u32::from(self.weight),
            status: self.codes.status(),
        }
    }
}

/// The position in 1e-7 degrees.
#[expect(clippy::cast_possible_truncation, reason = "180e7 fits, and `as` saturates beyond")]
pub fn fixed(position: Position) -> [i32; 2] {
    [position.longitude, position.latitude].map(|degrees| (degrees * 1e7).round() as i32)
}

/// The position of a pair of 1e-7 degrees, `None` for [`NOWHERE`].
pub fn position(at: [i32; 2]) -> Option<Position> {
    (at != NOWHERE)
        .then(|| Position { longitude: f64::from(at[0]) / 1e7, latitude: f64::from(at[1]) / 1e7 })
}

#[expect(clippy::cast_possible_truncation, reason = "metres need no more than 24 bits")]
const fn to_f32(value: f64) -> f32 {
    value as f32
}

fn duration(start: Option<Timestamp>, end: Option<Timestamp>) -> u32 {
    let (Some(start), Some(end)) = (start, end) else { return 0 };
    u32::try_from(end.as_second() - start.as_second()).unwrap_or(u32::MAX)
}

/// Start to the second (36 bits from the year 881), the hour of arrival
/// (23 bits), whether there is a start and whether there is an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times(u64);

const START_BITS: u32 = 36;
const HOUR_BITS: u32 = 23;
const HAS_START: u64 = 1 << 59;
const HAS_END: u64 = 1 << 60;

impl Times {
    fn new(start: Option<Timestamp>, has_end: bool, received: Timestamp) -> Self {
        let shifted = |value: i64, bits: u32| {
            let half = 1_i64 << (bits - 1);
            (value.clamp(-half, half - 1) + half).cast_unsigned()
        };
        let hour = shifted(received.as_second().div_euclid(3600), HOUR_BITS) << START_BITS;
        let Some(start) = start else { return Self(hour) };
        let end = if has_end { HAS_END } else { 0 };
        Self(shifted(start.as_second(), START_BITS) | hour | HAS_START | end)
    }

    /// Seconds since 1970 of the start, else of the hour of arrival.
    pub const fn seconds(self) -> i64 {
        if self.0 & HAS_START != 0 { self.start_second() } else { self.received_second() }
    }

    const fn start_second(self) -> i64 {
        (self.0 & ((1 << START_BITS) - 1)).cast_signed() - (1 << (START_BITS - 1))
    }

    const fn received_second(self) -> i64 {
        let hour = (self.0 >> START_BITS) & ((1 << HOUR_BITS) - 1);
        (hour.cast_signed() - (1 << (HOUR_BITS - 1))) * 3600
    }

    const fn has_end(self) -> bool {
        self.0 & HAS_END != 0
    }

    fn start(self) -> Option<Timestamp> {
        (self.0 & HAS_START != 0).then(|| stamp(self.start_second()))
    }

    fn received_hour(self) -> Timestamp {
        stamp(self.received_second())
    }
}

fn stamp(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Hours (24 bits), weekdays (7), seasons (4), time precision (3), kind (2),
/// source class (3), flags (16) and status (5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Codes(u64);

impl Codes {
    fn new(row: &EventRow<'_>) -> Self {
        let number = |at: usize| u64::try_from(at).unwrap_or(0);
        Self(
            u64::from(row.masks.hours.bits())
                | u64::from(row.masks.weekdays.bits()) << 24
                | u64::from(row.masks.seasons.bits()) << 31
                | number(row.time_precision as usize) << 35
                | number(row.kind as usize) << 38
                | number(row.source_class as usize) << 40
                | u64::from(row.flags.bits()) << 43
                | number(status_number(row.kind, row.status)) << 59,
        )
    }

    const fn bits(self, from: u32, length: u32) -> u64 {
        (self.0 >> from) & ((1 << length) - 1)
    }

    #[expect(clippy::cast_possible_truncation, reason = "at most 24 bits")]
    const fn number(self, from: u32, length: u32) -> u32 {
        self.bits(from, length) as u32
    }

    pub const fn hours(self) -> Hours {
        Hours::from_bits(self.number(0, 24))
    }

    #[expect(clippy::cast_possible_truncation, reason = "7 bits")]
    pub const fn weekdays(self) -> Weekdays {
        Weekdays::from_bits(self.bits(24, 7) as u8)
    }

    #[expect(clippy::cast_possible_truncation, reason = "4 bits")]
    pub const fn seasons(self) -> Seasons {
        Seasons::from_bits(self.bits(31, 4) as u8)
    }

    const fn masks(self) -> TimeMasks {
        TimeMasks { hours: self.hours(), weekdays: self.weekdays(), seasons: self.seasons() }
    }

    fn time_precision(self) -> TimePrecision {
        let known = TimePrecision::ALL.get(self.number(35, 3) as usize);
        known.copied().unwrap_or(TimePrecision::Unknown)
    }

    pub fn kind(self) -> EventKind {
        EventKind::ALL.get(self.number(38, 2) as usize).copied().unwrap_or(EventKind::Report)
    }

    pub fn source_class(self) -> SourceClass {
        let known = SourceClass::ALL.get(self.number(40, 3) as usize);
        known.copied().unwrap_or(SourceClass::Statistics)
    }

    #[expect(clippy::cast_possible_truncation, reason = "16 bits")]
    pub const fn flags(self) -> Flags {
        Flags::from_bits(self.bits(43, 16) as u16)
    }

    fn status(self) -> &'static str {
        let number = self.number(59, 5) as usize;
        let status = |at: usize| match self.kind() {
            EventKind::Report => ReportStatus::ALL.get(at).map(|status| status.code()),
            EventKind::Visit => UnitKind::ALL.get(at).map(|kind| kind.code()),
            EventKind::Incident => None,
        };
        number.checked_sub(1).and_then(status).unwrap_or("")
    }
}

/// 0 for none, else one more than its place in the list of its kind.
fn status_number(kind: EventKind, status: &str) -> usize {
    let known = match kind {
        EventKind::Report => ReportStatus::ALL.iter().position(|known| known.code() == status),
        EventKind::Visit => UnitKind::ALL.iter().position(|known| known.code() == status),
        EventKind::Incident => None,
    };
    known.map_or(0, |at| at + 1)
}

/// A packed event with what only a fresh one carries.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fresh {
    pub packed: Packed,
    pub plane: Option<Plane>,
    pub seq: i64,
}
