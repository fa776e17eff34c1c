//! Incidents, as other systems tell them.

use super::{EventKey, Imported, StoreError, StoredCount};
use async_trait::async_trait;
use fyren_core::domain::Incident;

/// Remembers incidents.
#[async_trait]
pub trait Incidents: Send + Sync {
    /// Stores imported incidents in transactions of a few thousand. When it
    /// fails, a part may be stored; the same import again completes it.
    async fn insert_incidents(
        &self,
        incidents: Vec<Imported<Incident>>,
    ) -> Result<StoredCount, StoreError>;

    /// The incident with this identity.
    async fn incident(&self, key: &EventKey) -> Result<Option<Incident>, StoreError>;
}
