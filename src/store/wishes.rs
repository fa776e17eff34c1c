//! Wishes to start a watch: reports of an idea, with what became of each.

use super::{AuditEntry, StatusStep, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{Id, MunicipalityCode, Seq, WatchWish, WishState};
use jiff::civil::Date;

/// A step of a wish, and the answer that tells its sender.
#[derive(Debug, Clone, PartialEq)]
pub struct NewWishStep {
    /// The step of the report, with its answer.
    pub told: StatusStep,
    /// What it came to.
    pub state: WishState,
    /// The local day of it.
    pub on: Date,
    /// The watch area that was started.
    pub area: Option<Id>,
}

/// Remembers what became of wishes.
#[async_trait]
pub trait Wishes: Send + Sync {
    /// Adds a step to a wish and tells its sender, in one. A report that was
    /// closed is opened again first.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a report, or where it wishes for
    /// no watch; [`StoreError::Conflict`] `wish_state` where it stands there
    /// already, `report_merge` where the report was merged into another.
    async fn add_wish_step(&self, step: NewWishStep, audit: AuditEntry) -> Result<Seq, StoreError>;

    /// Every wish of a municipality, the latest first.
    async fn watch_wishes(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<WatchWish>, StoreError>;
}
