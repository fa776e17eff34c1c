//! Incidents.

use super::columns::Columns;
use super::events::{Event, event_columns};
use super::insert::{insert_imported, insert_rows};
use super::writer::Command;
use super::{Connection, Row, SqlStore, key_text, statements};
use crate::store::{EventKey, Imported, Incidents, StoreError, StoredCount};
use async_trait::async_trait;
use fyren_core::domain::{EventKind, Flags, Incident};
use sqlx::query;

/// Incidents of one transaction of an import; a multiple of the rows of a statement.
const CHUNK: usize = 4096;

/// Before the rows of `incidents`.
pub(super) const INSERT_INCIDENTS: &str =
    "INSERT INTO incidents (municipality, id, text, foreign_source, foreign_status) ";

statements! {
    BY_ID = concat!(
        "SELECT ",
        event_columns!(),
        ", i.text, i.foreign_source, i.foreign_status
        FROM incidents i JOIN events e ON e.municipality = i.municipality AND e.id = i.id
        WHERE i.municipality = $1 AND i.id = $2"
    );
}

/// Writes one transaction's part of an import.
pub(super) async fn insert(
    connection: &mut Connection,
    incidents: &[Imported<Incident>],
) -> Result<StoredCount, StoreError> {
    let (stored, count) = insert_imported(connection, EventKind::Incident, incidents).await?;
    insert_rows(connection, INSERT_INCIDENTS, &stored, |mut columns, imported| {
        let incident = &imported.event;
        columns
            .push_bind(incident.municipality.as_str().to_owned())
            .push_bind(incident.id.to_string())
            .push_bind(incident.text.clone())
            .push_bind(incident.foreign_source.clone())
            .push_bind(incident.foreign_status.clone());
    })
    .await?;
    Ok(count)
}

fn incident(row: &Row) -> Result<Incident, StoreError> {
    let columns = &mut Columns::of(row);
    let event = Event::read(columns)?;
    Ok(Incident {
        id: event.id,
        seq: event.seq,
        municipality: event.municipality,
        category: event.category,
        located: event.located,
        when: event.when,
        police_initiated: event.flags.has(Flags::POLICE_INITIATED),
        text: columns.take()?,
        foreign_source: columns.take()?,
        foreign_status: columns.take()?,
        source_class: event.source_class,
        source_tag: event.source_tag,
        synthetic: event.flags.has(Flags::SYNTHETIC),
        retention: event.retention,
        received_hour: event.received_hour,
    })
}

#[async_trait]
impl Incidents for SqlStore {
    async fn insert_incidents(
        &self,
        incidents: Vec<Imported<Incident>>,
    ) -> Result<StoredCount, StoreError> {
        self.in_chunks(incidents, CHUNK, Command::InsertIncidents).await
    }

    async fn incident(&self, key: &EventKey) -> Result<Option<Incident>, StoreError> {
        let (municipality, id) = key_text(key);
        let row = query(BY_ID).bind(municipality).bind(id).fetch_optional(&self.readers).await?;
        row.as_ref().map(incident).transpose()
    }
}
