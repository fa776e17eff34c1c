//! `M/releases`: what the public would see, and letting it.

use super::paths::{InMunicipality, OneReport, OneYear, PartOfList};
use crate::{
    app::{ReleasePreview, WindowPreview},
    http::{
        problem::{Document, Problem},
        query::Pairs,
        state::{EventId, Municipal, SignedIn, State, Year},
        strict::Strict,
    },
};
use axum::{Json, extract::State as Extract, http::StatusCode, response::IntoResponse};
use fyren_core::{
    analysis::release::{Face, Outcome, WindowStatus},
    domain::Release,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What would be published of a year today.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreviewView {
    /// The year.
    year: i16,
    /// Reports of the year before; the kinds of window follow from it.
    volume_before: usize,
    /// Every window, in the order in which they close.
    windows: Vec<WindowView>,
}

/// One window.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WindowView {
    /// `year_cells`, `quarter_districts` or `month_total`.
    kind: &'static str,
    /// First day.
    from: String,
    /// Day after the last.
    to: String,
    /// `due`, `not_before`, `published` or `not_chosen`.
    status: &'static str,
    /// The day before which it is not due.
    not_before: Option<String>,
    /// Cells that would be shown.
    cells: usize,
    /// Districts that would be shown with a number.
    districts: usize,
    /// What is shown and hidden, and why.
    outcomes: Vec<OutcomeView>,
}

/// What one face of a window shows and hides. Only staff may see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutcomeView {
    /// `cells`, `districts` or `total`.
    face: &'static str,
    /// Reports that are shown.
    shown: u32,
    /// Reports that stay hidden, by reason.
    hidden: BTreeMap<&'static str, u32>,
}

/// A release that was published.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseView {
    /// Its content hash.
    id: String,
    /// Window and geometry.
    kind: &'static str,
    /// First day.
    from: String,
    /// Day after the last.
    to: String,
    /// When it was published, UTC.
    published_at: String,
    /// Distinct sources that each number rests on, at least.
    k: u32,
    /// Whether anything behind it was made by the simulator.
    synthetic: bool,
}

/// A part of the list of releases.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReleaseList {
    /// The releases, the latest window first.
    items: Vec<ReleaseView>,
    /// How many there are in all.
    total: usize,
    /// How many were asked for at most.
    limit: usize,
    /// How many were passed over.
    offset: usize,
}

/// Who owns a defect.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDefect {
    /// Organisation that owns it, never a person; 1 to 80 characters.
    owner: String,
}

impl From<ReleasePreview> for PreviewView {
    fn from(preview: ReleasePreview) -> Self {
        Self {
            year: preview.year,
            volume_before: preview.volume_before,
            windows: preview.windows.into_iter().map(WindowView::from).collect(),
        }
    }
}

impl From<WindowPreview> for WindowView {
    fn from(preview: WindowPreview) -> Self {
        let (status, not_before) = match preview.status {
            WindowStatus::Due => ("due", None),
            WindowStatus::NotBefore(day) => ("not_before", Some(day.to_string())),
            WindowStatus::Published => ("published", None),
            WindowStatus::NotChosen => ("not_chosen", None),
        };
        let draft = preview.draft.as_ref();
        let districts = draft.map_or(&[][..], |draft| &draft.districts);
        Self {
            kind: preview.kind.code(),
            from: preview.window.from.to_string(),
            to: preview.window.to.to_string(),
            status,
            not_before,
            cells: draft.map_or(0, |draft| draft.cells.len()),
            districts: districts.iter().filter(|district| district.band.is_some()).count(),
            outcomes: draft.map_or_else(Vec::new, |draft| {
                draft.outcomes.iter().map(OutcomeView::from).collect()
            }),
        }
    }
}

