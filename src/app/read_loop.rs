//! What the public pages are built from: only what is public by nature or by release.

use super::{App, Ground, Presence, PromiseFollowUp, Result, failure};
use fyren_core::domain::{
    Category, DistrictCode, Flags, Id, Measure, MunicipalityCode, PublicityClass, Release,
    ReleaseKind, ReleaseWindow, ReportStatus,
};
use jiff::{Timestamp, civil::Date};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A published defect without its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefectFact {
    /// Random identity of its own.
    pub id: Id,
    /// What is broken.
    pub category: Category,
    /// Where it stands.
    pub status: ReportStatus,
    /// Its district.
    pub district: Option<DistrictCode>,
    /// Organisation that owns it.
    pub owner: String,
    /// Since when it is shown.
    pub published_on: Date,
}

/// First answers to residents in the quarters that presence is shown for. Told
/// only where at least k reports were answered, so that neither number speaks
/// of fewer; the number is rounded down to whole fives, so that an erased
/// report is not seen to go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Answers {
    /// Reports answered, at least.
    pub answered: u32,
    /// Days to the first answer, by the median.
    pub median_days: Option<u32>,
}

/// What residents said of what was done, in the same quarters: each number
/// only from k sources on, rounded down to whole fives, and never their sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// Reports that their senders call solved, at least.
    pub solved: Option<u32>,
    /// Reports that they call not solved, at least.
    pub not_solved: Option<u32>,
}

/// Everything that the public pages of a municipality say.
#[derive(Debug, Clone, Default)]
pub struct LoopFacts {
    /// Promises, newest first.
    pub promises: Vec<PromiseFollowUp>,
    /// Measures.
    pub measures: Vec<Measure>,
    /// Releases.
    pub releases: Vec<Release>,
    /// Published defects.
    pub defects: Vec<DefectFact>,
    /// Presence per district and quarter, by district, newest quarter last.
    pub presence: Vec<Presence>,
    /// Answers.
    pub answers: Answers,
    /// What residents said of what was done.
    pub verdicts: Verdicts,
    /// The closed quarters that answers, verdicts and presence are told for.
    pub quarters: Option<ReleaseWindow>,
}

impl LoopFacts {
    /// The newest release of `kind`, by its window.
    pub fn newest(&self, kind: ReleaseKind) -> Option<&Release> {
        self.releases.iter().filter(|r| r.kind == kind).max_by_key(|r| r.window.to)
    }

    /// Visits and minutes in `district` over all quarters.
    pub fn presence_in(&self, district: &DistrictCode) -> (u32, u32) {
        self.presence
            .iter()
            .filter(|p| p.district == *district)
            .fold((0, 0), |(v, m), p| (v.saturating_add(p.visits), m.saturating_add(p.minutes)))
    }
}

/// What facts rest on: the day, and the commits of both stores that were known
/// before they were read.
type Basis = (Date, [u64; 2]);

/// The facts of each municipality as they were last read. Gathering them looks
/// at every visit, and a public page is read far more often than it changes.
#[derive(Default)]
pub(super) struct KnownLoops(Mutex<HashMap<MunicipalityCode, (Basis, Arc<LoopFacts>)>>);

impl KnownLoops {
    fn of(&self, code: &MunicipalityCode, basis: Basis) -> Option<Arc<LoopFacts>> {
        let loops = self.lock();
        let (known, facts) = loops.get(code)?;
        (*known == basis).then(|| Arc::clone(facts))
    }

