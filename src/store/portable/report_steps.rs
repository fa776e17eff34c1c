//! What staff, residents and neighbours do to a report after it has arrived.

use super::columns::Columns;
use super::events::{flags, source_tag};
use super::{Connection, audit, feed, key_text, letters, statements};
use crate::store::{AuditEntry, EventKey, PutAside, StatusStep, StoreError};
use fyren_core::domain::{
    ChangeKind, Flags, Id, LetterKind, ReportStatus, Role, Seq, SourceTag, StatusChange,
};
use jiff::Timestamp;
use sqlx::query;

statements! {
    STATE = "SELECT e.status, e.flags, e.weight, e.source_tag, r.merged_into, r.key_hmac
        FROM events e JOIN reports r ON r.municipality = e.municipality AND r.id = e.id
        WHERE e.municipality = $1 AND e.id = $2";
    UPDATE = "UPDATE events SET seq = $3, status = $4, flags = $5, weight = $6
        WHERE municipality = $1 AND id = $2";
    ADD_STEP = "INSERT INTO status_changes
        (municipality, report, step, status, at_hour, organisation, answer, role)
        SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), COALESCE(MAX(step), 0) + 1, CAST($3 AS TEXT),
            CAST($4 AS BIGINT), CAST($5 AS TEXT), CAST($6 AS TEXT), CAST($7 AS TEXT)
        FROM status_changes
        WHERE municipality = $1 AND report = $2";
    SET_MERGED = "UPDATE reports SET merged_into = $3 WHERE municipality = $1 AND id = $2";
    SET_DUPLICATE = "UPDATE reports SET duplicate_of = $3 WHERE municipality = $1 AND id = $2";
    SET_QUARANTINE = "UPDATE reports SET quarantine = $3, quarantine_note = $4
        WHERE municipality = $1 AND id = $2";
    BEGIN_SPAN = "INSERT INTO quarantine_spans (municipality, report, from_at) VALUES ($1, $2, $3)
        ON CONFLICT (municipality, report, from_at) DO UPDATE SET to_at = NULL";
    END_SPAN = "UPDATE quarantine_spans SET to_at = $3
        WHERE municipality = $1 AND report = $2 AND to_at IS NULL";
    ADD_VOICE = "INSERT INTO voices (municipality, report, source_tag) VALUES ($1, $2, $3)
        ON CONFLICT (municipality, report, source_tag) DO NOTHING";
    COUNT_SOURCES = "WITH RECURSIVE one_of (id) AS (
            SELECT CAST($2 AS TEXT) UNION
            SELECT r.id FROM reports r JOIN one_of o ON r.merged_into = o.id
            WHERE r.municipality = $1
        )
        SELECT COUNT(*) FROM (
            SELECT e.source_tag FROM events e JOIN one_of o ON e.id = o.id
            WHERE e.municipality = $1
            UNION SELECT v.source_tag FROM voices v JOIN one_of o ON v.report = o.id
            WHERE v.municipality = $1
        ) sources";
    MERGED_HERE = "SELECT id FROM reports WHERE municipality = $1 AND merged_into = $2";
    REPEATS_OF = "SELECT id FROM reports WHERE municipality = $1 AND duplicate_of = $2";
}

/// What a step needs to know of a report, and may change.
pub(super) struct State {
    pub(super) status: ReportStatus,
    pub(super) flags: Flags,
    voices: u32,
    source_tag: SourceTag,
    merged_into: Option<Id>,
    pub(super) key_hmac: Option<Vec<u8>>,
}

impl State {
    /// Where the report stands.
    pub(super) const fn status(&self) -> ReportStatus {
        self.status
    }

    /// Sets or clears flags.
    pub(super) fn flag(&mut self, flag: Flags, holds: bool) {
        let without = self.flags.bits() & !flag.bits();
        self.flags = Flags::from_bits(if holds { without | flag.bits() } else { without });
    }
}

/// The state of a report.
pub(super) async fn state(
    connection: &mut Connection,
    key: &EventKey,
) -> Result<State, StoreError> {
    let (municipality, id) = key_text(key);
    let row = query(STATE).bind(municipality).bind(id).fetch_optional(connection).await?;
    let row = row.ok_or(StoreError::NotFound("report"))?;
    let columns = &mut Columns::of(&row);
    Ok(State {
        status: columns.code(ReportStatus::parse)?,
        flags: flags(columns.take()?)?,
        voices: columns.number()?,
        source_tag: source_tag(columns)?,
        merged_into: columns.maybe_code(Id::parse)?,
        key_hmac: columns.take()?,
    })
}

