//! Letters and contacts.

use super::columns::Columns;
use super::writer::Command;
use super::{Connection, Row, SqlStore, audit, bytes, key_text, over, statements};
use crate::store::{
    AuditEntry, Digest, EventKey, Letters, OfficeLetter, SheetLetter, StoreError, Tried,
};
use async_trait::async_trait;
use fyren_core::domain::{
    Id, Letter, LetterKind, MailContact, MunicipalityCode, Office, OfficePurpose,
};
use jiff::Timestamp;
use sqlx::query;

/// Contacts of one address that may wait for an answer at a time.
const MOST_WAITING: i64 = 3;

macro_rules! contacts {
    ($where:literal) => {
        concat!(
            "SELECT municipality, report, address, language, nonce, asked_hour, confirmed_hour
            FROM mail_contacts WHERE ",
            $where
        )
    };
}

/// The contacts whose time is up at `$1`: not confirmed within 7 days, or of a
/// report that has been closed for 30.
macro_rules! expired {
    () => {
        concat!(
            "(c.confirmed_hour IS NULL AND c.asked_hour <= $1 - 604800000000
            OR c.asked_hour <= $1 - 2592000000000
            AND EXISTS (SELECT 1 FROM events e WHERE e.municipality = c.municipality
                AND e.id = c.report AND e.status IN ",
            over!(),
            "
                AND NOT EXISTS (SELECT 1 FROM status_changes s
                    WHERE s.municipality = c.municipality AND s.report = c.report
                    AND s.at_hour > $1 - 2592000000000)))"
        )
    };
}

statements! {
    REPORT = "SELECT id FROM reports WHERE municipality = $1 AND id = $2";
    WAITING = "SELECT COUNT(*) FROM mail_contacts
        WHERE address = $1 AND confirmed_hour IS NULL AND NOT (municipality = $2 AND report = $3)";
    ERASE_LETTERS = "DELETE FROM letters WHERE municipality = $1 AND contact = $2";
    ERASE_CONTACT = "DELETE FROM mail_contacts WHERE municipality = $1 AND report = $2";
    INSERT_CONTACT = "INSERT INTO mail_contacts (municipality, report, address, language, nonce,
        token_hash, asked_hour) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    BY_REPORT = contacts!("municipality = $1 AND report = $2");
    BY_TOKEN = contacts!("token_hash = $1");
    CONFIRM = "UPDATE mail_contacts SET confirmed_hour = COALESCE(confirmed_hour, $2)
        WHERE token_hash = $1";
    QUEUE = "INSERT INTO letters (id, municipality, contact, recipient, kind, language, details,
            queued_hour, due_at, attempts, failed)
        SELECT CAST($1 AS TEXT), c.municipality, c.report, NULL, CAST($4 AS TEXT), c.language, '',
            CAST($5 AS BIGINT), CAST($5 AS BIGINT), 0, 0 FROM mail_contacts c
        WHERE c.municipality = $2 AND c.report = $3
            AND (c.confirmed_hour IS NOT NULL OR CAST($4 AS TEXT) = 'confirm')
        ON CONFLICT (id) DO NOTHING";
    QUEUE_OFFICE = "INSERT INTO letters (id, municipality, contact, recipient, kind, language,
            details, queued_hour, due_at, attempts, failed)
        VALUES ($1, $2, NULL, $3, $4, $7, $5, $6, $6, 0, 0) ON CONFLICT (id) DO NOTHING";
    DUE = "SELECT l.id, l.municipality, COALESCE(l.recipient, c.address), c.nonce, l.kind,
            l.language, l.details, l.queued_hour, l.attempts
        FROM letters l LEFT JOIN mail_contacts c
            ON c.municipality = l.municipality AND c.report = l.contact
        WHERE l.failed = 0 AND l.due_at <= $1 ORDER BY l.due_at, l.id LIMIT $2";
    COUNT = "SELECT CAST(COUNT(*) - COALESCE(SUM(failed), 0) AS BIGINT),
        CAST(COALESCE(SUM(failed), 0) AS BIGINT) FROM letters";
    SENT = "DELETE FROM letters WHERE id = $1";
    TRIED = "UPDATE letters SET attempts = attempts + 1, due_at = COALESCE($2, due_at),
        failed = CAST($3 AS BIGINT),
        attachment = CASE WHEN CAST($3 AS BIGINT) = 1 THEN NULL ELSE attachment END WHERE id = $1";
    QUEUE_SHEET = "INSERT INTO letters (id, municipality, contact, recipient, kind, language,
            details, queued_hour, due_at, attempts, failed, attachment)
        VALUES ($1, $2, NULL, $3, 'sheet', $4, '', $5, $5, 0, 0, $6) ON CONFLICT (id) DO NOTHING";
    ATTACHMENT = "SELECT attachment FROM letters WHERE id = $1";
    DROP_RECIPIENTS = "DELETE FROM sheet_recipients WHERE municipality = $1";
    INSERT_RECIPIENT = "INSERT INTO sheet_recipients (municipality, rule) VALUES ($1, $2)
        ON CONFLICT (municipality, rule) DO NOTHING";
    RECIPIENTS = "SELECT rule FROM sheet_recipients WHERE municipality = $1 ORDER BY rule";
    DROP_OFFICES = "DELETE FROM mail_offices WHERE municipality = $1";
    INSERT_OFFICE = "INSERT INTO mail_offices (municipality, purpose, address, language)
        VALUES ($1, $2, $3, $4) ON CONFLICT (municipality, purpose, address) DO NOTHING";
    OFFICES = "SELECT purpose, address, language FROM mail_offices
        WHERE municipality = $1 ORDER BY purpose, address";
    PURGE_LETTERS = "DELETE FROM letters WHERE queued_hour <= $1 - 2592000000000";
    PURGE_THEIRS = concat!("DELETE FROM letters WHERE contact IS NOT NULL AND EXISTS (
        SELECT 1 FROM mail_contacts c WHERE c.municipality = letters.municipality
        AND c.report = letters.contact AND ", expired!(), ")");
    PURGE_CONTACTS = concat!("DELETE FROM mail_contacts WHERE EXISTS (
        SELECT 1 FROM mail_contacts c WHERE c.municipality = mail_contacts.municipality
        AND c.report = mail_contacts.report AND ", expired!(), ")");
}

