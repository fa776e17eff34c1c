//! Presence that is told by the week, and summaries of the other context.

use super::{AuditEntry, Digest, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{Context, MunicipalityCode, PresenceWeek, Seq};
use jiff::Timestamp;

/// The latest summary of another context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSummary {
    /// The municipality that it is about.
    pub municipality: MunicipalityCode,
    /// The context that has signed it.
    pub context: Context,
    /// Generation of that context when it was made.
    pub generation: Seq,
    /// When it was made.
    pub made: Timestamp,
    /// Hash of the whole file.
    pub digest: Digest,
    /// What was signed, as it was signed.
    pub content: String,
}

/// Remembers presence by the week.
#[async_trait]
pub trait PresenceWeeks: Send + Sync {
    /// Stores weeks, each in the place of what its source said before, and
    /// returns the position of the change. All are of `municipality`.
    async fn save_presence_weeks(
        &self,
        municipality: &MunicipalityCode,
        weeks: Vec<PresenceWeek>,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError>;

    /// Everything that is told of a municipality, by week, district and source.
    async fn presence_weeks(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<PresenceWeek>, StoreError>;

    /// Keeps a summary with the weeks that it tells, in the place of the one
    /// before and of all that it told.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] `summary_known` for the very same one,
    /// `summary_replayed` for one that is not later.
    async fn keep_summary(
        &self,
        summary: StoredSummary,
        weeks: Vec<PresenceWeek>,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError>;

    /// The latest summaries of a municipality, by context.
    async fn summaries(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<StoredSummary>, StoreError>;
}
