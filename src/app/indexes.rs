//! The indexes of this process: loaded on first use, kept up with the feed,
//! dropped by least recent use.
//!
//! Whoever asks for a snapshot gets one that holds every change that was
//! committed before the question: a watched number says whether anything was
//! committed at all, so that a quiet index costs no query.

use super::layers::Pool;
use super::{Error, Ground, Result, failure};
use crate::spatial::{Changes, Index, Loader, Snapshot};
use crate::store::Store;
use fyren_core::domain::{Context, MunicipalityCode, Seq};
use fyren_core::plane::Projection;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OnceCell, watch};

/// How long a request waits for its index to load.
const PATIENCE: Duration = Duration::from_secs(30);

/// Bytes that indexes may take together: some 8 million events.
const BUDGET: usize = 1 << 30;

type Key = (MunicipalityCode, Context);

/// The indexes of this process.
pub struct Indexes {
    municipal: Arc<dyn Store>,
    police: Arc<dyn Store>,
    pool: Arc<Pool>,
    entries: Mutex<HashMap<Key, Arc<Entry>>>,
    uses: AtomicU64,
    budget: usize,
}

/// One index and how far it has followed.
struct Entry {
    code: MunicipalityCode,
    store: Arc<dyn Store>,
    projection: Projection,
    commits: watch::Receiver<u64>,
    index: OnceCell<Index>,
    /// Commits up to here are in the index.
    seen: AtomicU64,
    following: tokio::sync::Mutex<()>,
    merging: AtomicBool,
    used: AtomicU64,
}

impl Indexes {
    /// No index yet, over both stores.
    #[must_use]
    pub fn new(municipal: Arc<dyn Store>, police: Arc<dyn Store>, pool: Arc<Pool>) -> Self {
        Self {
            municipal,
            police,
            pool,
            entries: Mutex::default(),
            uses: AtomicU64::new(0),
            budget: BUDGET,
        }
    }

    /// The same with room for `budget` bytes.
    #[must_use]
    pub fn with_budget(mut self, budget: usize) -> Self {
        self.budget = budget;
        self
    }

    /// The events of a municipality and context, with every change that was
    /// committed before this call. The first call loads them.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when loading takes longer than 30 s (it goes on,
    /// so a later call finds it done) or the store cannot be read.
    pub async fn snapshot(&self, ground: &Ground, context: Context) -> Result<Arc<Snapshot>> {
        let entry = self.entry(ground, context);
        if entry.index.get().is_none() {
            let loading = tokio::spawn(Arc::clone(&entry).load());
            let loaded = tokio::time::timeout(PATIENCE, loading).await;
            let loaded = loaded.map_err(|_elapsed| Error::Unavailable { retry_after: 5 })?;
            loaded.map_err(|fault| Error::Bug(fault.to_string()))??;
            self.make_room(&(entry.code.clone(), context));
        }
        let index =
            entry.index.get().ok_or_else(|| Error::Bug("an index was not loaded".into()))?;
        entry.follow(index).await?;
        if index.wants_merge() && !entry.merging.swap(true, Ordering::AcqRel) {
            let merged = Arc::clone(&entry);
            self.pool.background(move || merged.merge());
        }
        Ok(index.snapshot())
    }

    /// How many indexes are loaded, and the bytes that they take together.
    #[must_use]
    pub fn load(&self) -> (usize, usize) {
        let entries = self.entries();
        let loaded = entries.values().filter_map(|entry| entry.index.get());
        loaded.fold((0, 0), |(number, bytes), index| {
            (number + 1, bytes + index.snapshot().footprint().total())
        })
    }

    fn entry(&self, ground: &Ground, context: Context) -> Arc<Entry> {
        let store = match context {
            Context::Municipal => &self.municipal,
            Context::Police => &self.police,
        };
        let key = (ground.code().clone(), context);
        let entry = Arc::clone(self.entries().entry(key).or_insert_with(|| {
            Arc::new(Entry {
                code: ground.code().clone(),
                store: Arc::clone(store),
                projection: ground.geofence.projection().clone(),
                commits: store.subscribe(),
                index: OnceCell::new(),
                seen: AtomicU64::new(0),
                following: tokio::sync::Mutex::default(),
                merging: AtomicBool::new(false),
                used: AtomicU64::new(0),
            })
        }));
        entry.used.store(self.uses.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        entry
    }

    /// Drops the indexes that were not used for longest until the rest fit the
    /// budget; the one that was just loaded stays whatever it takes.
    fn make_room(&self, keep: &Key) {
        while self.load().1 > self.budget {
            let mut entries = self.entries();
            let others =
                entries.iter().filter(|(key, entry)| *key != keep && entry.index.initialized());
            let oldest = others.min_by_key(|(_, entry)| entry.used.load(Ordering::Relaxed));
            let Some(oldest) = oldest.map(|(key, _)| key.clone()) else { return };
            tracing::info!(municipality = %oldest.0, "an index leaves for want of room");
            entries.remove(&oldest);
        }
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Key, Arc<Entry>>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    /// Loads the index unless it is loaded; of many callers one does.
    async fn load(self: Arc<Self>) -> Result<()> {
        let loading = async {
            // Read before the events: what is committed meanwhile is followed later.
            let commits = *self.commits.borrow();
            let mut loader = Loader::with_capacity(0);
            let mut sink = |row: fyren_core::domain::EventRow<'_>| loader.push(&row);
            let read = self.store.load_events(&self.code, Seq(0), &mut sink).await;
            let head = read.map_err(failure)?.head;
            let projection = self.projection.clone();
            let index = tokio::task::spawn_blocking(move || loader.finish(projection, head)).await;
            let index = index.map_err(|fault| Error::Bug(fault.to_string()))?;
            self.seen.store(commits, Ordering::Release);
            tracing::info!(municipality = %self.code, events = index.snapshot().len(), "an index is loaded");
            Ok::<_, Error>(index)
        };
        self.index.get_or_try_init(|| loading).await.map(|_index| ())
    }

    /// Brings the index up to every commit of this moment.
    async fn follow(&self, index: &Index) -> Result<()> {
        let commits = *self.commits.borrow();
        if self.seen.load(Ordering::Acquire) >= commits {
            return Ok(());
        }
        let _following = self.following.lock().await;
        let commits = *self.commits.borrow();
        if self.seen.load(Ordering::Acquire) >= commits {
            return Ok(());
        }
        let known = index.snapshot().generation();
        if self.store.head(&self.code).await.map_err(failure)? > known {
            let mut changes = Changes::default();
            let mut sink = |row: fyren_core::domain::EventRow<'_>| changes.put(&row);
            let loaded = self.store.load_events(&self.code, known, &mut sink).await;
            let loaded = loaded.map_err(failure)?;
            for id in loaded.removed {
                changes.erase(id);
            }
            index.apply(changes, loaded.head);
        }
        self.seen.store(commits, Ordering::Release);
        Ok(())
    }

    fn merge(&self) {
        if let Some(index) = self.index.get() {
            index.merge();
        }
        self.merging.store(false, Ordering::Release);
    }
}
