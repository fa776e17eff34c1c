//! One uploaded file on its way.

use super::file::Stored;
use super::view::{ImportSettings, ImportView, Phase};
use crate::app::{Error, FileFailure, Ground, ImportJob, ImportReport, Look, Progress, Result};
use crate::import::ImportError;
use fyren_core::domain::{Id, MunicipalityCode, Violation};
use jiff::Timestamp;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An uploaded file, what is known of it and what became of it.
pub(super) struct Upload {
    pub id: Id,
    pub code: MunicipalityCode,
    actor: String,
    file: Stored,
    civil_only: bool,
    state: Mutex<State>,
}

struct State {
    phase: Phase,
    settings: Option<ImportSettings>,
    look: Option<Arc<Look>>,
    /// Columns of a file that cannot be understood yet.
    columns: Vec<String>,
    progress: Arc<Progress>,
    report: Option<Arc<ImportReport>>,
    failure: Option<String>,
    touched: Timestamp,
}

impl Upload {
    pub(super) fn new(
        code: &MunicipalityCode,
        actor: &str,
        file: Stored,
        civil_only: bool,
    ) -> Self {
        let state = State {
            phase: Phase::Waiting,
            settings: None,
            look: None,
            columns: Vec::new(),
            progress: Arc::default(),
            report: None,
            failure: None,
            touched: Timestamp::UNIX_EPOCH,
        };
        Self {
            id: file.id,
            code: code.clone(),
            actor: actor.to_owned(),
            file,
            civil_only,
            state: Mutex::new(state),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.file.path
    }

    /// What a file is taken for before anybody has said anything.
    pub(super) fn guessed(&self) -> ImportSettings {
        ImportSettings::guessed(self.file.kind, &self.file.name)
    }

    /// The job that `settings` make.
    pub(super) fn job(&self, settings: &ImportSettings) -> Result<ImportJob> {
        Ok(ImportJob {
            mappings: settings.mappings()?,
            time_zone: settings.time_zone.clone(),
            crs: settings.crs.clone(),
            civil_only: self.civil_only,
            ..ImportJob::new(settings.kind, &settings.dataset, Some(self.code.clone()))
        })
    }

    /// Notes how the file is to be understood and what that let see.
    ///
    /// # Errors
    /// Whatever is not about the file itself; nothing changes then.
    pub(super) fn set(
        &self,
        settings: ImportSettings,
        look: std::result::Result<Look, FileFailure>,
    ) -> Result<()> {
        let (look, failure) = match look {
            Ok(look) => (Some(Arc::new(look)), None),
            Err(FileFailure::File(error)) => (None, Some(error)),
            Err(FileFailure::App(error)) => return Err(error),
        };
        let mut state = self.state();
        state.phase = if failure.is_none() { Phase::Waiting } else { Phase::Failed };
        state.settings = Some(settings);
        if let Some(ImportError::NoPlace(columns)) = &failure {
            state.columns.clone_from(columns);
        }
        state.failure = failure.map(|error| error.to_string());
        state.look = look;
        state.report = None;
        Ok(())
    }

    pub(super) fn touch(&self, now: Timestamp) {
        self.state().touched = now;
    }

    /// Whether the file waits or runs, and so takes room.
    pub(super) fn is_waiting(&self) -> bool {
        self.state().phase != Phase::Done
    }

    pub(super) fn rests_since(&self, before: Timestamp) -> bool {
        let state = self.state();
        !state.phase.runs() && state.touched < before
    }

    pub(super) fn must_wait(&self) -> Result<()> {
        match self.state().phase {
            Phase::Waiting | Phase::Checked | Phase::Failed => Ok(()),
            Phase::Checking | Phase::Running | Phase::Done => Err(Error::Conflict("import_state")),
        }
    }

    pub(super) fn must_rest(&self) -> Result<()> {
        if self.state().phase.runs() { Err(Error::Conflict("import_state")) } else { Ok(()) }
    }

    /// Takes the file into work; only one at a time gets it.
    pub(super) fn begin(&self, dry_run: bool) -> Result<ImportJob> {
        self.must_wait()?;
        let settings = self.state().settings.clone().unwrap_or_else(|| self.guessed());
        let job = self.job(&settings)?;
        let mut state = self.state();
        if state.phase.runs() {
            return Err(Error::Conflict("import_state"));
        }
        state.phase = if dry_run { Phase::Checking } else { Phase::Running };
        state.progress = Arc::clone(&job.progress);
        state.report = None;
        state.failure = None;
        Ok(job)
    }

    pub(super) fn end(&self, done: std::result::Result<ImportReport, FileFailure>, dry_run: bool) {
        let mut state = self.state();
        match done {
            Ok(report) => {
                state.phase = if dry_run { Phase::Checked } else { Phase::Done };
                state.report = Some(Arc::new(report));
            }
            Err(failure) => {
                state.phase = Phase::Failed;
                state.failure = Some(told(&failure));
            }
        }
    }

    pub(super) fn remove_file(&self) {
        // What cannot be removed now is purged within a day.
        drop(std::fs::remove_file(&self.file.path));
    }

    /// Everything that is known of it.
    pub(super) fn view(&self, ground: &Ground) -> ImportView {
        let look = self.state().look.clone();
        let brief = self.brief();
        match look {
            Some(look) => brief.with_look(&look, ground),
            None => brief,
        }
    }

    /// What a list says of it.
    pub(super) fn brief(&self) -> ImportView {
        let state = self.state();
        let settings = state.settings.clone().unwrap_or_else(|| self.guessed());
        ImportView {
            id: self.id.to_string(),
            state: state.phase.code(),
            kind: settings.kind.code().to_owned(),
            dataset: settings.dataset.clone(),
            actor: self.actor.clone(),
            file: Some((self.file.name.clone(), self.file.bytes)),
            began: None,
            counts: None,
            progress: state.progress.told(),
            settings: Some(settings),
            columns: state.columns.iter().map(|name| (name.clone(), None)).collect(),
            look: None,
            report: state.report.clone(),
            failure: state.failure.clone(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A failure as whoever uploaded the file may read it.
fn told(failure: &FileFailure) -> String {
    match failure {
        FileFailure::File(error) => error.to_string(),
        FileFailure::App(Error::Invalid(broken)) => {
            broken.iter().map(Violation::to_string).collect::<Vec<_>>().join(", ")
        }
        FileFailure::App(error) => error.to_string(),
    }
}
