//! How much each area counts for another.

use super::Neighbours;
use crate::domain::Violation;

/// For each area the areas that count for it, with their weights, in ascending
/// order.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    starts: Vec<usize>,
    members: Vec<u32>,
    by: Vec<f64>,
}

impl Weights {
    /// Weights by pairs of areas, as they stand: one direction each, an area
    /// for itself where the pairs say so; what is given twice adds up.
    ///
    /// # Errors
    /// Violates `neighbours: unknown_area` for an index that is not below
    /// `areas`, and `neighbours: out_of_range` for a weight that is not finite.
    pub fn from_pairs(areas: usize, pairs: &[(usize, usize, f64)]) -> Result<Self, Violation> {
        let mut lists: Vec<Vec<(usize, f64)>> = vec![Vec::new(); areas];
        for &(from, to, weight) in pairs {
            if from >= areas || to >= areas {
                return Err(Violation::new("neighbours", "unknown_area"));
            }
            if !weight.is_finite() {
                return Err(Violation::new("neighbours", "out_of_range"));
            }
            lists[from].push((to, weight));
        }
        Ok(Self::collect(lists.into_iter().map(|mut list| {
            list.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
            list
        })))
    }

    /// Weight 1 for each neighbour.
    #[must_use]
    pub fn binary(neighbours: &Neighbours) -> Self {
        let list = |area| neighbours.of(area).iter().map(|&other| (other as usize, 1.0)).collect();
        Self::collect((0..neighbours.len()).map(list))
    }

    /// The same with weight 1 of each area for itself, where it has none.
    #[must_use]
    pub fn with_self(&self) -> Self {
        let with = |area: usize| {
            let mut list: Vec<(usize, f64)> = self.of(area).collect();
            if let Err(at) = list.binary_search_by_key(&area, |&(other, _)| other) {
                list.insert(at, (area, 1.0));
            }
            list
        };
        Self::collect((0..self.len()).map(with))
    }

    /// The same with the weights for each area divided by their sum; those of
    /// an area without neighbours, or with a sum of 0, stay as they are.
    #[must_use]
    pub fn row_standardised(&self) -> Self {
        let mut standardised = self.clone();
        for area in 0..self.len() {
            let row = &mut standardised.by[self.starts[area]..self.starts[area + 1]];
            let sum: f64 = row.iter().sum();
            if sum.abs() > 0.0 {
                for weight in row {
                    *weight /= sum;
                }
            }
        }
        standardised
    }

    /// The areas that count for an area, with their weights.
    pub fn of(&self, area: usize) -> impl Iterator<Item = (usize, f64)> {
        let row = self.starts[area]..self.starts[area + 1];
        let members = self.members[row.clone()].iter().map(|&other| other as usize);
        members.zip(self.by[row].iter().copied())
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

    /// From one sorted list an area.
    fn collect(lists: impl Iterator<Item = Vec<(usize, f64)>>) -> Self {
        let mut all = Self { starts: vec![0], members: Vec::new(), by: Vec::new() };
        for list in lists {
            for same in list.chunk_by(|a, b| a.0 == b.0) {
                #[expect(clippy::cast_possible_truncation, reason = "fewer than 2^32 areas")]
                all.members.push(same[0].0 as u32);
                all.by.push(same.iter().map(|(_, weight)| weight).sum());
            }
            all.starts.push(all.members.len());
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_add_up_and_an_area_counts_for_itself_once() {
        let weights = Weights::from_pairs(3, &[(0, 2, 0.5), (0, 1, 2.0), (0, 2, 1.0)]).unwrap();
        assert_eq!(weights.of(0).collect::<Vec<_>>(), [(1, 2.0), (2, 1.5)]);
        let own = weights.with_self();
        assert_eq!(own.of(0).collect::<Vec<_>>(), [(0, 1.0), (1, 2.0), (2, 1.5)]);
        assert_eq!(own, own.with_self());
        let shares: Vec<_> = own.row_standardised().of(0).map(|(_, weight)| weight).collect();
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        assert_eq!(weights.row_standardised().of(1).count(), 0);
    }

    #[test]
    fn a_weight_for_nobody_or_of_no_number_is_refused() {
        let refused = |pair| Weights::from_pairs(2, &[pair]).unwrap_err();
        assert_eq!(refused((0, 2, 1.0)), Violation::new("neighbours", "unknown_area"));
        assert_eq!(refused((0, 1, f64::NAN)), Violation::new("neighbours", "out_of_range"));
    }
}
