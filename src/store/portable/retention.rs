//! What is let go by decision, and the protocols of it.

use super::columns::Columns;
use super::insert::insert_rows;
use super::{Connection, Row, SqlStore, audit, feed, key_text, over, statements};
use crate::store::{AuditEntry, EventKey, StoreError};
use fyren_core::domain::{
    DueRecord, HeldRecord, MunicipalityCode, RetentionClass, RetentionDecision, RetentionRow,
    RetentionRun,
};
use jiff::Timestamp;
use sqlx::query;
use std::collections::HashMap;

/// Before the rows of `retention_rows`.
pub(super) const INSERT_ROWS: &str =
    "INSERT INTO retention_rows (municipality, run, category, month, number) ";

statements! {
    ADD_DECISION = "INSERT INTO retention_decisions
        (municipality, class, number, decided_on, days, entered_by, entered_hour)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (municipality, class, number) DO NOTHING";
    DECISIONS = "SELECT municipality, class, number, decided_on, days, entered_by, entered_hour
        FROM retention_decisions WHERE municipality = $1
        ORDER BY class, decided_on DESC, entered_hour DESC, number";
    DUE = concat!("SELECT e.id, e.category, e.received_hour,
            CAST(CASE WHEN e.kind = 'report' AND e.status NOT IN ", over!(), "
                AND r.channel <> 'import' THEN 1 ELSE 0 END AS BIGINT),
            CAST(CASE WHEN EXISTS (SELECT 1 FROM record_items i
                JOIN record_requests q ON q.municipality = i.municipality AND q.id = i.request
                WHERE i.municipality = e.municipality AND i.report = e.id
                AND q.closed_hour IS NULL) THEN 1 ELSE 0 END AS BIGINT)
        FROM events e LEFT JOIN reports r ON r.municipality = e.municipality AND r.id = e.id
        WHERE e.municipality = $1 AND e.retention = $2 AND e.received_hour < $3
        ORDER BY e.received_hour, e.id");
    DUE_ORIGINALS = "SELECT x.report, e.category, x.at_hour, CAST(0 AS BIGINT),
            CAST(CASE WHEN EXISTS (SELECT 1 FROM record_items i
                JOIN record_requests q ON q.municipality = i.municipality AND q.id = i.request
                WHERE i.municipality = x.municipality AND i.report = x.report
                AND q.closed_hour IS NULL) THEN 1 ELSE 0 END AS BIGINT)
        FROM redactions x JOIN events e ON e.municipality = x.municipality AND e.id = x.report
        WHERE x.municipality = $1 AND x.at_hour < $2
        AND (x.original_text IS NOT NULL OR x.original_jpeg IS NOT NULL)
        ORDER BY x.at_hour, x.report, x.step";
    FORGET_ORIGINALS = "UPDATE redactions SET original_text = NULL, original_jpeg = NULL
        WHERE municipality = $1 AND report = $2 AND at_hour < $3
        AND (original_text IS NOT NULL OR original_jpeg IS NOT NULL)";
    FREE_CORRECTIONS = "UPDATE visits SET corrects = NULL WHERE municipality = $1 AND corrects = $2";
    ERASE_INCIDENT = "DELETE FROM incidents WHERE municipality = $1 AND id = $2";
    ERASE_VISIT = "DELETE FROM visits WHERE municipality = $1 AND id = $2";
    ERASE_EVENT = "DELETE FROM events WHERE municipality = $1 AND id = $2 AND kind <> 'report'";
    IS_OTHER = "SELECT id FROM events WHERE municipality = $1 AND id = $2 AND kind <> 'report'";
    ADD_RUN = "INSERT INTO retention_runs (municipality, id, class, number, decided_on, days,
        before_at, run_at, by_name, held_open, held_requested)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    RUNS = "SELECT id, municipality, class, number, decided_on, days, before_at, run_at, by_name,
        held_open, held_requested FROM retention_runs WHERE municipality = $1
        ORDER BY run_at DESC, id";
    ROWS = "SELECT run, category, month, number FROM retention_rows WHERE municipality = $1
        ORDER BY run, category, month";
}

/// Stores a decision for good.
pub(super) async fn add_decision(
    connection: &mut Connection,
    (decision, entry): &(RetentionDecision, AuditEntry),
) -> Result<(), StoreError> {
    let added = query(ADD_DECISION)
        .bind(decision.municipality.as_str())
        .bind(decision.class.code())
        .bind(&decision.number)
        .bind(decision.decided_on.to_string())
        .bind(i64::from(decision.days))
        .bind(&decision.entered_by)
        .bind(decision.entered_hour.as_microsecond())
        .execute(&mut *connection)
        .await?;
    if added.rows_affected() == 0 {
        return Err(StoreError::Conflict("decision_exists"));
    }
    audit::append(connection, entry).await
}

/// Erases an incident or a visit.
pub(super) async fn erase(
    connection: &mut Connection,
    (key, entry): &(EventKey, AuditEntry),
) -> Result<bool, StoreError> {
    let (municipality, id) = key_text(key);
    let known = query(IS_OTHER).bind(municipality).bind(&id).fetch_optional(&mut *connection);
    if known.await?.is_none() {
        return Ok(false);
    }
    for statement in [FREE_CORRECTIONS, ERASE_INCIDENT, ERASE_VISIT, ERASE_EVENT] {
        query(statement).bind(municipality).bind(&id).execute(&mut *connection).await?;
    }
    feed::take_erasure(connection, municipality, key.id).await?;
    audit::forget(connection, &id).await?;
    audit::append(connection, &AuditEntry { subject: None, ..entry.clone() }).await?;
    Ok(true)
}

