//! The live events of one municipality and context: readers take the snapshot
//! of the moment from an atomic pointer and never lock.

use super::base::{Base, Leaf, to_row};
use super::columns::Columns;
use super::packed::{Fresh, Packed, Texts};
use super::snapshot::{Delta, Snapshot};
use arc_swap::ArcSwap;
use fyren_core::domain::{EventRow, Id, Plane, Seq};
use fyren_core::plane::Projection;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Changes beyond this number are worth a merge.
const LARGE_DELTA: usize = 4096;

/// Gathers events for [`Loader::finish`], in any order, each once.
pub struct Loader {
    columns: Columns,
    leaves: Vec<Leaf>,
    texts: Texts,
}

impl Loader {
    /// Room for `events` events, which may become more.
    #[must_use]
    pub fn with_capacity(events: usize) -> Self {
        Self {
            columns: Columns::with_capacity(events),
            leaves: Vec::with_capacity(events),
            texts: Texts::default(),
        }
    }

    /// Takes an event.
    pub fn push(&mut self, row: &EventRow<'_>) {
        if let Some((_, Plane { east, north })) = row.anchor {
            self.leaves.push(Leaf::new([east, north], to_row(self.columns.len())));
        }
        self.columns.push(&Packed::new(row, &mut self.texts));
    }

    /// The index of these events as of `generation`. Costs O(n log n): for a
    /// million events about as long as reading them.
    #[must_use]
    pub fn finish(self, projection: Projection, generation: Seq) -> Index {
        let snapshot = Snapshot {
            base: Arc::new(Base::new(self.columns, self.leaves)),
            delta: Delta::default(),
            texts: Arc::new(self.texts),
            projection: Arc::new(projection),
            generation,
            settled: generation,
        };
        Index { now: ArcSwap::from_pointee(snapshot), writing: Mutex::new(()) }
    }
}

/// Changed and erased events on their way into an [`Index`].
#[derive(Default)]
pub struct Changes {
    rows: Vec<Fresh>,
    texts: Texts,
    erased: Vec<Id>,
}

impl Changes {
    /// Takes a new or changed event.
    pub fn put(&mut self, row: &EventRow<'_>) {
        let packed = Packed::new(row, &mut self.texts);
        let plane = row.anchor.map(|(_, plane)| plane);
        self.rows.push(Fresh { packed, plane, seq: row.seq.0 });
    }

    /// Takes an erasure; one of an unknown event is no error.
    pub fn erase(&mut self, id: Id) {
        self.erased.push(id);
    }

    /// How many changes there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows.len() + self.erased.len()
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The live events of one municipality and context.
pub struct Index {
    now: ArcSwap<Snapshot>,
    /// Held by whoever replaces the snapshot; readers never ask for it.
    writing: Mutex<()>,
}

impl Index {
    /// The snapshot of this moment. Costs a few nanoseconds.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.now.load_full()
    }

    /// Applies `changes`, all of the feed up to `generation`. Changes that are
    /// older than the present generation are ignored as a whole. Costs
    /// O(changes + what is not merged yet).
    pub fn apply(&self, changes: Changes, generation: Seq) {
        let _writing = self.lock();
        let old = self.now.load();
        if generation <= old.generation {
            return;
        }
        let texts = merged_texts(&old.texts, &changes.texts);
        let rows = renumbered(changes.rows, &changes.texts, &texts);
        let erased = changes.erased.into_iter().map(|id| (id.bits(), generation.0)).collect();
        let delta = with_changes(&old.base, &old.delta, rows, erased);
        self.now.store(Arc::new(Snapshot {
            base: Arc::clone(&old.base),
            delta,
            texts,
            projection: Arc::clone(&old.projection),
            generation,
            settled: old.settled,
        }));
    }

    /// Whether [`Index::merge`] is worth its while.
    #[must_use]
    pub fn wants_merge(&self) -> bool {
        let now = self.now.load();
        now.delta.fresh.len() + now.delta.hidden.len() > LARGE_DELTA
    }

    /// Builds a new base out of the old one and its changes, while readers and
    /// writers go on. Costs O(n log n); not for a thread that answers requests.
    pub fn merge(&self) {
        let old = self.now.load_full();
        let base = Arc::new(old.base.merged(&old.delta.hidden, &old.delta.fresh));
        let _writing = self.lock();
        let now = self.now.load();
        if !Arc::ptr_eq(&now.base, &old.base) {
            return;
        }
        // What came while the new base was built stays beside it.
        let later = |seq: i64| seq > old.generation.0;
        let rows = now.delta.fresh.iter().filter(|row| later(row.seq)).copied().collect();
        let erased = now.delta.erased.iter().filter(|(_, seq)| later(*seq)).copied().collect();
        let delta = with_changes(&base, &Delta::default(), rows, erased);
        self.now.store(Arc::new(Snapshot {
            base,
            delta,
            texts: Arc::clone(&now.texts),
            projection: Arc::clone(&now.projection),
            generation: now.generation,
            settled: old.generation,
        }));
    }

    fn lock(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The old texts, with those of the changes that are new.
fn merged_texts(old: &Arc<Texts>, new: &Texts) -> Arc<Texts> {
    let known = new.categories.known_to(&old.categories) && new.districts.known_to(&old.districts);
    if known {
        return Arc::clone(old);
    }
    let mut texts = Texts::clone(old);
    texts.categories.learn(&new.categories);
    texts.districts.learn(&new.districts);
    Arc::new(texts)
}

/// The rows with the numbers that their texts have in `texts`.
fn renumbered(mut rows: Vec<Fresh>, from: &Texts, texts: &Texts) -> Vec<Fresh> {
    for row in &mut rows {
        let category = from.categories.text(row.packed.category);
        let district = from.districts.text(row.packed.district);
        row.packed.category = texts.categories.number(category).unwrap_or(u16::MAX);
        row.packed.district = texts.districts.number(district).unwrap_or(u16::MAX);
    }
    rows
}

/// The delta after `rows` and `erased`. An event that is in both is erased.
fn with_changes(base: &Base, old: &Delta, rows: Vec<Fresh>, erased: Vec<(u128, i64)>) -> Delta {
    let mut hidden = old.hidden.clone();
    let touched = rows.iter().map(|row| row.packed.id).chain(erased.iter().map(|gone| gone.0));
    hidden.extend(touched.filter_map(|id| base.columns.row(id)).map(to_row));
    hidden.sort_unstable();
    hidden.dedup();

    // The last of equal identities wins, so the newest come first.
    let mut fresh: Vec<Fresh> = rows.into_iter().rev().chain(old.fresh.iter().copied()).collect();
    fresh.sort_by_key(|row| row.packed.id);
    fresh.dedup_by_key(|row| row.packed.id);
    if !erased.is_empty() {
        let mut gone: Vec<u128> = erased.iter().map(|(id, _)| *id).collect();
        gone.sort_unstable();
        fresh.retain(|row| gone.binary_search(&row.packed.id).is_err());
    }
    let erased = old.erased.iter().copied().chain(erased).collect();
    Delta { fresh, hidden, erased }
}

#[cfg(test)]
mod tests;
