//! `fyren analyse knox`: do events follow each other closely in place and time?

use super::answer::{Answer, Rows};
use super::points::Points;
use super::{Failure, Frame, params, refused_of};
use crate::app::analytics::Minimum;
use fyren_core::analysis::{Band, KnoxBand, KnoxRule, knox, unwatched};
use std::path::PathBuf;

/// Arguments of `fyren analyse knox`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Limits are upper ones and included. The first band of distance starts at 0 \
and holds pairs on the same spot; a leading 0 makes a band of those alone.\n\nExample:\n  \
fyren analyse knox --points data/examples/points.csv --distance-m 0,100,200 --days 7,14 --nsim 199"
)]
pub struct Args {
    /// Events: `x,y,day`; days may have decimals.
    #[arg(long, value_name = "FILE")]
    points: PathBuf,
    /// Upper limits of the bands of distance.
    #[arg(long, value_name = "METRES,…", value_delimiter = ',', default_value = "0,100,200,400", value_parser = number)]
    distance_m: Vec<f64>,
    /// Upper limits of the bands of days.
    #[arg(long, value_name = "DAYS,…", value_delimiter = ',', default_value = "7,14,28", value_parser = number)]
    days: Vec<f64>,
    /// Every band starts at 0.
    #[arg(long)]
    cumulative: bool,
}

/// Counts the pairs.
pub fn answer(args: &Args, frame: &Frame<'_>) -> Result<Answer, Failure> {
    let points = Points::read(&args.points, frame)?;
    let rule = KnoxRule {
        distances_m: &args.distance_m,
        days: &args.days,
        cumulative: args.cumulative,
        trials: frame.trials(),
    };
    let found = knox(&points.dated()?, &rule, &unwatched).map_err(refused_of(&args.points))?;
    let mut rows = Rows::new(vec![
        "distanceBand",
        "timeBand",
        "distanceUptoM",
        "daysUpto",
        "observed",
        "expected",
        "ratio",
        "p",
    ]);
    for KnoxBand { distance_m, days, observed, expected, ratio, p } in found {
        let bands = [named(distance_m).into(), named(days).into()];
        let limits = [distance_m.upto, days.upto].map(serde_json::Value::from);
        let numbers = [observed.into(), expected.into(), ratio.into(), p.into()];
        rows.push(bands.into_iter().chain(limits).chain(numbers).collect());
    }
    let mut limits = points.doubts(frame);
    limits.extend(Minimum::KNOX.unmet(points.places.len()));
    let params = params! {
        "distanceM": args.distance_m, "days": args.days, "cumulative": args.cumulative,
        "nsim": frame.nsim,
    };
    let (n, seed) = (points.places.len(), Some(frame.seed));
    Ok(Answer { method: "knox", params, n, seed, limits, rows })
}

/// A number of a list, with or without blanks around it.
fn number(text: &str) -> Result<f64, std::num::ParseFloatError> {
    text.trim().parse()
}

/// A band as `100-200`, or `0` for the same place.
fn named(Band { over, upto }: Band) -> String {
    if upto > over { format!("{over}-{upto}") } else { format!("{upto}") }
}
