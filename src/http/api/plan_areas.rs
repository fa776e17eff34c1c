//! `M/analytics/plan/areas`: patrol areas of about as much work each.

use super::analytics::{RunView, ask_by_body};
use crate::app::analytics::Method;
use crate::http::{
    problem::{Document, Problem},
    state::{MaybeStaff, Municipal, State},
    strict::Strict,
};
use axum::{extract::State as Extract, response::Response};
use serde::Deserialize;
use utoipa::ToSchema;

/// How the municipality is to be divided.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PatrolAreasWanted)]
pub struct AreasWanted {
    /// Number of areas, 2 to 20; default 3.
    k: Option<u32>,
    /// Edge of a cell in metres, 500 to 5 000; default 1 000.
    cell: Option<f64>,
    /// Same seed, same areas; default 1.
    seed: Option<u32>,
    /// What the areas are made of: `cell` or `district`; `cell` without.
    unit: Option<String>,
    /// First day of the reports.
    from: Option<String>,
    /// The day after the last day of the reports.
    to: Option<String>,
}

impl AreasWanted {
    /// The same as the parameters of a question.
    pub(super) fn pairs(self) -> Vec<(String, String)> {
        [
            ("k", self.k.map(|value| value.to_string())),
            ("cell", self.cell.map(|value| value.to_string())),
            ("seed", self.seed.map(|value| value.to_string())),
            ("unit", self.unit),
            ("from", self.from),
            ("to", self.to),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
    }
}

/// Divides the municipality into areas, made of cells or of whole districts and each in one part, with about as much
/// work (need times the minutes of a visit and its way) in each; `today` judges
/// the districts by the same measure.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/analytics/plan/areas", tag = "analytics",
    operation_id = "plan_areas", request_body = AreasWanted,
    params(("code" = String, Path, description = "Municipality code")),
    responses(
        (status = 200, description = "The areas, with their imbalance and that of today's \
            districts", content((String = "application/geo+json"))),
        (status = 202, description = "It takes longer; ask at statusUrl", body = RunView),
        (status = 401, description = "Nobody has signed in", body = Document),
        (status = 403, description = "The role may not plan patrols", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 422, description = "The body breaks a rule", body = Document),
        (status = 503, description = "The queue is full, or the index is still loading", body = Document)
    )
)]
pub async fn plan_areas(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    MaybeStaff(staff): MaybeStaff,
    wanted: Strict<AreasWanted>,
) -> Result<Response, Problem> {
    ask_by_body(&state, &ground, staff.as_deref(), (Method::Areas, wanted.value.pairs())).await
}
