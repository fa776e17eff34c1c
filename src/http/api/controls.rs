//! `M/controls`: traffic controls that the picture calls for, and what became of each.

mod sent;
mod view;

pub use sent::{NewControl, NewControlResult, NewControlStep};
pub use view::SumView;

use super::{
    paths::{InMunicipality, PartOfList, RepeatSafely},
    reports::{PlaceInput, header},
};
use crate::{
    app::{COMPARED_DAYS, ControlDraft, ControlReport},
    http::{
        problem::{Document, Problem},
        query::Pairs,
        state::{EventId, Municipal, SignedIn, State},
        strict::Strict,
    },
};
use axum::{
    Json,
    extract::State as Extract,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use fyren_core::domain::Violation;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use view::{
    CandidateList, CandidateView, ControlList, ControlView, OutcomeView, ReportView, by_kind,
};

/// The control that was stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoredControl {
    /// Its identity.
    id: String,
}

/// One control.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only the description of the interface reads it")]
pub struct OneControl {
    /// Municipality code
    code: String,
    /// Identity of the control
    id: String,
}

/// Of which days.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only the description of the interface reads it")]
pub struct OfDays {
    /// First local day; 1 January of this year without
    from: Option<String>,
    /// Day after the last; tomorrow without
    to: Option<String>,
    /// `day` (the latest first) or `change` (the largest fall in speed first). A rank by counts is refused
    sort: Option<String>,
}

/// Lists every site with a sign of need, explained by three numbers, and
/// whether the rules call for a control there.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/controls/candidates", tag = "presence",
    operation_id = "list_control_candidates", params(InMunicipality),
    responses(
        (status = 200, description = "The sites and the rules", body = CandidateList),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role plans no controls", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn list_control_candidates(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
) -> Result<Json<CandidateList>, Problem> {
    let (candidates, rules) = state.app.control_candidates(&staff, &ground).await?;
    let items = candidates.into_iter().map(CandidateView::from).collect();
    Ok(Json(CandidateList { items, rules: rules.into() }))
}

/// Lists traffic controls, the latest first: to the police all, to others those
/// that are done.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/controls", tag = "presence",
    operation_id = "list_controls", params(InMunicipality, PartOfList),
    responses(
        (status = 200, description = "A part of the list", body = ControlList),
        (status = 400, description = "A parameter breaks a rule", body = Document),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role sees no controls", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn list_controls(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    pairs: Pairs,
) -> Result<Json<ControlList>, Problem> {
    let all = state.app.controls(&staff, &ground).await?;
    let page = pairs.page()?;
    let total = all.len();
    let items = all.into_iter().skip(page.offset).take(page.limit).map(ControlView::from).collect();
    Ok(Json(ControlList { items, total, limit: page.limit, offset: page.offset }))
}

/// Calls for a control, or notes one that was done. One that was done is a
/// visit, too, and counts as such once.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/controls", tag = "presence",
    operation_id = "create_control", request_body = NewControl, params(InMunicipality, RepeatSafely),
    responses(
        (status = 201, description = "Stored", body = StoredControl),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role logs no controls", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 409, description = "The key was used with an other body", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn create_control(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    headers: HeaderMap,
    body: Strict<NewControl>,
) -> Result<impl IntoResponse, Problem> {
    let sent = body.value;
    let place = sent.place.map(PlaceInput::draft).transpose();
    let draft = ControlDraft {
        kind: sent.kind,
        site: sent.site,
        place: place.map_err(crate::app::Error::from)?,
        name: sent.name,
        due_on: sent.due_on,
        why_here: sent.why_here,
        why_now: sent.why_now,
        result: sent.result.map(NewControlResult::draft),
    };
    let key = header(&headers, "idempotency-key");
    let id = state.app.create_control(&staff, &ground, &draft, (key, &body.bytes)).await?;
    Ok((StatusCode::CREATED, Json(StoredControl { id: id.to_string() })))
}

/// Says that a control was moved, lapsed or was done.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/controls/{id}/steps", tag = "presence",
    operation_id = "add_control_step", request_body = NewControlStep, params(OneControl),
    responses(
        (status = 204, description = "Noted"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role logs no controls", body = Document),
        (status = 404, description = "No such control", body = Document),
        (status = 409, description = "It was done or has lapsed", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn add_control_step(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    body: Strict<NewControlStep>,
) -> Result<StatusCode, Problem> {
    let step = body.value.draft().map_err(crate::app::Error::from)?;
    state.app.add_control_step(&staff, &ground, &id, &step).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is asked of the report.
struct Asked {
    from: Option<Date>,
    to: Option<Date>,
    by_change: bool,
}

fn asked(pairs: &Pairs) -> Result<Asked, Problem> {
    let bad = |name: &str, rule| Problem::bad_parameter(vec![Violation::new(name, rule)]);
    let mut asked = Asked { from: None, to: None, by_change: false };
    for (name, value) in &pairs.0 {
        let day = || value.parse::<Date>().map_err(|_unreadable| bad(name, "date_form"));
        match (name.as_str(), value.as_str()) {
            ("from", _) => asked.from = Some(day()?),
            ("to", _) => asked.to = Some(day()?),
            ("sort", "day") => asked.by_change = false,
            ("sort", "change") => asked.by_change = true,
            // A place where much is caught is not a place where most is needed.
            ("sort", _) => return Err(bad("sort", "count_alone")),
            _ => return Err(bad(name, "unknown_parameter")),
        }
    }
    Ok(asked)
}

/// Reports output beside outcome, and refuses to rank places by counts alone.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/controls/report", tag = "presence",
    operation_id = "report_controls", params(InMunicipality, OfDays),
    responses(
        (status = 200, description = "Output and outcome", body = ReportView),
        (status = 400, description = "A parameter breaks a rule; a rank by counts is refused", body = Document),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role sees no controls", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn report_controls(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    pairs: Pairs,
) -> Result<Json<ReportView>, Problem> {
    let Asked { from, to, by_change } = asked(&pairs)?;
    let today = state.app.today(&ground.zone);
    let from = from.unwrap_or_else(|| today.first_of_year());
    let last = to.map_or(today, |to| to.yesterday().unwrap_or(to));
    let report = state.app.report_controls(&staff, &ground, (from, last)).await?;
    let ControlReport { sum, minutes, vehicles, checked, breaches, outcomes } = report;
    let mut outcome: Vec<OutcomeView> = outcomes.into_iter().map(OutcomeView::from).collect();
    if by_change {
        let change = |view: &OutcomeView| view.change_kmh.unwrap_or(f64::INFINITY);
        outcome.sort_by(|a, b| change(a).total_cmp(&change(b)));
    }
    Ok(Json(ReportView {
        output: sum.into(),
        minutes,
        vehicles,
        checked,
        breaches: by_kind(breaches.iter()),
        compared_days: COMPARED_DAYS,
        outcome,
    }))
}
