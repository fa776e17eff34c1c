//! `fyren export`: a municipality's data as files that others can read.

use super::{Failure, open, print_json, print_line};
use crate::{
    app::layers::{Format, LAYERS, LayerRequest, parse_query},
    app::{App, Ground},
    config::StoreArgs,
};
use anyhow::Context as _;
use fyren_core::domain::{Audience, Layer, Role, may_see};
use std::{fs, io::Write as _, path::PathBuf, sync::Arc};

/// Arguments of `fyren export`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder to write into; it may not exist yet.
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Code of the municipality.
    #[arg(long, value_name = "CODE")]
    municipality: String,
    /// User whose roles decide what is written; only what is public without one.
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    #[command(flatten)]
    store: StoreArgs,
}

/// Writes each layer that may be seen as GeoJSON and as CSV.
pub async fn run(args: Args) -> Result<(), Failure> {
    let app = open(&args.store).await?;
    let written = export(&app, &args).await;
    app.close().await;
    let written = written?;
    if args.store.json {
        let files = written
            .iter()
            .map(|(file, rows)| serde_json::json!({ "file": file, "features": rows }));
        return print_json(&files.collect());
    }
    written.iter().try_for_each(|(file, rows)| print_line(&format!("{file}\t{rows}")))
}

async fn export(app: &App, args: &Args) -> Result<Vec<(String, usize)>, Failure> {
    let ground = app.ground(&args.municipality).await?;
    let roles = match &args.user {
        Some(name) => Some(app.roles_of(name, &ground).await?),
        None => None,
    };
    fs::create_dir(&args.folder).with_context(|| args.folder.display().to_string())?;
    let seen = |layer: &Layer| {
        let roles = roles.as_deref().unwrap_or_default();
        layer.audience() == Audience::Public || roles.iter().any(|role| may_see(*role, *layer))
    };
    let layers: Vec<Layer> = LAYERS.iter().copied().filter(seen).collect();
    let actor = args.user.as_deref().unwrap_or("command line");
    // What cannot be noted is not written.
    app.note_export(actor, &ground, &layers).await?;
    let mut written = Vec::new();
    for layer in layers {
        for (format, ending) in [(Format::GeoJson, "geojson"), (Format::Csv, "csv")] {
            let name = format!("{layer}.{ending}");
            let rows = write(app, (&ground, layer, roles.clone()), format, args.folder.join(&name));
            written.push((name, rows.await?));
        }
    }
    Ok(written)
}

async fn write(
    app: &App,
    (ground, layer, roles): (&Arc<Ground>, Layer, Option<Vec<Role>>),
    format: Format,
    path: PathBuf,
) -> Result<usize, Failure> {
    let query = parse_query(layer, &[], &ground.zone);
    let query = query.map_err(crate::app::Error::BadParameter)?;
    let today = app.today(&ground.zone);
    let request = LayerRequest { ground: Arc::clone(ground), layer, roles, query, today };
    let answer = app.layers.prepare(request).await?.answer().await?;
    let rows = answer.number_returned();
    let mut file = std::io::BufWriter::new(fs::File::create_new(path)?);
    for piece in answer.pieces(format) {
        file.write_all(&piece)?;
    }
    file.flush()?;
    Ok(rows)
}