impl From<&Outcome> for OutcomeView {
    fn from(outcome: &Outcome) -> Self {
        Self {
            face: match outcome.face {
                Face::Cells => "cells",
                Face::Districts => "districts",
                Face::Total => "total",
            },
            shown: outcome.shown,
            hidden: outcome.hidden.iter().map(|(why, count)| (why.code(), *count)).collect(),
        }
    }
}

impl From<Release> for ReleaseView {
    fn from(release: Release) -> Self {
        Self {
            id: release.id.0,
            kind: release.kind.code(),
            from: release.window.from.to_string(),
            to: release.window.to.to_string(),
            published_at: release.published_at.to_string(),
            k: release.k,
            synthetic: release.synthetic,
        }
    }
}

/// Lists what was published, the latest window first. The numbers themselves
/// are the layers `release-cells` and `release-districts`.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/releases", tag = "releases",
    operation_id = "list_releases", params(InMunicipality, PartOfList),
    responses(
        (status = 200, description = "A part of the list", body = ReleaseList),
        (status = 400, description = "A parameter breaks a rule", body = Document),
        (status = 404, description = "No such municipality", body = Document)
    )
)]
pub async fn list_releases(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    pairs: Pairs,
) -> Result<Json<ReleaseList>, Problem> {
    let page = pairs.page()?;
    let all = state.app.releases(ground.code()).await?;
    let total = all.len();
    let part = all.into_iter().skip(page.offset).take(page.limit);
    let items = part.map(ReleaseView::from).collect();
    Ok(Json(ReleaseList { items, total, limit: page.limit, offset: page.offset }))
}

/// What would be published of a year today, what stays hidden, and why.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/releases/{year}/preview", tag = "releases",
    operation_id = "preview_release",
    params(OneYear),
    responses(
        (status = 200, description = "Every window of the year", body = PreviewView),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not see it", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn preview_release(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    Year(year): Year,
) -> Result<Json<PreviewView>, Problem> {
    let preview = state.app.preview_release(&staff, &ground, year).await?;
    Ok(Json(preview.into()))
}

/// Publishes every window of a year that is due; what is published is never changed.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/releases/{year}", tag = "releases",
    operation_id = "publish_release",
    params(OneYear),
    responses(
        (status = 201, description = "What was published; empty where nothing was due", body = [ReleaseView]),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not publish", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 409, description = "Somebody else published at the same time", body = Document)
    )
)]
pub async fn publish_release(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    Year(year): Year,
) -> Result<impl IntoResponse, Problem> {
    let published = state.app.publish_release(&staff, &ground, year).await?;
    let views: Vec<ReleaseView> = published.into_iter().map(ReleaseView::from).collect();
    Ok((StatusCode::CREATED, Json(views)))
}

/// Publishes the defect that a report tells of as a fact about a place, without
/// the reporter's point, time or text.
#[utoipa::path(
    put, path = "/api/v1/municipalities/{code}/reports/{id}/defect", tag = "releases",
    operation_id = "publish_defect", request_body = NewDefect,
    params(OneReport),
    responses(
        (status = 204, description = "Published"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not moderate", body = Document),
        (status = 404, description = "No such report", body = Document),
        (status = 409, description = "It is published already", body = Document),
        (status = 422, description = "It tells of no defect, or a field breaks a rule", body = Document)
    )
)]
pub async fn publish_defect(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    body: Strict<NewDefect>,
) -> Result<StatusCode, Problem> {
    state.app.publish_defect(&staff, &ground, &id, &body.value.owner).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a published defect back.
#[utoipa::path(
    delete, path = "/api/v1/municipalities/{code}/reports/{id}/defect", tag = "releases",
    operation_id = "withdraw_defect",
    params(OneReport),
    responses(
        (status = 204, description = "Taken back"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not moderate", body = Document),
        (status = 404, description = "No such report, or nothing is published", body = Document)
    )
)]
pub async fn withdraw_defect(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
) -> Result<StatusCode, Problem> {
    state.app.withdraw_defect(&staff, &ground, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
