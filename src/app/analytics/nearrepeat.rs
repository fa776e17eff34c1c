//! `nearrepeat`: whether reports follow each other closely in place and time.

use super::sample::sampled;
use super::{Limit, Minimum, Said};
use crate::app::layers::answer::Built;
use crate::app::layers::needs::{Needs, Point};
use crate::app::layers::period::Period;
use crate::app::layers::query::whole;
use crate::app::layers::rows::{Rows, figures};
use crate::app::layers::staff::StaffSource;
use crate::app::{Error, Result};
use crate::encode::{FeatureId, Shape, Value};
use fyren_core::analysis::{Dated, KnoxRule, Trials, Watch, knox};

const FIELDS: &[&str] = &[
    "distanceOverM",
    "distanceUptoM",
    "daysOver",
    "daysUpto",
    "observed",
    "expected",
    "ratio",
    "p",
];

/// Upper limits of the bands of distance in metres; 0 is the same place.
const DISTANCES_M: [f64; 4] = [0.0, 100.0, 200.0, 400.0];
/// Upper limits of the bands of days.
const DAYS: [f64; 3] = [7.0, 14.0, 28.0];
/// Places known better than this take part.
const COARSEST_M: f64 = 100.0;
/// The most events: above, a sample has to be asked for.
const MOST: usize = 20_000;
/// Simulations: default, least and most.
const NSIM: [u64; 3] = [999, 99, 9_999];
/// Seed.
pub const SEED: [u64; 3] = [1, 0, (1 << 53) - 1];

/// Counts pairs of reports by distance and days.
pub fn build(source: &StaffSource, watch: Watch<'_>) -> Result<Built> {
    let params = &source.query.params;
    let bad = |broken| Error::BadParameter(vec![broken]);
    let seed = whole(params, "seed", SEED).map_err(bad)?;
    let nsim = whole(params, "nsim", NSIM).map_err(bad)?;
    let mut needs = Needs::of(source, COARSEST_M);
    let undated = needs.points.iter().filter(|point| !point.known_time).count();
    needs.points.retain(|point| point.known_time && !point.duplicate);
    let period = Period::new(source, needs.first);
    let mut said = Said::of(&needs, period);
    sampled(&mut needs.points, (MOST, seed), &mut said, params)?;
    said.seed = Some(seed);
    said.params = vec![
        ("distanceM", Value::List(DISTANCES_M.map(Value::from).to_vec())),
        ("days", Value::List(DAYS.map(Value::from).to_vec())),
        ("nsim", Value::Int(i64::try_from(nsim).unwrap_or(i64::MAX))),
    ];
    if undated > 0 {
        let text = format!("{undated} events have no known time and are left out");
        said.limits.push(Limit::new("unknown_time_left_out", text));
    }
    let mut rows = Rows::new(FIELDS);
    if let Some(limit) = Minimum::KNOX.unmet(needs.points.len()) {
        said.insufficient = Some(limit.rule);
        said.limits.push(limit);
        return Ok(rows.built(said.members()));
    }
    let events: Vec<Dated> = needs.points.iter().map(dated).collect();
    let number = u32::try_from(nsim).unwrap_or(u32::MAX);
    let trials = Trials { number, seed, enough: None };
    let rule = KnoxRule { distances_m: &DISTANCES_M, days: &DAYS, cumulative: false, trials };
    for band in knox(&events, &rule, watch)? {
        let values = vec![
            band.distance_m.over.into(),
            band.distance_m.upto.into(),
            band.days.over.into(),
            band.days.upto.into(),
            Value::Int(i64::try_from(band.observed).unwrap_or(i64::MAX)),
            figures(band.expected),
            figures(band.ratio),
            figures(band.p),
        ];
        rows.push(FeatureId::None, Shape::None, values);
    }
    Ok(rows.built(said.members()))
}

/// A point with its time in days.
pub fn dated(point: &Point) -> Dated {
    #[expect(clippy::cast_precision_loss, reason = "seconds of this century stay below 2^53")]
    let day = point.time.as_second() as f64 / 86_400.0;
    Dated { at: point.at, day }
}
