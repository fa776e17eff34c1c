//! Threads: what staff and a resident write to each other about one report.

use super::{AuditEntry, EventKey, Idempotency, StoreError, Submitted};
use async_trait::async_trait;
use fyren_core::domain::{
    Flags, Message, MessageKind, MunicipalityCode, Photo, ResidentVerdict, Role, Seq, StatusChange,
    Waiting,
};
use jiff::Timestamp;

/// A message as it is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMessage {
    /// About which report.
    pub report: EventKey,
    /// What it is.
    pub kind: MessageKind,
    /// The role of staff; `None` for the resident.
    pub role: Option<Role>,
    /// What it says.
    pub text: Option<String>,
    /// What its text should be looked at for.
    pub text_flags: Flags,
    /// Photos that come with it.
    pub photos: Vec<Photo>,
    /// When, cut to the hour.
    pub at_hour: Timestamp,
    /// The step that it takes, if it takes one.
    pub step: Option<StatusChange>,
    /// What makes a repetition harmless.
    pub idempotency: Idempotency,
    /// Photos that the report may have in all.
    pub most_photos: u32,
    /// What is noted; nothing of what a resident writes.
    pub audit: Option<AuditEntry>,
}

/// Remembers threads.
#[async_trait]
pub trait Threads: Send + Sync {
    /// Stores a message once, however often it is sent. Staff who write have
    /// read what was written before.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a report; [`StoreError::Conflict`]
    /// `report_status_transition` where its step is not allowed or it judges a
    /// report that is not closed, `too_many_photos` beyond its limit.
    async fn add_message(&self, message: NewMessage) -> Result<Submitted, StoreError>;

    /// The messages about a report, oldest first.
    async fn messages(&self, key: &EventKey) -> Result<Vec<Message>, StoreError>;

    /// Says that staff have read what the resident wrote.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a report.
    async fn mark_read(&self, key: &EventKey, audit: AuditEntry) -> Result<Seq, StoreError>;

    /// The open reports of a municipality whose sender holds a receipt and
    /// waits, whoever has waited longest first.
    async fn waiting(&self, municipality: &MunicipalityCode) -> Result<Vec<Waiting>, StoreError>;

    /// The last judgement of each report of a municipality that was judged
    /// from `from` (inclusive) to `to` (exclusive).
    async fn resident_verdicts(
        &self,
        municipality: &MunicipalityCode,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<ResidentVerdict>, StoreError>;
}
