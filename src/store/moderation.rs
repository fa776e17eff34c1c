//! What moderators do to a report beside its status: they make parts of it
//! unreadable, ask owners by a link, and keep answers that are written often.

use super::{AuditEntry, Digest, EventKey, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{
    AnswerTemplate, Flags, Forward, ForwardAnswer, Id, MaskReason, MunicipalityCode, Photo,
    Redaction, Report, Seq,
};
use jiff::Timestamp;
use std::collections::HashMap;

/// A part of a report as it is to stand from now on.
#[derive(Debug, Clone, PartialEq)]
pub enum MaskedContent {
    /// Its text.
    Text {
        /// As it was when somebody looked.
        before: String,
        /// As it shall be.
        after: String,
        /// What the new text should be looked at for.
        flags: Flags,
    },
    /// The photo at a position.
    Photo {
        /// Its position.
        position: u32,
        /// The file as it was when somebody looked.
        before: Vec<u8>,
        /// As it shall be.
        after: Photo,
    },
}

/// A masking that is to be done.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRedaction {
    /// Which report.
    pub report: EventKey,
    /// When, cut to the hour.
    pub at_hour: Timestamp,
    /// Name of the user.
    pub by: String,
    /// Why.
    pub reason: MaskReason,
    /// What.
    pub content: MaskedContent,
}

/// What stood in a part of a report before it was masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Original {
    /// A text.
    Text(String),
    /// A JPEG.
    Photo(Vec<u8>),
}

/// Remembers what moderators do.
#[async_trait]
pub trait Moderation: Send + Sync {
    /// What waits for a moderator, the oldest first: at most 2 000 reports that
    /// have arrived or were opened again, and as many that are in quarantine
    /// and not closed. Imported reports wait for nobody but in quarantine.
    async fn waiting_reports(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<Report>, StoreError>;

    /// How many photos each report has that has arrived or was opened again;
    /// those without any are left out.
    async fn waiting_photos(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<HashMap<Id, u32>, StoreError>;

    /// Makes a part of a report unreadable and keeps what stood there.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a report or photo;
    /// [`StoreError::Conflict`] `redaction_stale` where the part is no more as
    /// it was when somebody looked.
    async fn redact_report(
        &self,
        redaction: NewRedaction,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError>;

    /// Every masking of a report, oldest first.
    async fn redactions(&self, key: &EventKey) -> Result<Vec<Redaction>, StoreError>;

    /// What stood there before a masking, where it is still kept.
    async fn redacted_original(
        &self,
        key: &EventKey,
        step: u32,
    ) -> Result<Option<Original>, StoreError>;

    /// Remembers that an owner is asked; `code` is the hash of the link's code.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a report.
    async fn insert_forward(
        &self,
        forward: Forward,
        code: Digest,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError>;

    /// Every owner who was asked about a report, the latest first.
    async fn forwards(&self, key: &EventKey) -> Result<Vec<Forward>, StoreError>;

    /// Every owner of a municipality who was asked and whose link is not closed.
    async fn open_forwards(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<Forward>, StoreError>;

    /// The link whose code has this hash.
    async fn forward_by_code(&self, code: &Digest) -> Result<Option<Forward>, StoreError>;

    /// Notes that a link was opened for the first time.
    async fn note_opened(
        &self,
        municipality: &MunicipalityCode,
        id: Id,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;

    /// Takes the one answer of a link.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a link; [`StoreError::Conflict`]
    /// `forward_answered` where it has an answer, was closed or has expired at
    /// the time of `audit`.
    async fn answer_forward(
        &self,
        municipality: &MunicipalityCode,
        id: Id,
        answer: ForwardAnswer,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError>;

    /// Takes a link back, or says that its answer was dealt with.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a link that is open.
    async fn close_forward(
        &self,
        municipality: &MunicipalityCode,
        id: Id,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError>;

    /// Stores an answer that is written often, or replaces the one of its name.
    async fn save_answer_template(
        &self,
        municipality: &MunicipalityCode,
        template: AnswerTemplate,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;

    /// Forgets an answer that is written often.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without one of this name.
    async fn delete_answer_template(
        &self,
        municipality: &MunicipalityCode,
        id: &str,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;

    /// The answers of a municipality that are written often, by name.
    async fn answer_templates(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<AnswerTemplate>, StoreError>;
}
