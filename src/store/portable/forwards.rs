//! Owners who were asked by a link, and the trait over what moderators do.

use super::columns::Columns;
use super::report_steps::{state, store};
use super::writer::Command;
use super::{Connection, Row, SqlStore, audit, bytes, key_text, reports, statements};
use crate::store::{AuditEntry, Digest, EventKey, Moderation, NewRedaction, Original, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{
    AnswerTemplate, Forward, ForwardAnswer, Id, MunicipalityCode, OwnerReply, Redaction, Report,
    Seq,
};
use jiff::{Timestamp, civil::Date};
use sqlx::query;
use std::collections::HashMap;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, municipality, report, owner, question, by_name, sent_hour, expires_at,
            opened_hour, reply, by_day, note, answered_hour, closed_hour FROM forwards WHERE ",
            $rest
        )
    };
}

statements! {
    INSERT = "INSERT INTO forwards (municipality, id, report, code_hash, owner, question, by_name,
        sent_hour, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    OF_REPORT = select!("municipality = $1 AND report = $2 ORDER BY sent_hour DESC, id");
    OPEN = select!("municipality = $1 AND closed_hour IS NULL ORDER BY sent_hour DESC, id");
    BY_CODE = select!("code_hash = $1");
    ONE = select!("municipality = $1 AND id = $2");
    SET_OPENED = "UPDATE forwards SET opened_hour = $3
        WHERE municipality = $1 AND id = $2 AND opened_hour IS NULL";
    SET_ANSWER = "UPDATE forwards SET reply = $3, by_day = $4, note = $5, answered_hour = $6
        WHERE municipality = $1 AND id = $2";
    CLOSE = "UPDATE forwards SET closed_hour = $3 WHERE municipality = $1 AND id = $2";
}

/// Remembers that an owner is asked.
pub(super) async fn insert(
    connection: &mut Connection,
    (forward, code, entry): &(Forward, Digest, AuditEntry),
) -> Result<Seq, StoreError> {
    let key = EventKey { municipality: forward.municipality.clone(), id: forward.report };
    let report = state(connection, &key).await?;
    query(INSERT)
        .bind(forward.municipality.as_str())
        .bind(forward.id.to_string())
        .bind(forward.report.to_string())
        .bind(bytes(code))
        .bind(&forward.owner)
        .bind(&forward.question)
        .bind(&forward.by)
        .bind(forward.sent_hour.as_microsecond())
        .bind(forward.expires.as_microsecond())
        .execute(&mut *connection)
        .await?;
    audit::append(connection, entry).await?;
    store(connection, &key, &report).await
}

/// Notes that a link was opened for the first time.
pub(super) async fn open(
    connection: &mut Connection,
    (municipality, id, entry): &(MunicipalityCode, Id, AuditEntry),
) -> Result<(), StoreError> {
    let opened = query(SET_OPENED)
        .bind(municipality.as_str())
        .bind(id.to_string())
        .bind(hour_of(entry.at))
        .execute(&mut *connection)
        .await?;
    if opened.rows_affected() == 1 { audit::append(connection, entry).await } else { Ok(()) }
}

/// Takes the one answer of a link.
pub(super) async fn answer(
    connection: &mut Connection,
    (municipality, id, answer, entry): &(MunicipalityCode, Id, ForwardAnswer, AuditEntry),
) -> Result<Seq, StoreError> {
    let asked = one(connection, municipality, *id).await?;
    if !asked.may_answer(entry.at) {
        return Err(StoreError::Conflict("forward_answered"));
    }
    query(SET_ANSWER)
        .bind(municipality.as_str())
        .bind(id.to_string())
        .bind(answer.reply.code())
        .bind(answer.by_day.map(|day| day.to_string()))
        .bind(&answer.note)
        .bind(answer.at_hour.as_microsecond())
        .execute(&mut *connection)
        .await?;
    audit::append(connection, entry).await?;
    touch(connection, &asked).await
}

/// Takes a link back, or says that its answer was dealt with.
pub(super) async fn close(
    connection: &mut Connection,
    (municipality, id, entry): &(MunicipalityCode, Id, AuditEntry),
) -> Result<Seq, StoreError> {
    let asked = one(connection, municipality, *id).await?;
    if asked.closed_hour.is_some() {
        return Err(StoreError::NotFound("forward"));
    }
    query(CLOSE)
        .bind(municipality.as_str())
        .bind(id.to_string())
        .bind(hour_of(entry.at))
        .execute(&mut *connection)
        .await?;
    audit::append(connection, entry).await?;
    touch(connection, &asked).await
}

/// The hour of an instant, in microseconds.
fn hour_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(3600) * 3_600_000_000
}

/// Whoever follows the feed hears that something of the report is new.
async fn touch(connection: &mut Connection, asked: &Forward) -> Result<Seq, StoreError> {
    let key = EventKey { municipality: asked.municipality.clone(), id: asked.report };
    let report = state(connection, &key).await?;
    store(connection, &key, &report).await
}

