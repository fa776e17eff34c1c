//! Near repeats: do events follow each other more closely in both place and
//! time than places and times by themselves explain?
//!
//! The Knox test (1964) counts pairs of events by the distance and the days
//! between them, against maps on which the days are dealt out anew (Mantel
//! 1967; Besag and Diggle 1977). It says nothing of where or why. When a place
//! grows busier for good, pairs come closer too: the test speaks of
//! interaction, whatever its cause. A second report of the same thing is a pair
//! at distance 0: link repetitions first, or read the other bands.

mod pairs;

use super::dated::{Dated, check_finite, order};
use super::trials::{Tally, Trials, Watch, run, shuffle};
use crate::domain::Violation;
use pairs::{Counts, Days, LANES, Pairs};
use std::ops::ControlFlow;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnoxRule<'a> {
    /// Upper limits of the bands of distance in metres, included, ascending.
    /// The first band starts at 0 and holds pairs on the same spot; 0 as the
    /// first limit makes a band of those alone.
    pub distances_m: &'a [f64],
    /// Upper limits of the bands of days, included, ascending; the first band
    /// starts at 0.
    pub days: &'a [f64],
    /// Whether every band starts at 0.
    pub cumulative: bool,
    /// The simulations behind the p-values.
    pub trials: Trials,
}

/// A band of distances or of days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Where it starts: not included, but for 0 in the first band.
    pub over: f64,
    /// Where it ends: included.
    pub upto: f64,
}

/// Pairs of events in a band of distance and a band of days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnoxBand {
    /// Metres apart.
    pub distance_m: Band,
    /// Days apart.
    pub days: Band,
    /// Pairs seen.
    pub observed: u64,
    /// Pairs expected: those of the distance by the share of all pairs that
    /// have those days between them.
    pub expected: f64,
    /// `observed / expected`; 1 where nothing is expected and nothing seen.
    pub ratio: f64,
    /// How often so many or more come together when the days are dealt out anew.
    pub p: f64,
}

/// The most pairs of events within the largest distance.
pub const MOST_PAIRS: usize = 50_000_000;

/// Counts pairs by distance and days; the bands by distance, then by days.
///
/// Close pairs are found once; a simulation then costs one random number an
/// event and one comparison a close pair and limit of days, eight simulations side
/// by side. The order of the events does not matter.
///
/// # Errors
/// Violates `distanceM` or `days: out_of_range` unless their limits are
/// finite, not negative, ascending and at least one; `points: not_finite`;
/// `points: too_heavy` above [`MOST_PAIRS`] (take a smaller distance or a
/// sample); `simulations` or `enough: out_of_range`; and `run: cancelled` when
/// the watch breaks off.
pub fn knox(
    events: &[Dated],
    rule: &KnoxRule<'_>,
    watch: Watch<'_>,
) -> Result<Vec<KnoxBand>, Violation> {
    let trials = rule.trials.check()?;
    check_limits(rule.distances_m, "distanceM")?;
    check_limits(rule.days, "days")?;
    check_finite(events)?;
    let mut events = events.to_vec();
    events.sort_by(order);
    let pairs = Pairs::new(&events, rule.distances_m)?;
    let days = Days::new(&events, rule.days);

    let as_they_are: Vec<[u32; LANES]> = days.ranks.iter().map(|&rank| [rank; LANES]).collect();
    let observed = in_bands(&pairs.counts(&days, &as_they_are), 0, rule.cumulative);
    let mut tallies: Vec<Tally> =
        observed.iter().map(|&seen| Tally::new(as_f64(seen), trials)).collect();
    simulate(&pairs, &days, (trials, watch), |counts, lane| {
        for (tally, seen) in tallies.iter_mut().zip(in_bands(counts, lane, rule.cumulative)) {
            tally.add(as_f64(seen));
        }
        tallies.iter().all(Tally::settled)
    })?;
    let p: Vec<f64> = tallies.iter().map(Tally::p).collect();
    Ok(bands(rule, &expected(&pairs, &days, rule.cumulative), &observed, &p))
}

