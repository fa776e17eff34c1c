//! `GET /api/v1/receipt`: what became of my report.

use super::{categories::Names, reports::header};
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
use fyren_core::domain::StatusChange;
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
    /// Questions and answers to and fro; empty until somebody asks.
    thread: Vec<AnswerView>,
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
    /// Organisation that answers.
    organisation: String,
    /// The answer.
    text: String,
}

impl From<app::ReceiptView> for StatusView {
    fn from(view: app::ReceiptView) -> Self {
        let app::ReceiptView { report, history } = view;
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
            answers: history.into_iter().filter_map(answer).collect(),
            thread: Vec::new(),
        }
    }
}

/// The answer given at a step, if any.
pub fn answer(step: StatusChange) -> Option<AnswerView> {
    let at = step.at_hour.to_string();
    step.answer.map(|text| AnswerView { at, organisation: step.organisation, text })
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
    let code = header(&headers, "authorization").strip_prefix("Receipt ");
    let code = code.ok_or(app::Error::Unauthenticated)?;
    let found = match ReceiptKey::parse(code) {
        Some(key) => state.app.read_receipt(&key).await,
        None => Err(app::Error::NotFound),
    };
    if matches!(found, Err(app::Error::NotFound)) {
        state.guesses.take(network)?;
    }
    let no_store = [(names::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((no_store, Json(StatusView::from(found?))))
}
