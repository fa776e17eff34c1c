//! Municipalities, their groups and their further map layers.

use super::{AuditEntry, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{Municipality, MunicipalityCode, Seq};

/// A municipality in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MunicipalitySummary {
    /// Code and slug.
    pub code: MunicipalityCode,
    /// Short name.
    pub name: String,
    /// Full name.
    pub full_name: String,
    /// Whether it holds synthetic reports.
    pub synthetic: bool,
    /// The head of its feed.
    pub head: Seq,
}

/// A named group of municipalities: a local police area, a county.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// Short stable name.
    pub name: String,
    /// Its members, in the order of their codes.
    pub municipalities: Vec<MunicipalityCode>,
}

/// A named map layer that came with a municipality, such as `stops`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtraLayer {
    /// Short stable name.
    pub name: String,
    /// A `GeoJSON` feature collection.
    pub geojson: String,
}

/// Remembers municipalities.
#[async_trait]
pub trait Municipalities: Send + Sync {
    /// Stores `municipality` whole, or replaces everything about it but its
    /// events, and returns the position of the change.
    async fn save_municipality(
        &self,
        municipality: Municipality,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError>;

    /// The municipality with this code.
    async fn municipality(
        &self,
        code: &MunicipalityCode,
    ) -> Result<Option<Municipality>, StoreError>;

    /// Every municipality, by name.
    async fn municipalities(&self) -> Result<Vec<MunicipalitySummary>, StoreError>;

    /// Stores or replaces a group of municipalities.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if a member is not stored.
    async fn save_area(&self, area: Area, audit: AuditEntry) -> Result<(), StoreError>;

    /// Every group, by name.
    async fn areas(&self) -> Result<Vec<Area>, StoreError>;

    /// Stores or replaces a further map layer of a municipality.
    async fn save_extra_layer(
        &self,
        municipality: &MunicipalityCode,
        layer: ExtraLayer,
    ) -> Result<(), StoreError>;

    /// Every further map layer of a municipality, by name.
    async fn extra_layers(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<ExtraLayer>, StoreError>;
}
