//! `M/visits`: presence is logged, corrected by adding, and read one by one.

use super::{
    paths::RepeatSafely,
    reports::{PlaceInput, header},
};
use crate::{
    app::{Ground, VisitDraft},
    http::{
        problem::{Document, Problem},
        state::{EventId, Municipal, SignedIn, State},
        strict::Strict,
    },
};
use axum::{
    Json,
    extract::State as Extract,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use fyren_core::domain::{ContactBand, Seen, Visit};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A visit as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewVisit {
    /// Code of the unit, never a name.
    unit: String,
    /// `area_police`, `police`, `fieldworkers`, `guards`, `boat_watch`, `harbour_watch`,
    /// `neighbourhood_watch`, `night_walk` or `partner`.
    unit_kind: String,
    /// Where, in exactly one way: a position, a named place or a district, never
    /// a line or a polygon.
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
    /// About how many people were talked with: `nobody`, `few` (1–5), `some`
    /// (6–20) or `many`.
    #[serde(default)]
    contacts: Option<String>,
    /// The visit that this one corrects.
    #[serde(default)]
    corrects: Option<String>,
}

/// One visit in full.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Visit)]
pub struct VisitDetail {
    /// Its identity.
    id: String,
    /// Code of the unit, never a name.
    unit: String,
    /// Kind of the unit.
    unit_kind: &'static str,
    /// Degrees east of the place; `null` where only an area is known.
    longitude: Option<f64>,
    /// Degrees north.
    latitude: Option<f64>,
    /// How far the place may be off, in metres.
    precision_m: f64,
    /// The nearest named place.
    name: Option<String>,
    /// District code.
    district: Option<String>,
    /// UTC.
    started_at: String,
    /// UTC.
    ended_at: String,
    /// Whole minutes, rounded up.
    minutes: u32,
    /// How.
    mode: &'static str,
    /// Why.
    purpose: &'static str,
    /// Codes of what was done.
    tactics: Vec<&'static str>,
    /// What was seen.
    seen: Option<&'static str>,
    /// About how many people were talked with.
    contacts: Option<&'static str>,
    /// The visit that this one corrects.
    corrects: Option<String>,
    /// Whether it says that there was no such visit.
    withdrawn: bool,
}

impl VisitDetail {
    /// How a visit is told.
    pub fn new(visit: Visit, ground: &Ground) -> Self {
        let at = visit.located.anchor.map(|(position, _)| position);
        let name = at.and_then(|at| ground.nearest_locality(at)).map(|place| place.name.clone());
        let district = visit.located.district.as_ref().map(|code| code.0.clone());
        let area = || district.as_deref().map(|code| ground.district_name(code).to_owned());
        Self {
            id: visit.id.to_string(),
            unit_kind: visit.unit_kind.code(),
            longitude: at.map(|at| at.longitude),
            latitude: at.map(|at| at.latitude),
            precision_m: visit.located.precision_m,
            name: name.or_else(area),
            district,
            started_at: visit.started_at.to_string(),
            ended_at: visit.ended_at.to_string(),
            minutes: visit.minutes(),
            mode: visit.mode.code(),
            purpose: visit.purpose.code(),
            tactics: visit.tactics.iter().map(|tactic| tactic.code()).collect(),
            seen: visit.seen.map(Seen::code),
            contacts: visit.contacts.map(ContactBand::code),
            corrects: visit.corrects.map(|id| id.to_string()),
            withdrawn: visit.withdrawn,
            unit: visit.unit,
        }
    }
}

/// One visit.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only the description of the interface reads it")]
pub struct OneVisit {
    /// Municipality code
    code: String,
    /// Identity of the visit
    id: String,
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
        contacts: sent.contacts,
        corrects: sent.corrects,
    };
    let key = header(&headers, "idempotency-key");
    let id = state.app.log_visit(&staff, &ground, draft, (key, &body.bytes)).await?;
    Ok((StatusCode::CREATED, Json(VisitView { id: id.to_string() })))
}

/// What withdraws a visit: nothing more is said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {}

/// Says that a visit never was. What was logged stays, and no longer counts.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/visits/{id}/withdraw", tag = "presence",
    operation_id = "withdraw_visit", request_body = Withdrawal, params(OneVisit, RepeatSafely),
    responses(
        (status = 201, description = "Withdrawn, by a correction with this identity", body = VisitView),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role logs no visits", body = Document),
        (status = 404, description = "No such visit in a context of the role", body = Document),
        (status = 409, description = "It was corrected already, or the key was used with an other body", body = Document)
    )
)]
pub async fn withdraw_visit(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    headers: HeaderMap,
    body: Strict<Withdrawal>,
) -> Result<impl IntoResponse, Problem> {
    let key = header(&headers, "idempotency-key");
    // The key stands for this visit: with an other it is an other request.
    let bytes = [id.as_bytes(), &body.bytes].concat();
    let id = state.app.withdraw_visit(&staff, &ground, &id, (key, &bytes)).await?;
    Ok((StatusCode::CREATED, Json(VisitView { id: id.to_string() })))
}

/// Reads one visit: unit, mode and tactics are in no layer.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/visits/{id}", tag = "presence",
    operation_id = "read_visit", params(OneVisit),
    responses(
        (status = 200, description = "The visit", body = VisitDetail),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role sees no visits", body = Document),
        (status = 404, description = "No such visit that may be seen", body = Document)
    )
)]
pub async fn read_visit(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
) -> Result<Json<VisitDetail>, Problem> {
    let visit = state.app.read_visit(&staff, &ground, &id).await?;
    Ok(Json(VisitDetail::new(visit, &ground)))
}
