//! What the public pages are built from: only what is public by nature or by release.

use super::{App, Ground, Presence, PromiseFollowUp, Result, failure};
use fyren_core::domain::{Category, DistrictCode, Measure, Release, ReleaseKind, ReportStatus};

/// A published defect without its place.
#[derive(Debug, Clone)]
pub struct DefectFact {
    /// What is broken.
    pub category: Category,
    /// Where it stands.
    pub status: ReportStatus,
    /// Its district.
    pub district: Option<DistrictCode>,
}

/// Answers given to residents.
#[derive(Debug, Clone, Copy, Default)]
pub struct Answers {
    /// Reports answered.
    pub answered: u32,
    /// Days to the first answer, by the median.
    pub median_days: Option<u32>,
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

impl App {
    /// What the public pages of a municipality say.
    ///
    /// # Errors
    /// [`super::Error::Unavailable`] where the store cannot be reached.
    pub async fn read_loop(&self, ground: &Ground) -> Result<LoopFacts> {
        let code = ground.code();
        Ok(LoopFacts {
            promises: self.follow_promises(ground).await?,
            measures: self.municipal.measures(code).await.map_err(failure)?,
            releases: self.municipal.releases(code).await.map_err(failure)?,
            defects: self.defect_facts(ground).await?,
            presence: self.presence(ground).await?,
            answers: Answers::default(),
        })
    }

    async fn defect_facts(&self, ground: &Ground) -> Result<Vec<DefectFact>> {
        let defects = self.municipal.defects(ground.code()).await.map_err(failure)?;
        Ok(defects
            .into_iter()
            .map(|defect| DefectFact {
                category: defect.category,
                status: defect.status,
                district: ground.geofence.district(defect.position).cloned(),
            })
            .collect())
    }
}
