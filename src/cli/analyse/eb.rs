//! `fyren analyse eb`: rates drawn toward the mean, the more the less they
//! rest on.

use super::answer::{Answer, Rows};
use super::areas::{AreaArgs, Areas, NeighbourArgs};
use super::points::doubts;
use super::{Failure, Frame, params};
use crate::app::analytics::{Limit, Minimum};
use fyren_core::analysis::{EbRate, empirical_bayes, local_empirical_bayes};
use serde_json::Value;

/// Arguments of `fyren analyse eb`.
#[derive(Debug, clap::Args)]
#[command(after_help = "The areas need the columns count and exposure. With neighbours a rate is \
drawn toward the mean of its window (the area itself is added), else toward that of all.\n\n\
Example:\n  fyren analyse eb --areas data/examples/areas.csv")]
pub struct Args {
    #[command(flatten)]
    areas: AreaArgs,
    #[command(flatten)]
    neighbours: NeighbourArgs,
}

/// Computes the rates.
pub fn answer(args: &Args, frame: &Frame<'_>) -> Result<Answer, Failure> {
    let areas = Areas::read(&args.areas, frame)?;
    let (counts, exposure) = (areas.counts()?, areas.table.column("exposure")?.amounts()?);
    let local = args.neighbours.given();
    let found = if local {
        local_empirical_bayes(&counts, &exposure, &args.neighbours.lists(&areas)?)
    } else {
        empirical_bayes(&counts, &exposure)
    };
    let found = found.map_err(Failure::new)?;
    let mut rows = Rows::new(vec!["id", "rate", "ebRate", "ebLow", "ebHigh", "pGt2x"]);
    for ((rate, id), at) in found.iter().zip(areas.json_ids()).zip(&areas.places) {
        rows.push_at(*at, [vec![id], values(rate.as_ref())].concat());
    }
    let mut limits = doubts(&areas.places, frame);
    limits.extend(Minimum::EMPIRICAL_BAYES.unmet(exposure.iter().filter(|e| **e > 0.0).count()));
    let prior = found.iter().flatten().next().map(|rate| rate.prior).filter(|_| !local);
    if prior.is_some_and(|prior| prior.variance <= 0.0) {
        let said = "there is no evidence that the areas differ: every rate is the mean";
        limits.push(Limit::new("no_evidence_of_difference", said));
    }
    let params = params! {
        "toward": if local { "window" } else { "all" }, "neighbours": args.neighbours.json(),
        "mean": prior.map(|prior| prior.mean), "variance": prior.map(|prior| prior.variance),
        "interval": "5 % to 95 % of the gamma posterior",
    };
    Ok(Answer { method: "eb", params, n: areas.len(), seed: None, limits, rows })
}

/// The rate's numbers; nothing without exposure or without an event around.
fn values(rate: Option<&EbRate>) -> Vec<Value> {
    let Some(rate) = rate else { return vec![Value::Null; 5] };
    let EbRate { interval, .. } = rate;
    let numbers = [rate.rate, rate.eb_rate, interval.low, interval.high, rate.p_gt_2x];
    numbers.map(Value::from).to_vec()
}
