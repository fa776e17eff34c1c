//! `fyren analyse scan`: Kulldorff's scan over areas.

use super::answer::{Answer, Rows};
use super::areas::{AreaArgs, Areas};
use super::points::doubts;
use super::{Failure, Frame, params, refused_of};
use crate::app::analytics::{Limit, Minimum};
use fyren_core::analysis::{Scan, ScanArea, ScanRule, scan, unwatched};
use serde_json::Value;

/// Arguments of `fyren analyse scan`.
#[derive(Debug, clap::Args)]
#[command(after_help = "The areas need the columns count and exposure; what is expected is the \
total times the share of exposure.\n\nExample:\n  fyren analyse scan \
--areas data/examples/areas.csv --max-share 0.25 --nsim 199")]
pub struct Args {
    #[command(flatten)]
    areas: AreaArgs,
    /// The largest share of the exposure in a disc.
    #[arg(long, default_value_t = 0.25)]
    max_share: f64,
    /// Fewer cases are no cluster.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    min_cases: u32,
}

/// Scans the areas.
pub fn answer(args: &Args, frame: &Frame<'_>) -> Result<Answer, Failure> {
    let areas = Areas::read(&args.areas, frame)?;
    let counts = areas.counts()?;
    let exposure = areas.exposure()?;
    let cells: Vec<ScanArea> = areas
        .places
        .iter()
        .zip(counts.iter().zip(exposure))
        .map(|(&at, (&count, exposure))| ScanArea { at, count, exposure })
        .collect();
    let (max_share, min_cases) = (args.max_share, args.min_cases);
    let rule = ScanRule { max_share, min_cases, trials: frame.trials() };
    let found = scan(&cells, &rule, &unwatched).map_err(refused_of(&args.areas.areas))?;
    let total: usize = counts.iter().map(|&count| count as usize).sum();
    let mut limits = doubts(&areas.places, frame);
    limits.extend(Minimum::SCAN.unmet(total));
    if found.unexposed_cases > 0 {
        let said =
            format!("{} cases in areas without exposure are left out", found.unexposed_cases);
        limits.push(Limit::new("cases_without_exposure", said));
    }
    let params = params! {
        "maxShare": max_share, "minCases": min_cases, "nsim": found.simulations,
        "areas": areas.len(),
    };
    let (seed, rows) = (Some(frame.seed), rows(&found, &areas));
    Ok(Answer { method: "scan", params, n: total, seed, limits, rows })
}

fn rows(found: &Scan, areas: &Areas) -> Rows {
    let ids = areas.json_ids();
    let mut rows =
        Rows::new(vec!["rank", "members", "radiusM", "observed", "expected", "rr", "llr", "p"]);
    for (at, cluster) in found.clusters.iter().enumerate() {
        let members: Value = cluster.members.iter().map(|&area| ids[area].clone()).collect();
        let numbers = [cluster.expected, cluster.rr, cluster.llr, cluster.p].map(Value::from);
        let first = [(at + 1).into(), members, cluster.radius.into(), cluster.observed.into()];
        rows.push_at(areas.places[cluster.members[0]], first.into_iter().chain(numbers).collect());
    }
    rows
}
