//! How the shell says it.

mod analyse;
mod backup;
mod basemap;
mod check;
mod demo;
mod download;
mod export;
mod import;
mod mail;
mod municipality;
mod plan;
mod release;
mod retention;
mod serve;
mod simulate;
mod summary;
mod user;
mod verify;

use crate::{
    app::{self, App, Parts},
    clock::{Clock, Random, System},
    config::StoreArgs,
    identity::open_secrets,
    store::StoreError,
};
use clap::{Parser, Subcommand};
use jiff::tz::TimeZone;
use std::{process::ExitCode, sync::Arc};

/// One shared, honest situational picture for a municipality and its area police.
#[derive(Debug, Parser)]
#[command(name = "fyren", version, about, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Compute a method from files, with numbers that others can check; opens no data base.
    Analyse(Box<analyse::Args>),
    /// Show Sotenäs with synthetic reports, in two minutes.
    Demo(demo::Args),
    /// Publish what may be public, or say what would be.
    Release(release::Args),
    /// Enter decisions of retention, and let go what is due by them.
    Retention(retention::Args),
    /// Serve pages and interfaces.
    Serve(serve::Args),
    /// Draw a patrol plan that reaches every district, and say why.
    Plan(plan::Args),
    /// Store synthetic reports and visits, labelled as such.
    Simulate(simulate::Args),
    /// Add and list municipalities, and group them into areas.
    Municipality(municipality::Args),
    /// Import streets, buildings and coast, and say who answers for what.
    Basemap(basemap::Args),
    /// Read reports, incidents, visits or areas from a file.
    Import(Box<import::Args>),
    /// Say which offices letters remind, and how letters stand.
    Mail(mail::Args),
    /// Exchange what one context tells the other, in signed files.
    Summary(summary::Args),
    /// Administer users and their tokens.
    User(user::Args),
    /// Print the description of the JSON interface.
    #[command(hide = true)]
    Openapi,
    /// Check that the audit logs are whole.
    Verify(verify::Args),
    /// Check that everything that is stored holds together.
    Check(check::Args),
    /// Copy both data bases into a folder, also while they are in use.
    Backup(backup::BackupArgs),
    /// Put a backup where nothing is yet.
    Restore(backup::RestoreArgs),
    /// Write a municipality's data as GeoJSON and CSV.
    Export(export::Args),
}

/// Why a command was not done; told on standard error, exit code 1.
pub type Failure = anyhow::Error;

/// What a command that could not be used as it was typed says; exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct WrongUsage(pub String);

/// Runs the command line and gives its exit code: 0 done, 1 refused as a
/// whole, 2 wrong usage.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return report(&error.into()),
    };
    let done = runtime.block_on(async {
        match cli.command {
            Command::Analyse(args) => analyse::run(&args),
            Command::Demo(args) => demo::run(args).await,
            Command::Release(args) => release::run(args).await,
            Command::Retention(args) => retention::run(args).await,
            Command::Serve(args) => serve::run(args).await,
            Command::Plan(args) => plan::run(args).await,
            Command::Simulate(args) => simulate::run(args).await,
            Command::Openapi => print_json(&serde_json::to_value(crate::http::openapi())?),
            Command::Municipality(args) => municipality::run(args).await,
            Command::Basemap(args) => basemap::run(args).await,
            Command::Import(args) => import::run(*args).await,
            Command::Mail(args) => mail::run(args).await,
            Command::User(args) => Box::pin(user::run(args)).await,
            Command::Summary(args) => summary::run(args).await,
            Command::Verify(args) => verify::run(args).await,
            Command::Check(args) => check::run(args).await,
            Command::Backup(args) => backup::backup(args).await,
            Command::Restore(args) => backup::restore(args).await,
            Command::Export(args) => export::run(args).await,
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => report(&failure),
    }
}

#[expect(clippy::print_stderr, reason = "this is how the shell is told")]
fn report(failure: &Failure) -> ExitCode {
    eprintln!("fyren: {failure:#}");
    if let Some(app::Error::Invalid(broken) | app::Error::BadParameter(broken)) =
        failure.downcast_ref::<app::Error>()
    {
        for violation in broken {
            eprintln!("  {violation}");
        }
    }
    ExitCode::from(if failure.is::<WrongUsage>() { 2 } else { 1 })
}

/// Opens the use cases on the data bases that `args` name, creating and
/// migrating what is missing.
///
/// # Errors
/// Where a store or the secrets cannot be used.
pub async fn open(args: &StoreArgs) -> Result<App, Failure> {
    let now = System.now();
    let year = now.to_zoned(TimeZone::UTC).year();
    let path = args.secrets_file();
    let secrets = open_secrets(&path, year, &|bytes| System.fill(bytes))?;
    let parts = Parts {
        database: args.database.clone(),
        police_database: args.police_url(),
        clock: Arc::new(System),
        random: Arc::new(System),
        secrets,
    };
    App::open(parts).await.map_err(|error: StoreError| {
        Failure::new(error).context(format!("the data base {}", without_password(&args.database)))
    })
}

/// The address of a data base as it may be shown.
fn without_password(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => url.to_owned(),
    }
}

/// Prints one JSON document to standard output.
///
/// # Errors
/// Where standard output is closed.
pub fn print_json(document: &serde_json::Value) -> Result<(), Failure> {
    print_line(&serde_json::to_string_pretty(document)?)
}

/// Prints one line to standard output.
///
/// # Errors
/// Where standard output is closed.
pub fn print_line(line: &str) -> Result<(), Failure> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush().map_err(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_password_in_an_address_is_not_shown() {
        assert_eq!(without_password("postgres://a:b@h/x"), "postgres://…@h/x");
        assert_eq!(without_password("sqlite://a.db"), "sqlite://a.db");
    }
}
