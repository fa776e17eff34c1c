//! Packed tiles, kept by least recent use within a budget of bytes.

use bytes::Bytes;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Bytes that are kept: several thousand tiles.
const BUDGET: usize = 64 << 20;

/// What a tile costs beside its bytes.
const OVERHEAD: usize = 200;

/// Packed tiles by their tag, which names the generation that they were made
/// of: one that was overtaken is never asked for again and leaves in time.
pub struct TileShelf {
    shelved: Mutex<Shelved>,
    budget: usize,
}

#[derive(Default)]
struct Shelved {
    tiles: HashMap<String, (Bytes, u64)>,
    uses: BTreeMap<u64, String>,
    clock: u64,
    bytes: usize,
}

impl Default for TileShelf {
    fn default() -> Self {
        Self::with_budget(BUDGET)
    }
}

impl TileShelf {
    /// A shelf with room for `budget` bytes.
    #[must_use]
    pub fn with_budget(budget: usize) -> Self {
        Self { shelved: Mutex::default(), budget }
    }

    /// The tile with this tag.
    #[must_use]
    pub fn take(&self, tag: &str) -> Option<Bytes> {
        let mut shelved = self.lock();
        let shelved = &mut *shelved;
        let (bytes, used) = shelved.tiles.get_mut(tag)?;
        shelved.clock += 1;
        if let Some(name) = shelved.uses.remove(used) {
            shelved.uses.insert(shelved.clock, name);
        }
        *used = shelved.clock;
        Some(bytes.clone())
    }

    /// Keeps a tile, and lets those go that were not used for longest.
    pub fn keep(&self, tag: &str, bytes: Bytes) {
        let mut shelved = self.lock();
        let shelved = &mut *shelved;
        shelved.clock += 1;
        let clock = shelved.clock;
        shelved.bytes += bytes.len() + OVERHEAD;
        if let Some((old, used)) = shelved.tiles.insert(tag.to_owned(), (bytes, clock)) {
            shelved.bytes -= old.len() + OVERHEAD;
            shelved.uses.remove(&used);
        }
        shelved.uses.insert(clock, tag.to_owned());
        while shelved.bytes > self.budget {
            let Some((_, oldest)) = shelved.uses.pop_first() else { return };
            if let Some((gone, _)) = shelved.tiles.remove(&oldest) {
                shelved.bytes -= gone.len() + OVERHEAD;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Shelved> {
        self.shelved.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tiles_that_were_not_used_for_longest_leave_when_room_is_short() {
        let shelf = TileShelf::with_budget(3 * (1_000 + OVERHEAD));
        let tile = || Bytes::from(vec![0; 1_000]);
        for tag in ["a", "b", "c"] {
            shelf.keep(tag, tile());
        }
        assert!(shelf.take("a").is_some());
        shelf.keep("d", tile());
        assert!(shelf.take("b").is_none(), "used least recently");
        assert!(["a", "c", "d"].iter().all(|tag| shelf.take(tag).is_some()));
        shelf.keep("d", tile());
        assert!(shelf.take("a").is_some(), "the same tile again takes no more room");
        shelf.keep("large", Bytes::from(vec![0; 9_000]));
        assert!(shelf.take("a").is_none() && shelf.take("large").is_none());
    }
}
