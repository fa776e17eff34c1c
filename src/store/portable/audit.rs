//! The audit log, appended in the transaction of what it speaks of.

use super::columns::Columns;
use super::writer::Command;
use super::{Connection, Db, Row, SqlStore, bytes, statements};
use crate::store::chain::{link, read_key, subject_hash};
use crate::store::{Audit, AuditCheck, AuditEntry, AuditRecord, Digest, SensitiveRead, StoreError};
use async_trait::async_trait;
use fyren_core::domain::MunicipalityCode;
use sqlx::{Pool, query};

/// Entries that a check holds in memory at a time.
const PAGE: i64 = 10_000;
/// Parts of a long log that are checked at the same time.
const PARTS: i64 = 4;

statements! {
    NEXT = "UPDATE store_state SET audit_position = audit_position + 1
        RETURNING audit_position, audit_hash";
    INSERT = "INSERT INTO audit (position, at, actor, action, municipality, subject, subject_hash,
        detail, read_key, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    SET_HEAD = "UPDATE store_state SET audit_hash = $1";
    HEAD = "SELECT audit_position, audit_hash FROM store_state";
    KNOWN_READ = "SELECT position FROM audit WHERE read_key = $1";
    FORGET = "UPDATE audit SET subject = NULL WHERE subject = $1";
    HASH = "SELECT hash FROM audit WHERE position = $1";
    PART = "SELECT position, at, actor, action, municipality, subject, subject_hash, detail, hash
        FROM audit WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3";
}

/// Appends an entry.
pub(super) async fn append(
    connection: &mut Connection,
    entry: &AuditEntry,
) -> Result<(), StoreError> {
    append_keyed(connection, entry, None).await
}

/// Forgets a subject; the chain holds without it.
pub(super) async fn forget(connection: &mut Connection, subject: &str) -> Result<(), StoreError> {
    query(FORGET).bind(subject).execute(connection).await?;
    Ok(())
}

/// Appends a read unless it is known.
pub(super) async fn record_read(
    connection: &mut Connection,
    read: &SensitiveRead,
) -> Result<(), StoreError> {
    let key = read_key(read);
    let known = query(KNOWN_READ).bind(bytes(&key)).fetch_optional(&mut *connection).await?;
    if known.is_some() {
        return Ok(());
    }
    let entry = AuditEntry {
        at: read.at_hour,
        actor: read.actor.clone(),
        action: "read".to_owned(),
        municipality: Some(read.municipality.clone()),
        subject: None,
        detail: read.layer.clone(),
    };
    append_keyed(connection, &entry, Some(&key)).await
}

async fn append_keyed(
    connection: &mut Connection,
    entry: &AuditEntry,
    key: Option<&Digest>,
) -> Result<(), StoreError> {
    let row = query(NEXT).fetch_one(&mut *connection).await?;
    let mut columns = Columns::of(&row);
    let (position, previous) = (columns.take::<i64>()?, columns.digest()?);
    let subject = entry.subject.as_ref().map(|subject| subject_hash(position, subject));
    let hash = link(&previous, position, entry, subject.as_ref());
    query(INSERT)
        .bind(position)
        .bind(entry.at.as_microsecond())
        .bind(&entry.actor)
        .bind(&entry.action)
        .bind(entry.municipality.as_ref().map(MunicipalityCode::as_str))
        .bind(&entry.subject)
        .bind(subject.as_ref().map(bytes))
        .bind(&entry.detail)
        .bind(key.map(bytes))
        .bind(bytes(&hash))
        .execute(&mut *connection)
        .await?;
    query(SET_HEAD).bind(bytes(&hash)).execute(connection).await?;
    Ok(())
}

/// An entry with the hash that stands for its subject.
fn record(row: &Row) -> Result<(AuditRecord, Option<Digest>), StoreError> {
    let columns = &mut Columns::of(row);
    let position = columns.take()?;
    let at = columns.time()?;
    let (actor, action) = (columns.take()?, columns.take()?);
    let municipality = columns.maybe_code(|text| MunicipalityCode::parse(text).ok())?;
    let subject = columns.take()?;
    let stored = columns.take::<Option<&[u8]>>()?;
    let subject_hash = stored.and_then(|bytes| bytes.try_into().ok()).map(Digest);
    let entry = AuditEntry { at, actor, action, municipality, subject, detail: columns.take()? };
    Ok((AuditRecord { position, entry, hash: columns.digest()? }, subject_hash))
}

