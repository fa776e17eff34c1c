//! What the server says of itself.

use crate::http::{
    problem::{Document, Problem},
    query::Pairs,
    state::{Municipal, State},
};
use axum::{Json, extract::State as Extract, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

/// What this interface is, by Sweden's REST API profile.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the profile names its fields so")]
pub struct ApiInfo {
    /// Name.
    api_name: &'static str,
    /// Version of the interface.
    api_version: &'static str,
    /// Day of that version.
    api_released: &'static str,
    /// Where it is described.
    api_documentation: String,
    /// `active`, or `deprecated`.
    api_status: &'static str,
}

/// A municipality in a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MunicipalityView {
    /// Code and slug.
    code: String,
    /// Short name.
    name: String,
    /// Full name.
    full_name: String,
    /// Whether it holds synthetic reports.
    synthetic: bool,
}

/// Whether the process answers.
#[utoipa::path(get, path = "/healthz", tag = "server", operation_id = "healthz",
    responses((status = 200, description = "The process answers", body = String)))]
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// Whether the stores can be used; does not wait for indexes.
#[utoipa::path(get, path = "/readyz", tag = "server", operation_id = "readyz",
    responses(
        (status = 200, description = "Stores can be used", body = String),
        (status = 503, description = "A store cannot", body = Document)
    ))]
pub async fn readyz(Extract(state): Extract<State>) -> Result<&'static str, Problem> {
    state.app.readiness().await?;
    Ok("ready\n")
}

/// What this interface is.
#[utoipa::path(get, path = "/api/v1/api-info", tag = "server", operation_id = "api_info",
    responses((status = 200, description = "About this interface", body = ApiInfo)))]
pub async fn api_info(Extract(state): Extract<State>) -> Json<ApiInfo> {
    Json(ApiInfo {
        api_name: "Fyren",
        api_version: env!("CARGO_PKG_VERSION"),
        api_released: "2026-11-22",
        api_documentation: format!("{}/api/v1/openapi.json", state.public_url),
        api_status: "active",
    })
}

/// A part of the list of municipalities.
#[derive(Debug, Serialize, ToSchema)]
pub struct MunicipalityList {
    /// The municipalities, by name.
    items: Vec<MunicipalityView>,
    /// How many there are in all.
    total: usize,
    /// How many were asked for at most.
    limit: usize,
    /// How many were passed over.
    offset: usize,
}

/// The municipalities of this installation, by name.
#[utoipa::path(get, path = "/api/v1/municipalities", tag = "server",
    operation_id = "list_municipalities",
    params(
        ("limit" = Option<usize>, Query, description = "1 to 1 000, default 20"),
        ("offset" = Option<usize>, Query, description = "Default 0")
    ),
    responses(
        (status = 200, description = "A part of the list", body = MunicipalityList),
        (status = 400, description = "A parameter breaks a rule", body = Document)
    ))]
pub async fn list_municipalities(
    Extract(state): Extract<State>,
    pairs: Pairs,
) -> Result<Json<MunicipalityList>, Problem> {
    let page = pairs.page()?;
    let all = state.app.municipalities().await?;
    let total = all.len();
    let items = all.into_iter().skip(page.offset).take(page.limit).map(|found| MunicipalityView {
        code: found.code.to_string(),
        name: found.name,
        full_name: found.full_name,
        synthetic: found.synthetic,
    });
    Ok(Json(MunicipalityList {
        items: items.collect(),
        total,
        limit: page.limit,
        offset: page.offset,
    }))
}

/// One municipality.
#[utoipa::path(get, path = "/api/v1/municipalities/{code}", tag = "server",
    operation_id = "show_municipality",
    params(("code" = String, Path, description = "Municipality code")),
    responses(
        (status = 200, description = "The municipality", body = MunicipalityView),
        (status = 404, description = "No such municipality", body = Document)
    ))]
pub async fn show_municipality(Municipal(ground): Municipal) -> Json<MunicipalityView> {
    let municipality = &ground.municipality;
    Json(MunicipalityView {
        code: municipality.code.to_string(),
        name: municipality.name.clone(),
        full_name: municipality.full_name.clone(),
        synthetic: municipality.synthetic,
    })
}

/// Nothing is at this address.
pub async fn nothing_here() -> StatusCode {
    StatusCode::NOT_FOUND
}
