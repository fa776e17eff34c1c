//! Wishes to start a watch.

use super::columns::Columns;
use super::events::{flags, source_tag};
use super::writer::Command;
use super::{Connection, Row, SqlStore, audit, key_text, report_steps, statements};
use crate::store::{AuditEntry, NewWishStep, StoreError, Wishes};
use async_trait::async_trait;
use fyren_core::domain::{
    Detail, DistrictCode, Id, LetterKind, MunicipalityCode, ReportStatus, Role, Seq, StatusChange,
    WatchWish, WishState, WishStep,
};
use jiff::Timestamp;
use sqlx::query;
use std::collections::HashMap;

statements! {
    // An idea is asked for one thing alone: which watch.
    IS_ONE = "SELECT r.id FROM reports r
        JOIN events e ON e.municipality = r.municipality AND e.id = r.id
        WHERE r.municipality = $1 AND r.id = $2 AND e.category = 'idea' AND r.details <> ''";
    LAST = "SELECT state FROM watch_wish_steps WHERE municipality = $1 AND report = $2
        ORDER BY step DESC LIMIT 1";
    ADD = "INSERT INTO watch_wish_steps (municipality, report, step, state, on_day, area)
        SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), MAX(step), CAST($3 AS TEXT),
            CAST($4 AS TEXT), CAST($5 AS TEXT)
        FROM status_changes WHERE municipality = $1 AND report = $2";
    ALL = "SELECT e.id, r.details, e.district, e.received_hour, e.source_tag, e.flags, e.status,
            r.merged_into,
            (SELECT MIN(s.at_hour) FROM status_changes s WHERE s.municipality = e.municipality
                AND s.report = e.id AND s.answer IS NOT NULL),
            (SELECT MIN(m.at_hour) FROM messages m WHERE m.municipality = e.municipality
                AND m.report = e.id AND m.kind = 'answer')
        FROM reports r JOIN events e ON e.municipality = r.municipality AND e.id = r.id
        WHERE e.municipality = $1 AND e.kind = 'report' AND e.category = 'idea' AND r.details <> ''
        ORDER BY e.received_hour DESC, e.seq DESC";
    STEPS = "SELECT w.report, w.state, w.on_day, s.role, s.answer, w.area FROM watch_wish_steps w
        JOIN status_changes s ON s.municipality = w.municipality AND s.report = w.report
            AND s.step = w.step
        WHERE w.municipality = $1 ORDER BY w.report, w.step";
    ERASE = "DELETE FROM watch_wish_steps WHERE municipality = $1 AND report = $2";
}

/// Adds a step to a wish and tells its sender.
pub(super) async fn add(
    connection: &mut Connection,
    (new, entry): &(Box<NewWishStep>, AuditEntry),
) -> Result<Seq, StoreError> {
    let key = &new.told.report;
    let mut report = report_steps::state(connection, key).await?;
    let (municipality, id) = key_text(key);
    let asked = query(IS_ONE).bind(municipality).bind(&id).fetch_optional(&mut *connection).await?;
    asked.ok_or(StoreError::NotFound("wish"))?;
    if report.status() == ReportStatus::Merged {
        return Err(StoreError::Conflict("report_merge"));
    }
    let last = query(LAST).bind(municipality).bind(&id).fetch_optional(&mut *connection).await?;
    let last = last.map(|row| Columns::of(&row).code(WishState::parse)).transpose()?;
    if last == Some(new.state) {
        return Err(StoreError::Conflict("wish_state"));
    }
    let change = &new.told.change;
    if report.status().is_end() {
        let opened =
            StatusChange { status: ReportStatus::Reopened, answer: None, ..change.clone() };
        report_steps::take_step(connection, key, &mut report, &opened).await?;
    }
    if report.status() == change.status {
        report_steps::note_step(connection, key, &mut report, change).await?;
    } else {
        report_steps::take_step(connection, key, &mut report, change).await?;
    }
    query(ADD)
        .bind(municipality)
        .bind(&id)
        .bind(new.state.code())
        .bind(new.on.to_string())
        .bind(new.area.map(|area| area.to_string()))
        .execute(&mut *connection)
        .await?;
    report_steps::tell(connection, key, (LetterKind::Answered, change.at_hour)).await?;
    audit::append(connection, entry).await?;
    report_steps::store(connection, key, &report).await
}

fn wish(row: &Row, steps: &mut HashMap<Id, Vec<WishStep>>) -> Result<WatchWish, StoreError> {
    let columns = &mut Columns::of(row);
    let report = columns.id()?;
    let wish = WatchWish {
        report,
        kinds: columns.codes(Detail::parse)?,
        district: columns.take::<Option<String>>()?.map(DistrictCode),
        received_hour: columns.time()?,
        source_tag: source_tag(columns)?,
        flags: flags(columns.take()?)?,
        status: columns.code(ReportStatus::parse)?,
        merged_into: columns.maybe_code(Id::parse)?,
        answered_hour: None,
        steps: steps.remove(&report).unwrap_or_default(),
    };
    let answered: [Option<Timestamp>; 2] = [columns.maybe_time()?, columns.maybe_time()?];
    Ok(WatchWish { answered_hour: answered.into_iter().flatten().min(), ..wish })
}

fn step(columns: &mut Columns<'_>) -> Result<WishStep, StoreError> {
    Ok(WishStep {
        state: columns.code(WishState::parse)?,
        on: columns.day()?,
        by: columns.maybe_code(Role::parse)?,
        reason: columns.take()?,
        area: columns.maybe_code(Id::parse)?,
    })
}

#[async_trait]
impl Wishes for SqlStore {
    async fn add_wish_step(&self, step: NewWishStep, audit: AuditEntry) -> Result<Seq, StoreError> {
        let new = (Box::new(step), audit);
        self.writer.write(|reply| Command::AddWishStep(new, reply)).await
    }

    async fn watch_wishes(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<WatchWish>, StoreError> {
        let code = municipality.as_str();
        let mut snapshot = self.readers.begin_with(super::super::SNAPSHOT).await?;
        let wishes = query(ALL).bind(code).fetch_all(&mut *snapshot).await?;
        let rows = query(STEPS).bind(code).fetch_all(&mut *snapshot).await?;
        snapshot.rollback().await?;
        let mut steps: HashMap<Id, Vec<WishStep>> = HashMap::new();
        for row in &rows {
            let columns = &mut Columns::of(row);
            steps.entry(columns.id()?).or_default().push(step(columns)?);
        }
        wishes.iter().map(|row| wish(row, &mut steps)).collect()
    }
}
