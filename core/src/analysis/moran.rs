//! How often chance puts as like values side by side: the local Moran with the
//! values of other areas dealt out anew (conditional permutation, Anselin 1995).

use super::getis_ord::{LocalMoran, centred, local_moran};
use super::trials::{Trials, Watch, below, run};
use super::{Weights, q_values};
use crate::domain::Violation;
use rand::rngs::ChaCha8Rng;
use std::ops::ControlFlow;

/// A local Moran with the probability of one as far from the middle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MoranChance {
    /// The statistic.
    pub moran: LocalMoran,
    /// Two-sided; 1 for an area without neighbours.
    pub p: f64,
    /// The same with account taken of the number of areas (Benjamini-Hochberg).
    pub q: f64,
}

/// [`local_moran`] with simulated p-values: an area keeps its value, and its
/// neighbours get those of others.
///
/// The smallest p is 2 / (simulations + 1), so that many areas need many
/// simulations: with 999 and BH over 500 areas a lone one cannot stand out.
/// Cost: simulations × areas × neighbours.
///
/// # Errors
/// As [`local_moran`]; violates `simulations: out_of_range`, and `run: cancelled`
/// when the watch breaks off. [`Trials::enough`] is not looked at.
pub fn local_moran_chance(
    values: &[f64],
    weights: &Weights,
    trials: Trials,
    watch: Watch<'_>,
) -> Result<Vec<MoranChance>, Violation> {
    let trials = Trials { enough: None, ..trials }.check()?;
    let found = local_moran(values, weights)?;
    let centred = centred(values)?;
    let around: Vec<Vec<f64>> = (0..values.len())
        .map(|area| weights.of(area).filter(|(other, _)| *other != area).map(|(_, w)| w).collect())
        .collect();
    let own: Vec<f64> = (0..values.len())
        .map(|area| {
            let near = weights.of(area).filter(|(other, _)| *other != area);
            near.map(|(other, weight)| weight * centred[other]).sum()
        })
        .collect();
    let deal = |dice: &mut ChaCha8Rng, order: &mut Vec<usize>| -> Vec<bool> {
        order.clear();
        order.extend(0..values.len());
        let one = |area: usize| {
            let sum = dealt(area, &around[area], (&centred, order), dice);
            let (found, seen) = (centred[area] * sum, centred[area] * own[area]);
            // What is equal but for rounding counts as reached.
            found >= seen - 1e-9 * seen.abs()
        };
        (0..values.len()).map(one).collect()
    };
    let mut larger = vec![0u32; values.len()];
    let count = |reached: Vec<bool>| {
        larger.iter_mut().zip(reached).for_each(|(larger, more)| *larger += u32::from(more));
        ControlFlow::Continue(())
    };
    run(trials, watch, Vec::new, deal, count)?;
    let of_area = |(&larger, around): (&u32, &Vec<f64>)| {
        let rarer = f64::from(larger.min(trials.number - larger));
        let p = 2.0 * (rarer + 1.0) / f64::from(trials.number + 1);
        if around.is_empty() { 1.0 } else { p.min(1.0) }
    };
    let p: Vec<f64> = larger.iter().zip(&around).map(of_area).collect();
    let told = found.into_iter().zip(&p).zip(q_values(&p));
    Ok(told.map(|((moran, &p), q)| MoranChance { moran, p, q }).collect())
}

/// The weighted sum of as many values of other areas as there are weights, no
/// area twice. `order` holds every area and leaves in another order.
fn dealt(
    area: usize,
    weights: &[f64],
    (values, order): (&[f64], &mut [usize]),
    dice: &mut ChaCha8Rng,
) -> f64 {
    let (mut sum, mut at) = (0.0, 0);
    for weight in weights {
        loop {
            order.swap(at, at + below(order.len() - at, dice));
            at += 1;
            if order[at - 1] != area {
                break;
            }
        }
        sum += weight * values[order[at - 1]];
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Neighbours, unwatched};

    fn square(edge: i64) -> Weights {
        let cells: Vec<_> = (0..edge * edge).map(|cell| (cell % edge, cell / edge)).collect();
        Weights::binary(&Neighbours::queen(&cells)).row_standardised()
    }

    #[test]
    fn what_gathers_is_rare_and_what_is_dealt_out_evenly_is_not() {
        let mut values: Vec<f64> = (0..100).map(|cell| f64::from(cell * 7 % 5)).collect();
        for cell in [22, 23, 24, 32, 33, 34] {
            values[cell] = 40.0;
        }
        let trials = Trials { number: 999, seed: 4, enough: None };
        let found = local_moran_chance(&values, &square(10), trials, &unwatched).unwrap();
        assert!(found[33].p <= 0.02 && found[33].moran.quadrant == 1, "{:?}", found[33]);
        assert!(found[77].p > 0.05, "{:?}", found[77]);
        assert!(found.iter().all(|area| area.q >= area.p && area.p <= 1.0));
    }

    #[test]
    fn an_area_alone_says_nothing_and_each_number_of_threads_says_the_same() {
        let weights = Weights::from_pairs(4, &[(0, 1, 1.0), (1, 0, 1.0)]).unwrap();
        let trials = Trials { number: 99, seed: 4, enough: None };
        let of =
            || local_moran_chance(&[1.0, 2.0, 3.0, 9.0], &weights, trials, &unwatched).unwrap();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let (many, one) = (of(), pool.install(of));
        assert_eq!(many, one);
        assert!(many[3].p >= 1.0);
    }

    #[test]
    fn where_values_lie_by_chance_no_more_than_one_in_twenty_is_rare() {
        let trials = Trials { number: 199, seed: 8, enough: None };
        let weights = square(12);
        let values = |seed: u64| -> Vec<f64> {
            (0..144u64).map(|cell| scrambled(seed << 32 | cell)).collect()
        };
        let rare: usize = (0..20)
            .map(|seed| local_moran_chance(&values(seed), &weights, trials, &unwatched).unwrap())
            .map(|found| found.iter().filter(|area| area.p <= 0.05).count())
            .sum();
        // 2 880 tests; neighbours share values, so that the spread is wider.
        assert!((90..200).contains(&rare), "{rare}");
    }

    /// A number from 0 to 1 without a pattern.
    fn scrambled(seed: u64) -> f64 {
        use rand::{RngExt, SeedableRng};
        ChaCha8Rng::seed_from_u64(seed).random()
    }
}
