//! Group commit: the writes of many callers in one transaction and one flush.

use super::super as driver;
use super::{Connection, Db, submit};
use crate::store::StoreError;
use sqlx::{Connection as _, Pool};
use tokio::sync::{Mutex, mpsc, oneshot, watch};
use tokio::task::JoinHandle;

/// Writes of one transaction, at most.
const BATCH: usize = 512;
/// Writes that may wait before a caller waits to be let in.
const QUEUE: usize = 4096;

/// Where the answer to a write goes.
pub(super) type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// An answer that is known but may not go out before the flush.
type Held = Box<dyn FnOnce(Result<(), &StoreError>) + Send>;

/// Declares the writes: plain data, with the function that applies each.
macro_rules! commands {
    ($($name:ident($input:ty) -> $output:ty = $apply:path;)+) => {
        /// One write, waiting for its flush.
        pub(super) enum Command {
            $($name($input, Reply<$output>),)+
        }

        /// Applies one write in a step of its own, so that it fails alone.
        async fn apply(connection: &mut Connection, command: Command) -> Held {
            match command {
                $(Command::$name(input, reply) => {
                    let result = async {
                        let mut step = connection.begin().await?;
                        let output = $apply(&mut step, &input).await?;
                        step.commit().await?;
                        Ok(output)
                    };
                    hold(reply, result.await)
                })+
            }
        }

        /// Answers a write that was never tried; the reason is the flush's.
        fn refuse(command: Command) -> Held {
            match command {
                $(Command::$name(_, reply) => {
                    hold(reply, Err(StoreError::Unavailable("not tried".into())))
                })+
            }
        }
    };
}

use super::{
    audit, basemaps, controls, embargoes, exposures, factors, forwards, guardians, identity,
    imports, incidents, jobs, ledger, letters, measures, municipalities, partners, patrol_areas,
    plans, presence, records, redactions, releases, report_leaves, report_steps, reports,
    retention, speeds, surveys, threads, upkeep, vetoes, visits, wishes,
};
use crate::store as s;
use fyren_core::domain as d;

