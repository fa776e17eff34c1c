//! `fyren import`: reads a file and tells, line by line, what became of it.

mod progress;
mod refused;
mod told;

use super::{Failure, WrongUsage, open, print_json, print_line};
use crate::{
    app::{Error, FileFailure, ImportJob, ImportReport, Mapping},
    config::StoreArgs,
};
use clap::ValueEnum;
use fyren_core::domain::MunicipalityCode;
use std::path::PathBuf;

/// Arguments of `fyren import`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What the file holds.
    #[arg(value_enum)]
    kind: Kind,
    /// CSV or GeoJSON, packed with gzip or not.
    file: PathBuf,
    /// Code of the municipality, or `all` for whichever each row lies in.
    #[arg(long, value_name = "CODE|all")]
    municipality: String,
    /// Name of the data set; the file's stem where it is not given.
    #[arg(long, value_name = "NAME")]
    dataset: Option<String>,
    /// What a column means: id, at, from, to, category, text, longitude, latitude, x, y,
    /// precision, area, status, source or unit; several columns are joined by `+`.
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
    /// Areas: the districts of the municipality.
    Areas,
}

/// Who did it, in the audit log.
const ACTOR: &str = "command line";

/// Reads the file and tells what became of it.
pub async fn run(args: Args) -> Result<(), Failure> {
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
    let job = job(&args)?;
    let refused = refused::File::planned(args.refused.as_deref(), &args.file, &job.dataset)?;
    let bar = progress::Bar::over(&args.file)?;
    let app = open(&args.store).await?;
    let opener = bar.opener(args.file.clone());
    let done = app.import_file(ACTOR, job, opener, refused.sink()).await;
    bar.finish();
    app.close().await;
    let mut report = done.map_err(|failure| explained(failure, &args.municipality))?;
    report.refused_file = refused.written()?;
    Ok(report)
}

fn job(args: &Args) -> Result<ImportJob, Failure> {
    let wrong = |error: &dyn std::fmt::Display| WrongUsage(error.to_string());
    let municipality = match args.municipality.as_str() {
        "all" => None,
        code => Some(MunicipalityCode::parse(code).map_err(|error| wrong(&error))?),
    };
    let mappings: Result<Vec<_>, _> = args.map.iter().map(|given| Mapping::parse(given)).collect();
    let kind = match args.kind {
        Kind::Reports => crate::app::ImportKind::Reports,
        Kind::Incidents => crate::app::ImportKind::Incidents,
        Kind::Visits => crate::app::ImportKind::Visits,
        Kind::Areas => crate::app::ImportKind::Areas,
    };
    if municipality.is_none() && matches!(args.kind, Kind::Areas) {
        return Err(WrongUsage("areas belong to one municipality, not to all".to_owned()).into());
    }
    Ok(ImportJob {
        kind,
        dataset: args.dataset.clone().unwrap_or_else(|| refused::stem(&args.file)),
        municipality,
        mappings: mappings.map_err(|error| wrong(&error))?,
        time_zone: args.time_zone.clone(),
        crs: args.crs.clone(),
        dry_run: args.dry_run,
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
