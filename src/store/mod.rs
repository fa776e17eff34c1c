//! What is remembered: one small trait per aggregate, SQL once for both engines.
//!
//! [`open`] gives the one durable truth of one processing context, on SQLite
//! or PostgreSQL, as an `Arc<dyn Store>`. Every write is acknowledged only
//! after it is flushed; writes of many concurrent callers share one
//! transaction and one flush. A failed flush fails every write that waited
//! for it, and is never retried as if it had succeeded.

mod audit;
mod chain;
mod digest;
mod error;
mod events;
mod feed;
mod follower;
mod geometry;
mod identity;
mod incidents;
mod jobs;
mod ledger;
mod migrations;
mod municipalities;
mod postgres;
mod record;
mod releases;
mod reports;
mod sqlite;
mod upkeep;
mod visits;

pub use audit::{Audit, AuditCheck, AuditEntry, AuditRecord, SensitiveRead};
pub use digest::Digest;
pub use error::StoreError;
pub use events::{EventKey, EventSink, Events, Imported, Loaded, Origin, StoredCount};
pub use feed::Feed;
pub use identity::{Identity, Secrets, Session, Token};
pub use incidents::Incidents;
pub use jobs::{Job, Jobs, NewJob};
pub use ledger::Ledger;
pub use municipalities::{Area, ExtraLayer, Municipalities, MunicipalitySummary};
pub use releases::{Defect, Releases};
pub use reports::{Idempotency, NewReport, Reports, StatusStep, Submitted};
pub use upkeep::{Purged, Upkeep};
pub use visits::{LoggedVisit, NewVisit, Visits};

use fyren_core::domain::Context;
use std::sync::Arc;

/// Everything that is remembered in one context.
pub trait Store:
    Municipalities
    + Events
    + Feed
    + Reports
    + Incidents
    + Visits
    + Ledger
    + Releases
    + Identity
    + Audit
    + Jobs
    + Upkeep
{
}

impl<T> Store for T where
    T: Municipalities
        + Events
        + Feed
        + Reports
        + Incidents
        + Visits
        + Ledger
        + Releases
        + Identity
        + Audit
        + Jobs
        + Upkeep
{
}

/// Opens the store at `url` for `context`: `sqlite:///absolute/path`,
/// `sqlite://relative/path` or `postgres://…`. A missing SQLite file is
/// created, an older schema is migrated; on PostgreSQL the municipal context
/// lives in the schema `fyren` and the police context in `police`.
///
/// # Errors
/// [`StoreError::Unusable`] for an unknown scheme, a store of the other
/// context or a newer schema; [`StoreError::Unavailable`] if it cannot be
/// reached or created.
pub async fn open(url: &str, context: Context) -> Result<Arc<dyn Store>, StoreError> {
    match url.split_once(':') {
        Some(("sqlite", _)) => sqlite::open(url, context).await,
        Some(("postgres" | "postgresql", _)) => postgres::open(url, context).await,
        _ => {
            let wanted = "its address must begin with sqlite:// or postgres://";
            Err(StoreError::Unusable(wanted.into()))
        }
    }
}
