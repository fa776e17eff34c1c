//! Cells in rows, and which are near which.

use super::{Nearness, narrow};
use crate::analysis::dated::Dated;
use crate::domain::Violation;
use std::ops::Range;

/// Slot of time, row, column: cells in this order have their neighbours of one
/// row side by side. All start at [`BEFORE`], so that those before can be named.
pub(super) type Key = (u32, u32, u32);

/// Columns and rows to either side that may hold points near those of a cell.
const BEFORE: u32 = 2;

/// The cell of each event and its number: squares whose diagonal is just below
/// the radius.
pub(super) fn keys(events: &[Dated], near: Nearness) -> Result<Vec<(Key, u32)>, Violation> {
    let edge = near.eps_m / std::f64::consts::SQRT_2 * (1.0 - 1e-9);
    let east = Steps::new(events, |event| event.at.east, edge)?;
    let north = Steps::new(events, |event| event.at.north, edge)?;
    let day = Steps::new(events, |event| event.day, near.days * (1.0 - 1e-9))?;
    let key = |event: &Dated| (day.of(event.day), north.of(event.at.north), east.of(event.at.east));
    Ok(events.iter().map(key).zip(0u32..).collect())
}

/// Steps from the least of some values.
struct Steps {
    least: f64,
    unit: f64,
}

impl Steps {
    fn new(events: &[Dated], of: impl Fn(&Dated) -> f64, unit: f64) -> Result<Self, Violation> {
        let ends = (f64::INFINITY, f64::NEG_INFINITY);
        // All are finite: a comparison is a third of what `min` takes.
        let wider = |(least, most): (f64, f64), event: &Dated| {
            let value = of(event);
            (if value < least { value } else { least }, if value > most { value } else { most })
        };
        let (least, most) = events.iter().fold(ends, wider);
        if events.is_empty() || (most - least) / unit < f64::from(u32::MAX - 2 * BEFORE) {
            Ok(Self { least, unit })
        } else {
            Err(Violation::new("epsM", "too_small"))
        }
    }

    fn of(&self, value: f64) -> u32 {
        let step = (value - self.least) / self.unit;
        #[expect(clippy::cast_possible_truncation, reason = "the widest has been found to fit")]
        #[expect(clippy::cast_sign_loss, reason = "the offset is from the least")]
        let whole = step as u32;
        whole + BEFORE
    }
}

/// Keys in ascending order, equal ones as they stood.
pub(super) fn sorted(mut keyed: Vec<(Key, u32)>) -> Vec<(Key, u32)> {
    let mut turned = vec![((0, 0, 0), 0); keyed.len()];
    sort_by_part(&mut keyed, &mut turned, |key| key.2);
    sort_by_part(&mut keyed, &mut turned, |key| key.1);
    sort_by_part(&mut keyed, &mut turned, |key| key.0);
    keyed
}

/// Sorts by one part of the keys and leaves those with an equal one as they
/// stood: counts a few bits at a time, from the least to the most that matter.
fn sort_by_part(
    keyed: &mut Vec<(Key, u32)>,
    turned: &mut Vec<(Key, u32)>,
    part: impl Fn(&Key) -> u32,
) {
    const BITS: u32 = 12;
    let most = keyed.iter().map(|(key, _)| part(key)).max().unwrap_or(0);
    let least = keyed.iter().map(|(key, _)| part(key)).min().unwrap_or(0);
    let mut shift = 0;
    while shift < u32::BITS && (most - least) >> shift > 0 {
        let digit = |key: &Key| ((part(key) - least) >> shift) as usize % (1 << BITS);
        let mut places = [0u32; 1 << BITS];
        for (key, _) in keyed.iter() {
            places[digit(key)] += 1;
        }
        let mut start = 0;
        for place in &mut places {
            start += std::mem::replace(place, start);
        }
        for &entry in keyed.iter() {
            let place = &mut places[digit(&entry.0)];
            turned[*place as usize] = entry;
            *place += 1;
        }
        std::mem::swap(keyed, turned);
        shift += BITS;
    }
}

/// Cells by rows.
pub(super) struct Lines {
    lines: Vec<Line>,
    /// Number of the line and column of each cell, with an end beyond all.
    places: Vec<u64>,
}

/// The cells of a row, with its slot and its number.
struct Line {
    slot: i64,
    row: i64,
    cells: Range<usize>,
}

/// Cells of a row that are at most [`BEFORE`] columns from one.
const WIDE: usize = 5;

impl Lines {
    /// The cells of keys in ascending order, with where the points of each start.
    pub(super) fn new(keyed: &[(Key, u32)]) -> (Self, Vec<u32>) {
        let mut lines: Vec<Line> = Vec::new();
        let mut places = Vec::with_capacity(keyed.len() + WIDE);
        let mut starts = Vec::with_capacity(keyed.len() + 1);
        let mut before = (0, 0, 0);
        for (&(key, _), at) in keyed.iter().zip(0u32..) {
            if key == before {
                continue;
            }
            if (key.0, key.1) != (before.0, before.1) {
                let cells = starts.len()..starts.len();
                lines.push(Line { slot: key.0.into(), row: key.1.into(), cells });
            }
            let number = lines.len() - 1;
            places.push(place(number as u64, key.2));
            starts.push(at);
            lines[number].cells.end = starts.len();
            before = key;
        }
        places.extend([u64::MAX; WIDE]);
        starts.push(narrow(keyed.len()));
        (Self { lines, places }, starts)
    }

    /// For each cell the runs of cells at most two columns away, one for each
    /// row that is given by how many slots later and rows up it is.
    pub(super) fn runs(&self, around: &[(i64, i64)]) -> Vec<Range<u32>> {
        let mut runs = Vec::with_capacity(around.len() * (self.places.len() - WIDE));
        // All move forward only.
        let mut others = vec![0; around.len()];
        let mut ends: Vec<Option<(u64, usize)>> = vec![None; around.len()];
        for line in &self.lines {
            for ((&(slot, up), other), end) in around.iter().zip(&mut others).zip(&mut ends) {
                let wanted = (line.slot + slot, line.row + up);
                let at = |line: &Line| (line.slot, line.row);
                while self.lines.get(*other).is_some_and(|line| at(line) < wanted) {
                    *other += 1;
                }
                let found = self.lines.get(*other).filter(|line| at(line) == wanted);
                *end = found.map(|line| (*other as u64, line.cells.start));
            }
            for cell in line.cells.clone() {
                #[expect(clippy::cast_possible_truncation, reason = "the column is the lower half")]
                let column = self.places[cell] as u32;
                runs.extend(ends.iter_mut().map(|end| match end {
                    Some((line, start)) => self.run(*line, column, start),
                    None => 0..0,
                }));
            }
        }
        runs
    }

    /// The cells of a line at most two columns from one, of which none is
    /// before `start`. Ends move by so little that counting a few cells at
    /// once beats a branch for each.
    fn run(&self, line: u64, column: u32, start: &mut usize) -> Range<u32> {
        let count = |from: usize, before: u64| {
            self.places[from..from + WIDE].iter().filter(|place| **place < before).count()
        };
        let first = place(line, column - BEFORE);
        *start += count(*start, first);
        while self.places[*start] < first {
            *start += 1;
        }
        let end = *start + count(*start, place(line, column + BEFORE + 1));
        narrow(*start)..narrow(end)
    }
}

fn place(line: u64, column: u32) -> u64 {
    line << 32 | u64::from(column)
}
