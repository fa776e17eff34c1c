//! Places with many events close together: DBSCAN, and ST-DBSCAN in space and time.
//!
//! Grouping, not inference: a busy street has groups by chance too, and what
//! groups depends on the radius alone. Ester, Kriegel, Sander and Xu (1996);
//! Birant and Kut (2007) for the time band; the grid is that of Gunawan (2013).

use super::cells::{Cells, Nearness};
use super::dated::{Dated, check_finite, order};
use crate::domain::{Plane, Violation};

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
    let roots = joined(&cells, &core);
    let owner = owners(&cells, &core);
    let mut labels = vec![None; events.len()];
    let mut is_core = vec![false; events.len()];
    let groups = numbered(&cells, &owner, &roots);
    for (point, &original) in cells.order.iter().enumerate() {
        let group = owner[point].map(|cell| groups.of_root[roots[cell] as usize]);
        labels[original as usize] = group;
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
        let enough = own.len() >= min_points;
        for point in own.clone() {
            core[point] = enough || {
                let others = cells.around(cell).filter(|other| !own.contains(other));
                let near = others.filter(|&other| cells.near(point, other));
                near.take(min_points - own.len()).count() == min_points - own.len()
            };
        }
    }
    core
}

/// The group of each cell that has core points, as the root of a forest.
fn joined(cells: &Cells, core: &[bool]) -> Vec<u32> {
    let (mut starts, mut points) = (vec![0], Vec::with_capacity(core.len()));
    for cell in 0..cells.len() {
        points.extend(cells.span(cell).filter(|&point| core[point]));
        starts.push(points.len());
    }
    let of_cell = |cell: usize| &points[starts[cell]..starts[cell + 1]];
    let mut forest: Vec<u32> = (0u32..).take(cells.len()).collect();
    for cell in (0..cells.len()).filter(|&cell| !of_cell(cell).is_empty()) {
        for other in cells.cells_around(cell).take_while(|&other| other < cell) {
            let (a, b) = (root(&mut forest, cell), root(&mut forest, other));
            if a != b && touch(cells, of_cell(cell), of_cell(other)) {
                forest[a.max(b) as usize] = a.min(b);
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
fn touch(cells: &Cells, one: &[usize], other: &[usize]) -> bool {
    if other.is_empty() {
        return false;
    }
    let bounds = cells.bounds(other);
    let reach = one.iter().filter(|&&point| cells.within_reach(point, &bounds));
    reach.into_iter().any(|&point| other.iter().any(|&to| cells.near(point, to)))
}

/// The cell whose group each point belongs to: its own for a core point, that
/// of the nearest core point for another.
fn owners(cells: &Cells, core: &[bool]) -> Vec<Option<usize>> {
    let mut owners = vec![None; cells.points.len()];
    for cell in 0..cells.len() {
        for point in cells.span(cell) {
            owners[point] =
                if core[point] { Some(cell) } else { nearest(cells, core, cell, point) };
        }
    }
    owners
}

fn nearest(cells: &Cells, core: &[bool], cell: usize, point: usize) -> Option<usize> {
    let others =
        cells.cells_around(cell).flat_map(|other| cells.span(other).map(move |to| (other, to)));
    let near = others.filter(|&(_, to)| core[to] && cells.near(point, to));
    let better = |a: &(usize, usize), b: &(usize, usize)| {
        let apart = cells.apart(point, a.1).total_cmp(&cells.apart(point, b.1));
        apart.then(order(&cells.points[a.1], &cells.points[b.1]))
    };
    near.min_by(better).map(|(other, _)| other)
}

/// Groups with their numbers.
struct Numbered {
    /// The number of a group by its root; what is no root has none.
    of_root: Vec<u32>,
    number: u32,
}

fn numbered(cells: &Cells, owners: &[Option<usize>], roots: &[u32]) -> Numbered {
    let mut sizes: Vec<(usize, Option<usize>)> = vec![(0, None); cells.len()];
    for (point, owner) in owners.iter().enumerate() {
        if let Some(cell) = *owner {
            let (size, first) = &mut sizes[roots[cell] as usize];
            *size += 1;
            let earlier =
                first.is_none_or(|first| order(&cells.points[point], &cells.points[first]).is_lt());
            if earlier {
                *first = Some(point);
            }
        }
    }
    let mut groups: Vec<(usize, usize, usize)> = sizes
        .iter()
        .enumerate()
        .filter_map(|(root, &(size, first))| Some((size, first?, root)))
        .collect();
    groups
        .sort_by(|a, b| b.0.cmp(&a.0).then_with(|| order(&cells.points[a.1], &cells.points[b.1])));
    let mut numbered = Numbered { of_root: vec![u32::MAX; cells.len()], number: 0 };
    for (_, _, root) in groups {
        numbered.of_root[root] = numbered.number;
        numbered.number += 1;
    }
    numbered
}

#[cfg(test)]
mod tests;
