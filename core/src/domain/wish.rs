//! A resident's wish to start a boat or neighbourhood watch, and what became of it.
//! The wish is a report of an idea; what its sender is told is the report's own way.

use super::{Detail, DistrictCode, Flags, Id, ReportStatus, Role, SourceTag};
use jiff::{Timestamp, civil::Date};

super::code::code_enum! {
    /// Where a wish stands.
    pub enum WishState {
        /// Nobody has taken it up yet.
        New = "new",
        /// The coordinator has been in contact with whoever wished.
        Contacted = "contacted",
        /// A watch came of it.
        Started = "started",
        /// It is not taken up, and the answer says why.
        NotTakenUp = "not_taken_up",
    }
}

impl WishState {
    /// Where the report stands that says so to its sender; `None` for a wish
    /// that nobody has taken up.
    #[must_use]
    pub const fn report_status(self) -> Option<ReportStatus> {
        match self {
            Self::New => None,
            Self::Contacted => Some(ReportStatus::InProgress),
            Self::Started => Some(ReportStatus::Done),
            Self::NotTakenUp => Some(ReportStatus::NotDone),
        }
    }
}

/// One step of a wish; none is ever changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WishStep {
    /// What it came to; never [`WishState::New`].
    pub state: WishState,
    /// The local day of it.
    pub on: Date,
    /// In which role.
    pub by: Option<Role>,
    /// Why, as its sender reads it; `None` where that was masked since.
    pub reason: Option<String>,
    /// The watch area that was started.
    pub area: Option<Id>,
}

/// A wish to start a watch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchWish {
    /// The report that it is.
    pub report: Id,
    /// [`Detail::BoatWatch`], [`Detail::NeighbourWatch`] or both.
    pub kinds: Vec<Detail>,
    /// Its district, where one is known.
    pub district: Option<DistrictCode>,
    /// When it arrived, cut to the hour.
    pub received_hour: Timestamp,
    /// Who counts as its source.
    pub source_tag: SourceTag,
    /// Facts about the report as bits.
    pub flags: Flags,
    /// Where the report stands.
    pub status: ReportStatus,
    /// The report that it was merged into.
    pub merged_into: Option<Id>,
    /// When its sender was first answered, cut to the hour.
    pub answered_hour: Option<Timestamp>,
    /// Its steps, the first first.
    pub steps: Vec<WishStep>,
}

impl WatchWish {
    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> WishState {
        self.steps.last().map_or(WishState::New, |step| step.state)
    }

    /// Whether it is counted: not what is put aside or repeats another.
    #[must_use]
    pub const fn counts(&self) -> bool {
        !self.flags.has(Flags::QUARANTINED) && !self.flags.has(Flags::DUPLICATE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_but_the_first_is_told_by_a_status_that_a_new_report_may_reach() {
        for state in WishState::ALL {
            let told = state.report_status();
            assert_eq!(told.is_none(), *state == WishState::New, "{state}");
            assert!(told.is_none_or(|status| ReportStatus::Received.may_become(status)), "{state}");
        }
    }
}