commands! {
    SubmitReport(Box<s::NewReport>) -> s::Submitted = submit::one;
    SaveMunicipality((Box<d::Municipality>, s::AuditEntry)) -> d::Seq = municipalities::save;
    SaveBasemap((d::MunicipalityCode, Box<s::Basemap>, s::AuditEntry)) -> d::Seq = basemaps::save;
    SaveBasemapPart((d::MunicipalityCode, (String, Vec<u8>), s::AuditEntry)) -> d::Seq = basemaps::save_part;
    SaveArea((s::Area, s::AuditEntry)) -> () = municipalities::save_area;
    SaveExtraLayer((d::MunicipalityCode, s::ExtraLayer)) -> () = municipalities::save_extra_layer;
    BeginImport(Box<s::NewImport>) -> () = imports::begin;
    ResumeImport((d::Id, jiff::Timestamp)) -> u8 = imports::resume;
    KeepImport((d::Id, jiff::Timestamp)) -> () = imports::keep;
    FinishImport((d::Id, s::ImportRows, s::AuditEntry)) -> () = imports::finish;
    UndoImportPart((d::Id, s::AuditEntry)) -> bool = imports::undo_part;
    InsertReports(Vec<s::Imported<d::Report>>) -> s::StoredCount = reports::insert;
    InsertIncidents(Vec<s::Imported<d::Incident>>) -> s::StoredCount = incidents::insert;
    InsertVisits(Vec<s::Imported<d::Visit>>) -> s::StoredCount = visits::insert;
    InsertExposures(Vec<(d::ExposureItem, s::Origin)>) -> s::StoredCount = exposures::insert;
    InsertSpeeds(Vec<(d::SpeedHour, s::Origin)>) -> s::StoredCount = speeds::insert;
    InsertSurveys(Vec<(d::SurveyAnswer, s::Origin)>) -> s::StoredCount = surveys::insert;
    ChangeStatus((s::StatusStep, s::AuditEntry)) -> d::Seq = report_steps::change_status;
    QuarantineReport((s::EventKey, Option<s::PutAside>, s::AuditEntry)) -> d::Seq = report_steps::quarantine;
    MergeReport((s::StatusStep, d::Id, s::AuditEntry)) -> d::Seq = report_steps::merge;
    MarkDuplicate((s::EventKey, Option<d::Id>, s::AuditEntry)) -> d::Seq = report_steps::mark_duplicate;
    AddVoice((s::EventKey, d::SourceTag)) -> bool = report_steps::add_voice;
    AddMessage(Box<s::NewMessage>) -> s::Submitted = threads::add;
    MarkRead((s::EventKey, s::AuditEntry)) -> d::Seq = threads::mark_read;
    AskForMail((d::MailContact, s::Digest)) -> () = letters::ask;
    ConfirmMail((s::Digest, jiff::Timestamp)) -> bool = letters::confirm;
    StopMail(s::EventKey) -> bool = letters::stop;
    SaveOffices((d::MunicipalityCode, Vec<d::Office>, s::AuditEntry)) -> () = letters::save_offices;
    QueueLetters(Vec<s::OfficeLetter>) -> () = letters::queue;
    SaveSheetRecipients((d::MunicipalityCode, Vec<String>, s::AuditEntry)) -> () = letters::save_sheet_recipients;
    QueueSheet(Box<(s::SheetLetter, s::AuditEntry)>) -> () = letters::queue_sheet;
    NoteLetter((String, s::Tried)) -> () = letters::note;
    EraseReport((s::EventKey, s::AuditEntry)) -> bool = report_leaves::erase;
    RedactReport(Box<(s::NewRedaction, s::AuditEntry)>) -> d::Seq = redactions::redact;
    InsertForward(Box<(d::Forward, s::Digest, s::AuditEntry)>) -> d::Seq = forwards::insert;
    OpenForward((d::MunicipalityCode, d::Id, s::AuditEntry)) -> () = forwards::open;
    AnswerForward(Box<(d::MunicipalityCode, d::Id, d::ForwardAnswer, s::AuditEntry)>) -> d::Seq = forwards::answer;
    CloseForward((d::MunicipalityCode, d::Id, s::AuditEntry)) -> d::Seq = forwards::close;
    SaveAnswerTemplate(Box<(d::MunicipalityCode, d::AnswerTemplate, s::AuditEntry)>) -> () = redactions::save_template;
    DeleteAnswerTemplate((d::MunicipalityCode, String, s::AuditEntry)) -> () = redactions::delete_template;
    InsertDecision(Box<(d::RetentionDecision, s::AuditEntry)>) -> () = retention::add_decision;
    EraseEvent((s::EventKey, s::AuditEntry)) -> bool = retention::erase;
    ForgetOriginals((s::EventKey, jiff::Timestamp, s::AuditEntry)) -> u64 = retention::forget;
    InsertRun(Box<(d::RetentionRun, s::AuditEntry)>) -> () = retention::add_run;
    InsertRequest(Box<(d::RecordRequest, s::AuditEntry)>) -> () = records::add_request;
    ReviewRecord(Box<(d::MunicipalityCode, d::Id, d::RecordItem, s::AuditEntry)>) -> () = records::set_item;
    CloseRequest((d::MunicipalityCode, d::Id, s::AuditEntry)) -> () = records::close;
    LogVisit(Box<s::NewVisit>) -> s::LoggedVisit = visits::log;
    SaveMeasure((d::Measure, s::AuditEntry)) -> d::Seq = measures::save;
    CreateMeasure((d::Measure, s::Idempotency, s::AuditEntry)) -> s::Submitted = measures::create;
    SavePromise((d::Promise, s::AuditEntry)) -> d::Seq = ledger::save_promise;
    InsertRelease((d::Release, s::AuditEntry)) -> d::Seq = releases::insert;
    SaveEmbargo((d::Embargo, s::AuditEntry)) -> () = embargoes::save;
    LiftEmbargo((d::MunicipalityCode, String, s::AuditEntry)) -> () = embargoes::lift;
    SetVeto((d::Veto, s::Idempotency, s::AuditEntry)) -> s::Submitted = vetoes::set;
    SaveWatchArea((d::WatchArea, s::AuditEntry)) -> d::Seq = guardians::save_area;
    SaveBulletin((d::Bulletin, s::AuditEntry)) -> d::Seq = guardians::save_bulletin;
    SaveCalendarEntry((d::CalendarEntry, s::AuditEntry)) -> d::Seq = guardians::save_entry;
    SaveFigures((d::MunicipalityCode, Vec<d::Figure>, s::AuditEntry)) -> d::Seq = guardians::save_figures;
    AddWishStep((Box<s::NewWishStep>, s::AuditEntry)) -> d::Seq = wishes::add;
    CreateControl((Box<s::NewControl>, s::AuditEntry)) -> s::Submitted = controls::create;
    AddControlStep((Box<s::NewControlStep>, s::AuditEntry)) -> d::Seq = controls::add;
    AddVetoStep((d::MunicipalityCode, d::Id, d::VetoStep, s::AuditEntry)) -> d::Seq = vetoes::add;
    KeepPlan((d::KeptPlan, s::Idempotency, s::AuditEntry)) -> s::Submitted = plans::keep;
    AddStopWish((d::StopWish, s::Idempotency, s::AuditEntry)) -> s::Submitted = plans::wish;
    EndStopWish((d::MunicipalityCode, d::Id, s::AuditEntry)) -> d::Seq = plans::end_wish;
    AddPlanStep((d::MunicipalityCode, d::Id, d::PlanStep, s::AuditEntry)) -> d::Seq = plans::add;
    KeepAreaSet(Box<(d::PatrolAreaSet, s::Idempotency, s::AuditEntry)>) -> s::Submitted = patrol_areas::keep;
    DeleteAreaSet((d::MunicipalityCode, d::Id, s::AuditEntry)) -> d::Seq = patrol_areas::delete;
    InsertPartner((d::Partner, s::Digest, s::AuditEntry)) -> () = partners::insert;
    RevokePartner((d::MunicipalityCode, d::Id, jiff::Timestamp, s::AuditEntry)) -> () = partners::revoke;
    PublishDefect((s::EventKey, s::Defect, s::AuditEntry)) -> d::Seq = releases::publish_defect;
    WithdrawDefect((s::EventKey, s::AuditEntry)) -> d::Seq = releases::withdraw_defect;
    SaveUser((d::User, s::AuditEntry)) -> () = identity::save_user;
    SetPassword((d::Id, String, s::AuditEntry)) -> () = identity::set_password;
    SetTotp((d::Id, Option<Vec<u8>>, s::AuditEntry)) -> () = identity::set_totp;
    UseTotpStep((d::Id, i64)) -> bool = identity::use_totp_step;
    SavePresenceWeeks((d::MunicipalityCode, Vec<d::PresenceWeek>, s::AuditEntry)) -> d::Seq = presence::save;
    KeepSummary((s::StoredSummary, Vec<d::PresenceWeek>, s::AuditEntry)) -> d::Seq = presence::keep;
    EndSessions((d::Id, s::AuditEntry)) -> () = factors::end_sessions;
    SetRecoveryCodes((d::Id, Vec<s::Digest>, s::AuditEntry)) -> () = factors::set_codes;
    UseRecoveryCode((d::Id, s::Digest, jiff::Timestamp, s::AuditEntry)) -> bool = factors::use_code;
    InsertPasskey((s::StoredPasskey, s::AuditEntry)) -> () = factors::insert_passkey;
    UsePasskey((String, String, jiff::civil::Date)) -> () = factors::use_passkey;
    DeletePasskey((d::Id, String, s::AuditEntry)) -> () = factors::delete_passkey;
    ClearFactors((d::Id, s::AuditEntry)) -> () = factors::clear;
    LinkOutside((s::OutsideIdentity, d::Id, s::AuditEntry)) -> () = factors::link;
    SetSecondFactors((d::MunicipalityCode, Vec<d::Role>, s::AuditEntry)) -> () = factors::set_demands;
    InsertToken((s::Token, s::AuditEntry)) -> () = identity::insert_token;
    TouchToken((s::Digest, jiff::civil::Date)) -> () = identity::touch_token;
    DeleteToken((s::Digest, s::AuditEntry)) -> () = identity::delete_token;
    CreateSession(s::Session) -> bool = identity::create_session;
    SaveSession(s::Session) -> () = identity::save_session;
    DeleteSession(String) -> () = identity::delete_session;
    AppendAudit(s::AuditEntry) -> () = audit::append;
    RecordRead(s::SensitiveRead) -> () = audit::record_read;
    EnqueueJob(s::NewJob) -> bool = jobs::enqueue;
    LeaseJob(jobs::Lease) -> bool = jobs::lease;
    RenewJob(jobs::Hold) -> bool = jobs::renew;
    FinishJob(jobs::Hold) -> bool = jobs::finish;
    PurgeExpired(jiff::Timestamp) -> s::Purged = upkeep::purge;
}

