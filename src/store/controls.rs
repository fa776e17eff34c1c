//! Traffic controls: called for, done, moved or lapsed, never changed.

use super::{AuditEntry, Idempotency, NewVisit, StoreError, Submitted};
use async_trait::async_trait;
use fyren_core::domain::{Control, ControlStep, Id, MunicipalityCode, Seq};

/// A control as it is kept first.
#[derive(Debug, Clone, PartialEq)]
pub struct NewControl {
    /// The control with its first step.
    pub control: Control,
    /// The visit that it is, where it was done and no visit was logged for it.
    pub visit: Option<NewVisit>,
    /// What makes a repetition harmless.
    pub idempotency: Idempotency,
}

/// A further step of a control.
#[derive(Debug, Clone, PartialEq)]
pub struct NewControlStep {
    /// Where it belongs.
    pub municipality: MunicipalityCode,
    /// The control.
    pub control: Id,
    /// The step.
    pub step: ControlStep,
    /// The visit that it is, as in [`NewControl::visit`].
    pub visit: Option<NewVisit>,
}

/// Remembers traffic controls; the context of the police has them.
#[async_trait]
pub trait Controls: Send + Sync {
    /// Stores a new control, and its visit where it has one, once, however
    /// often it is sent.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] `visit` where the visit of a control that was
    /// done is not there.
    async fn create_control(
        &self,
        control: NewControl,
        audit: AuditEntry,
    ) -> Result<Submitted, StoreError>;

    /// Adds a step to a control that has not ended.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] `control`; [`StoreError::Conflict`]
    /// `control_ended` where it was done or has lapsed.
    async fn add_control_step(
        &self,
        step: NewControlStep,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError>;

    /// Every control of a municipality, the latest first step first.
    async fn controls(&self, municipality: &MunicipalityCode) -> Result<Vec<Control>, StoreError>;
}
