//! `M/queue`: what waits for a moderator, and one action on many reports.

use super::{
    forwards::ForwardView,
    moderation::publishable,
    paths::{InMunicipality, PartOfList},
};
use crate::{
    app::{Alike, BulkDraft, QueuePage, Refused, Waiting},
    http::{
        problem::{Document, Problem},
        query::Pairs,
        state::{Municipal, SignedIn, State},
        strict::Strict,
    },
};
use axum::{
    Json,
    extract::State as Extract,
    http::{HeaderValue, header},
    response::IntoResponse,
};
use fyren_core::domain::{QuarantineReason, QueuePart, Report, TextFlag, Violation};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// A report that may tell of the same.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlikeView {
    /// Identity.
    id: String,
    /// What it is about.
    category: &'static str,
    /// Where it stands.
    status: &'static str,
    /// The hour in which it arrived, UTC.
    received_at: String,
    /// Metres between the two, rounded up.
    metres: f64,
    /// Its free text.
    text: Option<String>,
    /// How alike they are altogether, 0 to 1.
    likeness: f64,
    /// By place.
    by_place: f64,
    /// By time.
    by_time: f64,
    /// By words; none where one of the two has none.
    by_text: Option<f64>,
}

/// A report that waits.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WaitingView {
    /// Identity.
    id: String,
    /// What it is about.
    category: &'static str,
    /// Where it stands.
    status: &'static str,
    /// The hour in which it arrived, UTC.
    received_at: String,
    /// Degrees east, where a point is known.
    longitude: Option<f64>,
    /// Degrees north, where a point is known.
    latitude: Option<f64>,
    /// Radius in metres that covers the place.
    precision_m: f64,
    /// District code.
    district: Option<String>,
    /// By which way it came.
    channel: &'static str,
    /// Free text.
    text: Option<String>,
    /// What the text should be looked at for.
    flags: Vec<&'static str>,
    /// How many photos it has.
    photos: u32,
    /// People who feel the same.
    voices: u32,
    /// Why it is kept out of rankings and releases.
    quarantine: Option<&'static str>,
    /// What was seen when the server put it aside by itself.
    quarantine_note: Option<String>,
    /// The earlier report that it repeats, as matched by the server.
    duplicate_of: Option<String>,
    /// Whether it tells of a defect that may be published.
    publishable: bool,
    /// Whether it may be merged: its status allows it.
    mergeable: bool,
    /// Earlier reports that may tell of the same, the most alike first.
    alike: Vec<AlikeView>,
    /// Owners who were asked and whose link is not closed.
    forwards: Vec<ForwardView>,
}

/// A page of the queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct Queue {
    /// What waits, danger first, then the longest waiting.
    items: Vec<WaitingView>,
    /// How many wait in the part that was asked for.
    total: usize,
    /// How many were asked for at most.
    limit: usize,
    /// How many were passed over.
    offset: usize,
    /// How many wait in each part.
    counts: BTreeMap<&'static str, usize>,
}

/// Which part of the queue.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only the description of the interface reads it")]
pub struct InPart {
    /// `all`, `new`, `flagged`, `quarantined`, `alike` or `answered`; all of it without
    part: Option<String>,
}

/// One action on many reports.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Bulk {
    /// Identities of the reports, 1 to 100.
    ids: Vec<String>,
    /// `status`, `put_aside`, `let_in`, `merge`, `repeat` or `publish`.
    action: String,
    /// The report that they are merged into or repeat.
    #[serde(default)]
    into: Option<String>,
    /// The status to reach.
    #[serde(default)]
    status: Option<String>,
    /// The answer to the residents.
    #[serde(default)]
    answer: Option<String>,
    /// Who owns the defects that are published.
    #[serde(default)]
    owner: Option<String>,
}

/// What became of an action on many reports.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkOutcome {
    /// Reports to which it was done.
    done: Vec<String>,
    /// Reports to which it was not.
    refused: Vec<RefusedView>,
}

/// A report to which an action was not done.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusedView {
    /// Its identity.
    id: String,
    /// Why: the last part of a problem's type, such as `report_status_transition`.
    reason: String,
}