fn hold<T: Send + 'static>(reply: Reply<T>, result: Result<T, StoreError>) -> Held {
    Box::new(move |flushed| {
        let answer = match flushed {
            Ok(()) => result,
            Err(error) => Err(error.clone()),
        };
        // A caller that has gone away needs no answer.
        drop(reply.send(answer));
    })
}

/// The one task that writes, and the queue before it.
pub(in super::super) struct Writer {
    queue: Mutex<Option<super::Commands>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the task on `pool`, whose connections nobody else uses; `ticks`
    /// grows after each commit.
    pub(in super::super) fn start(pool: Pool<Db>, ticks: watch::Sender<u64>) -> Self {
        let (queue, commands) = mpsc::channel(QUEUE);
        let task = tokio::spawn(run(pool, commands, ticks));
        Self { queue: Mutex::new(Some(queue)), task: Mutex::new(Some(task)) }
    }

    /// Waits in the queue and for the flush.
    pub(super) async fn write<T>(
        &self,
        command: impl FnOnce(Reply<T>) -> Command,
    ) -> Result<T, StoreError> {
        let closed = || StoreError::Unavailable("the store is closed".into());
        let (reply, answer) = oneshot::channel();
        let queue = self.queue.lock().await.clone().ok_or_else(closed)?;
        queue.send(command(reply)).await.map_err(|_gone| closed())?;
        answer.await.map_err(|_gone| closed())?
    }

