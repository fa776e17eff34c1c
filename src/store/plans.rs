//! Patrol plans: kept whole, their steps added, nothing changed; and what is
//! wished for in those to come.

use super::{AuditEntry, Idempotency, StoreError, Submitted};
use async_trait::async_trait;
use fyren_core::domain::{Id, KeptPlan, MunicipalityCode, PlanStep, Seq, StopWish};
use jiff::civil::Date;

/// Remembers patrol plans.
#[async_trait]
pub trait Plans: Send + Sync {
    /// Stores a new plan with its first steps once, however often it is sent.
    async fn keep_plan(
        &self,
        plan: KeptPlan,
        idempotency: Idempotency,
        audit: AuditEntry,
    ) -> Result<Submitted, StoreError>;

    /// Adds a step to a plan.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a plan, [`StoreError::Conflict`]
    /// `plan_status` where it may not become that.
    async fn add_plan_step(
        &self,
        municipality: &MunicipalityCode,
        id: Id,
        step: PlanStep,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError>;

    /// The plan with this identity.
    async fn plan(
        &self,
        municipality: &MunicipalityCode,
        id: Id,
    ) -> Result<Option<KeptPlan>, StoreError>;

    /// Every plan of a municipality that reaches into `since` or later, the
    /// latest made first.
    async fn plans(
        &self,
        municipality: &MunicipalityCode,
        since: Date,
    ) -> Result<Vec<KeptPlan>, StoreError>;

    /// Stores a wish for a stop once, however often it is sent.
    async fn add_stop_wish(
        &self,
        wish: StopWish,
        idempotency: Idempotency,
        audit: AuditEntry,
    ) -> Result<Submitted, StoreError>;

    /// Takes a wish back; it counts no more.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a wish that stands.
    async fn end_stop_wish(
        &self,
        municipality: &MunicipalityCode,
        id: Id,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError>;

    /// The wishes that stand on a local day, the earliest made first.
    async fn stop_wishes(
        &self,
        municipality: &MunicipalityCode,
        on: Date,
    ) -> Result<Vec<StopWish>, StoreError>;
}
