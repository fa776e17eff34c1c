//! Imports: which files were read, and how one is taken back whole.

use super::{AuditEntry, Digest, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{Id, MunicipalityCode};
use jiff::Timestamp;

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportState {
    /// Its rows are being stored, or were when its program was ended.
    Running,
    /// All of it is stored.
    Done,
    /// Its rows are being removed, or were when the program was ended.
    Undoing,
    /// Nothing of it is stored.
    Undone,
}

impl ImportState {
    /// The stable name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
        }
    }

    /// The state of this name.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let all = [Self::Running, Self::Done, Self::Undoing, Self::Undone];
        all.into_iter().find(|state| state.code() == code)
    }
}

/// An import that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewImport {
    /// Identity; the identities of its events begin with it, see [`event_id`].
    pub id: Id,
    /// The municipality; `None` for whichever each row lies in.
    pub municipality: Option<MunicipalityCode>,
    /// What the file holds, by its code.
    pub kind: String,
    /// Name of the data set.
    pub dataset: String,
    /// Hash of the file: only the same file completes an import that was
    /// broken off.
    pub fingerprint: Digest,
    /// Who imports.
    pub actor: String,
    /// When it began.
    pub began: Timestamp,
    /// Until when it counts as alive unless it says so again.
    pub alive_until: Timestamp,
    /// What the import replaces, for undoing it.
    pub undo: Option<String>,
}

/// Rows of an import. `read = stored + known + refused`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportRows {
    /// Rows read.
    pub read: u64,
    /// Rows that were new.
    pub stored: u64,
    /// Rows that were known.
    pub known: u64,
    /// Rows that were refused.
    pub refused: u64,
}

/// An import that is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRecord {
    /// What it began as.
    pub import: NewImport,
    /// How often it was begun, from 1.
    pub attempts: u8,
    /// Where it stands.
    pub state: ImportState,
    /// Its rows, once it is done; before, zeros.
    pub rows: ImportRows,
}

/// Bits of an event's identity that count the rows of an attempt.
const ROW_BITS: u32 = 32;
/// Bits of an event's identity below its import's.
const LOW_BITS: u32 = ROW_BITS + 8;

/// The identity of an import that begins at `now`: ordered by time, so that
/// pages of the keys of events fill one after the other, and unguessable by 40
/// of `random`'s bits.
#[must_use]
pub fn import_id(now: Timestamp, random: Id) -> Id {
    let milliseconds = now.as_millisecond().max(0).unsigned_abs();
    let time = u128::from(milliseconds & ((1 << 48) - 1)) << 80;
    let dice = (random.bits() & ((1 << 40) - 1)) << LOW_BITS;
    Id::from_bits(time | dice)
}

/// The identity of the event that the row number `row` of an attempt becomes.
#[must_use]
pub fn event_id(import: Id, attempt: u8, row: u32) -> Id {
    Id::from_bits(import.bits() | (u128::from(attempt) << ROW_BITS) | u128::from(row))
}

/// The first and the last identity that an event of `import` can have.
pub(super) fn event_ids(import: Id) -> (Id, Id) {
    (import, Id::from_bits(import.bits() | ((1 << LOW_BITS) - 1)))
}

/// Remembers imports.
#[async_trait]
pub trait Imports: Send + Sync {
    /// Notes that an import begins.
    async fn begin_import(&self, import: NewImport) -> Result<(), StoreError>;

    /// Goes on with an import that was broken off; gives the number of the
    /// attempt.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] `import_state` where it is not running.
    async fn resume_import(&self, id: Id, alive_until: Timestamp) -> Result<u8, StoreError>;

    /// Says that an import is alive.
    ///
    /// # Errors
    /// As [`Imports::resume_import`].
    async fn keep_import(&self, id: Id, alive_until: Timestamp) -> Result<(), StoreError>;

    /// Notes that all of an import is stored.
    ///
    /// # Errors
    /// As [`Imports::resume_import`].
    async fn finish_import(
        &self,
        id: Id,
        rows: ImportRows,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;

    /// The import with this identity.
    async fn import(&self, id: Id) -> Result<Option<ImportRecord>, StoreError>;

    /// At most `limit` imports, the last first: those of one municipality, or
    /// all of them.
    async fn imports(
        &self,
        municipality: Option<&MunicipalityCode>,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<ImportRecord>, StoreError>;

    /// Imports that are running or being undone, or were when their program
    /// was ended.
    async fn unfinished_imports(&self) -> Result<Vec<ImportRecord>, StoreError>;

    /// Removes up to some thousand events of an import with everything that
    /// belongs to them, in one transaction, and says whether that was the last
    /// of them. Reports that were merged with them stand for themselves again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such an import.
    async fn undo_import_part(&self, id: Id, audit: AuditEntry) -> Result<bool, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_of_an_import_lie_between_its_first_and_last_identity() {
        let now: Timestamp = "2026-11-22T12:34:56Z".parse().unwrap();
        let import = import_id(now, Id::from_bits(u128::MAX));
        let (first, last) = event_ids(import);
        for (attempt, row) in [(1, 0), (1, u32::MAX), (255, 7)] {
            let id = event_id(import, attempt, row);
            assert!(first < id && id <= last);
        }
        assert!(event_id(import, 1, 1) < event_id(import, 1, 2));
        assert!(event_id(import, 1, u32::MAX) < event_id(import, 2, 0));
    }

    #[test]
    fn a_later_import_has_a_later_identity_whatever_the_dice() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let first = import_id(at("2026-11-22T12:34:56.001Z"), Id::from_bits(u128::MAX));
        let second = import_id(at("2026-11-22T12:34:56.002Z"), Id::from_bits(0));
        assert!(event_ids(first).1 < second);
    }
}
