//! What is held back from releases: embargoes, and the quarantine of reports.

use super::{AuditEntry, EventKey, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{Embargo, Id, MunicipalityCode};
use jiff::Timestamp;

/// A time in which a report was in quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuarantineSpan {
    /// The report.
    pub report: Id,
    /// When it was put aside.
    pub from: Timestamp,
    /// When it was let back in; `None` while it is aside.
    pub to: Option<Timestamp>,
}

/// Remembers what is held back.
#[async_trait]
pub trait Embargoes: Send + Sync {
    /// Stores an embargo. One with the same content changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] `embargo_exists` where the name is taken by
    /// one that says something else, or that was lifted: what an earlier
    /// release left out has to stay known.
    async fn save_embargo(&self, embargo: Embargo, audit: AuditEntry) -> Result<(), StoreError>;

    /// Lifts an embargo at the time of `audit`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such an embargo that holds.
    async fn lift_embargo(
        &self,
        municipality: &MunicipalityCode,
        id: &str,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;

    /// Every embargo of a municipality, lifted ones included, by name.
    async fn embargoes(&self, municipality: &MunicipalityCode) -> Result<Vec<Embargo>, StoreError>;

    /// Every time in which a report of a municipality was in quarantine.
    async fn quarantine_spans(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<QuarantineSpan>, StoreError>;

    /// What was seen when the server put a report aside by itself.
    async fn quarantine_note(&self, key: &EventKey) -> Result<Option<String>, StoreError>;
}
