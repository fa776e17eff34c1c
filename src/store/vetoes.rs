//! Vetoes on hot spots: set, renewed and ended, never changed.

use super::{AuditEntry, Idempotency, StoreError, Submitted};
use async_trait::async_trait;
use fyren_core::domain::{Id, MunicipalityCode, Seq, Veto, VetoStep};

/// Remembers vetoes of one context.
#[async_trait]
pub trait Vetoes: Send + Sync {
    /// Stores a new veto once, however often it is sent.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] `veto_holds` where one holds on the same cell.
    async fn set_veto(
        &self,
        veto: Veto,
        idempotency: Idempotency,
        audit: AuditEntry,
    ) -> Result<Submitted, StoreError>;

    /// Adds a step to a veto that holds.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a veto,
    /// [`StoreError::Conflict`] `veto_ended` where it was ended.
    async fn add_veto_step(
        &self,
        municipality: &MunicipalityCode,
        id: Id,
        step: VetoStep,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError>;

    /// Every veto of a municipality, ended ones included, the latest set first.
    async fn vetoes(&self, municipality: &MunicipalityCode) -> Result<Vec<Veto>, StoreError>;
}
