//! Drawing one of many, each with its own probability.

use super::trials::below;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// Draws an index as often as its share in constant time, by the alias method
/// (Walker 1977; Vose 1991). It costs two numbers an index.
#[derive(Debug, Clone)]
pub(super) struct Draw {
    /// Up to this the index itself, above it its alias.
    keep: Vec<f64>,
    alias: Vec<u32>,
}

impl Draw {
    /// From non-negative weights with a positive sum.
    pub fn new(weights: &[f64]) -> Self {
        let sum: f64 = weights.iter().sum();
        #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^53 indices fit in memory")]
        let mean = sum / weights.len() as f64;
        let mut keep: Vec<f64> = weights.iter().map(|weight| weight / mean).collect();
        let mut alias = vec![0; weights.len()];
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..weights.len()).partition(|&index| keep[index] < 1.0);
        while let (Some(&giver), Some(taker)) = (large.last(), small.pop()) {
            alias[taker] = narrow(giver);
            keep[giver] -= 1.0 - keep[taker];
            if keep[giver] < 1.0 {
                large.pop();
                small.push(giver);
            }
        }
        // What is left over differs from 1 by rounding alone.
        small.into_iter().chain(large).for_each(|index| keep[index] = 1.0);
        Self { keep, alias }
    }

    pub fn one(&self, dice: &mut ChaCha8Rng) -> usize {
        let index = below(self.keep.len(), dice);
        if dice.random::<f64>() < self.keep[index] { index } else { self.alias[index] as usize }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "far fewer than 2^32 indices fit in memory")]
const fn narrow(index: usize) -> u32 {
    index as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn each_is_drawn_as_often_as_its_weight_and_none_without() {
        let weights = [1.0, 0.0, 6.0, 0.5, 2.5];
        let draw = Draw::new(&weights);
        let mut dice = ChaCha8Rng::seed_from_u64(5);
        let mut seen = [0u32; 5];
        (0..100_000).for_each(|_| seen[draw.one(&mut dice)] += 1);
        for (number, weight) in seen.iter().zip(weights) {
            // Four standard errors at most.
            assert!((f64::from(*number) - 1e4 * weight).abs() <= 620.0, "{seen:?}");
        }
        assert_eq!(seen[1], 0);
    }
}
