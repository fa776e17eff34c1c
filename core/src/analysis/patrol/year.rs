//! What a year of planned rounds is worth: the same minutes, spent by plan, by
//! turns, and as last year, in a municipality whose true need is known because
//! it was made up.
//!
//! Reports are drawn from the true need; who plans sees only them. Presence
//! changes nothing of the need, so the year says how presence is shared out and
//! nothing of what it does.

use super::route::Route;
use super::{CoverFloor, Patrol, PatrolSearch, Stop, Travel, Unit, plan_patrol, worth};
use crate::analysis::{Interval, empirical_bayes, evaluate::Z975};
use crate::domain::Violation;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use rayon::prelude::*;
use std::ops::Range;

/// Days of a year.
const YEAR: usize = 364;
/// Days of a week; a year has whole ones.
const WEEK: usize = 7;
/// Days after a visit in which a place is worth little: the worth of the next
/// one is the need times 1 − exp(−days / this).
const TAU_DAYS: f64 = 7.0;
/// Changes that are tried for the plan of a week.
const ROUNDS: u32 = 2_000;
/// How much the worth of stops is shaken, as it is for real plans.
const IRREGULARITY: f64 = 0.2;

/// A place where there is need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearPlace {
    /// Its node in the table of travel.
    pub node: usize,
    /// Its district, by index.
    pub district: usize,
    /// Reports a day that it would have, in each month of last year.
    pub before: [f64; 12],
    /// The same in this year.
    pub now: [f64; 12],
}

/// One shift of every week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearShift {
    /// Day of the week, 0 to 6.
    pub day: usize,
    /// Seconds from leaving the base to being back.
    pub seconds: u32,
}

/// What a year is made of.
#[derive(Debug, Clone, Copy)]
pub struct PatrolYear<'a> {
    /// Where there is need.
    pub places: &'a [YearPlace],
    /// Number of districts; each wants a visit a week.
    pub districts: usize,
    /// Node where shifts begin and end.
    pub base: usize,
    /// How fast one gets around.
    pub travel: Travel<'a>,
    /// The shifts of each week.
    pub shifts: &'a [YearShift],
    /// Seconds of a visit.
    pub service: u32,
    /// A visit covers a place for so many days, its own day included.
    pub covers_days: usize,
    /// The places of last year's visits, in their order.
    pub routine: &'a [usize],
}

/// How the minutes are spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By the plan of each week: floors of all districts, then what reports of
    /// the last 365 days, drawn toward their mean, and the days since the last
    /// visit say is worth most.
    Plan,
    /// One place after the other along one tour through all of them.
    Turns,
    /// The places of last year's visits in their order, over and over.
    Routine,
}

/// What came of a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearOutcome {
    /// Share of the true need that arose where somebody had been within
    /// [`PatrolYear::covers_days`].
    pub covered: f64,
    /// Longest run of days in which some district saw nobody.
    pub longest_gap: f64,
    /// Share of the weeks in which every district saw somebody.
    pub weeks_met: f64,
    /// Visits.
    pub visits: f64,
}

impl YearOutcome {
    /// The numbers in the order in which they are declared.
    #[must_use]
    pub const fn figures(&self) -> [f64; 4] {
        [self.covered, self.longest_gap, self.weeks_met, self.visits]
    }
}

/// A mean over years with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearMean {
    /// The mean.
    pub mean: f64,
    /// Where the mean of many more years lies.
    pub interval: Interval,
}

/// Lives through one year. The same seed has the same reports, however the
/// minutes are spent. Costs some 20 ms a week where they are planned.
///
/// # Errors
/// `places`, `routine`, `shift` or `covers` with `out_of_range`, and what
/// [`plan_patrol`] refuses.
pub fn patrol_year(year: &PatrolYear<'_>, way: Way, seed: u64) -> Result<YearOutcome, Violation> {
    check(year)?;
    let reports = Reports::drawn(year, seed);
    let mut log = Log::new(year);
    let mut queue = Queue::new(match way {
        Way::Turns => tour(year),
        Way::Plan | Way::Routine => year.routine.to_vec(),
    });
    for week in 0..YEAR / WEEK {
        let rounds = match way {
            Way::Plan => planned(year, &log, &reports, (week, seed))?,
            Way::Turns | Way::Routine => {
                year.shifts.iter().map(|shift| queue.round(year, *shift)).collect()
            }
        };
        for (shift, round) in year.shifts.iter().zip(rounds) {
            log.visited(week * WEEK + shift.day, &round);
        }
    }
    Ok(log.outcome(year))
}

