//! Parts of reports that were made unreadable, and answers that are written often.

use super::columns::Columns;
use super::report_steps::{State, state, store};
use super::{Connection, Row, SqlStore, audit, found, key_text, statements};
use crate::store::{AuditEntry, EventKey, MaskedContent, NewRedaction, Original, StoreError};
use fyren_core::domain::{
    AnswerTemplate, Category, Flags, MaskReason, MaskedPart, MunicipalityCode, Redaction,
    ReportStatus, Seq,
};
use sqlx::query;

statements! {
    SET_TEXT = "UPDATE reports SET text = $3 WHERE municipality = $1 AND id = $2 AND text = $4";
    SET_PHOTO = "UPDATE photos SET width = $4, height = $5, jpeg = $6
        WHERE municipality = $1 AND report = $2 AND position = $3 AND jpeg = $7";
    NEXT_STEP = "SELECT COALESCE(MAX(step), 0) + 1 FROM redactions
        WHERE municipality = $1 AND report = $2";
    ADD = "INSERT INTO redactions (municipality, report, step, at_hour, by_name, photo, reason,
        original_text, original_jpeg) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    ALL = "SELECT step, at_hour, by_name, photo, reason,
            CAST(CASE WHEN original_text IS NULL AND original_jpeg IS NULL THEN 0 ELSE 1 END AS BIGINT)
        FROM redactions WHERE municipality = $1 AND report = $2 ORDER BY step";
    ORIGINAL = "SELECT original_text, original_jpeg FROM redactions
        WHERE municipality = $1 AND report = $2 AND step = $3";
    SAVE_TEMPLATE = "INSERT INTO answer_templates
        (municipality, id, category, status, title, text_sv, text_en)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (municipality, id) DO UPDATE SET
        category = excluded.category, status = excluded.status, title = excluded.title,
        text_sv = excluded.text_sv, text_en = excluded.text_en";
    DELETE_TEMPLATE = "DELETE FROM answer_templates WHERE municipality = $1 AND id = $2";
    TEMPLATES = "SELECT id, category, status, title, text_sv, text_en FROM answer_templates
        WHERE municipality = $1 ORDER BY id";
}

/// Makes a part of a report unreadable.
pub(super) async fn redact(
    connection: &mut Connection,
    (new, entry): &(NewRedaction, AuditEntry),
) -> Result<Seq, StoreError> {
    let mut report = state(connection, &new.report).await?;
    match &new.content {
        MaskedContent::Text { before, after, flags } => {
            set_text(connection, new, (before, after)).await?;
            mark(&mut report, *flags);
        }
        MaskedContent::Photo { .. } => set_photo(connection, new).await?,
    }
    audit::append(connection, entry).await?;
    store(connection, &new.report, &report).await
}

/// Sets what a text should be looked at for anew.
fn mark(report: &mut State, flags: Flags) {
    for flag in [Flags::DANGER, Flags::PERSONAL] {
        report.flag(flag, flags.has(flag));
    }
}

async fn set_text(
    connection: &mut Connection,
    new: &NewRedaction,
    (before, after): (&str, &str),
) -> Result<(), StoreError> {
    let (municipality, id) = key_text(&new.report);
    let set = query(SET_TEXT).bind(municipality).bind(id).bind(after).bind(before);
    if set.execute(&mut *connection).await?.rows_affected() == 0 {
        return Err(StoreError::Conflict("redaction_stale"));
    }
    add(connection, new, None, (Some(before), None)).await
}

async fn set_photo(connection: &mut Connection, new: &NewRedaction) -> Result<(), StoreError> {
    let MaskedContent::Photo { position, before, after } = &new.content else { return Ok(()) };
    let (municipality, id) = key_text(&new.report);
    let set = query(SET_PHOTO)
        .bind(municipality)
        .bind(id)
        .bind(i64::from(*position))
        .bind(i64::from(after.width))
        .bind(i64::from(after.height))
        .bind(&after.jpeg)
        .bind(before);
    if set.execute(&mut *connection).await?.rows_affected() == 0 {
        return Err(StoreError::Conflict("redaction_stale"));
    }
    add(connection, new, Some(i64::from(*position)), (None, Some(before))).await
}

