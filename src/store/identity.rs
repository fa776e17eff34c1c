//! Staff: users, their secrets, tokens and sessions.

use super::{AuditEntry, Digest, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{Id, User};
use jiff::{Timestamp, civil::Date};

/// A user with what proves who it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Secrets {
    /// The user.
    pub user: User,
    /// Password hash in PHC form; `None` where no password is set.
    pub password_hash: Option<String>,
    /// Secret of the one-time code; `None` where none is set.
    pub totp_secret: Option<Vec<u8>>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secrets({}, …)", self.user.name)
    }
}

/// A bearer token, by its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Hash of the token.
    pub hash: Digest,
    /// Whose it is.
    pub user: Id,
    /// What it is for, such as `demo`.
    pub label: String,
    /// When it stops; `None` for never.
    pub expires: Option<Timestamp>,
    /// The last day it was used.
    pub last_used: Option<Date>,
}

/// A session as the web layer keeps it; the content is its own.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// Hash or name of the session.
    pub id: String,
    /// Its content.
    pub data: Vec<u8>,
    /// When it ends.
    pub expires: Timestamp,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Session(expires {})", self.expires)
    }
}

/// Remembers staff.
#[async_trait]
pub trait Identity: Send + Sync {
    /// Stores a user with its grants, or replaces the one with its identity;
    /// password, one-time code and tokens stay.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] `user_name` if an other user has the name.
    async fn save_user(&self, user: User, audit: AuditEntry) -> Result<(), StoreError>;

    /// Every user, by name.
    async fn users(&self) -> Result<Vec<User>, StoreError>;

    /// The user with this identity.
    async fn user(&self, id: Id) -> Result<Option<User>, StoreError>;

    /// The user with this name and what proves who it is.
    async fn secrets(&self, name: &str) -> Result<Option<Secrets>, StoreError>;

    /// Sets a user's password hash, in PHC form.
    async fn set_password(
        &self,
        user: Id,
        password_hash: String,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;

    /// Sets or, with `None`, removes the secret of a user's one-time code.
    async fn set_totp(
        &self,
        user: Id,
        secret: Option<Vec<u8>>,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;

    /// Uses the one-time code of time step `step` and returns whether it was
    /// fresh: later than every step used before.
    async fn use_totp_step(&self, user: Id, step: i64) -> Result<bool, StoreError>;

    /// Stores a token.
    async fn insert_token(&self, token: Token, audit: AuditEntry) -> Result<(), StoreError>;

    /// The user whose token has this hash and holds at `now`.
    async fn user_by_token(
        &self,
        token: &Digest,
        now: Timestamp,
    ) -> Result<Option<User>, StoreError>;

    /// Notes the day on which a token was used; writes at most once a day.
    async fn touch_token(&self, token: &Digest, day: Date) -> Result<(), StoreError>;

    /// The tokens of a user, by label.
    async fn tokens(&self, user: Id) -> Result<Vec<Token>, StoreError>;

    /// Removes a token.
    async fn delete_token(&self, token: &Digest, audit: AuditEntry) -> Result<(), StoreError>;

    /// Stores a session unless its id is taken, and returns whether it did.
    async fn create_session(&self, session: Session) -> Result<bool, StoreError>;

    /// Stores a session, or replaces the one with its id.
    async fn save_session(&self, session: Session) -> Result<(), StoreError>;

    /// The session with this id if it holds at `now`.
    async fn session(&self, id: &str, now: Timestamp) -> Result<Option<Session>, StoreError>;

    /// Removes a session; one that is not there is no error.
    async fn delete_session(&self, id: &str) -> Result<(), StoreError>;
}
