//! Letters by e-mail, and whom they go to.

use super::{Id, MunicipalityCode};
use jiff::Timestamp;

super::code::code_enum! {
    /// What a letter is about.
    pub enum LetterKind {
        /// Whether somebody wants letters about a report.
        Confirm = "confirm",
        /// A report has an answer, or has gone a step.
        Answered = "answered",
        /// Staff have asked something back.
        Asked = "asked",
        /// An office: who waits for an answer.
        Unanswered = "unanswered",
        /// An office: measures that should have been followed up.
        Overdue = "overdue",
        /// An office: the same, long after.
        Escalated = "escalated",
        /// A unit of the police: its route sheet, as an attachment.
        Sheet = "sheet",
    }
}

super::code::code_enum! {
    /// What an office is written to about.
    pub enum OfficePurpose {
        /// Who waits, and what is due.
        Digest = "digest",
        /// What is long overdue.
        Escalation = "escalation",
    }
}

/// Whom reminders go to.
#[derive(Clone, PartialEq, Eq)]
pub struct Office {
    /// What it is written to about.
    pub purpose: OfficePurpose,
    /// An office's address, never a person's.
    pub address: String,
    /// Code of the language to write in: `sv` or `en`.
    pub language: String,
}

impl std::fmt::Debug for Office {
    /// Never the address.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { purpose, language, .. } = self;
        f.debug_struct("Office")
            .field("purpose", purpose)
            .field("language", language)
            .finish_non_exhaustive()
    }
}

/// Whoever asked for e-mail about a report.
#[derive(Clone, PartialEq, Eq)]
pub struct MailContact {
    /// The municipality of the report.
    pub municipality: MunicipalityCode,
    /// The report.
    pub report: Id,
    /// The address; in no log, no audit entry and no other table.
    pub address: String,
    /// Code of the language to write in.
    pub language: String,
    /// Random; the token of the letters' links is made of it.
    pub nonce: String,
    /// When it was asked for, cut to the hour.
    pub asked_hour: Timestamp,
    /// When it was confirmed, cut to the hour.
    pub confirmed_hour: Option<Timestamp>,
}

impl std::fmt::Debug for MailContact {
    /// Never the address.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let confirmed = self.confirmed_hour.is_some();
        f.debug_struct("MailContact").field("confirmed", &confirmed).finish_non_exhaustive()
    }
}

/// A letter that is to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// Identity; two letters of one to the same contact are one.
    pub id: String,
    /// For whom it is sent.
    pub municipality: MunicipalityCode,
    /// Where it goes.
    pub address: String,
    /// The random part of the token, for a letter to a contact.
    pub nonce: Option<String>,
    /// What it is about.
    pub kind: LetterKind,
    /// Code of the language to write in.
    pub language: String,
    /// Values for its words: `name=value`, one a line.
    pub details: String,
    /// When it was queued, cut to the hour.
    pub queued_hour: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
}

impl std::fmt::Debug for Letter {
    /// Never the address.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter").field("kind", &self.kind).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_not_debugged() {
        let contact = MailContact {
            municipality: MunicipalityCode::parse("1427").unwrap(),
            report: Id::from_bits(1),
            address: "a@example.org".to_owned(),
            language: "sv".to_owned(),
            nonce: "n".to_owned(),
            asked_hour: Timestamp::UNIX_EPOCH,
            confirmed_hour: None,
        };
        assert_eq!(format!("{contact:?}"), "MailContact { confirmed: false, .. }");
    }
}