/// Keeps a contact and queues the letter that asks whether it is meant.
pub(super) async fn ask(
    connection: &mut Connection,
    (contact, token): &(MailContact, Digest),
) -> Result<(), StoreError> {
    let key = EventKey { municipality: contact.municipality.clone(), id: contact.report };
    let (municipality, report) = key_text(&key);
    let known = query(REPORT).bind(municipality).bind(&report).fetch_optional(&mut *connection);
    known.await?.ok_or(StoreError::NotFound("report"))?;
    let waiting = query(WAITING).bind(&contact.address).bind(municipality).bind(&report);
    let waiting = waiting.fetch_one(&mut *connection).await?;
    if Columns::of(&waiting).take::<i64>()? >= MOST_WAITING {
        return Err(StoreError::Conflict("mail_waits"));
    }
    stop(connection, &key).await?;
    query(INSERT_CONTACT)
        .bind(municipality)
        .bind(&report)
        .bind(&contact.address)
        .bind(&contact.language)
        .bind(&contact.nonce)
        .bind(bytes(token))
        .bind(contact.asked_hour.as_microsecond())
        .execute(&mut *connection)
        .await?;
    tell(connection, &key, (LetterKind::Confirm, contact.asked_hour)).await
}

/// Queues a letter to the contact of a report, if it has one that is confirmed.
pub(super) async fn tell(
    connection: &mut Connection,
    key: &EventKey,
    (kind, hour): (LetterKind, Timestamp),
) -> Result<(), StoreError> {
    let (municipality, report) = key_text(key);
    query(QUEUE)
        .bind(format!("{municipality}:{report}:{kind}"))
        .bind(municipality)
        .bind(&report)
        .bind(kind.code())
        .bind(hour.as_microsecond())
        .execute(connection)
        .await?;
    Ok(())
}

/// Deletes the contact of a report with the letters to it.
pub(super) async fn stop(connection: &mut Connection, key: &EventKey) -> Result<bool, StoreError> {
    let (municipality, report) = key_text(key);
    query(ERASE_LETTERS).bind(municipality).bind(&report).execute(&mut *connection).await?;
    let gone = query(ERASE_CONTACT).bind(municipality).bind(&report).execute(connection).await?;
    Ok(gone.rows_affected() > 0)
}

