//! `fyren verify`: whether the audit logs are whole.

use super::{Failure, open, print_json, print_line};
use crate::{config::StoreArgs, store::AuditCheck};
use fyren_core::domain::Context;

/// Arguments of `fyren verify`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    store: StoreArgs,
}

/// Walks the audit chain of both contexts; fails where one is broken.
pub async fn run(args: Args) -> Result<(), Failure> {
    let app = open(&args.store).await?;
    let mut found = Vec::new();
    for context in Context::ALL {
        found.push((context.code(), app.store(*context).verify_audit().await?));
    }
    app.close().await;
    if args.store.json {
        let views = found.iter().map(|(context, check)| match check {
            AuditCheck::Intact { entries } => {
                serde_json::json!({ "context": context, "intact": true, "entries": entries })
            }
            AuditCheck::BrokenAt { position } => {
                serde_json::json!({ "context": context, "intact": false, "position": position })
            }
        });
        print_json(&views.collect())?;
    }
    for (context, check) in &found {
        match check {
            AuditCheck::Intact { .. } if args.store.json => {}
            AuditCheck::Intact { entries } => {
                print_line(&format!("{context}: {entries} entries, none changed or missing"))?;
            }
            AuditCheck::BrokenAt { position } => {
                anyhow::bail!("{context}: the audit log is broken at entry {position}");
            }
        }
    }
    Ok(())
}
