//! Filling a municipality with synthetic reports and visits, labelled as such.

mod making;

use super::{App, Error, Ground, Result, failure};
use crate::identity::Source;
use crate::spatial::{Event, Filter};
use crate::store::{Imported, StoredCount};
use fyren_core::domain::{
    Category, Context, EventKind, Flags, Id, Municipality, PublicityClass, Report, ReportStatus,
    Seq, Violation, Visit, When,
};
use making::{Made, make, origin, report};
use std::{collections::BTreeSet, sync::Arc};

const ACTOR: &str = "simulator";

/// What to make.
#[derive(Debug, Clone)]
pub struct SimulationDraft {
    /// The same seed makes the same, relative to the present day.
    pub seed: u64,
    /// Reports a year, 1 to 100 000.
    pub per_year: u32,
    /// Years that end today, 1 to 5.
    pub years: u32,
    /// Places, by the beginning of their name, with the days since the last
    /// visit to their district.
    pub last_visits: Vec<(String, u16)>,
    /// Places, by the beginning of their name, where something is new, and how
    /// many reports of the last year tell of it, beside `per_year`.
    pub new_places: Vec<(String, u32)>,
}

/// What was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SimulationCount {
    /// Reports.
    pub reports: StoredCount,
    /// Visits, of both contexts.
    pub visits: StoredCount,
}

impl App {
    /// Stores synthetic reports and visits, each flagged, through channel
    /// `simulated`, and marks the municipality. The same draft stores nothing twice.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a draft outside its limits or a place that is not
    /// in the gazetteer.
    pub async fn simulate_reports(
        &self,
        ground: &Arc<Ground>,
        draft: SimulationDraft,
    ) -> Result<SimulationCount> {
        check(&draft)?;
        self.mark_synthetic(ground).await?;
        let dataset = format!("simulated-{}-{}-{}", draft.per_year, draft.years, draft.seed);
        let (now, ready) = (self.clock.now(), Arc::clone(ground));
        let made = tokio::task::spawn_blocking(move || make(&ready, &draft, now));
        let made = made.await.map_err(|fault| Error::Bug(fault.to_string()))??;
        let reports = self.reports_of(ground, &made, &dataset);
        let mut count = SimulationCount {
            reports: self.municipal.insert_reports(reports).await.map_err(failure)?,
            ..SimulationCount::default()
        };
        for context in Context::ALL {
            let visits = self.visits_of(ground, &made, &dataset, *context);
            let stored = self.store(*context).insert_visits(visits).await.map_err(failure)?;
            count.visits.stored += stored.stored;
            count.visits.known += stored.known;
        }
        let mut audit = self.audit(ACTOR, "simulate_reports", Some(ground.code()), None);
        audit.detail = dataset;
        self.municipal.append_audit(audit).await.map_err(failure)?;
        Ok(count)
    }

    /// Publishes up to `most` defects out of synthetic reports that somebody
    /// works on or has done with, up to half of them open, so that a
    /// demonstration shows both.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn publish_simulated_defects(&self, ground: &Ground, most: usize) -> Result<usize> {
        let hidden = Flags::QUARANTINED.with(Flags::MERGED).with(Flags::DUPLICATE);
        let filter = Filter {
            kinds: vec![EventKind::Report],
            with: Flags::SYNTHETIC,
            without: hidden.with(Flags::PUBLISHED),
            ..Filter::default()
        };
        let pick = |event: Event<'_>| {
            let category = Category::parse(event.category)?;
            let status = ReportStatus::parse(event.status)?;
            let open = matches!(status, ReportStatus::Planned | ReportStatus::InProgress);
            let at_work = open || status == ReportStatus::Done;
            let fit = category.publicity() == PublicityClass::Points
                && event.position.is_some()
                && event.precision_m <= 30.0;
            (fit && at_work).then(|| {
                let district = event.district.to_owned();
                (open, event.received_hour, event.id, district, category)
            })
        };
        let mut found = self.gather(ground, Context::Municipal, &filter, pick).await?;
        found.sort_unstable();
        found.reverse();
        // One of each kind a district, the newest open ones first.
        let mut shown = BTreeSet::new();
        found.retain(|(.., district, category)| shown.insert((district.clone(), *category)));
        let (open, done): (Vec<_>, Vec<_>) = found.into_iter().partition(|(open, ..)| *open);
        let chosen = open.into_iter().take(most.div_ceil(2)).chain(done).take(most);
        let mut published = 0;
        for (_, _, id, ..) in chosen {
            let owner = &ground.municipality.full_name;
            self.publish_defect_as(ACTOR, ground, id, owner).await?;
            published += 1;
        }
        Ok(published)
    }

    async fn mark_synthetic(&self, ground: &Ground) -> Result<()> {
        if ground.municipality.synthetic {
            return Ok(());
        }
        let municipality = Municipality { synthetic: true, ..ground.municipality.clone() };
        for context in Context::ALL {
            let audit = self.audit(ACTOR, "save_municipality", Some(ground.code()), None);
            let store = self.store(*context);
            store.save_municipality(municipality.clone(), audit).await.map_err(failure)?;
        }
        self.forget_ground(ground.code());
        Ok(())
    }

    fn reports_of(&self, ground: &Ground, made: &Made, dataset: &str) -> Vec<Imported<Report>> {
        let ids: Vec<Id> = made.reports.iter().map(|_| self.new_id()).collect();
        let each = made.reports.iter().zip(&ids).enumerate();
        each.map(|(number, ((draft, located), id))| {
            let duplicate_of = draft.duplicate_of.map(|earlier| ids[earlier]);
            let event = report(ground, draft, located.clone(), (*id, duplicate_of));
            Imported {
                masks: ground.masks(&event.when),
                origin: origin(dataset, "report", number),
                event,
            }
        })
        .collect()
    }

    fn visits_of(
        &self,
        ground: &Ground,
        made: &Made,
        dataset: &str,
        context: Context,
    ) -> Vec<Imported<Visit>> {
        let each = made.visits.iter().enumerate();
        let own = each.filter(|(_, (visit, _))| visit.unit_kind.context() == context);
        own.map(|(number, (draft, located))| {
            let when = When::Interval { from: draft.started, to: draft.ended };
            let event = Visit {
                id: self.new_id(),
                seq: Seq(0),
                municipality: ground.code().clone(),
                unit: draft.unit.to_owned(),
                unit_kind: draft.unit_kind,
                located: located.clone(),
                started_at: draft.started,
                ended_at: draft.ended,
                mode: draft.mode,
                purpose: draft.purpose,
                tactics: draft.tactics.clone(),
                seen: Some(draft.seen),
                contacts: None,
                corrects: None,
                withdrawn: false,
                source_tag: self.secrets.source_tag(ground.code(), Source::Unit(draft.unit)),
                synthetic: true,
            };
            let masks = ground.masks(&when);
            Imported { event, masks, origin: origin(dataset, "visit", number) }
        })
        .collect()
    }
}

fn check(draft: &SimulationDraft) -> Result<()> {
    if !(1..=100_000).contains(&draft.per_year) {
        return Err(Violation::new("perYear", "out_of_range").into());
    }
    if !(1..=5).contains(&draft.years) {
        return Err(Violation::new("years", "out_of_range").into());
    }
    Ok(())
}
