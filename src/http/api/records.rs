//! `M/record-requests`: requests for documents, their secrecy review and export.

use super::paths::{InMunicipality, OneReport};
use crate::{
    app::{RecordDocument, RequestDraft, VerdictDraft},
    http::{
        language::Language,
        pages,
        problem::{Document, Problem},
        state::{EventId, Municipal, RecordPlace, SignedIn, State},
        strict::Strict,
    },
};
use axum::{
    Json,
    extract::State as Extract,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use fyren_core::domain::{RecordRequest, RecordVerdict, TextFlag};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A request for documents.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RecordRequest)]
pub struct RequestView {
    /// Identity.
    id: String,
    /// Its number in the municipality's register.
    reference: String,
    /// What is asked for.
    asked: String,
    /// Name of the user who opened it.
    opened_by: String,
    /// The hour, UTC.
    opened_at: String,
    /// The hour in which it was closed, UTC.
    closed_at: Option<String>,
    /// How many documents it has.
    documents: usize,
    /// How many of them have no verdict.
    unreviewed: usize,
}

/// A document of a request.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DocumentView {
    /// Identity of the report.
    report: String,
    /// What it is about.
    category: &'static str,
    /// The hour in which it arrived, UTC.
    received_at: String,
    /// District code.
    district: Option<String>,
    /// Its text.
    text: Option<String>,
    /// The text with what points out a person made unreadable: a proposal.
    proposed: Option<String>,
    /// What the text should be looked at for.
    flags: Vec<&'static str>,
    /// How many photos it has.
    photos: u32,
    /// `release`, `mask` or `withhold`; none before the review.
    verdict: Option<&'static str>,
    /// The paragraph of law.
    ground: Option<String>,
    /// The text as it is handed out.
    handed_out: Option<String>,
    /// Whether its photos are handed out.
    with_photos: bool,
    /// Name of the user who reviewed it.
    reviewed_by: Option<String>,
}

/// A request with its documents.
#[derive(Debug, Serialize, ToSchema)]
pub struct WholeRequest {
    /// The request.
    request: RequestView,
    /// Its documents, the first that arrived first.
    documents: Vec<DocumentView>,
}

/// A request as it is entered, and which reports it asks for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRequest {
    /// Its number in the municipality's register, at most 60 characters.
    reference: String,
    /// What is asked for, never who asks.
    asked: String,
    /// First local day of arrival.
    #[serde(default)]
    from: Option<String>,
    /// Local day of arrival after the last.
    #[serde(default)]
    to: Option<String>,
    /// Codes of categories; all of them without.
    #[serde(default)]
    categories: Vec<String>,
    /// Codes of districts; all of them without.
    #[serde(default)]
    districts: Vec<String>,
}

/// The request that was opened.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenedRequest {
    /// Its identity.
    id: String,
}

/// What the review of a document came to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordReview {
    /// `release`, `mask` or `withhold`.
    verdict: String,
    /// The paragraph of law; needed for `mask` and `withhold`.
    #[serde(default)]
    ground: Option<String>,
    /// The text as it is handed out; needed for `mask`.
    #[serde(default)]
    text: Option<String>,
    /// Whether its photos are handed out.
    #[serde(default)]
    photos: bool,
}

impl From<&RecordRequest> for RequestView {
    fn from(request: &RecordRequest) -> Self {
        Self {
            id: request.id.to_string(),
            reference: request.reference.clone(),
            asked: request.asked.clone(),
            opened_by: request.opened_by.clone(),
            opened_at: request.opened_hour.to_string(),
            closed_at: request.closed_hour.map(|at| at.to_string()),
            documents: request.items.len(),
            unreviewed: request.unreviewed(),
        }
    }
}

impl From<RecordDocument> for DocumentView {
    fn from(document: RecordDocument) -> Self {
        let RecordDocument { item, report, proposed, photos, history: _ } = document;
        let flags = report.text.as_deref().map(fyren_core::wording::flags).unwrap_or_default();
        Self {
            report: report.id.to_string(),
            category: report.category.code(),
            received_at: report.received_hour.to_string(),
            district: report.district().map(|district| district.0.clone()),
            text: report.text,
            proposed,
            flags: flags.into_iter().map(TextFlag::code).collect(),
            photos,
            verdict: item.verdict.map(RecordVerdict::code),
            ground: item.ground,
            handed_out: item.text,
            with_photos: item.photos,
            reviewed_by: item.reviewed_by,
        }
    }
}

