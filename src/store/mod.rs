//! What is remembered: one small trait per aggregate, SQL once for both engines.
//!
//! [`open`] gives the one durable truth of one processing context, on SQLite
//! or PostgreSQL, as an `Arc<dyn Store>`. Every write is acknowledged only
//! after it is flushed; writes of many concurrent callers share one
//! transaction and one flush. A failed flush fails every write that waited
//! for it, and is never retried as if it had succeeded.

mod archive;
mod audit;
mod basemaps;
mod chain;
mod check;
mod controls;
mod digest;
mod embargoes;
mod error;
mod events;
mod exposures;
mod factors;
mod feed;
mod follower;
mod geometry;
mod guardians;
mod identity;
mod imports;
mod incidents;
mod jobs;
mod ledger;
mod letters;
mod migrations;
mod moderation;
mod municipalities;
mod partners;
mod patrol_areas;
mod plans;
mod postgres;
mod presence;
mod record;
mod releases;
mod reports;
mod speeds;
mod sqlite;
mod surveys;
mod threads;
mod upkeep;
mod vetoes;
mod visits;
mod wishes;

pub use archive::Archive;
pub use audit::{Audit, AuditCheck, AuditEntry, AuditRecord, SensitiveRead};
pub use basemaps::{Basemap, BasemapHead, BasemapTile, Basemaps, PlaceName};
pub use check::{Checks, Finding};
pub use controls::{Controls, NewControl, NewControlStep};
pub use digest::Digest;
pub use embargoes::{Embargoes, QuarantineSpan};
pub use error::StoreError;
pub use events::{EventKey, EventSink, Events, Imported, Loaded, Origin, StoredCount};
pub use exposures::Exposures;
pub use factors::{Factors, OutsideIdentity, StoredPasskey};
pub use feed::Feed;
pub use guardians::Guardians;
pub use identity::{Identity, Secrets, Session, Token};
pub use imports::{ImportRecord, ImportRows, ImportState, Imports, NewImport, event_id, import_id};
pub use incidents::Incidents;
pub use jobs::{Job, Jobs, NewJob};
pub use ledger::Ledger;
pub use letters::{Letters, OfficeLetter, SheetLetter, Tried};
pub use moderation::{MaskedContent, Moderation, NewRedaction, Original};
pub use municipalities::{Area, ExtraLayer, Municipalities, MunicipalitySummary};
pub use partners::Partners;
pub use patrol_areas::PatrolAreas;
pub use plans::Plans;
pub use presence::{PresenceWeeks, StoredSummary};
pub use releases::{Defect, Releases};
pub use reports::{FirstAnswer, Idempotency, NewReport, PutAside, Reports, StatusStep, Submitted};
pub use speeds::Speeds;
pub use surveys::Surveys;
pub use threads::{NewMessage, Threads};
pub use upkeep::{Purged, Upkeep};
pub use vetoes::Vetoes;
pub use visits::{LoggedVisit, NewVisit, Visits};
pub use wishes::{NewWishStep, Wishes};

use fyren_core::domain::Context;
use std::sync::Arc;

/// Everything that is remembered in one context.
pub trait Store:
    Municipalities
    + Basemaps
    + Events
    + Feed
    + Reports
    + Threads
    + Letters
    + Moderation
    + Archive
    + Imports
    + Incidents
    + Visits
    + Exposures
    + Speeds
    + Surveys
    + Ledger
    + Partners
    + Releases
    + Embargoes
    + Vetoes
    + Plans
    + PatrolAreas
    + Controls
    + Guardians
    + Wishes
    + Checks
    + Identity
    + Factors
    + PresenceWeeks
    + Audit
    + Jobs
    + Upkeep
{
}

impl<T> Store for T where
    T: Municipalities
        + Basemaps
        + Events
        + Feed
        + Reports
        + Threads
        + Letters
        + Moderation
        + Archive
        + Imports
        + Incidents
        + Visits
        + Exposures
        + Speeds
        + Surveys
        + Surveys
        + Ledger
        + Partners
        + Releases
        + Embargoes
        + Vetoes
        + Plans
        + PatrolAreas
        + Controls
        + Guardians
        + Wishes
        + Checks
        + Identity
        + Factors
        + PresenceWeeks
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

/// Copies the store of `context` at `url`, a SQLite address, into the new file
/// `to`, as of one moment, while it may be in use.
///
/// # Errors
/// [`StoreError::Unusable`] for another engine or a store of the other context;
/// [`StoreError::Unavailable`] where the file cannot be read or written.
pub async fn copy(url: &str, context: Context, to: &std::path::Path) -> Result<(), StoreError> {
    sqlite::copy(url, context, to).await
}