/// Whether an entry follows `previous` at `position` as it was written.
fn follows(row: &Row, position: i64, previous: &Digest) -> Option<Digest> {
    // What cannot even be read was not written by this store.
    let (found, stored) = record(row).ok()?;
    let subject = found.entry.subject.as_deref();
    let told = subject.is_none_or(|text| stored == Some(subject_hash(position, text)));
    let expected = link(previous, position, &found.entry, stored.as_ref());
    (found.position == position && told && found.hash == expected).then_some(expected)
}

/// Checks the entries after the first position of `span` up to its last, each
/// against the one before; gives the last hash, or the first broken position.
/// The first of the span is the last of the part before, which checks it.
async fn verify_part(
    readers: Pool<Db>,
    (first, last): (i64, i64),
) -> Result<Result<Digest, i64>, StoreError> {
    let mut position = first;
    let mut previous = Digest([0; 32]);
    if first > 0 {
        let before = query(HASH).bind(first).fetch_optional(&readers).await?;
        let Some(before) = before else { return Ok(Err(first)) };
        previous = Columns::of(&before).digest()?;
    }
    while position < last {
        let part = query(PART).bind(position).bind(last).bind(PAGE);
        let rows = part.fetch_all(&readers).await?;
        if rows.is_empty() {
            return Ok(Err(position + 1));
        }
        for row in &rows {
            position += 1;
            match follows(row, position, &previous) {
                Some(hash) => previous = hash,
                None => return Ok(Err(position)),
            }
        }
    }
    Ok(Ok(previous))
}

#[async_trait]
impl Audit for SqlStore {
    async fn append_audit(&self, entry: AuditEntry) -> Result<(), StoreError> {
        self.writer.write(|reply| Command::AppendAudit(entry, reply)).await
    }

    async fn record_read(&self, read: SensitiveRead) -> Result<(), StoreError> {
        let key = read_key(&read);
        let known = query(KNOWN_READ).bind(bytes(&key)).fetch_optional(&self.readers).await?;
        if known.is_some() {
            return Ok(());
        }
        self.writer.write(|reply| Command::RecordRead(read, reply)).await
    }

    async fn audit_entries(&self, after: i64, limit: u32) -> Result<Vec<AuditRecord>, StoreError> {
        let part = query(PART).bind(after).bind(i64::MAX).bind(i64::from(limit));
        let rows = part.fetch_all(&self.readers).await?;
        rows.iter().map(|row| record(row).map(|(record, _)| record)).collect()
    }

    async fn verify_audit(&self) -> Result<AuditCheck, StoreError> {
        let row = query(HEAD).fetch_one(&self.readers).await?;
        let mut columns = Columns::of(&row);
        let (entries, head) = (columns.take::<i64>()?, columns.digest()?);
        let step = (entries / PARTS + 1).max(PAGE);
        let starts = (0..PARTS).map(|part| part * step).take_while(|start| *start < entries);
        let parts: Vec<_> = starts
            .map(|start| {
                let span = (start, entries.min(start + step));
                tokio::spawn(verify_part(self.readers.clone(), span))
            })
            .collect();
        let mut previous = Digest([0; 32]);
        for part in parts {
            // A part that panics has found something that nobody can read.
            let part = part
                .await
                .map_err(|stop| StoreError::Corrupt(format!("the audit log: {stop}").into()))?;
            match part? {
                Ok(hash) => previous = hash,
                Err(position) => return Ok(AuditCheck::BrokenAt { position }),
            }
        }
        let ends_there = previous == head;
        Ok(if ends_there {
            AuditCheck::Intact { entries }
        } else {
            AuditCheck::BrokenAt { position: entries + 1 }
        })
    }
}
