//! Reading the events of a municipality out of a store, each turned into what
//! a use case needs of it.

use super::{App, Result, failure};
use fyren_core::domain::{Context, EventRow, MunicipalityCode, Seq};

impl App {
    /// What `pick` makes of each event of a municipality in one context, in no
    /// promised order. Costs about as much as loading the index.
    ///
    /// # Errors
    /// Where the store fails.
    pub(super) async fn gather<T: Send>(
        &self,
        context: Context,
        municipality: &MunicipalityCode,
        mut pick: impl FnMut(&EventRow<'_>) -> Option<T> + Send,
    ) -> Result<Vec<T>> {
        let mut found = Vec::new();
        let mut sink = |row: EventRow<'_>| found.extend(pick(&row));
        self.store(context).load_events(municipality, Seq(0), &mut sink).await.map_err(failure)?;
        Ok(found)
    }
}
