//! Chance simulated many times: the same for any number of threads, followed
//! and ended from outside.

use crate::domain::Violation;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use std::ops::ControlFlow;

/// How often chance is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trials {
    /// Simulations, 1 to [`Trials::MOST`]; with 999 the smallest p-value is 0.001.
    pub number: u32,
    /// What decides everything that is left to chance.
    pub seed: u64,
    /// Stops when chance has reached the strongest finding this often (Besag
    /// and Clifford 1991): after a few hundred simulations where there is
    /// nothing to find, and the p-value stays valid. 50 is usual.
    pub enough: Option<u32>,
}

impl Trials {
    /// The most simulations of one run.
    pub const MOST: u32 = 99_999;

    pub(super) fn check(self) -> Result<Self, Violation> {
        match (self.number, self.enough) {
            (1..=Self::MOST, None | Some(1..)) => Ok(self),
            (1..=Self::MOST, Some(0)) => Err(Violation::new("enough", "out_of_range")),
            _ => Err(Violation::new("simulations", "out_of_range")),
        }
    }
}

impl Default for Trials {
    fn default() -> Self {
        Self { number: 999, seed: 0, enough: None }
    }
}

/// Hears how many simulations are done, and of how many; `Break` ends the run.
/// It is called before the first and then about every [`BATCH`]th simulation,
/// on the thread that started the run.
pub type Watch<'a> = &'a dyn Fn(u32, u32) -> ControlFlow<()>;

/// Watches nothing: the run goes on to its end.
pub const fn unwatched(_done: u32, _of: u32) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Simulations between two calls of the watch.
pub const BATCH: u32 = 32;

/// Runs `simulate` once a trial with dice of its own, side by side, and hands
/// the outcomes to `take` in their order until it has had enough.
///
/// `workspace` makes what `simulate` needs to work in; a thread keeps it from
/// trial to trial. The dice of a trial follow from the seed and its number
/// (`ChaCha8` is counter-based: Bernstein 2008).
///
/// # Errors
/// Violates `run: cancelled` when the watch breaks off.
pub(super) fn run<W, T: Send>(
    trials: Trials,
    watch: Watch<'_>,
    workspace: impl Fn() -> W + Sync + Send,
    simulate: impl Fn(&mut ChaCha8Rng, &mut W) -> T + Sync + Send,
    mut take: impl FnMut(T) -> ControlFlow<()>,
) -> Result<(), Violation> {
    let mut done = 0;
    while done < trials.number {
        if watch(done, trials.number).is_break() {
            return Err(Violation::new("run", "cancelled"));
        }
        let upto = trials.number.min(done + BATCH);
        let outcomes: Vec<T> = (done..upto)
            .into_par_iter()
            .map_init(&workspace, |workspace, trial| {
                let mut dice = ChaCha8Rng::seed_from_u64(trials.seed);
                dice.set_stream(u64::from(trial));
                simulate(&mut dice, workspace)
            })
            .collect();
        if outcomes.into_iter().any(|outcome| take(outcome).is_break()) {
            break;
        }
        done = upto;
    }
    Ok(())
}

/// How often chance reached what was seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tally {
    seen: f64,
    enough: u32,
    trials: u32,
    reached: u32,
}

impl Tally {
    pub fn new(seen: f64, trials: Trials) -> Self {
        Self { seen, enough: trials.enough.unwrap_or(u32::MAX), trials: 0, reached: 0 }
    }

    /// Takes one simulated value, unless it has had enough.
    pub fn add(&mut self, simulated: f64) {
        if self.reached < self.enough {
            self.trials += 1;
            // What is equal but for rounding counts as reached.
            self.reached += u32::from(simulated >= self.seen - 1e-9 * self.seen.abs());
        }
    }

    /// Whether more simulations would change nothing.
    pub const fn settled(&self) -> bool {
        self.reached >= self.enough
    }

