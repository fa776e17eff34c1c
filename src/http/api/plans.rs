//! `M/plans`: patrol plans that are kept, and what a unit drives today. For
//! police roles alone: where somebody will be is secret.

use super::{
    paths::{InMunicipality, PartOfList, RepeatSafely},
    plan_rounds::RoundView,
    plan_tour::PlanWanted,
    plan_views::PlanView,
    reports::header,
};
use crate::app::plan_patrol::{KeptView, NewPlan};
use crate::http::{
    problem::{Document, Problem},
    query::Pairs,
    state::{EventId, Municipal, SignedIn, State},
    strict::Strict,
};
use axum::{
    Json,
    extract::State as Extract,
    http::{HeaderMap, StatusCode, header::CACHE_CONTROL},
    response::IntoResponse,
};
use fyren_core::domain::Violation;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What no cache may keep.
const PRIVATE: [(axum::http::HeaderName, &str); 1] = [(CACHE_CONTROL, "private, no-store")];

/// A plan to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPlan)]
pub struct PlanToKeep {
    /// What was asked, with the seed of the plan that was seen.
    question: PlanWanted,
    /// The digest of the plan that was seen.
    digest: String,
    /// `draft` or `decided`.
    status: String,
}

/// The plan that was stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoredPlan {
    /// Its identity.
    id: String,
}

/// What a plan is to become.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanChange)]
pub struct Change {
    /// `decided`, `done` or `withdrawn`.
    status: String,
}

/// A plan in the list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PlanHead)]
pub struct PlanHead {
    /// Identity.
    id: String,
    /// `draft`, `decided`, `done` or `withdrawn`.
    status: &'static str,
    /// First local day.
    from: String,
    /// The local day after the last.
    to: String,
    /// When it was made, UTC.
    made_at: String,
    /// In which role.
    by: &'static str,
    /// Codes of the units.
    units: Vec<String>,
    /// Visits.
    stops: usize,
}

/// A part of the list of plans.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanList {
    /// The plans, the latest made first.
    items: Vec<PlanHead>,
    /// How many there are in all.
    total: usize,
    /// How many were asked for at most.
    limit: usize,
    /// How many were passed over.
    offset: usize,
}

/// What is driven today.
#[derive(Debug, Serialize, ToSchema)]
pub struct CurrentPlans {
    /// The rounds of today and those under way, the earliest first.
    rounds: Vec<RoundView>,
}

/// Which plans.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only the description of the interface reads it")]
pub struct Since {
    /// Plans that reach into this local day or later; those of the last 60 days without
    from: Option<String>,
}

/// Which rounds.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only the description of the interface reads it")]
pub struct OfUnit {
    /// Code of a unit; the rounds of all units without
    unit: Option<String>,
}

/// One plan.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only the description of the interface reads it")]
pub struct OnePlan {
    /// Municipality code
    code: String,
    /// Identity of the plan
    id: String,
}

impl PlanHead {
    fn new(view: &KeptView) -> Self {
        let mut units: Vec<String> = view.plan.rounds.iter().map(|r| r.unit.clone()).collect();
        units.sort_unstable();
        units.dedup();
        let first = view.kept.steps.first();
        Self {
            id: view.kept.id.to_string(),
            status: view.kept.status().code(),
            from: view.plan.from.clone(),
            to: view.plan.to.clone(),
            made_at: first.map(|step| step.at.to_string()).unwrap_or_default(),
            by: first.map_or("", |step| step.by.code()),
            units,
            stops: view.plan.stops().count(),
        }
    }
}

/// Lists plans, the latest made first.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/plans", tag = "plans",
    operation_id = "list_plans", params(InMunicipality, Since, PartOfList),
    responses(
        (status = 200, description = "A part of the list", body = PlanList),
        (status = 400, description = "A parameter breaks a rule", body = Document),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role does not see plans", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn list_plans(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    mut pairs: Pairs,
) -> Result<impl IntoResponse, Problem> {
    let wrong = |_| Problem::bad_parameter(vec![Violation::new("from", "date_form")]);
    let since = pairs.take("from").map(|day| day.parse::<Date>().map_err(wrong)).transpose()?;
    let page = pairs.page()?;
    let all = state.app.plans(&staff, &ground, since).await?;
    let part = all.iter().skip(page.offset).take(page.limit);
    let items = part.map(PlanHead::new).collect();
    let list = PlanList { items, total: all.len(), limit: page.limit, offset: page.offset };
    Ok((PRIVATE, Json(list)))
}

