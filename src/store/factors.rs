//! Proofs beside the password, and what ends a user's sessions.

use super::{AuditEntry, Digest, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{Id, MunicipalityCode, Role};
use jiff::{Timestamp, civil::Date};

/// A passkey of a user: a public key, so nothing that has to stay secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPasskey {
    /// Identity that the authenticator gave it, as text.
    pub id: String,
    /// Whose it is.
    pub user: Id,
    /// What its owner calls it.
    pub label: String,
    /// The credential as `identity` writes it.
    pub credential: String,
    /// The day that it was made.
    pub made_on: Date,
    /// The last day that it was used.
    pub last_used_on: Option<Date>,
}

/// Who vouches for a user from outside: issuer and subject of the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideIdentity {
    /// The provider.
    pub issuer: String,
    /// Who it is there.
    pub subject: String,
}

/// Remembers second factors, identities from outside, and the number that
/// ends sessions.
#[async_trait]
pub trait Factors: Send + Sync {
    /// The number that sessions of this user must carry; `None` without the user.
    async fn epoch(&self, user: Id) -> Result<Option<i64>, StoreError>;

    /// Ends every session of a user.
    async fn end_sessions(&self, user: Id, audit: AuditEntry) -> Result<(), StoreError>;

    /// Replaces the recovery codes of a user.
    async fn set_recovery_codes(
        &self,
        user: Id,
        codes: Vec<Digest>,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;

    /// Uses a recovery code and returns whether it was there and fresh.
    async fn use_recovery_code(
        &self,
        user: Id,
        code: Digest,
        now: Timestamp,
        audit: AuditEntry,
    ) -> Result<bool, StoreError>;

    /// How many recovery codes of a user are not used.
    async fn recovery_codes_left(&self, user: Id) -> Result<u32, StoreError>;

    /// Stores a passkey.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] `passkey_known` if its identity is taken.
    async fn insert_passkey(
        &self,
        passkey: StoredPasskey,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;

    /// The passkeys of a user, the oldest first.
    async fn passkeys(&self, user: Id) -> Result<Vec<StoredPasskey>, StoreError>;

    /// The passkey with this identity.
    async fn passkey(&self, id: &str) -> Result<Option<StoredPasskey>, StoreError>;

    /// Keeps what a passkey said when it was used: its counter and the day.
    async fn use_passkey(&self, id: &str, credential: String, day: Date) -> Result<(), StoreError>;

    /// Removes a passkey of a user and ends the user's sessions.
    async fn delete_passkey(
        &self,
        user: Id,
        id: String,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;

    /// Removes one-time code, recovery codes and passkeys of a user, and ends
    /// the user's sessions.
    async fn clear_factors(&self, user: Id, audit: AuditEntry) -> Result<(), StoreError>;

    /// The user whom a provider vouches for.
    async fn outside_user(&self, outside: &OutsideIdentity) -> Result<Option<Id>, StoreError>;

    /// Ties a user to who it is at a provider.
    async fn link_outside(
        &self,
        outside: OutsideIdentity,
        user: Id,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;

    /// Every role that a second proof is demanded of, with its municipality.
    async fn second_factors(&self) -> Result<Vec<(MunicipalityCode, Role)>, StoreError>;

    /// Replaces the roles that a municipality demands a second proof of.
    async fn set_second_factors(
        &self,
        municipality: &MunicipalityCode,
        roles: Vec<Role>,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;
}
