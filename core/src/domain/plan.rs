//! What a patrol plan is made of, and what may become of it.

use super::{Id, MunicipalityCode, Role, Violation};
use jiff::{Timestamp, civil::Date};

super::code::code_enum! {
    /// How far a plan has come.
    pub enum PlanStatus {
        /// It is looked at; nobody drives by it yet.
        Draft = "draft",
        /// It holds.
        Decided = "decided",
        /// It has been driven.
        Done = "done",
        /// It does not hold any more, or never did.
        Withdrawn = "withdrawn",
    }
}

super::code::code_enum! {
    /// Why a place is in a plan.
    pub enum StopKind {
        /// Reports gather there.
        Hotspot = "hotspot",
        /// The district is to be visited.
        District = "district",
        /// Somebody who knows the place wishes for it.
        Wish = "wish",
    }
}

impl PlanStatus {
    /// Whether a plan may go from this status to `next`.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Draft, Self::Decided | Self::Withdrawn)
                | (Self::Decided, Self::Done | Self::Withdrawn)
        )
    }
}

/// One step of a plan; steps are added and never changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanStep {
    /// When.
    pub at: Timestamp,
    /// In which role; who it was stands in the audit log alone.
    pub by: Role,
    /// What the plan became.
    pub status: PlanStatus,
}

/// A plan as it is kept: what it says never changes, only what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPlan {
    /// Identity.
    pub id: Id,
    /// Where it belongs.
    pub municipality: MunicipalityCode,
    /// First local day.
    pub from: Date,
    /// The local day after the last.
    pub to: Date,
    /// What was asked and what is planned, as one document.
    pub document: String,
    /// What happened, the first step first; never empty.
    pub steps: Vec<PlanStep>,
}

impl KeptPlan {
    /// How far it has come.
    #[must_use]
    pub fn status(&self) -> PlanStatus {
        self.steps.last().map_or(PlanStatus::Draft, |step| step.status)
    }

    /// Checks that it may become `next`.
    ///
    /// # Errors
    /// Violates `status: not_allowed`.
    pub fn check_step(&self, next: PlanStatus) -> Result<(), Violation> {
        if self.status().may_become(next) {
            Ok(())
        } else {
            Err(Violation::new("status", "not_allowed"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_ends_once_and_never_goes_back() {
        for from in PlanStatus::ALL {
            assert!(!from.may_become(PlanStatus::Draft) && !from.may_become(*from), "{from}");
            let ended = matches!(from, PlanStatus::Done | PlanStatus::Withdrawn);
            let goes_on = PlanStatus::ALL.iter().any(|next| from.may_become(*next));
            assert_eq!(ended, !goes_on, "{from}");
        }
    }
}