/// Keeps a plan that was drawn and seen. It is drawn again from its seed; where
/// the picture has changed meanwhile it is refused, so that nobody decides what
/// nobody has seen.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/plans", tag = "plans",
    operation_id = "keep_plan", request_body = PlanToKeep, params(InMunicipality, RepeatSafely),
    responses(
        (status = 201, description = "Kept", body = StoredPlan),
        (status = 400, description = "Malformed, or without Idempotency-Key", body = Document),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not plan patrols", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 409, description = "The plan would be another one now (`plan_changed`), or the \
            key was used with an other body", body = Document),
        (status = 422, description = "A field breaks a rule, or a floor cannot be met", body = Document)
    )
)]
pub async fn keep_plan(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    headers: HeaderMap,
    body: Strict<PlanToKeep>,
) -> Result<impl IntoResponse, Problem> {
    let key = header(&headers, "idempotency-key");
    let PlanToKeep { question, digest, status } = body.value;
    let new = NewPlan { question: question.into(), digest, status };
    let id = state.app.keep_plan(&staff, &ground, new, (key, &body.bytes)).await?;
    Ok((StatusCode::CREATED, Json(StoredPlan { id: id.to_string() })))
}

/// The rounds of today and those under way, of decided plans: what a phone
/// keeps for a shift without a net.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/plans/current", tag = "plans",
    operation_id = "show_current_plans", params(InMunicipality, OfUnit),
    responses(
        (status = 200, description = "The rounds, none where nothing is decided", body = CurrentPlans),
        (status = 400, description = "A parameter is unknown", body = Document),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role does not see plans", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn show_current_plans(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    mut pairs: Pairs,
) -> Result<impl IntoResponse, Problem> {
    let unit = pairs.take("unit");
    pairs.done()?;
    let views = state.app.current_plans(&staff, &ground, unit.as_deref()).await?;
    let of = |view: &KeptView| {
        let id = view.kept.id.to_string();
        let round = |round| RoundView::new(Some(&id), &view.plan, round);
        view.plan.rounds.iter().map(round).collect::<Vec<_>>()
    };
    let mut rounds: Vec<RoundView> = views.iter().flat_map(of).collect();
    rounds.sort_by(|a, b| a.from.cmp(&b.from).then_with(|| a.unit.cmp(&b.unit)));
    Ok((PRIVATE, Json(CurrentPlans { rounds })))
}

/// One plan.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/plans/{id}", tag = "plans",
    operation_id = "show_plan", params(OnePlan),
    responses(
        (status = 200, description = "The plan", body = PlanView),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role does not see plans", body = Document),
        (status = 404, description = "No such plan", body = Document)
    )
)]
pub async fn show_plan(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
) -> Result<impl IntoResponse, Problem> {
    let view = state.app.plan(&staff, &ground, &id).await?;
    Ok((PRIVATE, Json(PlanView::kept(&view))))
}

/// Decides, ends or withdraws a plan; what it says stays as it was.
#[utoipa::path(
    patch, path = "/api/v1/municipalities/{code}/plans/{id}", tag = "plans",
    operation_id = "change_plan", request_body = Change, params(OnePlan),
    responses(
        (status = 204, description = "Noted"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not plan patrols", body = Document),
        (status = 404, description = "No such plan", body = Document),
        (status = 409, description = "It may not become that", body = Document),
        (status = 422, description = "The status is unknown", body = Document)
    )
)]
pub async fn change_plan(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    body: Strict<Change>,
) -> Result<StatusCode, Problem> {
    state.app.change_plan(&staff, &ground, &id, &body.value.status).await?;
    Ok(StatusCode::NO_CONTENT)
}
