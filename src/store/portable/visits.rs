//! Visits, and the corrections that only add.

use super::columns::{Columns, joined};
use super::events::{Event, event_columns, flags};
use super::insert::{insert_events, insert_imported, insert_rows};
use super::submit::{INSERT_KEYS, push_key};
use super::writer::Command;
use super::{Connection, Db, Row, SqlStore, bytes, feed, key_text, statements};
use crate::store::record::Record;
use crate::store::{
    Digest, EventKey, Imported, LoggedVisit, NewVisit, StoreError, StoredCount, Visits,
};
use async_trait::async_trait;
use fyren_core::domain::{
    ChangeKind, ContactBand, EventKind, Flags, Id, Mode, MunicipalityCode, Purpose, Seen, Seq,
    Tactic, UnitKind, Visit,
};
use jiff::Timestamp;
use sqlx::query;
use sqlx::query_builder::Separated;

/// Visits of one transaction of an import; a multiple of the rows of a statement.
const CHUNK: usize = 4096;

/// Before the rows of `visits`.
pub(super) const INSERT_VISITS: &str = "INSERT INTO visits (municipality, id, unit, mode, tactics, seen, corrects, contacts, withdrawn, key_hmac) ";

statements! {
    BY_ID = concat!(
        "SELECT ",
        event_columns!(),
        ", v.unit, v.mode, v.tactics, v.seen, v.corrects, v.contacts, v.withdrawn
        FROM visits v JOIN events e ON e.municipality = v.municipality AND e.id = v.id
        WHERE v.municipality = $1 AND v.id = $2"
    );
    OF_UNIT = concat!(
        "SELECT ",
        event_columns!(),
        ", v.unit, v.mode, v.tactics, v.seen, v.corrects, v.contacts, v.withdrawn
        FROM visits v JOIN events e ON e.municipality = v.municipality AND e.id = v.id
        WHERE v.municipality = $1 AND v.unit = $2 AND e.start_at >= $3
        ORDER BY e.start_at, e.seq"
    );
    KEY = "SELECT k.body_hash, v.id FROM idempotency_keys k
        LEFT JOIN visits v ON v.municipality = k.municipality AND v.key_hmac = k.key_hmac
        WHERE k.municipality = $1 AND k.key_hmac = $2";
    FLAGS = "SELECT flags FROM events WHERE municipality = $1 AND id = $2 AND kind = 'visit'";
    MARK_CORRECTED = "UPDATE events SET seq = $3, flags = $4 WHERE municipality = $1 AND id = $2";
}

/// Logs one visit.
pub(super) async fn log(
    connection: &mut Connection,
    new: &NewVisit,
) -> Result<LoggedVisit, StoreError> {
    if let Some(known) = replay(connection, new).await? {
        return Ok(known);
    }
    let municipality = new.visit.municipality.as_str();
    if let Some(corrected) = new.visit.corrects {
        mark_corrected(connection, municipality, corrected).await?;
    }
    let seq = feed::take(connection, municipality, 1, ChangeKind::Visit).await?;
    insert_events(connection, &[(seq, Record::from(new))]).await?;
    insert_rows(connection, INSERT_VISITS, &[&new.visit], |columns, visit| {
        push_visit(columns, visit, Some(&new.idempotency.key_hmac));
    })
    .await?;
    insert_rows(connection, INSERT_KEYS, &[&new.idempotency], |columns, key| {
        push_key(columns, municipality, key);
    })
    .await?;
    Ok(LoggedVisit::Created(Seq(seq)))
}

async fn replay(
    connection: &mut Connection,
    new: &NewVisit,
) -> Result<Option<LoggedVisit>, StoreError> {
    let row = query(KEY)
        .bind(new.visit.municipality.as_str())
        .bind(bytes(&new.idempotency.key_hmac))
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let columns = &mut Columns::of(&row);
    let same = columns.digest()? == new.idempotency.body_hash;
    Ok(Some(match columns.maybe_code(Id::parse)? {
        Some(id) if same => LoggedVisit::Replayed(id),
        _ => LoggedVisit::KeyReused,
    }))
}

