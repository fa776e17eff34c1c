//! Public records: what is let go by decision, and requests for documents.

use super::{AuditEntry, EventKey, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{
    DueRecord, Id, MunicipalityCode, RecordItem, RecordRequest, RecordSelection, RetentionClass,
    RetentionDecision, RetentionRun,
};
use jiff::Timestamp;

/// Remembers decisions, protocols and requests.
#[async_trait]
pub trait Archive: Send + Sync {
    /// Stores a decision of retention for good.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] `decision_exists` where its class has one of
    /// that number.
    async fn insert_decision(
        &self,
        decision: RetentionDecision,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;

    /// Every decision of a municipality, by class, the latest decided first.
    async fn decisions(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<RetentionDecision>, StoreError>;

    /// Everything of a class that arrived before a moment, the oldest first;
    /// of [`RetentionClass::Original`] the maskings, once a masking.
    async fn due_records(
        &self,
        municipality: &MunicipalityCode,
        class: RetentionClass,
        before: Timestamp,
    ) -> Result<Vec<DueRecord>, StoreError>;

    /// Erases an incident or a visit with everything that speaks of it; its
    /// random identity stays in the feed. Returns whether it was there.
    async fn erase_event(&self, key: &EventKey, audit: AuditEntry) -> Result<bool, StoreError>;

    /// Forgets what stood in the texts and photos of one report that were
    /// masked before a moment; that they were masked stays known. Returns how
    /// many it forgot.
    async fn forget_originals(
        &self,
        key: &EventKey,
        before: Timestamp,
        audit: AuditEntry,
    ) -> Result<u64, StoreError>;

    /// Stores the protocol of a run.
    async fn insert_run(&self, run: RetentionRun, audit: AuditEntry) -> Result<(), StoreError>;

    /// Every protocol of a municipality, the latest first.
    async fn retention_runs(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<RetentionRun>, StoreError>;

    /// The reports that a selection asks for, the first that arrived first.
    async fn select_records(
        &self,
        municipality: &MunicipalityCode,
        selection: &RecordSelection,
    ) -> Result<Vec<Id>, StoreError>;

    /// Opens a request for documents.
    async fn insert_request(
        &self,
        request: RecordRequest,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;

    /// Every request of a municipality, open ones first, then the latest.
    async fn record_requests(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<RecordRequest>, StoreError>;

    /// Sets what the review of one document came to.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a document in a request that is open.
    async fn review_record(
        &self,
        municipality: &MunicipalityCode,
        request: Id,
        item: RecordItem,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;

    /// Closes a request at the time of `audit`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a request that is open.
    async fn close_request(
        &self,
        municipality: &MunicipalityCode,
        request: Id,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;
}
