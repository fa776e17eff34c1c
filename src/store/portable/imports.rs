//! Imports, and taking one back.

use super::columns::Columns;
use super::exposures::REMOVE_EXPOSURES;
use super::report_leaves::unlink_others;
use super::report_steps::{state, unmerge_whole};
use super::speeds::REMOVE_SPEEDS;
use super::surveys::REMOVE_SURVEYS;
use super::writer::Command;
use super::{Connection, Row, SqlStore, audit, bytes, feed, statements};
use crate::store::imports::event_ids;
use crate::store::{
    AuditEntry, EventKey, ImportRecord, ImportRows, ImportState, Imports, NewImport, StoreError,
};
use async_trait::async_trait;
use fyren_core::domain::{ChangeKind, Id, MunicipalityCode};
use jiff::Timestamp;
use sqlx::query;

/// Events that are removed in one transaction, so that other writes get in.
const PART: i64 = 4_096;
/// Stands for every municipality.
const ALL: &str = "all";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, municipality, kind, dataset, fingerprint, actor, began_at, alive_until,
            undo, attempts, state, rows_read, rows_stored, rows_known, rows_refused FROM imports ",
            $rest
        )
    };
}

statements! {
    BEGIN = "INSERT INTO imports (id, municipality, kind, dataset, fingerprint, actor, began_at,
        alive_until, undo, attempts, state, rows_read, rows_stored, rows_known, rows_refused)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, 'running', 0, 0, 0, 0)";
    RESUME = "UPDATE imports SET attempts = attempts + 1, alive_until = $2
        WHERE id = $1 AND state = 'running' RETURNING attempts";
    KEEP = "UPDATE imports SET alive_until = $2 WHERE id = $1 AND state = 'running'";
    FINISH = "UPDATE imports SET state = 'done', rows_read = $2, rows_stored = $3, rows_known = $4,
        rows_refused = $5 WHERE id = $1 AND state = 'running'";
    SET_STATE = "UPDATE imports SET state = $2 WHERE id = $1";
    BY_ID = select!("WHERE id = $1");
    UNFINISHED = select!("WHERE state IN ('running', 'undoing') ORDER BY id");
    PAGE = select!("ORDER BY id DESC LIMIT $1 OFFSET $2");
    PAGE_OF = select!("WHERE municipality = $3 ORDER BY id DESC LIMIT $1 OFFSET $2");
    CODES = "SELECT code FROM municipalities ORDER BY code";
    EVENTS = "SELECT id FROM events WHERE municipality = $1 AND id >= $2 AND id <= $3
        ORDER BY id LIMIT $4";
    LINKED = "SELECT r.id FROM reports r WHERE r.municipality = $1 AND r.id >= $2 AND r.id <= $3
        AND (r.merged_into IS NOT NULL OR EXISTS (SELECT 1 FROM reports o
            WHERE o.municipality = r.municipality AND o.merged_into = r.id)
        OR EXISTS (SELECT 1 FROM reports o
            WHERE o.municipality = r.municipality AND o.duplicate_of = r.id))";
    FREE_CORRECTIONS = "UPDATE visits SET corrects = NULL
        WHERE municipality = $1 AND corrects >= $2 AND corrects <= $3";
    DELETE_STEPS = "DELETE FROM status_changes
        WHERE municipality = $1 AND report >= $2 AND report <= $3";
    DELETE_MESSAGES = "DELETE FROM messages
        WHERE municipality = $1 AND report >= $2 AND report <= $3";
    DELETE_REDACTIONS = "DELETE FROM redactions
        WHERE municipality = $1 AND report >= $2 AND report <= $3";
    DELETE_FORWARDS = "DELETE FROM forwards
        WHERE municipality = $1 AND report >= $2 AND report <= $3";
    DELETE_RECORDS = "DELETE FROM record_items
        WHERE municipality = $1 AND report >= $2 AND report <= $3";
    DELETE_SPANS = "DELETE FROM quarantine_spans
        WHERE municipality = $1 AND report >= $2 AND report <= $3";
    DELETE_VOICES = "DELETE FROM voices WHERE municipality = $1 AND report >= $2 AND report <= $3";
    DELETE_DEFECTS = "DELETE FROM defects
        WHERE municipality = $1 AND report >= $2 AND report <= $3";
    DELETE_REPORTS = "DELETE FROM reports WHERE municipality = $1 AND id >= $2 AND id <= $3";
    DELETE_INCIDENTS = "DELETE FROM incidents WHERE municipality = $1 AND id >= $2 AND id <= $3";
    DELETE_VISITS = "DELETE FROM visits WHERE municipality = $1 AND id >= $2 AND id <= $3";
    DELETE_EVENTS = "DELETE FROM events WHERE municipality = $1 AND id >= $2 AND id <= $3";
    FORGET = "UPDATE audit SET subject = NULL WHERE subject >= $1 AND subject <= $2";
}

