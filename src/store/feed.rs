//! The change feed: that something changed, in commit order.

use super::StoreError;
use async_trait::async_trait;
use fyren_core::domain::{Change, Id, MunicipalityCode, Seq};
use tokio::sync::watch;

/// Follows what changes.
#[async_trait]
pub trait Feed: Send + Sync {
    /// The last position in the feed of `municipality`, `Seq(0)` before the
    /// first change.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a municipality.
    async fn head(&self, municipality: &MunicipalityCode) -> Result<Seq, StoreError>;

    /// At most `limit` entries that end after `after`, in order. Positions
    /// have no gaps; an entry may speak of a whole range.
    async fn changes_since(
        &self,
        municipality: &MunicipalityCode,
        after: Seq,
        limit: u32,
    ) -> Result<Vec<Change>, StoreError>;

    /// The identities of the events that were erased after a position, in the
    /// order of their erasure.
    async fn erased_since(
        &self,
        municipality: &MunicipalityCode,
        after: Seq,
    ) -> Result<Vec<Id>, StoreError>;

    /// A number that grows after every commit, by this process or by an other
    /// one: within about 200 ms on SQLite, at once and at the latest after
    /// 500 ms on PostgreSQL. It says only that [`Feed::head`] is worth asking.
    fn subscribe(&self) -> watch::Receiver<u64>;
}