/// Gives a changed report its new place in the feed.
pub(super) async fn store(
    connection: &mut Connection,
    key: &EventKey,
    state: &State,
) -> Result<Seq, StoreError> {
    let (municipality, id) = key_text(key);
    let seq = feed::take(connection, municipality, 1, ChangeKind::Report).await?;
    query(UPDATE)
        .bind(municipality)
        .bind(id)
        .bind(seq)
        .bind(state.status.code())
        .bind(i64::from(state.flags.bits()))
        .bind(i64::from(state.voices))
        .execute(connection)
        .await?;
    Ok(Seq(seq))
}

pub(super) async fn change_status(
    connection: &mut Connection,
    (step, entry): &(StatusStep, AuditEntry),
) -> Result<Seq, StoreError> {
    let mut state = state(connection, &step.report).await?;
    if step.change.status == ReportStatus::Merged {
        return Err(StoreError::Conflict("report_status_transition"));
    }
    take_step(connection, &step.report, &mut state, &step.change).await?;
    if state.flags.has(Flags::MERGED) {
        unmerge(connection, &step.report, &mut state).await?;
    }
    tell(connection, &step.report, (LetterKind::Answered, step.change.at_hour)).await?;
    audit::append(connection, entry).await?;
    store(connection, &step.report, &state).await
}

/// Queues a letter to the sender of a report and to those of every report that
/// was merged into it: whoever wrote of the same thing hears of it, too.
pub(super) async fn tell(
    connection: &mut Connection,
    key: &EventKey,
    about: (LetterKind, Timestamp),
) -> Result<(), StoreError> {
    let mut told = vec![key.id];
    let mut next = 0;
    while let Some(id) = told.get(next).copied() {
        let each = EventKey { id, ..key.clone() };
        letters::tell(connection, &each, about).await?;
        told.extend(linked(connection, MERGED_HERE, &each).await?);
        next += 1;
    }
    Ok(())
}

pub(super) async fn merge(
    connection: &mut Connection,
    (step, into, entry): &(StatusStep, Id, AuditEntry),
) -> Result<Seq, StoreError> {
    let mut merged = state(connection, &step.report).await?;
    let target_key = EventKey { id: *into, ..step.report.clone() };
    let target = state(connection, &target_key).await?;
    if step.report.id == *into
        || target.flags.has(Flags::MERGED)
        || target.status == ReportStatus::Withdrawn
    {
        return Err(StoreError::Conflict("report_merge"));
    }
    take_step(connection, &step.report, &mut merged, &step.change).await?;
    link(connection, SET_MERGED, &step.report, Some(*into)).await?;
    merged.flag(Flags::MERGED, true);
    recount(connection, &target_key).await?;
    audit::append(connection, entry).await?;
    store(connection, &step.report, &merged).await
}

pub(super) async fn quarantine(
    connection: &mut Connection,
    (key, aside, entry): &(EventKey, Option<PutAside>, AuditEntry),
) -> Result<Seq, StoreError> {
    let mut state = state(connection, key).await?;
    if state.status == ReportStatus::Withdrawn {
        return Err(StoreError::Conflict("report_withdrawn"));
    }
    put_aside(connection, key, &mut state, (aside.as_ref(), entry.at)).await?;
    audit::append(connection, entry).await?;
    store(connection, key, &state).await
}

/// Keeps a report out of rankings and releases from a moment on, or lets it
/// back in. The caller stores `state`.
pub(super) async fn put_aside(
    connection: &mut Connection,
    key: &EventKey,
    state: &mut State,
    (aside, at): (Option<&PutAside>, Timestamp),
) -> Result<(), StoreError> {
    let (municipality, id) = key_text(key);
    query(SET_QUARANTINE)
        .bind(municipality)
        .bind(&id)
        .bind(aside.map(|aside| aside.reason.code()))
        .bind(aside.and_then(|aside| aside.note.as_deref()))
        .execute(&mut *connection)
        .await?;
    if state.flags.has(Flags::QUARANTINED) != aside.is_some() {
        let span = if aside.is_some() { BEGIN_SPAN } else { END_SPAN };
        let at = at.as_microsecond();
        query(span).bind(municipality).bind(id).bind(at).execute(&mut *connection).await?;
    }
    state.flag(Flags::QUARANTINED, aside.is_some());
    Ok(())
}

