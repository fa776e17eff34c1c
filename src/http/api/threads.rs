//! `M/reports/{id}/messages`, `M/unanswered` and `/api/v1/receipt/messages`: staff and the
//! sender of a report write to each other.

use super::{
    mail::guessed,
    paths::{InMunicipality, OneReport, RepeatSafely},
    receipt::receipt_key,
    reports::header,
};
use crate::{
    app::{self, ANSWER_DAYS, ReplyDraft, Waited},
    http::{
        problem::{Document, Problem},
        state::{EventId, Municipal, Network, SignedIn, State},
        strict::{self, Strict},
        upload,
    },
};
use axum::{
    Json,
    extract::{FromRequest, Request, State as Extract},
    http::{HeaderMap, HeaderValue, StatusCode, header as names},
    response::IntoResponse,
};
use fyren_core::domain::Violation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What staff write.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffMessage {
    /// `answer` or `question`.
    kind: String,
    /// At most 2 000 characters, read by whoever holds the receipt.
    text: String,
}

/// What the sender of a report writes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// `reply`, `solved`, `not_solved` or `withdrawn`; the verdicts only once it is closed.
    kind: String,
    /// At most 2 000 characters, read by staff alone.
    #[serde(default)]
    text: Option<String>,
}

/// Who waits for an answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Unanswered {
    /// Working days within which a sender is to have an answer.
    answer_days: u32,
    /// How many have waited longer.
    overdue: usize,
    /// Whoever has waited longest first.
    items: Vec<WaitingView>,
}

/// A report whose sender waits.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WaitingView {
    /// Identity of the report.
    id: String,
    /// What it is about.
    category: &'static str,
    /// District code.
    district: Option<String>,
    /// Where it stands.
    status: &'static str,
    /// `answer`: the first; `reply`: that somebody reads what was written since; `reopened`:
    /// that it is taken up again.
    waits_for: &'static str,
    /// Since which hour, UTC.
    since: String,
    /// Whole working days since.
    working_days: u32,
    /// Whether that is too long.
    overdue: bool,
}

impl From<Waited> for WaitingView {
    fn from(waited: Waited) -> Self {
        let (overdue, working_days) = (waited.is_overdue(), waited.working_days);
        let waiting = waited.waiting;
        Self {
            id: waiting.id.to_string(),
            category: waiting.category.code(),
            district: waiting.district.map(|district| district.0),
            status: waiting.status.code(),
            waits_for: waiting.what.code(),
            since: waiting.since.to_string(),
            working_days,
            overdue,
        }
    }
}

/// Answers the sender of a report, or asks back. Whoever reads it is told the
/// organisation and the role of the grant, never a person.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/reports/{id}/messages", tag = "reports",
    operation_id = "answer_report", request_body = StaffMessage,
    params(OneReport, RepeatSafely),
    responses(
        (status = 201, description = "Stored"),
        (status = 400, description = "Malformed, or no Idempotency-Key", body = Document),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not answer", body = Document),
        (status = 404, description = "No such report", body = Document),
        (status = 409, description = "The key was used with an other body, or no text of the report is kept", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn answer_report(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    headers: HeaderMap,
    body: Strict<StaffMessage>,
) -> Result<StatusCode, Problem> {
    let StaffMessage { kind, text } = &body.value;
    let request = (header(&headers, "idempotency-key"), &body.bytes[..]);
    state.app.answer_report(&staff, &ground, &id, (kind, text), request).await?;
    Ok(StatusCode::CREATED)
}

/// Says that what the sender of a report wrote has been read.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/reports/{id}/messages/read", tag = "reports",
    operation_id = "mark_thread_read", params(OneReport),
    responses(
        (status = 204, description = "Done"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not answer", body = Document),
        (status = 404, description = "No such report", body = Document)
    )
)]
pub async fn mark_thread_read(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
) -> Result<StatusCode, Problem> {
    state.app.mark_thread_read(&staff, &ground, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists the reports whose senders wait, and since when.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/unanswered", tag = "reports",
    operation_id = "list_waiting", params(InMunicipality),
    responses(
        (status = 200, description = "Whoever has waited longest first; comes whole", body = Unanswered),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not answer", body = Document)
    )
)]
pub async fn list_waiting(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
) -> Result<impl IntoResponse, Problem> {
    let waiting = state.app.list_waiting(&staff, &ground).await?;
    let view = Unanswered {
        answer_days: ANSWER_DAYS,
        overdue: waiting.iter().filter(|waited| waited.is_overdue()).count(),
        items: waiting.into_iter().map(WaitingView::from).collect(),
    };
    Ok(([(names::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(view)))
}

/// Says more about a report with its receipt, adds photos, or judges what was
/// done; `not_solved` opens it again. `withdrawn` takes it back: it counts
/// nowhere from then on, its contact is deleted, and it is erased at once where
/// the decision about what was taken back says so; then nothing has this
/// receipt any more. Only failed look-ups are throttled.
///
/// With photos the body is `multipart/form-data`: the JSON document as the
/// field `message`, and files `photo` as with the report, six in all.
#[utoipa::path(
    post, path = "/api/v1/receipt/messages", tag = "reports", operation_id = "reply_to_answer",
    request_body = Reply,
    params(
        ("Authorization" = String, Header, description = "`Receipt CODE`"),
        RepeatSafely
    ),
    responses(
        (status = 201, description = "Stored"),
        (status = 400, description = "Malformed, or no Idempotency-Key", body = Document),
        (status = 401, description = "No receipt was given", body = Document),
        (status = 404, description = "No report has this receipt", body = Document),
        (status = 409, description = "Not closed, taken back, nothing is kept of it, too many photos, or the key was used with an other body", body = Document),
        (status = 413, description = "Too large", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document),
        (status = 429, description = "Too many requests from this network", body = Document)
    )
)]
pub async fn reply_to_answer(
    Extract(state): Extract<State>,
    Network(network): Network,
    request: Request,
) -> Result<StatusCode, Problem> {
    state.limiter.take(network)?;
    let headers = request.headers().clone();
    let key = receipt_key(&headers)?;
    let (body, photos) = received(request, &state).await?;
    let Reply { kind, text } = body.value;
    let draft = ReplyDraft { kind, text, photos };
    let id = header(&headers, "idempotency-key");
    let done = match &key {
        Some(key) => state.app.reply_to_answer(key, &draft, (id, &body.bytes)).await,
        None => Err(app::Error::NotFound),
    };
    guessed(&state, network, done)?;
    Ok(StatusCode::CREATED)
}

/// The message of a request, its bytes to tell repetitions by, and its photos.
async fn received(
    request: Request,
    state: &State,
) -> Result<(Strict<Reply>, Vec<Vec<u8>>), Problem> {
    if !upload::is_upload(request.headers()) {
        return Ok((Strict::from_request(request, state).await?, Vec::new()));
    }
    let (parts, body) = request.into_parts();
    let form = upload::read(&parts.headers, body).await?;
    let needed = || Problem::invalid(vec![Violation::new("message", "required")]);
    let message = form.fields.iter().find(|(name, _)| name == "message").ok_or_else(needed)?;
    let value = strict::parse(message.1.as_bytes())?;
    let bytes = form.canonical().into();
    Ok((Strict { value, bytes }, form.photos))
}
