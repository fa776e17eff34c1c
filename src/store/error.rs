//! Why the store did not do what it was asked.

use std::sync::Arc;

/// Why a read or a write failed. A write that fails has changed nothing that
/// the caller may rely on; only [`StoreError::Unavailable`] is worth a retry,
/// and then with the same idempotency key.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The store cannot be reached, is busy or did not confirm the flush.
    #[error("the store is unavailable: {0}")]
    Unavailable(Arc<str>),
    /// The write breaks a rule; the code names which, such as
    /// `report_status_transition` or `release_exists`.
    #[error("the write breaks the rule {0}")]
    Conflict(&'static str),
    /// What the write speaks of is not there: `municipality`, `report`, ….
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// What was read cannot be what was written.
    #[error("the store holds something it cannot have written: {0}")]
    Corrupt(Arc<str>),
    /// The address or the data base is not one that this program can use:
    /// an unknown scheme, an other context, a newer schema.
    #[error("the store cannot be used: {0}")]
    Unusable(Arc<str>),
}

impl From<sqlx::Error> for StoreError {
    /// Says what went wrong without the values it went wrong with.
    fn from(error: sqlx::Error) -> Self {
        use sqlx::error::ErrorKind;
        match &error {
            sqlx::Error::Database(inner) => match inner.kind() {
                ErrorKind::UniqueViolation => Self::Conflict("unique"),
                ErrorKind::ForeignKeyViolation => Self::NotFound("reference"),
                ErrorKind::CheckViolation | ErrorKind::NotNullViolation => Self::Conflict("check"),
                // What no column can hold, such as a zero byte in a text.
                _ if inner.code().is_some_and(|code| code.len() == 5 && code.starts_with("22")) => {
                    Self::Conflict("data")
                }
                _ => Self::Unavailable(inner.message().into()),
            },
            sqlx::Error::ColumnDecode { index, .. } => {
                Self::Corrupt(format!("column {index} of a row").into())
            }
            sqlx::Error::Decode(_)
            | sqlx::Error::ColumnNotFound(_)
            | sqlx::Error::ColumnIndexOutOfBounds { .. } => Self::Corrupt("a row".into()),
            sqlx::Error::Configuration(_) => Self::Unusable(error.to_string().into()),
            _ => Self::Unavailable(error.to_string().into()),
        }
    }
}

impl StoreError {
    /// A failure to reach or confirm, whatever the engine calls it.
    pub(super) fn unconfirmed(error: &sqlx::Error) -> Self {
        Self::Unavailable(format!("not confirmed: {error}").into())
    }
}
