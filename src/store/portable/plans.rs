//! Patrol plans, and wishes for stops in them.

use super::columns::Columns;
use super::insert::insert_rows;
use super::submit::{INSERT_KEYS, push_key};
use super::writer::Command;
use super::{Connection, Row, SqlStore, audit, feed, found, measures, statements};
use crate::store::{AuditEntry, Idempotency, Plans, StoreError, Submitted};
use async_trait::async_trait;
use fyren_core::domain::{
    ChangeKind, Id, KeptPlan, MunicipalityCode, PlanStatus, PlanStep, Position, Role, Seq, StopWish,
};
use jiff::civil::Date;
use sqlx::query;

statements! {
    INSERT = "INSERT INTO patrol_plans (municipality, id, from_day, to_day, document)
        VALUES ($1, $2, $3, $4, $5)";
    ADD = "INSERT INTO patrol_plan_steps (municipality, plan, position, done_at, by_role, status)
        VALUES ($1, $2, $3, $4, $5, $6)";
    ONE = "SELECT id, municipality, from_day, to_day, document FROM patrol_plans
        WHERE municipality = $1 AND id = $2";
    SINCE = "SELECT p.id, p.municipality, p.from_day, p.to_day, p.document FROM patrol_plans p
        JOIN patrol_plan_steps s ON s.municipality = p.municipality AND s.plan = p.id
        AND s.position = 0
        WHERE p.municipality = $1 AND p.to_day > $2 ORDER BY s.done_at DESC, p.id";
    WISH = "INSERT INTO stop_wishes (municipality, id, unit, longitude, latitude, name, note,
        until_day, made_at, by_role) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    END_WISH = "UPDATE stop_wishes SET ended_at = $3
        WHERE municipality = $1 AND id = $2 AND ended_at IS NULL";
    WISHES = "SELECT id, municipality, unit, longitude, latitude, name, note, until_day, made_at,
        by_role FROM stop_wishes
        WHERE municipality = $1 AND until_day >= $2 AND ended_at IS NULL ORDER BY made_at, id";
    STEPS = "SELECT done_at, by_role, status FROM patrol_plan_steps
        WHERE municipality = $1 AND plan = $2 ORDER BY position";
}

/// Stores a new plan unless its key is known.
pub(super) async fn keep(
    connection: &mut Connection,
    (plan, idempotency, entry): &(KeptPlan, Idempotency, AuditEntry),
) -> Result<Submitted, StoreError> {
    let (code, id) = (plan.municipality.as_str(), plan.id.to_string());
    if let Some(known) = measures::replayed(connection, code, idempotency).await? {
        return Ok(known);
    }
    let seq = feed::take(connection, code, 1, ChangeKind::Plan).await?;
    query(INSERT)
        .bind(code)
        .bind(&id)
        .bind(plan.from.to_string())
        .bind(plan.to.to_string())
        .bind(&plan.document)
        .execute(&mut *connection)
        .await?;
    for (position, step) in (0..).zip(&plan.steps) {
        insert_step(connection, (code, &id, position), step).await?;
    }
    insert_rows(connection, INSERT_KEYS, &[idempotency], |columns, key| {
        push_key(columns, code, key);
    })
    .await?;
    audit::append(connection, entry).await?;
    Ok(Submitted::Created(Seq(seq)))
}

/// Adds a step to a plan.
pub(super) async fn add(
    connection: &mut Connection,
    (municipality, id, step, entry): &(MunicipalityCode, Id, PlanStep, AuditEntry),
) -> Result<Seq, StoreError> {
    let (code, id) = (municipality.as_str(), id.to_string());
    let seq = feed::take(connection, code, 1, ChangeKind::Plan).await?;
    let rows = query(STEPS).bind(code).bind(&id).fetch_all(&mut *connection).await?;
    let last = rows.last().ok_or(StoreError::NotFound("plan"))?;
    if !read_step(last)?.status.may_become(step.status) {
        return Err(StoreError::Conflict("plan_status"));
    }
    let position = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    insert_step(connection, (code, &id, position), step).await?;
    audit::append(connection, entry).await?;
    Ok(Seq(seq))
}

/// Stores a wish unless its key is known.
pub(super) async fn wish(
    connection: &mut Connection,
    (wish, idempotency, entry): &(StopWish, Idempotency, AuditEntry),
) -> Result<Submitted, StoreError> {
    let code = wish.municipality.as_str();
    if let Some(known) = measures::replayed(connection, code, idempotency).await? {
        return Ok(known);
    }
    let seq = feed::take(connection, code, 1, ChangeKind::Plan).await?;
    query(WISH)
        .bind(code)
        .bind(wish.id.to_string())
        .bind(&wish.unit)
        .bind(wish.at.longitude)
        .bind(wish.at.latitude)
        .bind(&wish.name)
        .bind(&wish.note)
        .bind(wish.until.to_string())
        .bind(wish.made_at.as_microsecond())
        .bind(wish.by.code())
        .execute(&mut *connection)
        .await?;
    insert_rows(connection, INSERT_KEYS, &[idempotency], |columns, key| {
        push_key(columns, code, key);
    })
    .await?;
    audit::append(connection, entry).await?;
    Ok(Submitted::Created(Seq(seq)))
}

