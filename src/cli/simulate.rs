//! `fyren simulate`: synthetic reports and visits, labelled as such.

use super::{Failure, WrongUsage, open, print_json, print_line};
use crate::{app::SimulationDraft, config::StoreArgs};

/// Arguments of `fyren simulate`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Code of the municipality.
    #[arg(long, value_name = "CODE")]
    municipality: String,
    /// Reports a year: 120 is a small municipality, 300 a lively one.
    #[arg(long, default_value_t = 120)]
    per_year: u32,
    /// Years that end today.
    #[arg(long, default_value_t = 2)]
    years: u32,
    /// What decides everything that is left to chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A place, by the beginning of its name, and the days since the last visit to its district.
    #[arg(long, value_name = "PLACE=DAYS")]
    last_visit: Vec<String>,
    #[command(flatten)]
    store: StoreArgs,
}

/// Does what was asked.
pub async fn run(args: Args) -> Result<(), Failure> {
    let last_visits =
        args.last_visit.iter().map(|text| last_visit(text)).collect::<Result<_, _>>()?;
    let draft = SimulationDraft {
        seed: args.seed,
        per_year: args.per_year,
        years: args.years,
        last_visits,
        new_places: Vec::new(),
    };
    let app = open(&args.store).await?;
    let ground = app.ground(&args.municipality).await?;
    let done = app.simulate_reports(&ground, draft).await;
    app.close().await;
    let done = done?;
    if args.store.json {
        return print_json(&serde_json::json!({
            "municipality": args.municipality,
            "synthetic": true,
            "reports": { "stored": done.reports.stored, "known": done.reports.known },
            "visits": { "stored": done.visits.stored, "known": done.visits.known },
        }));
    }
    print_line(&format!(
        "{} synthetic reports and {} synthetic visits stored, {} known before",
        done.reports.stored,
        done.visits.stored,
        done.reports.known + done.visits.known
    ))
}

fn last_visit(text: &str) -> Result<(String, u16), WrongUsage> {
    let pair = text.split_once('=').and_then(|(place, days)| Some((place, days.parse().ok()?)));
    pair.map(|(place, days)| (place.to_owned(), days))
        .ok_or_else(|| WrongUsage(format!("--last-visit: {text} is not PLACE=DAYS")))
}