async fn mark_corrected(
    connection: &mut Connection,
    municipality: &str,
    corrected: Id,
) -> Result<(), StoreError> {
    let id = corrected.to_string();
    let row = query(FLAGS).bind(municipality).bind(&id).fetch_optional(&mut *connection).await?;
    let row = row.ok_or(StoreError::NotFound("visit"))?;
    let earlier = flags(Columns::of(&row).take()?)?;
    if earlier.has(Flags::CORRECTED) {
        return Err(StoreError::Conflict("visit_corrected"));
    }
    let seq = feed::take(connection, municipality, 1, ChangeKind::Visit).await?;
    query(MARK_CORRECTED)
        .bind(municipality)
        .bind(id)
        .bind(seq)
        .bind(i64::from(earlier.with(Flags::CORRECTED).bits()))
        .execute(connection)
        .await?;
    Ok(())
}

fn push_visit(
    mut columns: Separated<'_, Db, &'static str>,
    visit: &Visit,
    key_hmac: Option<&Digest>,
) {
    columns
        .push_bind(visit.municipality.as_str().to_owned())
        .push_bind(visit.id.to_string())
        .push_bind(visit.unit.clone())
        .push_bind(visit.mode.code())
        .push_bind(joined(&visit.tactics, Tactic::code))
        .push_bind(visit.seen.map(Seen::code))
        .push_bind(visit.corrects.map(|id| id.to_string()))
        .push_bind(visit.contacts.map(ContactBand::code))
        .push_bind(visit.withdrawn)
        .push_bind(key_hmac.map(|key| key.0.to_vec()));
}

/// Writes one transaction's part of an import.
pub(super) async fn insert(
    connection: &mut Connection,
    visits: &[Imported<Visit>],
) -> Result<StoredCount, StoreError> {
    if visits.iter().any(|imported| imported.event.corrects.is_some()) {
        return Err(StoreError::Conflict("visit_import_corrects"));
    }
    let (stored, count) = insert_imported(connection, EventKind::Visit, visits).await?;
    insert_rows(connection, INSERT_VISITS, &stored, |columns, imported| {
        push_visit(columns, &imported.event, None);
    })
    .await?;
    Ok(count)
}

fn visit(row: &Row) -> Result<Visit, StoreError> {
    let columns = &mut Columns::of(row);
    let event = Event::read(columns)?;
    let corrupt = |what: &str| StoreError::Corrupt(format!("{what} of a visit").into());
    let (start, end) = event.start.zip(event.end).ok_or_else(|| corrupt("span"))?;
    Ok(Visit {
        id: event.id,
        seq: event.seq,
        municipality: event.municipality,
        unit: columns.take()?,
        unit_kind: UnitKind::parse(&event.status).ok_or_else(|| corrupt("unit kind"))?,
        located: event.located,
        started_at: start,
        ended_at: end,
        mode: columns.code(Mode::parse)?,
        purpose: Purpose::parse(&event.category).ok_or_else(|| corrupt("purpose"))?,
        tactics: columns.codes(Tactic::parse)?,
        seen: columns.maybe_code(Seen::parse)?,
        corrects: columns.maybe_code(Id::parse)?,
        contacts: columns.maybe_code(ContactBand::parse)?,
        withdrawn: columns.take()?,
        source_tag: event.source_tag,
        synthetic: event.flags.has(Flags::SYNTHETIC),
    })
}

#[async_trait]
impl Visits for SqlStore {
    async fn log_visit(&self, visit: NewVisit) -> Result<LoggedVisit, StoreError> {
        self.writer.write(|reply| Command::LogVisit(Box::new(visit), reply)).await
    }

    async fn insert_visits(&self, visits: Vec<Imported<Visit>>) -> Result<StoredCount, StoreError> {
        self.in_chunks(visits, CHUNK, Command::InsertVisits).await
    }

    async fn visit(&self, key: &EventKey) -> Result<Option<Visit>, StoreError> {
        let (municipality, id) = key_text(key);
        let row = query(BY_ID).bind(municipality).bind(id).fetch_optional(&self.readers).await?;
        row.as_ref().map(visit).transpose()
    }

    async fn visits_of_unit(
        &self,
        municipality: &MunicipalityCode,
        unit: &str,
        since: Timestamp,
    ) -> Result<Vec<Visit>, StoreError> {
        let asked = query(OF_UNIT).bind(municipality.as_str()).bind(unit);
        let rows = asked.bind(since.as_microsecond()).fetch_all(&self.readers).await?;
        rows.iter().map(visit).collect()
    }
}
