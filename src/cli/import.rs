//! `fyren import`: reads a file and tells, line by line, what became of it.

mod manage;
mod progress;
mod refused;
mod told;

pub use progress::Bar;

use super::{Failure, WrongUsage, open, print_json, print_line};
use crate::{
    app::{Error, FileFailure, ImportJob, ImportReport, Mapping},
    config::StoreArgs,
};
use clap::ValueEnum;
use fyren_core::domain::MunicipalityCode;
use std::path::{Path, PathBuf};

/// Arguments of `fyren import`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Args {
    #[command(subcommand)]
    action: Option<manage::Action>,
    /// What the file holds.
    #[arg(value_enum, required = true)]
    kind: Option<Kind>,
    /// CSV, GeoJSON, a workbook, GPX, a GeoPackage, a Shapefile or an Open311 dump; packed
    /// with gzip or not.
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// Code of the municipality, or `all` for whichever each row lies in.
    #[arg(long, value_name = "CODE|all", required = true)]
    municipality: Option<String>,
    /// Name of the data set; the file's stem where it is not given.
    #[arg(long, value_name = "NAME")]
    dataset: Option<String>,
    /// What a column means: id, at, from, to, category, text, longitude, latitude, x, y,
    /// precision, area, status, source or unit; of exposure also amount and season, of speeds
    /// site, count, mean, v85 and limit. Several columns are joined by `+`.
    #[arg(long, value_name = "TARGET=COLUMN")]
    map: Vec<String>,
    /// Zone of times without an offset; the municipality's where it is not given.
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Coordinate system, such as EPSG:3006; guessed where it is not given.
    #[arg(long, value_name = "EPSG:CODE")]
    crs: Option<String>,
    /// File for refused rows; in the working folder where it is not given.
    #[arg(long, value_name = "FILE")]
    refused: Option<PathBuf>,
    /// Read and tell, and store nothing.
    #[arg(long)]
    dry_run: bool,
    /// End with exit code 1 if a row was refused.
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    store: StoreArgs,
}

/// What a file can hold.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// Reports of residents or of another system.
    Reports,
    /// Incidents.
    Incidents,
    /// Visits of police or civil guardians.
    Visits,
    /// Positions of units; only visits, where they stayed, are kept.
    Tracks,
    /// Areas: the districts of the municipality.
    Areas,
    /// What events are expected to follow: residents, beds, berths, roads.
    Exposure,
    /// Measured speeds, by site and hour.
    Speeds,
    /// Answers of safety surveys, by area, question and group.
    Surveys,
}

/// Who did it, in the audit log.
const ACTOR: &str = "command line";

/// Does what was asked: reads a file, lists imports or takes one back.
pub async fn run(mut args: Args) -> Result<(), Failure> {
    match args.action.take() {
        Some(action) => manage::run(action).await,
        None => run_file(args).await,
    }
}

/// Reads the file and tells what became of it.
async fn run_file(args: Args) -> Result<(), Failure> {
    let json = args.store.json;
    let strict = args.strict;
    match import(args).await {
        Ok(report) => {
            if json {
                print_json(&serde_json::to_value(&report)?)?;
            } else {
                told::lines(&report).iter().try_for_each(|line| print_line(line))?;
            }
            match report.refused {
                refused @ 1.. if strict => {
                    Err(anyhow::anyhow!("--strict: {refused} of {} rows were refused", report.read))
                }
                _ => Ok(()),
            }
        }
        Err(failure) => {
            if json && !failure.is::<WrongUsage>() {
                print_json(&serde_json::json!({ "error": format!("{failure:#}") }))?;
            }
            Err(failure)
        }
    }
}

async fn import(args: Args) -> Result<ImportReport, Failure> {
    let (Some(kind), Some(file), Some(municipality)) = (args.kind, &args.file, &args.municipality)
    else {
        return Err(WrongUsage("say what the file holds, which file, and whose".to_owned()).into());
    };
    let job = job(&args, kind, file, municipality)?;
    let refused = refused::File::planned(args.refused.as_deref(), file, &job.dataset)?;
    let bar = Bar::over(file, 2)?;
    let app = open(&args.store).await?;
    let opener = bar.opener(file.clone());
    let done = app.import_file(ACTOR, job, opener, refused.sink()).await;
    bar.finish();
    app.close().await;
    let mut report = done.map_err(|failure| explained(failure, municipality))?;
    report.refused_file = refused.written()?;
    Ok(report)
}

fn job(args: &Args, kind: Kind, file: &Path, municipality: &str) -> Result<ImportJob, Failure> {
    let wrong = |error: &dyn std::fmt::Display| WrongUsage(error.to_string());
    let municipality = match municipality {
        "all" => None,
        code => Some(MunicipalityCode::parse(code).map_err(|error| wrong(&error))?),
    };
    let mappings: Result<Vec<_>, _> = args.map.iter().map(|given| Mapping::parse(given)).collect();
    let job_kind = match kind {
        Kind::Reports => crate::app::ImportKind::Reports,
        Kind::Incidents => crate::app::ImportKind::Incidents,
        Kind::Visits => crate::app::ImportKind::Visits,
        Kind::Tracks => crate::app::ImportKind::Tracks,
        Kind::Areas => crate::app::ImportKind::Areas,
        Kind::Exposure => crate::app::ImportKind::Exposure,
        Kind::Speeds => crate::app::ImportKind::Speeds,
        Kind::Surveys => crate::app::ImportKind::Surveys,
    };
    if municipality.is_none() && matches!(kind, Kind::Areas) {
        return Err(WrongUsage("areas belong to one municipality, not to all".to_owned()).into());
    }
    let dataset = args.dataset.clone().unwrap_or_else(|| refused::stem(file));
    Ok(ImportJob {
        mappings: mappings.map_err(|error| wrong(&error))?,
        time_zone: args.time_zone.clone(),
        crs: args.crs.clone(),
        dry_run: args.dry_run,
        ..ImportJob::new(job_kind, &dataset, municipality)
    })
}

/// A failure as the shell is told it: what was typed wrongly is wrong usage.
fn explained(failure: FileFailure, municipality: &str) -> Failure {
    match failure {
        FileFailure::File(error) if error.is_usage() => WrongUsage(error.to_string()).into(),
        FileFailure::File(error) => Failure::new(error),
        FileFailure::App(Error::NotFound) => anyhow::anyhow!(
            "there is no municipality {municipality} in this data base; add it first with \
             fyren municipality add {municipality}"
        ),
        FileFailure::App(Error::Invalid(broken)) => {
            let broken: Vec<String> = broken.iter().map(ToString::to_string).collect();
            WrongUsage(broken.join(", ")).into()
        }
        FileFailure::App(error) => Failure::new(error),
    }
}
