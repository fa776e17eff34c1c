//! Reading events out of the index, each turned into what a use case needs.

use super::{App, Ground, Result};
use crate::spatial::{Event, Filter};
use fyren_core::domain::Context;

impl App {
    /// What `pick` makes of each event of a municipality and context that
    /// `filter` selects, in the order of the index. Costs a look at every event.
    ///
    /// # Errors
    /// Where the index cannot be loaded.
    pub(super) async fn gather<T>(
        &self,
        ground: &Ground,
        context: Context,
        filter: &Filter,
        pick: impl FnMut(Event<'_>) -> Option<T>,
    ) -> Result<Vec<T>> {
        let snapshot = self.layers.indexes().snapshot(ground, context).await?;
        Ok(snapshot.select(filter).events().filter_map(pick).collect())
    }
}
