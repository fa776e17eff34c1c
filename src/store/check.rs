//! Rules that hold between rows.

use super::StoreError;
use async_trait::async_trait;

/// A rule that some rows break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// The rule by its name, such as `feed_gap`.
    pub rule: &'static str,
    /// How many rows break it.
    pub rows: u64,
}

/// Checks what no constraint of the schema can say.
#[async_trait]
pub trait Checks: Send + Sync {
    /// Every rule that some rows break: the feed has no gaps and ends where its
    /// municipality says, no event is beyond it, each event has its details,
    /// flags say what links and reasons say, links lead somewhere. Costs a few
    /// walks over all rows.
    async fn check_rows(&self) -> Result<Vec<Finding>, StoreError>;
}
