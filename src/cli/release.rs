//! `fyren release`: what would be published, and publishing it.

use super::{Failure, open, print_json, print_line};
use crate::{
    app::{App, ReleasePreview, WindowPreview},
    config::StoreArgs,
};
use clap::Subcommand;
use fyren_core::{
    analysis::release::{Draft, Face, WindowStatus},
    domain::{Category, Release, ReleaseCell, ReleaseDistrict},
};
use serde_json::{Value, json};

const ACTOR: &str = "command line";

/// Arguments of `fyren release`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Say what would be published, what stays hidden, and why.
    Preview(Windows),
    /// Publish every window of the year that is due.
    Publish(Windows),
}

#[derive(Debug, clap::Args)]
struct Windows {
    /// Code of the municipality.
    #[arg(long, value_name = "CODE")]
    municipality: String,
    /// Year; the last one where none is given.
    #[arg(long)]
    year: Option<i16>,
    #[command(flatten)]
    store: StoreArgs,
}

/// Does what was asked.
pub async fn run(args: Args) -> Result<(), Failure> {
    let (Action::Preview(windows) | Action::Publish(windows)) = &args.action;
    let app = open(&windows.store).await?;
    let done = match &args.action {
        Action::Preview(windows) => preview(&app, windows).await,
        Action::Publish(windows) => publish(&app, windows).await,
    };
    app.close().await;
    done
}

async fn preview(app: &App, windows: &Windows) -> Result<(), Failure> {
    let ground = app.ground(&windows.municipality).await?;
    let year = windows.year.unwrap_or(app.today(&ground.zone).year() - 1);
    let preview = app.releases_of_year(&ground, year).await?;
    if windows.store.json {
        return print_json(&preview_json(&windows.municipality, &preview));
    }
    print_line(&format!(
        "{year}: {} reports counted the year before, so {}",
        preview.volume_before,
        preview.kinds.iter().map(|kind| kind.code()).collect::<Vec<_>>().join(", ")
    ))?;
    preview.windows.iter().try_for_each(|window| print_line(&window_line(window)))
}

async fn publish(app: &App, windows: &Windows) -> Result<(), Failure> {
    let ground = app.ground(&windows.municipality).await?;
    let year = windows.year.unwrap_or(app.today(&ground.zone).year() - 1);
    let published = app.publish_year(ACTOR, &ground, year).await?;
    if windows.store.json {
        return print_json(&json!({
            "municipality": windows.municipality,
            "year": year,
            "published": published.iter().map(release_json).collect::<Value>(),
        }));
    }
    if published.is_empty() {
        return print_line("nothing is due");
    }
    published.iter().try_for_each(|release| {
        print_line(&format!("{} {} {}", release.kind, release.window.from, release.id.0))
    })
}

fn window_line(window: &WindowPreview) -> String {
    let name = format!("{} {} to {}", window.kind, window.window.from, window.window.to);
    let Some(draft) = &window.draft else {
        return match window.status {
            WindowStatus::NotBefore(day) => format!("{name}: not before {day}"),
            WindowStatus::Published => format!("{name}: published"),
            WindowStatus::NotChosen | WindowStatus::Due => format!("{name}: not chosen"),
        };
    };
    let outcomes = draft.outcomes.iter().map(|outcome| {
        let hidden = outcome.hidden.iter().map(|(reason, count)| format!("{count} {reason}"));
        let hidden = hidden.collect::<Vec<_>>().join(", ");
        format!(
            "{} of {} reports behind {}, hidden: {hidden}",
            outcome.shown,
            outcome.reports(),
            face(outcome.face)
        )
    });
    let rows = draft.districts.iter().filter(|row| row.band.is_some()).count();
    let outcomes = outcomes.collect::<Vec<_>>().join("; ");
    format!("{name}: {} cells, {rows} district rows; {outcomes}", draft.cells.len())
}

const fn face(face: Face) -> &'static str {
    match face {
        Face::Cells => "cells",
        Face::Districts => "districts",
        Face::Total => "total",
    }
}

fn preview_json(municipality: &str, preview: &ReleasePreview) -> Value {
    let window = |window: &WindowPreview| {
        let (status, not_before) = match window.status {
            WindowStatus::Due => ("due", None),
            WindowStatus::NotBefore(day) => ("not_yet", Some(day.to_string())),
            WindowStatus::Published => ("published", None),
            WindowStatus::NotChosen => ("not_chosen", None),
        };
        json!({
            "kind": window.kind.code(),
            "from": window.window.from.to_string(),
            "to": window.window.to.to_string(),
            "status": status,
            "notBefore": not_before,
            "draft": window.draft.as_ref().map(draft_json),
        })
    };
    json!({
        "municipality": municipality,
        "year": preview.year,
        "volumeBefore": preview.volume_before,
        "kinds": preview.kinds.iter().map(|kind| kind.code()).collect::<Vec<_>>(),
        "windows": preview.windows.iter().map(window).collect::<Value>(),
    })
}

fn draft_json(draft: &Draft) -> Value {
    let outcome = draft.outcomes.iter().map(|outcome| {
        let hidden = outcome.hidden.iter().map(|(reason, n)| (reason.code().to_owned(), json!(n)));
        json!({
            "face": face(outcome.face),
            "reports": outcome.reports(),
            "shown": outcome.shown,
            "hidden": hidden.collect::<serde_json::Map<_, _>>(),
        })
    });
    json!({
        "k": draft.k,
        "synthetic": draft.synthetic,
        "cells": draft.cells.iter().map(cell_json).collect::<Value>(),
        "districts": draft.districts.iter().map(district_json).collect::<Value>(),
        "outcomes": outcome.collect::<Value>(),
    })
}

fn release_json(release: &Release) -> Value {
    json!({
        "id": release.id.0,
        "kind": release.kind.code(),
        "from": release.window.from.to_string(),
        "to": release.window.to.to_string(),
        "k": release.k,
        "synthetic": release.synthetic,
        "cells": release.cells.iter().map(cell_json).collect::<Value>(),
        "districts": release.districts.iter().map(district_json).collect::<Value>(),
    })
}

fn cell_json(cell: &ReleaseCell) -> Value {
    json!({
        "cellId": cell.cell_id,
        "sizeM": cell.size_m,
        "group": cell.group.code(),
        "band": cell.band.code(),
    })
}

fn district_json(row: &ReleaseDistrict) -> Value {
    json!({
        "district": row.district.as_ref().map(|code| code.0.as_str()),
        "group": row.group.code(),
        "category": row.category.map(Category::code),
        "band": row.band.map(fyren_core::domain::Band::code),
    })
}
