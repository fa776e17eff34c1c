//! What was erased stays erased: the identities that are left of it outlive
//! the data, and are erased again in a store that was restored.

use super::{App, Result, failure};
use crate::store::{AuditEntry, EventKey, Store};
use fyren_core::domain::Seq;
use std::collections::BTreeSet;

impl App {
    /// Everything that was ever erased in either store, in order: random
    /// identities that say nothing of what they were.
    ///
    /// # Errors
    /// [`Error::Unavailable`](super::Error::Unavailable) where a store cannot
    /// be read.
    pub async fn erasures(&self) -> Result<Vec<EventKey>> {
        let mut all = BTreeSet::new();
        for store in self.both() {
            for summary in store.municipalities().await.map_err(failure)? {
                let erased = store.erased_since(&summary.code, Seq(0)).await.map_err(failure)?;
                all.extend(erased.into_iter().map(|id| (summary.code.clone(), id)));
            }
        }
        Ok(all.into_iter().map(|(municipality, id)| EventKey { municipality, id }).collect())
    }

    /// Erases what is there of `keys` in either store; gives how many were.
    ///
    /// # Errors
    /// [`Error::Unavailable`](super::Error::Unavailable) where a store cannot
    /// be written; what was erased before stays erased.
    pub async fn erase_again(&self, actor: &str, keys: &[EventKey]) -> Result<usize> {
        let mut erased = 0;
        for key in keys {
            for store in self.both() {
                let audit = self.audit(actor, "erase_again", Some(&key.municipality), None);
                erased += usize::from(erase(store, key, audit).await?);
            }
        }
        Ok(erased)
    }

    fn both(&self) -> [&dyn Store; 2] {
        [self.municipal.as_ref(), self.police.as_ref()]
    }
}

/// Erases an event, whatever it is; gives whether it was there.
pub(super) async fn erase(store: &dyn Store, key: &EventKey, audit: AuditEntry) -> Result<bool> {
    Ok(store.erase_report(key, audit.clone()).await.map_err(failure)?
        || store.erase_event(key, audit).await.map_err(failure)?)
}
