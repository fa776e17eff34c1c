//! `M/reports/{id}/redactions`: parts of a report made unreadable, with their history.

use super::paths::OneReport;
use crate::{
    app::{self, MaskDraft, Original, PhotoArea},
    http::{
        problem::{Document, Problem},
        state::{EventId, Municipal, PhotoPlace, SignedIn, State},
        strict::Strict,
    },
};
use axum::{
    Json,
    extract::State as Extract,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use fyren_core::domain::{MaskedPart, Redaction, TextFlag, Violation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One masking of a report.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Redaction)]
pub struct RedactionView {
    /// Its number, from 1.
    step: u32,
    /// The hour, UTC.
    at: String,
    /// Name of the user.
    by: String,
    /// `text` or `photo`.
    part: &'static str,
    /// Position of the photo.
    photo: Option<u32>,
    /// `personal_data`, `accusation`, `dwelling`, `secret` or `offence`.
    reason: &'static str,
    /// Whether what stood there before is still kept.
    has_original: bool,
}

/// Every masking of a report, and what its text may still hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct Redactions {
    /// The maskings, oldest first.
    items: Vec<RedactionView>,
    /// What in the text may still point out a person, from left to right.
    findings: Vec<FindingView>,
}

/// What in a text may point out a person, in characters.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingView {
    /// First character, counted from 0.
    from: usize,
    /// The character behind the last.
    to: usize,
    /// What it seems to be.
    flag: &'static str,
}

/// A span of a text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// First character, counted from 0.
    from: usize,
    /// The character behind the last.
    to: usize,
}

/// An area of a photo, in points from its upper left corner.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Points from the left.
    x: u32,
    /// Points from the top.
    y: u32,
    /// Points across.
    width: u32,
    /// Points down.
    height: u32,
}

/// What is to be unreadable: spans of the text, or areas of one photo.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Masking {
    /// `personal_data`, `accusation`, `dwelling`, `secret` or `offence`.
    reason: String,
    /// Spans of the text.
    #[serde(default)]
    spans: Option<Vec<Span>>,
    /// Position of the photo.
    #[serde(default)]
    photo: Option<u32>,
    /// Areas of the photo.
    #[serde(default)]
    areas: Option<Vec<Area>>,
}

impl Masking {
    fn draft(self) -> Result<(MaskDraft, String), Violation> {
        let draft = match (self.spans, self.photo, self.areas) {
            (Some(spans), None, None) => {
                MaskDraft::Text(spans.into_iter().map(|span| span.from..span.to).collect())
            }
            (None, Some(photo), Some(areas)) => {
                let area = |Area { x, y, width, height }| PhotoArea { x, y, width, height };
                MaskDraft::Photo(photo, areas.into_iter().map(area).collect())
            }
            (None, Some(_), None) => return Err(Violation::new("areas", "required")),
            (None, None, Some(_)) => return Err(Violation::new("photo", "required")),
            (None, None, None) => return Err(Violation::new("spans", "required")),
            (Some(_), ..) => return Err(Violation::new("spans", "unknown_field")),
        };
        Ok((draft, self.reason))
    }
}

impl From<Redaction> for RedactionView {
    fn from(redaction: Redaction) -> Self {
        let (part, photo) = match redaction.part {
            MaskedPart::Text => ("text", None),
            MaskedPart::Photo(position) => ("photo", Some(position)),
        };
        Self {
            step: redaction.step,
            at: redaction.at_hour.to_string(),
            by: redaction.by,
            part,
            photo,
            reason: redaction.reason.code(),
            has_original: redaction.has_original,
        }
    }
}

/// Lists every masking of a report, oldest first, and what in its text may still
/// point out a person.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/reports/{id}/redactions", tag = "moderation",
    operation_id = "list_redactions", params(OneReport),
    responses(
        (status = 200, description = "The maskings", body = Redactions),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not moderate", body = Document),
        (status = 404, description = "No such report", body = Document)
    )
)]
pub async fn list_redactions(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
) -> Result<Json<Redactions>, Problem> {
    let (redactions, findings) = state.app.redactions(&staff, &ground, &id).await?;
    let finding = |(at, kind): (std::ops::Range<usize>, TextFlag)| FindingView {
        from: at.start,
        to: at.end,
        flag: kind.code(),
    };
    Ok(Json(Redactions {
        items: redactions.into_iter().map(RedactionView::from).collect(),
        findings: findings.into_iter().map(finding).collect(),
    }))
}

/// Makes spans of a report's text, or areas of one of its photos, unreadable.
/// What stood there is kept for staff until a decision of retention lets it go.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/reports/{id}/redactions", tag = "moderation",
    operation_id = "redact_report", request_body = Masking, params(OneReport),
    responses(
        (status = 204, description = "Done"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not moderate", body = Document),
        (status = 404, description = "No such report, text or photo", body = Document),
        (status = 409, description = "Somebody changed it meanwhile", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn redact_report(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    body: Strict<Masking>,
) -> Result<StatusCode, Problem> {
    let (draft, reason) = body.value.draft().map_err(app::Error::from)?;
    state.app.redact_report(&staff, &ground, &id, draft, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows what stood there before a masking, a text or a photo; the read is
/// noted in the audit log.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/reports/{id}/redactions/{position}",
    tag = "moderation", operation_id = "redacted_original",
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("id" = String, Path, description = "Identity of the report"),
        ("position" = u32, Path, description = "Number of the masking, from 1")
    ),
    responses(
        (status = 200, description = "The text as `text/plain`, or the photo as `image/jpeg`"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not moderate", body = Document),
        (status = 404, description = "It is not kept, or not any more", body = Document)
    )
)]
pub async fn redacted_original(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    PhotoPlace(step): PhotoPlace,
) -> Result<Response, Problem> {
    let found = state.app.redacted_original(&staff, &ground, &id, step).await?;
    let kept = |kind: &'static str| {
        let no_store = HeaderValue::from_static("private, no-store");
        [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CACHE_CONTROL, no_store)]
    };
    Ok(match found {
        Original::Text(text) => (kept("text/plain; charset=utf-8"), text).into_response(),
        Original::Photo(jpeg) => (kept("image/jpeg"), jpeg).into_response(),
    })
}
