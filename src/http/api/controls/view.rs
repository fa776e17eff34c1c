//! How controls, candidates and their report are told.

use crate::app::{Candidate, ControlSum, SiteOutcome};
use fyren_core::{
    analysis::{Call, ControlRules},
    domain::{Breach, Control, ControlAct, ControlStep, WhyHere, WhyNow},
};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A site with what the rules say of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ControlCandidate)]
pub struct CandidateView {
    /// By which it is called for.
    key: String,
    /// What the place is called.
    name: String,
    /// Degrees east.
    longitude: f64,
    /// Degrees north.
    latitude: f64,
    /// District code.
    district: Option<String>,
    /// `called`, `measure_first`, `listed` or `resting`.
    call: &'static str,
    /// Codes of why here.
    why_here: Vec<&'static str>,
    /// Codes of why now.
    why_now: Vec<&'static str>,
    /// First number: the measured v85 less the limit, km/h; `null` where nothing was measured.
    over_kmh: Option<f64>,
    /// Second number: distinct sources of traffic reports within 300 m in a year.
    sources: u32,
    /// Third number: days since the last control within 300 m; `null` without one.
    days_since: Option<u32>,
    /// The measured v85, km/h.
    v85_kmh: Option<f64>,
    /// The limit, km/h.
    limit_kmh: Option<f64>,
    /// Crashes within 300 m in three years.
    crashes: u32,
}

/// The rules by which the picture calls for controls.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ControlRules)]
pub struct RulesView {
    /// A v85 so much over the limit, km/h.
    over_kmh: f64,
    /// So many distinct sources in a year.
    sources: u32,
    /// So many crashes in three years.
    crashes: u32,
    /// Days that a site rests after a control.
    rest_days: u32,
    /// Days from the beginning of a school term.
    school_days: u32,
}

/// Every site with a sign of need.
#[derive(Debug, Serialize, ToSchema)]
pub struct CandidateList {
    /// The sites, those that are called for first.
    pub(super) items: Vec<CandidateView>,
    /// The rules.
    pub(super) rules: RulesView,
}

/// One step of a control.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ControlStep)]
pub struct ControlStepView {
    /// When it was noted, UTC.
    at: String,
    /// In which role.
    by: &'static str,
    /// `called`, `moved`, `lapsed` or `done`.
    act: &'static str,
    /// Local day.
    day: Option<String>,
    /// Why it was moved or lapsed.
    reason: Option<&'static str>,
}

/// What came of a control.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ControlResult)]
pub struct ResultView {
    /// The visit that it is.
    visit: String,
    /// Local day.
    on: String,
    /// Minutes.
    minutes: u32,
    /// Vehicles that passed.
    vehicles: u32,
    /// Drivers or vehicles that were checked.
    checked: u32,
    /// Breaches by kind.
    breaches: BTreeMap<&'static str, u32>,
    /// v85 before, km/h.
    v85_before_kmh: Option<f64>,
    /// v85 after, km/h.
    v85_after_kmh: Option<f64>,
}

/// A traffic control.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Control)]
pub struct ControlView {
    /// Identity.
    id: String,
    /// `speed`, `sobriety`, `belt_phone` or `vehicle`.
    kind: &'static str,
    /// What the place is called.
    site: String,
    /// Degrees east.
    longitude: f64,
    /// Degrees north.
    latitude: f64,
    /// District code.
    district: Option<String>,
    /// `due`, `moved`, `lapsed` or `done`.
    state: &'static str,
    /// The day on which it is due, was done, or was due when it lapsed.
    day: Option<String>,
    /// The day for which the picture called for it; `null` where it was done without.
    called_for: Option<String>,
    /// Codes of why here.
    why_here: Vec<&'static str>,
    /// Codes of why now.
    why_now: Vec<&'static str>,
    /// The three numbers of the day on which it was called for: km/h over the limit,
    over_kmh: Option<f64>,
    /// sources,
    sources: u32,
    /// days since the control before.
    days_since: Option<u32>,
    /// What happened, the first step first.
    steps: Vec<ControlStepView>,
    /// What came of it.
    result: Option<ResultView>,
}

/// A part of the list of controls.
#[derive(Debug, Serialize, ToSchema)]
pub struct ControlList {
    /// The controls, the latest first.
    pub(super) items: Vec<ControlView>,
    /// How many there are in all.
    pub(super) total: usize,
    /// How many were asked for at most.
    pub(super) limit: usize,
    /// How many were passed over.
    pub(super) offset: usize,
}

/// What was called for and done.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = ControlSum)]
pub struct SumView {
    /// Controls that the picture called for, by a day that has come.
    called: u32,
    /// Of these, done.
    done: u32,
    /// Of these, moved and not done yet.
    moved: u32,
    /// Of these, lapsed.
    lapsed: u32,
    /// Of these, neither.
    open: u32,
    /// Controls that were done without having been called for.
    beside: u32,
}

/// Output beside outcome.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ControlReport)]
pub struct ReportView {
    /// What was called for and done.
    pub(super) output: SumView,
    /// Minutes of all controls that were done.
    pub(super) minutes: u32,
    /// Vehicles that passed.
    pub(super) vehicles: u32,
    /// Drivers or vehicles that were checked.
    pub(super) checked: u32,
    /// Breaches by kind, of the whole period: no place is ranked by them.
    pub(super) breaches: BTreeMap<&'static str, u32>,
    /// Days before and after a control that are compared.
    pub(super) compared_days: i64,
    /// What changed around each control, the latest first.
    pub(super) outcome: Vec<OutcomeView>,
}

