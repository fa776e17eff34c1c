//! What staff and a resident write to each other about one report.

use super::{Category, Context, DistrictCode, Id, ReportStatus, Role};
use jiff::Timestamp;

super::code::code_enum! {
    /// What a message is.
    pub enum MessageKind {
        /// Staff answer.
        Answer = "answer",
        /// Staff ask back.
        Question = "question",
        /// The resident writes, or adds a photo.
        Reply = "reply",
        /// The resident says that it is solved.
        Solved = "solved",
        /// The resident says that it is not solved, which opens the report again.
        NotSolved = "not_solved",
        /// The resident takes the report back.
        Withdrawn = "withdrawn",
    }
}

impl MessageKind {
    /// Whether staff write it; the resident writes the others.
    #[must_use]
    pub const fn is_from_staff(self) -> bool {
        matches!(self, Self::Answer | Self::Question)
    }

    /// Whether it judges what was done.
    #[must_use]
    pub const fn is_verdict(self) -> bool {
        matches!(self, Self::Solved | Self::NotSolved)
    }
}

/// One message of a report's thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What it is.
    pub kind: MessageKind,
    /// The role that staff wrote it in; `None` for the resident.
    pub role: Option<Role>,
    /// What it says; the resident's is never public.
    pub text: Option<String>,
    /// Position of its first photo among the report's.
    pub first_photo: u32,
    /// How many photos came with it.
    pub photos: u32,
    /// Steps of the report's way that stood before it.
    pub after_step: u32,
    /// When, cut to the hour.
    pub at_hour: Timestamp,
    /// Whether staff have read it; their own always are.
    pub seen: bool,
}

/// The organisation that a role answers for, as a code.
#[must_use]
pub const fn organisation(role: Role) -> &'static str {
    match role.context() {
        Context::Municipal => "municipality",
        Context::Police => "police",
    }
}

super::code::code_enum! {
    /// What a resident waits for.
    pub enum WaitingFor {
        /// A first answer.
        Answer = "answer",
        /// That somebody reads what was written since.
        Reply = "reply",
        /// That it is taken up again.
        Reopened = "reopened",
    }
}

/// A report whose sender waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The report.
    pub id: Id,
    /// What it is about.
    pub category: Category,
    /// Its district, where one is known.
    pub district: Option<DistrictCode>,
    /// Where it stands.
    pub status: ReportStatus,
    /// What for.
    pub what: WaitingFor,
    /// Since when, cut to the hour.
    pub since: Timestamp,
}

/// What a resident said of an answered report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResidentVerdict {
    /// What the report is about.
    pub category: Category,
    /// Facts about it as bits.
    pub flags: super::Flags,
    /// Its district, where one is known.
    pub district: Option<DistrictCode>,
    /// Whether it is solved.
    pub solved: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_told_by_organisation_whatever_the_role() {
        assert_eq!(organisation(Role::Officer), "police");
        assert_eq!(organisation(Role::Coordinator), "municipality");
    }

    #[test]
    fn who_writes_and_who_judges_never_mix() {
        for kind in MessageKind::ALL {
            assert!(!(kind.is_from_staff() && kind.is_verdict()), "{kind}");
        }
    }
}
