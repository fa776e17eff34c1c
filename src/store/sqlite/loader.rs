//! Streams a municipality's events for the index.
//!
//! The driver of `portable` hands over each row through a channel, with an
//! allocation for each column: for a million events that costs several times
//! what SQLite itself needs. So this one statement is read on a thread of its
//! own through a connection whose rows are borrowed, and handed over in chunks.

use super::portable::events::{EventColumns, LOAD_EVENTS, event_row, removed_id};
use super::portable::feed::{HEAD, REMOVED};
use crate::store::{EventSink, Loaded, StoreError};
use fyren_core::domain::{EventRow, Id, MunicipalityCode, Seq};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row};
use std::path::{Path, PathBuf};
use tokio::sync::mpsc::{self, Sender};

/// Events of one chunk.
const CHUNK: usize = 2048;

/// Opens a connection for each load.
pub(super) struct Loader {
    file: PathBuf,
}

impl Loader {
    pub(super) fn new(file: &Path) -> Self {
        Self { file: file.to_owned() }
    }

    /// See [`crate::store::Events::load_events`].
    pub(super) async fn load(
        &self,
        municipality: &MunicipalityCode,
        after: Seq,
        sink: EventSink<'_>,
    ) -> Result<Loaded, StoreError> {
        let (chunks, mut read) = mpsc::channel(4);
        let (file, code) = (self.file.clone(), municipality.clone());
        let reader = tokio::task::spawn_blocking(move || read_all(&file, &code, after, &chunks));
        while let Some(chunk) = read.recv().await {
            chunk.replay(sink);
        }
        let ended = reader.await;
        ended.map_err(|error| StoreError::Unavailable(error.to_string().into()))?
    }
}

/// Rows whose texts lie one after the other in one string.
#[derive(Default)]
struct Chunk {
    rows: Vec<(EventRow<'static>, [usize; 3])>,
    texts: String,
}

impl Chunk {
    fn push(&mut self, row: &EventRow<'_>) {
        let texts = [row.category, row.district, row.status];
        for text in texts {
            self.texts.push_str(text);
        }
        self.rows.push((without_texts(row), texts.map(str::len)));
    }

    fn replay(&self, sink: EventSink<'_>) {
        let mut rest = self.texts.as_str();
        for (row, lengths) in &self.rows {
            let [category, district, status] = lengths.map(|length| {
                let (text, after) = rest.split_at(length);
                rest = after;
                text
            });
            sink(EventRow { category, district, status, ..*row });
        }
    }
}

fn without_texts(row: &EventRow<'_>) -> EventRow<'static> {
    EventRow {
        id: row.id,
        seq: row.seq,
        kind: row.kind,
        anchor: row.anchor,
        precision_m: row.precision_m,
        start: row.start,
        end: row.end,
        time_precision: row.time_precision,
        masks: row.masks,
        received_hour: row.received_hour,
        category: "",
        source_class: row.source_class,
        source_tag: row.source_tag,
        district: "",
        flags: row.flags,
        weight: row.weight,
        status: "",
    }
}

fn read_all(
    file: &Path,
    municipality: &MunicipalityCode,
    after: Seq,
    chunks: &Sender<Chunk>,
) -> Result<Loaded, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(super::BUSY)?;
    let snapshot = connection.transaction()?;
    let code = municipality.as_str();
    let head = snapshot.query_row(HEAD, [code], |row| row.get(0)).optional()?;
    let head = Seq(head.ok_or(StoreError::NotFound("municipality"))?);
    let removed = removed(&snapshot, code, after)?;
    let mut statement = snapshot.prepare(LOAD_EVENTS)?;
    let mut rows = statement.query((code, after.0))?;
    let mut chunk = Chunk::default();
    while let Some(row) = rows.next()? {
        chunk.push(&event_row(row)?);
        if chunk.rows.len() == CHUNK && chunks.blocking_send(std::mem::take(&mut chunk)).is_err() {
            break;
        }
    }
    // A reader that has gone away needs no rows.
    drop(chunks.blocking_send(chunk));
    Ok(Loaded { head, removed })
}

fn removed(snapshot: &Connection, code: &str, after: Seq) -> Result<Vec<Id>, StoreError> {
    let mut statement = snapshot.prepare(REMOVED)?;
    let mut rows = statement.query((code, after.0))?;
    let mut removed = Vec::new();
    while let Some(row) = rows.next()? {
        removed.push(removed_id(row)?);
    }
    Ok(removed)
}

impl EventColumns for Row<'_> {
    fn integer(&self, at: usize) -> Result<i64, StoreError> {
        Ok(self.get_ref(at)?.as_i64()?)
    }

    fn maybe_integer(&self, at: usize) -> Result<Option<i64>, StoreError> {
        Ok(self.get_ref(at)?.as_i64_or_null()?)
    }

    fn real(&self, at: usize) -> Result<f64, StoreError> {
        Ok(self.get_ref(at)?.as_f64()?)
    }

    fn maybe_real(&self, at: usize) -> Result<Option<f64>, StoreError> {
        Ok(self.get_ref(at)?.as_f64_or_null()?)
    }

    fn text(&self, at: usize) -> Result<&str, StoreError> {
        Ok(self.get_ref(at)?.as_str()?)
    }

    fn maybe_text(&self, at: usize) -> Result<&str, StoreError> {
        Ok(self.get_ref(at)?.as_str_or_null()?.unwrap_or_default())
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Unavailable(error.to_string().into())
    }
}

impl From<rusqlite::types::FromSqlError> for StoreError {
    fn from(error: rusqlite::types::FromSqlError) -> Self {
        Self::Corrupt(error.to_string().into())
    }
}
