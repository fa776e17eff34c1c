//! What the public may see: releases and published defects.

use super::{AuditEntry, EventKey, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{
    Category, Id, MunicipalityCode, Position, Release, ReleaseId, ReportStatus, Seq,
};
use jiff::civil::Date;

/// A defect that a moderator has released as a fact about a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Defect {
    /// Random identity of its own, never the report's.
    pub id: Id,
    /// Where it belongs.
    pub municipality: MunicipalityCode,
    /// What is broken.
    pub category: Category,
    /// Where it is shown: a lamp, a path or the centre of a lattice cell,
    /// never the reporter's point.
    pub position: Position,
    /// The lattice cell or thing that the position stands for.
    pub snapped_to: String,
    /// Organisation that mends it.
    pub owner: String,
    /// The status of its report, and so of the defect.
    pub status: ReportStatus,
    /// When it was released.
    pub published_on: Date,
}

/// Remembers what was released; nothing here is ever changed once stored,
/// but the status of a defect, which follows its report.
#[async_trait]
pub trait Releases: Send + Sync {
    /// Stores a release for good.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] `release_exists` if the municipality has
    /// released that kind and window before.
    async fn insert_release(&self, release: Release, audit: AuditEntry) -> Result<Seq, StoreError>;

    /// The release with this content hash.
    async fn release(&self, id: &ReleaseId) -> Result<Option<Release>, StoreError>;

    /// Every release of a municipality, whole, the latest window first.
    async fn releases(&self, municipality: &MunicipalityCode) -> Result<Vec<Release>, StoreError>;

    /// Publishes a defect out of `report`; the status of `defect` is ignored.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] `defect_exists` if that report is published.
    async fn publish_defect(
        &self,
        report: &EventKey,
        defect: Defect,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError>;

    /// Takes the defect of a report back.
    async fn withdraw_defect(
        &self,
        report: &EventKey,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError>;

    /// The report that a published defect is about.
    async fn report_of_defect(
        &self,
        municipality: &MunicipalityCode,
        defect: Id,
    ) -> Result<Option<EventKey>, StoreError>;

    /// Every published defect of a municipality, by identity.
    async fn defects(&self, municipality: &MunicipalityCode) -> Result<Vec<Defect>, StoreError>;
}
