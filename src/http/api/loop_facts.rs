//! `M/loop`: what was promised, what was done and what came of it, as the
//! public pages say it.

use super::{controls::SumView, paths::InMunicipality};
use crate::{
    app::{LoopFacts, PromiseFollowUp},
    http::{
        problem::{Document, Problem},
        state::{Municipal, State},
    },
};
use axum::{Json, extract::State as Extract};
use fyren_core::domain::{PromiseTarget, ReportStatus};
use serde::Serialize;
use utoipa::ToSchema;

/// Everything that the public pages say, in numbers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LoopView {
    /// First answers to residents in the quarters of `presence`.
    answers: AnswersView,
    /// Presence per district and whole quarter, as old as a release.
    presence: Vec<PresenceView>,
    /// Promises, the latest period first.
    promises: Vec<PromiseView>,
    /// Defects that a moderator has published.
    defects: DefectsView,
    /// Measures that have not ended.
    measures_running: usize,
    /// Measures that have ended.
    measures_ended: usize,
}

/// Answers given; both numbers are left out where too few were.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnswersView {
    /// Reports answered, at least; whole fives.
    answered_at_least: Option<u32>,
    /// Days to the first answer, by the median.
    median_days: Option<u32>,
}

/// Presence in one district and quarter.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresenceView {
    /// District code.
    district: String,
    /// First day of the quarter.
    from: String,
    /// Day after its last.
    to: String,
    /// Visits of any unit.
    visits: u32,
    /// Minutes of them.
    minutes: u32,
}

/// A promise and what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PromiseView {
    /// Its slug.
    promise: String,
    /// At least so many were promised; left out where no number was.
    target: Option<u32>,
    /// What is counted.
    unit: &'static str,
    /// So many were counted; left out where nothing is, or no log covers it.
    counted: Option<u32>,
    /// So many of these rest on presence that is told by the week and on no log.
    #[serde(skip_serializing_if = "Option::is_none")]
    counted_told: Option<u32>,
    /// Who tells most of that: `typed`, `imported` or `summary`.
    #[serde(skip_serializing_if = "Option::is_none")]
    told_by: Option<&'static str>,
    /// Of a promise of traffic controls, what the picture called for by now and what became of it.
    called: Option<SumView>,
    /// Of a promise on watches, wishes of residents to start one, by closed quarters.
    #[serde(skip_serializing_if = "Option::is_none")]
    wishes: Option<WishesView>,
    /// How it ended or stands.
    verdict: &'static str,
    /// Why.
    reason: &'static str,
    /// What changed, from published numbers only.
    change: &'static str,
}

/// Wishes to start a watch; what too few stand behind is left out.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WishesView {
    /// First day of the quarters.
    from: String,
    /// Day after their last.
    to: String,
    /// Wishes, at least; whole fives of each quarter.
    #[serde(skip_serializing_if = "Option::is_none")]
    wishes_at_least: Option<u32>,
    /// First answers to them, at least; whole fives of each quarter.
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_at_least: Option<u32>,
    /// Watch areas that began in the days of the promise.
    started: u32,
}

/// Published defects.
#[derive(Debug, Serialize, ToSchema)]
pub struct DefectsView {
    /// Mended.
    mended: usize,
    /// Not yet.
    open: usize,
}

impl From<&LoopFacts> for LoopView {
    fn from(facts: &LoopFacts) -> Self {
        let mended = facts.defects.iter().filter(|d| d.status == ReportStatus::Done).count();
        let ended = facts.measures.iter().filter(|m| m.status.has_ended()).count();
        let answers = AnswersView {
            answered_at_least: Some(facts.answers.answered).filter(|answered| *answered > 0),
            median_days: facts.answers.median_days,
        };
        let presence = facts.presence.iter().map(|presence| PresenceView {
            district: presence.district.0.clone(),
            from: presence.window.from.to_string(),
            to: presence.window.to.to_string(),
            visits: presence.visits,
            minutes: presence.minutes,
        });
        Self {
            answers,
            presence: presence.collect(),
            promises: facts.promises.iter().map(PromiseView::from).collect(),
            defects: DefectsView { mended, open: facts.defects.len() - mended },
            measures_running: facts.measures.len() - ended,
            measures_ended: ended,
        }
    }
}

impl From<&PromiseFollowUp> for PromiseView {
    fn from(follow: &PromiseFollowUp) -> Self {
        let target = match follow.promise.target {
            PromiseTarget::AtLeast(number) => Some(number),
            PromiseTarget::NeedBased | PromiseTarget::NoNumber => None,
        };
        Self {
            promise: follow.promise.slug.clone(),
            target,
            unit: follow.promise.unit.code(),
            counted: follow.output.counted,
            counted_told: follow.output.told.map(|(told, _)| told),
            told_by: follow.output.told.map(|(_, source)| source.code()),
            called: follow.called.map(SumView::from),
            wishes: follow.wishes.map(|told| WishesView {
                from: told.window.from.to_string(),
                to: told.window.to.to_string(),
                wishes_at_least: told.wishes,
                answered_at_least: told.answered,
                started: told.started,
            }),
            verdict: follow.verdict.code(),
            reason: follow.reason.code(),
            change: follow.outcome.says.code(),
        }
    }
}

/// What was promised, what was done and what came of it, out of what is public.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/loop", tag = "measures",
    operation_id = "read_loop", params(InMunicipality),
    responses(
        (status = 200, description = "What the public pages say", body = LoopView),
        (status = 404, description = "No such municipality", body = Document)
    )
)]
pub async fn read_loop(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
) -> Result<Json<LoopView>, Problem> {
    let facts = state.app.read_loop(&ground).await?;
    Ok(Json(facts.as_ref().into()))
}
