//! Reports: reading them, importing them, and the trait over every way of theirs.

use super::columns::{Columns, joined};
use super::events::{Event, event_columns, flags};
use super::insert::{insert_imported, insert_rows};
use super::writer::Command;
use super::{Connection, Db, Row, SqlStore, key_text, statements};
use crate::store::{
    AuditEntry, Digest, EventKey, FirstAnswer, Imported, NewReport, PutAside, Reports, StatusStep,
    StoreError, StoredCount, Submitted,
};
use async_trait::async_trait;
use fyren_core::domain::{
    Category, Channel, Detail, DistrictCode, EventKind, Factor, Feeling, Flags, Id,
    MunicipalityCode, Photo, QuarantineReason, Report, ReportStatus, Role, Seq, SourceTag,
    StatusChange,
};
use jiff::Timestamp;
use sqlx::query;
use sqlx::query_builder::Separated;

/// Reports of one transaction of an import; a multiple of the rows of a statement.
const CHUNK: usize = 2048;

/// Before the rows of `reports`.
pub(super) const INSERT_REPORTS: &str = "INSERT INTO reports (municipality, id, foreign_category,
    factors, feeling, text, channel, foreign_status, foreign_source, quarantine, merged_into,
    duplicate_of, details, key_hmac, receipt_hash, short_code_hash, short_code_expires) ";

macro_rules! select {
    ($where:literal) => {
        concat!(
            "SELECT ",
            event_columns!(),
            ", r.foreign_category, r.factors, r.feeling, r.text, r.channel, r.foreign_status,
            r.foreign_source, r.quarantine, r.merged_into, r.duplicate_of, r.details
            FROM reports r JOIN events e ON e.municipality = r.municipality AND e.id = r.id
            WHERE ",
            $where
        )
    };
}

statements! {
    BY_ID = select!("r.municipality = $1 AND r.id = $2");
    BY_RECEIPT = select!("r.receipt_hash = $1");
    BY_SHORT_CODE = select!("r.short_code_hash = $1 AND r.short_code_expires > $2");
    WAITING = select!(
        "e.municipality = $1 AND e.kind = 'report' AND e.status IN ('received', 'reopened')
        AND r.channel <> 'import' ORDER BY e.received_hour, e.id LIMIT 2000"
    );
    ASIDE = select!(
        "r.municipality = $1 AND r.quarantine IS NOT NULL
        AND e.status IN ('triaged', 'in_progress', 'planned')
        ORDER BY e.received_hour, e.id LIMIT 2000"
    );
    WITH_PHOTOS = "SELECT p.report, COUNT(*) FROM photos p
        JOIN events e ON e.municipality = p.municipality AND e.id = p.report
        WHERE p.municipality = $1 AND e.kind = 'report' AND e.status IN ('received', 'reopened')
        GROUP BY p.report";
    HISTORY = "SELECT status, at_hour, organisation, answer, role FROM status_changes
        WHERE municipality = $1 AND report = $2 ORDER BY step";
    MERGED_HERE = "SELECT id FROM reports WHERE municipality = $1 AND merged_into = $2 ORDER BY id";
    REPEATS_OF = "SELECT id FROM reports WHERE municipality = $1 AND duplicate_of = $2 ORDER BY id";
    FIRST_ANSWERS = "SELECT e.category, e.district, e.flags, e.received_hour, a.first_hour
        FROM (SELECT g.report, MIN(g.at_hour) AS first_hour FROM (
                SELECT report, at_hour FROM status_changes
                    WHERE municipality = $1 AND answer IS NOT NULL
                UNION ALL SELECT report, at_hour FROM messages
                    WHERE municipality = $1 AND kind = 'answer') g GROUP BY g.report) a
        JOIN events e ON e.municipality = $1 AND e.id = a.report
        WHERE a.first_hour >= $2 AND a.first_hour < $3 ORDER BY a.first_hour, e.seq";
}

/// Writes one row of `reports`; `new` is there unless it is imported.
pub(super) fn push_report(
    mut columns: Separated<'_, Db, &'static str>,
    report: &Report,
    new: Option<&NewReport>,
) {
    columns
        .push_bind(report.municipality.as_str().to_owned())
        .push_bind(report.id.to_string())
        .push_bind(report.foreign_category.clone())
        .push_bind(joined(&report.factors, Factor::code))
        .push_bind(report.feeling.map(Feeling::code))
        .push_bind(report.text.clone())
        .push_bind(report.channel.code())
        .push_bind(report.foreign_status.clone())
        .push_bind(report.foreign_source.clone())
        .push_bind(report.quarantine.map(QuarantineReason::code))
        .push_bind(report.merged_into.map(|id| id.to_string()))
        .push_bind(report.duplicate_of.map(|id| id.to_string()))
        .push_bind(joined(&report.details, Detail::code))
        .push_bind(new.map(|new| new.idempotency.key_hmac.0.to_vec()))
        .push_bind(new.map(|new| new.receipt_hash.0.to_vec()))
        .push_bind(new.map(|new| new.short_code_hash.0.to_vec()))
        .push_bind(new.map(|new| new.short_code_expires.as_microsecond()));
}

/// Writes one transaction's part of an import.
pub(super) async fn insert(
    connection: &mut Connection,
    reports: &[Imported<Report>],
) -> Result<StoredCount, StoreError> {
    let (stored, count) = insert_imported(connection, EventKind::Report, reports).await?;
    insert_rows(connection, INSERT_REPORTS, &stored, |columns, imported| {
        push_report(columns, &imported.event, None);
    })
    .await?;
    Ok(count)
}

