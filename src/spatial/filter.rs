//! What is asked for, and whether an event answers it.

use super::columns::Columns;
use super::names::Names;
use super::packed::{Codes, NOWHERE, Packed, Texts, fixed, position};
use super::region::Region;
use fyren_core::domain::{
    EventKind, Flags, Hours, Plane, Position, Seasons, SourceClass, Weekdays,
};
use jiff::Timestamp;
use std::sync::Arc;

/// A box in degrees, its edges included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Lower left corner.
    pub south_west: Position,
    /// Upper right corner; not west or south of the other.
    pub north_east: Position,
}

/// A disc in the municipality's plane, its edge included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Disc {
    /// Its centre.
    pub centre: Plane,
    /// Its radius in metres.
    pub radius_m: f64,
}

impl Disc {
    /// Whether `at` lies in it.
    #[must_use]
    pub fn holds(self, at: Plane) -> bool {
        (at.east - self.centre.east).hypot(at.north - self.centre.north) <= self.radius_m
    }
}

/// Which events are asked for. What is empty or `None` asks for everything.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    /// Which aggregates.
    pub kinds: Vec<EventKind>,
    /// First moment: of the event's start, where it has one, else of the hour
    /// of its arrival. An event is in exactly one of two adjacent windows.
    pub from: Option<Timestamp>,
    /// Moment after the last.
    pub to: Option<Timestamp>,
    /// Hours of the day that the event must touch.
    pub hours: Hours,
    /// Weekdays that it must touch.
    pub weekdays: Weekdays,
    /// Seasons that it must touch.
    pub seasons: Seasons,
    /// Categories; one that no event has matches none.
    pub categories: Vec<String>,
    /// Categories that a report may not have; incidents and visits may.
    pub hidden_reports: Vec<String>,
    /// Source classes.
    pub sources: Vec<SourceClass>,
    /// District codes.
    pub districts: Vec<String>,
    /// Where; an event without a position is in no box.
    pub bounds: Option<Bounds>,
    /// Where; an event without a position is in no disc.
    pub disc: Option<Disc>,
    /// Where; an event without a position is in no region.
    pub region: Option<Arc<Region>>,
    /// Flags of which an event may have none.
    pub without: Flags,
    /// Flags of which an event must have all.
    pub with: Flags,
}

/// How an event answers a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It does not.
    No,
    /// It does.
    Yes,
    /// It would if its hour, weekday or season were known.
    UnknownTime,
}

/// A filter with its texts as numbers, its times as seconds and its lists as
/// bits.
pub struct Prepared {
    kinds: u32,
    from: i64,
    to: i64,
    hours: Hours,
    weekdays: Weekdays,
    seasons: Seasons,
    categories: Option<Vec<bool>>,
    hidden: Option<Vec<bool>>,
    sources: u32,
    districts: Option<Vec<bool>>,
    corners: Option<([i32; 2], [i32; 2])>,
    region: Option<Arc<Region>>,
    without: Flags,
    with: Flags,
}

impl Prepared {
    /// Prepares `filter` for the events whose texts are `texts`.
    pub fn new(filter: &Filter, texts: &Texts) -> Self {
        let at_least = |at: Timestamp| {
            // An event's time is cut to the second.
            at.as_second() + i64::from(at.subsec_nanosecond() > 0)
        };
        Self {
            kinds: bits(filter.kinds.iter().map(|kind| *kind as usize)),
            from: filter.from.map_or(i64::MIN, at_least),
            to: filter.to.map_or(i64::MAX, at_least),
            hours: filter.hours,
            weekdays: filter.weekdays,
            seasons: filter.seasons,
            categories: wanted(&filter.categories, &texts.categories),
            hidden: wanted(&filter.hidden_reports, &texts.categories),
            sources: bits(filter.sources.iter().map(|class| *class as usize)),
            districts: wanted(&filter.districts, &texts.districts),
            corners: filter.bounds.map(|b| (fixed(b.south_west), fixed(b.north_east))),
            region: filter.region.clone(),
            without: filter.without,
            with: filter.with,
        }
    }

    /// How the event of `row` answers, its disc not considered.
    pub fn row(&self, columns: &Columns, row: usize) -> Verdict {
        let cheap = self.time(columns.times[row].seconds())
            && self.place(columns.at[row])
            && self.text(columns.category[row], columns.district[row]);
        if cheap { self.codes(columns.codes[row], columns.category[row]) } else { Verdict::No }
    }

    /// How a packed event answers, its disc not considered.
    pub fn packed(&self, event: &Packed) -> Verdict {
        let cheap = self.time(event.times.seconds())
            && self.place(event.at)
            && self.text(event.category, event.district);
        if cheap { self.codes(event.codes, event.category) } else { Verdict::No }
    }

    const fn time(&self, seconds: i64) -> bool {
        self.from <= seconds && seconds < self.to
    }

    fn place(&self, at: [i32; 2]) -> bool {
        let boxed = self.corners.is_none_or(|(low, high)| {
            at != NOWHERE
                && (low[0]..=high[0]).contains(&at[0])
                && (low[1]..=high[1]).contains(&at[1])
        });
        boxed
            && self
                .region
                .as_ref()
                .is_none_or(|region| position(at).is_some_and(|at| region.holds(at)))
    }

    fn text(&self, category: u16, district: u16) -> bool {
        holds(self.categories.as_deref(), category) && holds(self.districts.as_deref(), district)
    }

    fn codes(&self, codes: Codes, category: u16) -> Verdict {
        let flags = codes.flags();
        let hidden = codes.kind() == EventKind::Report
            && self.hidden.is_some()
            && holds(self.hidden.as_deref(), category);
        let named = !hidden
            && has(self.kinds, codes.kind() as usize)
            && has(self.sources, codes.source_class() as usize)
            && !flags.has_any(self.without)
            && flags.has(self.with);
        if !named {
            return Verdict::No;
        }
        let (hours, weekdays, seasons) = (codes.hours(), codes.weekdays(), codes.seasons());
        let unknown = (!self.hours.is_empty() && hours.is_empty())
            || (!self.weekdays.is_empty() && weekdays.is_empty())
            || (!self.seasons.is_empty() && seasons.is_empty());
        let met = (self.hours.is_empty() || hours.is_empty() || self.hours.meets(hours))
            && (self.weekdays.is_empty() || weekdays.is_empty() || self.weekdays.meets(weekdays))
            && (self.seasons.is_empty() || seasons.is_empty() || self.seasons.meets(seasons));
        match (met, unknown) {
            (false, _) => Verdict::No,
            (true, true) => Verdict::UnknownTime,
            (true, false) => Verdict::Yes,
        }
    }
}

/// Bits of a list; all of them for an empty one.
fn bits(numbers: impl Iterator<Item = usize>) -> u32 {
    let bits = numbers.fold(0, |bits, number| bits | 1 << number);
    if bits == 0 { u32::MAX } else { bits }
}

const fn has(bits: u32, number: usize) -> bool {
    bits >> number & 1 == 1
}

/// Which numbers are wanted; `None` for all.
fn wanted(list: &[String], names: &Names) -> Option<Vec<bool>> {
    if list.is_empty() {
        return None;
    }
    let mut wanted = vec![false; names.len()];
    for number in list.iter().filter_map(|text| names.number(text)) {
        wanted[usize::from(number)] = true;
    }
    Some(wanted)
}

fn holds(wanted: Option<&[bool]>, number: u16) -> bool {
    wanted.is_none_or(|wanted| wanted.get(usize::from(number)) == Some(&true))
}
