//! `M/reports/check`: what a text should be looked at for before it is sent.

use crate::{
    app::draft,
    http::{
        problem::{Document, Problem},
        state::{Municipal, Network, State},
        strict::Strict,
    },
};
use axum::{Json, extract::State as Extract};
use fyren_core::{domain::TextFlag, wording};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A text that somebody is about to send.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The text, at most 2 000 characters.
    text: String,
}

/// What the text should be looked at for.
#[derive(Debug, Serialize, ToSchema)]
pub struct Checked {
    /// Whether it seems to tell of something that is going on: show 112 first.
    danger: bool,
    /// What points out a person: `personal_number`, `phone`, `email`, `plate`, `name`.
    personal: Vec<&'static str>,
}

/// Says whether a text tells of a danger or points out a person. The text is
/// neither kept nor logged.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/reports/check", tag = "reports",
    operation_id = "check_text", request_body = Draft,
    params(("code" = String, Path, description = "Municipality code")),
    responses(
        (status = 200, description = "What was found", body = Checked),
        (status = 404, description = "No such municipality", body = Document),
        (status = 422, description = "The text breaks a rule", body = Document),
        (status = 429, description = "Too many requests from this network", body = Document)
    )
)]
pub async fn check_text(
    Extract(state): Extract<State>,
    Municipal(_ground): Municipal,
    Network(network): Network,
    body: Strict<Draft>,
) -> Result<Json<Checked>, Problem> {
    state.limiter.take(network)?;
    let text =
        draft::text("text", Some(&body.value.text)).map_err(|v| Problem::invalid(vec![v]))?;
    let found = text.as_deref().map(wording::flags).unwrap_or_default();
    let personal = found.iter().filter(|flag| **flag != TextFlag::Danger);
    Ok(Json(Checked {
        danger: found.contains(&TextFlag::Danger),
        personal: personal.map(|flag| flag.code()).collect(),
    }))
}