/// Lives through many years, one a seed, in the order of the seeds.
///
/// # Errors
/// As [`patrol_year`].
pub fn patrol_years(
    year: &PatrolYear<'_>,
    way: Way,
    seeds: Range<u64>,
) -> Result<Vec<YearOutcome>, Violation> {
    seeds.into_par_iter().map(|seed| patrol_year(year, way, seed)).collect()
}

impl YearMean {
    /// The mean of one figure of many years, or of its differences year by year.
    ///
    /// # Errors
    /// Violates `years: out_of_range` for fewer than two.
    pub fn of(figures: &[f64]) -> Result<Self, Violation> {
        if figures.len() < 2 {
            return Err(Violation::new("years", "out_of_range"));
        }
        let n = as_f64(figures.len());
        let mean = figures.iter().sum::<f64>() / n;
        let square = figures.iter().map(|figure| (figure - mean).powi(2)).sum::<f64>();
        let reach = Z975 * (square / (n - 1.0) / n).sqrt();
        Ok(Self { mean, interval: Interval { low: mean - reach, high: mean + reach } })
    }
}

/// The reports of last year and this one: of each place by day, last year first.
struct Reports(Vec<Vec<u32>>);

impl Reports {
    fn drawn(year: &PatrolYear<'_>, seed: u64) -> Self {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let mut of = |place: &YearPlace| {
            let rates = [place.before, place.now];
            (0..2 * YEAR).map(|day| poisson(rates[day / YEAR][month(day)], &mut dice)).collect()
        };
        Self(year.places.iter().map(&mut of).collect())
    }

    /// What each place has told in the year before a day of this one.
    fn known(&self, day: usize) -> Vec<u32> {
        self.0.iter().map(|place| place[day..day + YEAR].iter().sum()).collect()
    }
}

/// The month of a day of a year of twelve equal ones.
const fn month(day: usize) -> usize {
    (day % YEAR) * 12 / YEAR
}

/// How often something happens that happens `mean` times on average (Knuth
/// 1969); for small means.
fn poisson(mean: f64, dice: &mut ChaCha8Rng) -> u32 {
    let (least, mut product, mut number) = ((-mean).exp(), dice.random::<f64>(), 0);
    while product > least && number < 1_000 {
        product *= dice.random::<f64>();
        number += 1;
    }
    number
}

/// Who was where.
struct Log {
    /// Days of the visits of each place.
    places: Vec<Vec<usize>>,
}

impl Log {
    fn new(year: &PatrolYear<'_>) -> Self {
        Self { places: vec![Vec::new(); year.places.len()] }
    }

    fn visited(&mut self, day: usize, round: &[usize]) {
        for place in round {
            self.places[*place].push(day);
        }
    }

    /// Days since the last visit of a place; as many as since the year began
    /// and a week where there was none.
    fn since(&self, place: usize, day: usize) -> usize {
        self.places[place].last().map_or(day + WEEK, |last| day.saturating_sub(*last))
    }

    fn outcome(&self, year: &PatrolYear<'_>) -> YearOutcome {
        let mut seen = vec![[false; YEAR]; year.districts];
        let (mut need, mut covered) = (0.0, 0.0);
        for (place, days) in year.places.iter().zip(&self.places) {
            let mut near = [false; YEAR];
            for &day in days {
                seen[place.district][day] = true;
                near[day..YEAR.min(day + year.covers_days)].fill(true);
            }
            for (day, near) in near.iter().enumerate() {
                let rate = place.now[month(day)];
                need += rate;
                covered += if *near { rate } else { 0.0 };
            }
        }
        let weeks = (0..YEAR / WEEK).filter(|week| {
            let days = week * WEEK..(week + 1) * WEEK;
            seen.iter().all(|district| district[days.clone()].contains(&true))
        });
        let gap = |district: &[bool; YEAR]| {
            district.split(|seen| *seen).map(<[bool]>::len).max().unwrap_or(0)
        };
        YearOutcome {
            covered: if need > 0.0 { covered / need } else { 0.0 },
            longest_gap: as_f64(seen.iter().map(gap).max().unwrap_or(0)),
            weeks_met: as_f64(weeks.count()) / as_f64(YEAR / WEEK),
            visits: as_f64(self.places.iter().map(Vec::len).sum()),
        }
    }
}

