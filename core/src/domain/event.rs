//! What the index holds of each event: one flat row for reports, incidents and visits.

use super::{Id, Plane, Position, Seq, SourceTag, TimeMasks, TimePrecision};
use jiff::Timestamp;

super::code::code_enum! {
    /// Which aggregate an event belongs to.
    pub enum EventKind {
        /// A report.
        Report = "report",
        /// An imported incident.
        Incident = "incident",
        /// A visit: presence.
        Visit = "visit",
    }
}

super::code::code_enum! {
    /// What kind of witness a number rests on; classes are never summed silently.
    pub enum SourceClass {
        /// Residents and visitors.
        Citizen = "citizen",
        /// Trained reporters: field workers, guards, school, housing company.
        Trained = "trained",
        /// Incidents as the police publish them.
        Police = "police",
        /// Presence.
        Presence = "presence",
        /// Statistics.
        Statistics = "statistics",
    }
}

/// Facts about an event that filters and rules need, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(u16);

impl Flags {
    /// Found by the police themselves: left out of need and of effect.
    pub const POLICE_INITIATED: Self = Self(1);
    /// Kept out of rankings and releases.
    pub const QUARANTINED: Self = Self(1 << 1);
    /// Merged into an other report.
    pub const MERGED: Self = Self(1 << 2);
    /// Repeats an earlier report.
    pub const DUPLICATE: Self = Self(1 << 3);
    /// Released by a moderator as a fact about a place.
    pub const PUBLISHED: Self = Self(1 << 4);
    /// Made by the simulator.
    pub const SYNTHETIC: Self = Self(1 << 5);
    /// A report of a safe place: beside the score, never in it.
    pub const SAFE_PLACE: Self = Self(1 << 6);
    /// A correction replaces this visit.
    pub const CORRECTED: Self = Self(1 << 7);

    /// Its text seems to tell of something that is going on.
    pub const DANGER: Self = Self(1 << 8);
    /// Its text seems to point out a person.
    pub const PERSONAL: Self = Self(1 << 9);
    /// Its sender has written something that staff have not read.
    pub const UNREAD: Self = Self(1 << 10);

    /// The flags with these bits.
    #[must_use]
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// The bits of these flags.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// These flags and `other`.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` are set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any of `other` is set.
    #[must_use]
    pub const fn has_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// One event as the store hands it to the index; texts are borrowed from the
/// row that is being read, and interned by the reader.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EventRow<'a> {
    /// Identity.
    pub id: Id,
    /// Position in the feed when it was last changed.
    pub seq: Seq,
    /// Which aggregate.
    pub kind: EventKind,
    /// Representative point; `None` for area-coded events.
    pub anchor: Option<(Position, Plane)>,
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
    pub status: &'a str,
}
