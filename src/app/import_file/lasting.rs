//! An import as the stores remember it: begun, kept alive, finished, or taken
//! back whole.

use super::ImportJob;
use crate::app::{App, Error, Result, failure};
use crate::import::Kind;
use crate::store::{
    Digest, ImportRecord, ImportRows, ImportState, NewImport, StoreError, import_id,
};
use fyren_core::domain::{Context, Id};
use jiff::{SignedDuration, Timestamp};

/// How long an import counts as alive after it said so.
const ALIVE: SignedDuration = SignedDuration::from_secs(120);
/// How often it says so.
const SAYS_SO: SignedDuration = SignedDuration::from_secs(20);

/// An import that is under way.
pub(super) struct Lasting {
    /// Its identity.
    pub id: Id,
    /// The number of this attempt.
    pub attempt: u8,
    contexts: &'static [Context],
    said: Timestamp,
}

impl Lasting {
    /// An import of which nothing is stored.
    pub(super) const fn dry() -> Self {
        Self { id: Id::from_bits(0), attempt: 1, contexts: &[], said: Timestamp::UNIX_EPOCH }
    }
}

impl App {
    /// Begins an import, or goes on with the same one where it was broken off.
    ///
    /// # Errors
    /// [`Error::Conflict`] `import_running` where another program imports into
    /// the same data set, or areas into the same municipality.
    pub(super) async fn begin_import(
        &self,
        actor: &str,
        job: &ImportJob,
        fingerprint: Digest,
        undo: Option<String>,
    ) -> Result<Lasting> {
        let now = self.clock.now();
        let alive_until = now.saturating_add(ALIVE).unwrap_or(now);
        let contexts = contexts(job.kind);
        if let Some(broken) = self.settle(actor, job, &fingerprint).await? {
            let mut attempt = 1;
            for context in contexts {
                let resumed = self.store(*context).resume_import(broken, alive_until).await;
                attempt = resumed.map_err(failure)?.max(attempt);
            }
            return Ok(Lasting { id: broken, attempt, contexts, said: now });
        }
        let import = NewImport {
            id: job.id.unwrap_or_else(|| import_id(now, self.new_id())),
            municipality: job.municipality.clone(),
            kind: job.kind.code().to_owned(),
            dataset: job.dataset.clone(),
            fingerprint,
            actor: actor.to_owned(),
            began: now,
            alive_until,
            undo,
        };
        for context in contexts {
            self.store(*context).begin_import(import.clone()).await.map_err(failure)?;
        }
        Ok(Lasting { id: import.id, attempt: 1, contexts, said: now })
    }

    /// Looks after imports that were broken off: what was being undone is
    /// undone, what nobody finishes is taken back, and what `job` would finish
    /// is returned. Areas are one set a municipality, so an import of them
    /// waits until an other one is over or taken back, whatever its data set.
    async fn settle(
        &self,
        actor: &str,
        job: &ImportJob,
        fingerprint: &Digest,
    ) -> Result<Option<Id>> {
        let mut broken = None;
        for record in self.municipal.unfinished_imports().await.map_err(failure)? {
            let import = &record.import;
            let same = import.municipality == job.municipality
                && import.kind == job.kind.code()
                && (import.dataset == job.dataset || job.kind == Kind::Areas);
            let alive =
                record.state == ImportState::Running && import.alive_until > self.clock.now();
            if record.state == ImportState::Running
                && same
                && import.dataset == job.dataset
                && import.fingerprint == *fingerprint
                && job.id.is_none()
            {
                broken = Some(import.id);
            } else if !alive {
                self.take_back(actor, &record).await?;
            } else if same {
                return Err(Error::Conflict("import_running"));
            }
        }
        Ok(broken)
    }

    /// Says that an import is alive, if that is due.
    pub(super) async fn keep_import(&self, lasting: &mut Lasting) -> Result<()> {
        let now = self.clock.now();
        if now.duration_since(lasting.said) < SAYS_SO {
            return Ok(());
        }
        let until = now.saturating_add(ALIVE).unwrap_or(now);
        for context in lasting.contexts {
            self.store(*context).keep_import(lasting.id, until).await.map_err(failure)?;
        }
        lasting.said = now;
        Ok(())
    }