/// The rounds of one week by plan, from what is known on its first day.
fn planned(
    year: &PatrolYear<'_>,
    log: &Log,
    reports: &Reports,
    (week, seed): (usize, u64),
) -> Result<Vec<Vec<usize>>, Violation> {
    let today = week * WEEK;
    let counts = reports.known(today);
    let rates = empirical_bayes(&counts, &vec![1.0; counts.len()])?;
    let stop = |(place, (at, rate)): (usize, (&YearPlace, Option<crate::analysis::EbRate>))| {
        // The middle of the week stands for its days.
        let days = i64::try_from(log.since(place, today + WEEK / 2)).unwrap_or(i64::MAX);
        let prize = worth(rate.map_or(1.0, |rate| rate.eb_rate), Some(days), TAU_DAYS);
        Stop {
            node: at.node,
            prize,
            service: year.service,
            open: 0,
            close: u32::MAX,
            unit: None,
            apart: None,
        }
    };
    let stops: Vec<Stop> = year.places.iter().zip(rates).enumerate().map(stop).collect();
    let unit = |shift: &YearShift| {
        let from = u32::try_from(shift.day).unwrap_or(0) * 86_400;
        Unit { base: year.base, from, to: from + shift.seconds, travel: year.travel }
    };
    let units: Vec<Unit<'_>> = year.shifts.iter().map(unit).collect();
    let floor = |district| {
        let here = |place: &usize| year.places[*place].district == district;
        CoverFloor { stops: (0..stops.len()).filter(here).collect(), at_least: 1 }
    };
    let floors: Vec<CoverFloor> = (0..year.districts).map(floor).collect();
    let seed = seed.wrapping_mul(64).wrapping_add(week as u64);
    let search = PatrolSearch { seed, rounds: ROUNDS, irregularity: IRREGULARITY };
    let plan = plan_patrol(&Patrol { stops: &stops, units: &units, floors: &floors }, search)?;
    Ok(plan.rounds.iter().map(|round| round.iter().map(|call| call.stop).collect()).collect())
}

/// Places that wait for their turn.
struct Queue {
    order: Vec<usize>,
    next: usize,
}

impl Queue {
    const fn new(order: Vec<usize>) -> Self {
        Self { order, next: 0 }
    }

    /// As many of the next places as fit into a shift, driven the shortest way
    /// that putting in one after the other gives.
    fn round(&mut self, year: &PatrolYear<'_>, shift: YearShift) -> Vec<usize> {
        let stop = |place: &YearPlace| Stop {
            node: place.node,
            prize: 0.0,
            service: year.service,
            open: 0,
            close: u32::MAX,
            unit: None,
            apart: None,
        };
        let stops: Vec<Stop> = year.places.iter().map(stop).collect();
        let unit = Unit { base: year.base, from: 0, to: shift.seconds, travel: year.travel };
        let patrol = Patrol { stops: &stops, units: &[unit], floors: &[] };
        let mut route = Route::default();
        for _ in 0..self.order.len() {
            let place = self.order[self.next];
            if !route.stops.contains(&place) {
                let Some(best) = route.best_place(place, 0, &patrol) else { break };
                route.insert(place, best.at, &unit, &patrol);
            }
            self.next = (self.next + 1) % self.order.len();
        }
        if route.stops.is_empty() {
            // A place that no shift reaches must not hold up all others.
            self.next = (self.next + 1) % self.order.len();
        }
        route.stops
    }
}

/// All places in one tour, always the nearest next.
fn tour(year: &PatrolYear<'_>) -> Vec<usize> {
    let (mut node, mut left): (usize, Vec<usize>) = (year.base, (0..year.places.len()).collect());
    let mut order = Vec::with_capacity(left.len());
    while let Some(at) = (0..left.len())
        .min_by_key(|at| (year.travel.between(node, year.places[left[*at]].node), left[*at]))
    {
        let place = left.swap_remove(at);
        node = year.places[place].node;
        order.push(place);
    }
    order
}

fn check(year: &PatrolYear<'_>) -> Result<(), Violation> {
    let rate = |rate: &f64| (0.0..=100.0).contains(rate);
    let place = |place: &YearPlace| {
        place.node < year.travel.nodes
            && place.district < year.districts
            && place.before.iter().chain(&place.now).all(rate)
    };
    let rules = [
        (!year.places.is_empty() && year.places.iter().all(place), "places"),
        (year.base < year.travel.nodes, "base"),
        (year.shifts.iter().all(|shift| shift.day < WEEK && shift.seconds <= 86_400), "shift"),
        (
            !year.routine.is_empty() && year.routine.iter().all(|at| *at < year.places.len()),
            "routine",
        ),
        (year.covers_days > 0, "covers"),
    ];
    match rules.iter().find(|(fine, _)| !fine) {
        Some((_, field)) => Err(Violation::new(*field, "out_of_range")),
        None => Ok(()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^53 days and visits")]
const fn as_f64(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests;
