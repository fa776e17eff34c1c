//! A rolling hindcast.

use super::domain::ForecastDomain;
use super::ranking::Ranking;
use super::{Baseline, SHARES};
use crate::analysis::dated::check_finite;
use crate::analysis::{Dated, Kernel, Weighted, density};
use crate::domain::Violation;
use rayon::prelude::*;
use statrs::distribution::{ContinuousCDF, StudentsT};

/// When to look back from, and how far ahead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hindcast {
    /// The day after the last that is known.
    pub until: f64,
    /// Days foretold from each origin: 30 and 90 are usual.
    pub horizon_days: f64,
    /// Origins, the last one a horizon before `until`.
    pub origins: u32,
    /// Days from one origin to the next.
    pub step_days: f64,
    /// Days before an origin that a model may look at.
    pub history_days: f64,
}

impl Hindcast {
    /// Twelve monthly origins with a year to look back on.
    #[must_use]
    pub const fn monthly(until: f64, horizon_days: f64) -> Self {
        Self { until, horizon_days, origins: 12, step_days: 30.0, history_days: 365.0 }
    }

    fn check(&self) -> Result<(), Violation> {
        let rules = [
            ("until", self.until.is_finite()),
            ("horizonDays", (1.0..=3660.0).contains(&self.horizon_days)),
            ("origins", (2..=1000).contains(&self.origins)),
            ("stepDays", (1.0..=3660.0).contains(&self.step_days)),
            ("historyDays", (1.0..=36_600.0).contains(&self.history_days)),
        ];
        rules
            .iter()
            .find(|(_, holds)| !holds)
            .map_or(Ok(()), |(field, _)| Err(Violation::new(*field, "out_of_range")))
    }
}

/// A number with the 95 % interval that its origins give.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// Over all origins together.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// How good the first share of a ranked map is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quality {
    /// Share of the domain's area, one of [`SHARES`].
    pub share: f64,
    /// Share of the later events that fall into it, 0 to 1.
    pub hit_rate: Measured,
    /// Prediction accuracy index: hit rate over share of area (Chainey,
    /// Tompson and Uhlig 2008); 1 is no better than chance.
    pub pai: Measured,
    /// Prediction efficiency index: hits over those of the best map that could
    /// have been drawn afterwards (Hunt 2016), 0 to 1.
    pub pei: Measured,
    /// Recapture rate index after Levine (2008): hit rate over the share of
    /// the earlier events in the same cells; below 1 the past was overfitted.
    pub rri_levine: Measured,
    /// The other index of that name: events that the map led to expect in the
    /// cells over those that came; above 1 it promised too much.
    pub rri_predicted: Measured,
}

/// How well a map foretold.
#[derive(Debug, Clone, PartialEq)]
pub struct ForecastQuality {
    /// By share of area, as [`SHARES`].
    pub shares: Vec<Quality>,
    /// Mean logarithm of the probability that the map gave the cell of each
    /// event, 5 % of it spread evenly over the area: the higher the better,
    /// and the one to choose a map by.
    pub log_score: Measured,
    /// Origins with events before and after.
    pub origins: usize,
    /// Events foretold, counted once an origin.
    pub events: usize,
}

/// The share of every map that is spread evenly, so that nothing is impossible.
const EVEN: f64 = 0.05;

