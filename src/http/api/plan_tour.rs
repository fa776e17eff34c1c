//! `M/analytics/plan/tour`: rounds that reach every district, drawn and not kept.

use super::plan_views::PlanView;
use crate::app::plan_patrol::{MoveDraft, PlaceAsked, Plan, PlanQuestion, ShiftDraft, WishDraft};
use crate::http::{
    problem::{Document, Problem},
    state::{Municipal, SignedIn, State},
    strict::Strict,
};
use axum::{
    Json,
    extract::State as Extract,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use fyren_core::domain::Violation;
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A plan as it is asked for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = PlanQuestion)]
pub struct PlanWanted {
    /// Who is at work when: 1 to 40 within 14 days.
    shifts: Vec<ShiftWanted>,
    /// Minutes of a visit, 1 to 240; default 12.
    stop_min: Option<u32>,
    /// Visits that each district gets at least, 0 to 20; default 1.
    floor: Option<u32>,
    /// The same by district code, where it is another number.
    #[serde(default)]
    floors: BTreeMap<String, u32>,
    /// Only districts that would else be without a visit for longer than so many days have a floor.
    max_days_without: Option<u32>,
    /// Share of the visits that goes to coverage whatever the reports say, 0 to 1; default 0.3.
    coverage_share: Option<f64>,
    /// How much the worth of a place is shaken, so that nobody can foresee rounds, 0 to 0.9; default 0.2.
    irregularity: Option<f64>,
    /// Same seed, same plan; drawn where none is given.
    seed: Option<u32>,
    /// Days of reports up to today that say where there is need; default 365.
    days: Option<u32>,
    /// Places that must be visited.
    #[serde(default)]
    must_visit: Vec<WishWanted>,
    /// Places that somebody wishes for.
    #[serde(default)]
    wishes: Vec<WishWanted>,
    /// Stops that somebody has moved, each with a reason; moves of earlier plans hold until their review.
    #[serde(default)]
    moves: Vec<MoveWanted>,
}

/// A unit at work.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = PlanShift)]
pub struct ShiftWanted {
    /// Code of the unit, never a name: 1 to 20 of letters, digits and `-`.
    unit: String,
    /// RFC 3339, or local.
    from: String,
    /// RFC 3339, or local; 30 minutes to 14 hours later.
    to: String,
    /// Where it begins and ends; the largest place of the municipality without.
    base: Option<PlaceWanted>,
    /// `foot`, `bicycle`, `car`, `boat` or `mobile_office`; default `car`.
    mode: Option<String>,
    /// Minutes of its break, in the middle third of the shift, at most a third of it; default 0.
    break_min: Option<u32>,
    /// Kilometres an hour, where not what is usual for the mode.
    speed_kmh: Option<f64>,
}

/// One of: a named place, a district (its largest place), a position.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = PlanPlace)]
pub struct PlaceWanted {
    /// Identity of a named place.
    locality_id: Option<String>,
    /// Code of a district.
    district_code: Option<String>,
    /// Degrees east.
    longitude: Option<f64>,
    /// Degrees north.
    latitude: Option<f64>,
}

/// A place that somebody wants to be visited.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = PlanWish)]
pub struct WishWanted {
    /// Identity of a wish that stands, where a plan repeats it; such ones are read anew.
    id: Option<String>,
    /// Code of the unit that wishes.
    unit: Option<String>,
    /// Where.
    place: PlaceWanted,
    /// Why, at most 500 characters: of the place, never of persons.
    note: Option<String>,
    /// Minutes of the visit, where not as all others.
    minutes: Option<u32>,
    /// Earliest local time of day, `HH:MM`.
    earliest: Option<String>,
    /// Latest local time of day, `HH:MM`; before the earliest it is after midnight.
    latest: Option<String>,
}

/// A stop that somebody has moved: to another place, unit or time of day.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = PlanMove)]
pub struct MoveWanted {
    /// The key of the stop.
    stop: String,
    /// Degrees east of where to.
    longitude: Option<f64>,
    /// Degrees north of where to.
    latitude: Option<f64>,
    /// The unit that is to go there.
    unit: Option<String>,
    /// Earliest local time of day, `HH:MM`.
    earliest: Option<String>,
    /// Latest local time of day, `HH:MM`.
    latest: Option<String>,
    /// `handled`, `one_event`, `more_people`, `wrong_place`, `others_duty` or `other`.
    reason: String,
    /// The same in words; `other` needs it.
    note: Option<String>,
    /// Local day on which somebody looks again, within a year.
    review_on: String,
}

