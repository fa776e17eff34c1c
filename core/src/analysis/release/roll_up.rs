//! Bottom-up roll-up on the lattice: a parent counts what no child shows.

use super::cell::{Cell, SIZES};
use crate::domain::SourceTag;
use std::collections::{BTreeMap, BTreeSet};

/// A report ready for the lattice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    /// Its index among the events.
    pub event: usize,
    /// The cell of 100 m that holds it.
    pub cell: Cell,
    /// The smallest edge on which it may count.
    pub smallest: u32,
    /// Who counts as its source.
    pub source: SourceTag,
}

/// The cells that may be shown, each with the events that it counts: at least
/// `k` distinct sources, no event in two cells, and none in a `blocked` one,
/// whose events join what is left of its parent. Ordered by edge, column, row.
/// Costs O(n log n) for each of the six edges.
pub(super) fn roll_up(
    placed: &[Placed],
    k: u32,
    blocked: &BTreeSet<Cell>,
) -> Vec<(Cell, Vec<usize>)> {
    let mut shown = Vec::new();
    let mut left: Vec<Placed> = placed.to_vec();
    for size in SIZES {
        let mut cells: BTreeMap<Cell, Vec<Placed>> = BTreeMap::new();
        let mut upward = Vec::new();
        for one in left {
            if one.smallest <= size {
                cells.entry(one.cell.ancestor(size)).or_default().push(one);
            } else {
                upward.push(one);
            }
        }
        for (cell, members) in cells {
            let sources: BTreeSet<_> = members.iter().map(|m| m.source).collect();
            if sources.len() >= k as usize && !blocked.contains(&cell) {
                let mut events: Vec<usize> = members.iter().map(|m| m.event).collect();
                events.sort_unstable();
                shown.push((cell, events));
            } else {
                upward.extend(members);
            }
        }
        left = upward;
    }
    shown
}

/// The events that each of the published `cells` counts, by the same rule as
/// [`roll_up`]: an event counts in the smallest of them that holds it.
pub(super) fn assign(placed: &[Placed], cells: &BTreeSet<Cell>) -> BTreeMap<Cell, Vec<usize>> {
    let mut owned: BTreeMap<Cell, Vec<usize>> = BTreeMap::new();
    for one in placed {
        let ancestors = SIZES.into_iter().filter(|size| one.smallest <= *size);
        if let Some(cell) =
            ancestors.map(|size| one.cell.ancestor(size)).find(|cell| cells.contains(cell))
        {
            owned.entry(cell).or_default().push(one.event);
        }
    }
    owned
}
