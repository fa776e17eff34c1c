//! `fyren analyse interval` and `compare`: how sure small numbers are.

use super::answer::{Answer, Rows};
use super::{Failure, params, refused};
use fyren_core::analysis::{self, exact_interval};
use serde_json::Value;

/// Arguments of `fyren analyse interval`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  fyren analyse interval --count 5 --exposure 1200")]
pub struct IntervalArgs {
    /// The count.
    #[arg(long)]
    count: u64,
    /// What the count is spread over, such as residents or days: gives rates too.
    #[arg(long, value_parser = positive)]
    exposure: Option<f64>,
}

/// Arguments of `fyren analyse compare`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  fyren analyse compare --a 20 --b 10")]
pub struct CompareArgs {
    /// The first count.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(..=100_000_000))]
    a: u64,
    /// The second count.
    #[arg(long, value_name = "M", value_parser = clap::value_parser!(u64).range(..=100_000_000))]
    b: u64,
    /// What the first is spread over, such as days.
    #[arg(long, value_name = "E", default_value_t = 1.0, value_parser = positive)]
    exposure_a: f64,
    /// What the second is spread over.
    #[arg(long, value_name = "E", default_value_t = 1.0, value_parser = positive)]
    exposure_b: f64,
}

/// The interval behind a count.
pub fn interval(args: &IntervalArgs) -> Answer {
    let found = exact_interval(args.count);
    let mut columns = vec!["count", "low", "high"];
    let mut values: Vec<Value> = vec![args.count.into(), found.low.into(), found.high.into()];
    if let Some(exposure) = args.exposure {
        #[expect(
            clippy::cast_precision_loss,
            reason = "2^-53 of a count is far below its interval"
        )]
        let count = args.count as f64;
        columns.extend(["rate", "rateLow", "rateHigh"]);
        values.extend([count, found.low, found.high].map(|value| Value::from(value / exposure)));
    }
    let mut rows = Rows::new(columns);
    rows.push(values);
    let params = params! { "count": args.count, "exposure": args.exposure, "coverage": 0.95 };
    let n = usize::try_from(args.count).unwrap_or(usize::MAX);
    Answer { method: "interval", params, n, seed: None, limits: Vec::new(), rows }
}

/// Two counts beside each other.
pub fn compare(args: &CompareArgs) -> Result<Answer, Failure> {
    let found =
        analysis::compare((args.a, args.b), (args.exposure_a, args.exposure_b)).map_err(refused)?;
    let mut rows = Rows::new(vec!["ratio", "low", "high", "p"]);
    let values = [found.ratio, found.interval.low, found.interval.high, found.p];
    rows.push(values.map(Value::from).to_vec());
    let params = params! {
        "a": args.a, "b": args.b,
        "exposureA": args.exposure_a, "exposureB": args.exposure_b,
        "p": "two-sided mid-p, given the sum", "interval": "95 % score",
    };
    let n = usize::try_from(args.a.saturating_add(args.b)).unwrap_or(usize::MAX);
    Ok(Answer { method: "compare", params, n, seed: None, limits: Vec::new(), rows })
}

/// A positive number.
pub fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value > 0.0 => Ok(value),
        _ => Err("a number above 0 is needed".to_owned()),
    }
}
