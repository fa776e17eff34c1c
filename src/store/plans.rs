//! Patrol plans: kept whole, their steps added, nothing changed.

use super::{AuditEntry, Idempotency, StoreError, Submitted};
use async_trait::async_trait;
use fyren_core::domain::{Id, KeptPlan, MunicipalityCode, PlanStep, Seq};
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
}
