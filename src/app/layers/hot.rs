//! What `hotcells` and `hotspots` share: the local test over the land.

use super::lands::Lands;
use super::needs::Needs;
use super::period::Period;
use super::rows::{figures, in_box, in_district};
use super::staff::StaffSource;
use crate::app::{Error, Result};
use crate::encode::{Members, Shape, Value};
use fyren_core::analysis::{Exposure, HotRule, Hotcells, Sighting, Tail, hotcells, settlements};
use fyren_core::domain::Violation;

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
    rule: HotRule,
    period: Period,
}

impl Hot {
    /// Tests the events that the question selects against the residents around.
    /// Places known to half a window's edge (1.5 cells) or better take part.
    pub fn test(source: &StaffSource, lands: &Lands) -> Result<Self> {
        let (cell_m, rule) = asked(source)?;
        let land = lands.of(&source.ground);
        let land = land.coverage(land.grid(cell_m)?);
        let municipality = &source.ground.municipality;
        let people = settlements(municipality, source.ground.geofence.projection());
        let exposure = within(source, Exposure::residents(&land, &people)?)?;
        let needs = Needs::of(source, 1.5 * cell_m);
        let period = Period::new(source, needs.first);
        let sighting = |point: &super::needs::Point| Sighting {
            at: point.at,
            source: point.source,
            time: point.time,
        };
        let sightings: Vec<Sighting> = needs.points.iter().map(sighting).collect();
        let found = hotcells(&sightings, &exposure, &rule)?;
        Ok(Self { needs, sightings, exposure, found, rule, period })
    }

    /// What the whole answer says of the test.
    pub fn members(&self) -> Members {
        let (found, rule) = (&self.found, &self.rule);
        let count = |number: u64| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
        let rule = Value::Object(vec![
            ("largestQ", rule.largest_q.into()),
            ("leastEvents", count(rule.least_events)),
            ("leastSources", rule.least_sources.into()),
            ("leastTotal", count(rule.least_total)),
            ("repeatDays", Value::Int(rule.repeat_days)),
            ("variation", VARIATION.into()),
        ]);
        let mut members = vec![
            ("method", "local poisson window, Benjamini-Hochberg".into()),
            ("cellM", self.exposure.grid().cell_m().into()),
            ("tail", found.tail.code().into()),
            ("dispersion", figures(found.dispersion)),
            ("expectedFrom", found.basis.code().into()),
            ("rule", rule),
            ("cellsTested", found.cells.len().into()),
            ("counted", found.counted.len().into()),
            ("repeated", found.repeated.into()),
            ("outside", found.outside.into()),
            ("insufficient", found.insufficient.map_or(Value::Null, Value::from)),
            ("period", self.period.value()),
        ];
        members.extend(self.needs.members());
        members
    }
}

/// The exposure of the ground that is asked for: reports of one district are
/// measured against its own residents.
fn within(source: &StaffSource, exposure: Exposure) -> Result<Exposure> {
    let filter = &source.query.filter;
    if filter.districts.is_empty() && filter.bounds.is_none() {
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
        Ok((cell_m, HotRule { tail, ..HotRule::default() }))
    };
    read().map_err(|broken| Error::BadParameter(vec![broken]))
}
