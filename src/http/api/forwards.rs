//! `M/reports/{id}/forwards`: owners who are asked about a report by a link.

use super::paths::OneReport;
use crate::{
    app::ForwardDraft,
    http::{
        pages::origin,
        problem::{Document, Problem},
        state::{EventId, ForwardPlace, Municipal, SignedIn, State},
        strict::Strict,
    },
};
use axum::{
    Json,
    extract::State as Extract,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use fyren_core::domain::{Forward, ForwardAnswer};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An owner who was asked about a report.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Forward)]
pub struct ForwardView {
    /// Identity.
    id: String,
    /// The organisation.
    owner: String,
    /// What it is asked.
    question: Option<String>,
    /// Name of the user who asked.
    by: String,
    /// The hour in which it was asked, UTC.
    sent_at: String,
    /// When the link stops opening, UTC.
    expires_at: String,
    /// The hour in which it was first opened, UTC.
    opened_at: Option<String>,
    /// The answer.
    answer: Option<ForwardAnswerView>,
    /// The hour in which the link was taken back or its answer dealt with, UTC.
    closed_at: Option<String>,
}

/// An owner's answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ForwardAnswer)]
pub struct ForwardAnswerView {
    /// `done`, `planned` or `not_ours`.
    reply: &'static str,
    /// The day by which it is done.
    by_day: Option<String>,
    /// The same in words.
    note: Option<String>,
    /// The hour, UTC.
    at: String,
}

impl From<ForwardAnswer> for ForwardAnswerView {
    fn from(answer: ForwardAnswer) -> Self {
        Self {
            reply: answer.reply.code(),
            by_day: answer.by_day.map(|day| day.to_string()),
            note: answer.note,
            at: answer.at_hour.to_string(),
        }
    }
}

impl From<Forward> for ForwardView {
    fn from(forward: Forward) -> Self {
        Self {
            id: forward.id.to_string(),
            owner: forward.owner,
            question: forward.question,
            by: forward.by,
            sent_at: forward.sent_hour.to_string(),
            expires_at: forward.expires.to_string(),
            opened_at: forward.opened_hour.map(|at| at.to_string()),
            answer: forward.answer.map(ForwardAnswerView::from),
            closed_at: forward.closed_hour.map(|at| at.to_string()),
        }
    }
}

/// A question to an owner.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewForward {
    /// The organisation, never a person, at most 80 characters.
    owner: String,
    /// What it is asked.
    #[serde(default)]
    question: Option<String>,
    /// Days for which the link opens, 1 to 60; 14 without.
    #[serde(default)]
    days: Option<u32>,
}

/// A link that was made; it is told once.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ForwardLink {
    /// Identity of the question.
    id: String,
    /// The link, which carries its code behind `#`.
    url: String,
    /// When it stops opening, UTC.
    expires_at: String,
}

/// Asks the owner of a thing about a report by a link that needs no account
/// and takes one answer. The link is told once.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/reports/{id}/forwards", tag = "moderation",
    operation_id = "forward_report", request_body = NewForward, params(OneReport),
    responses(
        (status = 201, description = "The link", body = ForwardLink),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not moderate", body = Document),
        (status = 404, description = "No such report", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn forward_report(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    headers: HeaderMap,
    body: Strict<NewForward>,
) -> Result<impl IntoResponse, Problem> {
    let NewForward { owner, question, days } = body.value;
    let draft = ForwardDraft { owner, question, days };
    let made = state.app.forward_report(&staff, &ground, &id, &draft).await?;
    let url = format!("{}/{}/owner#{}", origin(&state, &headers), ground.code(), made.code);
    let expires_at = made.expires.to_string();
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    let link = ForwardLink { id: made.id.to_string(), url, expires_at };
    Ok((StatusCode::CREATED, no_store, Json(link)))
}

/// Lists the owners who were asked about a report, the latest first.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/reports/{id}/forwards", tag = "moderation",
    operation_id = "list_forwards", params(OneReport),
    responses(
        (status = 200, description = "The owners", body = Vec<ForwardView>),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not moderate", body = Document),
        (status = 404, description = "No such report", body = Document)
    )
)]
pub async fn list_forwards(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
) -> Result<Json<Vec<ForwardView>>, Problem> {
    let found = state.app.forwards(&staff, &ground, &id).await?;
    Ok(Json(found.into_iter().map(ForwardView::from).collect()))
}

/// Takes a link back, or says that its answer was dealt with.
#[utoipa::path(
    delete, path = "/api/v1/municipalities/{code}/reports/{id}/forwards/{forward}",
    tag = "moderation", operation_id = "close_forward",
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("id" = String, Path, description = "Identity of the report"),
        ("forward" = String, Path, description = "Identity of the question")
    ),
    responses(
        (status = 204, description = "Closed"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not moderate", body = Document),
        (status = 404, description = "No such link that is open", body = Document)
    )
)]
pub async fn close_forward(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    place: ForwardPlace,
) -> Result<StatusCode, Problem> {
    state.app.close_forward(&staff, &ground, &place.report, &place.forward).await?;
    Ok(StatusCode::NO_CONTENT)
}
