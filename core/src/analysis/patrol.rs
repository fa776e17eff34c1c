//! A patrol round: which places to stop at, in which order and when, so that
//! every floor is met and the most worth is gathered within the shifts.
//!
//! This is team orienteering with time windows (Chao, Golden and Wasil 1996)
//! and floors, as in a covering tour (Gendreau, Laporte and Semet 1997). It is
//! searched by taking away strings of stops that lie near each other and
//! putting stops back where they cost least (Christiaens and Vanden Berghe
//! 2020), under simulated annealing, and its work then shared among the units.
//! The plan is the best that was found, not proven best; that a floor is out of
//! reach is proven.

mod route;
mod search;
mod share;
mod tour;
mod vary;
pub mod year;

pub use tour::{
    Candidate, FloorOf, Shift, Tour, TourQuestion, TourRound, TourVisit, UnmetFloor, Window, tour,
};

use crate::domain::Violation;
use route::Route;
use std::collections::BTreeSet;

/// Seconds of travel from each node to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Travel<'a> {
    nodes: usize,
    seconds: &'a [u32],
}

impl<'a> Travel<'a> {
    /// Rows of origins by columns of destinations, `nodes` × `nodes`; need not
    /// be symmetric.
    ///
    /// # Errors
    /// `not_square` for a table of another size.
    pub fn new(nodes: usize, seconds: &'a [u32]) -> Result<Self, Violation> {
        if nodes.checked_mul(nodes) == Some(seconds.len()) {
            Ok(Self { nodes, seconds })
        } else {
            Err(Violation::new("travel", "not_square"))
        }
    }

    /// Seconds from one node to another.
    fn between(&self, from: usize, to: usize) -> i64 {
        i64::from(self.seconds[from * self.nodes + to])
    }
}

/// Where a unit may stop. A break is a stop as well: bound to its unit, at its
/// base, with a floor of its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stop {
    /// Its node in the tables of travel.
    pub node: usize,
    /// What a visit is worth, from 0 up.
    pub prize: f64,
    /// Seconds that a visit takes.
    pub service: u32,
    /// Earliest second at which a visit may begin; who comes early waits.
    pub open: u32,
    /// Latest second at which a visit may begin.
    pub close: u32,
    /// The only unit that may stop here, if not any.
    pub unit: Option<usize>,
    /// Of stops with the same number, below that of all stops, at most one is
    /// visited: one visit with other hours and another prize.
    pub apart: Option<usize>,
}

/// One unit and its shift, in seconds on the clock of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit<'a> {
    /// Node where it begins and ends.
    pub base: usize,
    /// Leaves at the earliest.
    pub from: u32,
    /// Is back at the latest.
    pub to: u32,
    /// How fast it moves.
    pub travel: Travel<'a>,
}

/// So many of these stops must be in the plan: those of a district, or one
/// that somebody wishes for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverFloor {
    /// Stops, by index.
    pub stops: Vec<usize>,
    /// How many of them at least.
    pub at_least: usize,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Patrol<'a> {
    /// Where units may stop.
    pub stops: &'a [Stop],
    /// Who drives or walks.
    pub units: &'a [Unit<'a>],
    /// What must be in the plan.
    pub floors: &'a [CoverFloor],
}

/// How long and how irregularly is searched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PatrolSearch {
    /// Same seed, same plan.
    pub seed: u64,
    /// Changes that are tried, from 1 up, over all starts.
    pub rounds: u32,
    /// How much the worth of a stop is shaken before the search, as a share of
    /// it from 0 to 0.9, so that nobody can foresee the rounds of a week.
    pub irregularity: f64,
}

/// One visit of a plan, in seconds on its clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// The stop, by index.
    pub stop: usize,
    /// Gets there.
    pub arrive: u32,
    /// Begins: later than the arrival only where the stop opens later.
    pub start: u32,
    /// Leaves.
    pub leave: u32,
}

/// A floor that is not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unmet {
    /// The floor, by index.
    pub floor: usize,
    /// Stops that are missing.
    pub missing: usize,
    /// Whether it is proven that no plan meets it: too few of its stops can be
    /// reached by any unit, even by one that goes nowhere else. Without that
    /// proof the shifts were too short for all floors together, as far as was
    /// searched.
    pub out_of_reach: bool,
}

/// The best plan that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct PatrolPlan {
    /// The visits of each unit in order, by unit.
    pub rounds: Vec<Vec<Call>>,
    /// When each unit is back, in seconds.
    pub back: Vec<u32>,
    /// Worth of all visits, as given and not as shaken.
    pub prize: f64,
    /// Floors that are not met. Where there are any, no plan is good: this one
    /// misses fewest, and only then is worth most.
    pub unmet: Vec<Unmet>,
}

