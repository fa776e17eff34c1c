//! The ledger: what was promised and what is done.

use super::{AuditEntry, Idempotency, StoreError, Submitted};
use async_trait::async_trait;
use fyren_core::domain::{Measure, MunicipalityCode, Promise, Seq};

/// Remembers measures and promises.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Stores a measure, or replaces the one with its identity.
    async fn save_measure(&self, measure: Measure, audit: AuditEntry) -> Result<Seq, StoreError>;

    /// Stores a new measure once, however often it is sent.
    async fn create_measure(
        &self,
        measure: Measure,
        idempotency: Idempotency,
        audit: AuditEntry,
    ) -> Result<Submitted, StoreError>;

    /// Every measure of a municipality, the latest decision first.
    async fn measures(&self, municipality: &MunicipalityCode) -> Result<Vec<Measure>, StoreError>;

    /// Stores a promise, or replaces the one with its municipality and slug,
    /// which keeps its identity.
    async fn save_promise(&self, promise: Promise, audit: AuditEntry) -> Result<Seq, StoreError>;

    /// Every promise of a municipality, the latest period first, then by slug.
    async fn promises(&self, municipality: &MunicipalityCode) -> Result<Vec<Promise>, StoreError>;
}
