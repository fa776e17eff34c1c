//! Letters, and whom they go to.

use super::{AuditEntry, Digest, EventKey, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{Letter, LetterKind, MailContact, MunicipalityCode, Office};
use jiff::Timestamp;

/// A letter to an office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeLetter {
    /// Identity: what and for when.
    pub id: String,
    /// For whom it is sent.
    pub municipality: MunicipalityCode,
    /// The office's address.
    pub address: String,
    /// What it is about.
    pub kind: LetterKind,
    /// Code of the language to write in.
    pub language: String,
    /// Values for its words.
    pub details: String,
    /// When, cut to the hour.
    pub queued_hour: Timestamp,
}

/// A route sheet on its way to a unit.
#[derive(Clone, PartialEq, Eq)]
pub struct SheetLetter {
    /// Identity: two that wait with the same are one.
    pub id: String,
    /// For whom it is sent.
    pub municipality: MunicipalityCode,
    /// Where it goes.
    pub address: String,
    /// Code of the language to write in.
    pub language: String,
    /// When, cut to the hour.
    pub queued_hour: Timestamp,
    /// The sheet, a PDF.
    pub attachment: Vec<u8>,
}

impl std::fmt::Debug for SheetLetter {
    /// Never the address.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SheetLetter").finish_non_exhaustive()
    }
}

/// What became of a letter that was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// It is sent, and forgotten.
    Sent,
    /// It is tried again, not before this.
    Later(Timestamp),
    /// It is not tried again.
    Failed,
}

/// Remembers letters until they are sent.
#[async_trait]
pub trait Letters: Send + Sync {
    /// Keeps a contact that is not confirmed, in place of an earlier one of
    /// the report, and queues the letter that asks whether it is meant.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a report; [`StoreError::Conflict`]
    /// `mail_waits` where three contacts of the address wait for an answer.
    async fn ask_for_mail(&self, contact: MailContact, token: Digest) -> Result<(), StoreError>;

    /// The contact of a report.
    async fn mail_contact(&self, key: &EventKey) -> Result<Option<MailContact>, StoreError>;

    /// The contact whose token has this hash.
    async fn mail_contact_by_token(
        &self,
        token: &Digest,
    ) -> Result<Option<MailContact>, StoreError>;

    /// Says that the contact of a token is meant; whether there is one.
    async fn confirm_mail(&self, token: &Digest, hour: Timestamp) -> Result<bool, StoreError>;

    /// Deletes the contact of a report with the letters to it; whether there was one.
    async fn stop_mail(&self, key: &EventKey) -> Result<bool, StoreError>;

    /// Replaces the offices of a municipality.
    async fn save_offices(
        &self,
        municipality: &MunicipalityCode,
        offices: Vec<Office>,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;

    /// The offices of a municipality.
    async fn offices(&self, municipality: &MunicipalityCode) -> Result<Vec<Office>, StoreError>;

    /// Queues letters to offices; one that is queued already stays as it is.
    async fn queue_letters(&self, letters: Vec<OfficeLetter>) -> Result<(), StoreError>;

    /// Replaces the rules of who may get route sheets: addresses, or `@` and a
    /// domain.
    async fn save_sheet_recipients(
        &self,
        municipality: &MunicipalityCode,
        rules: Vec<String>,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;

    /// The rules of who may get route sheets.
    async fn sheet_recipients(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<String>, StoreError>;

    /// Queues a route sheet with its audit entry; one that waits already stays
    /// as it is.
    async fn queue_sheet(&self, letter: SheetLetter, audit: AuditEntry) -> Result<(), StoreError>;

    /// What goes with a letter.
    async fn attachment(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// At most `limit` letters that are due at `now` and have not failed, the
    /// longest due first.
    async fn due_letters(&self, now: Timestamp, limit: u32) -> Result<Vec<Letter>, StoreError>;

    /// How many letters wait and how many have failed.
    async fn count_letters(&self) -> Result<(u64, u64), StoreError>;

    /// Notes what became of a letter.
    async fn note_letter(&self, id: &str, tried: Tried) -> Result<(), StoreError>;
}
