//! Bottom-up roll-up on the lattice: a parent counts what no child shows.

use crate::domain::SourceTag;
use crate::plane::{CellId, CellSize};
use std::collections::{BTreeMap, BTreeSet};

/// A report ready for the lattice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    /// Its index among the events.
    pub event: usize,
    /// The cell of 100 m that holds it.
    pub cell: CellId,
    /// The smallest edge on which it may count.
    pub smallest: CellSize,
    /// Who counts as its source.
    pub source: SourceTag,
}

impl Placed {
    /// The cell of edge `size` that holds it.
    fn cell_of(&self, size: CellSize) -> CellId {
        let mut cell = self.cell;
        while let Some(parent) = cell.parent().filter(|_| cell.size < size) {
            cell = parent;
        }
        cell
    }
}

/// The cells that may be shown, each with the events that it counts: at least
/// `k` distinct sources, no event in two cells, and none in a `blocked` one,
/// whose events join what is left of its parent. Ordered by edge, column, row.
/// Costs O(n log n) for each of the six edges.
pub(super) fn roll_up(
    placed: &[Placed],
    k: u32,
    blocked: &BTreeSet<CellId>,
) -> Vec<(CellId, Vec<usize>)> {
    let mut shown = Vec::new();
    let mut left: Vec<Placed> = placed.to_vec();
    for size in CellSize::ALL {
        let mut cells: BTreeMap<CellId, Vec<Placed>> = BTreeMap::new();
        let mut upward = Vec::new();
        for one in left {
            if one.smallest <= size {
                cells.entry(one.cell_of(size)).or_default().push(one);
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
pub(super) fn assign(placed: &[Placed], cells: &BTreeSet<CellId>) -> BTreeMap<CellId, Vec<usize>> {
    let mut owned: BTreeMap<CellId, Vec<usize>> = BTreeMap::new();
    for one in placed {
        let ancestors = CellSize::ALL.into_iter().filter(|size| one.smallest <= *size);
        if let Some(cell) =
            ancestors.map(|size| one.cell_of(size)).find(|cell| cells.contains(cell))
        {
            owned.entry(cell).or_default().push(one.event);
        }
    }
    owned
}