impl From<PlanWanted> for PlanQuestion {
    fn from(wanted: PlanWanted) -> Self {
        let usual = Self::default();
        let wishes = |list: Vec<WishWanted>| list.into_iter().map(WishDraft::from).collect();
        Self {
            shifts: wanted.shifts.into_iter().map(ShiftDraft::from).collect(),
            stop_min: wanted.stop_min.unwrap_or(usual.stop_min),
            floor: wanted.floor.unwrap_or(usual.floor),
            floors: wanted.floors,
            max_days_without: wanted.max_days_without,
            coverage_share: wanted.coverage_share.unwrap_or(usual.coverage_share),
            irregularity: wanted.irregularity.unwrap_or(usual.irregularity),
            seed: wanted.seed,
            days: wanted.days.unwrap_or(usual.days),
            must_visit: wishes(wanted.must_visit),
            wishes: wishes(wanted.wishes),
            moves: wanted.moves.into_iter().map(MoveDraft::from).collect(),
        }
    }
}

impl From<ShiftWanted> for ShiftDraft {
    fn from(wanted: ShiftWanted) -> Self {
        let ShiftWanted { unit, from, to, base, mode, break_min, speed_kmh } = wanted;
        let (base, break_min) = (base.map(PlaceAsked::from), break_min.unwrap_or(0));
        Self { unit, from, to, base, mode, break_min, speed_kmh }
    }
}

impl From<PlaceWanted> for PlaceAsked {
    fn from(wanted: PlaceWanted) -> Self {
        let PlaceWanted { locality_id, district_code, longitude, latitude } = wanted;
        Self { locality_id, district_code, longitude, latitude }
    }
}

impl From<WishWanted> for WishDraft {
    fn from(wanted: WishWanted) -> Self {
        let WishWanted { id, unit, place, note, minutes, earliest, latest } = wanted;
        Self { id, unit, place: place.into(), note, minutes, earliest, latest }
    }
}

impl From<MoveWanted> for MoveDraft {
    fn from(wanted: MoveWanted) -> Self {
        let MoveWanted { stop, longitude, latitude, unit, earliest, latest, .. } = wanted;
        let (reason, note, review_on) = (wanted.reason, wanted.note, wanted.review_on);
        Self { stop, longitude, latitude, unit, earliest, latest, reason, note, review_on }
    }
}

/// The problem of a plan that does not meet every floor: which, why, and the
/// nearest plan that was found.
pub fn infeasible(plan: &Plan) -> Problem {
    let violations = plan.unmet.iter().map(|unmet| {
        let rule = if unmet.out_of_reach { "no_way_in_time" } else { "shifts_too_short" };
        Violation::new(unmet.field.clone(), rule)
    });
    let nearest = serde_json::to_value(PlanView::new(plan)).unwrap_or_default();
    Problem {
        violations: violations.collect(),
        nearest: Some(Box::new(nearest)),
        ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "infeasible")
    }
}

/// Draws rounds: hot spots, overdue districts, promises and wishes within the
/// shifts, every district at least its floor. Nothing is kept.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/analytics/plan/tour", tag = "analytics",
    operation_id = "plan_patrol", request_body = PlanWanted,
    params(("code" = String, Path, description = "Municipality code")),
    responses(
        (status = 200, description = "The plan: stops as points and rounds as lines, with \
            everything that it rests on", body = PlanView, content_type = "application/geo+json"),
        (status = 401, description = "Nobody has signed in", body = Document),
        (status = 403, description = "The role may not plan patrols", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 422, description = "The body breaks a rule; or `infeasible`: a floor cannot be \
            met, with the reason and the nearest plan", body = Document),
        (status = 503, description = "The queue is full, or the index is still loading", body = Document)
    )
)]
pub async fn plan_patrol(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    wanted: Strict<PlanWanted>,
) -> Result<Response, Problem> {
    let plan = state.app.plan_patrol(&staff, &ground, wanted.value.into()).await?;
    let kept = [
        (header::CONTENT_TYPE, "application/geo+json"),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((kept, Json(PlanView::new(&plan))).into_response())
}
