//! Use cases, one a file, verb first, and the named layers: who may do what, in which order.

mod add_municipality;
pub mod draft;
mod error;
mod follow_district;
mod follow_events;
mod follow_promises;
mod gather_events;
mod ground;
mod import_file;
pub mod indexes;
pub mod layers;
mod load_ledger;
mod log_visit;
mod moderate_report;
mod prepare_demo;
mod preview_release;
mod publish_release;
mod read_loop;
mod read_receipt;
mod sessions;
pub mod shipped;
mod sign_in;
mod simulate_reports;
mod staff;
mod submit_report;
mod users;

pub use add_municipality::NewMunicipality;
pub use error::{Error, Result};
pub use follow_district::{DistrictFollowUp, Presence, Said};
pub use follow_events::{Follower, Step};
pub use follow_promises::{Change, Output, PromiseFollowUp};
pub use ground::Ground;
pub use import_file::{FileFailure, ImportJob, ImportReport, Opener, Refusal, RefusedSink};
pub use load_ledger::LedgerRows;
pub use log_visit::VisitDraft;
pub use moderate_report::StepDraft;
pub use prepare_demo::DemoLogin;
pub use preview_release::{ReleasePreview, WindowPreview};
pub use read_loop::{Answers, DefectFact, LoopFacts};
pub use read_receipt::{ReceiptKey, ReceiptView};
pub use simulate_reports::{SimulationCount, SimulationDraft};
pub use staff::Staff;
pub use submit_report::{Receipt, ReportDraft, Sender};
pub use users::NewUser;

pub use crate::import::{Kind as ImportKind, Mapping, Record};
use crate::{
    clock::{self, Clock, Random},
    identity::Secrets,
    store::{AuditEntry, Digest, Store, StoreError},
};
use fyren_core::domain::{Context, Id, MunicipalityCode};
use jiff::{Timestamp, tz::TimeZone};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

type Grounds = HashMap<MunicipalityCode, Arc<Ground>>;

/// Everything that the use cases work with.
pub struct App {
    /// The store of the municipal context.
    pub municipal: Arc<dyn Store>,
    /// The store of the police context.
    pub police: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The randomness.
    pub random: Arc<dyn Random>,
    /// The keys of this installation.
    pub secrets: Secrets,
    /// The named layers and the indexes behind them.
    pub layers: layers::Layers,
    grounds: Mutex<Grounds>,
    signed_in: staff::Cache,
    lone_senders: submit_report::LoneSenders,
    hashing: tokio::sync::Semaphore,
}

/// Where an [`App`] keeps and finds things.
pub struct Parts {
    /// Data base of the municipal context.
    pub database: String,
    /// Data base of the police context.
    pub police_database: String,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The randomness.
    pub random: Arc<dyn Random>,
    /// The keys of this installation.
    pub secrets: Secrets,
}

impl App {
    /// Opens both stores, created and migrated where need be.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Bug`] where a store cannot be opened.
    pub async fn open(parts: Parts) -> std::result::Result<Self, StoreError> {
        let municipal = crate::store::open(&parts.database, Context::Municipal).await?;
        let police = crate::store::open(&parts.police_database, Context::Police).await?;
        let layers = layers::Layers::new(Arc::clone(&municipal), Arc::clone(&police))
            .map_err(|fault| StoreError::Unusable(fault.to_string().into()))?;
        Ok(Self {
            layers,
            municipal,
            police,
            clock: parts.clock,
            random: parts.random,
            secrets: parts.secrets,
            grounds: Mutex::default(),
            signed_in: staff::Cache::default(),
            lone_senders: submit_report::LoneSenders::default(),
            // Each password costs 19 MiB for as long as it is checked.
            hashing: tokio::sync::Semaphore::new(2),
        })
    }

    /// Whether both stores can be used.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where one cannot.
    pub async fn readiness(&self) -> Result<()> {
        self.municipal.readiness().await.map_err(failure)?;
        self.police.readiness().await.map_err(failure)
    }

    /// Forgets keys, short codes, sessions and tokens whose time is up.
    ///
    /// # Errors
    /// Where a store fails.
    pub async fn purge_expired(&self) -> Result<()> {
        let now = self.clock.now();
        for context in Context::ALL {
            let purged = self.store(*context).purge_expired(now).await.map_err(failure)?;
            tracing::debug!(?purged, "forgot what has expired");
        }
        Ok(())
    }

    /// Finishes what was accepted and closes both stores.
    pub async fn close(&self) {
        self.municipal.close().await;
        self.police.close().await;
    }

    fn grounds(&self) -> MutexGuard<'_, Grounds> {
        self.grounds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A fresh random identity.
    fn new_id(&self) -> Id {
        clock::random_id(self.random.as_ref())
    }

    /// The present hour.
    pub(crate) fn this_hour(&self) -> Timestamp {
        clock::cut_to_hour(self.clock.now())
    }

    /// The present day in `zone`.
    pub fn today(&self, zone: &TimeZone) -> jiff::civil::Date {
        self.clock.now().to_zoned(zone.clone()).date()
    }

    /// An audit entry about `subject`, at the present moment.
    pub(crate) fn audit(
        &self,
        actor: &str,
        action: &str,
        municipality: Option<&MunicipalityCode>,
        subject: Option<String>,
    ) -> AuditEntry {
        AuditEntry {
            at: self.clock.now(),
            actor: actor.to_owned(),
            action: action.to_owned(),
            municipality: municipality.cloned(),
            subject,
            detail: String::new(),
        }
    }
}

/// What a failure of the store means to whoever asked.
pub(crate) fn failure(error: StoreError) -> Error {
    match error {
        StoreError::Unavailable(reason) => {
            tracing::warn!(%reason, "the store is not available");
            Error::Unavailable { retry_after: 2 }
        }
        StoreError::Conflict(rule) => Error::Conflict(rule),
        StoreError::NotFound(_) => Error::NotFound,
        StoreError::Corrupt(reason) | StoreError::Unusable(reason) => {
            Error::Bug(reason.to_string())
        }
    }
}

/// A digest from its 64 hexadecimal digits.
fn digest(hex: &str) -> Result<Digest> {
    let mut bytes = [0; 32];
    let decoded = data_encoding::HEXLOWER.decode_mut(hex.as_bytes(), &mut bytes);
    match decoded {
        Ok(32) => Ok(Digest(bytes)),
        _ => Err(Error::Bug("a digest is not 64 hexadecimal digits".into())),
    }
}
