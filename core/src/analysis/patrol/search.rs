//! Taking stops away and putting others in their place, over and over.

use super::route::Route;
use super::{Patrol, PatrolSearch};
use crate::analysis::trials::below;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use rayon::prelude::*;
use std::cmp::Ordering;

/// Searches that start apart; the best of them counts.
const STARTS: u32 = 4;
/// Rounds that are cut at once, at most.
const ROUNDS_CUT: usize = 3;
/// Stops that are taken out of one round at once, at most.
const LONGEST_STRING: usize = 8;
/// Stops that are tried to be put in, beside those just taken out.
const TRIED: usize = 60;
/// How often the best place is passed over.
const BLINK: f64 = 0.02;
/// Temperatures at the start and the end, as shares of the mean prize.
const WARM: f64 = 0.5;
const COLD: f64 = 0.005;
/// What a whole shift of travel costs while the search wanders, as a share of
/// the mean prize: enough to draw it to shorter rounds, which have room for
/// more. Of all that it comes by the most prize is kept, whatever its way.
const WAY: f64 = 0.2;

/// The rounds of the best plan found, by unit.
pub(super) fn search(patrol: &Patrol<'_>, search: PatrolSearch) -> Vec<Route> {
    let near = near(patrol);
    let start = |start: u32| {
        let dice = ChaCha8Rng::seed_from_u64(
            search.seed.wrapping_mul(STARTS.into()).wrapping_add(start.into()),
        );
        Searcher::new(patrol, &near, search, dice).run(search.rounds.div_ceil(STARTS))
    };
    let found: Vec<(Gain, Vec<Route>)> = (0..STARTS).into_par_iter().map(start).collect();
    let best = found.into_iter().reduce(|a, b| if b.0.is_more_than(&a.0) { b } else { a });
    best.map(|(_, routes)| routes).unwrap_or_default()
}

/// What a plan comes to: floors first, then prizes, then a short way.
#[derive(Clone, Copy)]
struct Gain {
    missing: usize,
    prize: f64,
    way: i64,
}

impl Gain {
    fn is_more_than(&self, other: &Self) -> bool {
        // Prizes that were added up in an other order are the same.
        let apart = 1e-9 * self.prize.abs().max(1.0);
        let prize = if (self.prize - other.prize).abs() < apart {
            Ordering::Equal
        } else {
            self.prize.total_cmp(&other.prize)
        };
        let floors = other.missing.cmp(&self.missing);
        floors.then(prize).then(other.way.cmp(&self.way)) == Ordering::Greater
    }
}

/// For each stop all stops, the nearest first, itself before all.
fn near(patrol: &Patrol<'_>) -> Vec<Vec<usize>> {
    let travel = patrol.units[0].travel;
    let number = patrol.stops.len();
    let sorted = |from: usize| {
        let mut others: Vec<usize> = (0..number).collect();
        let way = |to: usize| travel.between(patrol.stops[from].node, patrol.stops[to].node);
        others.sort_by_key(|to| (*to != from, way(*to), *to));
        others
    };
    (0..number).into_par_iter().map(sorted).collect()
}

#[derive(Clone)]
struct State {
    routes: Vec<Route>,
    /// The unit that visits each stop.
    by: Vec<Option<usize>>,
    /// Visits of each floor.
    met: Vec<usize>,
    prize: f64,
    missing: usize,
}

impl State {
    fn gain(&self) -> Gain {
        let way = self.routes.iter().map(|route| route.travel).sum();
        Gain { missing: self.missing, prize: self.prize, way }
    }
}

struct Searcher<'a> {
    patrol: &'a Patrol<'a>,
    near: &'a [Vec<usize>],
    /// Prizes as shaken.
    prizes: Vec<f64>,
    /// Floors of each stop.
    floors: Vec<Vec<usize>>,
    /// The stops of each number of those that are apart.
    apart: Vec<Vec<usize>>,
    mean: f64,
    /// Worth more than all prizes together.
    floor_worth: f64,
    per_second: f64,
    dice: ChaCha8Rng,
}

