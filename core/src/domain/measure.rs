//! A measure (insats): what somebody does about a problem, by when.

use super::{Context, DistrictCode, Id, MunicipalityCode, Position, Violation};
use jiff::civil::Date;

super::code::code_enum! {
    /// Where a measure stands.
    pub enum MeasureStatus {
        /// Decided.
        Planned = "planned",
        /// Going on.
        Running = "running",
        /// Done.
        Done = "done",
        /// Stopped, and the note says why.
        Stopped = "stopped",
    }
}

impl MeasureStatus {
    /// Whether nothing more is done.
    #[must_use]
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Done | Self::Stopped)
    }
}

super::code::code_enum! {
    /// By what a measure is judged.
    pub enum Indicator {
        /// Reports in the district.
        Reports = "reports",
        /// Visits in the district.
        Visits = "visits",
        /// Defects mended.
        DefectsMended = "defects_mended",
        /// The survey.
        Survey = "survey",
    }
}

/// A measure as it is kept; public by nature.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// Identity.
    pub id: Id,
    /// Where it belongs.
    pub municipality: MunicipalityCode,
    /// The district it is for; `None` for the whole municipality.
    pub district: Option<DistrictCode>,
    /// What was said, in Swedish and English: the problem.
    pub problem: (String, String),
    /// What is done, in Swedish and English.
    pub action: (String, String),
    /// Organisation that owns it, never a person.
    pub owner: String,
    /// Which context owns it.
    pub context: Context,
    /// When it was decided.
    pub decided_on: Date,
    /// When it is followed up.
    pub due_on: Date,
    /// Where it stands.
    pub status: MeasureStatus,
    /// By what it is judged.
    pub indicator: Indicator,
    /// What changed, in Swedish and English, once somebody has judged it.
    pub outcome: Option<(String, String)>,
    /// The promise that it serves, by its slug.
    pub promise: Option<String>,
    /// The hot spot that it answers, as the centre of a cell of 50 m; for
    /// staff only.
    pub spot: Option<Position>,
    /// Whether it was made for a demonstration.
    pub synthetic: bool,
}

impl Measure {
    /// Checks that somebody owns it, that it is followed up after it was
    /// decided, and that one that has ended says what came of it.
    ///
    /// # Errors
    /// Violates `owner: required`, `dueOn: not_after_start` or `outcome: required`.
    pub fn check(&self) -> Result<(), Violation> {
        if self.owner.trim().is_empty() {
            return Err(Violation::new("owner", "required"));
        }
        if self.due_on <= self.decided_on {
            return Err(Violation::new("dueOn", "not_after_start"));
        }
        if self.status.has_ended() && self.outcome.is_none() {
            return Err(Violation::new("outcome", "required"));
        }
        Ok(())
    }
}