pub(super) async fn confirm(
    connection: &mut Connection,
    (token, hour): &(Digest, Timestamp),
) -> Result<bool, StoreError> {
    let done = query(CONFIRM).bind(bytes(token)).bind(hour.as_microsecond());
    Ok(done.execute(connection).await?.rows_affected() > 0)
}

pub(super) async fn save_offices(
    connection: &mut Connection,
    (municipality, offices, entry): &(MunicipalityCode, Vec<Office>, AuditEntry),
) -> Result<(), StoreError> {
    query(DROP_OFFICES).bind(municipality.as_str()).execute(&mut *connection).await?;
    for office in offices {
        query(INSERT_OFFICE)
            .bind(municipality.as_str())
            .bind(office.purpose.code())
            .bind(&office.address)
            .bind(&office.language)
            .execute(&mut *connection)
            .await?;
    }
    audit::append(connection, entry).await
}

pub(super) async fn queue(
    connection: &mut Connection,
    letters: &Vec<OfficeLetter>,
) -> Result<(), StoreError> {
    for letter in letters {
        query(QUEUE_OFFICE)
            .bind(&letter.id)
            .bind(letter.municipality.as_str())
            .bind(&letter.address)
            .bind(letter.kind.code())
            .bind(&letter.details)
            .bind(letter.queued_hour.as_microsecond())
            .bind(&letter.language)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

pub(super) async fn save_sheet_recipients(
    connection: &mut Connection,
    (municipality, rules, entry): &(MunicipalityCode, Vec<String>, AuditEntry),
) -> Result<(), StoreError> {
    query(DROP_RECIPIENTS).bind(municipality.as_str()).execute(&mut *connection).await?;
    for rule in rules {
        let insert = query(INSERT_RECIPIENT).bind(municipality.as_str()).bind(rule);
        insert.execute(&mut *connection).await?;
    }
    audit::append(connection, entry).await
}

pub(super) async fn queue_sheet(
    connection: &mut Connection,
    new: &(SheetLetter, AuditEntry),
) -> Result<(), StoreError> {
    let (letter, entry) = new;
    query(QUEUE_SHEET)
        .bind(&letter.id)
        .bind(letter.municipality.as_str())
        .bind(&letter.address)
        .bind(&letter.language)
        .bind(letter.queued_hour.as_microsecond())
        .bind(&letter.attachment)
        .execute(&mut *connection)
        .await?;
    audit::append(connection, entry).await
}

pub(super) async fn note(
    connection: &mut Connection,
    (id, tried): &(String, Tried),
) -> Result<(), StoreError> {
    let (due, failed) = match tried {
        Tried::Sent => {
            query(SENT).bind(id).execute(connection).await?;
            return Ok(());
        }
        Tried::Later(at) => (Some(at.as_microsecond()), 0_i64),
        Tried::Failed => (None, 1),
    };
    query(TRIED).bind(id).bind(due).bind(failed).execute(connection).await?;
    Ok(())
}

/// Forgets letters and contacts whose time is up; how many contacts.
pub(super) async fn purge(connection: &mut Connection, now: &Timestamp) -> Result<u64, StoreError> {
    let mut contacts = 0;
    for statement in [PURGE_LETTERS, PURGE_THEIRS, PURGE_CONTACTS] {
        let done = query(statement).bind(now.as_microsecond()).execute(&mut *connection).await?;
        contacts = done.rows_affected();
    }
    Ok(contacts)
}

fn contact(row: &Row) -> Result<MailContact, StoreError> {
    let columns = &mut Columns::of(row);
    Ok(MailContact {
        municipality: columns.code(|text| MunicipalityCode::parse(text).ok())?,
        report: columns.code(Id::parse)?,
        address: columns.take()?,
        language: columns.take()?,
        nonce: columns.take()?,
        asked_hour: columns.time()?,
        confirmed_hour: columns.maybe_time()?,
    })
}

fn letter(row: &Row) -> Result<Letter, StoreError> {
    let columns = &mut Columns::of(row);
    Ok(Letter {
        id: columns.take()?,
        municipality: columns.code(|text| MunicipalityCode::parse(text).ok())?,
        address: columns.take()?,
        nonce: columns.take()?,
        kind: columns.code(LetterKind::parse)?,
        language: columns.take()?,
        details: columns.take()?,
        queued_hour: columns.time()?,
        attempts: columns.number()?,
    })
}

#[async_trait]
impl Letters for SqlStore {
    async fn ask_for_mail(&self, contact: MailContact, token: Digest) -> Result<(), StoreError> {
        self.writer.write(|reply| Command::AskForMail((contact, token), reply)).await
    }

    async fn mail_contact(&self, key: &EventKey) -> Result<Option<MailContact>, StoreError> {
        let (municipality, report) = key_text(key);
        let row = query(BY_REPORT).bind(municipality).bind(report);
        row.fetch_optional(&self.readers).await?.as_ref().map(contact).transpose()
    }

    async fn mail_contact_by_token(
        &self,
        token: &Digest,
    ) -> Result<Option<MailContact>, StoreError> {
        let row = query(BY_TOKEN).bind(bytes(token)).fetch_optional(&self.readers).await?;
        row.as_ref().map(contact).transpose()
    }

    async fn confirm_mail(&self, token: &Digest, hour: Timestamp) -> Result<bool, StoreError> {
        let token = *token;
        self.writer.write(|reply| Command::ConfirmMail((token, hour), reply)).await
    }

    async fn stop_mail(&self, key: &EventKey) -> Result<bool, StoreError> {
        let key = key.clone();
        self.writer.write(|reply| Command::StopMail(key, reply)).await
    }

    async fn save_offices(
        &self,
        municipality: &MunicipalityCode,
        offices: Vec<Office>,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        let new = (municipality.clone(), offices, audit);
        self.writer.write(|reply| Command::SaveOffices(new, reply)).await
    }

    async fn offices(&self, municipality: &MunicipalityCode) -> Result<Vec<Office>, StoreError> {
        let rows = query(OFFICES).bind(municipality.as_str()).fetch_all(&self.readers).await?;
        let office = |row: &Row| {
            let columns = &mut Columns::of(row);
            Ok(Office {
                purpose: columns.code(OfficePurpose::parse)?,
                address: columns.take()?,
                language: columns.take()?,
            })
        };
        rows.iter().map(office).collect()
    }

    async fn queue_letters(&self, letters: Vec<OfficeLetter>) -> Result<(), StoreError> {
        self.writer.write(|reply| Command::QueueLetters(letters, reply)).await
    }

    async fn save_sheet_recipients(
        &self,
        municipality: &MunicipalityCode,
        rules: Vec<String>,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        let new = (municipality.clone(), rules, audit);
        self.writer.write(|reply| Command::SaveSheetRecipients(new, reply)).await
    }

    async fn sheet_recipients(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<String>, StoreError> {
        let rows = query(RECIPIENTS).bind(municipality.as_str()).fetch_all(&self.readers).await?;
        rows.iter().map(|row| Columns::of(row).take()).collect()
    }

    async fn queue_sheet(&self, letter: SheetLetter, audit: AuditEntry) -> Result<(), StoreError> {
        let new = Box::new((letter, audit));
        self.writer.write(|reply| Command::QueueSheet(new, reply)).await
    }

    async fn attachment(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let row = query(ATTACHMENT).bind(id).fetch_optional(&self.readers).await?;
        row.as_ref().map_or(Ok(None), |row| Columns::of(row).take())
    }

    async fn due_letters(&self, now: Timestamp, limit: u32) -> Result<Vec<Letter>, StoreError> {
        let due = query(DUE).bind(now.as_microsecond()).bind(i64::from(limit));
        due.fetch_all(&self.readers).await?.iter().map(letter).collect()
    }

    async fn count_letters(&self) -> Result<(u64, u64), StoreError> {
        let row = query(COUNT).fetch_one(&self.readers).await?;
        let columns = &mut Columns::of(&row);
        Ok((columns.number()?, columns.number()?))
    }

    async fn note_letter(&self, id: &str, tried: Tried) -> Result<(), StoreError> {
        let note = (id.to_owned(), tried);
        self.writer.write(|reply| Command::NoteLetter(note, reply)).await
    }
}
