//! Patrol areas: saved whole as a set, listed, deleted.

use super::{AuditEntry, Idempotency, StoreError, Submitted};
use async_trait::async_trait;
use fyren_core::domain::{Id, MunicipalityCode, PatrolAreaSet, Seq};

/// Remembers patrol areas; the context of the police has them.
#[async_trait]
pub trait PatrolAreas: Send + Sync {
    /// Stores a new set once, however often it is sent.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] `name_taken` where another set is called so.
    async fn keep_area_set(
        &self,
        set: PatrolAreaSet,
        idempotency: Idempotency,
        audit: AuditEntry,
    ) -> Result<Submitted, StoreError>;

    /// Deletes a set with its areas.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a set.
    async fn delete_area_set(
        &self,
        municipality: &MunicipalityCode,
        id: Id,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError>;

    /// Every set of a municipality, the latest saved first.
    async fn area_sets(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<PatrolAreaSet>, StoreError>;
}
