//! Letting go what is old enough, by decision alone: a dry run says what would
//! go and what is held, a run leaves a protocol.

use super::{App, Error, Ground, Result, Staff, erase_again::erase, failure};
use crate::store::{AuditEntry, EventKey};
use fyren_core::domain::{
    DueRecord, HeldRecord, Operation, RetentionClass, RetentionDecision, RetentionRow,
    RetentionRun, Violation,
};
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use std::collections::{BTreeMap, BTreeSet};

/// A decision as it is entered.
#[derive(Debug, Clone, Default)]
pub struct DecisionDraft {
    /// Code of the class.
    pub class: String,
    /// Number in the municipality's register.
    pub number: String,
    /// Day of the decision.
    pub decided_on: String,
    /// Days that something is kept.
    pub days: u32,
}

/// What stands for one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassView {
    /// The class.
    pub class: RetentionClass,
    /// The decision in force, and those before it.
    pub decisions: Vec<RetentionDecision>,
    /// What a run would do now; none without a decision.
    pub dry_run: Option<RetentionRun>,
}

/// Longest time of a decision, in days.
const MOST_DAYS: u32 = 36_500;
/// Erasures that share a commit.
const TOGETHER: usize = 256;

impl App {
    /// Every class with its decisions and what a run would do now.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a role that may not manage retention.
    pub async fn retention(&self, staff: &Staff, ground: &Ground) -> Result<Vec<ClassView>> {
        staff.must(ground.code(), Operation::ManageRetention)?;
        self.retention_of(staff.name(), ground).await
    }

