//! What a public layer may be built from: what is public by nature, and what
//! was released. A [`PublicSource`] holds nothing else, so that no public
//! layer can count anything ad hoc.

use super::answer::hash;
use crate::app::{Ground, Result, failure};
use crate::store::{Defect, Store};
use fyren_core::domain::{ChangeKind, MunicipalityCode, Promise, Release, Seq};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// Everything that public layers are made of, as of one moment.
#[derive(Clone)]
pub struct PublicSource {
    /// The municipality.
    pub ground: Arc<Ground>,
    published: Arc<Published>,
}

/// What a municipality has published.
struct Published {
    releases: Vec<Release>,
    defects: Vec<Defect>,
    promises: Vec<Promise>,
    digest: String,
}

impl PublicSource {
    /// Its releases, the latest window first.
    #[must_use]
    pub fn releases(&self) -> &[Release] {
        &self.published.releases
    }

    /// Its published defects, by identity.
    #[must_use]
    pub fn defects(&self) -> &[Defect] {
        &self.published.defects
    }

    /// Its promises, the latest period first.
    #[must_use]
    pub fn promises(&self) -> &[Promise] {
        &self.published.promises
    }

    /// A hash of what is published. It says nothing about what is not: a new
    /// report does not change it.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.published.digest
    }
}

/// What is published, kept until the feed says that it has changed.
pub struct Shelves {
    store: Arc<dyn Store>,
    commits: watch::Receiver<u64>,
    by_code: Mutex<HashMap<MunicipalityCode, Arc<Shelf>>>,
}

#[derive(Default)]
struct Shelf {
    kept: tokio::sync::Mutex<Option<Kept>>,
}

struct Kept {
    published: Arc<Published>,
    commits: u64,
    seq: Seq,
}

/// Entries of the feed that are read at a time.
const ENTRIES: u32 = 1_000;

impl Shelves {
    /// Nothing kept yet, over the municipal store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { commits: store.subscribe(), store, by_code: Mutex::default() }
    }

    /// What `ground` has published, with every change that was committed
    /// before this call.
    pub async fn source(&self, ground: &Arc<Ground>) -> Result<PublicSource> {
        let shelved = {
            let mut all = self.by_code.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(ground.code().clone()).or_default())
        };
        let mut kept = shelved.kept.lock().await;
        let commits = *self.commits.borrow();
        let fresh = match kept.as_mut() {
            None => false,
            Some(kept) if kept.commits >= commits => true,
            Some(kept) => {
                let unchanged = self.unchanged(ground.code(), &mut kept.seq).await?;
                kept.commits = commits;
                unchanged
            }
        };
        if !fresh {
            let seq = self.store.head(ground.code()).await.map_err(failure)?;
            let published = Arc::new(self.load(ground).await?);
            *kept = Some(Kept { published, commits, seq });
        }
        let published = kept.as_ref().map(|kept| Arc::clone(&kept.published));
        let published = published.ok_or_else(|| crate::app::Error::Bug("an empty shelf".into()))?;
        Ok(PublicSource { ground: Arc::clone(ground), published })
    }

    /// Whether the feed after `seq`, which moves on, speaks of events alone.
    async fn unchanged(&self, code: &MunicipalityCode, seq: &mut Seq) -> Result<bool> {
        loop {
            let changes = self.store.changes_since(code, *seq, ENTRIES).await.map_err(failure)?;
            let Some(last) = changes.last() else { return Ok(true) };
            *seq = last.last;
            // A defect follows the status of its report, and goes with it.
            let private =
                |kind| matches!(kind, ChangeKind::Incident | ChangeKind::Visit | ChangeKind::Veto);
            if changes.iter().any(|change| !private(change.kind)) {
                return Ok(false);
            }
        }
    }

    async fn load(&self, ground: &Ground) -> Result<Published> {
        let code = ground.code();
        let releases = self.store.releases(code).await.map_err(failure)?;
        let defects = self.store.defects(code).await.map_err(failure)?;
        let promises = self.store.promises(code).await.map_err(failure)?;
        let mut text = String::new();
        // Writing to a text cannot fail. Every field takes part by `Debug`.
        let _ = write!(text, "{:?}{defects:?}{promises:?}", ground.municipality);
        for release in &releases {
            text.push_str(&release.id.0);
        }
        let digest = hash(&[text.as_bytes()]);
        Ok(Published { releases, defects, promises, digest })
    }
}
