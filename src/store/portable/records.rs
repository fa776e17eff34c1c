//! Requests for documents, and the trait over public records.

use super::columns::Columns;
use super::insert::insert_rows;
use super::writer::Command;
use super::{Connection, Row, SqlStore, audit, found, statements};
use crate::store::{Archive, AuditEntry, EventKey, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{
    Category, DueRecord, Id, MunicipalityCode, RecordItem, RecordRequest, RecordSelection,
    RecordVerdict, RetentionClass, RetentionDecision, RetentionRun,
};
use jiff::Timestamp;
use sqlx::query;
use std::collections::HashMap;

/// Before the rows of `record_items`.
pub(super) const INSERT_ITEMS: &str =
    "INSERT INTO record_items (municipality, request, report, photos) ";

statements! {
    CANDIDATES = "SELECT id, category, district FROM events
        WHERE municipality = $1 AND kind = 'report' AND received_hour >= $2 AND received_hour < $3
        ORDER BY received_hour, id";
    ADD_REQUEST = "INSERT INTO record_requests
        (municipality, id, reference, asked, opened_by, opened_hour) VALUES ($1, $2, $3, $4, $5, $6)";
    REQUESTS = "SELECT id, municipality, reference, asked, opened_by, opened_hour, closed_hour
        FROM record_requests WHERE municipality = $1
        ORDER BY CASE WHEN closed_hour IS NULL THEN 0 ELSE 1 END, opened_hour DESC, id";
    ITEMS = "SELECT i.request, i.report, i.verdict, i.ground, i.text, i.photos, i.reviewed_by,
            i.reviewed_hour
        FROM record_items i JOIN events e ON e.municipality = i.municipality AND e.id = i.report
        WHERE i.municipality = $1 ORDER BY i.request, e.received_hour, i.report";
    SET_ITEM = "UPDATE record_items SET verdict = $4, ground = $5, text = $6, photos = $7,
            reviewed_by = $8, reviewed_hour = $9
        WHERE municipality = $1 AND request = $2 AND report = $3
        AND EXISTS (SELECT 1 FROM record_requests q WHERE q.municipality = $1 AND q.id = $2
            AND q.closed_hour IS NULL)";
    CLOSE_REQUEST = "UPDATE record_requests SET closed_hour = $3
        WHERE municipality = $1 AND id = $2 AND closed_hour IS NULL";
}

/// Opens a request.
pub(super) async fn add_request(
    connection: &mut Connection,
    (request, entry): &(RecordRequest, AuditEntry),
) -> Result<(), StoreError> {
    let (municipality, id) = (request.municipality.as_str(), request.id.to_string());
    query(ADD_REQUEST)
        .bind(municipality)
        .bind(&id)
        .bind(&request.reference)
        .bind(&request.asked)
        .bind(&request.opened_by)
        .bind(request.opened_hour.as_microsecond())
        .execute(&mut *connection)
        .await?;
    insert_rows(connection, INSERT_ITEMS, &request.items, |mut columns, item| {
        columns
            .push_bind(municipality.to_owned())
            .push_bind(id.clone())
            .push_bind(item.report.to_string())
            .push_bind(0_i64);
    })
    .await?;
    audit::append(connection, entry).await
}

/// Sets what the review of one document came to.
pub(super) async fn set_item(
    connection: &mut Connection,
    (municipality, request, item, entry): &(MunicipalityCode, Id, RecordItem, AuditEntry),
) -> Result<(), StoreError> {
    let set = query(SET_ITEM)
        .bind(municipality.as_str())
        .bind(request.to_string())
        .bind(item.report.to_string())
        .bind(item.verdict.map(RecordVerdict::code))
        .bind(&item.ground)
        .bind(&item.text)
        .bind(i64::from(item.photos))
        .bind(&item.reviewed_by)
        .bind(item.reviewed_hour.map(Timestamp::as_microsecond));
    found(set.execute(&mut *connection).await?.rows_affected(), "record item")?;
    audit::append(connection, entry).await
}

/// Closes a request.
pub(super) async fn close(
    connection: &mut Connection,
    (municipality, request, entry): &(MunicipalityCode, Id, AuditEntry),
) -> Result<(), StoreError> {
    let hour = entry.at.as_second().div_euclid(3600) * 3_600_000_000;
    let close = query(CLOSE_REQUEST).bind(municipality.as_str()).bind(request.to_string());
    found(close.bind(hour).execute(&mut *connection).await?.rows_affected(), "record request")?;
    audit::append(connection, entry).await
}

fn request(
    row: &Row,
    items: &mut HashMap<Id, Vec<RecordItem>>,
) -> Result<RecordRequest, StoreError> {
    let columns = &mut Columns::of(row);
    let id = columns.id()?;
    Ok(RecordRequest {
        id,
        municipality: columns.code(|text| MunicipalityCode::parse(text).ok())?,
        reference: columns.take()?,
        asked: columns.take()?,
        opened_by: columns.take()?,
        opened_hour: columns.time()?,
        closed_hour: columns.maybe_time()?,
        items: items.remove(&id).unwrap_or_default(),
    })
}

fn item(columns: &mut Columns<'_>) -> Result<RecordItem, StoreError> {
    Ok(RecordItem {
        report: columns.id()?,
        verdict: columns.maybe_code(RecordVerdict::parse)?,
        ground: columns.take()?,
        text: columns.take()?,
        photos: columns.number::<u8>()? == 1,
        reviewed_by: columns.take()?,
        reviewed_hour: columns.maybe_time()?,
    })
}

#[async_trait]
impl Archive for SqlStore {
    async fn insert_decision(
        &self,
        decision: RetentionDecision,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        let new = Box::new((decision, audit));
        self.writer.write(|reply| Command::InsertDecision(new, reply)).await
    }

    async fn decisions(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<RetentionDecision>, StoreError> {
        self.every_decision(municipality).await
    }

    async fn due_records(
        &self,
        municipality: &MunicipalityCode,
        class: RetentionClass,
        before: Timestamp,
    ) -> Result<Vec<DueRecord>, StoreError> {
        self.everything_due(municipality, class, before).await
    }

    async fn erase_event(&self, key: &EventKey, audit: AuditEntry) -> Result<bool, StoreError> {
        let key = key.clone();
        self.writer.write(|reply| Command::EraseEvent((key, audit), reply)).await
    }

    async fn forget_originals(
        &self,
        key: &EventKey,
        before: Timestamp,
        audit: AuditEntry,
    ) -> Result<u64, StoreError> {
        let new = (key.clone(), before, audit);
        self.writer.write(|reply| Command::ForgetOriginals(new, reply)).await
    }

    async fn insert_run(&self, run: RetentionRun, audit: AuditEntry) -> Result<(), StoreError> {
        let new = Box::new((run, audit));
        self.writer.write(|reply| Command::InsertRun(new, reply)).await
    }

    async fn retention_runs(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<RetentionRun>, StoreError> {
        self.every_run(municipality).await
    }

    async fn select_records(
        &self,
        municipality: &MunicipalityCode,
        selection: &RecordSelection,
    ) -> Result<Vec<Id>, StoreError> {
        let bound = |at: Option<Timestamp>, open: i64| at.map_or(open, Timestamp::as_microsecond);
        let rows = query(CANDIDATES)
            .bind(municipality.as_str())
            .bind(bound(selection.from, i64::MIN))
            .bind(bound(selection.to, i64::MAX))
            .fetch_all(&self.readers)
            .await?;
        let mut selected = Vec::new();
        for row in &rows {
            let columns = &mut Columns::of(row);
            let id = columns.id()?;
            let category = columns.code(Category::parse)?;
            let district: Option<String> = columns.take()?;
            let (categories, districts) = (&selection.categories, &selection.districts);
            let within = district.is_some_and(|code| districts.contains(&code));
            if (categories.is_empty() || categories.contains(&category))
                && (districts.is_empty() || within)
            {
                selected.push(id);
            }
        }
        Ok(selected)
    }

    async fn insert_request(
        &self,
        request: RecordRequest,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        let new = Box::new((request, audit));
        self.writer.write(|reply| Command::InsertRequest(new, reply)).await
    }

    async fn record_requests(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<RecordRequest>, StoreError> {
        let code = municipality.as_str();
        let mut snapshot = self.readers.begin_with(super::super::SNAPSHOT).await?;
        let requests = query(REQUESTS).bind(code).fetch_all(&mut *snapshot).await?;
        let parts = query(ITEMS).bind(code).fetch_all(&mut *snapshot).await?;
        snapshot.rollback().await?;
        let mut items: HashMap<Id, Vec<RecordItem>> = HashMap::new();
        for part in &parts {
            let columns = &mut Columns::of(part);
            items.entry(columns.id()?).or_default().push(item(columns)?);
        }
        requests.iter().map(|row| request(row, &mut items)).collect()
    }

    async fn review_record(
        &self,
        municipality: &MunicipalityCode,
        request: Id,
        item: RecordItem,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        let new = Box::new((municipality.clone(), request, item, audit));
        self.writer.write(|reply| Command::ReviewRecord(new, reply)).await
    }

    async fn close_request(
        &self,
        municipality: &MunicipalityCode,
        request: Id,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        let new = (municipality.clone(), request, audit);
        self.writer.write(|reply| Command::CloseRequest(new, reply)).await
    }
}
