//! Sessions of staff in the store, found by the hash of their id: who has
//! signed in, how, when, and for how long that is believed.

use super::problem::Problem;
use crate::app::{self, App, Pass, SignedInUser, Staff};
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};
use time::OffsetDateTime;
use tower_sessions::{
    Session, SessionStore,
    session::{Id, Record},
    session_store::{self, Error},
};

/// Keeps the sessions of `tower-sessions` through the use cases.
#[derive(Clone)]
pub struct Sessions(pub Arc<App>);

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

impl Sessions {
    async fn write(&self, record: &Record) -> session_store::Result<()> {
        let data = serde_json::to_string(&record.data).map_err(|e| Error::Encode(e.to_string()))?;
        let expires = Timestamp::from_second(record.expiry_date.unix_timestamp())
            .map_err(|e| Error::Encode(e.to_string()))?;
        self.0.save_session(&record.id.to_string(), &data, expires).await.map_err(backend)
    }
}

#[async_trait::async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        self.write(record).await
    }

    /// A session that was ended while a request of it ran stays ended.
    async fn save(&self, record: &Record) -> session_store::Result<()> {
        if self.0.load_session(&record.id.to_string()).await.map_err(backend)?.is_none() {
            return Ok(());
        }
        self.write(record).await
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let kept = self.0.load_session(&id.to_string()).await.map_err(backend)?;
        let Some((data, expires)) = kept else { return Ok(None) };
        Ok(Some(Record {
            id: *id,
            data: serde_json::from_str(&data).map_err(|e| Error::Decode(e.to_string()))?,
            expiry_date: OffsetDateTime::from_unix_timestamp(expires.as_second())
                .map_err(|e| Error::Decode(e.to_string()))?,
        }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.0.delete_session(&id.to_string()).await.map_err(backend)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn backend(error: app::Error) -> Error {
    Error::Backend(error.to_string())
}

/// Key of [`Kept`] within a session.
const SIGNED_IN: &str = "signed_in";
/// Seconds without a request after which nobody is signed in any more: a shift.
pub const IDLE_S: u32 = 8 * 3600;
/// Seconds after which everybody signs in anew.
const LONGEST_S: i64 = 24 * 3600;
/// Seconds within which what proves who somebody is may be changed.
const FRESH_S: i64 = 15 * 60;
/// Seconds between two notes that a session is in use.
const NOTED_S: i64 = 60;

/// What a session knows of who has signed in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    user: String,
    epoch: i64,
    strong: bool,
    begun: i64,
    seen: i64,
}

/// Begins a session under a new name, so that one that somebody else knew
/// beforehand is worth nothing.
///
/// # Errors
/// Where the store fails.
pub async fn begin(session: &Session, app: &App, user: &SignedInUser) -> Result<(), Problem> {
    session.clear().await;
    session.cycle_id().await.map_err(fault)?;
    let now = app.clock.now().as_second();
    let kept = Kept {
        user: user.staff.user().to_string(),
        epoch: user.epoch,
        strong: user.staff.is_strong(),
        begun: now,
        seen: now,
    };
    session.insert(SIGNED_IN, kept).await.map_err(fault)
}

/// Goes on under a new name after something has ended every session of the
/// user: this one, which did it, alone stays. `proved` says that a further
/// proof was shown.
///
/// # Errors
/// Where the store fails.
pub async fn go_on(
    session: &Session,
    app: &App,
    staff: &Staff,
    proved: bool,
) -> Result<(), Problem> {
    let Some(kept) = kept(session, app).await? else { return Ok(()) };
    let epoch = app.epoch_of(staff).await?;
    session.cycle_id().await.map_err(fault)?;
    let kept = Kept { epoch, strong: kept.strong || proved, ..kept };
    session.insert(SIGNED_IN, kept).await.map_err(fault)
}

/// What the session knows of who has signed in, unless that is too long ago.
///
/// # Errors
/// Where the store fails.
pub async fn kept(session: &Session, app: &App) -> Result<Option<Kept>, Problem> {
    let kept: Option<Kept> = session.get(SIGNED_IN).await.map_err(fault)?;
    let now = app.clock.now().as_second();
    Ok(kept.filter(|kept| now - kept.begun < LONGEST_S && now - kept.seen < i64::from(IDLE_S)))
}

/// Who that is, if it still holds; notes that the session is in use.
///
/// # Errors
/// Where the store fails.
pub async fn staff(
    session: &Session,
    app: &App,
    kept: &Kept,
) -> Result<Option<Arc<Staff>>, Problem> {
    let name = session.id().map(|id| id.to_string()).unwrap_or_default();
    let pass = Pass { user: &kept.user, session: &name, epoch: kept.epoch, strong: kept.strong };
    let staff = app.staff_by_session(&pass).await?;
    let now = app.clock.now().as_second();
    if staff.is_some() && now - kept.seen >= NOTED_S {
        let kept = Kept { seen: now, ..kept.clone() };
        session.insert(SIGNED_IN, kept).await.map_err(fault)?;
    }
    Ok(staff)
}

/// Demands that somebody has signed in a moment ago.
///
/// # Errors
/// [`app::Error::SignInAgain`], also where a token and no session was shown.
pub async fn must_be_fresh(session: &Session, app: &App) -> Result<(), Problem> {
    let kept = kept(session, app).await?.ok_or(app::Error::SignInAgain)?;
    if app.clock.now().as_second() - kept.begun >= FRESH_S {
        return Err(app::Error::SignInAgain.into());
    }
    Ok(())
}

/// Takes from the session what an earlier request left there under `key`.
///
/// # Errors
/// Where the store fails.
pub async fn left<T: serde::de::DeserializeOwned>(
    session: &Session,
    key: &str,
) -> Result<Option<T>, Problem> {
    session.remove(key).await.map_err(fault)
}

/// Leaves something in the session for a later request.
///
/// # Errors
/// Where the store fails.
pub async fn leave<T: Serialize>(session: &Session, key: &str, value: T) -> Result<(), Problem> {
    session.insert(key, value).await.map_err(fault)
}

/// A session that cannot be read is a store that cannot be reached.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
pub fn fault(error: tower_sessions::session::Error) -> Problem {
    tracing::warn!(%error, "session");
    let mut problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
    problem.retry_after = Some(2);
    problem
}
