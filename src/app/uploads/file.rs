//! The folder in which uploaded files wait.

use super::UPLOAD_LIMIT;
use crate::app::{Error, Opener, Result};
use crate::import::Kind;
use fyren_core::domain::{Id, Violation};
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::fs;
use tokio::io::AsyncWriteExt;

/// Ending of a file that waits.
const ENDING: &str = "upload";
/// Longest name of a file that is kept, in characters.
const NAME: usize = 120;

/// The folder; it comes into being with the first file.
pub(super) struct Folder(PathBuf);

/// A file that was received.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub id: Id,
    pub kind: Kind,
    pub name: String,
    pub path: PathBuf,
    pub bytes: u64,
}

/// A file that is being received; given up, it is removed.
pub struct Receiving {
    id: Id,
    name: String,
    path: PathBuf,
    bytes: u64,
    file: Option<fs::File>,
    kept: bool,
}

impl Folder {
    /// `NAME-uploads` beside the file of SQLite, else `fyren-uploads` in the
    /// working folder.
    pub(super) fn beside(url: &str) -> Self {
        let file = url.strip_prefix("sqlite://").map(|rest| rest.split('?').next().unwrap_or(rest));
        Self(match file.map(Path::new) {
            Some(file) => {
                let stem = file.file_stem().unwrap_or_default().to_string_lossy();
                file.with_file_name(format!("{stem}-uploads"))
            }
            None => PathBuf::from("fyren-uploads"),
        })
    }

    /// Opens a new file that its owner alone can read.
    pub(super) async fn receive(&self, id: Id, name: &str) -> Result<Receiving> {
        let mut folder = fs::DirBuilder::new();
        folder.recursive(true);
        #[cfg(unix)]
        folder.mode(0o700);
        folder.create(&self.0).await.map_err(unavailable)?;
        let path = self.0.join(format!("{id}.{ENDING}"));
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.open(&path).await.map_err(unavailable)?;
        Ok(Receiving { id, name: plain(name), path, bytes: 0, file: Some(file), kept: false })
    }

    /// Removes files that were last written before `before` and that a process
    /// left behind.
    pub(super) async fn purge(&self, before: Timestamp) {
        let Ok(mut files) = fs::read_dir(&self.0).await else { return };
        while let Ok(Some(file)) = files.next_entry().await {
            let path = file.path();
            let written = file.metadata().await.ok().and_then(|seen| seen.modified().ok());
            let old =
                written.and_then(|at| Timestamp::try_from(at).ok()).is_some_and(|at| at < before);
            if old && path.extension().is_some_and(|ending| ending == ENDING) {
                // One that cannot be removed now is tried again in an hour.
                drop(fs::remove_file(path).await);
            }
        }
    }
}

/// A name without anything that a path could be made of.
fn plain(name: &str) -> String {
    let plain = |c: &char| !c.is_control() && !matches!(c, '/' | '\\');
    name.chars().filter(plain).take(NAME).collect()
}

impl Receiving {
    /// Calls the file `name`.
    pub fn rename(&mut self, name: &str) {
        self.name = plain(name);
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`Error::Invalid`] `file: too_large` beyond [`UPLOAD_LIMIT`].
    pub async fn take(&mut self, bytes: &[u8]) -> Result<()> {
        self.bytes += bytes.len() as u64;
        if self.bytes > UPLOAD_LIMIT as u64 {
            return Err(Violation::new("file", "too_large").into());
        }
        match &mut self.file {
            Some(file) => file.write_all(bytes).await.map_err(unavailable),
            None => Ok(()),
        }
    }

    /// The file, whole and readable, that is said to hold `kind`.
    pub(super) async fn whole(&mut self, kind: Kind) -> Result<Stored> {
        if let Some(mut file) = self.file.take() {
            file.flush().await.map_err(unavailable)?;
        }
        let (name, path) = (self.name.clone(), self.path.clone());
        Ok(Stored { id: self.id, kind, name, path, bytes: self.bytes })
    }

    /// Keeps the file.
    pub(super) fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        if !self.kept {
            // What cannot be removed now is purged within a day.
            drop(std::fs::remove_file(&self.path));
        }
    }
}

/// Opens a waiting file from its beginning.
pub(super) fn opener(path: &Path) -> Opener {
    let path = path.to_owned();
    Arc::new(move || Ok(Box::new(std::fs::File::open(&path)?)))
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn unavailable(error: std::io::Error) -> Error {
    tracing::warn!(%error, "an uploaded file cannot be kept");
    Error::Unavailable { retry_after: 60 }
}