    /// Notes that all of an import is stored.
    pub(super) async fn finish_import(
        &self,
        actor: &str,
        job: &ImportJob,
        lasting: &Lasting,
        rows: ImportRows,
    ) -> Result<()> {
        for context in lasting.contexts {
            let subject = Some(job.dataset.clone());
            let mut entry = self.audit(actor, "import_file", job.municipality.as_ref(), subject);
            entry.detail = format!("{}: {} stored", job.kind.code(), rows.stored);
            self.store(*context).finish_import(lasting.id, rows, entry).await.map_err(failure)?;
        }
        Ok(())
    }

    /// Takes an import back that could not be finished. Where that fails too,
    /// it stays noted as running, and whoever comes next takes it back.
    pub(super) async fn abandon_import(&self, actor: &str, lasting: &Lasting) {
        let known = match lasting.contexts {
            [] => return,
            _ => self.municipal.import(lasting.id).await,
        };
        let undone = match known {
            Ok(Some(record)) => self.take_back(actor, &record).await,
            Ok(None) => Ok(()),
            Err(error) => Err(failure(error)),
        };
        if let Err(error) = undone {
            tracing::warn!(%error, "an import that failed is not taken back yet");
        }
    }

    /// Takes a whole import back: every event that it stored and that is
    /// still there, and of areas the districts that stood there before.
    /// Gives the import as it is remembered. Done twice, it changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] without such an import, [`Error::Conflict`]
    /// `import_running` while it is alive, `import_not_last` for areas that a
    /// later import of areas built on.
    pub async fn undo_import(&self, actor: &str, id: Id) -> Result<ImportRecord> {
        let record = self.stored_import(id).await?;
        let alive =
            record.state == ImportState::Running && record.import.alive_until > self.clock.now();
        if alive {
            return Err(Error::Conflict("import_running"));
        }
        if record.state != ImportState::Undone {
            self.take_back(actor, &record).await?;
        }
        self.stored_import(id).await
    }

    /// An import as it is remembered.
    ///
    /// # Errors
    /// [`Error::NotFound`] without such an import.
    pub async fn stored_import(&self, id: Id) -> Result<ImportRecord> {
        self.municipal.import(id).await.map_err(failure)?.ok_or(Error::NotFound)
    }

    /// Takes back what programs that were ended have left half imported.
    ///
    /// # Errors
    /// Where a store fails.
    pub async fn settle_imports(&self) -> Result<()> {
        for record in self.municipal.unfinished_imports().await.map_err(failure)? {
            let over = record.import.alive_until <= self.clock.now();
            if record.state == ImportState::Undoing || over {
                self.take_back("system", &record).await?;
            }
        }
        Ok(())
    }

    async fn take_back(&self, actor: &str, record: &ImportRecord) -> Result<()> {
        let import = &record.import;
        if import.kind == Kind::Areas.code() {
            self.put_areas_back(actor, record).await?;
        }
        let kind = [Kind::Visits, Kind::Tracks].into_iter().find(|kind| kind.code() == import.kind);
        // The municipal store is the one that lists imports, so it is last.
        for context in contexts(kind.unwrap_or(Kind::Reports)).iter().rev() {
            let subject = Some(import.dataset.clone());
            let mut entry = self.audit(actor, "undo_import", import.municipality.as_ref(), subject);
            entry.detail.clone_from(&import.kind);
            let store = self.store(*context);
            loop {
                match store.undo_import_part(import.id, entry.clone()).await {
                    Ok(true) | Err(StoreError::NotFound("import")) => break,
                    Ok(false) => {}
                    Err(error) => return Err(failure(error)),
                }
            }
        }
        Ok(())
    }
}

/// The contexts whose stores rows of a kind go to, the municipal one first.
const fn contexts(kind: Kind) -> &'static [Context] {
    match kind {
        Kind::Visits | Kind::Tracks => &[Context::Municipal, Context::Police],
        Kind::Reports
        | Kind::Incidents
        | Kind::Areas
        | Kind::Exposure
        | Kind::Speeds
        | Kind::Surveys => &[Context::Municipal],
    }
}
