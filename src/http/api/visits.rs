//! `POST M/visits`: presence is logged.

use super::reports::{PlaceInput, header};
use crate::{
    app::VisitDraft,
    http::{
        problem::{Document, Problem},
        state::{Municipal, SignedIn, State},
        strict::Strict,
    },
};
use axum::{
    Json,
    extract::State as Extract,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A visit as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewVisit {
    /// Code of the unit, never a name.
    unit: String,
    /// `area_police`, `police`, `fieldworkers`, `guards`, `boat_watch`,
    /// `neighbourhood_watch` or `partner`.
    unit_kind: String,
    /// Where, in exactly one way; one place a visit.
    place: PlaceInput,
    /// RFC 3339, or local time of the municipality.
    started_at: String,
    /// RFC 3339, or local time; after the start, at most 24 hours later.
    ended_at: String,
    /// `foot`, `bicycle`, `car`, `boat` or `mobile_office`.
    mode: String,
    /// `presence`, `follow_up`, `traffic_control`, `sobriety_control`, `narcotics`,
    /// `school`, `meeting`, `mobile_office`, `event` or `safety_walk`.
    purpose: String,
    /// Codes of what was done.
    #[serde(default)]
    tactics: Vec<String>,
    /// `nothing`, `defect`, `disorder` or `crime`.
    #[serde(default)]
    seen: Option<String>,
    /// The visit that this one corrects.
    #[serde(default)]
    corrects: Option<String>,
}

/// The visit that was stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitView {
    /// Its identity.
    id: String,
}

/// Logs a visit in the context of its unit.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/visits", tag = "presence",
    operation_id = "log_visit", request_body = NewVisit,
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the sender, 1 to 128 visible characters")
    ),
    responses(
        (status = 201, description = "Stored", body = VisitView),
        (status = 400, description = "Malformed, or no Idempotency-Key", body = Document),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not log this unit's visits", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 409, description = "The key was used with an other body", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn log_visit(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    headers: HeaderMap,
    body: Strict<NewVisit>,
) -> Result<impl IntoResponse, Problem> {
    let sent = body.value;
    let draft = VisitDraft {
        unit: sent.unit,
        unit_kind: sent.unit_kind,
        place: sent.place.draft()?,
        started_at: sent.started_at,
        ended_at: sent.ended_at,
        mode: sent.mode,
        purpose: sent.purpose,
        tactics: sent.tactics,
        seen: sent.seen,
        corrects: sent.corrects,
    };
    let key = header(&headers, "idempotency-key");
    let id = state.app.log_visit(&staff, &ground, draft, (key, &body.bytes)).await?;
    Ok((StatusCode::CREATED, Json(VisitView { id: id.to_string() })))
}