    /// The p-value: (1 + reached) / (1 + trials), or reached / trials when that
    /// is where it stopped (Besag and Clifford 1991).
    pub fn p(&self) -> f64 {
        if self.settled() {
            f64::from(self.reached) / f64::from(self.trials)
        } else {
            f64::from(1 + self.reached) / f64::from(1 + self.trials)
        }
    }
}

/// Puts `items` into a random order, each as probable as the others (Fisher
/// and Yates 1938; Durstenfeld 1964).
pub(super) fn shuffle<T>(items: &mut [T], dice: &mut ChaCha8Rng) {
    for last in (1..items.len()).rev() {
        items.swap(last, below(last + 1, dice));
    }
}

/// A whole number below `bound` by one multiplication (Lemire 2019); its bias
/// is `bound` in 2^64 and never seen.
pub(super) fn below(bound: usize, dice: &mut ChaCha8Rng) -> usize {
    let wide = (bound as u128 * u128::from(dice.random::<u64>())) >> 64;
    #[expect(clippy::cast_possible_truncation, reason = "it is below `bound`")]
    let narrow = wide as usize;
    narrow
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    fn first_bits(trials: Trials, watch: Watch<'_>) -> Result<Vec<u64>, Violation> {
        let mut found = Vec::new();
        let one = |dice: &mut ChaCha8Rng, (): &mut ()| dice.random();
        run(
            trials,
            watch,
            || (),
            one,
            |bits| {
                found.push(bits);
                ControlFlow::Continue(())
            },
        )?;
        Ok(found)
    }

    #[test]
    fn more_simulations_begin_with_the_same_ones() {
        let few = Trials { number: 40, seed: 8, enough: None };
        let many = first_bits(Trials { number: 100, ..few }, &unwatched).unwrap();
        assert_eq!(many[..40], first_bits(few, &unwatched).unwrap());
        let distinct: std::collections::HashSet<_> = many.iter().collect();
        assert_eq!(distinct.len(), 100);
    }

    #[test]
    fn a_run_tells_how_far_it_is_and_ends_when_told() {
        let heard = Cell::new(0);
        let watch = |done: u32, of: u32| {
            heard.set(heard.get() + 1);
            assert_eq!((done % BATCH, of), (0, 999));
            if done >= 64 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let found = first_bits(Trials::default(), &watch);
        assert_eq!(found, Err(Violation::new("run", "cancelled")));
        assert_eq!(heard.get(), 3);
    }

    #[test]
    fn a_tally_stops_where_it_has_seen_enough_and_not_at_the_end_of_a_batch() {
        let mut tally = Tally::new(5.0, Trials { enough: Some(2), ..Trials::default() });
        for simulated in [6.0, 1.0, 5.0 - 1e-12, 9.0, 9.0] {
            tally.add(simulated);
        }
        assert!(tally.settled() && (tally.p() - 2.0 / 3.0).abs() < 1e-15);
        let mut all = Tally::new(5.0, Trials::default());
        for simulated in [6.0, 1.0, 4.0] {
            all.add(simulated);
        }
        assert!((all.p() - 0.5).abs() < 1e-15);
    }

    #[test]
    fn every_order_is_equally_probable() {
        let mut seen = std::collections::BTreeMap::new();
        let mut dice = ChaCha8Rng::seed_from_u64(3);
        for _ in 0..6000 {
            let mut items = [0, 1, 2];
            shuffle(&mut items, &mut dice);
            *seen.entry(items).or_insert(0) += 1;
        }
        assert_eq!(seen.len(), 6);
        assert!(seen.values().all(|&number| (880..1120).contains(&number)), "{seen:?}");
    }

    #[test]
    fn no_simulation_and_far_too_many_are_refused() {
        for number in [0, Trials::MOST + 1] {
            let refused = Trials { number, ..Trials::default() }.check();
            assert_eq!(refused, Err(Violation::new("simulations", "out_of_range")));
        }
        let refused = Trials { enough: Some(0), ..Trials::default() }.check();
        assert_eq!(refused, Err(Violation::new("enough", "out_of_range")));
    }
}
