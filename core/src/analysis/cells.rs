//! Points in cells so small that all points of a cell are near each other.

use super::dated::Dated;
use crate::domain::Violation;
use lines::{Lines, keys, sorted};
use std::ops::Range;

mod lines;

/// What counts as near: both limits included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nearness {
    pub eps_m: f64,
    /// Infinite where time does not matter.
    pub days: f64,
}

/// Points sorted by cell.
pub(super) struct Cells {
    near: Nearness,
    /// The points in the order of the cells.
    pub points: Vec<Dated>,
    /// Where each of them stood.
    pub order: Vec<u32>,
    starts: Vec<u32>,
    /// Runs of cells near each cell, ascending: `rows` for each.
    runs: Vec<Range<u32>>,
    rows: usize,
}

/// The smallest box around points in place.
pub(super) struct Bounds {
    east: Range<f64>,
    north: Range<f64>,
}

impl Cells {
    pub fn new(events: &[Dated], near: Nearness) -> Result<Self, Violation> {
        let keyed = sorted(keys(events, near)?);
        let (lines, starts) = Lines::new(&keyed);
        let slots: &[i64] = if near.days.is_finite() { &[-1, 0, 1] } else { &[0] };
        let around: Vec<(i64, i64)> =
            slots.iter().flat_map(|&slot| (-2..=2).map(move |up| (slot, up))).collect();
        let (runs, rows) = (lines.runs(&around), around.len());
        let points = keyed.iter().map(|&(_, event)| events[event as usize]).collect();
        let order = keyed.into_iter().map(|(_, event)| event).collect();
        Ok(Self { near, points, order, starts, runs, rows })
    }

    /// Number of cells that hold points.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The points of a cell.
    pub fn span(&self, cell: usize) -> Range<usize> {
        self.starts[cell] as usize..self.starts[cell + 1] as usize
    }

    /// Runs of cells that may hold points near those of a cell, itself
    /// included, ascending; the row of the cell itself is in the middle.
    pub fn runs(&self, cell: usize) -> &[Range<u32>] {
        &self.runs[cell * self.rows..(cell + 1) * self.rows]
    }

    /// The points of a run of cells.
    pub fn points_of(&self, run: &Range<u32>) -> Range<usize> {
        self.starts[run.start as usize] as usize..self.starts[run.end as usize] as usize
    }

    /// The points of the cells around a cell.
    pub fn around(&self, cell: usize) -> impl Iterator<Item = usize> + '_ {
        self.runs(cell).iter().flat_map(|run| self.points_of(run))
    }

    /// The square of the distance of two points.
    pub fn apart(&self, a: usize, b: usize) -> f64 {
        apart(&self.points[a], &self.points[b])
    }

    /// Whether two points are near each other.
    pub fn near(&self, a: &Dated, b: &Dated) -> bool {
        (apart(a, b) <= self.near.eps_m * self.near.eps_m)
            & ((a.day - b.day).abs() <= self.near.days)
    }

    /// Whether a point is near any place of a box. Rounding is monotone: no
    /// point in the box is nearer.
    pub fn within_reach(&self, point: &Dated, bounds: &Bounds) -> bool {
        let off =
            |value: f64, range: &Range<f64>| (range.start - value).max(value - range.end).max(0.0);
        off(point.at.east, &bounds.east).powi(2) + off(point.at.north, &bounds.north).powi(2)
            <= self.near.eps_m * self.near.eps_m
    }
}

impl Bounds {
    pub fn of(points: &[Dated]) -> Self {
        let range = |of: fn(&Dated) -> f64| {
            points.iter().map(of).fold(f64::INFINITY..f64::NEG_INFINITY, |range, value| {
                range.start.min(value)..range.end.max(value)
            })
        };
        Self { east: range(|point| point.at.east), north: range(|point| point.at.north) }
    }
}

/// The square of the distance of two points.
pub(super) fn apart(a: &Dated, b: &Dated) -> f64 {
    (a.at.east - b.at.east).powi(2) + (a.at.north - b.at.north).powi(2)
}

#[expect(clippy::cast_possible_truncation, reason = "far fewer than 2^32 points fit in memory")]
pub(super) const fn narrow(number: usize) -> u32 {
    number as u32
}