pub(super) async fn mark_duplicate(
    connection: &mut Connection,
    (key, of, entry): &(EventKey, Option<Id>, AuditEntry),
) -> Result<Seq, StoreError> {
    let mut repeated = state(connection, key).await?;
    if let Some(of) = of {
        if *of == key.id {
            return Err(StoreError::Conflict("report_duplicate"));
        }
        state(connection, &EventKey { id: *of, ..key.clone() }).await?;
    }
    link(connection, SET_DUPLICATE, key, *of).await?;
    repeated.flag(Flags::DUPLICATE, of.is_some());
    audit::append(connection, entry).await?;
    store(connection, key, &repeated).await
}

pub(super) async fn add_voice(
    connection: &mut Connection,
    (key, source): &(EventKey, SourceTag),
) -> Result<bool, StoreError> {
    let state = state(connection, key).await?;
    if state.source_tag == *source {
        return Ok(false);
    }
    let (municipality, id) = key_text(key);
    let added = query(ADD_VOICE)
        .bind(municipality)
        .bind(id)
        .bind(source.value())
        .execute(&mut *connection)
        .await?;
    if added.rows_affected() == 0 {
        return Ok(false);
    }
    recount(connection, key).await?;
    Ok(true)
}

pub(super) async fn linked(
    connection: &mut Connection,
    statement: &'static str,
    key: &EventKey,
) -> Result<Vec<Id>, StoreError> {
    let (municipality, id) = key_text(key);
    let rows = query(statement).bind(municipality).bind(id).fetch_all(connection).await?;
    rows.iter().map(|row| Columns::of(row).id()).collect()
}

pub(super) async fn link(
    connection: &mut Connection,
    statement: &'static str,
    key: &EventKey,
    to: Option<Id>,
) -> Result<(), StoreError> {
    let (municipality, id) = key_text(key);
    let to = to.map(|id| id.to_string());
    query(statement).bind(municipality).bind(id).bind(to).execute(connection).await?;
    Ok(())
}

/// Counts the voices of a report anew: the sources that have sent it, what is
/// merged into it, or said that they feel the same, each once however often;
/// likewise of whatever it is merged into.
async fn recount(connection: &mut Connection, key: &EventKey) -> Result<(), StoreError> {
    let mut next = Some(key.clone());
    while let Some(key) = next {
        let mut report = state(connection, &key).await?;
        let (municipality, id) = key_text(&key);
        let counted = query(COUNT_SOURCES).bind(municipality).bind(id);
        let row = counted.fetch_one(&mut *connection).await?;
        report.voices = Columns::of(&row).number()?;
        store(connection, &key, &report).await?;
        next = report.merged_into.map(|into| EventKey { id: into, ..key });
    }
    Ok(())
}

/// Takes back that a report was merged, if it was.
pub(super) async fn unmerge_whole(
    connection: &mut Connection,
    key: &EventKey,
    merged: &mut State,
) -> Result<(), StoreError> {
    if merged.flags.has(Flags::MERGED) { unmerge(connection, key, merged).await } else { Ok(()) }
}

/// Takes the voices of a merged report back from the one it was merged into.
async fn unmerge(
    connection: &mut Connection,
    key: &EventKey,
    merged: &mut State,
) -> Result<(), StoreError> {
    merged.flag(Flags::MERGED, false);
    link(connection, SET_MERGED, key, None).await?;
    if let Some(into) = merged.merged_into.take() {
        recount(connection, &EventKey { id: into, ..key.clone() }).await?;
    }
    Ok(())
}

/// Notes a step if the table of steps allows it.
pub(super) async fn take_step(
    connection: &mut Connection,
    key: &EventKey,
    state: &mut State,
    change: &StatusChange,
) -> Result<(), StoreError> {
    if !state.status.may_become(change.status) {
        return Err(StoreError::Conflict("report_status_transition"));
    }
    note_step(connection, key, state, change).await
}

/// Notes a step that was allowed, or one that says more where the report stands.
pub(super) async fn note_step(
    connection: &mut Connection,
    key: &EventKey,
    state: &mut State,
    change: &StatusChange,
) -> Result<(), StoreError> {
    state.status = change.status;
    let (municipality, id) = key_text(key);
    query(ADD_STEP)
        .bind(municipality)
        .bind(id)
        .bind(change.status.code())
        .bind(change.at_hour.as_microsecond())
        .bind(&change.organisation)
        .bind(&change.answer)
        .bind(change.role.map(Role::code))
        .execute(connection)
        .await?;
    Ok(())
}
