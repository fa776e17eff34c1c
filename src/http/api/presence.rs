//! `M/presence-weeks` and `M/summaries`: presence that is told by the week.

use super::paths::InMunicipality;
use crate::{
    app::{PresenceDraft, Summary},
    http::{
        problem::{Document, Problem},
        state::{Municipal, SignedIn, State},
        strict::{self, Strict},
    },
};
use axum::{
    Json,
    extract::{Request, State as Extract},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Visits and minutes of the police in one district and week.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TypedWeek {
    /// Code of the district.
    district: String,
    /// The Monday on which the week begins.
    week: String,
    /// Visits.
    visits: u32,
    /// Minutes.
    minutes: u32,
}

/// The same with who says so.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldWeek {
    /// Code of the district.
    district: String,
    /// The Monday on which the week begins.
    week: String,
    /// Visits.
    visits: u32,
    /// Minutes.
    minutes: u32,
    /// `typed`, `imported` or `summary`; the last of these is believed.
    source: &'static str,
}

/// Everything that is told.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldWeeks {
    /// By week, district and source; whole, without pages.
    items: Vec<ToldWeek>,
}

/// Lists presence that is told by the week.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/presence-weeks", tag = "presence",
    operation_id = "list_presence", params(InMunicipality),
    responses(
        (status = 200, description = "Everything that is told, whatever is believed", body = ToldWeeks),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not tell presence", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn list_presence(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
) -> Result<Json<ToldWeeks>, Problem> {
    let told = state.app.list_presence(&staff, &ground).await?;
    let items = told.into_iter().map(|week| ToldWeek {
        district: week.district.0,
        week: week.week.to_string(),
        visits: week.visits,
        minutes: week.minutes,
        source: week.source.code(),
    });
    Ok(Json(ToldWeeks { items: items.collect() }))
}

/// Rows as they were typed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TypedWeeks {
    /// Each takes the place of what was typed before for its district and week.
    rows: Vec<TypedWeek>,
}

/// How many rows were stored, and which were not.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoredWeeks {
    /// Rows stored.
    stored: usize,
    /// Rows refused; only a file has any.
    refused: Vec<RefusedRow>,
}

/// A row that was refused.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusedRow {
    /// Line of the file.
    line: usize,
    /// The column.
    field: String,
    /// The rule.
    rule: &'static str,
}

/// Stores presence as it was typed.
#[utoipa::path(
    put, path = "/api/v1/municipalities/{code}/presence-weeks", tag = "presence",
    operation_id = "tell_presence", params(InMunicipality), request_body = TypedWeeks,
    responses(
        (status = 200, description = "Stored", body = StoredWeeks),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not tell presence", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 422, description = "A row breaks a rule; nothing is stored", body = Document)
    )
)]
pub async fn tell_presence(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    body: Strict<TypedWeeks>,
) -> Result<Json<StoredWeeks>, Problem> {
    let rows = body.value.rows.into_iter().map(|row| PresenceDraft {
        district: row.district,
        week: row.week,
        visits: row.visits,
        minutes: row.minutes,
    });
    let rows: Vec<PresenceDraft> = rows.collect();
    let stored = state.app.tell_presence(&staff, &ground, &rows).await?;
    Ok(Json(StoredWeeks { stored, refused: Vec::new() }))
}

/// Stores presence from a CSV file with `district`, `week`, `visits` and `minutes`.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/presence-weeks", tag = "presence",
    operation_id = "import_presence", params(InMunicipality),
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 200, description = "Read to its end, refused rows or not", body = StoredWeeks),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not tell presence", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 422, description = "A column is missing", body = Document)
    )
)]
pub async fn import_presence(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    request: Request,
) -> Result<Json<StoredWeeks>, Problem> {
    let file = strict::body(request, &state).await?;
    let told = state.app.import_presence(&staff, &ground, &file).await?;
    let refused = told.refused.into_iter().map(|(line, broken)| RefusedRow {
        line,
        field: broken.field,
        rule: broken.rule,
    });
    Ok(Json(StoredWeeks { stored: told.stored, refused: refused.collect() }))
}

/// Lists the latest signed summary of each other context.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/summaries", tag = "presence",
    operation_id = "list_summaries", params(InMunicipality),
    responses(
        (status = 200, description = "The summaries: context, when made, presence, hot spots", body = Vec<Object>),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role sees no hot spots", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn list_summaries(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
) -> Result<Json<Vec<Summary>>, Problem> {
    Ok(Json(state.app.list_summaries(&staff, &ground).await?))
}
