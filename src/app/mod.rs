//! Use cases, one a file, verb first, and the named layers: who may do what, in which order.

mod account;
mod act_on_reports;
mod add_municipality;
mod add_voice;
pub mod analytics;
mod answer_report;
mod answer_templates;
mod ask_for_mail;
mod attempts;
mod basemap;
mod check_grids;
mod check_stores;
mod controls;
pub mod draft;
mod erase_again;
mod error;
mod exchange;
mod exposed;
mod figures;
mod follow_district;
mod follow_events;
mod follow_promises;
mod follow_wishes;
mod forward_report;
mod gather_events;
mod ground;
mod guardians;
mod hold_back;
mod import_file;
pub mod indexes;
mod keep_records;
pub mod layers;
mod let_go;
mod link_reports;
mod load_ledger;
mod log_visit;
mod manage_users;
mod moderate_report;
mod note_export;
mod outside;
mod partners;
mod passkeys;
mod patrol_areas;
mod picture_area;
pub mod plan_patrol;
mod prepare_demo;
mod preview_release;
pub mod print;
mod publish_release;
mod read_loop;
mod read_photos;
mod read_receipt;
mod read_shift;
mod redact_report;
mod remind_offices;
mod reply_to_answer;
mod review_arrivals;
mod review_queue;
mod send_letters;
mod send_sheet;
mod sessions;
pub mod shipped;
mod sign_in;
mod simulate_reports;
mod staff;
mod stage_guardians;
mod stage_wishes;
mod submit_report;
mod summaries;
mod tell_presence;
pub mod uploads;
mod users;
mod veto_spot;
mod write_measure;

pub use account::{AccountView, PasskeyView, StartedCode};
pub use act_on_reports::{BulkDraft, Refused};
pub use add_municipality::NewMunicipality;
pub use add_voice::is_closed;
pub use answer_report::{ANSWER_DAYS, Waited};
pub use answer_templates::TemplateDraft;
pub use ask_for_mail::MailState;
pub use basemap::{
    BasemapJob, BasemapReport, FoundPlace, GroundFile, LEAST_ZOOM, MOST_ZOOM, OwnerAnswer,
    OwnersReport, PlaceQuestion, basemap_tag,
};
pub use check_stores::Fault;
pub use controls::{
    COMPARED_DAYS, Candidate, ControlDraft, ControlReport, ControlStepDraft, ControlSum,
    ResultDraft, SiteOutcome,
};
pub use error::{Error, Result};
pub use exchange::Exchange;
pub use exposed::{Expected, Exposed, exposure_for};
pub use figures::FigureDraft;
pub use follow_district::{DistrictFollowUp, Presence, Said};
pub use follow_events::{Follower, Step};
pub use follow_promises::{Change, Output, PromiseFollowUp};
pub use follow_wishes::{WishCount, WishDraft, WishesTold};
pub use forward_report::{AskedOwner, ForwardDraft, NewForward, OwnerReplyDraft};
pub use ground::Ground;
pub use guardians::{BulletinDraft, CalendarDraft, PassDraft, Target, WatchDraft};
pub use hold_back::EmbargoDraft;
pub use import_file::{
    FileFailure, ImportJob, ImportReport, Look, Opener, Progress, Refusal, RefusedSink, Sample,
};
pub use keep_records::{HandedOut, RecordDocument, RequestDraft, VerdictDraft};
pub use let_go::{ClassView, DecisionDraft};
pub use link_reports::Neighbour;
pub use load_ledger::LedgerRows;
pub use log_visit::VisitDraft;
pub use manage_users::{ManagedUser, ManagedUsers, RolesDraft, last_day};
pub use moderate_report::{ReportDetail, StepDraft};
pub use outside::GroupGrant;
pub use patrol_areas::NewPatrolAreas;
pub use picture_area::{AreaMember, AreaPicture};
pub use prepare_demo::DemoLogin;
pub use preview_release::{ReleasePreview, WindowPreview};
pub use read_loop::{Answers, DefectFact, LoopFacts, Verdicts};
pub use read_receipt::{ReceiptKey, ReceiptView};
pub use read_shift::{DueBecause, GOAL_DAYS, NextStop, Shift};
pub use redact_report::MaskDraft;
pub use reply_to_answer::{PHOTOS_IN_ALL, ReplyDraft};
pub use review_queue::{Alike, QueuePage, Waiting};
pub use sign_in::SignedInUser;
pub use simulate_reports::{SimulationCount, SimulationDraft};
pub use staff::{Pass, Staff};
pub use submit_report::{Receipt, ReportDraft, Sender};
pub use summaries::{Summary, SummaryOutcome, SummarySpot, SummaryWeek};
pub use tell_presence::{PresenceDraft, ToldWeeks};
pub use users::{NewUser, UserChange};
pub use veto_spot::{ReviewDraft, TermsDraft};
pub use write_measure::MeasureDraft;

