//! `M/reports/{id}`: what staff see and do of one report.

use super::{
    paths::OneReport,
    receipt::{AnswerView, MessageView, StepView, answers},
};
use crate::{
    app::{Neighbour, ReportDetail, StepDraft},
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
use fyren_core::domain::{
    Detail, Factor, Feeling, Flags, Id, PublicityClass, QuarantineReason, Report, ReportStatus,
    TextFlag, Violation, When,
};
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
    /// Answers to what its category asks.
    details: Vec<&'static str>,
    /// What its text should be looked at for: `danger`, `personal_number`, `phone`, `email`,
    /// `plate`, `name`.
    flags: Vec<&'static str>,
    /// How many photos it has; `photos/0` is the first.
    photos: u32,
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
    /// What was seen when the server put it aside by itself.
    quarantine_note: Option<String>,
    /// When.
    when: TimeView,
    /// `citizen` or `trained`.
    source_class: &'static str,
    /// The word of the system that it was imported from.
    foreign_category: Option<String>,
    /// Whether it is published as a defect.
    published: bool,
    /// Whether it tells of a defect that may be published.
    publishable: bool,
    /// The report that it was merged into.
    merged_into: Option<String>,
    /// The earlier report that it repeats.
    duplicate_of: Option<String>,
    /// Reports that were merged into it.
    merged: Vec<String>,
    /// Reports that repeat it.
    repeats: Vec<String>,
    /// At most 20 reports within 100 m and 90 days, the nearest first.
    neighbours: Vec<NeighbourView>,
    /// The hour in which it arrived, UTC.
    received_at: String,
    /// Its steps.
    history: Vec<StepView>,
    /// Answers given.
    answers: Vec<AnswerView>,
    /// What its sender and staff have written to each other, oldest first.
    thread: Vec<MessageView>,
}

/// A time as it was told; what is not known is left out.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimeView {
    /// The instant, or the start, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    /// The end, exclusive, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    /// `minute`, `hour`, `day_part`, `day`, `month` or `unknown`.
    precision: &'static str,
    /// Hours of the day, where it happens again and again.
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<Vec<u8>>,
    /// Days of the week, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    weekdays: Option<Vec<&'static str>>,
    /// Seasons, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    seasons: Option<Vec<&'static str>>,
}

impl From<&When> for TimeView {
    fn from(when: &When) -> Self {
        let (from, to) = when.span();
        let mut view = Self {
            from: from.map(|at| at.to_string()),
            to: to.map(|at| at.to_string()),
            precision: when.precision().code(),
            ..Self::default()
        };
        if let When::Recurring { hours, weekdays, seasons } = when {
            view.hours = Some((0..24_u8).filter(|hour| hours.bits() >> hour & 1 == 1).collect());
            view.weekdays = Some(weekdays.codes().collect());
            view.seasons = Some(seasons.codes().collect());
        }
        view
    }
}

/// A report within 100 m and 90 days.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NeighbourView {
    /// Identity.
    id: String,
    /// What it is about.
    category: String,
    /// Where it stands.
    status: String,
    /// Metres between the two, rounded up.
    metres: f64,
    /// The hour in which it arrived, UTC.
    received_at: String,
    /// Whether it is kept out of rankings and releases.
    quarantined: bool,
    /// Whether it is merged into an other one.
    merged: bool,
    /// Whether it repeats an earlier one.
    duplicate: bool,
}

impl From<Neighbour> for NeighbourView {
    fn from(near: Neighbour) -> Self {
        Self {
            id: near.id.to_string(),
            category: near.category,
            status: near.status,
            metres: near.metres.ceil(),
            received_at: near.received_hour.to_string(),
            quarantined: near.flags.has(Flags::QUARANTINED),
            merged: near.flags.has(Flags::MERGED),
            duplicate: near.flags.has(Flags::DUPLICATE),
        }
    }
}

/// The report that an other one is merged into.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// Its identity.
    into: String,
}

/// The earlier report that a report repeats.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Duplicate {
    /// Its identity; none says that the report repeats nothing.
    of: Option<String>,
}

impl From<ReportDetail> for ReportView {
    fn from(detail: ReportDetail) -> Self {
        let ReportDetail {
            report,
            history,
            thread,
            flags,
            photos,
            quarantine_note,
            merged,
            repeats,
            neighbours,
        } = detail;
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
            details: report.details.iter().copied().map(Detail::code).collect(),
            flags: flags.into_iter().map(TextFlag::code).collect(),
            photos,
            feeling: report.feeling.map(Feeling::code),
            text: report.text.clone(),
            channel: report.channel.code(),
            voices: report.voices,
            quarantine: report.quarantine.map(QuarantineReason::code),
            quarantine_note,
            when: TimeView::from(&report.when),
            source_class: report.source_class.code(),
            foreign_category: report.foreign_category.clone(),
            published: report.published,
            publishable: publishable(&report),
            merged_into: report.merged_into.map(|id| id.to_string()),
            duplicate_of: report.duplicate_of.map(|id| id.to_string()),
            merged: merged.iter().map(Id::to_string).collect(),
            repeats: repeats.iter().map(Id::to_string).collect(),
            neighbours: neighbours.into_iter().map(NeighbourView::from).collect(),
            received_at: report.received_hour.to_string(),
            history: history.iter().map(StepView::from).collect(),
            answers: answers(history, &thread),
            thread: thread.into_iter().map(MessageView::from).collect(),
        }
    }
}

/// Whether the report tells of a defect that a moderator may publish.
pub(super) fn publishable(report: &Report) -> bool {
    report.category.publicity() == PublicityClass::Points
        && report.quarantine.is_none()
        && report.status != ReportStatus::Merged
        && report.located.anchor.is_some()
        && !report.published
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
    params(OneReport),
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
    params(OneReport),
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
    params(OneReport),
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
            let reason = QuarantineReason::parse(code)
                .filter(|reason| *reason != QuarantineReason::Withdrawn);
            Some(reason.ok_or_else(|| Violation::new("reason", "unknown_value"))?)
        }
    };
    state.app.quarantine_report(&staff, &ground, &id, reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Merges a report into an other one, whose voices grow by its own; the status
/// `triaged` undoes it.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/reports/{id}/merge", tag = "reports",
    operation_id = "merge_report", request_body = Merge, params(OneReport),
    responses(
        (status = 204, description = "Done"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not moderate", body = Document),
        (status = 404, description = "No such report", body = Document),
        (status = 409, description = "They cannot be merged", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn merge_report(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    body: Strict<Merge>,
) -> Result<StatusCode, Problem> {
    state.app.merge_report(&staff, &ground, &id, &body.value.into).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says that a report repeats an earlier one, or that it does not.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/reports/{id}/duplicate", tag = "reports",
    operation_id = "mark_duplicate", request_body = Duplicate, params(OneReport),
    responses(
        (status = 204, description = "Done"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not moderate", body = Document),
        (status = 404, description = "No such report", body = Document),
        (status = 409, description = "A report cannot repeat itself", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn mark_duplicate(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    body: Strict<Duplicate>,
) -> Result<StatusCode, Problem> {
    state.app.mark_duplicate(&staff, &ground, &id, body.value.of.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}
