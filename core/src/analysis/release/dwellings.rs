//! The dwelling mask: a cell that holds a few dwellings would tell whose
//! doorstep a report is about, and joins its parent instead.

use crate::domain::Plane;
use crate::plane::{CellId, CellSize};
use std::collections::{BTreeMap, BTreeSet};

/// Dwellings below which a cell that has any is masked: a cell that holds 1 to
/// 7 of them.
const ENOUGH_DWELLINGS: u32 = 8;

/// The cells of every size that hold 1 to 7 of `dwellings`, given in
/// SWEREF 99 TM. Costs O(n log n) for each of the six sizes.
#[must_use]
pub fn few_dwellings(dwellings: impl IntoIterator<Item = Plane>) -> BTreeSet<CellId> {
    let mut counts: BTreeMap<CellId, u32> = BTreeMap::new();
    for dwelling in dwellings {
        let cells = CellSize::ALL.into_iter().filter_map(|size| CellId::at(dwelling, size));
        for cell in cells {
            *counts.entry(cell).or_default() += 1;
        }
    }
    let few = counts.into_iter().filter(|(_, count)| *count < ENOUGH_DWELLINGS);
    few.map(|(cell, _)| cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn houses(count: u8, east: f64) -> impl Iterator<Item = Plane> {
        (0..count).map(move |n| Plane { east: east + f64::from(n), north: 50.0 })
    }

    #[test]
    fn seven_dwellings_mask_a_cell_and_eight_or_none_do_not() {
        let masked = |count| few_dwellings(houses(count, 10.0)).len();
        assert_eq!((masked(0), masked(1), masked(7), masked(8)), (0, 6, 6, 0));
    }

    #[test]
    fn a_parent_is_masked_by_its_own_number() {
        let cells = few_dwellings(houses(4, 10.0).chain(houses(4, 110.0)));
        let sizes: Vec<_> = cells.iter().map(|cell| cell.size).collect();
        assert_eq!(sizes, [CellSize::M100, CellSize::M100]);
    }
}
