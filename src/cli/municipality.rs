//! `fyren municipality`: which municipalities there are, and their groups.

use super::{Failure, WrongUsage, open, print_json, print_line};
use crate::{
    app::{Error, FileFailure, NewMunicipality, shipped},
    config::StoreArgs,
};
use clap::Subcommand;
use fyren_core::domain::{Municipality, MunicipalityCode};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Arguments of `fyren municipality`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Add a municipality, or bring it up to date: any of Sweden's 290 by its
    /// code, any other with its boundary.
    Add {
        /// Code: four digits in Sweden, else 2 to 32 of a-z, 0-9 and -; `all` for all of
        /// Sweden's 290 that are missing.
        code: String,
        /// Name; of a Swedish municipality its own where it is not given.
        #[arg(long)]
        name: Option<String>,
        /// Boundary: GeoJSON, a feature, a collection of them or a geometry.
        #[arg(long, value_name = "FILE")]
        boundary: Option<PathBuf>,
        /// IANA name of the time zone; Europe/Stockholm in Sweden.
        #[arg(long, value_name = "ZONE")]
        time_zone: Option<String>,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// List the municipalities of the data base.
    List {
        /// List those that can be added by their code alone instead.
        #[arg(long)]
        available: bool,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Name a group of municipalities, such as a local police area.
    Area {
        /// Name of the area.
        name: String,
        /// Codes of its municipalities.
        #[arg(required = true, value_name = "CODE")]
        codes: Vec<String>,
        #[command(flatten)]
        store: StoreArgs,
    },
}

const ACTOR: &str = "command line";

/// Does what was asked.
pub async fn run(args: Args) -> Result<(), Failure> {
    match args.action {
        Action::Add { code, store, .. } if code == "all" => add_all(&store).await,
        Action::Add { code, name, boundary, time_zone, store } => {
            let boundary = boundary.as_deref().map(read).transpose()?;
            add(NewMunicipality { code: parsed(&code)?, name, boundary, time_zone }, &store).await
        }
        Action::List { available: true, store } => list_available(&store),
        Action::List { available: false, store } => list(&store).await,
        Action::Area { name, codes, store } => {
            let codes = codes.iter().map(|code| parsed(code)).collect::<Result<Vec<_>, _>>()?;
            save_area(&name, codes, &store).await
        }
    }
}

fn parsed(code: &str) -> Result<MunicipalityCode, WrongUsage> {
    MunicipalityCode::parse(code)
        .map_err(|_form| WrongUsage(format!("{code}: a code is 2 to 32 of a-z, 0-9 and -")))
}

fn read(file: &std::path::Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file)
        .map_err(|error| Failure::new(error).context(format!("--boundary {}", file.display())))
}

async fn add(new: NewMunicipality, store: &StoreArgs) -> Result<(), Failure> {
    let code = new.code.clone();
    let app = open(store).await?;
    let added = app.add_municipality(ACTOR, new).await;
    app.close().await;
    let added = added.map_err(|failure| explained(failure, &code))?;
    if store.json { print_json(&view(&added)) } else { print_line(&line(&added)) }
}

/// Adds every municipality that is carried and not there yet.
async fn add_all(store: &StoreArgs) -> Result<(), Failure> {
    let app = open(store).await?;
    let added = app.add_missing_municipalities(ACTOR).await;
    app.close().await;
    let added = added.map_err(Failure::new)?;
    if store.json {
        return print_json(&json!({ "added": added }));
    }
    print_line(&format!("{added} municipalities added"))
}

fn explained(failure: FileFailure, code: &MunicipalityCode) -> Failure {
    let usage = |reason: String| WrongUsage(reason).into();
    match failure {
        FileFailure::File(error) => Failure::new(error).context("--boundary"),
        FileFailure::App(Error::Invalid(broken)) => {
            match broken.first().map(|v| (v.field.as_str(), v.rule)) {
                Some(("boundary", "required")) => usage(format!(
                    "{code} is none of Sweden's 290 municipalities; give its --boundary FILE \
                     with at least one polygon"
                )),
                Some(("timeZone", "required")) => {
                    usage("outside Sweden a --time-zone is needed, such as Europe/Oslo".to_owned())
                }
                Some(("timeZone", _)) => usage("--time-zone: there is no such zone".to_owned()),
                _ => Failure::new(Error::Invalid(broken)),
            }
        }
        FileFailure::App(error) => Failure::new(error),
    }
}

fn line(one: &Municipality) -> String {
    format!(
        "{}\t{}\t{} districts, {} named places, {}, {}",
        one.code,
        one.full_name,
        one.districts.len(),
        one.localities.len(),
        one.crs,
        one.time_zone
    )
}

fn view(one: &Municipality) -> Value {
    json!({
        "code": one.code.as_str(),
        "name": one.name,
        "fullName": one.full_name,
        "timeZone": one.time_zone,
        "crs": one.crs,
        "districts": one.districts.len(),
        "localities": one.localities.len(),
        "land": one.land.is_some(),
    })
}

async fn list(store: &StoreArgs) -> Result<(), Failure> {
    let app = open(store).await?;
    let all = app.municipalities().await;
    app.close().await;
    let all = all?;
    if store.json {
        let views = all.iter().map(|one| {
            json!({
                "code": one.code.as_str(),
                "name": one.name,
                "fullName": one.full_name,
                "synthetic": one.synthetic,
                "seq": one.head.0,
            })
        });
        return print_json(&views.collect());
    }
    all.iter().try_for_each(|one| print_line(&format!("{}\t{}", one.code, one.full_name)))
}

fn list_available(store: &StoreArgs) -> Result<(), Failure> {
    let mut names = shipped::names();
    if store.json {
        return print_json(
            &names.map(|(code, name)| json!({"code": code, "name": name})).collect(),
        );
    }
    names.try_for_each(|(code, name)| print_line(&format!("{code}\t{name}")))
}

async fn save_area(
    name: &str,
    codes: Vec<MunicipalityCode>,
    store: &StoreArgs,
) -> Result<(), Failure> {
    let shown: Vec<String> = codes.iter().map(ToString::to_string).collect();
    let app = open(store).await?;
    let saved = app.save_area(ACTOR, name, codes).await;
    app.close().await;
    match saved {
        Err(Error::NotFound) => Err(anyhow::anyhow!(
            "one of {} is not in this data base; add it first with fyren municipality add",
            shown.join(", ")
        )),
        Err(error) => Err(error.into()),
        Ok(()) if store.json => print_json(&json!({ "name": name, "municipalities": shown })),
        Ok(()) => print_line(&format!("{name}\t{}", shown.join(", "))),
    }
}
