//! `fyren analyse st-scan`: where have events become more frequent of late?

use super::answer::{Answer, Rows, identifiers};
use super::numbers::positive;
use super::points::Points;
use super::{Failure, Frame, params, refused_of};
use crate::app::analytics::Minimum;
use fyren_core::analysis::{Dated, StCluster, StEvent, StScanRule, st_scan, unwatched};
use fyren_core::domain::SourceTag;
use serde_json::Value;
use std::path::PathBuf;

/// Arguments of `fyren analyse st-scan`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Each row counts as a source of its own. The period ends on the last day of \
the file where --end-day is not given.\n\nExample:\n  fyren analyse st-scan \
--points data/examples/points.csv --radius-m 500 --days 30 --nsim 199"
)]
pub struct Args {
    /// Events: `x,y,day`.
    #[arg(long, value_name = "FILE")]
    points: PathBuf,
    /// Largest radius of a disc.
    #[arg(long, value_name = "METRES", default_value_t = 1_000.0, value_parser = positive)]
    radius_m: f64,
    /// The oldest event of a cluster is at most so many days older than the last day.
    #[arg(long, value_name = "DAYS", default_value_t = 60.0)]
    days: f64,
    /// Days of the period.
    #[arg(long, value_name = "DAYS", default_value_t = 365.0, value_parser = positive)]
    window_days: f64,
    /// The last day.
    #[arg(long, value_name = "DAY", allow_hyphen_values = true)]
    end_day: Option<f64>,
    /// Fewer events are no cluster.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(2..))]
    min_cases: u32,
}

/// Scans the events.
pub fn answer(args: &Args, frame: &Frame<'_>) -> Result<Answer, Failure> {
    let points = Points::read(&args.points, frame)?;
    let dated = points.dated()?;
    let last = dated.iter().map(|event| event.day).fold(f64::NEG_INFINITY, f64::max);
    let end_day = args.end_day.unwrap_or(last);
    let rule = StScanRule {
        window_days: args.window_days,
        radius_m: args.radius_m,
        days: args.days,
        min_cases: args.min_cases,
        min_sources: 1,
        ..StScanRule::ending(end_day, frame.trials())
    };
    let own = |(row, &dated): (u64, &Dated)| StEvent {
        dated,
        source: SourceTag::from_bits(row << 1),
        stratum: 0,
    };
    let events: Vec<StEvent> = (0u64..).zip(&dated).map(own).collect();
    let found = st_scan(&events, &rule, &unwatched).map_err(refused_of(&args.points))?;
    let mut rows = Rows::new(vec![
        "rank",
        "members",
        "x",
        "y",
        "radiusM",
        "days",
        "observed",
        "expected",
        "rr",
        "llr",
        "p",
        "recurrenceDays",
    ]);
    let ids = match points.ids()? {
        Some(ids) => ids,
        None => identifiers(&(1..=dated.len()).map(|row| row.to_string()).collect::<Vec<_>>()),
    };
    for (at, cluster) in found.clusters.iter().enumerate() {
        rows.push_at(cluster.centre, values(at + 1, cluster, &ids, frame));
    }
    let mut limits = points.doubts(frame);
    limits.extend(Minimum::ALERTS.unmet(found.events));
    let params = params! {
        "radiusM": args.radius_m, "days": args.days, "windowDays": args.window_days,
        "endDay": end_day, "minCases": args.min_cases, "maxShare": rule.max_share,
        "nsim": found.simulations,
    };
    let seed = Some(frame.seed);
    Ok(Answer { method: "st-scan", params, n: found.events, seed, limits, rows })
}

fn values(rank: usize, cluster: &StCluster, ids: &[Value], frame: &Frame<'_>) -> Vec<Value> {
    let members: Value = cluster.members.iter().map(|&event| ids[event].clone()).collect();
    let (x, y) = frame.ground.as_given(cluster.centre);
    let place = [x, y, cluster.radius_m, cluster.days].map(Value::from);
    let numbers = [cluster.expected, cluster.rr, cluster.llr, cluster.p, cluster.recurrence_days];
    let mut values = vec![rank.into(), members];
    values.extend(place);
    values.push(cluster.observed.into());
    values.extend(numbers.map(Value::from));
    values
}
