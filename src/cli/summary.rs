//! `fyren summary`: what one context tells the other in a signed file.

use super::{Failure, WrongUsage, open, print_json, print_line};
use crate::{app::SummaryOutcome, config::StoreArgs};
use anyhow::Context as _;
use clap::Subcommand;
use fyren_core::domain::Context;
use std::path::PathBuf;

/// Arguments of `fyren summary`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print the key under which this installation signs, for the other to trust.
    Key {
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Write what a context tells of a municipality: presence per district and
    /// week that has ended, and hot spots: the municipality of what people
    /// report, the police of their own incidents.
    Export {
        /// File to write; standard output where it is not given.
        file: Option<PathBuf>,
        /// Municipality.
        #[arg(long, value_name = "CODE")]
        municipality: String,
        /// Context that tells: police or municipal.
        #[arg(long, default_value = "police", value_name = "CONTEXT")]
        context: String,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Keep what the other context tells in a file that a trusted key has signed.
    Import {
        /// File to read.
        file: PathBuf,
        /// Key of the other installation, as its `fyren summary key` prints it.
        #[arg(
            long,
            env = "FYREN_SUMMARY_TRUST",
            value_delimiter = ',',
            required = true,
            value_name = "KEY"
        )]
        trust: Vec<String>,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Read presence per district and week from a CSV file.
    Presence {
        /// File with the columns district, week (its Monday), visits and minutes.
        file: PathBuf,
        /// Municipality.
        #[arg(long, value_name = "CODE")]
        municipality: String,
        #[command(flatten)]
        store: StoreArgs,
    },
}

const ACTOR: &str = "command line";

/// Does what was asked.
pub async fn run(args: Args) -> Result<(), Failure> {
    match args.action {
        Action::Key { store } => {
            let app = open(&store).await?;
            let key = app.signing_key();
            app.close().await;
            let key = key?;
            if store.json {
                print_json(&serde_json::json!({ "key": key }))
            } else {
                print_line(&key)
            }
        }
        Action::Export { file, municipality, context, store } => {
            let context = Context::parse(&context)
                .ok_or_else(|| WrongUsage(format!("--context: no context {context}")))?;
            let app = open(&store).await?;
            let ground = app.ground(&municipality).await?;
            let text = app.export_summary(ACTOR, &ground, context).await;
            app.close().await;
            let text = text?;
            let Some(file) = file else { return print_line(text.trim_end()) };
            std::fs::write(&file, text).with_context(|| file.display().to_string())?;
            let told = file.display().to_string();
            if store.json {
                print_json(&serde_json::json!({ "file": told, "context": context.code() }))
            } else {
                print_line(&told)
            }
        }
        Action::Import { file, trust, store } => {
            let text =
                std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            let app = open(&store).await?;
            let outcome = app.import_summary(ACTOR, &text, &trust).await;
            app.close().await;
            tell(outcome?, &store)
        }
        Action::Presence { file, municipality, store } => {
            let bytes = std::fs::read(&file).with_context(|| file.display().to_string())?;
            let app = open(&store).await?;
            let ground = app.ground(&municipality).await?;
            let told = app.read_presence(ACTOR, &ground, &bytes).await;
            app.close().await;
            let told = told?;
            if store.json {
                let refused = told.refused.iter().map(|(line, broken)| {
                    serde_json::json!({ "line": line, "field": broken.field, "rule": broken.rule })
                });
                let refused: serde_json::Value = refused.collect();
                return print_json(
                    &serde_json::json!({ "stored": told.stored, "refused": refused }),
                );
            }
            for (line, broken) in &told.refused {
                print_line(&format!("line {line}: {broken}"))?;
            }
            print_line(&format!("{} weeks stored, {} refused", told.stored, told.refused.len()))
        }
    }
}

fn tell(outcome: SummaryOutcome, store: &StoreArgs) -> Result<(), Failure> {
    match outcome {
        SummaryOutcome::Kept(municipality, context, weeks, spots) if store.json => {
            print_json(&serde_json::json!({
                "outcome": "kept",
                "municipality": municipality.as_str(),
                "context": context.code(),
                "weeks": weeks,
                "hotspots": spots,
            }))
        }
        SummaryOutcome::Kept(municipality, context, weeks, spots) => print_line(&format!(
            "{municipality}: {} tells {weeks} weeks of presence and {spots} hot spots",
            context.code()
        )),
        SummaryOutcome::Known if store.json => {
            print_json(&serde_json::json!({ "outcome": "known" }))
        }
        SummaryOutcome::Known => print_line("known already"),
    }
}
