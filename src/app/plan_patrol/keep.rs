//! Keeping plans: decided, driven or withdrawn, and read by those who drive.

use super::{Plan, PlanQuestion, Round, Stop};
use crate::app::{App, Error, Ground, Result, Staff, digest, failure, submit_report::check_key};
use crate::identity::RequestKey;
use crate::store::Submitted;
use fyren_core::domain::{
    Context, Id, KeptPlan, Layer, MunicipalityCode, Operation, PlanStatus, PlanStep, Position,
    Role, Violation,
};
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use std::sync::Arc;

/// Days before today whose plans are listed where nothing else is asked for.
const LISTED_DAYS: i64 = 60;

/// A plan to be kept.
#[derive(Debug, Clone)]
pub struct NewPlan {
    /// What was asked, with the seed of the plan that was seen.
    pub question: PlanQuestion,
    /// The digest of the plan that was seen.
    pub digest: String,
    /// Code of its first status: `draft` or `decided`.
    pub status: String,
}

/// A kept plan with its document read.
#[derive(Debug, Clone)]
pub struct KeptView {
    /// What is kept.
    pub kept: KeptPlan,
    /// What it says.
    pub plan: Plan,
}

/// A stop of a plan that was decided.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedStop {
    /// Where.
    pub at: Position,
    /// Code of its district.
    pub district: Option<String>,
    /// The local day on which it was to begin.
    pub day: Date,
    /// Its shift, from when to when.
    pub shift: (Timestamp, Timestamp),
}

/// Of plans, the latest made first, the rounds that are `wanted` and hold: of
/// several for one shift of a unit the latest.
fn that_hold(views: Vec<KeptView>, wanted: impl Fn(&Round) -> bool) -> Vec<KeptView> {
    let mut taken: Vec<(String, Timestamp, Timestamp)> = Vec::new();
    let mut hold = Vec::new();
    for mut view in views {
        view.plan.rounds.retain(|round| {
            let later = taken
                .iter()
                .any(|(of, from, to)| *of == round.unit && *from < round.to && round.from < *to);
            !later && wanted(round)
        });
        let rounds = view.plan.rounds.iter();
        taken.extend(rounds.map(|round| (round.unit.clone(), round.from, round.to)));
        if !view.plan.rounds.is_empty() {
            hold.push(view);
        }
    }
    hold
}

impl KeptView {
    /// A plan that is not kept, as a draft of `now`: to be put on paper. It is
    /// named by its digest.
    #[must_use]
    pub fn unkept(plan: Plan, municipality: MunicipalityCode, now: Timestamp) -> Self {
        let days = (plan.from.parse(), plan.to.parse());
        let kept = KeptPlan {
            id: Id::parse(&plan.digest()).unwrap_or(Id::from_bits(0)),
            municipality,
            from: days.0.unwrap_or(Date::MIN),
            to: days.1.unwrap_or(Date::MAX),
            document: String::new(),
            steps: vec![PlanStep { at: now, by: Role::PolicePlanner, status: PlanStatus::Draft }],
        };
        Self { kept, plan }
    }

    pub(in crate::app) fn read(kept: KeptPlan) -> Result<Self> {
        let plan = Plan::read(&kept.document)?;
        Ok(Self { kept, plan })
    }
}

impl App {
    /// Draws a plan again and keeps it once, however often it is sent; gives
    /// its identity.
    ///
    /// # Errors
    /// As [`App::draw_plan`]; [`Error::Conflict`] `plan_changed` where the
    /// picture has changed since the plan was seen, or `key-reused`.
    pub async fn keep_plan(
        &self,
        staff: &Staff,
        ground: &Arc<Ground>,
        new: NewPlan,
        (key, body): (&str, &[u8]),
    ) -> Result<Id> {
        let by = staff.must(ground.code(), Operation::PlanPatrol)?;
        check_key(key)?;
        let status = PlanStatus::parse(&new.status)
            .filter(|status| matches!(status, PlanStatus::Draft | PlanStatus::Decided))
            .ok_or_else(|| Violation::new("status", "unknown_value"))?;
        let request = RequestKey { municipality: ground.code(), key };
        let idempotency = self.idempotency("keep_plan", request, body)?;
        // A repeated request has to find the identity that the first one got.
        let named = digest(&self.secrets.request_hash("plan_id", request))?;
        let mut bits = [0; 16];
        bits.copy_from_slice(&named.0[..16]);
        let id = Id::from_bits(u128::from_be_bytes(bits));
        let store = self.store(Context::Police);
        let known = store.plan(ground.code(), id).await.map_err(failure)?;
        // Whether the body is the same is for the store to say.
        let kept = if let Some(kept) = known {
            kept
        } else {
            let plan = self.draw_plan(ground, new.question).await?;
            if plan.digest() != new.digest {
                return Err(Error::Conflict("plan_changed"));
            }
            let day = |text: &str| {
                text.parse().map_err(|fault| Error::Bug(format!("the day of a plan: {fault}")))
            };
            KeptPlan {
                id,
                municipality: ground.code().clone(),
                from: day(&plan.from)?,
                to: day(&plan.to)?,
                document: plan.document()?,
                steps: vec![PlanStep { at: self.clock.now(), by, status }],
            }
        };
        let mut audit =
            self.audit(staff.name(), "keep_plan", Some(ground.code()), Some(id.to_string()));
        status.code().clone_into(&mut audit.detail);
        match store.keep_plan(kept, idempotency, audit).await.map_err(failure)? {
            Submitted::Created(_) | Submitted::Replayed => Ok(id),
            Submitted::KeyReused => Err(Error::Conflict("key-reused")),
        }
    }

