//! Which cells or areas are near which.

use crate::domain::{Plane, Violation};
use std::collections::HashMap;

/// For each area the areas around it, itself left out, in ascending order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbours {
    starts: Vec<usize>,
    members: Vec<u32>,
}

impl Neighbours {
    /// Queen contiguity of cells given by column and row: cells that share an
    /// edge or a corner. Cost: nine look-ups a cell.
    #[must_use]
    pub fn queen(cells: &[(i64, i64)]) -> Self {
        let index: HashMap<(i64, i64), usize> =
            cells.iter().enumerate().map(|(at, &cell)| (cell, at)).collect();
        Self::collect(cells.len(), |at, found| {
            let (column, row) = cells[at];
            for up in -1..=1 {
                for right in -1..=1 {
                    let other = index.get(&(column + right, row + up));
                    found.extend(other.filter(|&&other| other != at));
                }
            }
        })
    }

    /// Areas whose centres lie within `radius_m` metres of each other.
    /// Cost: the pairs within about twice that distance.
    #[must_use]
    pub fn within(centres: &[Plane], radius_m: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "saturates, still in one bucket")]
        let bucket =
            |at: Plane| ((at.east / radius_m).floor() as i64, (at.north / radius_m).floor() as i64);
        let mut buckets: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
        for (at, &centre) in centres.iter().enumerate() {
            buckets.entry(bucket(centre)).or_default().push(at);
        }
        let near = |a: Plane, b: Plane| (a.east - b.east).hypot(a.north - b.north) <= radius_m;
        Self::collect(centres.len(), |at, found| {
            let (column, row) = bucket(centres[at]);
            for up in -1..=1 {
                for right in -1..=1 {
                    let others = buckets.get(&(column + right, row + up)).into_iter().flatten();
                    found.extend(others.filter(|&&o| o != at && near(centres[at], centres[o])));
                }
            }
        })
    }

    /// Neighbours by pairs of indices below `areas`, as they stand: one
    /// direction each, repetitions and the area itself left out.
    ///
    /// # Errors
    /// Violates `neighbours: unknown_area` for an index that is too large.
    pub fn from_pairs(areas: usize, pairs: &[(usize, usize)]) -> Result<Self, Violation> {
        let mut lists = vec![Vec::new(); areas];
        for &(from, to) in pairs {
            if from >= areas || to >= areas {
                return Err(Violation::new("neighbours", "unknown_area"));
            }
            if from != to {
                lists[from].push(to);
            }
        }
        Ok(Self::collect(areas, |at, found| found.extend(&lists[at])))
    }

    /// The neighbours of an area.
    #[must_use]
    pub fn of(&self, area: usize) -> &[u32] {
        &self.members[self.starts[area]..self.starts[area + 1]]
    }

    /// Number of areas.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there is no area at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of each area and of its neighbours, summed.
    ///
    /// # Panics
    /// If `values` does not hold one value an area.
    #[must_use]
    pub fn window_sums<T: Copy + std::ops::Add<Output = T>>(&self, values: &[T]) -> Vec<T> {
        assert_eq!(values.len(), self.len(), "one value an area");
        let sum = |area: usize| {
            let near = self.of(area).iter().map(|&other| values[other as usize]);
            near.fold(values[area], |sum, value| sum + value)
        };
        (0..self.len()).map(sum).collect()
    }

    fn collect(areas: usize, mut find: impl FnMut(usize, &mut Vec<usize>)) -> Self {
        let (mut starts, mut members, mut found) = (vec![0], Vec::new(), Vec::new());
        for area in 0..areas {
            found.clear();
            find(area, &mut found);
            found.sort_unstable();
            found.dedup();
            members.extend(found.iter().map(|&other| narrow(other)));
            starts.push(members.len());
        }
        Self { starts, members }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "far fewer than 2^32 areas fit in memory")]
const fn narrow(area: usize) -> u32 {
    area as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_touches_those_at_its_corners_but_not_those_beyond_a_gap() {
        let neighbours = Neighbours::queen(&[(0, 0), (1, 1), (3, 0), (0, -1)]);
        assert_eq!(neighbours.of(0), [1, 3]);
        assert_eq!(neighbours.of(2), [0u32; 0]);
        assert_eq!(neighbours.window_sums(&[1, 10, 100, 1000]), [1011, 11, 100, 1001]);
    }

    #[test]
    fn a_disc_holds_what_lies_within_its_radius_also_left_of_the_origin() {
        let centres = [(0.0, 0.0), (-300.0, 0.0), (399.0, 30.0), (401.0, 0.0)]
            .map(|(east, north)| Plane { east, north });
        assert_eq!(Neighbours::within(&centres, 400.2).of(0), [1, 2]);
    }

    #[test]
    fn a_pair_with_an_unknown_area_is_refused() {
        let refused = Neighbours::from_pairs(2, &[(0, 2)]).unwrap_err();
        assert_eq!(refused, Violation::new("neighbours", "unknown_area"));
        let one_way = Neighbours::from_pairs(2, &[(0, 1), (0, 1), (0, 0)]).unwrap();
        assert_eq!((one_way.of(0), one_way.of(1)), (&[1u32][..], &[][..]));
    }
}