impl From<Alike> for AlikeView {
    fn from(alike: Alike) -> Self {
        let hundredth = |share: f64| (share * 100.0).round() / 100.0;
        Self {
            id: alike.report.id.to_string(),
            category: alike.report.category.code(),
            status: alike.report.status.code(),
            received_at: alike.report.received_hour.to_string(),
            metres: alike.metres.ceil(),
            text: alike.report.text,
            likeness: hundredth(alike.likeness.whole),
            by_place: hundredth(alike.likeness.place),
            by_time: hundredth(alike.likeness.time),
            by_text: alike.likeness.text.map(hundredth),
        }
    }
}

impl From<Waiting> for WaitingView {
    fn from(waiting: Waiting) -> Self {
        let Waiting { report, flags, photos, quarantine_note, alike, forwards } = waiting;
        let position = report.located.anchor.map(|(position, _)| position);
        Self {
            id: report.id.to_string(),
            category: report.category.code(),
            status: report.status.code(),
            received_at: report.received_hour.to_string(),
            longitude: position.map(|position| position.longitude),
            latitude: position.map(|position| position.latitude),
            precision_m: report.located.precision_m,
            district: report.district().map(|district| district.0.clone()),
            channel: report.channel.code(),
            flags: flags.into_iter().map(TextFlag::code).collect(),
            photos,
            voices: report.voices,
            quarantine: report.quarantine.map(QuarantineReason::code),
            quarantine_note,
            duplicate_of: report.duplicate_of.map(|id| id.to_string()),
            publishable: publishable(&report),
            mergeable: mergeable(&report),
            alike: alike.into_iter().map(AlikeView::from).collect(),
            forwards: forwards.into_iter().map(ForwardView::from).collect(),
            text: report.text,
        }
    }
}

fn mergeable(report: &Report) -> bool {
    report.status.may_become(fyren_core::domain::ReportStatus::Merged)
}

/// Takes `part` out of the query.
fn asked_part(pairs: &mut Pairs) -> Result<QueuePart, Problem> {
    let at = pairs.0.iter().position(|(name, _)| name == "part");
    let Some(at) = at else { return Ok(QueuePart::All) };
    let (_, code) = pairs.0.remove(at);
    let broken = || Problem::bad_parameter(vec![Violation::new("part", "unknown_value")]);
    QueuePart::parse(&code).ok_or_else(broken)
}

/// Lists what waits for a moderator: reports with their texts, what to look at
/// them for, and what is alike. The read is noted in the audit log.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/queue", tag = "moderation",
    operation_id = "review_queue", params(InMunicipality, InPart, PartOfList),
    responses(
        (status = 200, description = "A part of the queue", body = Queue),
        (status = 400, description = "A parameter breaks a rule", body = Document),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not moderate", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn review_queue(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    mut pairs: Pairs,
) -> Result<impl IntoResponse, Problem> {
    let part = asked_part(&mut pairs)?;
    let page = pairs.page()?;
    let (offset, limit) = (page.offset, page.limit);
    let found = state.app.review_queue(&staff, &ground, part, (offset, limit)).await?;
    let QueuePage { items, total, counts } = found;
    let items = items.into_iter().map(WaitingView::from).collect();
    let counts = counts.into_iter().map(|(part, count)| (part.code(), count)).collect();
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((no_store, Json(Queue { items, total, limit, offset, counts })))
}

/// Does one action to many reports, each checked as if it were alone; what is
/// refused is told with its reason, and the rest is done.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/queue/actions", tag = "moderation",
    operation_id = "act_on_reports", request_body = Bulk, params(InMunicipality),
    responses(
        (status = 200, description = "What was done and what was not", body = BulkOutcome),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not moderate", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 422, description = "The action as a whole breaks a rule", body = Document)
    )
)]
pub async fn act_on_reports(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    body: Strict<Bulk>,
) -> Result<Json<BulkOutcome>, Problem> {
    let Bulk { ids, action, into, status, answer, owner } = body.value;
    let draft = BulkDraft { ids, action, into, status, answer, owner };
    let (done, refused) = state.app.act_on_reports(&staff, &ground, &draft).await?;
    Ok(Json(BulkOutcome { done, refused: refused.into_iter().map(RefusedView::from).collect() }))
}

impl From<Refused> for RefusedView {
    fn from(refused: Refused) -> Self {
        let problem = Problem::from(refused.error);
        let rule = problem.violations.first().map(|violation| violation.rule);
        Self { id: refused.id, reason: rule.unwrap_or(problem.kind).to_owned() }
    }
}
