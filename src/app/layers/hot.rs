//! What `hotcells` and `hotspots` share: the local test over the land.

use super::lands::Lands;
use super::needs::{Needs, Point};
use super::period::Period;
use super::query::start_of;
use super::rows::{figures, in_box, in_district};
use super::staff::StaffSource;
use crate::app::analytics::{Limit, Said};
use crate::app::{Error, Expected, Result};
use crate::encode::{Members, Shape, Value};
use fyren_core::analysis::{Exposure, HotRule, Hotcells, Sighting, Tail, Trials, Watch, hotcells};
use fyren_core::domain::{MonthDays, Violation};
use jiff::{Span, Timestamp};

/// Edge of a cell in metres: default, least and most.
const CELL_M: [f64; 3] = [250.0, 100.0, 1_000.0];

/// How far an expectation may be off, as a coefficient of variation. Measured
/// (`docs/methods.md`): with 0.2 two planted spots are found, with 0.5 not even
/// a place of five times the risk.
const VARIATION: f64 = 0.2;

/// A tested map.
pub struct Hot {
    /// The events behind it.
    pub needs: Needs,
    /// The same, as the test reads them.
    pub sightings: Vec<Sighting>,
    /// What is expected where.
    pub exposure: Exposure,
    /// What the test says.
    pub found: Hotcells,
    /// The days that it speaks of.
    pub period: Period,
    rule: HotRule,
    history: Option<Limit>,
}

/// The largest share of the people in a disc of the scan.
const CLUSTER_SHARE: f64 = 0.1;

/// The scan's simulations: enough to tell p = 0.05.
const TRIALS: Trials = Trials { number: 199, seed: 1, enough: Some(50) };

impl Hot {
    /// Tests the events that the question selects against the residents around.
    /// Places known to half a window's edge (1.5 cells) or better take part.
    pub fn test(source: &StaffSource, lands: &Lands) -> Result<Self> {
        let (cell_m, rule) = asked(source)?;
        let asked = source.query.params.get("expected").map(String::as_str);
        let expected = match asked {
            Some("residents") => Expected::Residents,
            Some("road") => Expected::Roads,
            _ => Expected::People,
        };
        let land = lands.of(&source.ground);
        let base = land.expected(cell_m, expected, month_days(source))?;
        let base = within(source, Exposure::clone(&base))?;
        let measured = match asked {
            Some("ownHistory") => own_history(source, base, (cell_m, &rule), 1),
            None => own_history(source, base, (cell_m, &rule), YEARS_BY_DEFAULT),
            _ => Measured::against(source, base, cell_m),
        };
        let Measured { needs, exposure, period, history } = measured;
        let sightings: Vec<Sighting> = needs.points.iter().map(sighting).collect();
        let found = hotcells(&sightings, &exposure, &rule)?;
        Ok(Self { needs, sightings, exposure, found, period, rule, history })
    }

    /// The same with the second opinion of the scan, without which nothing is
    /// confirmed.
    pub fn confirmed(source: &StaffSource, lands: &Lands, watch: Watch<'_>) -> Result<Self> {
        let mut hot = Self::test(source, lands)?;
        if hot.found.insufficient.is_none() {
            let land = lands.of(&source.ground);
            let scanner = land.scans().scanner(&hot.exposure, CLUSTER_SHARE)?;
            let clusters = land.scans().clusters(&scanner, &hot.found, TRIALS, watch)?;
            hot.found = hot.found.confirmed_by(&clusters, &hot.rule);
        }
        Ok(hot)
    }

    /// What every method says of its answer, of the test.
    pub fn said(&self) -> Said {
        let (found, mut said) = (&self.found, Said::of(&self.needs, self.period));
        said.insufficient = found.insufficient;
        said.params = vec![
            ("cellM", self.exposure.grid().cell_m().into()),
            ("tail", found.tail.code().into()),
            ("expectedFrom", found.basis.code().into()),
            ("rule", self.rule()),
        ];
        said.limits.extend(self.history.clone());
        if !found.basis.confirms() {
            let text = "guests are not in what is expected: nothing is confirmed, only watched";
            said.limits.push(Limit::new("guests_not_expected", text));
        }
        for (rule, number, why) in [
            ("repeated_left_out", found.repeated, "events repeat a source in its cell and month"),
            ("outside_left_out", found.outside, "events lie where none is expected"),
        ] {
            if number > 0 {
                said.limits.push(Limit::new(rule, format!("{number} {why} and are left out")));
            }
        }
        said
    }

    /// The rule of the test, as an answer repeats it.
    fn rule(&self) -> Value<'static> {
        let rule = &self.rule;
        let count = |number: u64| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
        Value::Object(vec![
            ("largestQ", rule.largest_q.into()),
            ("leastEvents", count(rule.least_events)),
            ("leastSources", rule.least_sources.into()),
            ("leastTotal", count(rule.least_total)),
            ("repeatDays", Value::Int(rule.repeat_days)),
            ("variation", VARIATION.into()),
        ])
    }

    /// What the whole answer says of the test.
    pub fn members(&self) -> Members {
        let found = &self.found;
        let mut members = vec![
            ("method", "local poisson window, Benjamini-Hochberg".into()),
            ("cellM", self.exposure.grid().cell_m().into()),
            ("tail", found.tail.code().into()),
            ("dispersion", figures(found.dispersion)),
            ("expectedFrom", found.basis.code().into()),
            ("rule", self.rule()),
            ("cellsTested", found.cells.len().into()),
            ("counted", found.counted.len().into()),
            ("repeated", found.repeated.into()),
            ("outside", found.outside.into()),
            ("insufficient", found.insufficient.map_or(Value::Null, Value::from)),
            ("period", self.period.value()),
        ];
        members.extend(self.needs.members());
        self.said().beside(&mut members);
        members
    }
}

