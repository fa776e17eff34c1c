//! What the first share of a ranked area holds.

use std::cmp::Ordering;

/// Cells in the order of their scores per area, the highest first; those that
/// score alike stand together, so that no order among them is made up.
pub(super) struct Ranking {
    groups: Vec<Vec<usize>>,
}

impl Ranking {
    /// Ranks by score over area. Scores are finite, areas positive.
    pub(super) fn new(scores: &[f64], areas: &[f64]) -> Self {
        let value = |cell: usize| scores[cell] / areas[cell];
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&one, &other| value(other).total_cmp(&value(one)));
        let alike =
            |one: &usize, other: &usize| value(*one).total_cmp(&value(*other)) == Ordering::Equal;
        Self { groups: order.chunk_by(alike).map(<[usize]>::to_vec).collect() }
    }

    /// The sum of `values` over the first cells that make up `area`; of the
    /// group that does not fit whole the same part of each cell.
    pub(super) fn sum(&self, values: &[f64], areas: &[f64], area: f64) -> f64 {
        let (mut left, mut sum) = (area, 0.0);
        for group in &self.groups {
            let total = |of: &[f64]| group.iter().map(|&cell| of[cell]).sum::<f64>();
            let size = total(areas);
            if size >= left {
                return sum + total(values) * left / size;
            }
            sum += total(values);
            left -= size;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_cells_that_score_alike_the_same_part_is_taken() {
        let (scores, areas) = ([3.0, 1.0, 1.0, 1.0], [1.0; 4]);
        let found = Ranking::new(&scores, &areas).sum(&[5.0, 9.0, 0.0, 0.0], &areas, 2.0);
        assert!((found - 8.0).abs() < 1e-12, "{found}");
    }

    #[test]
    fn a_small_cell_with_as_many_comes_before_a_large_one() {
        let (scores, areas) = ([4.0, 4.0], [1.0, 0.5]);
        let found = Ranking::new(&scores, &areas).sum(&[1.0, 7.0], &areas, 0.5);
        assert!((found - 7.0).abs() < 1e-12, "{found}");
        let all = Ranking::new(&scores, &areas).sum(&[1.0, 7.0], &areas, 9.0);
        assert!((all - 8.0).abs() < 1e-12);
    }
}
