//! `M/figures`: single numbers that are typed in, each with its source.

use super::paths::InMunicipality;
use crate::{
    app::FigureDraft,
    http::{
        problem::{Document, Problem},
        state::{Municipal, SignedIn, State},
        strict::Strict,
    },
};
use axum::{Json, extract::State as Extract, http::StatusCode};
use fyren_core::domain::{Figure, TipTheme};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A figure.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Figure)]
pub struct FigureView {
    /// `tips`, `drug_habits` or `first_support_days`.
    kind: &'static str,
    /// First local day that it speaks of.
    from: String,
    /// Day after the last.
    to: String,
    /// District code; the whole municipality without.
    district: Option<String>,
    /// Of tips: `narcotics`, `traffic`, `theft`, `fraud`, `disorder` or `other`.
    theme: Option<&'static str>,
    /// The number.
    amount: f64,
    /// Where it is from.
    source: String,
    /// When it was typed in.
    entered_on: String,
}

/// Every figure that may be seen, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureList {
    /// The figures.
    items: Vec<FigureView>,
}

/// A figure as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFigure {
    /// `tips` (a whole number; kept by the police), `drug_habits` (per cent) or `first_support_days`.
    kind: String,
    /// Local day.
    from: String,
    /// Local day after the last.
    to: String,
    /// District code, of tips.
    #[serde(default)]
    district: Option<String>,
    /// Theme, of tips.
    #[serde(default)]
    theme: Option<String>,
    /// The number.
    amount: f64,
    /// Where it is from.
    source: String,
}

/// Figures as they are sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFigures {
    /// All of them are stored, or none.
    figures: Vec<NewFigure>,
}

impl From<Figure> for FigureView {
    fn from(figure: Figure) -> Self {
        Self {
            kind: figure.kind.code(),
            from: figure.from.to_string(),
            to: figure.to.to_string(),
            district: figure.district.map(|code| code.0),
            theme: figure.theme.map(TipTheme::code),
            amount: figure.amount,
            source: figure.source,
            entered_on: figure.entered_on.to_string(),
        }
    }
}

impl From<NewFigure> for FigureDraft {
    fn from(sent: NewFigure) -> Self {
        let NewFigure { kind, from, to, district, theme, amount, source } = sent;
        Self { kind, from, to, district, theme, amount, source }
    }
}

/// Lists single figures: to municipal roles their own, to the police tips, too.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/figures", tag = "presence",
    operation_id = "list_figures", params(InMunicipality),
    responses(
        (status = 200, description = "The figures", body = FigureList),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role sees no figures", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn list_figures(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
) -> Result<Json<FigureList>, Problem> {
    let figures = state.app.figures(&staff, &ground).await?;
    Ok(Json(FigureList { items: figures.into_iter().map(FigureView::from).collect() }))
}

/// Stores figures, each in place of the one of its kind, first day, district and theme.
#[utoipa::path(
    put, path = "/api/v1/municipalities/{code}/figures", tag = "presence",
    operation_id = "save_figures", request_body = NewFigures, params(InMunicipality),
    responses(
        (status = 204, description = "Stored"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role types no such figures", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn save_figures(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    body: Strict<NewFigures>,
) -> Result<StatusCode, Problem> {
    let drafts: Vec<FigureDraft> = body.value.figures.into_iter().map(FigureDraft::from).collect();
    state.app.save_figures(&staff, &ground, &drafts).await?;
    Ok(StatusCode::NO_CONTENT)
}