impl<'a> Searcher<'a> {
    fn new(
        patrol: &'a Patrol<'a>,
        near: &'a [Vec<usize>],
        search: PatrolSearch,
        dice: ChaCha8Rng,
    ) -> Self {
        // The same shake in every start, so that they are about one question.
        let mut shake = ChaCha8Rng::seed_from_u64(search.seed);
        let mut shaken =
            |prize: f64| prize * (1.0 + search.irregularity * (2.0 * shake.random::<f64>() - 1.0));
        let prizes: Vec<f64> = patrol.stops.iter().map(|stop| shaken(stop.prize)).collect();
        let mut floors = vec![Vec::new(); patrol.stops.len()];
        for (index, floor) in patrol.floors.iter().enumerate() {
            floor.stops.iter().for_each(|stop| floors[*stop].push(index));
        }
        let mut apart = vec![Vec::new(); patrol.stops.len()];
        for (index, stop) in patrol.stops.iter().enumerate() {
            if let Some(one) = stop.apart {
                apart[one].push(index);
            }
        }
        let total: f64 = prizes.iter().sum();
        #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^53 stops")]
        let mean = total / prizes.len().max(1) as f64;
        let shift = patrol.units.iter().map(|unit| unit.to - unit.from).max().unwrap_or(1).max(1);
        let per_second = WAY * mean / f64::from(shift);
        Self {
            patrol,
            near,
            prizes,
            floors,
            apart,
            mean,
            floor_worth: 2.0 * total + 1.0,
            per_second,
            dice,
        }
    }

    fn run(mut self, rounds: u32) -> (Gain, Vec<Route>) {
        let mut now = self.first();
        let (mut worth, mut best) = (self.worth(&now), (now.gain(), now.routes.clone()));
        for round in 0..rounds {
            if self.patrol.stops.is_empty() {
                break;
            }
            let warm = WARM * self.mean * (COLD / WARM).powf(f64::from(round) / f64::from(rounds));
            let centre = below(self.patrol.stops.len(), &mut self.dice);
            let mut next = now.clone();
            let out = self.take_out(&mut next, centre);
            self.put_in(&mut next, centre, &out);
            let changed = self.worth(&next);
            let bar = worth + warm * self.dice.random::<f64>().max(f64::MIN_POSITIVE).ln();
            if changed > bar {
                (now, worth) = (next, changed);
                let gain = now.gain();
                if gain.is_more_than(&best.0) {
                    best = (gain, now.routes.clone());
                }
            }
        }
        best
    }

    /// Nothing visited yet but what fits at once.
    fn first(&mut self) -> State {
        let missing = self.patrol.floors.iter().map(|floor| floor.at_least).sum();
        let mut state = State {
            routes: vec![Route::default(); self.patrol.units.len()],
            by: vec![None; self.patrol.stops.len()],
            met: vec![0; self.patrol.floors.len()],
            prize: 0.0,
            missing,
        };
        for (route, unit) in state.routes.iter_mut().zip(self.patrol.units) {
            route.time(unit, self.patrol);
        }
        let all: Vec<usize> = (0..self.patrol.stops.len()).collect();
        if !all.is_empty() {
            self.put_in(&mut state, 0, &all);
        }
        state
    }

    fn worth(&self, state: &State) -> f64 {
        let Gain { missing, prize, way } = state.gain();
        #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^53 seconds or stops")]
        let (way, missing) = (way as f64, missing as f64);
        prize - self.per_second * way - self.floor_worth * missing
    }