/// Forgets what stood in the masked parts of a report.
pub(super) async fn forget(
    connection: &mut Connection,
    (key, before, entry): &(EventKey, Timestamp, AuditEntry),
) -> Result<u64, StoreError> {
    let (municipality, id) = key_text(key);
    let forget = query(FORGET_ORIGINALS).bind(municipality).bind(id).bind(before.as_microsecond());
    let forgotten = forget.execute(&mut *connection).await?.rows_affected();
    if forgotten > 0 {
        audit::append(connection, entry).await?;
    }
    Ok(forgotten)
}

/// Stores the protocol of a run.
pub(super) async fn add_run(
    connection: &mut Connection,
    (run, entry): &(RetentionRun, AuditEntry),
) -> Result<(), StoreError> {
    let (municipality, id) = (run.municipality.as_str(), run.id.to_string());
    query(ADD_RUN)
        .bind(municipality)
        .bind(&id)
        .bind(run.class.code())
        .bind(&run.number)
        .bind(run.decided_on.to_string())
        .bind(i64::from(run.days))
        .bind(run.before.as_microsecond())
        .bind(run.at.as_microsecond())
        .bind(&run.by)
        .bind(i64::from(run.held_open))
        .bind(i64::from(run.held_requested))
        .execute(&mut *connection)
        .await?;
    insert_rows(connection, INSERT_ROWS, &run.rows, |mut columns, row| {
        columns
            .push_bind(municipality.to_owned())
            .push_bind(id.clone())
            .push_bind(row.category.clone())
            .push_bind(row.month.to_string())
            .push_bind(i64::from(row.count));
    })
    .await?;
    audit::append(connection, entry).await
}

fn decision(row: &Row) -> Result<RetentionDecision, StoreError> {
    let columns = &mut Columns::of(row);
    Ok(RetentionDecision {
        municipality: columns.code(|text| MunicipalityCode::parse(text).ok())?,
        class: columns.code(RetentionClass::parse)?,
        number: columns.take()?,
        decided_on: columns.day()?,
        days: columns.number()?,
        entered_by: columns.take()?,
        entered_hour: columns.time()?,
    })
}

fn due(row: &Row) -> Result<DueRecord, StoreError> {
    let columns = &mut Columns::of(row);
    let (id, category, received_hour) = (columns.id()?, columns.take()?, columns.time()?);
    let (open, requested): (u8, u8) = (columns.number()?, columns.number()?);
    let held = match (requested, open) {
        (1, _) => Some(HeldRecord::Requested),
        (_, 1) => Some(HeldRecord::Open),
        _ => None,
    };
    Ok(DueRecord { id, category, received_hour, held })
}

fn run(
    row: &Row,
    rows: &mut HashMap<String, Vec<RetentionRow>>,
) -> Result<RetentionRun, StoreError> {
    let columns = &mut Columns::of(row);
    let id = columns.id()?;
    Ok(RetentionRun {
        id,
        municipality: columns.code(|text| MunicipalityCode::parse(text).ok())?,
        class: columns.code(RetentionClass::parse)?,
        number: columns.take()?,
        decided_on: columns.day()?,
        days: columns.number()?,
        before: columns.time()?,
        at: columns.time()?,
        by: columns.take()?,
        rows: rows.remove(&id.to_string()).unwrap_or_default(),
        held_open: columns.number()?,
        held_requested: columns.number()?,
    })
}

impl SqlStore {
    pub(super) async fn every_decision(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<RetentionDecision>, StoreError> {
        let rows = query(DECISIONS).bind(municipality.as_str()).fetch_all(&self.readers).await?;
        rows.iter().map(decision).collect()
    }

    pub(super) async fn everything_due(
        &self,
        municipality: &MunicipalityCode,
        class: RetentionClass,
        before: Timestamp,
    ) -> Result<Vec<DueRecord>, StoreError> {
        let before = before.as_microsecond();
        let code = municipality.as_str();
        let rows = match class {
            RetentionClass::Original => query(DUE_ORIGINALS).bind(code).bind(before),
            class => query(DUE).bind(code).bind(class.code()).bind(before),
        };
        rows.fetch_all(&self.readers).await?.iter().map(due).collect()
    }

    pub(super) async fn every_run(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<RetentionRun>, StoreError> {
        let code = municipality.as_str();
        let mut snapshot = self.readers.begin_with(super::super::SNAPSHOT).await?;
        let runs = query(RUNS).bind(code).fetch_all(&mut *snapshot).await?;
        let parts = query(ROWS).bind(code).fetch_all(&mut *snapshot).await?;
        snapshot.rollback().await?;
        let mut rows: HashMap<String, Vec<RetentionRow>> = HashMap::new();
        for part in &parts {
            let columns = &mut Columns::of(part);
            let run: String = columns.take()?;
            let row = RetentionRow {
                category: columns.take()?,
                month: columns.day()?,
                count: columns.number()?,
            };
            rows.entry(run).or_default().push(row);
        }
        runs.iter().map(|row| run(row, &mut rows)).collect()
    }
}