pub(super) async fn begin(
    connection: &mut Connection,
    import: &NewImport,
) -> Result<(), StoreError> {
    query(BEGIN)
        .bind(import.id.to_string())
        .bind(import.municipality.as_ref().map_or(ALL, MunicipalityCode::as_str))
        .bind(&import.kind)
        .bind(&import.dataset)
        .bind(bytes(&import.fingerprint))
        .bind(&import.actor)
        .bind(import.began.as_microsecond())
        .bind(import.alive_until.as_microsecond())
        .bind(&import.undo)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn resume(
    connection: &mut Connection,
    (id, alive_until): &(Id, Timestamp),
) -> Result<u8, StoreError> {
    let resume = query(RESUME).bind(id.to_string()).bind(alive_until.as_microsecond());
    let row = resume.fetch_optional(connection).await?;
    let row = row.ok_or(StoreError::Conflict("import_state"))?;
    Columns::of(&row).number()
}

pub(super) async fn keep(
    connection: &mut Connection,
    (id, alive_until): &(Id, Timestamp),
) -> Result<(), StoreError> {
    let keep = query(KEEP).bind(id.to_string()).bind(alive_until.as_microsecond());
    running(keep.execute(connection).await?.rows_affected())
}

pub(super) async fn finish(
    connection: &mut Connection,
    (id, rows, entry): &(Id, ImportRows, AuditEntry),
) -> Result<(), StoreError> {
    let done = query(FINISH)
        .bind(id.to_string())
        .bind(number(rows.read))
        .bind(number(rows.stored))
        .bind(number(rows.known))
        .bind(number(rows.refused))
        .execute(&mut *connection)
        .await?;
    running(done.rows_affected())?;
    audit::append(connection, entry).await
}

fn running(rows: u64) -> Result<(), StoreError> {
    if rows == 0 { Err(StoreError::Conflict("import_state")) } else { Ok(()) }
}

fn number(rows: u64) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// Removes the next events of an import; says whether it was the last part.
pub(super) async fn undo_part(
    connection: &mut Connection,
    (id, entry): &(Id, AuditEntry),
) -> Result<bool, StoreError> {
    let known = query(BY_ID).bind(id.to_string()).fetch_optional(&mut *connection).await?;
    let known = record(&known.ok_or(StoreError::NotFound("import"))?)?;
    let codes = match &known.import.municipality {
        Some(code) => vec![code.to_string()],
        None => every_code(connection).await?,
    };
    for code in &codes {
        if remove_some(connection, code, *id).await? || remove_facts(connection, code, *id).await? {
            set_state(connection, *id, ImportState::Undoing).await?;
            return Ok(false);
        }
    }
    set_state(connection, *id, ImportState::Undone).await?;
    if known.state != ImportState::Undone {
        audit::append(connection, entry).await?;
    }
    Ok(true)
}

async fn every_code(connection: &mut Connection) -> Result<Vec<String>, StoreError> {
    let rows = query(CODES).fetch_all(connection).await?;
    rows.iter().map(|row| Columns::of(row).take()).collect()
}

async fn set_state(
    connection: &mut Connection,
    id: Id,
    state: ImportState,
) -> Result<(), StoreError> {
    query(SET_STATE).bind(id.to_string()).bind(state.code()).execute(connection).await?;
    Ok(())
}

/// Removes the first events of an import in a municipality; says whether there
/// were any.
async fn remove_some(
    connection: &mut Connection,
    municipality: &str,
    import: Id,
) -> Result<bool, StoreError> {
    let (first, last) = event_ids(import);
    let some = query(EVENTS).bind(municipality).bind(first.to_string()).bind(last.to_string());
    let rows = some.bind(PART).fetch_all(&mut *connection).await?;
    let ids = rows.iter().map(|row| Columns::of(row).id()).collect::<Result<Vec<_>, _>>()?;
    let (Some(first), Some(last)) = (ids.first(), ids.last()) else { return Ok(false) };
    let span = (first.to_string(), last.to_string());
    unlink(connection, municipality, &span).await?;
    for statement in [
        FREE_CORRECTIONS,
        DELETE_MESSAGES,
        DELETE_STEPS,
        DELETE_REDACTIONS,
        DELETE_FORWARDS,
        DELETE_RECORDS,
        DELETE_SPANS,
        DELETE_VOICES,
        DELETE_DEFECTS,
        DELETE_REPORTS,
        DELETE_INCIDENTS,
        DELETE_VISITS,
        DELETE_EVENTS,
    ] {
        let delete = query(statement).bind(municipality).bind(&span.0).bind(&span.1);
        delete.execute(&mut *connection).await?;
    }
    query(FORGET).bind(&span.0).bind(&span.1).execute(&mut *connection).await?;
    feed::take_erasures(connection, municipality, &ids).await?;
    Ok(true)
}

/// Removes what an import stored in a municipality that is no event; says
/// whether there was any.
async fn remove_facts(
    connection: &mut Connection,
    municipality: &str,
    import: Id,
) -> Result<bool, StoreError> {
    let (first, last) = event_ids(import);
    let mut rows = 0;
    for statement in [REMOVE_EXPOSURES, REMOVE_SPEEDS, REMOVE_SURVEYS] {
        let remove = query(statement).bind(municipality).bind(first.to_string());
        rows += remove.bind(last.to_string()).execute(&mut *connection).await?.rows_affected();
    }
    if rows > 0 {
        feed::take(connection, municipality, 1, ChangeKind::Municipality).await?;
    }
    Ok(rows > 0)
}

/// What is linked to reports that go stands for itself again.
async fn unlink(
    connection: &mut Connection,
    municipality: &str,
    (first, last): &(String, String),
) -> Result<(), StoreError> {
    let linked = query(LINKED).bind(municipality).bind(first).bind(last);
    let rows = linked.fetch_all(&mut *connection).await?;
    let code = MunicipalityCode::parse(municipality)
        .map_err(|_form| StoreError::Corrupt("code of a municipality".into()))?;
    for row in &rows {
        let key = EventKey { municipality: code.clone(), id: Columns::of(row).id()? };
        unlink_others(connection, &key).await?;
        let mut going = state(connection, &key).await?;
        unmerge_whole(connection, &key, &mut going).await?;
    }
    Ok(())
}

fn record(row: &Row) -> Result<ImportRecord, StoreError> {
    let columns = &mut Columns::of(row);
    let id = columns.id()?;
    let municipality = columns.take::<&str>()?;
    let municipality = match municipality {
        ALL => None,
        code => Some(
            MunicipalityCode::parse(code)
                .map_err(|_form| StoreError::Corrupt("municipality of an import".into()))?,
        ),
    };
    let import = NewImport {
        id,
        municipality,
        kind: columns.take()?,
        dataset: columns.take()?,
        fingerprint: columns.digest()?,
        actor: columns.take()?,
        began: columns.time()?,
        alive_until: columns.time()?,
        undo: columns.take()?,
    };
    Ok(ImportRecord {
        import,
        attempts: columns.number()?,
        state: columns.code(ImportState::parse)?,
        rows: ImportRows {
            read: columns.number()?,
            stored: columns.number()?,
            known: columns.number()?,
            refused: columns.number()?,
        },
    })
}

#[async_trait]
impl Imports for SqlStore {
    async fn begin_import(&self, import: NewImport) -> Result<(), StoreError> {
        self.writer.write(|reply| Command::BeginImport(Box::new(import), reply)).await
    }

    async fn resume_import(&self, id: Id, alive_until: Timestamp) -> Result<u8, StoreError> {
        self.writer.write(|reply| Command::ResumeImport((id, alive_until), reply)).await
    }

    async fn keep_import(&self, id: Id, alive_until: Timestamp) -> Result<(), StoreError> {
        self.writer.write(|reply| Command::KeepImport((id, alive_until), reply)).await
    }

    async fn finish_import(
        &self,
        id: Id,
        rows: ImportRows,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        self.writer.write(|reply| Command::FinishImport((id, rows, audit), reply)).await
    }

    async fn import(&self, id: Id) -> Result<Option<ImportRecord>, StoreError> {
        let row = query(BY_ID).bind(id.to_string()).fetch_optional(&self.readers).await?;
        row.as_ref().map(record).transpose()
    }

    async fn imports(
        &self,
        municipality: Option<&MunicipalityCode>,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<ImportRecord>, StoreError> {
        let page = match municipality {
            None => query(PAGE).bind(i64::from(limit)).bind(i64::from(offset)),
            Some(code) => {
                query(PAGE_OF).bind(i64::from(limit)).bind(i64::from(offset)).bind(code.as_str())
            }
        };
        page.fetch_all(&self.readers).await?.iter().map(record).collect()
    }

    async fn unfinished_imports(&self) -> Result<Vec<ImportRecord>, StoreError> {
        query(UNFINISHED).fetch_all(&self.readers).await?.iter().map(record).collect()
    }

    async fn undo_import_part(&self, id: Id, audit: AuditEntry) -> Result<bool, StoreError> {
        self.writer.write(|reply| Command::UndoImportPart((id, audit), reply)).await
    }
}
