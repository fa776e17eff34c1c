//! The rounds of a patrol plan as they are written, each with its stops.

use crate::app::plan_patrol::{Pause, Plan, Round, Stop};
use crate::http::language::Language;
use crate::http::plan_words;
use serde::Serialize;
use utoipa::ToSchema;

/// A text in Swedish and English.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Texts)]
pub struct TextsView {
    /// Swedish.
    pub sv: String,
    /// English.
    pub en: String,
}

impl TextsView {
    /// What `say` says in each language.
    pub fn of(say: impl Fn(Language) -> String) -> Self {
        Self { sv: say(Language::Swedish), en: say(Language::English) }
    }
}

/// What one shift does.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PlanRound)]
pub struct RoundView {
    /// The plan, once it is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<String>,
    /// Code of the unit.
    pub unit: String,
    /// `foot`, `bicycle`, `car`, `boat` or `mobile_office`.
    mode: String,
    /// Begin of the shift, UTC.
    pub from: String,
    /// End of the shift.
    to: String,
    /// Leaves its base.
    leave_at: String,
    /// Is back.
    back_at: String,
    /// Where it begins and ends.
    base: BaseView,
    /// Minutes on the way.
    travel_min: u32,
    /// Minutes neither at a stop, nor on the way, nor in the break.
    idle_min: i64,
    /// That in words and why, where it is much of the shift.
    idle: Option<TextsView>,
    /// The break.
    pause: Option<PauseView>,
    /// The visits in order.
    pub stops: Vec<StopView>,
}

/// Where a round begins and ends.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanBase)]
pub struct BaseView {
    /// What people call it.
    name: String,
    /// Degrees east.
    pub longitude: f64,
    /// Degrees north.
    pub latitude: f64,
}

/// A break.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanPause)]
pub struct PauseView {
    /// Begin, UTC.
    from: String,
    /// End.
    to: String,
}

/// One visit of a plan.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PlanStop)]
pub struct StopView {
    /// From 1 within its round.
    order: usize,
    /// The cell by which the place is known again; what a veto takes as `spot`.
    key: String,
    /// `hotspot`, `district` or `wish`.
    kind: String,
    /// What people call it.
    name: String,
    /// Code of its district.
    district: Option<String>,
    /// Name of its district.
    district_name: Option<String>,
    /// Degrees east.
    pub longitude: f64,
    /// Degrees north.
    pub latitude: f64,
    /// Gets there, UTC.
    arrive_at: String,
    /// Begins.
    start_at: String,
    /// Leaves.
    leave_at: String,
    /// What a first visit is worth.
    prize: f64,
    /// Why, with its numbers.
    reason: TextsView,
    /// Reports at the hot spot.
    count: Option<i64>,
    /// Reports that were expected there.
    expected: Option<f64>,
    /// The local hours in which its reports gather, where they do.
    hot_hours: Option<HotHoursView>,
    /// Days from the last visit to the plan.
    days_since_visit: Option<i64>,
    /// Whether it serves the floor of its district.
    floor: bool,
    /// Whether it must be visited.
    must: bool,
    /// Code of the unit that wishes for it.
    wished_by: Option<String>,
    /// The reason for which somebody has moved it.
    moved: Option<String>,
}

/// The hours of the day in which the reports of a hot spot gather.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanHotHours)]
pub struct HotHoursView {
    /// First local hour, 0 to 23.
    from: u8,
    /// The local hour after the last, 0 to 23.
    to: u8,
    /// Reports in them.
    count: u32,
    /// Reports of a known hour.
    of: u32,
    /// Whether the visit begins in them.
    met: bool,
}

impl RoundView {
    /// One round of a plan, and of which, once it is kept.
    pub fn new(id: Option<&str>, plan: &Plan, round: &Round) -> Self {
        let pause =
            |pause: Pause| PauseView { from: pause.from.to_string(), to: pause.to.to_string() };
        let stops = round.stops.iter().enumerate();
        Self {
            plan: id.map(str::to_owned),
            unit: round.unit.clone(),
            mode: round.mode.clone(),
            from: round.from.to_string(),
            to: round.to.to_string(),
            leave_at: round.leave_at.to_string(),
            back_at: round.back_at.to_string(),
            base: BaseView {
                name: round.base.clone(),
                longitude: round.longitude,
                latitude: round.latitude,
            },
            travel_min: round.travel_min,
            idle_min: round.idle_min(),
            idle: round.is_idle().then(|| {
                TextsView::of(|l| plan_words::idle_why(l, plan, round).unwrap_or_default())
            }),
            pause: round.pause.map(pause),
            stops: stops.map(|(at, stop)| StopView::new(plan, (at + 1, stop))).collect(),
        }
    }
}

impl StopView {
    fn new(plan: &Plan, (order, stop): (usize, &Stop)) -> Self {
        let district_name = |code: &String| {
            let floor = plan.floors.iter().find(|floor| floor.district == *code);
            floor.map_or_else(|| code.clone(), |floor| floor.name.clone())
        };
        Self {
            order,
            key: stop.key.clone(),
            kind: stop.kind.clone(),
            name: stop.name.clone(),
            district: stop.district.clone(),
            district_name: stop.district.as_ref().map(district_name),
            longitude: stop.longitude,
            latitude: stop.latitude,
            arrive_at: stop.arrive_at.to_string(),
            start_at: stop.start_at.to_string(),
            leave_at: stop.leave_at.to_string(),
            prize: stop.prize,
            reason: TextsView::of(|language| plan_words::reason(language, plan, stop)),
            count: stop.why.count,
            expected: stop.why.expected,
            hot_hours: stop.why.hours.map(|hours| HotHoursView {
                from: hours.from,
                to: hours.to,
                count: hours.count,
                of: hours.of,
                met: hours.met,
            }),
            days_since_visit: stop.why.days_since,
            floor: stop.why.floor,
            must: stop.why.must,
            wished_by: stop.why.wished_by.clone(),
            moved: stop.why.moved.clone(),
        }
    }
}
