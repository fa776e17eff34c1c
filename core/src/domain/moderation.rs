//! What moderators do to a report beside its status: they make parts of it
//! unreadable, and ask the owner of a thing about it.

use super::{Category, Id, MunicipalityCode, ReportStatus};
use jiff::{Timestamp, civil::Date};

super::code::code_enum! {
    /// Why a part of a report was made unreadable.
    pub enum MaskReason {
        /// It points out a person.
        PersonalData = "personal_data",
        /// It accuses somebody.
        Accusation = "accusation",
        /// It points out a dwelling.
        Dwelling = "dwelling",
        /// It is secret by law.
        Secret = "secret",
        /// It offends.
        Offence = "offence",
    }
}

super::code::code_enum! {
    /// A part of what waits for a moderator.
    pub enum QueuePart {
        /// Everything that waits.
        All = "all",
        /// Arrived or opened again, and nobody has read it.
        New = "new",
        /// With words that may tell of danger or point out a person, or photos.
        Flagged = "flagged",
        /// Kept out of rankings and releases.
        Quarantined = "quarantined",
        /// Like an other report.
        Alike = "alike",
        /// An owner has answered.
        Answered = "answered",
    }
}

super::code::code_enum! {
    /// What can be done to many reports at a time.
    pub enum BulkAction {
        /// Move them to a status, with an answer if one is given.
        Status = "status",
        /// Put them aside.
        PutAside = "put_aside",
        /// Let them back in.
        LetIn = "let_in",
        /// Merge them into an other report.
        Merge = "merge",
        /// Say that they repeat an other report.
        Repeat = "repeat",
        /// Publish the defects that they tell of.
        Publish = "publish",
    }
}

/// The part of a report that was made unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaskedPart {
    /// Words of its text.
    Text,
    /// Areas of the photo at this position.
    Photo(u32),
}

/// One masking of a report: who, when and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redaction {
    /// Its number within the report, from 1.
    pub step: u32,
    /// When, cut to the hour.
    pub at_hour: Timestamp,
    /// Name of the user.
    pub by: String,
    /// What.
    pub part: MaskedPart,
    /// Why.
    pub reason: MaskReason,
    /// Whether what stood there before is still kept.
    pub has_original: bool,
}

super::code::code_enum! {
    /// What an owner answers who was asked about a report.
    pub enum OwnerReply {
        /// It is done.
        Done = "done",
        /// It will be done, on a day.
        Planned = "planned",
        /// It belongs to somebody else.
        NotOurs = "not_ours",
    }
}

/// The answer of an owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForwardAnswer {
    /// What was answered.
    pub reply: OwnerReply,
    /// The day by which it is done; with [`OwnerReply::Planned`].
    pub by_day: Option<Date>,
    /// The same in words.
    pub note: Option<String>,
    /// When, cut to the hour.
    pub at_hour: Timestamp,
}

/// A report that an owner without an account was asked about by a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// Random identity.
    pub id: Id,
    /// Where the report belongs.
    pub municipality: MunicipalityCode,
    /// The report.
    pub report: Id,
    /// The organisation that is asked, never a person.
    pub owner: String,
    /// What it is asked.
    pub question: Option<String>,
    /// Name of the user who asked.
    pub by: String,
    /// When it was asked, cut to the hour.
    pub sent_hour: Timestamp,
    /// When the link stops opening.
    pub expires: Timestamp,
    /// When the link was first opened, cut to the hour.
    pub opened_hour: Option<Timestamp>,
    /// What came back.
    pub answer: Option<ForwardAnswer>,
    /// When the link was taken back, or its answer was dealt with, cut to the hour.
    pub closed_hour: Option<Timestamp>,
}

impl Forward {
    /// Whether the link still opens at `now`.
    #[must_use]
    pub fn opens(&self, now: Timestamp) -> bool {
        now < self.expires && (self.answer.is_some() || self.closed_hour.is_none())
    }

    /// Whether an answer may still be given at `now`: once, before it expires.
    #[must_use]
    pub fn may_answer(&self, now: Timestamp) -> bool {
        now < self.expires && self.answer.is_none() && self.closed_hour.is_none()
    }
}

/// An answer that is written often, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerTemplate {
    /// Its name within the municipality: `[a-z0-9-]{2,40}`.
    pub id: String,
    /// The category that it is offered for; all of them without one.
    pub category: Option<Category>,
    /// The status that it goes with.
    pub status: Option<ReportStatus>,
    /// What staff call it.
    pub title: String,
    /// The answer in Swedish.
    pub text_sv: String,
    /// The answer in English.
    pub text_en: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forward() -> Forward {
        Forward {
            id: Id::from_bits(1),
            municipality: MunicipalityCode::parse("1427").unwrap(),
            report: Id::from_bits(2),
            owner: "Gatukontoret".into(),
            question: None,
            by: "coordinator".into(),
            sent_hour: "2026-05-01T10:00:00Z".parse().unwrap(),
            expires: "2026-05-15T10:00:00Z".parse().unwrap(),
            opened_hour: None,
            answer: None,
            closed_hour: None,
        }
    }

    #[test]
    fn a_link_takes_one_answer_and_opens_until_it_expires() {
        let (early, late) =
            ("2026-05-02T10:00:00Z".parse().unwrap(), "2026-05-15T10:00:00Z".parse().unwrap());
        let asked = forward();
        assert!(asked.may_answer(early) && asked.opens(early));
        assert!(!asked.may_answer(late) && !asked.opens(late));
        let answer =
            ForwardAnswer { reply: OwnerReply::Done, by_day: None, note: None, at_hour: early };
        let answered = Forward { answer: Some(answer), ..forward() };
        assert!(!answered.may_answer(early), "one answer");
        assert!(answered.opens(early), "who answered may read it again");
        let withdrawn = Forward { closed_hour: Some(early), ..forward() };
        assert!(!withdrawn.may_answer(early) && !withdrawn.opens(early));
    }
}
