//! `alerts`: where reports have become more frequent of late. It needs no
//! count of people, and it sees what is new, not what has always been bad.

use super::nearrepeat::{SEED, dated};
use super::sample::sampled;
use super::{Limit, Minimum, Said};
use crate::app::layers::answer::Built;
use crate::app::layers::needs::{Needs, Point};
use crate::app::layers::period::Period;
use crate::app::layers::query::{number, start_of, whole};
use crate::app::layers::rows::{Rows, figures};
use crate::app::layers::staff::StaffSource;
use crate::app::{Error, Result};
use crate::encode::{FeatureId, Shape, Value};
use fyren_core::analysis::{StCluster, StEvent, StScanRule, Trials, Watch, st_scan};
use fyren_core::domain::Violation;
use jiff::{Span, civil::Date};

const FIELDS: &[&str] = &[
    "centre",
    "radiusM",
    "start",
    "days",
    "observed",
    "expected",
    "rr",
    "llr",
    "p",
    "recurrenceWeeks",
    "alert",
    "sources",
];

/// Days of the period: default, least and most.
const DAYS: [u64; 3] = [365, 60, 1_095];
/// Largest radius of a disc in metres.
const RADIUS_M: [f64; 3] = [1_000.0, 100.0, 5_000.0];
/// Largest age of a cluster in days.
const T_MAX: [u64; 3] = [60, 1, 180];
/// Simulations.
const NSIM: [u64; 3] = [999, 99, 9_999];
/// The most events of a period: above, a sample has to be asked for.
const MOST: usize = 5_000;
/// Places known better than this take part.
const COARSEST_M: f64 = 250.0;
/// Weeks without such an alarm by chance from which on it is one.
const ALERT_WEEKS: f64 = 52.0;
/// Simulations that reach the strongest finding, after which no more are needed.
const ENOUGH: u32 = 50;

/// What is asked.
struct Asked {
    days: u64,
    radius_m: f64,
    t_max: u64,
    strata: bool,
    trials: Trials,
}

/// Scans the reports of the last days.
pub fn build(source: &StaffSource, watch: Watch<'_>) -> Result<Built> {
    let asked = asked(source)?;
    let end =
        source.query.dates.1.unwrap_or_else(|| source.today.tomorrow().unwrap_or(source.today));
    let length = i64::try_from(asked.days).unwrap_or(i64::MAX);
    let from = end.checked_sub(Span::new().days(length)).unwrap_or(end);
    let period = Period { from, to: end };
    let zone = &source.ground.zone;
    let mut needs = Needs::between(source, COARSEST_M, (start_of(from, zone), start_of(end, zone)));
    let undated = needs.points.iter().filter(|point| !point.known_time).count();
    needs.points.retain(|point| point.known_time && !point.duplicate);
    let mut said = Said::of(&needs, period);
    sampled(&mut needs.points, (MOST, asked.trials.seed), &mut said, &source.query.params)?;
    said.seed = Some(asked.trials.seed);
    said.params = vec![
        ("days", count(asked.days)),
        ("radiusM", asked.radius_m.into()),
        ("tmax", count(asked.t_max)),
        ("seasonStrata", asked.strata.into()),
        ("nsim", asked.trials.number.into()),
        ("alertWeeks", ALERT_WEEKS.into()),
    ];
    if undated > 0 {
        let text = format!("{undated} events have no known time and are left out");
        said.limits.push(Limit::new("unknown_time_left_out", text));
    }
    let rows = Rows::new(FIELDS);
    if let Some(limit) = Minimum::ALERTS.unmet(needs.points.len()) {
        said.insufficient = Some(limit.rule);
        said.limits.push(limit);
        return Ok(rows.built(said.members()));
    }
    scanned(source, &asked, (&needs.points, end), (rows, said), watch)
}

fn scanned(
    source: &StaffSource,
    asked: &Asked,
    (points, end): (&[Point], Date),
    (mut rows, said): (Rows, Said),
    watch: Watch<'_>,
) -> Result<Built> {
    let zone = &source.ground.zone;
    let event = |point: &Point| {
        let month = point.time.to_zoned(zone.clone()).month();
        let season = u32::from(month.unsigned_abs() % 12 / 3);
        let stratum = if asked.strata { season } else { 0 };
        StEvent { dated: dated(point), source: point.source, stratum }
    };
    let events: Vec<StEvent> = points.iter().map(event).collect();
    #[expect(clippy::cast_precision_loss, reason = "seconds of this century stay below 2^53")]
    let end_day = start_of(end, zone).map_or(0.0, |at| at.as_second() as f64 / 86_400.0);
    #[expect(clippy::cast_precision_loss, reason = "days of some years are few")]
    let rule = StScanRule {
        window_days: asked.days as f64,
        radius_m: asked.radius_m,
        days: asked.t_max as f64,
        ..StScanRule::ending(end_day, asked.trials)
    };
    let found = st_scan(&events, &rule, watch)?;
    let projection = source.ground.geofence.projection();
    for (at, cluster) in found.clusters.iter().enumerate() {
        let centre = projection.inverse(cluster.centre);
        let place = Value::List(vec![centre.longitude.into(), centre.latitude.into()]);
        let first = cluster.members.iter().map(|&member| points[member].time).min();
        let start = first.map(|first| first.to_zoned(zone.clone()).date().to_string());
        let values = values(cluster, place, start);
        rows.push(FeatureId::Number(at as u64 + 1), Shape::Point(centre), values);
    }
    let mut members = said.members();
    members.push(("simulations", found.simulations.into()));
    Ok(rows.built(members))
}

fn values(
    cluster: &StCluster,
    centre: Value<'static>,
    start: Option<String>,
) -> Vec<Value<'static>> {
    let weeks = cluster.recurrence_days / 7.0;
    vec![
        centre,
        figures(cluster.radius_m),
        start.into(),
        figures(cluster.days),
        count(cluster.observed),
        figures(cluster.expected),
        figures(cluster.rr),
        figures(cluster.llr),
        figures(cluster.p),
        figures(weeks),
        (weeks >= ALERT_WEEKS).into(),
        cluster.sources.into(),
    ]
}

fn asked(source: &StaffSource) -> Result<Asked> {
    let params = &source.query.params;
    let strata = match params.get("seasonStrata").map(String::as_str) {
        None | Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(_) => Err(Violation::new("seasonStrata", "unknown_value")),
    };
    let read = || {
        let number_of = u32::try_from(whole(params, "nsim", NSIM)?).unwrap_or(u32::MAX);
        let seed = whole(params, "seed", SEED)?;
        Ok(Asked {
            days: whole(params, "days", DAYS)?,
            radius_m: number(params, "radius", RADIUS_M)?,
            t_max: whole(params, "tmax", T_MAX)?,
            strata: strata?,
            trials: Trials { number: number_of, seed, enough: Some(ENOUGH) },
        })
    };
    read().map_err(|broken| Error::BadParameter(vec![broken]))
}

fn count(number: u64) -> Value<'static> {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}
