//! When something happened or happens, with how well that is known.

use super::Violation;
use jiff::{Timestamp, tz::TimeZone};

super::code::code_enum! {
    /// How well an instant is known.
    pub enum TimePrecision {
        /// To the minute.
        Minute = "minute",
        /// To the hour.
        Hour = "hour",
        /// Night 0-6, morning 6-12, afternoon 12-18 or evening 18-24.
        DayPart = "day_part",
        /// To the day.
        Day = "day",
        /// To the month.
        Month = "month",
        /// Not known. Never the same as midnight.
        Unknown = "unknown",
    }
}

/// A set of hours of the day, bit 0 = 00-01 to bit 23 = 23-24.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Hours(u32);

/// A set of weekdays, bit 0 = Monday to bit 6 = Sunday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Weekdays(u8);

/// A set of seasons: bit 0 spring (Mar-May), 1 summer, 2 autumn, 3 winter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Seasons(u8);

const WEEKDAY_CODES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const SEASON_CODES: [&str; 4] = ["spring", "summer", "autumn", "winter"];

impl Hours {
    /// All 24 hours.
    pub const ALL: Self = Self(0x00ff_ffff);

    /// The set with these bits; bits above 23 are dropped.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits & Self::ALL.0)
    }

    /// Parses half-open spans that may wrap around midnight, separated by
    /// commas: `22-04` holds 22, 23, 0, 1, 2 and 3; a single hour is itself.
    ///
    /// # Errors
    /// Violates `hours: hours_form`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let wrong = || Violation::new("hours", "hours_form");
        let mut bits = 0;
        for part in text.split(',') {
            let (from, to) = if let Some((from, to)) = part.trim().split_once('-') {
                (hour(from).ok_or_else(wrong)?, hour(to).ok_or_else(wrong)?)
            } else {
                let only = hour(part).filter(|h| *h < 24).ok_or_else(wrong)?;
                (only, only + 1)
            };
            if from == to || from == 24 {
                return Err(wrong());
            }
            let length = if to > from { to - from } else { 24 - from + to };
            for step in 0..length {
                bits |= 1 << ((from + step) % 24);
            }
        }
        Ok(Self(bits))
    }
}

fn hour(text: &str) -> Option<u32> {
    let text = text.trim();
    let plain = matches!(text.len(), 1 | 2) && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|h| plain && *h <= 24)
}

impl Weekdays {
    /// All seven days.
    pub const ALL: Self = Self(0x7f);

    /// The set with these bits; bit 7 is dropped.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & Self::ALL.0)
    }

    /// Parses codes separated by commas: `fri,sat`.
    ///
    /// # Errors
    /// Violates `weekdays: weekday_code`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        codes(text, &WEEKDAY_CODES)
            .map(Self)
            .ok_or_else(|| Violation::new("weekdays", "weekday_code"))
    }
}

impl Seasons {
    /// All four seasons.
    pub const ALL: Self = Self(0x0f);

    /// The set with these bits; bits above 3 are dropped.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & Self::ALL.0)
    }

    /// Parses codes separated by commas: `summer`, `autumn,winter`.
    ///
    /// # Errors
    /// Violates `season: season_code`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        codes(text, &SEASON_CODES).map(Self).ok_or_else(|| Violation::new("season", "season_code"))
    }
}

fn codes(text: &str, known: &[&str]) -> Option<u8> {
    text.split(',').try_fold(0, |bits, code| {
        known.iter().position(|k| *k == code.trim()).map(|at| bits | (1 << at))
    })
}

macro_rules! set {
    ($name:ident, $bits:ty) => {
        impl $name {
            /// The bits of this set.
            #[must_use]
            pub const fn bits(self) -> $bits {
                self.0
            }

            /// Whether nothing is in this set: for an event, "not known".
            #[must_use]
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// Whether both sets share an element.
            #[must_use]
            pub const fn meets(self, other: Self) -> bool {
                self.0 & other.0 != 0
            }
        }
    };
}
set!(Hours, u32);
set!(Weekdays, u8);
set!(Seasons, u8);

impl Weekdays {
    /// The codes of the days in this set, Monday first.
    pub fn codes(self) -> impl Iterator<Item = &'static str> {
        (0..7).filter(move |at| self.0 & (1 << at) != 0).map(|at| WEEKDAY_CODES[at])
    }
}

impl Seasons {
    /// The codes of the seasons in this set, spring first.
    pub fn codes(self) -> impl Iterator<Item = &'static str> {
        (0..4).filter(move |at| self.0 & (1 << at) != 0).map(|at| SEASON_CODES[at])
    }
}

/// When something happened, or happens again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// One instant, known to some precision; never [`TimePrecision::Unknown`].
    Instant {
        /// The instant; for coarse precisions the start of its hour, day or month.
        at: Timestamp,
        /// How well it is known.
        precision: TimePrecision,
    },
    /// Somewhere from `from` (inclusive) to `to` (exclusive, later than `from`).
    Interval {
        /// First moment.
        from: Timestamp,
        /// Moment after the last.
        to: Timestamp,
    },
    /// Again and again: a resident's answer to "when does it feel unsafe?".
    /// Each set is non-empty; "always" is the full set.
    Recurring {
        /// Hours of the day.
        hours: Hours,
        /// Days of the week.
        weekdays: Weekdays,
        /// Seasons of the year.
        seasons: Seasons,
    },
    /// Not known.
    Unknown,
}

/// Which hours, weekdays and seasons an event touches; an empty set means
/// that it is not known and that the event drops out of such filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeMasks {
    /// Hours of the day in local time.
    pub hours: Hours,
    /// Days of the week in local time.
    pub weekdays: Weekdays,
    /// Seasons in local time.
    pub seasons: Seasons,
}

