//! `GET /api/v1/receipt`: what became of my report.

use super::{categories::Names, mail::guessed, reports::header};
use crate::{
    app::{self, ReceiptKey},
    http::{
        problem::{Document, Problem},
        state::{Network, State},
    },
};
use axum::{
    Json,
    extract::State as Extract,
    http::{HeaderMap, HeaderValue, header as names},
    response::IntoResponse,
};
use fyren_core::domain::{Message, MessageKind, Role, StatusChange, organisation};
use serde::Serialize;
use utoipa::ToSchema;

/// A report as its sender sees it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusView {
    /// Municipality code.
    municipality: String,
    /// What it is about.
    category: &'static str,
    /// The same in words.
    category_name: Names,
    /// Where it stands.
    status: &'static str,
    /// The hour in which it arrived, UTC.
    received_at: String,
    /// People who feel the same, the sender included.
    voices: u32,
    /// The way so far, the arrival first.
    history: Vec<StepView>,
    /// Answers given, oldest first.
    answers: Vec<AnswerView>,
    /// What its sender and staff have written to each other, oldest first.
    thread: Vec<MessageView>,
    /// Whether it is closed, so that its sender may say `solved` or `not_solved`.
    may_judge: bool,
    /// Whether what its sender writes is kept; of some categories nothing is.
    keeps_text: bool,
    /// Photos that it has.
    photos: u32,
}

/// A step of a report's way.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepView {
    /// The status reached.
    status: &'static str,
    /// The hour, UTC.
    at: String,
}

impl From<&StatusChange> for StepView {
    fn from(step: &StatusChange) -> Self {
        Self { status: step.status.code(), at: step.at_hour.to_string() }
    }
}

/// An answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerView {
    /// The hour, UTC.
    at: String,
    /// Organisation that answers: `municipality` or `police`.
    organisation: String,
    /// The role in it, where that is known; never a person.
    role: Option<&'static str>,
    /// The answer.
    text: String,
}

/// A message about a report.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageView {
    /// `answer` and `question` of staff, `reply`, `solved`, `not_solved` and `withdrawn`
    /// of the sender.
    kind: &'static str,
    /// The hour, UTC.
    at: String,
    /// Organisation of staff; none for the sender of the report.
    organisation: Option<&'static str>,
    /// The role in it.
    role: Option<&'static str>,
    /// What it says.
    text: Option<String>,
    /// Photos that came with it.
    photos: u32,
    /// Position of the first of them among the report's.
    #[serde(rename = "firstPhoto")]
    first_photo: u32,
    /// Whether staff have read it.
    seen: bool,
    /// Steps of the report's way that stood before it.
    #[serde(rename = "afterStep")]
    after_step: u32,
}

impl From<Message> for MessageView {
    fn from(message: Message) -> Self {
        Self {
            kind: message.kind.code(),
            at: message.at_hour.to_string(),
            organisation: message.role.map(organisation),
            role: message.role.map(Role::code),
            text: message.text,
            photos: message.photos,
            first_photo: message.first_photo,
            seen: message.seen,
            after_step: message.after_step,
        }
    }
}

impl From<app::ReceiptView> for StatusView {
    fn from(view: app::ReceiptView) -> Self {
        let (may_judge, keeps_text) = (view.may_judge(), view.keeps_text());
        let app::ReceiptView { report, history, thread, photos, .. } = view;
        let (sv, en) = report.category.names();
        let arrival = StepView { status: "received", at: report.received_hour.to_string() };
        let steps = history.iter().map(StepView::from);
        Self {
            municipality: report.municipality.to_string(),
            category: report.category.code(),
            category_name: Names::new(sv, en),
            status: report.status.code(),
            received_at: report.received_hour.to_string(),
            voices: report.voices,
            history: std::iter::once(arrival).chain(steps).collect(),
            answers: answers(history, &thread),
            thread: thread.into_iter().map(MessageView::from).collect(),
            may_judge,
            keeps_text,
            photos,
        }
    }
}

/// The answers given at steps and in a thread, oldest first.
pub fn answers(history: Vec<StatusChange>, thread: &[Message]) -> Vec<AnswerView> {
    let at_steps = history.into_iter().filter_map(|step| {
        let role = step.role.map(Role::code);
        let at = step.at_hour.to_string();
        step.answer.map(|text| AnswerView { at, organisation: step.organisation, role, text })
    });
    let written = thread.iter().filter(|message| message.kind == MessageKind::Answer);
    let written = written.filter_map(|message| {
        let role = message.role?;
        Some(AnswerView {
            at: message.at_hour.to_string(),
            organisation: organisation(role).to_owned(),
            role: Some(role.code()),
            text: message.text.clone()?,
        })
    });
    let mut answers: Vec<AnswerView> = at_steps.chain(written).collect();
    answers.sort_by(|a, b| a.at.cmp(&b.at));
    answers
}

/// Shows the report behind a receipt or its four words, given as
/// `Authorization: Receipt CODE`. Only failed look-ups are throttled.
#[utoipa::path(
    get, path = "/api/v1/receipt", tag = "reports", operation_id = "read_receipt",
    params(("Authorization" = String, Header, description = "`Receipt CODE`")),
    responses(
        (status = 200, description = "The report", body = StatusView),
        (status = 401, description = "No receipt was given", body = Document),
        (status = 404, description = "No report has this receipt", body = Document),
        (status = 429, description = "Too many failed look-ups", body = Document)
    )
)]
pub async fn read_receipt(
    Extract(state): Extract<State>,
    Network(network): Network,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let key = receipt_key(&headers)?;
    let found = match &key {
        Some(key) => state.app.read_receipt(key).await,
        None => Err(app::Error::NotFound),
    };
    let found = guessed(&state, network, found)?;
    let no_store = [(names::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((no_store, Json(StatusView::from(found))))
}

/// The receipt of `Authorization: Receipt CODE`; `None` for one of no form.
///
/// # Errors
/// 401 where none was given.
pub fn receipt_key(headers: &HeaderMap) -> Result<Option<ReceiptKey>, Problem> {
    let code = header(headers, "authorization").strip_prefix("Receipt ");
    let code = code.ok_or(app::Error::Unauthenticated)?;
    Ok(ReceiptKey::parse(code))
}