/// Looks back from each origin: `model` is given what was known then (the
/// events of the history, and the day) and scores every cell of the domain by
/// the number of events it leads to expect there, in any unit; negative scores
/// and those that are no numbers count as 0. Each map is then compared with
/// the events that came.
///
/// Numbers are those of all origins together, intervals by leaving out each
/// origin in turn (jackknife, Student's t), widened where horizons overlap.
/// Cells that score alike are taken in equal parts. Events outside the domain
/// are left out.
///
/// *Weakness:* it rewards what is reported, not what happens; and a few events
/// a month say little: look at the intervals.
///
/// Cost: origins × (the model + cells × log cells).
///
/// # Errors
/// Violates `points: not_finite`, `points: too_small` for fewer than three
/// origins with events before and after, and `until`, `horizonDays`,
/// `origins`, `stepDays` or `historyDays: out_of_range`.
pub fn hindcast(
    events: &[Dated],
    domain: &ForecastDomain,
    plan: &Hindcast,
    model: impl Fn(&[Dated], f64) -> Vec<f64> + Sync,
) -> Result<ForecastQuality, Violation> {
    plan.check()?;
    check_finite(events)?;
    let looks: Vec<Look> = (0..plan.origins)
        .into_par_iter()
        .map(|back| plan.until - plan.horizon_days - f64::from(back) * plan.step_days)
        .filter_map(|day| Look::new(events, domain, plan, (day, &model)))
        .collect();
    if looks.len() < 3 {
        return Err(Violation::new("points", "too_small"));
    }
    let widen = (plan.horizon_days / plan.step_days).max(1.0).sqrt();
    let measured = |of: &dyn Fn(&[&Look]) -> f64| jackknife(&looks, widen, of);
    let sum = |looks: &[&Look], of: &dyn Fn(&Look) -> f64| looks.iter().map(|l| of(l)).sum::<f64>();
    let quality = |(at, &share): (usize, &f64)| {
        let hits = move |look: &Look| look.hits[at];
        let hit_rate = move |looks: &[&Look]| sum(looks, &hits) / sum(looks, &|l| l.later);
        let before = move |l: &[&Look]| sum(l, &|l| l.before_hits[at]) / sum(l, &|l| l.earlier);
        let ratio = |of: &dyn Fn(&[&Look]) -> f64| {
            let found = measured(of);
            Measured { low: found.low.max(0.0), ..found }
        };
        Quality {
            share,
            hit_rate: ratio(&hit_rate),
            pai: ratio(&|l| hit_rate(l) / share),
            pei: ratio(&|l| sum(l, &hits) / sum(l, &|l| l.best[at])),
            rri_levine: ratio(&|l| hit_rate(l) / before(l)),
            rri_predicted: ratio(&|l| sum(l, &|l| l.foretold[at]) / sum(l, &hits)),
        }
    };
    let events = looks.iter().map(|look| look.events).sum();
    Ok(ForecastQuality {
        shares: SHARES.iter().enumerate().map(quality).collect(),
        log_score: measured(&|l| sum(l, &|l| l.log_score) / sum(l, &|l| l.later)),
        origins: looks.len(),
        events,
    })
}

/// The quality of the three maps that a better one has to beat; that of
/// population only where people are known.
///
/// # Errors
/// As [`hindcast`].
pub fn baselines(
    events: &[Dated],
    domain: &ForecastDomain,
    plan: &Hindcast,
) -> Result<Vec<(Baseline, ForecastQuality)>, Violation> {
    let known = domain.population.iter().any(|people| *people > 0.0);
    let score = |baseline: Baseline, history: &[Dated]| match baseline {
        Baseline::Population => domain.population.clone(),
        Baseline::LastYear => domain.counts(history.iter()),
        Baseline::Density => under_density(domain, history),
    };
    [Baseline::Population, Baseline::LastYear, Baseline::Density]
        .into_iter()
        .filter(|baseline| known || *baseline != Baseline::Population)
        .map(|baseline| {
            let found = hindcast(events, domain, plan, |history, _| score(baseline, history))?;
            Ok((baseline, found))
        })
        .collect()
}

/// The density of events in each cell times its area; nothing for more events
/// than a density can hold.
fn under_density(domain: &ForecastDomain, history: &[Dated]) -> Vec<f64> {
    let points: Vec<Weighted> =
        history.iter().map(|event| Weighted { at: event.at, weight: 1.0 }).collect();
    density(&domain.grid, Kernel::Gaussian { sigma_m: 250.0 }, &points).map_or_else(
        |_| vec![0.0; domain.cells.len()],
        |surface| {
            let cells = domain.cells.iter().zip(&domain.areas);
            cells.map(|(&cell, area)| surface.values[cell] * area).collect()
        },
    )
}

