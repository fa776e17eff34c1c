//! Times that are written where the true one is not known: midnight, noon, the
//! first of a month or of a year.

use super::findings::note;
use super::times::Moment;
use fyren_core::domain::TimePrecision;

/// Fewest rows that can be a pile.
const PILE: u64 = 20;

/// Where a pile stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pile {
    /// Midnight.
    Midnight,
    /// Noon.
    Noon,
    /// The first of a month, but of January.
    FirstOfMonth,
    /// The first of January.
    FirstOfYear,
}

impl Pile {
    /// The stable name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Midnight => "00:00",
            Self::Noon => "12:00",
            Self::FirstOfMonth => "first_of_month",
            Self::FirstOfYear => "first_of_year",
        }
    }
}

/// A time that is written where the true one is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultTime {
    /// Which.
    pub pile: Pile,
    /// Rows at it.
    pub rows: u64,
    /// Rows that the times beside it let expect.
    pub expected: u64,
    /// The first lines of them.
    pub lines: Vec<u64>,
}

/// Counts of full hours and of days.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    full_hours: [u64; 24],
    /// Days of January, and of all other months, the first at 0.
    days: [[u64; 31]; 2],
    lines: [Vec<u64>; 4],
}

impl Clock {
    /// Notes a time.
    pub(super) fn saw(&mut self, line: u64, moment: &Moment) {
        let clock = matches!(moment.precision, TimePrecision::Minute | TimePrecision::Hour);
        if clock && moment.is_full_hour() {
            let hour = usize::try_from(moment.local.hour()).unwrap_or(0) % 24;
            self.full_hours[hour] += 1;
            match hour {
                0 => note(&mut self.lines[0], line),
                12 => note(&mut self.lines[1], line),
                _ => {}
            }
        }
        if clock || moment.precision == TimePrecision::Day {
            let other = usize::from(moment.local.month() != 1);
            let day = usize::try_from(moment.local.day() - 1).unwrap_or(0) % 31;
            self.days[other][day] += 1;
            if day == 0 {
                note(&mut self.lines[3 - other], line);
            }
        }
    }

    /// Midnight, noon, the first of months and of years where they hold at
    /// least 20 rows and clearly more than the times beside them: a quarter and
    /// four standard deviations of a Poisson count more. Beside an hour lie its
    /// two neighbours, beside the first of a month its days up to the 28th.
    #[must_use]
    pub fn defaults(&self) -> Vec<DefaultTime> {
        let hour = |at: usize| {
            let beside = [self.full_hours[(at + 23) % 24], self.full_hours[at + 1]];
            (self.full_hours[at], u64::midpoint(beside[0], beside[1]))
        };
        let first = |days: &[u64; 31]| (days[0], days[1..28].iter().sum::<u64>() / 27);
        let [january, other] = &self.days;
        let found = [
            (Pile::Midnight, hour(0)),
            (Pile::Noon, hour(12)),
            (Pile::FirstOfMonth, first(other)),
            (Pile::FirstOfYear, first(january)),
        ];
        let clear = |(rows, expected): (u64, u64)| {
            let excess = rows.saturating_sub(expected);
            rows >= PILE && excess * 4 >= expected && excess * excess >= 16 * expected
        };
        let told = found.into_iter().zip(&self.lines).filter(|((_, counts), _)| clear(*counts));
        told.map(|((pile, (rows, expected)), lines)| DefaultTime {
            pile,
            rows,
            expected,
            lines: lines.clone(),
        })
        .collect()
    }
}
