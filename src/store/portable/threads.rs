//! Threads of reports.

use super::columns::Columns;
use super::events::flags;
use super::insert::insert_rows;
use super::submit::{INSERT_KEYS, push_key};
use super::writer::Command;
use super::{
    Connection, Row, SqlStore, audit, bytes, key_text, letters, measures, over, photos,
    report_leaves, report_steps, statements,
};
use crate::store::{AuditEntry, EventKey, NewMessage, StoreError, Submitted, Threads};
use async_trait::async_trait;
use fyren_core::domain::{
    Category, DistrictCode, Flags, LetterKind, Message, MessageKind, MunicipalityCode,
    ReportStatus, ResidentVerdict, Role, Seq, Waiting, WaitingFor,
};
use jiff::Timestamp;
use sqlx::query;

statements! {
    ADD = "INSERT INTO messages (municipality, report, position, kind, role, text, first_photo,
            photos, after_step, at_hour, seen, key_hmac)
        SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), (SELECT COUNT(*) FROM messages
                WHERE municipality = $1 AND report = $2), CAST($3 AS TEXT), CAST($4 AS TEXT),
            CAST($5 AS TEXT), CAST($6 AS BIGINT), CAST($7 AS BIGINT), (SELECT COUNT(*)
                FROM status_changes WHERE municipality = $1 AND report = $2),
            CAST($8 AS BIGINT), CAST($9 AS BIGINT), $10";
    ALL = "SELECT kind, role, text, first_photo, photos, after_step, at_hour, seen FROM messages
        WHERE municipality = $1 AND report = $2 ORDER BY position";
    READ = "UPDATE messages SET seen = 1 WHERE municipality = $1 AND report = $2 AND seen = 0";
    // Who waits: nobody has answered, or nobody has read what was written since, or a report that
    // its sender opened again has no answer since.
    WAITING = concat!("SELECT e.id, e.category, e.district, e.status, e.received_hour,
            (SELECT MAX(s.at_hour) FROM status_changes s WHERE s.municipality = e.municipality
                AND s.report = e.id AND s.answer IS NOT NULL),
            (SELECT MAX(m.at_hour) FROM messages m WHERE m.municipality = e.municipality
                AND m.report = e.id AND m.role IS NOT NULL),
            (SELECT MIN(m.at_hour) FROM messages m WHERE m.municipality = e.municipality
                AND m.report = e.id AND m.seen = 0),
            (SELECT MAX(s.at_hour) FROM status_changes s WHERE s.municipality = e.municipality
                AND s.report = e.id AND s.status = 'reopened')
        FROM reports r JOIN events e ON e.municipality = r.municipality AND e.id = r.id
        WHERE r.municipality = $1 AND r.receipt_hash IS NOT NULL
            AND e.status NOT IN ", over!(), "
        ORDER BY e.seq");
    VERDICTS = "SELECT e.category, e.flags, e.district, m.kind FROM messages m
        JOIN events e ON e.municipality = m.municipality AND e.id = m.report
        WHERE m.municipality = $1 AND m.kind IN ('solved', 'not_solved')
            AND m.at_hour >= $2 AND m.at_hour < $3
            AND NOT EXISTS (SELECT 1 FROM messages l WHERE l.municipality = m.municipality
                AND l.report = m.report AND l.kind IN ('solved', 'not_solved')
                AND l.position > m.position)
        ORDER BY e.seq";
    ERASE_KEYS = "DELETE FROM idempotency_keys WHERE municipality = $1 AND key_hmac IN (
        SELECT m.key_hmac FROM messages m WHERE m.municipality = $1 AND m.report = $2
        AND m.key_hmac IS NOT NULL)";
    ERASE = "DELETE FROM messages WHERE municipality = $1 AND report = $2";
    PURGE_KEYS = "UPDATE messages SET key_hmac = NULL WHERE EXISTS (
        SELECT 1 FROM idempotency_keys k WHERE k.municipality = messages.municipality
        AND k.key_hmac = messages.key_hmac AND k.expires_at <= $1)";
}