/// Plans rounds for `patrol`: independent of the number of threads, the same
/// for the same seed. Costs some 10 µs a round for 40 stops, 100 µs for 500.
///
/// # Errors
/// `travel`, `node`, `prize`, `window`, `unit`, `apart`, `shift`, `floor`,
/// `rounds`, `irregularity` with `out_of_range` or the rule that is broken.
pub fn plan_patrol(patrol: &Patrol<'_>, search: PatrolSearch) -> Result<PatrolPlan, Violation> {
    check(patrol, search)?;
    let found = share::share(patrol, share::fill(patrol, search::search(patrol, search)));
    let rounds: Vec<_> = found.iter().zip(patrol.units).map(|(r, u)| r.calls(u, patrol)).collect();
    let back = found.iter().zip(patrol.units).map(|(r, u)| r.back(u, patrol)).collect();
    let visited = |stop: &usize| rounds.iter().flatten().any(|call| call.stop == *stop);
    let prize = rounds.iter().flatten().map(|call| patrol.stops[call.stop].prize).sum();
    let unmet = patrol.floors.iter().enumerate().filter_map(|(floor, wanted)| {
        let missing =
            wanted.at_least.saturating_sub(wanted.stops.iter().filter(|s| visited(s)).count());
        (missing > 0).then(|| {
            let within = wanted.stops.iter().filter(|stop| reachable(patrol, **stop));
            // Only one of those that are apart counts.
            let within: BTreeSet<(Option<usize>, usize)> = within
                .map(|stop| patrol.stops[*stop].apart.map_or((None, *stop), |one| (Some(one), 0)))
                .collect();
            Unmet { floor, missing, out_of_reach: within.len() < wanted.at_least }
        })
    });
    let unmet = unmet.collect();
    Ok(PatrolPlan { rounds, back, prize, unmet })
}

/// Whether a unit that goes nowhere else can make a visit.
fn reachable(patrol: &Patrol<'_>, stop: usize) -> bool {
    (0..patrol.units.len()).any(|unit| Route::default().best_place(stop, unit, patrol).is_some())
}

fn check(patrol: &Patrol<'_>, search: PatrolSearch) -> Result<(), Violation> {
    let nodes = patrol.units.iter().map(|unit| unit.travel.nodes).min().unwrap_or(0);
    let stop = |stop: &Stop| {
        let unit = stop.unit.is_none_or(|unit| unit < patrol.units.len());
        let checks = [
            (stop.node < nodes, "node", "out_of_range"),
            (stop.prize.is_finite() && stop.prize >= 0.0, "prize", "out_of_range"),
            (stop.open <= stop.close, "window", "ends_before_it_begins"),
            (unit, "unit", "out_of_range"),
            (stop.apart.is_none_or(|at| at < patrol.stops.len()), "apart", "out_of_range"),
        ];
        checks.into_iter().find(|(fine, ..)| !fine)
    };
    let broken = patrol.stops.iter().find_map(stop);
    let unit = |unit: &Unit<'_>| {
        let checks = [
            (unit.base < unit.travel.nodes, "node", "out_of_range"),
            (unit.from <= unit.to, "shift", "ends_before_it_begins"),
        ];
        checks.into_iter().find(|(fine, ..)| !fine)
    };
    let broken = broken.or_else(|| patrol.units.iter().find_map(unit));
    let known = |floor: &CoverFloor| floor.stops.iter().all(|stop| *stop < patrol.stops.len());
    let rest = [
        (!patrol.units.is_empty(), "unit", "missing"),
        (patrol.floors.iter().all(known), "floor", "out_of_range"),
        (search.rounds > 0, "rounds", "out_of_range"),
        ((0.0..=0.9).contains(&search.irregularity), "irregularity", "out_of_range"),
    ];
    match broken.or_else(|| rest.into_iter().find(|(fine, ..)| !fine)) {
        Some((_, field, rule)) => Err(Violation::new(field, rule)),
        None => Ok(()),
    }
}

/// What a visit is worth: `need`, from 0 up, times how far the place has been
/// left alone. It grows toward the need the longer nobody was there (1 - e to
/// the power of - days / `patience_days`), so that neglected places come due by
/// themselves; where nobody is known to have been, it is the whole need.
#[must_use]
pub fn worth(need: f64, days_since: Option<i64>, patience_days: f64) -> f64 {
    let days =
        days_since.map_or(f64::INFINITY, |days| f64::from(i32::try_from(days).unwrap_or(i32::MAX)));
    need * (1.0 - (-days.max(0.0) / patience_days).exp())
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tour_tests;
