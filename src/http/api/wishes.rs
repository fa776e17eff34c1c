//! `M/watch-wishes`: residents who want to start a watch, and what became of it.

use super::paths::{InMunicipality, OneReport, PartOfList};
use crate::{
    app::{WishCount, WishDraft},
    http::{
        problem::{Document, Problem},
        query::Pairs,
        state::{EventId, Municipal, SignedIn, State},
        strict::Strict,
    },
};
use axum::{Json, extract::State as Extract, http::StatusCode};
use fyren_core::domain::{Detail, Flags, WatchWish, WishStep};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What became of a wish.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WishStep)]
pub struct StepView {
    /// `contacted`, `started` or `not_taken_up`.
    state: &'static str,
    /// Local day.
    on: String,
    /// Role in which it was noted.
    by: Option<&'static str>,
    /// Why, as its sender reads it.
    reason: Option<String>,
    /// Identity of the watch area that was started.
    area: Option<String>,
}

/// A wish to start a watch. What its sender wrote stands in the report.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WatchWish)]
pub struct WishView {
    /// Identity of the report that it is.
    report: String,
    /// `boat_watch`, `neighbour_watch` or both.
    kinds: Vec<&'static str>,
    /// District code.
    district: Option<String>,
    /// When it arrived, cut to the hour.
    received_at: String,
    /// `new`, `contacted`, `started` or `not_taken_up`.
    state: &'static str,
    /// Status of the report; `reopened` where its sender was not content.
    status: &'static str,
    /// Whether its sender was answered.
    answered: bool,
    /// Whether it is put aside and counted nowhere.
    quarantined: bool,
    /// Its steps, the first first.
    steps: Vec<StepView>,
}

/// How many wishes there are in the days of a promise, live: for staff alone.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WishCount)]
pub struct CountView {
    /// Slug of the promise on watches; `null` for all wishes that are kept.
    promise: Option<String>,
    /// First local day of the promise.
    from: Option<String>,
    /// Last local day of the promise.
    to: Option<String>,
    /// Distinct sources that wish.
    wishes: u32,
    /// Of these, how many were answered by now.
    answered: u32,
    /// Watch areas that began in these days.
    started: u32,
}

/// A part of the wishes, the latest first, and how many there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct WishList {
    /// The wishes.
    items: Vec<WishView>,
    /// First of all wishes, then of each promise on watches that runs.
    counts: Vec<CountView>,
    /// How many there are.
    total: usize,
    /// At most so many are in this part.
    limit: usize,
    /// So many were passed over.
    offset: usize,
}

/// A step of a wish as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWishStep {
    /// `contacted`, `started` or `not_taken_up`.
    state: String,
    /// Local day; today without.
    #[serde(default)]
    on: Option<String>,
    /// Why; the sender reads it as the answer. Write of the matter, never of persons.
    reason: String,
    /// Identity of the watch area that was started; needed with `started`.
    #[serde(default)]
    area: Option<String>,
}

impl From<WishStep> for StepView {
    fn from(step: WishStep) -> Self {
        Self {
            state: step.state.code(),
            on: step.on.to_string(),
            by: step.by.map(fyren_core::domain::Role::code),
            reason: step.reason,
            area: step.area.map(|area| area.to_string()),
        }
    }
}

impl From<WatchWish> for WishView {
    fn from(wish: WatchWish) -> Self {
        Self {
            report: wish.report.to_string(),
            kinds: wish.kinds.iter().copied().map(Detail::code).collect(),
            state: wish.state().code(),
            status: wish.status.code(),
            answered: wish.answered_hour.is_some(),
            quarantined: wish.flags.has(Flags::QUARANTINED),
            district: wish.district.map(|code| code.0),
            received_at: wish.received_hour.to_string(),
            steps: wish.steps.into_iter().map(StepView::from).collect(),
        }
    }
}

impl From<WishCount> for CountView {
    fn from(count: WishCount) -> Self {
        let WishCount { promise, wishes, answered, started } = count;
        Self {
            from: promise.as_ref().map(|promise| promise.from.to_string()),
            to: promise.as_ref().map(|promise| promise.to.to_string()),
            promise: promise.map(|promise| promise.slug),
            wishes,
            answered,
            started,
        }
    }
}

/// Lists who wants to start a boat or neighbourhood watch, one by one and live.
/// The public is told closed quarters of it by `M/loop`.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/watch-wishes", tag = "presence",
    operation_id = "list_watch_wishes", params(InMunicipality, PartOfList),
    responses(
        (status = 200, description = "A part of the list", body = WishList),
        (status = 400, description = "A parameter breaks a rule", body = Document),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role does not answer for reports", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn list_watch_wishes(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    pairs: Pairs,
) -> Result<Json<WishList>, Problem> {
    let (all, counts) = state.app.watch_wishes(&staff, &ground).await?;
    let page = pairs.page()?;
    let total = all.len();
    let items = all.into_iter().skip(page.offset).take(page.limit).map(WishView::from).collect();
    let counts = counts.into_iter().map(CountView::from).collect();
    Ok(Json(WishList { items, counts, total, limit: page.limit, offset: page.offset }))
}

/// Says what became of a wish, and tells its sender why.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/watch-wishes/{id}/steps", tag = "presence",
    operation_id = "add_wish_step", request_body = NewWishStep, params(OneReport),
    responses(
        (status = 204, description = "Noted, and told to its sender"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role does not answer for reports", body = Document),
        (status = 404, description = "No such wish", body = Document),
        (status = 409, description = "It stands there already, or was merged", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn add_wish_step(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    body: Strict<NewWishStep>,
) -> Result<StatusCode, Problem> {
    let NewWishStep { state: reached, on, reason, area } = body.value;
    let draft = WishDraft { state: reached, on, reason, area };
    state.app.add_wish_step(&staff, &ground, &id, &draft).await?;
    Ok(StatusCode::NO_CONTENT)
}
