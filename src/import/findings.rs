//! What is odd about a file that was read to its end.

use super::times::{Moment, TimeNote};
use fyren_core::domain::{Position, TimePrecision};
use std::collections::HashMap;

/// Most different points that are counted at a time.
const POINTS: usize = 200_000;
/// Fewest rows on a point, and times the mean per point, that are a pile.
const PILE: u64 = 10;
/// Most piles and line numbers that are told.
const TOLD: usize = 10;
/// Fewest rows at a full hour that can be a pile.
const CLOCK_PILE: u64 = 20;

/// A point that is repeated far more often than the others: an institution or
/// the centre of something, not a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RepeatedPoint {
    /// The point.
    pub position: Position,
    /// Rows on it.
    pub rows: u64,
}

/// A time of day that is written where the true one is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefaultTime {
    /// The hour: 0 or 12.
    pub hour: u8,
    /// Rows at exactly that hour.
    pub rows: u64,
    /// Rows that its two neighbours, exactly on the hour, let expect.
    pub expected: u64,
}

/// Counts and examples of what is odd; memory is bounded whatever the file.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// Rows without a time that could be read.
    pub unknown_times: u64,
    /// Times that stand there and could not be read.
    pub unreadable_times: u64,
    /// Lines of the first of them.
    pub unreadable_lines: Vec<u64>,
    /// Spans whose end is before their beginning.
    pub reversed_spans: u64,
    /// Lines of the first of them.
    pub reversed_lines: Vec<u64>,
    /// Local times that do not exist, in the hour that summer time skips.
    pub gap_times: u64,
    /// Local times that came twice, in the hour that summer time repeats.
    pub overlap_times: u64,
    /// Lines of the first gap and overlap times.
    pub shifted_lines: Vec<u64>,
    full_hours: [u64; 24],
    points: HashMap<(i64, i64), u64>,
    points_seen: u64,
    forgotten: u64,
}

impl Findings {
    /// Notes a time that could not be read.
    pub fn saw_unreadable_time(&mut self, line: u64) {
        self.unreadable_times += 1;
        note(&mut self.unreadable_lines, line);
    }

    /// Notes a span whose end is before its beginning.
    pub fn saw_reversed_span(&mut self, line: u64) {
        self.reversed_spans += 1;
        note(&mut self.reversed_lines, line);
    }

    /// Notes a time.
    pub fn saw_time(&mut self, line: u64, moment: &Moment) {
        match moment.note {
            Some(TimeNote::Gap) => self.gap_times += 1,
            Some(TimeNote::Overlap) => self.overlap_times += 1,
            None => {}
        }
        if moment.note.is_some() {
            note(&mut self.shifted_lines, line);
        }
        let clock = matches!(moment.precision, TimePrecision::Minute | TimePrecision::Hour);
        if clock && moment.is_full_hour() {
            let hour = usize::try_from(moment.local.hour()).unwrap_or(0);
            self.full_hours[hour % 24] += 1;
        }
    }

    /// Notes a point. Where there are more different points than can be kept,
    /// the rarest are forgotten, which no pile is.
    pub fn saw_point(&mut self, at: Position) {
        self.points_seen += 1;
        *self.points.entry(key(at)).or_insert(0) += 1;
        if self.points.len() > POINTS {
            let before = self.points.len();
            let mut least = 1;
            while self.points.len() > POINTS / 2 {
                self.points.retain(|_, rows| *rows > least);
                least *= 2;
            }
            self.forgotten += (before - self.points.len()) as u64;
        }
    }

    /// The points with at least ten rows and ten times the mean, the fullest
    /// ten of them, and how many there are in all.
    #[must_use]
    pub fn repeated_points(&self) -> (Vec<RepeatedPoint>, usize) {
        let distinct = (self.points.len() as u64 + self.forgotten).max(1);
        let mut piles: Vec<RepeatedPoint> = self
            .points
            .iter()
            .filter(|(_, rows)| **rows >= PILE && **rows * distinct >= PILE * self.points_seen)
            .map(|(key, rows)| RepeatedPoint { position: position(*key), rows: *rows })
            .collect();
        piles.sort_by(|a, b| {
            let place = |p: &RepeatedPoint| key(p.position);
            b.rows.cmp(&a.rows).then_with(|| place(a).cmp(&place(b)))
        });
        let count = piles.len();
        piles.truncate(TOLD);
        (piles, count)
    }

    /// Midnight and noon, where they hold at least 20 rows and clearly more
    /// than the full hours beside them: a quarter and four standard
    /// deviations of a Poisson count more.
    #[must_use]
    pub fn default_times(&self) -> Vec<DefaultTime> {
        let pile = |hour: u8| {
            let at = usize::from(hour);
            let rows = self.full_hours[at];
            let expected = u64::midpoint(self.full_hours[(at + 23) % 24], self.full_hours[at + 1]);
            let excess = rows.saturating_sub(expected);
            let clear = excess * 4 >= expected && excess * excess >= 16 * expected;
            (rows >= CLOCK_PILE && clear).then_some(DefaultTime { hour, rows, expected })
        };
        [0, 12].into_iter().filter_map(pile).collect()
    }
}

fn note(lines: &mut Vec<u64>, line: u64) {
    if lines.len() < TOLD && lines.last() != Some(&line) {
        lines.push(line);
    }
}

/// A point by its hundred-thousandths of a degree, about a metre.
#[expect(clippy::cast_possible_truncation, reason = "degrees are within 180")]
fn key(at: Position) -> (i64, i64) {
    ((at.longitude * 1e5).round() as i64, (at.latitude * 1e5).round() as i64)
}

#[expect(clippy::cast_precision_loss, reason = "degrees times 100 000 are exact in a double")]
fn position((longitude, latitude): (i64, i64)) -> Position {
    Position { longitude: longitude as f64 / 1e5, latitude: latitude as f64 / 1e5 }
}
