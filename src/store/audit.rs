//! The audit log: a chain of hashes in which a change is found.

use super::{Digest, StoreError};
use async_trait::async_trait;
use fyren_core::domain::MunicipalityCode;
use jiff::Timestamp;

/// What somebody did. Holds no text, position or code of a reporter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Who: the name of a user, `command line`, `resident` or `system`.
    pub actor: String,
    /// What: the operation's code, such as `moderate_report`.
    pub action: String,
    /// Where.
    pub municipality: Option<MunicipalityCode>,
    /// On what: an identity, a slug, a layer. Forgotten when it is erased.
    pub subject: Option<String>,
    /// Further codes, such as `received > triaged`; empty for none.
    pub detail: String,
}

/// An entry in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// Position, gapless from 1.
    pub position: i64,
    /// What was done.
    pub entry: AuditEntry,
    /// SHA-256 over the previous hash and the entry; the subject takes part
    /// by its hash, so that it can be forgotten.
    pub hash: Digest,
}

/// A read of sensitive data, of which a session, municipality, layer and hour
/// make one entry however often it is repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SensitiveRead {
    /// The hour.
    pub at_hour: Timestamp,
    /// Who: the name of a user.
    pub actor: String,
    /// Hash of the session or token.
    pub session: Digest,
    /// Where.
    pub municipality: MunicipalityCode,
    /// The layer or operation that was read.
    pub layer: String,
}

/// What a check of the whole chain found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditCheck {
    /// Every entry is as it was written, and none is missing.
    Intact {
        /// How many there are.
        entries: i64,
    },
    /// The entry at this position was changed, moved or is missing.
    BrokenAt {
        /// The first such position.
        position: i64,
    },
}

/// Remembers who did what.
#[async_trait]
pub trait Audit: Send + Sync {
    /// Appends an entry about something that is no write of this store.
    async fn append_audit(&self, entry: AuditEntry) -> Result<(), StoreError>;

    /// Appends an entry unless this session has read this layer in this hour.
    async fn record_read(&self, read: SensitiveRead) -> Result<(), StoreError>;

    /// At most `limit` entries after position `after`, in order.
    async fn audit_entries(&self, after: i64, limit: u32) -> Result<Vec<AuditRecord>, StoreError>;

    /// Walks the whole chain.
    async fn verify_audit(&self) -> Result<AuditCheck, StoreError>;
}
