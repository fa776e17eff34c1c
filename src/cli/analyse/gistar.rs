//! `fyren analyse gistar`: Gi*, for comparison with other tools.

use super::answer::{Answer, Rows};
use super::areas::{AreaArgs, Areas, NeighbourArgs};
use super::points::doubts;
use super::{Failure, Frame, params};
use crate::app::analytics::Limit;
use fyren_core::analysis::{Weights, getis_ord_star};

/// Arguments of `fyren analyse gistar`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Tests the column value, else count; each area counts for itself with \
weight 1 where the neighbours do not say how much.\n\nExample:\n  fyren analyse gistar \
--areas data/examples/areas.csv --neighbours data/examples/neighbours.csv")]
pub struct Args {
    #[command(flatten)]
    areas: AreaArgs,
    #[command(flatten)]
    neighbours: NeighbourArgs,
}

/// Computes Gi* of each area.
pub fn answer(args: &Args, frame: &Frame<'_>) -> Result<Answer, Failure> {
    let areas = Areas::read(&args.areas, frame)?;
    let (values, tested) = match areas.table.optional("value") {
        Some(column) => (column.numbers()?, "value"),
        None => (areas.counts()?.into_iter().map(f64::from).collect(), "count"),
    };
    let pairs = args.neighbours.pairs(&areas)?;
    let weights = Weights::from_pairs(areas.len(), &pairs).map_err(Failure::new)?;
    let found = getis_ord_star(&values, &weights).map_err(Failure::new)?;
    let mut rows = Rows::new(vec!["id", "z", "p", "q", "neighbours"]);
    for ((area, id), at) in found.iter().zip(areas.json_ids()).zip(&areas.places) {
        let values = vec![id, area.z.into(), area.p.into(), area.q.into(), area.neighbours.into()];
        rows.push_at(*at, values);
    }
    let mut limits = doubts(&areas.places, frame);
    if tested == "count" {
        let said = "Gi* on counts marks where people live; use rates, or local-poisson";
        limits.push(Limit::new("counts_without_exposure", said));
    }
    let params = params! {
        "tested": tested, "neighbours": args.neighbours.json(),
        "p": "two-sided, normal", "correction": "Benjamini-Hochberg",
    };
    Ok(Answer { method: "gistar", params, n: areas.len(), seed: None, limits, rows })
}
