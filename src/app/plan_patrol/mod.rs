//! Planning patrols: a plan that reaches every district and says why. Drawn
//! anew for every question, kept when somebody decides; in the police context
//! alone, since future places are secret.

mod draw;
mod fields;
mod gather;
mod keep;
mod plan;
mod question;
mod ways;
mod wish;

pub use keep::{KeptView, NewPlan, PlannedStop};
pub use plan::{DistrictFloor, LeftOut, Pause, Plan, PlanLimit, Round, Stop, Unmet, Why, WhyHours};
pub use question::{MoveDraft, PlaceAsked, PlanQuestion, ShiftDraft, WishDraft};
pub use ways::Graphs;
pub use wish::NewWish;

use super::layers::{LayerAnswer, LayerRequest, parse_query};
use super::{App, Error, Ground, Result, Staff, failure};
use draw::Desk;
use fyren_core::domain::{Context, Layer, Operation, PlanStatus, Promise, Role};
use gather::{Picture, gather};
use jiff::Span;
use jiff::civil::Date;
use plan::PlanLimit as Limited;
use std::sync::Arc;

/// Days for which a moved stop is looked for in earlier plans.
const MOVES_DAYS: i64 = 366;

impl App {
    /// Draws a plan; nothing is kept.
    ///
    /// # Errors
    /// As [`App::draw_plan`]; [`Error::Forbidden`] or [`Error::NotFound`]
    /// without the right role.
    pub async fn plan_patrol(
        &self,
        staff: &Staff,
        ground: &Arc<Ground>,
        question: PlanQuestion,
    ) -> Result<Plan> {
        staff.must(ground.code(), Operation::PlanPatrol)?;
        self.draw_plan(ground, question).await
    }

    /// Draws a plan for whoever may: hot spots, overdue districts, promises and
    /// wishes, on the ways of the base map.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming a broken rule; [`Error::Infeasible`] with the
    /// nearest plan where a floor cannot be met; [`Error::Unavailable`] while
    /// an index loads.
    pub async fn draw_plan(
        &self,
        ground: &Arc<Ground>,
        mut question: PlanQuestion,
    ) -> Result<Plan> {
        let today = self.today(&ground.zone);
        let mut limits = Vec::new();
        let due = self.recall_moves(ground, &mut question, today).await?;
        if due > 0 {
            limits.push(Limited { rule: "moves_due".to_owned(), number: due });
        }
        let shifts = question.check(ground, today)?;
        let seed = question.seed.unwrap_or_else(|| self.seed());
        let day = shifts.iter().map(|shift| shift.day).min().unwrap_or(today);
        self.recall_wishes(ground, &mut question, day).await?;
        let (from, to) = window(today, question.days);
        let hotspots = self.told(ground, Layer::Hotspots, (from, to)).await?;
        let coverage = self.told(ground, Layer::Coverage, (from, to)).await?;
        let vetoes = self.layers.vetoes(ground.code(), true).await?;
        let promises = self.municipal.promises(ground.code()).await.map_err(failure)?;
        let graph = self.kept_roads(ground).await?;
        let picture = Picture {
            ground,
            hotspots: &hotspots,
            coverage: &coverage,
            vetoes: &vetoes,
            promise: of_presence(&promises, day),
            ahead: i64::from((day - today).get_days()).max(0),
            day,
        };
        let gathered = gather(&question, &picture)?;
        let ground = Arc::clone(ground);
        let reports = (from, to);
        let desk = Desk { ground, graph, question, seed, shifts, gathered, reports, limits };
        let plan = self.layers.patient_pool().compute(move || desk.draw()).await?;
        if plan.unmet.is_empty() { Ok(plan) } else { Err(Error::Infeasible(Box::new(plan))) }
    }

    /// A layer as a planner sees it.
    async fn told(
        &self,
        ground: &Arc<Ground>,
        layer: Layer,
        (from, to): (Date, Date),
    ) -> Result<LayerAnswer> {
        let pairs = [("from", from), ("to", to)].map(|(n, day)| (n.to_owned(), day.to_string()));
        let query = parse_query(layer, &pairs, &ground.zone).map_err(Error::BadParameter)?;
        let roles = Some(vec![Role::PolicePlanner]);
        let (ground, today) = (Arc::clone(ground), self.today(&ground.zone));
        let request = LayerRequest { ground, layer, roles, query, today };
        self.layers.prepare(request).await?.answer().await
    }

    /// Adds stops that were moved in earlier plans and that nobody has to look
    /// at again yet; gives how many are due for that.
    async fn recall_moves(
        &self,
        ground: &Ground,
        question: &mut PlanQuestion,
        today: Date,
    ) -> Result<u32> {
        let since = today.checked_sub(Span::new().days(MOVES_DAYS)).unwrap_or(today);
        let kept = self.store(Context::Police).plans(ground.code(), since).await;
        let mut seen: Vec<String> = question.moves.iter().map(|one| one.stop.clone()).collect();
        let mut due = 0;
        for plan in kept.map_err(failure)? {
            if !matches!(plan.status(), PlanStatus::Decided | PlanStatus::Done) {
                continue;
            }
            for one in Plan::read(&plan.document)?.question.moves {
                if seen.contains(&one.stop) {
                    continue;
                }
                seen.push(one.stop.clone());
                if one.is_due(today) {
                    due += 1;
                } else {
                    // Who is at work differs from plan to plan.
                    question.moves.push(MoveDraft { unit: None, ..one });
                }
            }
        }
        Ok(due)
    }

    /// A seed that JavaScript can hold.
    fn seed(&self) -> u32 {
        let mut bytes = [0; 4];
        self.random.fill(&mut bytes);
        u32::from_le_bytes(bytes)
    }
}

/// The days of reports that a plan rests on: the last ones, today included.
fn window(today: Date, days: u32) -> (Date, Date) {
    let to = today.tomorrow().unwrap_or(today);
    let span = Span::new().days(i64::from(days));
    (to.checked_sub(span).unwrap_or(Date::MIN), to)
}

/// The promise of presence that runs on `day`, else the latest one.
fn of_presence(promises: &[Promise], day: Date) -> Option<&Promise> {
    let mut all = promises.iter().filter(|promise| promise.theme == "presence");
    let runs = |promise: &&Promise| promise.from <= day && day <= promise.to;
    all.clone().find(runs).or_else(|| all.next())
}
