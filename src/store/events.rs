//! Events: the flat rows that reports, incidents and visits share.

use super::StoreError;
use async_trait::async_trait;
use fyren_core::domain::{EventRow, Id, MunicipalityCode, Seq, TimeMasks};

/// Names one report, incident or visit.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EventKey {
    /// Where it belongs.
    pub municipality: MunicipalityCode,
    /// Its identity.
    pub id: Id,
}

/// Where an imported event comes from: the second import of the same
/// municipality, kind, dataset and key stores nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    /// Name of the dataset.
    pub dataset: String,
    /// The source's own identity, or a hash of the whole row.
    pub external_key: String,
}

/// One event of a bulk insert.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported<T> {
    /// The event; its `seq` is ignored.
    pub event: T,
    /// Hours, weekdays and seasons of its time in the municipality's zone.
    pub masks: TimeMasks,
    /// Where it comes from.
    pub origin: Origin,
}

/// What a bulk insert did; the sum is the number of rows given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StoredCount {
    /// Rows that are new.
    pub stored: usize,
    /// Rows that were known from an earlier import or earlier in this one.
    pub known: usize,
}

/// What [`Events::load_events`] ended with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The head of the feed in the snapshot that was read.
    pub head: Seq,
    /// Events that were erased after the asked position.
    pub removed: Vec<Id>,
}

/// Takes each event as it is read; the row's texts live only for the call.
pub type EventSink<'s> = &'s mut (dyn for<'r> FnMut(EventRow<'r>) + Send);

/// Reads events for the index.
#[async_trait]
pub trait Events: Send + Sync {
    /// Hands every event of `municipality` that changed after `after` to
    /// `sink`, once and in no promised order, all from one snapshot of the
    /// store, whose head and erasures it returns. `Seq(0)` loads everything.
    ///
    /// An event that changed twice comes once, as it is now. Costs about as
    /// much as a bare `SELECT` of the same columns, and holds a few thousand
    /// rows in memory at a time.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a municipality; after any error
    /// the rows already handed over must be dropped.
    async fn load_events(
        &self,
        municipality: &MunicipalityCode,
        after: Seq,
        sink: EventSink<'_>,
    ) -> Result<Loaded, StoreError>;
}