    /// [`App::retention`] for the command line, which asks no role.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn retention_of(&self, actor: &str, ground: &Ground) -> Result<Vec<ClassView>> {
        let all = self.municipal.decisions(ground.code()).await.map_err(failure)?;
        let mut views = Vec::new();
        for class in RetentionClass::ALL {
            let decisions: Vec<_> = all.iter().filter(|one| one.class == *class).cloned().collect();
            let dry_run = match decisions.first() {
                Some(decision) => Some(self.planned(actor, ground, decision).await?.0),
                None => None,
            };
            views.push(ClassView { class: *class, decisions, dry_run });
        }
        Ok(views)
    }

    /// Every protocol, the latest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn retention_runs(
        &self,
        staff: &Staff,
        ground: &Ground,
    ) -> Result<Vec<RetentionRun>> {
        staff.must(ground.code(), Operation::ManageRetention)?;
        self.municipal.retention_runs(ground.code()).await.map_err(failure)
    }

    /// Enters a decision, which is in force from then on; that of ordinary
    /// reports is what residents are told.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] naming a broken rule;
    /// [`Error::Conflict`] `decision_exists`.
    pub async fn save_decision(
        &self,
        staff: &Staff,
        ground: &Ground,
        draft: &DecisionDraft,
    ) -> Result<()> {
        staff.must(ground.code(), Operation::ManageRetention)?;
        self.save_decision_as(staff.name(), ground, draft).await
    }

    /// [`App::save_decision`] for the command line.
    ///
    /// # Errors
    /// As [`App::save_decision`].
    pub async fn save_decision_as(
        &self,
        actor: &str,
        ground: &Ground,
        draft: &DecisionDraft,
    ) -> Result<()> {
        let decision = self.checked_decision(actor, ground, draft)?;
        let audit = |action| AuditEntry {
            detail: format!("{} {} {}", decision.class, decision.number, decision.days),
            ..self.audit(actor, action, Some(ground.code()), None)
        };
        let known = self.municipal.decisions(ground.code()).await.map_err(failure)?;
        let later = known
            .iter()
            .any(|one| one.class == decision.class && one.decided_on > decision.decided_on);
        self.municipal
            .insert_decision(decision.clone(), audit("save_decision"))
            .await
            .map_err(failure)?;
        if decision.class == RetentionClass::Report && !later {
            let mut municipality = ground.municipality.clone();
            municipality.policy.retention_days = decision.days;
            municipality.policy.retention_decision =
                format!("{}, {}", decision.number, decision.decided_on);
            let audit = audit("save_policy");
            self.municipal.save_municipality(municipality, audit).await.map_err(failure)?;
            self.forget_ground(ground.code());
        }
        Ok(())
    }

    fn checked_decision(
        &self,
        actor: &str,
        ground: &Ground,
        draft: &DecisionDraft,
    ) -> Result<RetentionDecision> {
        let broken = |field: &str, rule| Error::from(Violation::new(field, rule));
        let class =
            RetentionClass::parse(&draft.class).ok_or_else(|| broken("class", "unknown_value"))?;
        let number = draft.number.trim();
        if !(1..=60).contains(&number.chars().count()) || number.chars().any(char::is_control) {
            return Err(broken("number", "required"));
        }
        let decided_on: Date =
            draft.decided_on.parse().map_err(|_unreadable| broken("decidedOn", "date_form"))?;
        if decided_on > self.today(&ground.zone) {
            return Err(broken("decidedOn", "in_future"));
        }
        if !(least_days(class)..=MOST_DAYS).contains(&draft.days) {
            return Err(broken("days", "out_of_range"));
        }
        Ok(RetentionDecision {
            municipality: ground.code().clone(),
            class,
            number: number.to_owned(),
            decided_on,
            days: draft.days,
            entered_by: actor.to_owned(),
            entered_hour: self.this_hour(),
        })
    }

    /// Lets go what the decision in force of `class` lets go, and gives the
    /// protocol, which is kept. `number` says which decision was meant.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] `class: no_decision` where
    /// none is in force, `number: not_in_force` where an other one is.
    pub async fn run_retention(
        &self,
        staff: &Staff,
        ground: &Ground,
        (class, number): (&str, &str),
    ) -> Result<RetentionRun> {
        staff.must(ground.code(), Operation::ManageRetention)?;
        let class =
            RetentionClass::parse(class).ok_or_else(|| Violation::new("class", "unknown_value"))?;
        self.run_retention_as(staff.name(), ground, (class, Some(number))).await
    }

    /// [`App::run_retention`] for the command line, which need not say which
    /// decision it means.
    ///
    /// # Errors
    /// As [`App::run_retention`].
    pub async fn run_retention_as(
        &self,
        actor: &str,
        ground: &Ground,
        (class, number): (RetentionClass, Option<&str>),
    ) -> Result<RetentionRun> {
        let all = self.municipal.decisions(ground.code()).await.map_err(failure)?;
        let decision = all.into_iter().find(|one| one.class == class);
        let decision = decision.ok_or_else(|| Violation::new("class", "no_decision"))?;
        if number.is_some_and(|number| number != decision.number) {
            return Err(Violation::new("number", "not_in_force").into());
        }
        let (run, due) = self.planned(actor, ground, &decision).await?;
        let keys: BTreeSet<_> = due.into_iter().map(|record| record.id).collect();
        let keys: Vec<EventKey> = keys
            .into_iter()
            .map(|id| EventKey { municipality: ground.code().clone(), id })
            .collect();
        for part in keys.chunks(TOGETHER) {
            let each = part.iter().map(|key| self.let_go_of(key, actor, &run));
            futures_util::future::try_join_all(each).await?;
        }
        let mut audit = self.audit(actor, "run_retention", Some(ground.code()), None);
        audit.detail = format!("{} {} {}", run.class, run.number, run.count());
        self.municipal.insert_run(run.clone(), audit).await.map_err(failure)?;
        Ok(run)
    }

    /// Lets go at once what its sender took back, where a decision says so.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where the store fails; the next run makes up for it.
    pub(super) async fn let_go_withdrawn(&self, ground: &Ground) -> Result<()> {
        let class = RetentionClass::Withdrawn;
        let all = self.municipal.decisions(ground.code()).await.map_err(failure)?;
        let in_force = all.into_iter().find(|one| one.class == class);
        if in_force.is_some_and(|decision| decision.days == 0) {
            self.run_retention_as("receipt", ground, (class, None)).await?;
        }
        Ok(())
    }

    async fn let_go_of(&self, key: &EventKey, actor: &str, run: &RetentionRun) -> Result<()> {
        let subject = Some(key.id.to_string());
        let mut audit = self.audit(actor, "let_go", Some(&key.municipality), subject);
        audit.detail = format!("{} {}", run.class, run.number);
        if run.class == RetentionClass::Original {
            let forgotten = self.municipal.forget_originals(key, run.before, audit).await;
            return forgotten.map(|_count| ()).map_err(failure);
        }
        erase(self.municipal.as_ref(), key, audit).await.map(|_found| ())
    }

    /// The protocol that a run would leave now, and what it would let go.
    async fn planned(
        &self,
        actor: &str,
        ground: &Ground,
        decision: &RetentionDecision,
    ) -> Result<(RetentionRun, Vec<DueRecord>)> {
        let now = self.clock.now();
        let before = match decision.days {
            // Whatever has arrived, that of this hour as well.
            0 => crate::clock::cut_to_hour(now) + SignedDuration::from_hours(1),
            days => {
                let before = now.as_second() - i64::from(days) * 86_400;
                crate::clock::cut_to_hour(Timestamp::from_second(before).unwrap_or(now))
            }
        };
        let class = decision.class;
        let found = self.municipal.due_records(ground.code(), class, before).await;
        let (held, due): (Vec<_>, Vec<_>) =
            found.map_err(failure)?.into_iter().partition(|record| record.held.is_some());
        let count = |why| held.iter().filter(|record| record.held == Some(why)).count();
        let run = RetentionRun {
            id: self.new_id(),
            municipality: ground.code().clone(),
            class,
            number: decision.number.clone(),
            decided_on: decision.decided_on,
            days: decision.days,
            before,
            at: now,
            by: actor.to_owned(),
            rows: rows(&due),
            held_open: narrow(count(HeldRecord::Open)),
            held_requested: narrow(count(HeldRecord::Requested)),
        };
        Ok((run, due))
    }
}

/// Shortest time of a decision on a class, in days. Only what its own sender
/// took back may go at once.
const fn least_days(class: RetentionClass) -> u32 {
    if matches!(class, RetentionClass::Withdrawn) { 0 } else { 30 }
}

/// How much of what, by category and month of arrival.
fn rows(due: &[DueRecord]) -> Vec<RetentionRow> {
    let mut counted: BTreeMap<(String, Date), u32> = BTreeMap::new();
    for record in due {
        let month = record.received_hour.to_zoned(TimeZone::UTC).date().first_of_month();
        *counted.entry((record.category.clone(), month)).or_default() += 1;
    }
    let row = |((category, month), count)| RetentionRow { category, month, count };
    counted.into_iter().map(row).collect()
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