    fn keep(&self, code: MunicipalityCode, basis: Basis, facts: Arc<LoopFacts>) {
        self.lock().insert(code, (basis, facts));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<MunicipalityCode, (Basis, Arc<LoopFacts>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// What the public pages of a municipality say, as of the last commit; read
    /// again only when something was committed or the day has changed.
    ///
    /// # Errors
    /// [`super::Error::Unavailable`] where the store cannot be reached.
    pub async fn read_loop(&self, ground: &Ground) -> Result<Arc<LoopFacts>> {
        let basis = (self.today(&ground.zone), self.known_commits());
        if let Some(facts) = self.loops.of(ground.code(), basis) {
            return Ok(facts);
        }
        let facts = Arc::new(self.gather_loop(ground).await?);
        self.loops.keep(ground.code().clone(), basis, Arc::clone(&facts));
        Ok(facts)
    }

    async fn gather_loop(&self, ground: &Ground) -> Result<LoopFacts> {
        let code = ground.code();
        Ok(LoopFacts {
            promises: self.follow_promises(ground).await?,
            measures: self.municipal.measures(code).await.map_err(failure)?,
            releases: self.municipal.releases(code).await.map_err(failure)?,
            defects: self.defect_facts(ground).await?,
            presence: self.presence(ground).await?,
            answers: self.answers(ground).await?,
            verdicts: self.verdicts(ground).await?,
            quarters: Some(self.shown_quarters(ground)),
        })
    }

    /// The first moment of the shown quarters, and the one after their last.
    fn quarters_span(&self, ground: &Ground) -> Result<(Timestamp, Timestamp)> {
        let shown = self.shown_quarters(ground);
        let midnight = |day: Date| {
            let start = day.to_zoned(ground.zone.clone()).map(|zoned| zoned.timestamp());
            start.map_err(|fault| super::Error::Bug(fault.to_string()))
        };
        Ok((midnight(shown.from)?, midnight(shown.to)?))
    }

    /// What residents said of what was done in the shown quarters.
    async fn verdicts(&self, ground: &Ground) -> Result<Verdicts> {
        let (from, to) = self.quarters_span(ground)?;
        let said = self.municipal.resident_verdicts(ground.code(), from, to).await;
        let said = said.map_err(failure)?;
        let k = ground.municipality.policy.k;
        let count = |solved: bool| {
            let these = said.iter().filter(|verdict| verdict.solved == solved);
            let these = these.filter(|verdict| told(verdict.flags, verdict.category));
            in_fives(these.count(), k)
        };
        Ok(Verdicts { solved: count(true), not_solved: count(false) })
    }

    /// What residents were answered in the shown quarters.
    async fn answers(&self, ground: &Ground) -> Result<Answers> {
        let (from, to) = self.quarters_span(ground)?;
        let given = self.municipal.first_answers(ground.code(), from, to).await;
        let given = given.map_err(failure)?.into_iter();
        let given = given.filter(|answer| told(answer.flags, answer.category));
        let hours = given.map(|answer| {
            answer.answered_hour.as_second().saturating_sub(answer.received_hour.as_second()) / 3600
        });
        Ok(summed_up(hours.collect(), ground.municipality.policy.k))
    }

    async fn defect_facts(&self, ground: &Ground) -> Result<Vec<DefectFact>> {
        let defects = self.municipal.defects(ground.code()).await.map_err(failure)?;
        Ok(defects
            .into_iter()
            .map(|defect| DefectFact {
                id: defect.id,
                category: defect.category,
                status: defect.status,
                district: ground.geofence.district(defect.position).cloned(),
                owner: defect.owner,
                published_on: defect.published_on,
            })
            .collect())
    }
}

/// Whether a report may be counted in public: not what is in no release.
fn told(flags: Flags, category: Category) -> bool {
    !flags.has(Flags::QUARANTINED)
        && !matches!(category.publicity(), PublicityClass::Staff | PublicityClass::Never)
}

/// A number of reports rounded down to whole fives; `None` below k.
pub(super) fn in_fives(reports: usize, k: u32) -> Option<u32> {
    let reports = u32::try_from(reports).unwrap_or(u32::MAX);
    (reports >= k).then_some(reports / 5 * 5)
}

/// The whole days of the median of `hours`, rounded up, and the number in fives.
fn summed_up(mut hours: Vec<i64>, k: u32) -> Answers {
    let Some(answered) = in_fives(hours.len(), k) else { return Answers::default() };
    hours.sort_unstable();
    let median = hours.get(hours.len() / 2).copied().unwrap_or_default().max(0);
    Answers { answered, median_days: u32::try_from((median + 23) / 24).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_kept_until_something_is_committed_or_the_day_changes() {
        let code = MunicipalityCode::parse("1427").unwrap();
        let day = jiff::civil::date(2026, 5, 1);
        let known = KnownLoops::default();
        known.keep(code.clone(), (day, [1, 1]), Arc::default());
        assert!(known.of(&code, (day, [1, 1])).is_some());
        for basis in [(day, [2, 1]), (day, [1, 2]), (day.tomorrow().unwrap(), [1, 1])] {
            assert!(known.of(&code, basis).is_none(), "{basis:?}");
        }
    }

    #[test]
    fn answers_to_fewer_than_k_reports_are_not_told() {
        assert_eq!(summed_up(vec![1, 2, 3, 4], 5), Answers::default());
        assert_eq!(summed_up(vec![9; 6], 7), Answers::default());
    }

    #[test]
    fn verdicts_of_fewer_than_k_are_not_told_and_others_in_fives() {
        assert_eq!(
            [0, 4, 5, 9, 10].map(|n| in_fives(n, 5)),
            [None, None, Some(5), Some(5), Some(10)]
        );
        assert_eq!(in_fives(6, 7), None);
    }

    #[test]
    fn answers_are_told_in_fives_with_their_median_in_days() {
        let few = summed_up(vec![1, 2, 30, 200, 500], 5);
        assert_eq!(few, Answers { answered: 5, median_days: Some(2) });
        assert_eq!(summed_up(vec![48; 14], 5), Answers { answered: 10, median_days: Some(2) });
        let less_one = summed_up(vec![48; 13], 5);
        assert_eq!(less_one.answered, 10, "one that was erased is not seen to go");
    }
}
