//! Measured speeds, one row a site and hour.

use super::{Origin, StoreError, StoredCount};
use async_trait::async_trait;
use fyren_core::domain::{MunicipalityCode, SpeedHour};
use jiff::Timestamp;

/// Remembers measured speeds.
#[async_trait]
pub trait Speeds: Send + Sync {
    /// Stores the hours whose origin is not known, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a municipality.
    async fn insert_speeds(
        &self,
        hours: Vec<(SpeedHour, Origin)>,
    ) -> Result<StoredCount, StoreError>;

    /// The hours of a municipality that begin from `from` on and before `to`,
    /// by time.
    async fn speed_hours(
        &self,
        municipality: &MunicipalityCode,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
    ) -> Result<Vec<SpeedHour>, StoreError>;
}
