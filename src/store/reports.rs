//! Reports and the way they go.

use super::{AuditEntry, Digest, EventKey, Imported, StoreError, StoredCount};
use async_trait::async_trait;
use fyren_core::domain::{
    Category, DistrictCode, Flags, Id, MunicipalityCode, Photo, QuarantineReason, Report, Seq,
    SourceTag, StatusChange, TimeMasks,
};
use jiff::Timestamp;

/// What makes a repeated request harmless. Nothing finer than the hour of
/// expiry is kept of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Idempotency {
    /// HMAC of the client's key.
    pub key_hmac: Digest,
    /// Hash of the request's body.
    pub body_hash: Digest,
    /// When it may be forgotten, cut to the hour.
    pub expires: Timestamp,
}

/// A report as it is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct NewReport {
    /// The report; its `seq` is ignored.
    pub report: Report,
    /// Hours, weekdays and seasons of its time in the municipality's zone.
    pub masks: TimeMasks,
    /// What its text should be looked at for.
    pub text_flags: Flags,
    /// Its photos, in their order.
    pub photos: Vec<Photo>,
    /// What makes a repetition harmless.
    pub idempotency: Idempotency,
    /// Hash of the receipt, kept as long as the report.
    pub receipt_hash: Digest,
    /// Hash of the spoken short code.
    pub short_code_hash: Digest,
    /// When the short code stops opening the report.
    pub short_code_expires: Timestamp,
}

/// What became of a sent report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submitted {
    /// It is stored and flushed.
    Created(Seq),
    /// The same key and body were stored before; nothing changed.
    Replayed,
    /// The key was used before with an other body; nothing changed.
    KeyReused,
}

/// Why a report is put aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutAside {
    /// The reason.
    pub reason: QuarantineReason,
    /// What was seen, in numbers, where the server did it by itself.
    pub note: Option<String>,
}

/// When a report was first answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstAnswer {
    /// What it is about.
    pub category: Category,
    /// Its district, where one is known.
    pub district: Option<DistrictCode>,
    /// Facts about it as bits.
    pub flags: Flags,
    /// When it arrived, cut to the hour.
    pub received_hour: Timestamp,
    /// When it was answered, cut to the hour.
    pub answered_hour: Timestamp,
}

/// A step of a report's way.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusStep {
    /// Which report.
    pub report: EventKey,
    /// The step.
    pub change: StatusChange,
}

/// Remembers reports. Every write but the erasure of what is not there fails
/// with [`StoreError::NotFound`] without such a report or municipality.
#[async_trait]
pub trait Reports: Send + Sync {
    /// Stores a report once, however often it is sent.
    async fn submit_report(&self, report: NewReport) -> Result<Submitted, StoreError>;

    /// Stores imported or simulated reports in transactions of a few thousand.
    /// When it fails, a part may be stored; the same import again completes it.
    async fn insert_reports(
        &self,
        reports: Vec<Imported<Report>>,
    ) -> Result<StoredCount, StoreError>;

    /// The report with this identity.
    async fn report(&self, key: &EventKey) -> Result<Option<Report>, StoreError>;

    /// How many photos a report has; their positions count from 0.
    async fn photos(&self, key: &EventKey) -> Result<u32, StoreError>;

    /// The photo of a report at a position.
    async fn photo(&self, key: &EventKey, position: u32) -> Result<Option<Photo>, StoreError>;

    /// The report whose receipt has this hash.
    async fn report_by_receipt(&self, receipt: &Digest) -> Result<Option<Report>, StoreError>;

    /// The report whose short code has this hash and holds at `now`.
    async fn report_by_short_code(
        &self,
        short_code: &Digest,
        now: Timestamp,
    ) -> Result<Option<Report>, StoreError>;

    /// The steps of a report's way, oldest first; the arrival is not one.
    async fn status_history(&self, key: &EventKey) -> Result<Vec<StatusChange>, StoreError>;

    /// The reports that were merged into this one and those that repeat it, in
    /// the order of their identities.
    async fn linked_reports(&self, key: &EventKey) -> Result<(Vec<Id>, Vec<Id>), StoreError>;

    /// The first answer to each report of a municipality that was first
    /// answered from `from` (inclusive) to `to` (exclusive), oldest first.
    async fn first_answers(
        &self,
        municipality: &MunicipalityCode,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<FirstAnswer>, StoreError>;

    /// Takes a step.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] `report_status_transition` where the table of
    /// [`fyren_core::domain::ReportStatus::next`] does not allow it, or the
    /// step is a merge, which is [`Reports::merge_report`]'s.
    async fn change_status(&self, step: StatusStep, audit: AuditEntry) -> Result<Seq, StoreError>;

    /// Keeps a report out of rankings and releases, or with `None` lets it
    /// back in, from the time of `audit` on.
    async fn quarantine_report(
        &self,
        key: &EventKey,
        aside: Option<PutAside>,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError>;

    /// Merges the report of `step`, whose status is `Merged`, into `into`,
    /// whose voices grow by its own. A later step to `Triaged` undoes it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] `report_merge` into itself or into a report
    /// that is itself merged, `report_status_transition` as above.
    async fn merge_report(
        &self,
        step: StatusStep,
        into: Id,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError>;

    /// Says that a report repeats the earlier one `of`, or with `None` that it
    /// does not.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] `report_duplicate` of itself.
    async fn mark_duplicate(
        &self,
        key: &EventKey,
        of: Option<Id>,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError>;

    /// Adds one voice of `source` and returns whether it is new; a source has
    /// one voice, and the reporter's own counts from the start.
    async fn add_voice(&self, key: &EventKey, source: SourceTag) -> Result<bool, StoreError>;

    /// Erases a report with everything that speaks of it, its published defect
    /// and the audit log's naming of it included. Only its random identity
    /// stays, in the feed. Returns whether it was there. The subject of `audit`
    /// is dropped.
    async fn erase_report(&self, key: &EventKey, audit: AuditEntry) -> Result<bool, StoreError>;
}
