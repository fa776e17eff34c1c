//! `M/defects/{id}/voices`: "I feel it too".

use super::reports::source_token;
use crate::http::{
    problem::{Document, Problem},
    state::{EventId, Municipal, Network, State},
};
use axum::{Json, extract::State as Extract, http::HeaderMap};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

/// A published defect.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only the description of the interface reads it")]
pub struct OneDefect {
    /// Municipality code
    code: String,
    /// Identity of the defect in the layer `defects`
    id: String,
}

/// What became of a voice.
#[derive(Debug, Serialize, ToSchema)]
pub struct Voice {
    /// Whether it is new: a source has one voice on each defect.
    new: bool,
}

/// Adds a voice to a published defect. It counts for those who decide, under
/// the caps of reports, and changes nothing that is public.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/defects/{id}/voices", tag = "reports",
    operation_id = "add_voice",
    params(
        OneDefect,
        ("Fyren-Source" = Option<String>, Header, description = "Random token that the browser keeps")
    ),
    responses(
        (status = 200, description = "It counts, or counted already", body = Voice),
        (status = 400, description = "The token is malformed", body = Document),
        (status = 404, description = "No such published defect", body = Document),
        (status = 409, description = "It is mended, or will not be", body = Document),
        (status = 429, description = "Too many from this network", body = Document)
    )
)]
pub async fn add_voice(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    Network(network): Network,
    EventId(id): EventId,
    headers: HeaderMap,
) -> Result<Json<Voice>, Problem> {
    state.limiter.take(network)?;
    let token = source_token(&headers)?;
    let network = state.limiter.limits().then_some(network);
    let new = state.app.add_voice(&ground, &id, (token.as_deref(), network)).await?;
    Ok(Json(Voice { new }))
}