/// What changed around one control.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ControlOutcome)]
pub struct OutcomeView {
    /// What the place is called.
    pub(super) site: String,
    /// District code.
    pub(super) district: Option<String>,
    /// What was controlled.
    pub(super) kind: &'static str,
    /// Local day.
    pub(super) on: String,
    /// v85 before, noted or measured within 300 m, km/h.
    pub(super) v85_before_kmh: Option<f64>,
    /// v85 after, km/h.
    pub(super) v85_after_kmh: Option<f64>,
    /// The difference; `null` where one of the two is not known.
    pub(super) change_kmh: Option<f64>,
    /// Sources of traffic reports within 300 m before it.
    pub(super) sources_before: u32,
    /// And after it; `null` until as many days have passed.
    pub(super) sources_after: Option<u32>,
}

fn tenth(number: Option<f64>) -> Option<f64> {
    number.map(|number| (number * 10.0).round() / 10.0)
}

fn here(codes: &[WhyHere]) -> Vec<&'static str> {
    codes.iter().map(|why| why.code()).collect()
}

fn now(codes: &[WhyNow]) -> Vec<&'static str> {
    codes.iter().map(|why| why.code()).collect()
}

impl From<Candidate> for CandidateView {
    fn from(candidate: Candidate) -> Self {
        let (call, why_here, why_now) = match &candidate.call {
            Call::Called(why, when) => ("called", here(why), now(when)),
            Call::MeasureFirst(why) => ("measure_first", here(why), Vec::new()),
            Call::Listed(why) => ("listed", here(why), Vec::new()),
            Call::Resting(why) => ("resting", here(why), Vec::new()),
            Call::Nothing => ("nothing", Vec::new(), Vec::new()),
        };
        let numbers = candidate.facts.numbers;
        Self {
            key: candidate.key,
            name: candidate.name,
            longitude: candidate.at.longitude,
            latitude: candidate.at.latitude,
            district: candidate.district,
            call,
            why_here,
            why_now,
            over_kmh: tenth(numbers.over_kmh),
            sources: numbers.sources,
            days_since: numbers.days_since,
            v85_kmh: tenth(candidate.measured.map(|(v85, _)| v85)),
            limit_kmh: candidate.measured.map(|(_, limit)| limit),
            crashes: candidate.facts.crashes,
        }
    }
}

impl From<ControlRules> for RulesView {
    fn from(rules: ControlRules) -> Self {
        let ControlRules { over_kmh, sources, crashes, rest_days, school_days } = rules;
        Self { over_kmh, sources, crashes, rest_days, school_days }
    }
}

impl From<&ControlStep> for ControlStepView {
    fn from(step: &ControlStep) -> Self {
        let (act, day, reason) = match &step.act {
            ControlAct::Called(day) => ("called", Some(*day), None),
            ControlAct::Moved(day, reason) => ("moved", Some(*day), Some(reason.code())),
            ControlAct::Lapsed(reason) => ("lapsed", None, Some(reason.code())),
            ControlAct::Done(result) => ("done", Some(result.on), None),
        };
        let day = day.map(|day| day.to_string());
        Self { at: step.at.to_string(), by: step.by.code(), act, day, reason }
    }
}

impl From<Control> for ControlView {
    fn from(control: Control) -> Self {
        let result = control.result().map(|result| ResultView {
            visit: result.visit.to_string(),
            on: result.on.to_string(),
            minutes: result.minutes,
            vehicles: result.vehicles,
            checked: result.checked,
            breaches: by_kind(result.breaches.iter().map(|(kind, number)| (kind, number))),
            v85_before_kmh: tenth(result.v85_before),
            v85_after_kmh: tenth(result.v85_after),
        });
        Self {
            id: control.id.to_string(),
            kind: control.kind.code(),
            longitude: control.at.longitude,
            latitude: control.at.latitude,
            state: control.state().code(),
            day: control.day().map(|day| day.to_string()),
            called_for: control.called_for().map(|day| day.to_string()),
            why_here: here(&control.why_here),
            why_now: now(&control.why_now),
            over_kmh: tenth(control.numbers.over_kmh),
            sources: control.numbers.sources,
            days_since: control.numbers.days_since,
            steps: control.steps.iter().map(ControlStepView::from).collect(),
            result,
            site: control.site,
            district: control.district.map(|code| code.0),
        }
    }
}

pub(super) fn by_kind<'a>(
    breaches: impl Iterator<Item = (&'a Breach, &'a u32)>,
) -> BTreeMap<&'static str, u32> {
    breaches.map(|(kind, number)| (kind.code(), *number)).collect()
}

impl From<ControlSum> for SumView {
    fn from(sum: ControlSum) -> Self {
        let ControlSum { called, done, moved, lapsed, open, beside } = sum;
        Self { called, done, moved, lapsed, open, beside }
    }
}

impl From<SiteOutcome> for OutcomeView {
    fn from(outcome: SiteOutcome) -> Self {
        let change =
            outcome.v85_after.zip(outcome.v85_before).map(|(after, before)| after - before);
        Self {
            site: outcome.site,
            district: outcome.district,
            kind: outcome.kind.code(),
            on: outcome.on.to_string(),
            v85_before_kmh: tenth(outcome.v85_before),
            v85_after_kmh: tenth(outcome.v85_after),
            change_kmh: tenth(change),
            sources_before: outcome.sources_before,
            sources_after: outcome.sources_after,
        }
    }
}
