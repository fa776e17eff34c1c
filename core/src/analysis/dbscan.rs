//! Places with many events close together: DBSCAN, and ST-DBSCAN in space and time.
//!
//! Grouping, not inference: a busy street has groups by chance too, and what
//! groups depends on the radius alone. Ester, Kriegel, Sander and Xu (1996);
//! Birant and Kut (2007) for the time band; the grid is that of Gunawan (2013).

use super::cells::{Bounds, Cells, Nearness, apart, narrow};
use super::dated::{Dated, check_finite, order};
use crate::domain::{Plane, Violation};
use std::ops::Range;

/// Which points belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouping {
    /// The group of each point, from 0 for the one with the most points;
    /// groups of one size from south to north. `None` is noise.
    pub labels: Vec<Option<u32>>,
    /// Whether a point is core: it has enough points around it.
    pub core: Vec<bool>,
    /// Number of groups.
    pub groups: u32,
}

/// Groups points: core points, those with at least `min_points` points (itself
/// counted) within `eps_m` metres (the limit included), belong together when
/// they lie that close; another point joins its nearest core point, the
/// southern one of two equally near, or is noise. The answer does not depend on
/// the order of the points.
///
/// Cost: one sort and a few steps a point; a crowded pair of cells that do not
/// touch costs the product of their points near the other.
///
/// # Errors
/// Violates `epsM: out_of_range` unless it is positive and finite,
/// `epsM: too_small` when the map is billions of times wider,
/// `minPts: out_of_range` for 0, and `points: not_finite`.
pub fn dbscan(points: &[Plane], eps_m: f64, min_points: usize) -> Result<Grouping, Violation> {
    let still: Vec<Dated> = points.iter().map(|&at| Dated { at, day: 0.0 }).collect();
    grouped(&still, Nearness { eps_m, days: f64::INFINITY }, min_points)
}

/// The same for events that must lie within `days` days of each other as well
/// (the limit included): near in place and time.
///
/// # Errors
/// As [`dbscan`], and `days: out_of_range` unless positive and finite.
pub fn st_dbscan(
    events: &[Dated],
    eps_m: f64,
    days: f64,
    min_points: usize,
) -> Result<Grouping, Violation> {
    if !(days.is_finite() && days > 0.0) {
        return Err(Violation::new("days", "out_of_range"));
    }
    grouped(events, Nearness { eps_m, days }, min_points)
}

fn grouped(events: &[Dated], near: Nearness, min_points: usize) -> Result<Grouping, Violation> {
    if !(near.eps_m.is_finite() && near.eps_m > 0.0) {
        return Err(Violation::new("epsM", "out_of_range"));
    }
    if min_points == 0 {
        return Err(Violation::new("minPts", "out_of_range"));
    }
    check_finite(events)?;
    let cells = Cells::new(events, near)?;
    let core = cores(&cells, min_points);
    let crowd = Crowd::new(&cells, &core);
    let roots = joined(&cells, &crowd);
    let belongs = belonging(&cells, &core, &crowd, &roots);
    let mut labels = vec![None; events.len()];
    let mut is_core = vec![false; events.len()];
    let groups = numbered(&cells, &belongs);
    for (point, &original) in cells.order.iter().enumerate() {
        labels[original as usize] = belongs[point].map(|root| groups.of_root[root as usize]);
        is_core[original as usize] = core[point];
    }
    Ok(Grouping { labels, core: is_core, groups: groups.number })
}

/// Which points, in the order of the cells, have enough points around them.
fn cores(cells: &Cells, min_points: usize) -> Vec<bool> {
    let mut core = vec![false; cells.points.len()];
    for cell in 0..cells.len() {
        let own = cells.span(cell);
        // All points of a cell are near each other.
        if own.len() >= min_points {
            core[own].fill(true);
            continue;
        }
        let runs = cells.runs(cell);
        let around: usize = runs.iter().map(|run| cells.points_of(run).len()).sum();
        if around < min_points {
            continue;
        }
        // The nearest rows first: they soon hold enough.
        let (before, after) = runs.split_at(runs.len() / 2);
        for point in own {
            let at = cells.points[point];
            let mut found = 0;
            for run in after.iter().chain(before.iter().rev()) {
                let others = &cells.points[cells.points_of(run)];
                found += others.iter().filter(|other| cells.near(&at, other)).count();
                if found >= min_points {
                    core[point] = true;
                    break;
                }
            }
        }
    }
    core
}

/// The core points alone, in the order of the cells.
struct Crowd {
    points: Vec<Dated>,
    /// The cell of each.
    cells: Vec<u32>,
    starts: Vec<u32>,
}

