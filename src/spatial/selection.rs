//! What a filter selects of one moment of an index.

use super::packed::Event;
use super::snapshot::Snapshot;
use std::sync::Arc;

/// The events that a filter selects, in the order of their identities: the
/// same on every node and after a restart.
pub struct Selection {
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) rows: Vec<u32>,
    pub(super) unknown_time: usize,
}

impl Selection {
    /// The snapshot that was asked.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// How many events were selected.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether none was.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Events that would have been selected if their hour, weekday or season
    /// were known.
    #[must_use]
    pub const fn unknown_time(&self) -> usize {
        self.unknown_time
    }

    /// The selected event with the number `at`, which is below `len`.
    ///
    /// # Panics
    /// If it is not.
    #[must_use]
    pub fn event(&self, at: usize) -> Event<'_> {
        self.snapshot.at_row(self.rows[at])
    }

    /// The selected events.
    pub fn events(&self) -> impl ExactSizeIterator<Item = Event<'_>> {
        self.rows.iter().map(|row| self.snapshot.at_row(*row))
    }
}
