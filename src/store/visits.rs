//! Visits: presence, with corrections that only add.

use super::{EventKey, Idempotency, Imported, StoreError, StoredCount};
use async_trait::async_trait;
use fyren_core::domain::{Id, MunicipalityCode, Seq, TimeMasks, Visit};
use jiff::Timestamp;

/// A visit as it is logged.
#[derive(Debug, Clone, PartialEq)]
pub struct NewVisit {
    /// The visit; its `seq` is ignored.
    pub visit: Visit,
    /// Hours, weekdays and seasons of its time in the municipality's zone.
    pub masks: TimeMasks,
    /// What makes a repetition harmless.
    pub idempotency: Idempotency,
}

/// What became of a logged visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoggedVisit {
    /// It is stored and flushed.
    Created(Seq),
    /// The same key and body were stored before, as this visit.
    Replayed(Id),
    /// The key was used before with an other body; nothing changed.
    KeyReused,
}

/// Remembers visits. In the index a visit's category is its purpose, its
/// status the kind of its unit, and it arrives in the hour in which it ended.
#[async_trait]
pub trait Visits: Send + Sync {
    /// Stores a visit once, however often it is sent. One that corrects an
    /// earlier visit marks that one as corrected.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] `visit` if there is nothing to correct,
    /// [`StoreError::Conflict`] `visit_corrected` if an other correction came
    /// first.
    async fn log_visit(&self, visit: NewVisit) -> Result<LoggedVisit, StoreError>;

    /// Stores imported or simulated visits in transactions of a few thousand.
    /// When it fails, a part may be stored; the same import again completes it.
    async fn insert_visits(&self, visits: Vec<Imported<Visit>>) -> Result<StoredCount, StoreError>;

    /// The visit with this identity.
    async fn visit(&self, key: &EventKey) -> Result<Option<Visit>, StoreError>;

    /// Every visit of a unit that began at `since` or later, the earliest
    /// first, corrected ones and their corrections included.
    async fn visits_of_unit(
        &self,
        municipality: &MunicipalityCode,
        unit: &str,
        since: Timestamp,
    ) -> Result<Vec<Visit>, StoreError>;
}
