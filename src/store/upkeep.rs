//! The store itself: whether it is there, what it forgets by rule, its end.

use super::StoreError;
use async_trait::async_trait;
use fyren_core::domain::Context;
use jiff::Timestamp;

/// What was forgotten because its time was up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Purged {
    /// Keys of repeated requests.
    pub idempotency_keys: u64,
    /// Short codes; their reports stay.
    pub short_codes: u64,
    /// Sessions.
    pub sessions: u64,
    /// Tokens.
    pub tokens: u64,
    /// Addresses of residents; see [`super::Letters`].
    pub mail_contacts: u64,
}

/// Looks after the store.
#[async_trait]
pub trait Upkeep: Send + Sync {
    /// The context that this store serves.
    fn context(&self) -> Context;

    /// Whether the store answers and its schema is the one of this program.
    async fn readiness(&self) -> Result<(), StoreError>;

    /// Prepares every statement of this program against the schema, and
    /// returns how many there are.
    ///
    /// # Errors
    /// The first statement that the schema does not bear.
    async fn check_statements(&self) -> Result<usize, StoreError>;

    /// Forgets keys, codes, sessions, tokens, addresses and letters whose time
    /// is up at `now`.
    async fn purge_expired(&self, now: Timestamp) -> Result<Purged, StoreError>;

    /// Finishes the writes that were accepted, refuses further ones and closes
    /// every connection.
    async fn close(&self);
}
