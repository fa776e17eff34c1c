//! `M/retention`: what is let go by decision, with dry runs and protocols.

use super::paths::InMunicipality;
use crate::{
    app::{ClassView, DecisionDraft},
    http::{
        problem::{Document, Problem},
        state::{Municipal, SignedIn, State},
        strict::Strict,
    },
};
use axum::{Json, extract::State as Extract, http::StatusCode};
use fyren_core::domain::{RetentionDecision, RetentionRow, RetentionRun};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A decision.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RetentionDecision)]
pub struct DecisionView {
    /// Its number in the municipality's register.
    number: String,
    /// Day of the decision.
    decided_on: String,
    /// Days that something is kept.
    days: u32,
    /// Name of the user who entered it.
    entered_by: String,
    /// The hour in which it was entered, UTC.
    entered_at: String,
}

/// A row of a protocol: how much of what, never which.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RetentionRow)]
pub struct RowView {
    /// Category.
    category: String,
    /// First day of the month of arrival, UTC.
    month: String,
    /// How many.
    count: u32,
}

/// A protocol, of a run or of a dry run.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RetentionRun)]
pub struct RunView {
    /// `report`, `sensitive`, `imported`, `visit`, `original` or `withdrawn`.
    class: &'static str,
    /// Number of the decision.
    number: String,
    /// Day of the decision.
    decided_on: String,
    /// Days that the decision keeps.
    days: u32,
    /// What had arrived before this hour was old enough, UTC.
    before: String,
    /// When it was run, UTC.
    at: String,
    /// Name of the user, or `command line`.
    by: String,
    /// How many were let go.
    count: u32,
    /// How many of what.
    rows: Vec<RowView>,
    /// Kept because somebody has to answer them first.
    held_open: u32,
    /// Kept because of a request for documents.
    held_requested: u32,
}

/// A class with its decisions and what a run would do now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RetentionClass)]
pub struct RetentionClassView {
    /// `report`, `sensitive`, `imported`, `visit`, `original` or `withdrawn`.
    class: &'static str,
    /// The decision in force, then those before it; nothing is let go without one.
    decisions: Vec<DecisionView>,
    /// What a run would do now.
    dry_run: Option<RunView>,
}

/// What stands for every class, and the protocols.
#[derive(Debug, Serialize, ToSchema)]
pub struct Retention {
    /// The classes.
    classes: Vec<RetentionClassView>,
    /// The protocols, the latest first.
    runs: Vec<RunView>,
}

/// A decision as it is entered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewDecision {
    /// `report`, `sensitive`, `imported`, `visit`, `original` or `withdrawn`.
    class: String,
    /// Its number in the municipality's register.
    number: String,
    /// Day of the decision.
    decided_on: String,
    /// Days that something is kept, 30 to 36 500.
    days: u32,
}

/// Which class is let go, and by which decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRun {
    /// The class.
    class: String,
    /// Number of the decision in force, so that nobody lets go by an other one.
    number: String,
}

impl From<RetentionDecision> for DecisionView {
    fn from(decision: RetentionDecision) -> Self {
        Self {
            number: decision.number,
            decided_on: decision.decided_on.to_string(),
            days: decision.days,
            entered_by: decision.entered_by,
            entered_at: decision.entered_hour.to_string(),
        }
    }
}

impl From<RetentionRow> for RowView {
    fn from(row: RetentionRow) -> Self {
        Self { category: row.category, month: row.month.to_string(), count: row.count }
    }
}

impl From<RetentionRun> for RunView {
    fn from(run: RetentionRun) -> Self {
        Self {
            class: run.class.code(),
            count: run.count(),
            number: run.number,
            decided_on: run.decided_on.to_string(),
            days: run.days,
            before: run.before.to_string(),
            at: run.at.to_string(),
            by: run.by,
            rows: run.rows.into_iter().map(RowView::from).collect(),
            held_open: run.held_open,
            held_requested: run.held_requested,
        }
    }
}

impl From<ClassView> for RetentionClassView {
    fn from(view: ClassView) -> Self {
        Self {
            class: view.class.code(),
            decisions: view.decisions.into_iter().map(DecisionView::from).collect(),
            dry_run: view.dry_run.map(RunView::from),
        }
    }
}

/// Shows every class with its decisions, what a run would let go now and what
/// it would hold, and the protocols of earlier runs.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/retention", tag = "records",
    operation_id = "show_retention", params(InMunicipality),
    responses(
        (status = 200, description = "The classes and the protocols", body = Retention),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not manage retention", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn show_retention(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
) -> Result<Json<Retention>, Problem> {
    let classes = state.app.retention(&staff, &ground).await?;
    let runs = state.app.retention_runs(&staff, &ground).await?;
    Ok(Json(Retention {
        classes: classes.into_iter().map(RetentionClassView::from).collect(),
        runs: runs.into_iter().map(RunView::from).collect(),
    }))
}

/// Enters a decision of retention, which is in force from then on if it is the
/// latest of its class.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/retention/decisions", tag = "records",
    operation_id = "save_decision", request_body = NewDecision, params(InMunicipality),
    responses(
        (status = 204, description = "Entered"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not manage retention", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 409, description = "The class has a decision of that number", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn save_decision(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    body: Strict<NewDecision>,
) -> Result<StatusCode, Problem> {
    let NewDecision { class, number, decided_on, days } = body.value;
    let draft = DecisionDraft { class, number, decided_on, days };
    state.app.save_decision(&staff, &ground, &draft).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets go what the decision in force lets go, for good, and gives the protocol.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/retention/runs", tag = "records",
    operation_id = "run_retention", request_body = NewRun, params(InMunicipality),
    responses(
        (status = 200, description = "The protocol, which is kept", body = RunView),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not manage retention", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 422, description = "No decision, or an other one is in force", body = Document)
    )
)]
pub async fn run_retention(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    body: Strict<NewRun>,
) -> Result<Json<RunView>, Problem> {
    let NewRun { class, number } = body.value;
    let run = state.app.run_retention(&staff, &ground, (&class, &number)).await?;
    Ok(Json(RunView::from(run)))
}