pub use crate::identity::{Flow, Provider, ProviderSettings, Site};
pub use crate::import::{Kind as ImportKind, Mapping, Record, packed_shapefile};
pub use crate::mail::{MailError, Mailer, Written};
pub use crate::media::{MOST_PHOTOS, PHOTO_BYTES, PhotoArea};
pub use crate::store::{Area, BasemapHead, Original};
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
use tokio::sync::watch;

type Grounds = HashMap<MunicipalityCode, ground::KeptGround>;

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
    basemaps: basemap::Known,
    graphs: plan_patrol::Graphs,
    loops: read_loop::KnownLoops,
    runs: analytics::Runs,
    grounds: Mutex<Grounds>,
    commits: watch::Receiver<u64>,
    uploads: uploads::Uploads,
    signed_in: staff::Cache,
    attempts: attempts::Attempts,
    served: Vec<Context>,
    lone_senders: submit_report::LoneSenders,
    arrivals: Arc<review_arrivals::Arrivals>,
    hashing: tokio::sync::Semaphore,
    developing: tokio::sync::Semaphore,
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
        let commits = municipal.subscribe();
        let runs = analytics::Runs::new(Arc::clone(layers.patient_pool()));
        Ok(Self {
            layers,
            runs,
            municipal,
            police,
            clock: parts.clock,
            random: parts.random,
            secrets: parts.secrets,
            basemaps: basemap::Known::default(),
            graphs: plan_patrol::Graphs::default(),
            loops: read_loop::KnownLoops::default(),
            grounds: Mutex::default(),
            commits,
            uploads: uploads::Uploads::beside(&parts.database),
            signed_in: staff::Cache::default(),
            attempts: attempts::Attempts::default(),
            served: Context::ALL.to_vec(),
            lone_senders: submit_report::LoneSenders::default(),
            arrivals: Arc::default(),
            // Each password costs 19 MiB for as long as it is checked.
            hashing: tokio::sync::Semaphore::new(2),
            // Each photo may take 256 MiB for as long as it is read.
            developing: tokio::sync::Semaphore::new(2),
        })
    }

    /// Lets in members of `context` alone: the other one is another process
    /// with data bases of its own.
    pub fn serve_only(&mut self, context: Context) {
        self.served = vec![context];
    }

    /// The contexts whose members this process lets in.
    pub fn contexts(&self) -> impl Iterator<Item = Context> + '_ {
        self.served.iter().copied()
    }

    /// How many commits of the municipal and of the police store are known; a
    /// commit of this process is known before it is acknowledged.
    pub(crate) fn known_commits(&self) -> [u64; 2] {
        [&self.municipal, &self.police].map(|store| *store.subscribe().borrow())
    }

    /// The second of the clock, and [`App::known_commits`].
    pub(crate) fn moment(&self) -> (i64, [u64; 2]) {
        (self.clock.now().as_second(), self.known_commits())
    }

    /// Whether both stores can be used.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where one cannot.
    pub async fn readiness(&self) -> Result<()> {
        self.municipal.readiness().await.map_err(failure)?;
        self.police.readiness().await.map_err(failure)
    }

    /// Forgets keys, short codes, sessions, tokens and uploaded files whose
    /// time is up, and takes back what was left half imported.
    ///
    /// # Errors
    /// Where a store fails.
    pub async fn purge_expired(&self) -> Result<()> {
        let now = self.clock.now();
        for context in Context::ALL {
            let purged = self.store(*context).purge_expired(now).await.map_err(failure)?;
            tracing::debug!(?purged, "forgot what has expired");
        }
        self.purge_uploads().await;
        self.settle_imports().await
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