async fn one(
    connection: &mut Connection,
    municipality: &MunicipalityCode,
    id: Id,
) -> Result<Forward, StoreError> {
    let asked = query(ONE).bind(municipality.as_str()).bind(id.to_string());
    let row = asked.fetch_optional(connection).await?.ok_or(StoreError::NotFound("forward"))?;
    forward(&row)
}

fn forward(row: &Row) -> Result<Forward, StoreError> {
    let columns = &mut Columns::of(row);
    let mut forward = Forward {
        id: columns.id()?,
        municipality: columns.code(|text| MunicipalityCode::parse(text).ok())?,
        report: columns.id()?,
        owner: columns.take()?,
        question: columns.take()?,
        by: columns.take()?,
        sent_hour: columns.time()?,
        expires: columns.time()?,
        opened_hour: columns.maybe_time()?,
        answer: None,
        closed_hour: None,
    };
    let reply = columns.maybe_code(OwnerReply::parse)?;
    let by_day: Option<Date> = columns.maybe_code(|text| text.parse().ok())?;
    let note = columns.take()?;
    let answered: Option<Timestamp> = columns.maybe_time()?;
    let answer = |(reply, at_hour)| ForwardAnswer { reply, by_day, note, at_hour };
    forward.answer = reply.zip(answered).map(answer);
    forward.closed_hour = columns.maybe_time()?;
    Ok(forward)
}

#[async_trait]
impl Moderation for SqlStore {
    async fn waiting_reports(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<Report>, StoreError> {
        let mut waiting = Vec::new();
        for statement in [reports::WAITING, reports::ASIDE] {
            let asked = query(statement).bind(municipality.as_str());
            let rows = asked.fetch_all(&self.readers).await?;
            for row in &rows {
                waiting.push(reports::report(row)?);
            }
        }
        Ok(waiting)
    }

    async fn waiting_photos(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<HashMap<Id, u32>, StoreError> {
        let asked = query(reports::WITH_PHOTOS).bind(municipality.as_str());
        let rows = asked.fetch_all(&self.readers).await?;
        let count = |row: &Row| {
            let columns = &mut Columns::of(row);
            Ok((columns.id()?, columns.number()?))
        };
        rows.iter().map(count).collect()
    }

    async fn redact_report(
        &self,
        redaction: NewRedaction,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        let new = Box::new((redaction, audit));
        self.writer.write(|reply| Command::RedactReport(new, reply)).await
    }

    async fn redactions(&self, key: &EventKey) -> Result<Vec<Redaction>, StoreError> {
        self.redactions_of(key).await
    }

    async fn redacted_original(
        &self,
        key: &EventKey,
        step: u32,
    ) -> Result<Option<Original>, StoreError> {
        self.original_of(key, step).await
    }

    async fn insert_forward(
        &self,
        forward: Forward,
        code: Digest,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        let new = Box::new((forward, code, audit));
        self.writer.write(|reply| Command::InsertForward(new, reply)).await
    }

    async fn forwards(&self, key: &EventKey) -> Result<Vec<Forward>, StoreError> {
        let (municipality, id) = key_text(key);
        let rows = query(OF_REPORT).bind(municipality).bind(id).fetch_all(&self.readers).await?;
        rows.iter().map(forward).collect()
    }

    async fn open_forwards(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<Forward>, StoreError> {
        let rows = query(OPEN).bind(municipality.as_str()).fetch_all(&self.readers).await?;
        rows.iter().map(forward).collect()
    }

    async fn forward_by_code(&self, code: &Digest) -> Result<Option<Forward>, StoreError> {
        let row = query(BY_CODE).bind(bytes(code)).fetch_optional(&self.readers).await?;
        row.as_ref().map(forward).transpose()
    }

    async fn note_opened(
        &self,
        municipality: &MunicipalityCode,
        id: Id,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        let new = (municipality.clone(), id, audit);
        self.writer.write(|reply| Command::OpenForward(new, reply)).await
    }

    async fn answer_forward(
        &self,
        municipality: &MunicipalityCode,
        id: Id,
        answer: ForwardAnswer,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        let new = Box::new((municipality.clone(), id, answer, audit));
        self.writer.write(|reply| Command::AnswerForward(new, reply)).await
    }

    async fn close_forward(
        &self,
        municipality: &MunicipalityCode,
        id: Id,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        let new = (municipality.clone(), id, audit);
        self.writer.write(|reply| Command::CloseForward(new, reply)).await
    }

    async fn save_answer_template(
        &self,
        municipality: &MunicipalityCode,
        template: AnswerTemplate,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        let new = Box::new((municipality.clone(), template, audit));
        self.writer.write(|reply| Command::SaveAnswerTemplate(new, reply)).await
    }

    async fn delete_answer_template(
        &self,
        municipality: &MunicipalityCode,
        id: &str,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        let new = (municipality.clone(), id.to_owned(), audit);
        self.writer.write(|reply| Command::DeleteAnswerTemplate(new, reply)).await
    }

    async fn answer_templates(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<AnswerTemplate>, StoreError> {
        self.templates_of(municipality).await
    }
}
