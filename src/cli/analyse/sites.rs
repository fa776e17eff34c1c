//! `fyren analyse sites`: where to stand so that most is within reach.

use super::answer::{Answer, Rows, identifiers};
use super::numbers::positive;
use super::points::{Points, doubts};
use super::{Failure, Frame, params, refused};
use fyren_core::analysis::{Floor, SiteGoal, SitesProblem, SitesRefusal, Weighted, sites};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Arguments of `fyren analyse sites`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Distances are straight lines.\n\nExample:\n  fyren analyse sites \
--demand data/examples/demand.csv --candidates data/examples/demand.csv --p 3 --radius-m 750 \
--floor data/examples/villages.csv")]
pub struct Args {
    /// Demand: `id,x,y,weight`; 1 each where there is no weight.
    #[arg(long, value_name = "FILE")]
    demand: PathBuf,
    /// Where a site may be: `id,x,y`.
    #[arg(long, value_name = "FILE")]
    candidates: PathBuf,
    /// Number of sites.
    #[arg(long, value_name = "N")]
    p: usize,
    /// How far a site reaches.
    #[arg(long, value_name = "METRES", default_value_t = 750.0, value_parser = positive)]
    radius_m: f64,
    /// Places (`x,y`) that must be near a site whatever their demand.
    #[arg(long, value_name = "FILE")]
    floor: Option<PathBuf>,
    /// How near.
    #[arg(long, value_name = "METRES", default_value_t = 1_500.0, value_parser = positive)]
    floor_m: f64,
    /// Demand within reach of two sites counts twice.
    #[arg(long)]
    backup: bool,
}

/// Chooses the sites.
pub fn answer(args: &Args, frame: &Frame<'_>) -> Result<Answer, Failure> {
    let demand = Points::read(&args.demand, frame)?;
    let weights = match demand.table.optional("weight") {
        Some(column) => column.amounts()?,
        None => vec![1.0; demand.places.len()],
    };
    let weighted: Vec<Weighted> =
        demand.places.iter().zip(weights).map(|(&at, weight)| Weighted { at, weight }).collect();
    let candidates = Points::read(&args.candidates, frame)?;
    let ids = identifiers(&candidates.table.column("id")?.ids()?);
    let villages = args.floor.as_ref().map(|file| Points::read(file, frame)).transpose()?;
    let floor = |&at| Floor { at, radius_m: args.floor_m };
    let floors: Vec<Floor> =
        villages.iter().flat_map(|villages| &villages.places).map(floor).collect();
    let found = sites(&SitesProblem {
        demand: &weighted,
        candidates: &candidates.places,
        p: args.p,
        radius_m: args.radius_m,
        floors: &floors,
        goal: if args.backup { SiteGoal::Backup } else { SiteGoal::Cover },
    })
    .map_err(|refused| refusal(&refused, args, villages.as_ref()))?;
    let mut rows = Rows::new(vec![
        "chosen",
        "covers",
        "objective",
        "bound",
        "share",
        "shareTwice",
        "floorCost",
    ]);
    let chosen: Value = found.chosen.iter().map(|&site| ids[site].clone()).collect();
    let numbers = [found.objective, found.bound, found.share, found.share_twice, found.floor_cost];
    let first = [chosen, found.covers.into()];
    rows.push(first.into_iter().chain(numbers.map(Value::from)).collect());
    let params = params! {
        "p": args.p, "radiusM": args.radius_m, "backup": args.backup,
        "floors": floors.len(), "floorM": (!floors.is_empty()).then_some(args.floor_m),
        "candidates": candidates.places.len(),
    };
    let limits = doubts(&demand.places, frame);
    Ok(Answer { method: "sites", params, n: weighted.len(), seed: None, limits, rows })
}

/// What was typed wrongly is wrong usage; what cannot be met refuses the files.
fn refusal(refusal: &SitesRefusal, args: &Args, villages: Option<&Points>) -> Failure {
    let of = |file: &Path| anyhow::anyhow!("{}: {refusal}", file.display());
    match (refusal, villages) {
        (SitesRefusal::FloorOutOfReach { floor, nearest_m }, Some(villages)) => {
            let why = format!("the nearest candidate lies {nearest_m:.0} m away");
            match villages.table.column("x") {
                Ok(x) => x.refuse(*floor, "floor_out_of_reach", &why).into(),
                Err(fault) => fault.into(),
            }
        }
        (SitesRefusal::Invalid(broken), _) => match broken.field.as_str() {
            "demand" => of(&args.demand),
            "candidates" => of(&args.candidates),
            _ => refused(broken.clone()).into(),
        },
        _ => of(args.floor.as_deref().unwrap_or(&args.demand)),
    }
}
