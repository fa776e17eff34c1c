//! Points in cells so small that all points of a cell are near each other.

use super::dated::Dated;
use crate::domain::Violation;
use std::ops::Range;

/// What counts as near: both limits included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nearness {
    pub eps_m: f64,
    /// Infinite where time does not matter.
    pub days: f64,
}

/// Slot of time, row, column: cells in this order have their neighbours of one
/// row side by side.
type Key = (u32, u32, u32);

/// Points sorted by cell.
pub(super) struct Cells {
    near: Nearness,
    /// The points in the order of the cells.
    pub points: Vec<Dated>,
    /// Where each of them stood.
    pub order: Vec<u32>,
    starts: Vec<usize>,
    /// Runs of cells near each cell, ascending: `rows` for each.
    runs: Vec<Range<usize>>,
    rows: usize,
}

/// The smallest box around points in place.
pub(super) struct Bounds {
    east: Range<f64>,
    north: Range<f64>,
}

impl Cells {
    pub fn new(events: &[Dated], near: Nearness) -> Result<Self, Violation> {
        let mut keyed: Vec<(Key, u32)> = keys(events, near)?.into_iter().zip(0u32..).collect();
        keyed.sort_unstable();
        let (mut cells, mut starts): (Vec<Key>, Vec<usize>) = (Vec::new(), Vec::new());
        for (at, &(key, _)) in keyed.iter().enumerate() {
            if cells.last() != Some(&key) {
                cells.push(key);
                starts.push(at);
            }
        }
        let order: Vec<u32> = keyed.into_iter().map(|(_, event)| event).collect();
        starts.push(events.len());
        let slots: &[i64] = if near.days.is_finite() { &[-1, 0, 1] } else { &[0] };
        let rows = slots.len() * 5;
        let mut runs = vec![0..0; cells.len() * rows];
        for (at, &slot) in slots.iter().enumerate() {
            for (row, up) in (-2..=2).enumerate() {
                fill(&cells, (slot, up), |cell, run| runs[cell * rows + at * 5 + row] = run);
            }
        }
        let points = order.iter().map(|&event| events[event as usize]).collect();
        Ok(Self { near, points, order, starts, runs, rows })
    }

    /// Number of cells that hold points.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The points of a cell.
    pub fn span(&self, cell: usize) -> Range<usize> {
        self.starts[cell]..self.starts[cell + 1]
    }

    /// Cells that may hold points near those of a cell, itself included, ascending.
    pub fn cells_around(&self, cell: usize) -> impl Iterator<Item = usize> + '_ {
        self.runs[cell * self.rows..(cell + 1) * self.rows].iter().cloned().flatten()
    }

    /// The points of those cells.
    pub fn around(&self, cell: usize) -> impl Iterator<Item = usize> + '_ {
        let runs = self.runs[cell * self.rows..(cell + 1) * self.rows].iter();
        runs.flat_map(|run| self.starts[run.start]..self.starts[run.end])
    }

    /// The square of the distance of two points.
    pub fn apart(&self, a: usize, b: usize) -> f64 {
        let (a, b) = (self.points[a].at, self.points[b].at);
        (a.east - b.east).powi(2) + (a.north - b.north).powi(2)
    }

    /// Whether two points are near each other.
    pub fn near(&self, a: usize, b: usize) -> bool {
        self.apart(a, b) <= self.near.eps_m * self.near.eps_m
            && (self.points[a].day - self.points[b].day).abs() <= self.near.days
    }

    pub fn bounds(&self, points: &[usize]) -> Bounds {
        let range = |of: fn(&Dated) -> f64| {
            let values = points.iter().map(|&point| of(&self.points[point]));
            values.fold(f64::INFINITY..f64::NEG_INFINITY, |range, value| {
                range.start.min(value)..range.end.max(value)
            })
        };
        Bounds { east: range(|point| point.at.east), north: range(|point| point.at.north) }
    }

    /// Whether a point is near any place of a box. Rounding is monotone: no
    /// point in the box is nearer.
    pub fn within_reach(&self, point: usize, bounds: &Bounds) -> bool {
        let at = self.points[point].at;
        let off =
            |value: f64, range: &Range<f64>| (range.start - value).max(value - range.end).max(0.0);
        off(at.east, &bounds.east).powi(2) + off(at.north, &bounds.north).powi(2)
            <= self.near.eps_m * self.near.eps_m
    }
}

/// The cell of each event: squares whose diagonal is just below the radius.
fn keys(events: &[Dated], near: Nearness) -> Result<Vec<Key>, Violation> {
    let least = |of: fn(&Dated) -> f64| events.iter().map(of).fold(f64::INFINITY, f64::min);
    let (west, south) = (least(|event| event.at.east), least(|event| event.at.north));
    let first = least(|event| event.day);
    let edge = near.eps_m / std::f64::consts::SQRT_2 * (1.0 - 1e-9);
    let slot = near.days * (1.0 - 1e-9);
    let step = |off: f64, unit: f64| {
        let step = off / unit;
        #[expect(clippy::cast_possible_truncation, reason = "checked to fit")]
        #[expect(clippy::cast_sign_loss, reason = "the offset is from the least")]
        let whole = step as u32;
        if step < f64::from(u32::MAX - 4) {
            Ok(whole)
        } else {
            Err(Violation::new("epsM", "too_small"))
        }
    };
    let key = |event: &Dated| {
        let row = step(event.at.north - south, edge)?;
        Ok((step(event.day - first, slot)?, row, step(event.at.east - west, edge)?))
    };
    events.iter().map(key).collect()
}

/// For each cell the run of cells in the row `up` rows up and `slot` slots
/// later that are at most two columns away. Both ends only move forward.
fn fill(cells: &[Key], (slot, up): (i64, i64), mut set: impl FnMut(usize, Range<usize>)) {
    let (mut start, mut end) = (0, 0);
    for (cell, &(own_slot, row, column)) in cells.iter().enumerate() {
        let (slot, row) = (i64::from(own_slot) + slot, i64::from(row) + up);
        let wide = |key: &Key| (i64::from(key.0), i64::from(key.1), i64::from(key.2));
        let column = i64::from(column);
        while start < cells.len() && wide(&cells[start]) < (slot, row, column - 2) {
            start += 1;
        }
        end = end.max(start);
        while end < cells.len() && wide(&cells[end]) <= (slot, row, column + 2) {
            end += 1;
        }
        set(cell, start..end);
    }
}
