//! Times as files write them, in the zone of the municipality.

use fyren_core::domain::TimePrecision;
use jiff::civil::{self, DateTime, Time};
use jiff::fmt::{strtime, temporal::Pieces};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

/// Something worth knowing about a local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeNote {
    /// The clock jumped over it when summer time began: an hour is added.
    Gap,
    /// It came twice when summer time ended: the first is meant.
    Overlap,
}

/// How fine the times of a whole file are, as its first rows show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// To the minute.
    Minute,
    /// Every time is a full hour.
    Hour,
    /// Every time is midnight: only the date is known.
    Day,
}

/// A time as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The instant; the start of its day or month where only that is known.
    pub at: Timestamp,
    /// The same on the clock of the zone.
    pub local: DateTime,
    /// How fine it is written.
    pub precision: TimePrecision,
    /// What is special about it.
    pub note: Option<TimeNote>,
}

/// Years that an event can be from.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;

/// Dates that are not written as ISO 8601 has it, the day always before the
/// month, each with what may follow it.
const DATES: [&str; 6] = ["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y-%m-%d"];
const CLOCKS: [&str; 4] = [" %H:%M:%S", " %H:%M", " %H.%M.%S", " %H.%M"];

/// Reads a time: RFC 3339 with an offset; local `YYYY-MM-DD HH:MM(:SS)` (also
/// with `T`), `YYYY-MM-DD`, `YYYYMMDD`, `YYYY-MM`, `D/M/YYYY`, `DD.MM.YYYY`
/// and `YYYY/MM/DD`, the last three with `HH:MM(:SS)` or `HH.MM` behind them.
/// `None` for anything else and for years outside 1900 to 2200.
pub fn parse(text: &str, zone: &TimeZone) -> Option<Moment> {
    let text = text.trim();
    let month = text.len() == 7 && text.as_bytes()[4] == b'-';
    if month {
        let first = Pieces::parse(&format!("{text}-01")).ok()?.date();
        return local(first.to_datetime(Time::midnight()), TimePrecision::Month, zone);
    }
    if let Ok(pieces) = Pieces::parse(text) {
        return from_pieces(&pieces, zone);
    }
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let text = text.replace(" kl. ", " ").replace(" kl ", " ");
    other(&text, zone)
}

fn from_pieces(pieces: &Pieces<'_>, zone: &TimeZone) -> Option<Moment> {
    let Some(time) = pieces.time() else {
        return local(pieces.date().to_datetime(Time::midnight()), TimePrecision::Day, zone);
    };
    let written = pieces.date().to_datetime(time);
    let Some(offset) = pieces.to_numeric_offset() else {
        return local(written, TimePrecision::Minute, zone);
    };
    let at = offset.to_timestamp(written).ok()?;
    moment(at, zone.to_datetime(at), TimePrecision::Minute, None)
}

fn other(text: &str, zone: &TimeZone) -> Option<Moment> {
    let has_clock = text.trim().contains(' ');
    for date in DATES {
        if !has_clock {
            if let Ok(date) = civil::Date::strptime(date, text) {
                return local(date.to_datetime(Time::midnight()), TimePrecision::Day, zone);
            }
            continue;
        }
        for clock in CLOCKS {
            let format = format!("{date}{clock}");
            let read = strtime::parse(&format, text).and_then(|parts| parts.to_datetime());
            if let Ok(written) = read {
                return local(written, TimePrecision::Minute, zone);
            }
        }
    }
    None
}

/// A time on the clock of `zone`. In a gap and an overlap the hour remains
/// known and the minute is not relied upon.
fn local(written: DateTime, precision: TimePrecision, zone: &TimeZone) -> Option<Moment> {
    let ambiguous = zone.to_ambiguous_timestamp(written);
    let fine = precision == TimePrecision::Minute;
    let note = match ambiguous.offset() {
        AmbiguousOffset::Gap { .. } if fine => Some(TimeNote::Gap),
        AmbiguousOffset::Fold { .. } if fine => Some(TimeNote::Overlap),
        _ => None,
    };
    let precision = if note.is_some() { TimePrecision::Hour } else { precision };
    let at = ambiguous.compatible().ok()?;
    moment(at, zone.to_datetime(at), precision, note)
}

fn moment(
    at: Timestamp,
    local: DateTime,
    precision: TimePrecision,
    note: Option<TimeNote>,
) -> Option<Moment> {
    YEARS.contains(&local.year()).then_some(Moment { at, local, precision, note })
}

impl Moment {
    /// The same, no finer than the file's times are.
    #[must_use]
    pub fn coarsened(mut self, grain: Grain) -> Self {
        self.precision = match (grain, self.precision) {
            (Grain::Hour, TimePrecision::Minute) if self.is_full_hour() => TimePrecision::Hour,
            (Grain::Day, TimePrecision::Minute) if self.is_midnight() => TimePrecision::Day,
            (_, precision) => precision,
        };
        self
    }

    /// The moment after the day, month or hour that this time names.
    pub fn end(&self, zone: &TimeZone) -> Option<Timestamp> {
        let later = match self.precision {
            TimePrecision::Day => self.local.checked_add(1.day()),
            TimePrecision::Month => self.local.checked_add(1.month()),
            _ => return Some(self.at),
        };
        zone.to_ambiguous_timestamp(later.ok()?).compatible().ok()
    }

    /// Whether it is a full hour on the clock.
    pub fn is_full_hour(&self) -> bool {
        let time = self.local.time();
        time.minute() == 0 && time.second() == 0 && time.subsec_nanosecond() == 0
    }

    /// Whether it is midnight on the clock.
    pub fn is_midnight(&self) -> bool {
        self.local.time() == Time::midnight()
    }
}

/// Fewest times that say something about all times of a file.
const ENOUGH: usize = 20;

/// How fine the times of a file are, seen from its first ones.
pub fn grain(moments: &[Moment]) -> Grain {
    let fine = |moment: &&Moment| moment.precision == TimePrecision::Minute;
    let fine: Vec<&Moment> = moments.iter().filter(fine).collect();
    if fine.len() < ENOUGH {
        Grain::Minute
    } else if fine.iter().all(|moment| moment.is_midnight()) {
        Grain::Day
    } else if fine.iter().all(|moment| moment.is_full_hour()) {
        Grain::Hour
    } else {
        Grain::Minute
    }
}