pub(super) fn report(row: &Row) -> Result<Report, StoreError> {
    let columns = &mut Columns::of(row);
    let event = Event::read(columns)?;
    let corrupt = |what: &str| StoreError::Corrupt(format!("{what} of a report").into());
    Ok(Report {
        id: event.id,
        seq: event.seq,
        municipality: event.municipality,
        category: Category::parse(&event.category).ok_or_else(|| corrupt("category"))?,
        foreign_category: columns.take()?,
        located: event.located,
        when: event.when,
        factors: columns.codes(Factor::parse)?,
        feeling: columns.maybe_code(Feeling::parse)?,
        text: columns.take()?,
        channel: columns.code(Channel::parse)?,
        source_class: event.source_class,
        source_tag: event.source_tag,
        status: ReportStatus::parse(&event.status).ok_or_else(|| corrupt("status"))?,
        foreign_status: columns.take()?,
        foreign_source: columns.take()?,
        published: event.flags.has(Flags::PUBLISHED),
        quarantine: columns.maybe_code(QuarantineReason::parse)?,
        merged_into: columns.maybe_code(Id::parse)?,
        duplicate_of: columns.maybe_code(Id::parse)?,
        details: columns.codes(Detail::parse)?,
        voices: event.weight,
        retention: event.retention,
        received_hour: event.received_hour,
    })
}

#[async_trait]
impl Reports for SqlStore {
    async fn submit_report(&self, report: NewReport) -> Result<Submitted, StoreError> {
        self.writer.write(|reply| Command::SubmitReport(Box::new(report), reply)).await
    }

    async fn insert_reports(
        &self,
        reports: Vec<Imported<Report>>,
    ) -> Result<StoredCount, StoreError> {
        self.in_chunks(reports, CHUNK, Command::InsertReports).await
    }

    async fn report(&self, key: &EventKey) -> Result<Option<Report>, StoreError> {
        let (municipality, id) = key_text(key);
        let row = query(BY_ID).bind(municipality).bind(id).fetch_optional(&self.readers).await?;
        row.as_ref().map(report).transpose()
    }

    async fn photos(&self, key: &EventKey) -> Result<u32, StoreError> {
        self.count_photos(key).await
    }

    async fn photo(&self, key: &EventKey, position: u32) -> Result<Option<Photo>, StoreError> {
        self.one_photo(key, position).await
    }

    async fn report_by_receipt(&self, receipt: &Digest) -> Result<Option<Report>, StoreError> {
        let row = query(BY_RECEIPT).bind(&receipt.0[..]).fetch_optional(&self.readers).await?;
        row.as_ref().map(report).transpose()
    }

    async fn report_by_short_code(
        &self,
        short_code: &Digest,
        now: Timestamp,
    ) -> Result<Option<Report>, StoreError> {
        let row = query(BY_SHORT_CODE)
            .bind(&short_code.0[..])
            .bind(now.as_microsecond())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(report).transpose()
    }

    async fn status_history(&self, key: &EventKey) -> Result<Vec<StatusChange>, StoreError> {
        let (municipality, id) = key_text(key);
        let rows = query(HISTORY).bind(municipality).bind(id).fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                Ok(StatusChange {
                    status: columns.code(ReportStatus::parse)?,
                    at_hour: columns.time()?,
                    organisation: columns.take()?,
                    answer: columns.take()?,
                    role: columns.maybe_code(Role::parse)?,
                })
            })
            .collect()
    }

    async fn linked_reports(&self, key: &EventKey) -> Result<(Vec<Id>, Vec<Id>), StoreError> {
        let (municipality, id) = key_text(key);
        let (mut merged, mut repeats) = (Vec::new(), Vec::new());
        for (statement, found) in [(MERGED_HERE, &mut merged), (REPEATS_OF, &mut repeats)] {
            let linked = query(statement).bind(municipality).bind(&id);
            for row in &linked.fetch_all(&self.readers).await? {
                found.push(Columns::of(row).id()?);
            }
        }
        Ok((merged, repeats))
    }

    async fn first_answers(
        &self,
        municipality: &MunicipalityCode,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<FirstAnswer>, StoreError> {
        let rows = query(FIRST_ANSWERS)
            .bind(municipality.as_str())
            .bind(from.as_microsecond())
            .bind(to.as_microsecond())
            .fetch_all(&self.readers)
            .await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                Ok(FirstAnswer {
                    category: columns.code(Category::parse)?,
                    district: columns.take::<Option<String>>()?.map(DistrictCode),
                    flags: flags(columns.take()?)?,
                    received_hour: columns.time()?,
                    answered_hour: columns.time()?,
                })
            })
            .collect()
    }

    async fn change_status(&self, step: StatusStep, audit: AuditEntry) -> Result<Seq, StoreError> {
        self.writer.write(|reply| Command::ChangeStatus((step, audit), reply)).await
    }

    async fn quarantine_report(
        &self,
        key: &EventKey,
        aside: Option<PutAside>,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        let key = key.clone();
        self.writer.write(|reply| Command::QuarantineReport((key, aside, audit), reply)).await
    }

    async fn merge_report(
        &self,
        step: StatusStep,
        into: Id,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        self.writer.write(|reply| Command::MergeReport((step, into, audit), reply)).await
    }

    async fn mark_duplicate(
        &self,
        key: &EventKey,
        of: Option<Id>,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        let key = key.clone();
        self.writer.write(|reply| Command::MarkDuplicate((key, of, audit), reply)).await
    }

    async fn add_voice(&self, key: &EventKey, source: SourceTag) -> Result<bool, StoreError> {
        let key = key.clone();
        self.writer.write(|reply| Command::AddVoice((key, source), reply)).await
    }

    async fn erase_report(&self, key: &EventKey, audit: AuditEntry) -> Result<bool, StoreError> {
        let key = key.clone();
        self.writer.write(|reply| Command::EraseReport((key, audit), reply)).await
    }
}