impl Crowd {
    fn new(cells: &Cells, core: &[bool]) -> Self {
        let (mut points, mut of) = (Vec::new(), Vec::new());
        let mut starts = Vec::with_capacity(cells.len() + 1);
        let mut number = 0;
        for cell in 0u32..narrow(cells.len()) {
            starts.push(number);
            for point in cells.span(cell as usize).filter(|&point| core[point]) {
                points.push(cells.points[point]);
                of.push(cell);
                number += 1;
            }
        }
        starts.push(number);
        Self { points, cells: of, starts }
    }

    fn of(&self, cell: usize) -> &[Dated] {
        &self.points[self.starts[cell] as usize..self.starts[cell + 1] as usize]
    }

    /// The core points of a run of cells.
    fn of_run(&self, run: &Range<u32>) -> Range<usize> {
        self.starts[run.start as usize] as usize..self.starts[run.end as usize] as usize
    }
}

/// The group of each cell that has core points, as the root of a forest.
fn joined(cells: &Cells, crowd: &Crowd) -> Vec<u32> {
    let mut forest: Vec<u32> = (0u32..).take(cells.len()).collect();
    for cell in (0..cells.len()).filter(|&cell| !crowd.of(cell).is_empty()) {
        let mut own = root(&mut forest, cell);
        for run in cells.runs(cell) {
            for other in run.start as usize..cell.min(run.end as usize) {
                let root = root(&mut forest, other);
                if root != own && touch(cells, crowd.of(cell), crowd.of(other)) {
                    forest[own.max(root) as usize] = own.min(root);
                    own = own.min(root);
                }
            }
        }
    }
    (0..cells.len()).map(|cell| root(&mut forest, cell)).collect()
}

/// The root of a cell; the way there is halved.
fn root(forest: &mut [u32], cell: usize) -> u32 {
    let mut at = cell;
    while forest[at] as usize != at {
        forest[at] = forest[forest[at] as usize];
        at = forest[at] as usize;
    }
    forest[at]
}

/// Whether any two points of two cells are near each other.
fn touch(cells: &Cells, one: &[Dated], other: &[Dated]) -> bool {
    /// Pairs from which on it pays to look first who is within reach at all.
    const MANY: usize = 32;
    let meets = |point: &Dated| other.iter().any(|to| cells.near(point, to));
    if one.len() * other.len() < MANY {
        return one.iter().any(meets);
    }
    let bounds = Bounds::of(other);
    one.iter().filter(|point| cells.within_reach(point, &bounds)).any(meets)
}

/// The root of the group that each point belongs to: that of its own cell for
/// a core point, that of the nearest core point for another.
fn belonging(cells: &Cells, core: &[bool], crowd: &Crowd, roots: &[u32]) -> Vec<Option<u32>> {
    let mut belongs = vec![None; cells.points.len()];
    for cell in 0..cells.len() {
        for point in cells.span(cell) {
            let owner = if core[point] { Some(cell) } else { nearest(cells, crowd, cell, point) };
            belongs[point] = owner.map(|cell| roots[cell]);
        }
    }
    belongs
}

/// The cell of the core point nearest to a point of `cell`.
fn nearest(cells: &Cells, crowd: &Crowd, cell: usize, point: usize) -> Option<usize> {
    let point = &cells.points[point];
    let mut best: Option<(f64, usize)> = None;
    for to in cells.runs(cell).iter().flat_map(|run| crowd.of_run(run)) {
        let far = apart(point, &crowd.points[to]);
        let better = |(least, first): (f64, usize)| {
            let earlier = || order(&crowd.points[to], &crowd.points[first]);
            far.total_cmp(&least).then_with(earlier).is_lt()
        };
        if cells.near(point, &crowd.points[to]) && best.is_none_or(better) {
            best = Some((far, to));
        }
    }
    best.map(|(_, to)| crowd.cells[to] as usize)
}

/// Groups with their numbers.
struct Numbered {
    /// The number of a group by its root; that of another cell means nothing.
    of_root: Vec<u32>,
    number: u32,
}

fn numbered(cells: &Cells, belongs: &[Option<u32>]) -> Numbered {
    let (mut sizes, mut firsts) = (vec![0u32; cells.len()], vec![0; cells.len()]);
    for (point, root) in belongs.iter().enumerate() {
        let Some(root) = root.map(|root| root as usize) else { continue };
        let earlier = || order(&cells.points[point], &cells.points[firsts[root]]).is_lt();
        if sizes[root] == 0 || earlier() {
            firsts[root] = point;
        }
        sizes[root] += 1;
    }
    let mut groups: Vec<(u32, usize, usize)> = (0..cells.len())
        .filter(|&root| sizes[root] > 0)
        .map(|root| (sizes[root], firsts[root], root))
        .collect();
    groups
        .sort_by(|a, b| b.0.cmp(&a.0).then_with(|| order(&cells.points[a.1], &cells.points[b.1])));
    let mut numbered = Numbered { of_root: vec![0; cells.len()], number: 0 };
    for (_, _, root) in groups {
        numbered.of_root[root] = numbered.number;
        numbered.number += 1;
    }
    numbered
}

#[cfg(test)]
mod tests;