    /// Takes strings of stops that lie near `centre` out of some rounds.
    fn take_out(&mut self, state: &mut State, centre: usize) -> Vec<usize> {
        let cuts = 1 + below(ROUNDS_CUT, &mut self.dice);
        let mut cut: Vec<usize> = Vec::with_capacity(cuts);
        let mut out = Vec::new();
        for near in &self.near[centre] {
            let Some(unit) = state.by[*near].filter(|unit| !cut.contains(unit)) else { continue };
            cut.push(unit);
            let stops = &state.routes[unit].stops;
            let at = stops.iter().position(|stop| stop == near).unwrap_or_default();
            let length = 1 + below(stops.len().min(LONGEST_STRING), &mut self.dice);
            let before = below(length, &mut self.dice).min(at);
            let from = at - before;
            let to = (from + length).min(stops.len());
            // A string out of the middle can leave a way that is longer than
            // the one past it; then as much goes from the end as does not fit.
            let mut route = state.routes[unit].clone();
            let mut string: Vec<usize> = route.stops.drain(from..to).collect();
            while !route.time(&self.patrol.units[unit], self.patrol) {
                let Some(last) = route.stops.pop() else { break };
                string.push(last);
            }
            state.routes[unit] = route;
            for stop in &string {
                self.count(state, *stop, None);
            }
            out.extend(string);
            if cut.len() == cuts {
                break;
            }
        }
        out
    }

    /// Puts stops in where they cost least, in an order that chance decides.
    fn put_in(&mut self, state: &mut State, centre: usize, out: &[usize]) {
        let free = self.near[centre].iter().filter(|stop| state.by[**stop].is_none());
        let mut tried: Vec<usize> = free.take(TRIED).copied().collect();
        tried.extend(out.iter().filter(|stop| !tried.contains(stop)).copied().collect::<Vec<_>>());
        let order = below(4, &mut self.dice);
        let mut keyed: Vec<(bool, f64, usize)> = tried
            .iter()
            .enumerate()
            .map(|(rank, stop)| {
                let luck = self.dice.random::<f64>();
                #[expect(clippy::cast_precision_loss, reason = "a rank among some dozen")]
                let key = match order {
                    0 => luck,
                    1 => -self.prizes[*stop],
                    2 => -self.prizes[*stop] * (0.5 + luck),
                    _ => rank as f64 * (0.5 + luck),
                };
                (!self.needed(state, *stop), key, *stop)
            })
            .collect();
        keyed.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
        for (_, _, stop) in keyed {
            self.place(state, stop);
        }
    }

    /// Whether a floor waits for this stop.
    fn needed(&self, state: &State, stop: usize) -> bool {
        self.floors[stop]
            .iter()
            .any(|floor| state.met[*floor] < self.patrol.floors[*floor].at_least)
    }

    /// Whether a visit in its stead is in the plan.
    fn stands_in(&self, state: &State, stop: usize) -> bool {
        let apart = self.patrol.stops[stop].apart;
        apart.is_some_and(|one| self.apart[one].iter().any(|other| state.by[*other].is_some()))
    }

    fn place(&mut self, state: &mut State, stop: usize) {
        if self.stands_in(state, stop) {
            return;
        }
        let mut best = None;
        for (unit, route) in state.routes.iter().enumerate() {
            if self.dice.random::<f64>() < BLINK {
                continue;
            }
            if let Some(place) = route.best_place(stop, unit, self.patrol)
                && best.is_none_or(|(_, adds, _)| place.adds < adds)
            {
                best = Some((unit, place.adds, place.at));
            }
        }
        if let Some((unit, _, at)) = best {
            state.routes[unit].insert(stop, at, &self.patrol.units[unit], self.patrol);
            self.count(state, stop, Some(unit));
        }
    }

    /// Notes that `stop` is visited by a unit, or no more.
    fn count(&self, state: &mut State, stop: usize, by: Option<usize>) {
        state.by[stop] = by;
        state.prize += if by.is_some() { self.prizes[stop] } else { -self.prizes[stop] };
        for floor in &self.floors[stop] {
            let at_least = self.patrol.floors[*floor].at_least;
            let missing = |met: usize| at_least.saturating_sub(met);
            let before = missing(state.met[*floor]);
            state.met[*floor] =
                if by.is_some() { state.met[*floor] + 1 } else { state.met[*floor] - 1 };
            state.missing = state.missing + missing(state.met[*floor]) - before;
        }
    }
}
