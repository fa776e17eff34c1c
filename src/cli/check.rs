//! `fyren check`: whether everything that is stored holds together.

use super::{Failure, open, print_json, print_line};
use crate::config::StoreArgs;
use serde_json::json;

/// Arguments of `fyren check`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    store: StoreArgs,
}

/// Checks both stores; fails where anything does not hold, after telling all of it.
pub async fn run(args: Args) -> Result<(), Failure> {
    let app = open(&args.store).await?;
    let faults = app.check_stores().await;
    app.close().await;
    let faults = faults?;
    if args.store.json {
        let told = faults.iter().map(|fault| {
            json!({ "context": fault.context.code(), "rule": fault.rule, "detail": fault.detail })
        });
        print_json(&json!({ "whole": faults.is_empty(), "faults": told.collect::<Vec<_>>() }))?;
    } else {
        for fault in &faults {
            print_line(&format!("{}: {}: {}", fault.context, fault.rule, fault.detail))?;
        }
    }
    match faults.len() {
        0 if args.store.json => Ok(()),
        0 => print_line("everything holds together"),
        count => anyhow::bail!("{count} faults were found"),
    }
}