/// What one origin saw, by share where a list.
struct Look {
    later: f64,
    earlier: f64,
    hits: Vec<f64>,
    best: Vec<f64>,
    before_hits: Vec<f64>,
    foretold: Vec<f64>,
    log_score: f64,
    events: usize,
}

impl Look {
    fn new(
        events: &[Dated],
        domain: &ForecastDomain,
        plan: &Hindcast,
        (day, model): (f64, &(impl Fn(&[Dated], f64) -> Vec<f64> + Sync)),
    ) -> Option<Self> {
        let within =
            |from: f64, to: f64| events.iter().filter(move |e| (from..to).contains(&e.day));
        let mut history: Vec<Dated> = within(day - plan.history_days, day).copied().collect();
        history.sort_by(|a, b| {
            let by_place = a.at.east.total_cmp(&b.at.east).then(a.at.north.total_cmp(&b.at.north));
            a.day.total_cmp(&b.day).then(by_place)
        });
        let earlier = domain.counts(history.iter());
        let later = domain.counts(within(day, day + plan.horizon_days));
        let total = |counts: &[f64]| counts.iter().sum::<f64>();
        if total(&earlier) <= 0.0 || total(&later) <= 0.0 {
            return None;
        }
        let scores = cleaned(domain, model(&history, day));
        let ground = total(&domain.areas);
        let ranking = Ranking::new(&scores, &domain.areas);
        let told = as_shares(domain, &scores);
        let best = Ranking::new(&later, &domain.areas);
        let first = |ranking: &Ranking, values: &[f64]| -> Vec<f64> {
            SHARES.iter().map(|share| ranking.sum(values, &domain.areas, share * ground)).collect()
        };
        let foretold = first(&ranking, &told).iter().map(|share| share * total(&later)).collect();
        let log =
            |(count, share): (&f64, &f64)| if *count > 0.0 { count * share.ln() } else { 0.0 };
        Some(Self {
            later: total(&later),
            earlier: total(&earlier),
            hits: first(&ranking, &later),
            best: first(&best, &later),
            before_hits: first(&ranking, &earlier),
            foretold,
            log_score: later.iter().zip(&told).map(log).sum(),
            events: within(day, day + plan.horizon_days).filter(|e| domain.holds(e)).count(),
        })
    }
}

/// A score for each cell, none of them negative or no number.
fn cleaned(domain: &ForecastDomain, mut scores: Vec<f64>) -> Vec<f64> {
    scores.resize(domain.cells.len(), 0.0);
    for score in &mut scores {
        *score = if score.is_finite() { score.max(0.0) } else { 0.0 };
    }
    scores
}

/// Scores as the probabilities of cells, a part of them spread evenly.
fn as_shares(domain: &ForecastDomain, scores: &[f64]) -> Vec<f64> {
    let (sum, ground) = (scores.iter().sum::<f64>(), domain.areas.iter().sum::<f64>());
    let (told, even) = if sum > 0.0 { ((1.0 - EVEN) / sum, EVEN) } else { (0.0, 1.0) };
    let share = |(score, area): (&f64, &f64)| score * told + even * area / ground;
    scores.iter().zip(&domain.areas).map(share).collect()
}

