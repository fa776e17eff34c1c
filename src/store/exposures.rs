//! What expectations rest on: residents, beds, berths, roads, as files say it.

use super::{Origin, StoreError, StoredCount};
use async_trait::async_trait;
use fyren_core::domain::{ExposureItem, MunicipalityCode};

/// Remembers amounts that events are expected to follow.
#[async_trait]
pub trait Exposures: Send + Sync {
    /// Stores those whose origin is not known, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a municipality.
    async fn insert_exposures(
        &self,
        items: Vec<(ExposureItem, Origin)>,
    ) -> Result<StoredCount, StoreError>;

    /// All of a municipality by identity, each with the data set it came in.
    async fn exposures(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<(ExposureItem, String)>, StoreError>;
}
