//! Files that staff upload to be imported: kept in a folder beside the data
//! base until they are imported or given up, looked at, corrected, tried, and
//! imported with progress.

mod file;
mod running;
mod view;

pub use file::Receiving;
pub use view::{ImportSettings, ImportView, LookView, Phase, SampleView};

use super::{App, Error, Ground, ImportJob, Result, Staff, failure};
use crate::import::Kind;
use crate::store::{ImportRecord, import_id};
use file::{Folder, opener};
use fyren_core::domain::{Id, MunicipalityCode, Operation, Role};
use jiff::{SignedDuration, Timestamp};
use running::Upload;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Longest file, in bytes.
pub const UPLOAD_LIMIT: usize = 256 << 20;
/// Most files that wait in one municipality.
const WAITING: usize = 8;
/// How long a file that nobody touches is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Files that wait to be imported, and imports that this process has run.
pub struct Uploads {
    folder: Folder,
    known: Mutex<HashMap<Id, Arc<Upload>>>,
}

impl Uploads {
    /// None yet; files will lie beside the data base at `url`.
    pub(super) fn beside(url: &str) -> Self {
        Self { folder: Folder::beside(url), known: Mutex::default() }
    }

    fn of(&self, code: &MunicipalityCode) -> Vec<Arc<Upload>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut of: Vec<_> =
            known.values().filter(|upload| upload.code == *code).map(Arc::clone).collect();
        of.sort_by_key(|upload| std::cmp::Reverse(upload.id));
        of
    }

    fn put(&self, upload: Arc<Upload>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(upload.id, upload);
    }

    fn remove(&self, id: Id) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}

impl App {
    /// Begins to receive a file named `name`.
    ///
    /// # Errors
    /// Without the right to import, [`Error::Conflict`] `uploads_waiting` where
    /// too many files wait.
    pub async fn receive_file(
        &self,
        staff: &Staff,
        ground: &Ground,
        name: &str,
    ) -> Result<Receiving> {
        staff.must(ground.code(), Operation::ImportFile)?;
        let waiting = self.uploads.of(ground.code());
        if waiting.iter().filter(|upload| upload.is_waiting()).count() >= WAITING {
            return Err(Error::Conflict("uploads_waiting"));
        }
        let id = import_id(self.clock.now(), self.new_id());
        self.uploads.folder.receive(id, name).await
    }

    /// Takes a file that was received whole and is said to hold `kind`, looks
    /// at it and keeps it.
    ///
    /// One that cannot be read has failed, and says why: perhaps other
    /// settings help.
    ///
    /// # Errors
    /// Without the right, and where the store fails.
    pub async fn keep_file(
        &self,
        staff: &Staff,
        ground: &Ground,
        (kind, mut received): (Kind, Receiving),
    ) -> Result<ImportView> {
        let role = staff.must(ground.code(), Operation::ImportFile)?;
        let file = received.whole(kind).await?;
        let upload = Upload::new(ground.code(), staff.name(), file, !is_police(role));
        let settings = upload.guessed();
        let look = self.look_at_file(upload.job(&settings)?, opener(upload.path())).await;
        upload.set(settings, look)?;
        upload.touch(self.clock.now());
        received.keep();
        let upload = Arc::new(upload);
        self.uploads.put(Arc::clone(&upload));
        Ok(upload.view(ground))
    }

    /// Looks at a waiting file anew, under other settings.
    ///
    /// # Errors
    /// Without the right, [`Error::NotFound`], [`Error::Conflict`]
    /// `import_state` where it does not wait, [`Error::Invalid`] for settings
    /// that cannot be, which changes nothing.
    pub async fn set_import(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
        settings: ImportSettings,
    ) -> Result<ImportView> {
        staff.must(ground.code(), Operation::ImportFile)?;
        let upload = self.upload(ground.code(), id)?;
        upload.must_wait()?;
        let job = upload.job(&settings)?;
        let look = self.look_at_file(job, opener(upload.path())).await;
        upload.set(settings, look)?;
        upload.touch(self.clock.now());
        Ok(upload.view(ground))
    }

    /// Tries a waiting file in the background: everything but storing.
    ///
    /// # Errors
    /// As [`App::start_import`].
    pub fn check_import(
        self: &Arc<Self>,
        staff: &Staff,
        ground: &Arc<Ground>,
        id: &str,
    ) -> Result<ImportView> {
        self.run_import(staff, ground, id, true)
    }

    /// Imports a waiting file in the background. Where that succeeds, the file
    /// is removed; where it fails, nothing of it is stored and it waits again.
    ///
    /// # Errors
    /// Without the right, [`Error::NotFound`], [`Error::Conflict`]
    /// `import_state` where it does not wait.
    pub fn start_import(
        self: &Arc<Self>,
        staff: &Staff,
        ground: &Arc<Ground>,
        id: &str,
    ) -> Result<ImportView> {
        self.run_import(staff, ground, id, false)
    }

