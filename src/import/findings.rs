//! What is odd about a file that was read to its end.

use super::clock::Clock;
use super::times::{Moment, TimeNote};
use fyren_core::domain::Position;
use std::collections::HashMap;

/// Most different points that are counted at a time.
const POINTS: usize = 200_000;
/// Fewest rows on a point, and times the mean per point, that are a pile.
const PILE: u64 = 10;
/// Most piles and line numbers that are told.
pub(super) const TOLD: usize = 10;
/// Fewest points that outliers can be told from.
const ENOUGH: u64 = 50;
/// How many times the span of nine tenths of all points an outlier lies
/// beyond it.
const FAR: i64 = 3;
/// The least span, in hundred-thousandths of a degree: some 500 m.
const LEAST_SPAN: i64 = 500;

/// Rows on one point, and the line of the first.
#[derive(Debug, Clone, Copy)]
struct Spot {
    rows: u64,
    line: u64,
}

/// A point that is repeated far more often than the others: an institution or
/// the centre of something, not a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RepeatedPoint {
    /// The point.
    pub position: Position,
    /// Rows on it.
    pub rows: u64,
    /// Line of the first of them.
    pub line: u64,
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
    /// Times that may be defaults.
    pub clock: Clock,
    points: HashMap<(i64, i64), Spot>,
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
        self.clock.saw(line, moment);
    }

    /// Notes a point. Where there are more different points than can be kept,
    /// the rarest are forgotten, which no pile is.
    pub fn saw_point(&mut self, line: u64, at: Position) {
        self.points_seen += 1;
        self.points.entry(key(at)).or_insert(Spot { rows: 0, line }).rows += 1;
        if self.points.len() > POINTS {
            let before = self.points.len();
            let mut least = 1;
            while self.points.len() > POINTS / 2 {
                self.points.retain(|_, spot| spot.rows > least);
                least *= 2;
            }
            self.forgotten += (before - self.points.len()) as u64;
        }
    }

    /// Points that were seen.
    #[must_use]
    pub const fn points(&self) -> u64 {
        self.points_seen
    }

    /// The points with at least ten rows and ten times the mean, the fullest
    /// ten of them, and how many there are in all.
    #[must_use]
    pub fn repeated_points(&self) -> (Vec<RepeatedPoint>, usize) {
        let distinct = (self.points.len() as u64 + self.forgotten).max(1);
        let pile =
            |spot: &Spot| spot.rows >= PILE && spot.rows * distinct >= PILE * self.points_seen;
        self.fullest(|_, spot| pile(spot))
    }

    /// The points that lie apart from all others: beyond the span of the
    /// middle nine tenths of all rows by three times that span, east or north.
    /// The fullest ten of them, and how many there are in all.
    #[must_use]
    pub fn outliers(&self) -> (Vec<RepeatedPoint>, usize) {
        if self.points_seen < ENOUGH {
            return (Vec::new(), 0);
        }
        let east = self.reach(|key| key.0);
        let north = self.reach(|key| key.1);
        self.fullest(|key, _| !east.contains(&key.0) || !north.contains(&key.1))
    }

    /// How far points may lie on one axis.
    fn reach(&self, axis: fn(&(i64, i64)) -> i64) -> std::ops::RangeInclusive<i64> {
        let mut values: Vec<(i64, u64)> =
            self.points.iter().map(|(key, spot)| (axis(key), spot.rows)).collect();
        values.sort_unstable();
        let all: u64 = values.iter().map(|(_, rows)| rows).sum();
        let quantile = |share: u64| {
            let mut seen = 0;
            let at = values.iter().find(|(_, rows)| {
                seen += rows;
                seen * 20 >= share * all
            });
            at.map_or(0, |(value, _)| *value)
        };
        let (low, high) = (quantile(1), quantile(19));
        let span = FAR * (high - low).max(LEAST_SPAN);
        low - span..=high + span
    }

    fn fullest(&self, told: impl Fn(&(i64, i64), &Spot) -> bool) -> (Vec<RepeatedPoint>, usize) {
        let found = self.points.iter().filter(|(key, spot)| told(key, spot));
        let point = |(at, spot): (&(i64, i64), &Spot)| RepeatedPoint {
            position: position(*at),
            rows: spot.rows,
            line: spot.line,
        };
        let mut piles: Vec<RepeatedPoint> = found.map(point).collect();
        piles.sort_by_key(|pile| (std::cmp::Reverse(pile.rows), pile.line));
        let count = piles.len();
        piles.truncate(TOLD);
        (piles, count)
    }
}

/// Notes one of the first lines.
pub(super) fn note(lines: &mut Vec<u64>, line: u64) {
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