/// A number of all looks and what it would be without each.
fn jackknife(looks: &[Look], widen: f64, of: &dyn Fn(&[&Look]) -> f64) -> Measured {
    let all: Vec<&Look> = looks.iter().collect();
    let value = of(&all);
    let without = |at: usize| {
        let rest: Vec<&Look> =
            looks.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, l)| l).collect();
        of(&rest)
    };
    let values: Vec<f64> = (0..looks.len()).map(without).collect();
    let number = f64::from(u32::try_from(looks.len()).unwrap_or(u32::MAX));
    let mean = values.iter().sum::<f64>() / number;
    let square: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let se = ((number - 1.0) / number * square).sqrt() * widen;
    let reach =
        StudentsT::new(0.0, 1.0, number - 1.0).map_or(f64::NAN, |t| t.inverse_cdf(0.975)) * se;
    Measured { value, low: value - reach, high: value + reach }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Plane;
    use crate::plane::Grid;

    /// 400 cells of 100 m.
    fn domain(population: f64) -> ForecastDomain {
        let grid = Grid::new(Plane { east: 0.0, north: 0.0 }, 100.0, 20, 20).unwrap();
        ForecastDomain::new(grid, &[0.01; 400], &[population; 400]).unwrap()
    }

    /// One event a day for two years at one spot.
    fn daily() -> Vec<Dated> {
        let at = Plane { east: 550.0, north: 750.0 };
        (0..730).map(|day| Dated { at, day: f64::from(day) }).collect()
    }

    #[test]
    fn a_spot_that_stays_is_foretold_wholly_by_its_past() {
        let plan = Hindcast::monthly(730.0, 30.0);
        let found = baselines(&daily(), &domain(1.0), &plan).unwrap();
        let (name, last_year) = &found[1];
        assert_eq!((*name, last_year.origins, last_year.events), (Baseline::LastYear, 12, 360));
        let one = last_year.shares[0];
        for (found, expected) in [
            (one.hit_rate, 1.0),
            (one.pai, 100.0),
            (one.pei, 1.0),
            (one.rri_levine, 1.0),
            (last_year.log_score, (0.95_f64 + 0.05 / 400.0).ln()),
        ] {
            assert!((found.value - expected).abs() < 1e-9, "{found:?}, expected {expected}");
            assert!(found.high - found.low < 1e-9);
        }
        let density = &found[2].1;
        assert!(
            density.shares[0].pai.value > 50.0
                && density.log_score.value < last_year.log_score.value
        );
    }

    #[test]
    fn a_map_without_a_difference_hits_by_its_area_alone() {
        let even = hindcast(&daily(), &domain(0.0), &Hindcast::monthly(730.0, 30.0), |_, _| {
            vec![f64::NAN; 3]
        })
        .unwrap();
        for quality in &even.shares {
            assert!((quality.hit_rate.value - quality.share).abs() < 1e-12, "{quality:?}");
            assert!((quality.pai.value - 1.0).abs() < 1e-9);
            assert!((quality.rri_predicted.value - 1.0).abs() < 1e-9);
        }
        assert!((even.log_score.value - (1.0_f64 / 400.0).ln()).abs() < 1e-12);
    }

    #[test]
    fn a_model_knows_nothing_of_what_comes() {
        let plan = Hindcast::monthly(730.0, 90.0);
        let seen = |history: &[Dated], day: f64| {
            assert!(history.iter().all(|event| event.day < day && event.day >= day - 365.0));
            vec![1.0; 400]
        };
        assert_eq!(hindcast(&daily(), &domain(0.0), &plan, seen).unwrap().origins, 12);
    }

    #[test]
    fn the_order_of_events_changes_nothing_and_people_unknown_are_no_map() {
        let plan = Hindcast::monthly(730.0, 30.0);
        let mut turned = daily();
        turned.reverse();
        let found = baselines(&daily(), &domain(0.0), &plan).unwrap();
        assert_eq!(found, baselines(&turned, &domain(0.0), &plan).unwrap());
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn too_short_a_past_and_a_plan_without_sense_are_refused() {
        let short = baselines(&daily()[..90], &domain(1.0), &Hindcast::monthly(90.0, 30.0));
        assert_eq!(short.unwrap_err(), Violation::new("points", "too_small"));
        let plan = Hindcast { step_days: 0.0, ..Hindcast::monthly(730.0, 30.0) };
        let refused = baselines(&daily(), &domain(1.0), &plan).unwrap_err();
        assert_eq!(refused, Violation::new("stepDays", "out_of_range"));
        let sea = ForecastDomain::new(*domain(0.0).grid(), &[0.0; 400], &[0.0; 400]);
        assert_eq!(sea.unwrap_err(), Violation::new("areas", "required"));
    }
}