/// Lists requests for documents, open ones first.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/record-requests", tag = "records",
    operation_id = "record_requests", params(InMunicipality),
    responses(
        (status = 200, description = "The requests", body = Vec<RequestView>),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not handle records", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn record_requests(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
) -> Result<Json<Vec<RequestView>>, Problem> {
    let found = state.app.record_requests(&staff, &ground).await?;
    Ok(Json(found.iter().map(RequestView::from).collect()))
}

/// Opens a request with the reports that it asks for. None of them is let go
/// until it is closed.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/record-requests", tag = "records",
    operation_id = "open_request", request_body = NewRequest, params(InMunicipality),
    responses(
        (status = 201, description = "Opened", body = OpenedRequest),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not handle records", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn open_request(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    body: Strict<NewRequest>,
) -> Result<impl IntoResponse, Problem> {
    let NewRequest { reference, asked, from, to, categories, districts } = body.value;
    let draft = RequestDraft { reference, asked, from, to, categories, districts };
    let id = state.app.open_request(&staff, &ground, &draft).await?;
    Ok((StatusCode::CREATED, Json(OpenedRequest { id: id.to_string() })))
}

/// Shows a request with its documents; the read is noted in the audit log.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/record-requests/{id}", tag = "records",
    operation_id = "record_request", params(OneReport),
    responses(
        (status = 200, description = "The request", body = WholeRequest),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not handle records", body = Document),
        (status = 404, description = "No such request", body = Document)
    )
)]
pub async fn record_request(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
) -> Result<impl IntoResponse, Problem> {
    let (request, documents) = state.app.record_request(&staff, &ground, &id).await?;
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    let documents = documents.into_iter().map(DocumentView::from).collect();
    Ok((no_store, Json(WholeRequest { request: RequestView::from(&request), documents })))
}

/// Sets what the review of one document came to.
#[utoipa::path(
    put, path = "/api/v1/municipalities/{code}/record-requests/{id}/documents/{report}",
    tag = "records", operation_id = "review_record", request_body = RecordReview,
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("id" = String, Path, description = "Identity of the request"),
        ("report" = String, Path, description = "Identity of the report")
    ),
    responses(
        (status = 204, description = "Noted"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not handle records", body = Document),
        (status = 404, description = "No such document in a request that is open", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn review_record(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    place: RecordPlace,
    body: Strict<RecordReview>,
) -> Result<StatusCode, Problem> {
    let RecordReview { verdict, ground: law, text, photos } = body.value;
    let draft = VerdictDraft { verdict, ground: law, text, photos };
    state.app.review_record(&staff, &ground, (&place.request, &place.report), &draft).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Closes a request: what it asked for may be let go again.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/record-requests/{id}/close", tag = "records",
    operation_id = "close_request", params(OneReport),
    responses(
        (status = 204, description = "Closed"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not handle records", body = Document),
        (status = 404, description = "No such request that is open", body = Document)
    )
)]
pub async fn close_request(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
) -> Result<StatusCode, Problem> {
    state.app.close_request(&staff, &ground, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hands out what was reviewed: a ZIP archive with a cover page and protocol
/// (`index.html`), the documents (`documents.csv`) and photos.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/record-requests/{id}/export", tag = "records",
    operation_id = "export_request", params(OneReport),
    responses(
        (status = 200, description = "The archive", body = Vec<u8>, content_type = "application/zip"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not handle records", body = Document),
        (status = 404, description = "No such request", body = Document),
        (status = 409, description = "A document has no verdict", body = Document)
    )
)]
pub async fn export_request(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let handed_out = state.app.export_request(&staff, &ground, &id).await?;
    let language = Language::of_request(None, &headers);
    let archive = pages::record_archive(state.templates, language, &ground, &handed_out)?;
    let named = format!("attachment; filename=\"records-{}.zip\"", handed_out.request.id);
    let named = HeaderValue::from_str(&named).map_err(|_odd| Problem::not_found())?;
    let head = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/zip")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (header::CONTENT_DISPOSITION, named),
    ];
    Ok((head, archive).into_response())
}
