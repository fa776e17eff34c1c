//! How a report leaves: taken back by its sender, or erased.

use super::report_steps::{
    MERGED_HERE, REPEATS_OF, SET_DUPLICATE, SET_MERGED, State, link, linked, note_step, put_aside,
    state, store, unmerge_whole,
};
use super::{Connection, audit, feed, key_text, letters, statements, threads, wishes};
use crate::store::{AuditEntry, EventKey, PutAside, StoreError};
use fyren_core::domain::{Flags, QuarantineReason, ReportStatus, RetentionClass, StatusChange};
use jiff::Timestamp;
use sqlx::query;

statements! {
    ERASE_KEY = "DELETE FROM idempotency_keys WHERE municipality = $1 AND key_hmac = $2";
    ERASE_STEPS = "DELETE FROM status_changes WHERE municipality = $1 AND report = $2";
    ERASE_SPANS = "DELETE FROM quarantine_spans WHERE municipality = $1 AND report = $2";
    ERASE_VOICES = "DELETE FROM voices WHERE municipality = $1 AND report = $2";
    ERASE_PHOTOS = "DELETE FROM photos WHERE municipality = $1 AND report = $2";
    ERASE_REDACTIONS = "DELETE FROM redactions WHERE municipality = $1 AND report = $2";
    ERASE_FORWARDS = "DELETE FROM forwards WHERE municipality = $1 AND report = $2";
    ERASE_RECORDS = "DELETE FROM record_items WHERE municipality = $1 AND report = $2";
    ERASE_DEFECT = "DELETE FROM defects WHERE municipality = $1 AND report = $2";
    ERASE_REPORT = "DELETE FROM reports WHERE municipality = $1 AND id = $2";
    ERASE_EVENT = "DELETE FROM events WHERE municipality = $1 AND id = $2";
    SET_RETENTION = "UPDATE events SET retention = $3 WHERE municipality = $1 AND id = $2";
}

/// Takes a report back for its sender: out of every picture and count, what
/// was to reach the sender with it, and due to be let go. Whatever was merged
/// into it stands for itself again. The caller stores `state`.
pub(super) async fn withdraw(
    connection: &mut Connection,
    key: &EventKey,
    state: &mut State,
    at_hour: Timestamp,
) -> Result<(), StoreError> {
    unlink_others(connection, key).await?;
    unmerge_whole(connection, key, state).await?;
    let status = ReportStatus::Withdrawn;
    let change =
        StatusChange { status, at_hour, organisation: String::new(), role: None, answer: None };
    note_step(connection, key, state, &change).await?;
    let aside = PutAside { reason: QuarantineReason::Withdrawn, note: None };
    put_aside(connection, key, state, (Some(&aside), at_hour)).await?;
    let (municipality, id) = key_text(key);
    state.flag(Flags::PUBLISHED, false);
    let class = RetentionClass::Withdrawn.code();
    query(SET_RETENTION).bind(municipality).bind(&id).bind(class).execute(&mut *connection).await?;
    for statement in [wishes::ERASE, ERASE_DEFECT, ERASE_FORWARDS] {
        query(statement).bind(municipality).bind(&id).execute(&mut *connection).await?;
    }
    letters::stop(connection, key).await.map(|_had_one| ())
}

/// Erases a report with everything that stands of it; gives whether it was there.
pub(super) async fn erase(
    connection: &mut Connection,
    (key, entry): &(EventKey, AuditEntry),
) -> Result<bool, StoreError> {
    let mut erased = match state(connection, key).await {
        Ok(state) => state,
        Err(StoreError::NotFound(_)) => return Ok(false),
        Err(error) => return Err(error),
    };
    unlink_others(connection, key).await?;
    unmerge_whole(connection, key, &mut erased).await?;
    let (municipality, id) = key_text(key);
    if let Some(key_hmac) = &erased.key_hmac {
        query(ERASE_KEY).bind(municipality).bind(key_hmac).execute(&mut *connection).await?;
    }
    let statements = [
        letters::ERASE_LETTERS,
        letters::ERASE_CONTACT,
        threads::ERASE_KEYS,
        threads::ERASE,
        wishes::ERASE,
        ERASE_STEPS,
        ERASE_SPANS,
        ERASE_VOICES,
        ERASE_PHOTOS,
        ERASE_REDACTIONS,
        ERASE_FORWARDS,
        ERASE_RECORDS,
        ERASE_DEFECT,
        ERASE_REPORT,
        ERASE_EVENT,
    ];
    for statement in statements {
        query(statement).bind(municipality).bind(&id).execute(&mut *connection).await?;
    }
    feed::take_erasure(connection, municipality, key.id).await?;
    audit::forget(connection, &id).await?;
    audit::append(connection, &AuditEntry { subject: None, ..entry.clone() }).await?;
    Ok(true)
}

/// What was merged into an erased report stands for itself again, and what
/// repeated it repeats nothing.
pub(super) async fn unlink_others(
    connection: &mut Connection,
    key: &EventKey,
) -> Result<(), StoreError> {
    for id in linked(connection, MERGED_HERE, key).await? {
        let other = EventKey { id, ..key.clone() };
        let mut merged = state(connection, &other).await?;
        merged.status = ReportStatus::Triaged;
        merged.flag(Flags::MERGED, false);
        link(connection, SET_MERGED, &other, None).await?;
        store(connection, &other, &merged).await?;
    }
    for id in linked(connection, REPEATS_OF, key).await? {
        let other = EventKey { id, ..key.clone() };
        let mut repeats = state(connection, &other).await?;
        repeats.flag(Flags::DUPLICATE, false);
        link(connection, SET_DUPLICATE, &other, None).await?;
        store(connection, &other, &repeats).await?;
    }
    Ok(())
}