/// Stores a message and the step that it takes, unless its key is known.
pub(super) async fn add(
    connection: &mut Connection,
    new: &NewMessage,
) -> Result<Submitted, StoreError> {
    let code = new.report.municipality.as_str();
    let mut state = report_steps::state(connection, &new.report).await?;
    if let Some(known) = measures::replayed(connection, code, &new.idempotency).await? {
        return Ok(known);
    }
    if state.status() == ReportStatus::Withdrawn {
        return Err(StoreError::Conflict("report_withdrawn"));
    }
    if new.kind.is_verdict() && !state.status().is_end() {
        return Err(StoreError::Conflict("report_status_transition"));
    }
    if new.kind == MessageKind::Withdrawn {
        report_leaves::withdraw(connection, &new.report, &mut state, new.at_hour).await?;
    }
    if let Some(step) = &new.step {
        report_steps::take_step(connection, &new.report, &mut state, step).await?;
    }
    let first_photo =
        photos::append(connection, &new.report, (&new.photos, new.most_photos)).await?;
    let photos = i64::try_from(new.photos.len()).unwrap_or(i64::MAX);
    let (municipality, id) = key_text(&new.report);
    let by_staff = new.kind.is_from_staff();
    query(ADD)
        .bind(municipality)
        .bind(&id)
        .bind(new.kind.code())
        .bind(new.role.map(Role::code))
        .bind(&new.text)
        .bind(first_photo)
        .bind(photos)
        .bind(new.at_hour.as_microsecond())
        .bind(i64::from(by_staff))
        .bind(bytes(&new.idempotency.key_hmac))
        .execute(&mut *connection)
        .await?;
    if by_staff {
        query(READ).bind(municipality).bind(&id).execute(&mut *connection).await?;
        let kind = match new.kind {
            MessageKind::Question => LetterKind::Asked,
            _ => LetterKind::Answered,
        };
        letters::tell(connection, &new.report, (kind, new.at_hour)).await?;
    } else {
        state.flag(new.text_flags, true);
    }
    state.flag(Flags::UNREAD, !by_staff);
    insert_rows(connection, INSERT_KEYS, &[&new.idempotency], |columns, key| {
        push_key(columns, code, key);
    })
    .await?;
    if let Some(entry) = &new.audit {
        audit::append(connection, entry).await?;
    }
    report_steps::store(connection, &new.report, &state).await.map(Submitted::Created)
}

/// Says that everything is read.
pub(super) async fn mark_read(
    connection: &mut Connection,
    (key, entry): &(EventKey, AuditEntry),
) -> Result<Seq, StoreError> {
    let mut state = report_steps::state(connection, key).await?;
    let (municipality, id) = key_text(key);
    query(READ).bind(municipality).bind(id).execute(&mut *connection).await?;
    state.flag(Flags::UNREAD, false);
    audit::append(connection, entry).await?;
    report_steps::store(connection, key, &state).await
}

fn message(row: &Row) -> Result<Message, StoreError> {
    let columns = &mut Columns::of(row);
    Ok(Message {
        kind: columns.code(MessageKind::parse)?,
        role: columns.maybe_code(Role::parse)?,
        text: columns.take()?,
        first_photo: columns.number()?,
        photos: columns.number()?,
        after_step: columns.number()?,
        at_hour: columns.time()?,
        seen: columns.take::<i64>()? != 0,
    })
}

fn waiting(row: &Row) -> Result<Option<Waiting>, StoreError> {
    let columns = &mut Columns::of(row);
    let id = columns.id()?;
    let (category, district) = (columns.code(Category::parse)?, columns.take::<Option<String>>()?);
    let (status, received) = (columns.code(ReportStatus::parse)?, columns.time()?);
    let answered = columns.maybe_time()?.max(columns.maybe_time()?);
    let (unread, reopened) = (columns.maybe_time()?, columns.maybe_time()?);
    let reopened = reopened.filter(|_| status == ReportStatus::Reopened);
    let (what, since) = match (answered, unread, reopened) {
        (None, _, _) => (WaitingFor::Answer, received),
        (Some(answered), _, Some(reopened)) if reopened >= answered => {
            (WaitingFor::Reopened, reopened)
        }
        (_, Some(unread), _) => (WaitingFor::Reply, unread),
        _ => return Ok(None),
    };
    let district = district.map(DistrictCode);
    Ok(Some(Waiting { id, category, district, status, what, since }))
}

#[async_trait]
impl Threads for SqlStore {
    async fn add_message(&self, message: NewMessage) -> Result<Submitted, StoreError> {
        self.writer.write(|reply| Command::AddMessage(Box::new(message), reply)).await
    }

    async fn messages(&self, key: &EventKey) -> Result<Vec<Message>, StoreError> {
        let (municipality, id) = key_text(key);
        let rows = query(ALL).bind(municipality).bind(id).fetch_all(&self.readers).await?;
        rows.iter().map(message).collect()
    }

    async fn mark_read(&self, key: &EventKey, audit: AuditEntry) -> Result<Seq, StoreError> {
        let key = key.clone();
        self.writer.write(|reply| Command::MarkRead((key, audit), reply)).await
    }

    async fn waiting(&self, municipality: &MunicipalityCode) -> Result<Vec<Waiting>, StoreError> {
        let rows = query(WAITING).bind(municipality.as_str()).fetch_all(&self.readers).await?;
        let mut found = Vec::new();
        for row in &rows {
            found.extend(waiting(row)?);
        }
        found.sort_by_key(|one| one.since);
        Ok(found)
    }

    async fn resident_verdicts(
        &self,
        municipality: &MunicipalityCode,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<ResidentVerdict>, StoreError> {
        let rows = query(VERDICTS)
            .bind(municipality.as_str())
            .bind(from.as_microsecond())
            .bind(to.as_microsecond())
            .fetch_all(&self.readers)
            .await?;
        rows.iter()
            .map(|row| {
                let columns = &mut Columns::of(row);
                Ok(ResidentVerdict {
                    category: columns.code(Category::parse)?,
                    flags: flags(columns.take()?)?,
                    district: columns.take::<Option<String>>()?.map(DistrictCode),
                    solved: columns.code(MessageKind::parse)? == MessageKind::Solved,
                })
            })
            .collect()
    }
}