/// Deals the days out anew, [`LANES`] times at once, until all simulations are
/// done or `take` has had enough.
fn simulate(
    pairs: &Pairs,
    days: &Days,
    (trials, watch): (Trials, Watch<'_>),
    mut take: impl FnMut(&Counts, usize) -> bool,
) -> Result<(), Violation> {
    let lanes = u32::try_from(LANES).unwrap_or(1);
    let rounds = Trials { number: trials.number.div_ceil(lanes), ..trials };
    let told = |done: u32, _: u32| watch(trials.number.min(done * lanes), trials.number);
    let mut left = trials.number;
    let workspace = || (days.ranks.clone(), vec![[0; LANES]; days.ranks.len()]);
    run(
        rounds,
        &told,
        workspace,
        |dice, (deck, dealt)| {
            for lane in 0..LANES {
                deck.copy_from_slice(&days.ranks);
                shuffle(deck, dice);
                for (event, &rank) in dealt.iter_mut().zip(deck.iter()) {
                    event[lane] = rank;
                }
            }
            pairs.counts(days, dealt)
        },
        |counts| {
            for lane in 0..LANES.min(left as usize) {
                left -= 1;
                if take(&counts, lane) {
                    return ControlFlow::Break(());
                }
            }
            ControlFlow::Continue(())
        },
    )
}

/// The pairs of one lane in each band of distance and days.
fn in_bands(counts: &Counts, lane: usize, cumulative: bool) -> Vec<u64> {
    let mut rows: Vec<Vec<u64>> =
        counts.iter().map(|row| row.iter().map(|lanes| lanes[lane]).collect()).collect();
    if cumulative {
        for row in 1..rows.len() {
            let (before, after) = rows.split_at_mut(row);
            after[0].iter_mut().zip(&before[row - 1]).for_each(|(sum, nearer)| *sum += nearer);
        }
    } else {
        // Counts come from day 0 upwards: take away what came before.
        for row in &mut rows {
            (1..row.len()).rev().for_each(|day| row[day] -= row[day - 1]);
        }
    }
    rows.concat()
}

/// Pairs expected in each band: the product of the margins over all pairs.
fn expected(pairs: &Pairs, days: &Days, cumulative: bool) -> Vec<f64> {
    let near = pairs.of_distance(cumulative);
    let soon = days.pairs(cumulative);
    let number = as_f64(days.ranks.len() as u64);
    let all = number * (number - 1.0) / 2.0;
    let share = |near: u64, soon: u64| as_f64(near) * as_f64(soon) / all.max(1.0);
    near.iter().flat_map(|&near| soon.iter().map(move |&soon| share(near, soon))).collect()
}

fn bands(rule: &KnoxRule<'_>, expected: &[f64], observed: &[u64], p: &[f64]) -> Vec<KnoxBand> {
    let of = |limits: &[f64], index: usize| Band {
        over: if index == 0 || rule.cumulative { 0.0 } else { limits[index - 1] },
        upto: limits[index],
    };
    let band = |index: usize| {
        let (observed, expected) = (observed[index], expected[index]);
        let nothing = observed == 0 && expected <= 0.0;
        KnoxBand {
            distance_m: of(rule.distances_m, index / rule.days.len()),
            days: of(rule.days, index % rule.days.len()),
            observed,
            expected,
            ratio: if nothing { 1.0 } else { as_f64(observed) / expected },
            p: p[index],
        }
    };
    (0..observed.len()).map(band).collect()
}

fn check_limits(limits: &[f64], field: &'static str) -> Result<(), Violation> {
    let ascending = limits.windows(2).all(|pair| pair[0] < pair[1]);
    let sound = limits.iter().all(|limit| limit.is_finite() && *limit >= 0.0);
    if ascending && sound && !limits.is_empty() {
        Ok(())
    } else {
        Err(Violation::new(field, "out_of_range"))
    }
}

#[expect(clippy::cast_precision_loss, reason = "pairs of events stay far below 2^53")]
const fn as_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