    /// Lets nobody in any more and waits for those who are.
    pub(super) async fn close(&self) {
        self.queue.lock().await.take();
        if let Some(task) = self.task.lock().await.take() {
            // The task only ends by panic or by an empty queue; both are its end.
            drop(task.await);
        }
    }
}

async fn run(pool: Pool<Db>, mut commands: mpsc::Receiver<Command>, ticks: watch::Sender<u64>) {
    let mut batch = Vec::with_capacity(BATCH);
    while commands.recv_many(&mut batch, BATCH).await > 0 {
        let (held, flushed) = write_batch(&pool, &mut batch).await;
        let flushed = flushed.map_err(|error| StoreError::unconfirmed(&error));
        // First, so that whoever is answered finds the commit told already.
        if flushed.is_ok() {
            ticks.send_modify(|tick| *tick += 1);
        }
        for answer in held {
            answer(flushed.as_ref().map(|_flushed| ()));
        }
    }
    pool.close().await;
}

/// Writes a batch and says whether it is flushed. Without a flush nothing of
/// it counts, and every answer says so.
async fn write_batch(
    pool: &Pool<Db>,
    batch: &mut Vec<Command>,
) -> (Vec<Held>, Result<(), sqlx::Error>) {
    let mut connection = match pool.acquire().await {
        Ok(connection) => connection,
        Err(error) => return (batch.drain(..).map(refuse).collect(), Err(error)),
    };
    let mut held = Vec::with_capacity(batch.len());
    let flushed = flush(&mut connection, batch, &mut held).await;
    held.extend(batch.drain(..).map(refuse));
    if flushed.is_err() {
        // Nobody knows what it has and has not undone: the next is a new one.
        connection.close_on_drop();
    }
    (held, flushed)
}

async fn flush(
    connection: &mut Connection,
    batch: &mut Vec<Command>,
    held: &mut Vec<Held>,
) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin_with(driver::BEGIN).await?;
    let (mut reports, mut replies, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for command in batch.drain(..) {
        if let Command::SubmitReport(report, reply) = command {
            reports.push(report);
            replies.push(reply);
        } else {
            others.push(command);
        }
    }
    let together: Vec<_> = reports.iter().map(|report| &**report).collect();
    let submitted = submit::all(&mut transaction, &together).await;
    held.extend(replies.into_iter().zip(submitted).map(|(reply, result)| hold(reply, result)));
    for command in others {
        held.push(apply(&mut transaction, command).await);
    }
    if let Some(announce) = driver::ANNOUNCE {
        sqlx::query(announce).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}
