//! `M/reports/{id}`: what staff see and do of one report.

use super::receipt::{AnswerView, StepView};
use crate::{
    app::StepDraft,
    http::{
        problem::{Document, Problem},
        state::{EventId, Municipal, SignedIn, State},
        strict::Strict,
    },
};
use axum::{
    Json,
    extract::State as Extract,
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use fyren_core::domain::{Factor, Feeling, QuarantineReason, Report, StatusChange, Violation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One report as staff see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportView {
    /// Identity.
    id: String,
    /// What it is about.
    category: &'static str,
    /// Where it stands.
    status: &'static str,
    /// The statuses that may follow.
    next: Vec<&'static str>,
    /// Degrees east, where a point is known.
    longitude: Option<f64>,
    /// Degrees north, where a point is known.
    latitude: Option<f64>,
    /// Radius in metres that covers the place.
    precision_m: f64,
    /// District code.
    district: Option<String>,
    /// What makes the place feel so.
    factors: Vec<&'static str>,
    /// How it feels.
    feeling: Option<&'static str>,
    /// Free text.
    text: Option<String>,
    /// By which way it came.
    channel: &'static str,
    /// People who feel the same.
    voices: u32,
    /// Why it is kept out of rankings and releases.
    quarantine: Option<&'static str>,
    /// The hour in which it arrived, UTC.
    received_at: String,
    /// Its steps.
    history: Vec<StepView>,
    /// Answers given.
    answers: Vec<AnswerView>,
}

impl From<(Report, Vec<StatusChange>)> for ReportView {
    fn from((report, history): (Report, Vec<StatusChange>)) -> Self {
        let position = report.located.anchor.map(|(position, _)| position);
        Self {
            id: report.id.to_string(),
            category: report.category.code(),
            status: report.status.code(),
            next: report.status.next().iter().map(|status| status.code()).collect(),
            longitude: position.map(|position| position.longitude),
            latitude: position.map(|position| position.latitude),
            precision_m: report.located.precision_m,
            district: report.district().map(|district| district.0.clone()),
            factors: report.factors.iter().copied().map(Factor::code).collect(),
            feeling: report.feeling.map(Feeling::code),
            text: report.text,
            channel: report.channel.code(),
            voices: report.voices,
            quarantine: report.quarantine.map(QuarantineReason::code),
            received_at: report.received_hour.to_string(),
            history: history.iter().map(StepView::from).collect(),
            answers: history.into_iter().filter_map(super::receipt::answer).collect(),
        }
    }
}

/// A step on a report's way.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The status to reach.
    status: String,
    /// The answer as the resident reads it; needed for `not_done` and `referred`.
    #[serde(default)]
    answer: Option<String>,
}

/// Why a report is put aside.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Quarantine {
    /// `burst`, `same_text` or `staff`; none lets it back in.
    reason: Option<String>,
}

/// Shows one report with its text; the read is noted in the audit log.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/reports/{id}", tag = "reports",
    operation_id = "read_report",
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("id" = String, Path, description = "Identity of the report")
    ),
    responses(
        (status = 200, description = "The report", body = ReportView),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not read reports", body = Document),
        (status = 404, description = "No such report", body = Document)
    )
)]
pub async fn read_report(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
) -> Result<impl IntoResponse, Problem> {
    let found = state.app.read_report(&staff, &ground, &id).await?;
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((no_store, Json(ReportView::from(found))))
}

/// Moves a report on its way, with an answer to the resident.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/reports/{id}/status", tag = "reports",
    operation_id = "change_status", request_body = Step,
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("id" = String, Path, description = "Identity of the report")
    ),
    responses(
        (status = 204, description = "Done"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not moderate", body = Document),
        (status = 404, description = "No such report", body = Document),
        (status = 409, description = "The status may not follow the present one", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn change_status(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    body: Strict<Step>,
) -> Result<StatusCode, Problem> {
    let Step { status, answer } = body.value;
    state.app.change_status(&staff, &ground, &id, StepDraft { status, answer }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Keeps a report out of rankings and releases, or lets it back in.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/reports/{id}/quarantine", tag = "reports",
    operation_id = "quarantine_report", request_body = Quarantine,
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("id" = String, Path, description = "Identity of the report")
    ),
    responses(
        (status = 204, description = "Done"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not moderate", body = Document),
        (status = 404, description = "No such report", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn quarantine_report(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    body: Strict<Quarantine>,
) -> Result<StatusCode, Problem> {
    let reason = match body.value.reason.as_deref() {
        None => None,
        Some(code) => {
            let reason = QuarantineReason::parse(code);
            Some(reason.ok_or_else(|| Violation::new("reason", "unknown_value"))?)
        }
    };
    state.app.quarantine_report(&staff, &ground, &id, reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