    fn run_import(
        self: &Arc<Self>,
        staff: &Staff,
        ground: &Arc<Ground>,
        id: &str,
        dry_run: bool,
    ) -> Result<ImportView> {
        staff.must(ground.code(), Operation::ImportFile)?;
        let upload = self.upload(ground.code(), id)?;
        let job = ImportJob { dry_run, id: Some(upload.id), ..upload.begin(dry_run)? };
        upload.touch(self.clock.now());
        let (app, running) = (Arc::clone(self), Arc::clone(&upload));
        let actor = staff.name().to_owned();
        tokio::spawn(async move {
            let open = opener(running.path());
            let done = app.import_file(&actor, job, open, Box::new(|_, _, _| Ok(()))).await;
            let stored = done.is_ok() && !dry_run;
            running.end(done, dry_run);
            if stored {
                running.remove_file();
            }
            running.touch(app.clock.now());
        });
        Ok(upload.view(ground))
    }

    /// One import: a waiting file, one that runs, or one that is remembered.
    ///
    /// # Errors
    /// Without the right; [`Error::NotFound`].
    pub async fn read_import(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
    ) -> Result<ImportView> {
        staff.must(ground.code(), Operation::ImportFile)?;
        let stored = self.import_of(ground.code(), id).await?;
        match (self.upload(ground.code(), id), stored) {
            (Ok(upload), stored) => Ok(upload.view(ground).with(stored.as_ref())),
            (Err(_), Some(record)) => Ok(ImportView::of(&record)),
            (Err(error), None) => Err(error),
        }
    }

    /// Imports of a municipality, the last first: files that wait and run, and
    /// those that are remembered.
    ///
    /// # Errors
    /// Without the right.
    pub async fn list_imports(
        &self,
        staff: &Staff,
        ground: &Ground,
        (limit, offset): (u32, u32),
    ) -> Result<Vec<ImportView>> {
        staff.must(ground.code(), Operation::ImportFile)?;
        let uploads = self.uploads.of(ground.code());
        let most = limit.saturating_add(offset);
        let stored = self.municipal.imports(Some(ground.code()), most, 0);
        let stored = stored.await.map_err(failure)?;
        let mut views: Vec<ImportView> = stored.iter().map(ImportView::of).collect();
        for upload in uploads {
            let view = upload.brief();
            match views.iter_mut().find(|known| known.id == view.id) {
                Some(known) => *known = view.with(stored.iter().find(|r| r.import.id == upload.id)),
                None => views.push(view),
            }
        }
        views.sort_by(|a, b| b.id.cmp(&a.id));
        let page = views.into_iter().skip(offset as usize).take(limit as usize);
        Ok(page.collect())
    }

    /// Gives a waiting file up.
    ///
    /// # Errors
    /// Without the right, [`Error::NotFound`], [`Error::Conflict`]
    /// `import_state` while it runs.
    pub fn discard_import(&self, staff: &Staff, ground: &Ground, id: &str) -> Result<()> {
        staff.must(ground.code(), Operation::ImportFile)?;
        let upload = self.upload(ground.code(), id)?;
        upload.must_rest()?;
        upload.remove_file();
        self.uploads.remove(upload.id);
        Ok(())
    }

    /// Takes a whole import of this municipality back.
    ///
    /// # Errors
    /// Without the right, and as [`App::undo_import`].
    pub async fn take_import_back(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
    ) -> Result<ImportView> {
        let role = staff.must(ground.code(), Operation::ImportFile)?;
        let record = self.import_of(ground.code(), id).await?.ok_or(Error::NotFound)?;
        let of_police =
            record.import.kind == Kind::Visits.code() || record.import.kind == Kind::Tracks.code();
        if of_police && !is_police(role) && record.import.actor != staff.name() {
            return Err(Error::Forbidden);
        }
        let record = self.undo_import(staff.name(), record.import.id).await?;
        self.uploads.remove(record.import.id);
        Ok(ImportView::of(&record))
    }

    /// Forgets files that nobody has touched for a day.
    pub(super) async fn purge_uploads(&self) {
        let before = self.clock.now().saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
        let forgotten: Vec<Arc<Upload>> = {
            let known = self.uploads.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.values().filter(|upload| upload.rests_since(before)).map(Arc::clone).collect()
        };
        for upload in forgotten {
            upload.remove_file();
            self.uploads.remove(upload.id);
        }
        self.uploads.folder.purge(before).await;
    }

    fn upload(&self, code: &MunicipalityCode, id: &str) -> Result<Arc<Upload>> {
        let id = Id::parse(id).ok_or(Error::NotFound)?;
        let known = self.uploads.known.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.get(&id).filter(|upload| upload.code == *code);
        found.map(Arc::clone).ok_or(Error::NotFound)
    }

    /// A remembered import of this municipality alone.
    async fn import_of(&self, code: &MunicipalityCode, id: &str) -> Result<Option<ImportRecord>> {
        let Some(id) = Id::parse(id) else { return Ok(None) };
        let record = self.municipal.import(id).await.map_err(failure)?;
        Ok(record.filter(|record| record.import.municipality.as_ref() == Some(code)))
    }
}

fn is_police(role: Role) -> bool {
    role.context() == fyren_core::domain::Context::Police
}
