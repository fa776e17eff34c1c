//! Sessions of staff in the store, found by the hash of their id.

use super::problem::Problem;
use crate::{app, app::App};
use axum::http::StatusCode;
use jiff::Timestamp;
use std::{fmt, sync::Arc};
use time::OffsetDateTime;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

/// Keeps the sessions of `tower-sessions` through the use cases.
#[derive(Clone)]
pub struct Sessions(pub Arc<App>);

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

#[async_trait::async_trait]
impl SessionStore for Sessions {
    async fn save(&self, record: &Record) -> Result<()> {
        let data = serde_json::to_string(&record.data).map_err(|e| Error::Encode(e.to_string()))?;
        let expires = Timestamp::from_second(record.expiry_date.unix_timestamp())
            .map_err(|e| Error::Encode(e.to_string()))?;
        self.0.save_session(&record.id.to_string(), &data, expires).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let kept = self.0.load_session(&id.to_string()).await.map_err(backend)?;
        let Some((data, expires)) = kept else { return Ok(None) };
        Ok(Some(Record {
            id: *id,
            data: serde_json::from_str(&data).map_err(|e| Error::Decode(e.to_string()))?,
            expiry_date: OffsetDateTime::from_unix_timestamp(expires.as_second())
                .map_err(|e| Error::Decode(e.to_string()))?,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.delete_session(&id.to_string()).await.map_err(backend)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn backend(error: app::Error) -> Error {
    Error::Backend(error.to_string())
}

/// A session that cannot be read is a store that cannot be reached.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
pub fn fault(error: tower_sessions::session::Error) -> Problem {
    tracing::warn!(%error, "session");
    let mut problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
    problem.retry_after = Some(2);
    problem
}