impl When {
    /// First and last-but-open moment, where there is one: an instant is its
    /// own start with no end.
    #[must_use]
    pub const fn span(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        match self {
            Self::Instant { at, .. } => (Some(*at), None),
            Self::Interval { from, to } => (Some(*from), Some(*to)),
            Self::Recurring { .. } | Self::Unknown => (None, None),
        }
    }

    /// How well this time is known.
    #[must_use]
    pub const fn precision(&self) -> TimePrecision {
        match self {
            Self::Instant { precision, .. } => *precision,
            Self::Interval { .. } => TimePrecision::Minute,
            Self::Recurring { .. } => TimePrecision::Hour,
            Self::Unknown => TimePrecision::Unknown,
        }
    }

    /// The hours, weekdays and seasons that this time touches in `zone`.
    /// An interval of up to seven days touches each of its hours; a longer one
    /// only its seasons. Costs at most 168 steps.
    #[must_use]
    pub fn masks(&self, zone: &TimeZone) -> TimeMasks {
        match self {
            Self::Unknown => TimeMasks::default(),
            Self::Recurring { hours, weekdays, seasons } => {
                TimeMasks { hours: *hours, weekdays: *weekdays, seasons: *seasons }
            }
            Self::Instant { at, precision } => {
                let mut masks = touched(*at, zone);
                match precision {
                    TimePrecision::Minute | TimePrecision::Hour => {}
                    TimePrecision::DayPart => {
                        let part = at.to_zoned(zone.clone()).hour() / 6;
                        masks.hours = Hours(0x3f << (6 * part));
                    }
                    TimePrecision::Day => masks.hours = Hours::default(),
                    TimePrecision::Month => {
                        masks.hours = Hours::default();
                        masks.weekdays = Weekdays::default();
                    }
                    TimePrecision::Unknown => return TimeMasks::default(),
                }
                masks
            }
            Self::Interval { from, to } => interval_masks(*from, *to, zone),
        }
    }
}

fn touched(at: Timestamp, zone: &TimeZone) -> TimeMasks {
    let local = at.to_zoned(zone.clone());
    let season = match local.month() {
        3..=5 => 0,
        6..=8 => 1,
        9..=11 => 2,
        _ => 3,
    };
    TimeMasks {
        hours: Hours(1 << local.hour()),
        weekdays: Weekdays(1 << local.weekday().to_monday_zero_offset()),
        seasons: Seasons(1 << season),
    }
}

fn interval_masks(from: Timestamp, to: Timestamp, zone: &TimeZone) -> TimeMasks {
    const HOUR: i64 = 3600;
    let last = to.as_second() - 1;
    let long = last - from.as_second() >= 7 * 24 * HOUR;
    let step = if long { 24 * HOUR } else { HOUR };
    let mut all = TimeMasks::default();
    let mut second = from.as_second();
    let mut steps = 0;
    while steps < 400 {
        let at = second.min(last.max(from.as_second()));
        if let Ok(at) = Timestamp::from_second(at) {
            let one = touched(at, zone);
            all.hours.0 |= one.hours.0;
            all.weekdays.0 |= one.weekdays.0;
            all.seasons.0 |= one.seasons.0;
        }
        if second >= last {
            break;
        }
        second += step;
        steps += 1;
    }
    if long {
        all.hours = Hours::default();
        all.weekdays = Weekdays::default();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_wrap_around_midnight_and_are_half_open() {
        let night = Hours::parse("22-04").unwrap();
        assert_eq!(night.bits(), 0b1100_0000_0000_0000_0000_1111);
        assert_eq!(Hours::parse("0-24").unwrap(), Hours::ALL);
        assert_eq!(Hours::parse("18-24").unwrap().bits(), 0b1111_1100_0000_0000_0000_0000);
        assert_eq!(Hours::parse("7").unwrap().bits(), 1 << 7);
        assert_eq!(Hours::parse("22-02,12-13").unwrap().bits(), 0b1100_0000_0001_0000_0000_0011);
    }

    #[test]
    fn hours_that_say_nothing_are_refused() {
        for text in ["", "24", "4-4", "25-3", "x", "-", "22-", "1-2-3", "+1-3"] {
            assert!(Hours::parse(text).is_err(), "{text:?} was accepted");
        }
    }

    #[test]
    fn a_summer_evening_is_counted_in_local_time() {
        let zone = TimeZone::get("Europe/Stockholm").unwrap();
        // 22:30 UTC on a Friday in July is half past midnight on Saturday.
        let at: Timestamp = "2026-07-10T22:30:00Z".parse().unwrap();
        let masks = When::Instant { at, precision: TimePrecision::Minute }.masks(&zone);
        assert_eq!(masks.hours.bits(), 1);
        assert_eq!(masks.weekdays.codes().collect::<Vec<_>>(), ["sat"]);
        assert_eq!(masks.seasons.codes().collect::<Vec<_>>(), ["summer"]);
    }

    #[test]
    fn a_day_without_an_hour_has_a_weekday_but_no_hour() {
        let zone = TimeZone::UTC;
        let at: Timestamp = "2026-07-10T00:00:00Z".parse().unwrap();
        let masks = When::Instant { at, precision: TimePrecision::Day }.masks(&zone);
        assert!(masks.hours.is_empty());
        assert!(!masks.weekdays.is_empty());
    }

    #[test]
    fn an_interval_touches_each_of_its_hours_but_not_its_open_end() {
        let from: Timestamp = "2026-07-10T20:00:00Z".parse().unwrap();
        let to: Timestamp = "2026-07-10T23:00:00Z".parse().unwrap();
        let masks = When::Interval { from, to }.masks(&TimeZone::UTC);
        assert_eq!(masks.hours.bits(), 0b111 << 20);
    }
}
