//! Whether everything that is stored holds together.

use super::{App, Error, Result, failure, preview_release::content_id};
use crate::store::AuditCheck;
use fyren_core::domain::{Context, EventRow, Id, MunicipalityCode, Seq};

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// In which context.
    pub context: Context,
    /// The rule by its name.
    pub rule: String,
    /// What was found.
    pub detail: String,
}

impl App {
    /// Everything that does not hold in either store: the statements of this
    /// program, the rules between rows, the audit chain, the content hashes of
    /// releases, and each municipality's index against its rows. Costs several
    /// walks over everything.
    ///
    /// # Errors
    /// Where a store cannot be read at all.
    pub async fn check_stores(&self) -> Result<Vec<Fault>> {
        let mut faults = Vec::new();
        for context in Context::ALL {
            let store = self.store(*context);
            let mut fault = |rule: &str, detail: String| {
                faults.push(Fault { context: *context, rule: rule.to_owned(), detail });
            };
            store.check_statements().await.map_err(failure)?;
            for found in store.check_rows().await.map_err(failure)? {
                fault(found.rule, format!("{} rows", found.rows));
            }
            if let AuditCheck::BrokenAt { position } =
                store.verify_audit().await.map_err(failure)?
            {
                fault("audit_chain", format!("broken at entry {position}"));
            }
            for municipality in store.municipalities().await.map_err(failure)? {
                let code = municipality.code;
                for release in store.releases(&code).await.map_err(failure)? {
                    if content_id(&release) != release.id {
                        fault("release_content", format!("release {} was changed", release.id.0));
                    }
                }
                match self.index_differs(*context, &code).await {
                    Ok(None) => {}
                    Ok(Some(id)) => fault("index", format!("{code}: event {id} differs")),
                    Err(Error::Bug(reason)) => fault("rows", format!("{code}: {reason}")),
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(faults)
    }

    /// The first event of which the index says something else than the store.
    async fn index_differs(&self, context: Context, code: &MunicipalityCode) -> Result<Option<Id>> {
        let ground = self.ground(code.as_str()).await?;
        let snapshot = self.layers.indexes().snapshot(&ground, context).await?;
        let (mut rows, mut differs) = (0_usize, None);
        let mut look = |row: EventRow<'_>| {
            rows += 1;
            let same = snapshot.event(row.id).is_some_and(|event| {
                event.kind == row.kind
                    && event.category == row.category
                    && event.district == row.district
                    && event.status == row.status
                    && event.flags == row.flags
                    && event.source_tag == row.source_tag
                    && event.received_hour == row.received_hour
                    && event.position.is_some() == row.anchor.is_some()
            });
            if !same && differs.is_none() {
                differs = Some(row.id);
            }
        };
        let loaded = self.store(context).load_events(code, Seq(0), &mut look).await;
        let head = loaded.map_err(failure)?.head;
        if differs.is_none() && (rows != snapshot.len() || head != snapshot.generation()) {
            return Err(Error::Bug(format!(
                "the index has {} events up to {:?}, the store {rows} up to {head:?}",
                snapshot.len(),
                snapshot.generation()
            )));
        }
        Ok(differs)
    }
}