/// What is tested, and against what.
struct Measured {
    needs: Needs,
    exposure: Exposure,
    period: Period,
    /// Why not against what was asked for.
    history: Option<Limit>,
}

impl Measured {
    /// Every event that the question selects against an exposure.
    fn against(source: &StaffSource, exposure: Exposure, cell_m: f64) -> Self {
        let needs = Needs::of(source, 1.5 * cell_m);
        let period = Period::new(source, needs.first);
        Self { needs, exposure, period, history: None }
    }
}

/// Days of a year, rounded down: a year before is at most so many days ago.
const YEAR_DAYS: i64 = 365;

/// Whole earlier years from which on a place is held against itself unless
/// something else is asked for: a single one may have been a bad one.
const YEARS_BY_DEFAULT: i64 = 2;

/// The asked days, the last year without, against the same days of earlier
/// whole years; against the residents where there are fewer than `least_years`.
fn own_history(
    source: &StaffSource,
    base: Exposure,
    (cell_m, rule): (f64, &HotRule),
    least_years: i64,
) -> Measured {
    let tomorrow = source.today.tomorrow().unwrap_or(source.today);
    let to = source.query.dates.1.unwrap_or(tomorrow);
    let a_year = Span::new().days(YEAR_DAYS);
    let from = source.query.dates.0.unwrap_or_else(|| to.checked_sub(a_year).unwrap_or(to));
    let (start, end) = (start_of(from, &source.ground.zone), start_of(to, &source.ground.zone));
    let earlier = Needs::between(source, 1.5 * cell_m, (None, start));
    let ago = |time: Timestamp| start.map_or(0, |start| start.duration_since(time).as_hours() / 24);
    let years = earlier.first.map_or(0, |first| ago(first) / YEAR_DAYS);
    if years < least_years {
        let text = "there are too few whole earlier years; people are expected instead";
        // Nobody misses what was not asked for.
        let asked = source.query.params.contains_key("expected");
        let history = asked.then(|| Limit::new("no_earlier_year", text));
        return Measured { history, ..Measured::against(source, base, cell_m) };
    }
    let length = i64::from((to - from).get_days());
    let comparable = |point: &&Point| {
        let days = ago(point.time);
        days < years * YEAR_DAYS && (-1 - days).rem_euclid(YEAR_DAYS) < length
    };
    let earlier: Vec<Sighting> = earlier.points.iter().filter(comparable).map(sighting).collect();
    let text = "there is one earlier year only; a bad one makes this one look good";
    Measured {
        needs: Needs::between(source, 1.5 * cell_m, (start, end)),
        exposure: Exposure::own_history(&base, &earlier, rule.repeat_days),
        period: Period { from, to },
        history: (years < 2).then(|| Limit::new("one_earlier_year", text)),
    }
}

fn sighting(point: &Point) -> Sighting {
    Sighting { at: point.at, source: point.source, time: point.time }
}

/// The days of each month that are asked for; a year where no days are.
pub fn month_days(source: &StaffSource) -> MonthDays {
    let tomorrow = source.today.tomorrow().unwrap_or(source.today);
    let to = source.query.dates.1.unwrap_or(tomorrow);
    let a_year = Span::new().days(YEAR_DAYS);
    let from = source.query.dates.0.unwrap_or_else(|| to.checked_sub(a_year).unwrap_or(to));
    MonthDays::between(from, to, source.query.filter.seasons)
}

/// The exposure of the ground that is asked for: reports of one district are
/// measured against its own residents.
fn within(source: &StaffSource, exposure: Exposure) -> Result<Exposure> {
    let filter = &source.query.filter;
    if filter.districts.is_empty() && filter.bounds.is_none() && filter.region.is_none() {
        return Ok(exposure);
    }
    let geofence = &source.ground.geofence;
    let is_asked = |cell: usize| {
        let centre = geofence.projection().inverse(exposure.grid().centre(cell));
        let district = geofence.district(centre).map(|code| code.0.as_str());
        in_district(&source.query, district) && in_box(&source.query, &Shape::Point(centre))
    };
    let weight = |(cell, share): (usize, &f64)| {
        if *share > 0.0 && is_asked(cell) { *share } else { 0.0 }
    };
    let weights: Vec<f64> = exposure.shares().iter().enumerate().map(weight).collect();
    if weights.iter().all(|weight| *weight <= 0.0) {
        // No ground is asked for, so that nothing is there to be tested either.
        return Ok(exposure);
    }
    Ok(Exposure::new(*exposure.grid(), weights, exposure.basis())?)
}

fn asked(source: &StaffSource) -> Result<(f64, HotRule)> {
    let params = &source.query.params;
    let read = || {
        let cell_m = super::query::number(params, "cell", CELL_M)?;
        let tail = match params.get("tail").map(String::as_str) {
            None | Some("auto") => Tail::Auto { variation: VARIATION },
            Some("nb") => Tail::NegativeBinomial { variation: VARIATION },
            Some("poisson") => Tail::Poisson,
            Some(_) => return Err(Violation::new("tail", "unknown_value")),
        };
        if !matches!(
            params.get("expected").map(String::as_str),
            None | Some("population" | "residents" | "road" | "ownHistory")
        ) {
            return Err(Violation::new("expected", "unknown_value"));
        }
        Ok((cell_m, HotRule { tail, ..HotRule::default() }))
    };
    read().map_err(|broken| Error::BadParameter(vec![broken]))
}
