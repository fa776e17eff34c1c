//! `fyren analyse local-poisson`: the local window test on areas.

use super::answer::{Answer, Rows};
use super::areas::{AreaArgs, Areas, NeighbourArgs};
use super::numbers::positive;
use super::points::doubts;
use super::{Failure, Frame, params};
use crate::app::analytics::{Limit, Minimum};
use fyren_core::analysis::{Tail, local_poisson};

/// Arguments of `fyren analyse local-poisson`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The areas need the column count, and expected or exposure (then the total \
is spread by the share of exposure).\n\nExample:\n  fyren analyse local-poisson \
--areas data/examples/areas.csv --queen-cell-m 250"
)]
pub struct Args {
    #[command(flatten)]
    areas: AreaArgs,
    #[command(flatten)]
    neighbours: NeighbourArgs,
    /// What counts are measured against: poisson; nb where the expectation is uncertain; auto
    /// takes nb where the map is uneven (dispersion above 1.5).
    #[arg(long, value_enum, default_value_t = TailName::Poisson)]
    tail: TailName,
    /// With nb and auto: how far the expectation may be off, as a share of it.
    #[arg(long, default_value_t = 0.2, value_parser = positive)]
    variation: f64,
}

/// A tail by its name.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum TailName {
    /// Poisson.
    Poisson,
    /// Negative binomial.
    Nb,
    /// By the map.
    Auto,
}

/// Tests each area with its neighbours.
pub fn answer(args: &Args, frame: &Frame<'_>) -> Result<Answer, Failure> {
    let areas = Areas::read(&args.areas, frame)?;
    let counts = areas.counts()?;
    let total: f64 = counts.iter().map(|&count| f64::from(count)).sum();
    let (expected, basis) = areas.expected(total)?;
    let tail = match args.tail {
        TailName::Poisson => Tail::Poisson,
        TailName::Nb => Tail::NegativeBinomial { variation: args.variation },
        TailName::Auto => Tail::Auto { variation: args.variation },
    };
    let found = local_poisson(&counts, &expected, &args.neighbours.lists(&areas)?, tail)
        .map_err(Failure::new)?;
    let mut rows = Rows::new(vec!["id", "observed", "expected", "ratio", "p", "q"]);
    for ((area, id), at) in found.areas.iter().zip(areas.json_ids()).zip(&areas.places) {
        let numbers = [area.expected, area.ratio, area.p, area.q].map(serde_json::Value::from);
        rows.push_at(*at, [id, area.observed.into()].into_iter().chain(numbers).collect());
    }
    let mut limits = doubts(&areas.places, frame);
    limits.extend(Minimum::HOTSPOTS.unmet(counts.iter().map(|&count| count as usize).sum()));
    limits.push(Limit::new(
        "exposure_taken_as_known",
        "q holds where the expectation is right and events are independent",
    ));
    let params = params! {
        "tail": found.tail.code(), "dispersion": found.dispersion,
        "expectedFrom": basis, "neighbours": args.neighbours.json(),
        "correction": "Benjamini-Hochberg",
    };
    Ok(Answer { method: "local-poisson", params, n: areas.len(), seed: None, limits, rows })
}
