//! `fyren mail`: which offices are reminded, who may get route sheets, and how
//! the letters stand.

use super::{Failure, open, print_json, print_line};
use crate::config::StoreArgs;
use clap::Subcommand;
use fyren_core::domain::{MunicipalityCode, Office, OfficePurpose};

/// Arguments of `fyren mail`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say which offices are told who waits and what is overdue; what is not named is dropped.
    Offices(Offices),
    /// Say who may get route sheets of the police; what is not named is dropped.
    Sheets(Sheets),
    /// Say how many letters wait and how many could not be sent.
    Status(Status),
}

#[derive(Debug, clap::Args)]
struct Offices {
    #[command(flatten)]
    store: StoreArgs,
    /// Municipality code.
    code: String,
    /// Addresses that are told each working day who has waited too long, and which measures
    /// were due the day before; an office's, never a person's. `en:ADDRESS` is written to in
    /// English.
    #[arg(long, value_delimiter = ',', value_name = "ADDRESS")]
    digest: Vec<String>,
    /// Addresses that are told of measures a week after they were due; `en:ADDRESS` likewise.
    #[arg(long, value_delimiter = ',', value_name = "ADDRESS")]
    escalation: Vec<String>,
}

#[derive(Debug, clap::Args)]
struct Sheets {
    #[command(flatten)]
    store: StoreArgs,
    /// Municipality code.
    code: String,
    /// Addresses, or `@` and a domain, such as `@police.example`.
    #[arg(long, value_delimiter = ',', value_name = "ADDRESS|@DOMAIN")]
    to: Vec<String>,
}

#[derive(Debug, clap::Args)]
struct Status {
    #[command(flatten)]
    store: StoreArgs,
}

/// Does what was asked.
pub async fn run(args: Args) -> Result<(), Failure> {
    match args.command {
        Command::Offices(args) => offices(args).await,
        Command::Sheets(args) => sheets(args).await,
        Command::Status(args) => status(args).await,
    }
}

async fn offices(args: Offices) -> Result<(), Failure> {
    let app = open(&args.store).await?;
    let code = MunicipalityCode::parse(&args.code)?;
    let digest = args.digest.iter().map(|said| office(OfficePurpose::Digest, said));
    let escalation = args.escalation.iter().map(|said| office(OfficePurpose::Escalation, said));
    let offices: Vec<_> = digest.chain(escalation).collect();
    let count = offices.len();
    app.save_offices("shell", &code, offices).await?;
    app.close().await;
    if args.store.json {
        return print_json(&serde_json::json!({ "municipality": code.as_str(), "offices": count }));
    }
    print_line(&format!("{code}: {count} offices are reminded"))
}

/// An office as it was typed: its address, behind the language where one is said.
fn office(purpose: OfficePurpose, said: &str) -> Office {
    let (language, address) = said.split_once(':').unwrap_or(("sv", said));
    Office { purpose, address: address.to_owned(), language: language.to_owned() }
}

async fn sheets(args: Sheets) -> Result<(), Failure> {
    let app = open(&args.store).await?;
    let code = MunicipalityCode::parse(&args.code)?;
    let count = args.to.len();
    let saved = app.save_sheet_recipients("shell", &code, args.to).await;
    app.close().await;
    saved?;
    if args.store.json {
        return print_json(&serde_json::json!({ "municipality": code.as_str(), "rules": count }));
    }
    print_line(&format!("{code}: route sheets may go to {count} addresses or domains"))
}

async fn status(args: Status) -> Result<(), Failure> {
    let app = open(&args.store).await?;
    let (waiting, failed) = app.letter_counts().await?;
    app.close().await;
    if args.store.json {
        return print_json(&serde_json::json!({ "waiting": waiting, "failed": failed }));
    }
    print_line(&format!("{waiting} letters wait, {failed} could not be sent"))
}
