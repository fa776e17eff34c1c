//! `fyren import list` and `fyren import undo`: imports that are remembered.

use super::super::{Failure, WrongUsage, open, print_json, print_line};
use super::ACTOR;
use crate::{app::Error, config::StoreArgs, store::ImportRecord};
use clap::Subcommand;
use fyren_core::domain::{Id, MunicipalityCode};
use serde_json::{Value, json};

/// What can be done with imports.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// List imports, the last first.
    List {
        /// Only those of this municipality.
        #[arg(long, value_name = "CODE")]
        municipality: Option<String>,
        /// How many at most.
        #[arg(long, default_value_t = 20, value_name = "N")]
        limit: u32,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Take a whole import back: every event that it stored.
    Undo {
        /// Identity of the import, as `list` and the report show it.
        id: String,
        #[command(flatten)]
        store: StoreArgs,
    },
}

/// Does what was asked.
pub async fn run(action: Action) -> Result<(), Failure> {
    match action {
        Action::List { municipality, limit, store } => {
            let code = municipality.map(|code| MunicipalityCode::parse(&code)).transpose();
            let code = code.map_err(|error| WrongUsage(error.to_string()))?;
            list(code, limit, &store).await
        }
        Action::Undo { id, store } => {
            let form = || WrongUsage(format!("{id}: an import has 32 hexadecimal digits"));
            let id = Id::parse(&id).ok_or_else(form)?;
            undo(id, &store).await
        }
    }
}

async fn list(
    code: Option<MunicipalityCode>,
    limit: u32,
    store: &StoreArgs,
) -> Result<(), Failure> {
    let app = open(store).await?;
    let records = app.municipal.imports(code.as_ref(), limit, 0).await;
    app.close().await;
    let records = records?;
    if store.json {
        return print_json(&records.iter().map(view).collect());
    }
    records.iter().try_for_each(|record| print_line(&line(record)))
}

async fn undo(id: Id, store: &StoreArgs) -> Result<(), Failure> {
    let app = open(store).await?;
    let undone = app.undo_import(ACTOR, id).await;
    app.close().await;
    let record = undone.map_err(explained)?;
    if store.json { print_json(&view(&record)) } else { print_line(&line(&record)) }
}

fn explained(error: Error) -> Failure {
    match error {
        Error::NotFound => anyhow::anyhow!("there is no such import in this data base"),
        Error::Conflict("import_running") => {
            anyhow::anyhow!("it is still running, or was until two minutes ago; try again then")
        }
        Error::Conflict("import_not_last") => {
            anyhow::anyhow!("areas were imported later on top of it; undo those first")
        }
        error => Failure::new(error),
    }
}

fn line(record: &ImportRecord) -> String {
    let import = &record.import;
    let municipality = import.municipality.as_ref().map_or("all", MunicipalityCode::as_str);
    format!(
        "{}\t{}\t{}\t{}\t{}\t{} stored\t{}",
        import.id,
        import.began,
        municipality,
        import.kind,
        import.dataset,
        record.rows.stored,
        record.state.code()
    )
}

fn view(record: &ImportRecord) -> Value {
    let import = &record.import;
    json!({
        "id": import.id.to_string(),
        "municipality": import.municipality.as_ref().map_or("all", MunicipalityCode::as_str),
        "kind": import.kind,
        "dataset": import.dataset,
        "actor": import.actor,
        "beganAt": import.began.to_string(),
        "state": record.state.code(),
        "read": record.rows.read,
        "stored": record.rows.stored,
        "known": record.rows.known,
        "refused": record.rows.refused,
    })
}