async fn add(
    connection: &mut Connection,
    new: &NewRedaction,
    photo: Option<i64>,
    (text, jpeg): (Option<&str>, Option<&Vec<u8>>),
) -> Result<(), StoreError> {
    let (municipality, id) = key_text(&new.report);
    let next = query(NEXT_STEP).bind(municipality).bind(&id).fetch_one(&mut *connection).await?;
    query(ADD)
        .bind(municipality)
        .bind(id)
        .bind(Columns::of(&next).take::<i64>()?)
        .bind(new.at_hour.as_microsecond())
        .bind(&new.by)
        .bind(photo)
        .bind(new.reason.code())
        .bind(text)
        .bind(jpeg)
        .execute(connection)
        .await?;
    Ok(())
}

/// Stores an answer that is written often.
pub(super) async fn save_template(
    connection: &mut Connection,
    (municipality, template, entry): &(MunicipalityCode, AnswerTemplate, AuditEntry),
) -> Result<(), StoreError> {
    query(SAVE_TEMPLATE)
        .bind(municipality.as_str())
        .bind(&template.id)
        .bind(template.category.map(Category::code))
        .bind(template.status.map(ReportStatus::code))
        .bind(&template.title)
        .bind(&template.text_sv)
        .bind(&template.text_en)
        .execute(&mut *connection)
        .await?;
    audit::append(connection, entry).await
}

/// Forgets an answer that is written often.
pub(super) async fn delete_template(
    connection: &mut Connection,
    (municipality, id, entry): &(MunicipalityCode, String, AuditEntry),
) -> Result<(), StoreError> {
    let deleted = query(DELETE_TEMPLATE).bind(municipality.as_str()).bind(id);
    found(deleted.execute(&mut *connection).await?.rows_affected(), "answer template")?;
    audit::append(connection, entry).await
}

fn redaction(row: &Row) -> Result<Redaction, StoreError> {
    let columns = &mut Columns::of(row);
    Ok(Redaction {
        step: columns.number()?,
        at_hour: columns.time()?,
        by: columns.take()?,
        part: columns.maybe_number()?.map_or(MaskedPart::Text, MaskedPart::Photo),
        reason: columns.code(MaskReason::parse)?,
        has_original: columns.number::<u8>()? == 1,
    })
}

fn template(row: &Row) -> Result<AnswerTemplate, StoreError> {
    let columns = &mut Columns::of(row);
    Ok(AnswerTemplate {
        id: columns.take()?,
        category: columns.maybe_code(Category::parse)?,
        status: columns.maybe_code(ReportStatus::parse)?,
        title: columns.take()?,
        text_sv: columns.take()?,
        text_en: columns.take()?,
    })
}

impl SqlStore {
    pub(super) async fn redactions_of(&self, key: &EventKey) -> Result<Vec<Redaction>, StoreError> {
        let (municipality, id) = key_text(key);
        let rows = query(ALL).bind(municipality).bind(id).fetch_all(&self.readers).await?;
        rows.iter().map(redaction).collect()
    }

    pub(super) async fn original_of(
        &self,
        key: &EventKey,
        step: u32,
    ) -> Result<Option<Original>, StoreError> {
        let (municipality, id) = key_text(key);
        let asked = query(ORIGINAL).bind(municipality).bind(id).bind(i64::from(step));
        let Some(row) = asked.fetch_optional(&self.readers).await? else { return Ok(None) };
        let columns = &mut Columns::of(&row);
        let (text, jpeg): (Option<String>, Option<Vec<u8>>) = (columns.take()?, columns.take()?);
        Ok(text.map(Original::Text).or(jpeg.map(Original::Photo)))
    }

    pub(super) async fn templates_of(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<AnswerTemplate>, StoreError> {
        let rows = query(TEMPLATES).bind(municipality.as_str()).fetch_all(&self.readers).await?;
        rows.iter().map(template).collect()
    }
}