    /// Decides, ends or withdraws a plan.
    ///
    /// # Errors
    /// [`Error::NotFound`] without such a plan; [`Error::Invalid`] for an
    /// unknown status; [`Error::Conflict`] `plan_status`.
    pub async fn change_plan(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
        status: &str,
    ) -> Result<()> {
        let by = staff.must(ground.code(), Operation::PlanPatrol)?;
        let id = Id::parse(id).ok_or(Error::NotFound)?;
        let status =
            PlanStatus::parse(status).ok_or_else(|| Violation::new("status", "unknown_value"))?;
        let mut audit =
            self.audit(staff.name(), "change_plan", Some(ground.code()), Some(id.to_string()));
        status.code().clone_into(&mut audit.detail);
        let step = PlanStep { at: self.clock.now(), by, status };
        let store = self.store(Context::Police);
        store.add_plan_step(ground.code(), id, step, audit).await.map_err(failure)?;
        Ok(())
    }

    /// The plans that reach into `since` or later, the latest made first; those
    /// of the last two months without. Noted in the audit log, as every
    /// reading of plans.
    ///
    /// # Errors
    /// [`Error::Forbidden`] or [`Error::NotFound`] without the right role.
    pub async fn plans(
        &self,
        staff: &Staff,
        ground: &Ground,
        since: Option<Date>,
    ) -> Result<Vec<KeptView>> {
        staff.must_see(ground.code(), Layer::Plan)?;
        self.note_read(staff, ground.code(), Layer::Plan).await?;
        let today = self.today(&ground.zone);
        let usual = || today.checked_sub(Span::new().days(LISTED_DAYS)).unwrap_or(today);
        self.plans_since(ground, since.unwrap_or_else(usual)).await
    }

    /// One plan.
    ///
    /// # Errors
    /// As [`App::plans`]; [`Error::NotFound`] without such a plan.
    pub async fn plan(&self, staff: &Staff, ground: &Ground, id: &str) -> Result<KeptView> {
        staff.must_see(ground.code(), Layer::Plan)?;
        self.note_read(staff, ground.code(), Layer::Plan).await?;
        let id = Id::parse(id).ok_or(Error::NotFound)?;
        let kept = self.store(Context::Police).plan(ground.code(), id).await.map_err(failure)?;
        KeptView::read(kept.ok_or(Error::NotFound)?)
    }

    /// The decided plans with a round of today or one that is under way, the
    /// latest decided first: what a shift page shows. With `unit` only its
    /// rounds are left in; of several plans for one shift the latest holds.
    ///
    /// # Errors
    /// As [`App::plans`].
    pub async fn current_plans(
        &self,
        staff: &Staff,
        ground: &Ground,
        unit: Option<&str>,
    ) -> Result<Vec<KeptView>> {
        staff.must_see(ground.code(), Layer::Plan)?;
        self.note_read(staff, ground.code(), Layer::Plan).await?;
        let (now, today) = (self.clock.now(), self.today(&ground.zone));
        let yesterday = today.yesterday().unwrap_or(today);
        let mut views = self.plans_since(ground, yesterday).await?;
        views.retain(|view| view.kept.status() == PlanStatus::Decided);
        let wanted = |round: &Round| {
            let day = round.from.to_zoned(ground.zone.clone()).date();
            let now_or_today = day == today || (round.from <= now && now < round.to);
            now_or_today && unit.is_none_or(|unit| unit == round.unit)
        };
        Ok(that_hold(views, wanted))
    }

    /// The stops of every plan that was decided for `since` or later.
    pub(in crate::app) async fn planned_stops(
        &self,
        ground: &Ground,
        since: Date,
    ) -> Result<Vec<PlannedStop>> {
        let mut views = self.plans_since(ground, since).await?;
        views.retain(|v| matches!(v.kept.status(), PlanStatus::Decided | PlanStatus::Done));
        let views = that_hold(views, |_| true);
        let stops = views.iter().flat_map(|view| view.plan.stops());
        let planned = |(round, _, stop): (&Round, usize, &Stop)| PlannedStop {
            at: Position { longitude: stop.longitude, latitude: stop.latitude },
            district: stop.district.clone(),
            day: stop.start_at.to_zoned(ground.zone.clone()).date(),
            shift: (round.from, round.to),
        };
        Ok(stops.map(planned).collect())
    }

    async fn plans_since(&self, ground: &Ground, since: Date) -> Result<Vec<KeptView>> {
        let kept = self.store(Context::Police).plans(ground.code(), since).await;
        kept.map_err(failure)?.into_iter().map(KeptView::read).collect()
    }
}