/// Ends a wish that stands.
pub(super) async fn end_wish(
    connection: &mut Connection,
    (municipality, id, entry): &(MunicipalityCode, Id, AuditEntry),
) -> Result<Seq, StoreError> {
    let code = municipality.as_str();
    let seq = feed::take(connection, code, 1, ChangeKind::Plan).await?;
    let ended = query(END_WISH).bind(code).bind(id.to_string()).bind(entry.at.as_microsecond());
    found(ended.execute(&mut *connection).await?.rows_affected(), "wish")?;
    audit::append(connection, entry).await?;
    Ok(Seq(seq))
}

async fn insert_step(
    connection: &mut Connection,
    (municipality, plan, position): (&str, &str, i64),
    step: &PlanStep,
) -> Result<(), StoreError> {
    query(ADD)
        .bind(municipality)
        .bind(plan)
        .bind(position)
        .bind(step.at.as_microsecond())
        .bind(step.by.code())
        .bind(step.status.code())
        .execute(connection)
        .await?;
    Ok(())
}

fn read_step(row: &Row) -> Result<PlanStep, StoreError> {
    let columns = &mut Columns::of(row);
    Ok(PlanStep {
        at: columns.time()?,
        by: columns.code(Role::parse)?,
        status: columns.code(PlanStatus::parse)?,
    })
}

/// The plan behind a row of [`ONE`] or [`SINCE`], with its steps.
async fn read(connection: &mut Connection, row: &Row) -> Result<KeptPlan, StoreError> {
    let columns = &mut Columns::of(row);
    let id = columns.id()?;
    let municipality = columns.code(|text| MunicipalityCode::parse(text).ok())?;
    let (from, to, document) = (columns.day()?, columns.day()?, columns.take()?);
    let steps = query(STEPS).bind(municipality.as_str()).bind(id.to_string());
    let steps = steps.fetch_all(connection).await?;
    let steps = steps.iter().map(read_step).collect::<Result<_, _>>()?;
    Ok(KeptPlan { id, municipality, from, to, document, steps })
}

#[async_trait]
impl Plans for SqlStore {
    async fn keep_plan(
        &self,
        plan: KeptPlan,
        idempotency: Idempotency,
        audit: AuditEntry,
    ) -> Result<Submitted, StoreError> {
        let new = (plan, idempotency, audit);
        self.writer.write(|reply| Command::KeepPlan(new, reply)).await
    }

    async fn add_plan_step(
        &self,
        municipality: &MunicipalityCode,
        id: Id,
        step: PlanStep,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        let new = (municipality.clone(), id, step, audit);
        self.writer.write(|reply| Command::AddPlanStep(new, reply)).await
    }

    async fn plan(
        &self,
        municipality: &MunicipalityCode,
        id: Id,
    ) -> Result<Option<KeptPlan>, StoreError> {
        let mut snapshot = self.readers.begin_with(super::super::SNAPSHOT).await?;
        let row = query(ONE).bind(municipality.as_str()).bind(id.to_string());
        let row = row.fetch_optional(&mut *snapshot).await?;
        let plan = match &row {
            Some(row) => Some(read(&mut snapshot, row).await?),
            None => None,
        };
        snapshot.rollback().await?;
        Ok(plan)
    }

    async fn plans(
        &self,
        municipality: &MunicipalityCode,
        since: Date,
    ) -> Result<Vec<KeptPlan>, StoreError> {
        let mut snapshot = self.readers.begin_with(super::super::SNAPSHOT).await?;
        let rows = query(SINCE).bind(municipality.as_str()).bind(since.to_string());
        let rows = rows.fetch_all(&mut *snapshot).await?;
        let mut plans = Vec::with_capacity(rows.len());
        for row in &rows {
            plans.push(read(&mut snapshot, row).await?);
        }
        snapshot.rollback().await?;
        Ok(plans)
    }

    async fn add_stop_wish(
        &self,
        wish: StopWish,
        idempotency: Idempotency,
        audit: AuditEntry,
    ) -> Result<Submitted, StoreError> {
        let new = (wish, idempotency, audit);
        self.writer.write(|reply| Command::AddStopWish(new, reply)).await
    }

    async fn end_stop_wish(
        &self,
        municipality: &MunicipalityCode,
        id: Id,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        let end = (municipality.clone(), id, audit);
        self.writer.write(|reply| Command::EndStopWish(end, reply)).await
    }

    async fn stop_wishes(
        &self,
        municipality: &MunicipalityCode,
        on: Date,
    ) -> Result<Vec<StopWish>, StoreError> {
        let rows = query(WISHES).bind(municipality.as_str()).bind(on.to_string());
        let wish = |row: &Row| {
            let columns = &mut Columns::of(row);
            Ok(StopWish {
                id: columns.id()?,
                municipality: columns.code(|text| MunicipalityCode::parse(text).ok())?,
                unit: columns.take()?,
                at: Position { longitude: columns.take()?, latitude: columns.take()? },
                name: columns.take()?,
                note: columns.take()?,
                until: columns.day()?,
                made_at: columns.time()?,
                by: columns.code(Role::parse)?,
            })
        };
        rows.fetch_all(&self.readers).await?.iter().map(wish).collect()
    }
}
