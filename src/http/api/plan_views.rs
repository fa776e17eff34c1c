//! A patrol plan as it is written: rounds with their stops, and the same as
//! features.

use super::plan_rounds::{RoundView, StopView, TextsView};
use crate::app::plan_patrol::{DistrictFloor, KeptView, LeftOut, Plan, Unmet};
use crate::http::plan_words;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// A plan. It is a feature collection, too: one line a round, one point a stop.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Plan)]
pub struct PlanView {
    /// `FeatureCollection`.
    r#type: &'static str,
    /// `plan/tour`.
    method: &'static str,
    /// Version of the program that drew it.
    version: &'static str,
    /// Identity, once it is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// `draft`, `decided`, `done` or `withdrawn`, once it is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    /// What happened to it, once it is kept.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    steps: Vec<StepView>,
    /// First local day.
    from: String,
    /// The local day after the last.
    to: String,
    /// The reports behind it: first day, and the day after the last.
    window: [String; 2],
    /// Same seed, same plan.
    seed: Option<u32>,
    /// Places that were looked at.
    n: usize,
    /// `roads` of the base map, or `detour`: straight lines made longer.
    travel: String,
    /// What was asked.
    #[schema(value_type = Object)]
    params: Value,
    /// What each shift does.
    rounds: Vec<RoundView>,
    /// Each district and its floor.
    floors: Vec<FloorView>,
    /// Floors that are not met; of the nearest plan alone.
    unmet: Vec<UnmetView>,
    /// Places that somebody who knows them says not to stop at.
    left_out: Vec<LeftOutView>,
    /// What the plan does not know or could not do.
    limits: Vec<LimitView>,
    /// Worth of all visits.
    prize: f64,
    /// Share of the visits that goes to coverage.
    coverage_share: f64,
    /// Whoever keeps the plan says with it which one was seen.
    digest: String,
    /// Lines of rounds and points of stops.
    #[schema(value_type = Vec<Object>)]
    features: Vec<Value>,
}

/// One step of a plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanStep)]
pub struct StepView {
    /// When, UTC.
    at: String,
    /// In which role.
    by: &'static str,
    /// What it became.
    status: &'static str,
}

/// A district and its floor.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PlanFloor)]
pub struct FloorView {
    /// Code.
    district: String,
    /// Name.
    name: String,
    /// Visits that it must get.
    at_least: u32,
    /// Visits that it gets.
    planned: u32,
    /// Whether that is enough.
    met: bool,
    /// Days from the last visit to the plan.
    days_since_visit: Option<i64>,
}

/// A floor that is not met.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PlanUnmet)]
pub struct UnmetView {
    /// The field that asks for it.
    field: String,
    /// What it is about.
    name: String,
    /// Visits that are missing.
    missing: u32,
    /// Whether no plan can meet it; else the shifts were too short for all
    /// floors together, as far as was searched.
    out_of_reach: bool,
}

/// A place that is not in the plan because somebody says so.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PlanLeftOut)]
pub struct LeftOutView {
    /// The cell of the place.
    key: String,
    /// What people call it.
    name: String,
    /// Code of the reason.
    reason: String,
    /// The same in words.
    note: Option<String>,
    /// Local day on which somebody looks again.
    review_on: String,
}

/// Something that a plan does not know or could not do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanLimit)]
pub struct LimitView {
    /// `no_roads`, `over_water`, `no_way`, `coverage_below`, `no_hotspots` or `moves_due`.
    rule: String,
    /// Places or percent.
    number: u32,
    /// The same in words.
    text: TextsView,
}

impl PlanView {
    /// A plan that is not kept.
    pub fn new(plan: &Plan) -> Self {
        let params = serde_json::to_value(&plan.question).unwrap_or_default();
        let rounds: Vec<RoundView> =
            plan.rounds.iter().map(|round| RoundView::new(None, plan, round)).collect();
        let features = lines(plan).chain(points(&rounds)).collect();
        Self {
            r#type: "FeatureCollection",
            method: "plan/tour",
            version: env!("CARGO_PKG_VERSION"),
            id: None,
            status: None,
            steps: Vec::new(),
            from: plan.from.clone(),
            to: plan.to.clone(),
            window: [plan.reports_from.clone(), plan.reports_to.clone()],
            seed: plan.question.seed,
            n: plan.candidates,
            travel: plan.travel.clone(),
            params,
            rounds,
            floors: plan.floors.iter().map(FloorView::new).collect(),
            unmet: plan.unmet.iter().map(UnmetView::new).collect(),
            left_out: plan.left_out.iter().map(LeftOutView::new).collect(),
            limits: plan
                .limits
                .iter()
                .map(|limit| LimitView {
                    rule: limit.rule.clone(),
                    number: limit.number,
                    text: TextsView::of(|language| plan_words::limit(language, limit)),
                })
                .collect(),
            prize: plan.prize,
            coverage_share: plan.coverage_share,
            digest: plan.digest(),
            features,
        }
    }

    /// A plan that is kept.
    pub fn kept(view: &KeptView) -> Self {
        let steps = view.kept.steps.iter().map(|step| StepView {
            at: step.at.to_string(),
            by: step.by.code(),
            status: step.status.code(),
        });
        Self {
            id: Some(view.kept.id.to_string()),
            status: Some(view.kept.status().code()),
            steps: steps.collect(),
            ..Self::new(&view.plan)
        }
    }
}

impl FloorView {
    fn new(floor: &DistrictFloor) -> Self {
        Self {
            district: floor.district.clone(),
            name: floor.name.clone(),
            at_least: floor.at_least,
            planned: floor.planned,
            met: floor.planned >= floor.at_least,
            days_since_visit: floor.days_since,
        }
    }
}

impl UnmetView {
    fn new(unmet: &Unmet) -> Self {
        let Unmet { field, name, missing, out_of_reach } = unmet.clone();
        Self { field, name, missing, out_of_reach }
    }
}

impl LeftOutView {
    fn new(left: &LeftOut) -> Self {
        let LeftOut { key, name, reason, note, review_on } = left.clone();
        Self { key, name, reason, note, review_on }
    }
}

fn lines(plan: &Plan) -> impl Iterator<Item = Value> {
    plan.rounds.iter().enumerate().filter(|(_, round)| round.line.len() > 1).map(|(at, round)| {
        json!({
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": round.line},
            "properties": {
                "kind": "round", "round": at, "unit": round.unit, "mode": round.mode,
                "leaveAt": round.leave_at.to_string(), "backAt": round.back_at.to_string(),
            },
        })
    })
}

fn points(rounds: &[RoundView]) -> impl Iterator<Item = Value> {
    let of = |(at, round): (usize, &RoundView)| {
        let point = move |stop: &StopView| {
            let mut properties = serde_json::to_value(stop).unwrap_or_default();
            properties["round"] = at.into();
            properties["unit"] = round.unit.clone().into();
            json!({
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [stop.longitude, stop.latitude]},
                "properties": properties,
            })
        };
        round.stops.iter().map(point).collect::<Vec<_>>()
    };
    rounds.iter().enumerate().flat_map(of)
}
