//! Traffic controls.

use super::columns::{Columns, joined};
use super::insert::insert_rows;
use super::submit::{INSERT_KEYS, push_key};
use super::writer::Command;
use super::{Connection, Row, SqlStore, audit, feed, measures, statements, visits};
use crate::store::{
    AuditEntry, Controls, LoggedVisit, NewControl, NewControlStep, StoreError, Submitted,
};
use async_trait::async_trait;
use fyren_core::domain::{
    Breach, ChangeKind, Control, ControlAct, ControlKind, ControlNumbers, ControlResult,
    ControlStep, DistrictCode, Id, MunicipalityCode, NotDone, Position, Role, Seq, WhyHere, WhyNow,
};
use sqlx::query;
use std::collections::HashMap;

statements! {
    INSERT = "INSERT INTO controls (municipality, id, kind, site, longitude, latitude, district,
        why_here, why_now, over_kmh, sources, days_since)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    ADD = "INSERT INTO control_steps (municipality, control, position, done_at, by_role, act,
        on_day, reason, visit, minutes, vehicles, checked, breaches, v85_before, v85_after)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    LAST = "SELECT s.position, s.act FROM control_steps s
        WHERE s.municipality = $1 AND s.control = $2 ORDER BY s.position DESC LIMIT 1";
    HAS_VISIT = "SELECT v.id FROM visits v WHERE v.municipality = $1 AND v.id = $2";
    ALL = "SELECT c.id, c.municipality, c.kind, c.site, c.longitude, c.latitude, c.district,
        c.why_here, c.why_now, c.over_kmh, c.sources, c.days_since FROM controls c
        JOIN control_steps s ON s.municipality = c.municipality AND s.control = c.id
        AND s.position = 0 WHERE c.municipality = $1 ORDER BY s.done_at DESC, c.id";
    STEPS = "SELECT control, done_at, by_role, act, on_day, reason, visit, minutes, vehicles,
        checked, breaches, v85_before, v85_after FROM control_steps
        WHERE municipality = $1 ORDER BY control, position";
}

/// Stores a new control unless its key is known.
pub(super) async fn create(
    connection: &mut Connection,
    (new, entry): &(Box<NewControl>, AuditEntry),
) -> Result<Submitted, StoreError> {
    let control = &new.control;
    let code = control.municipality.as_str();
    if let Some(known) = measures::replayed(connection, code, &new.idempotency).await? {
        return Ok(known);
    }
    if let Some(visit) = &new.visit {
        visits::log(connection, visit).await?;
    }
    let seq = feed::take(connection, code, 1, ChangeKind::Control).await?;
    let id = control.id.to_string();
    query(INSERT)
        .bind(code)
        .bind(&id)
        .bind(control.kind.code())
        .bind(&control.site)
        .bind(control.at.longitude)
        .bind(control.at.latitude)
        .bind(control.district.as_ref().map(|district| district.0.as_str()))
        .bind(joined(&control.why_here, WhyHere::code))
        .bind(joined(&control.why_now, WhyNow::code))
        .bind(control.numbers.over_kmh)
        .bind(i64::from(control.numbers.sources))
        .bind(control.numbers.days_since.map(i64::from))
        .execute(&mut *connection)
        .await?;
    for (position, step) in (0..).zip(&control.steps) {
        insert_step(connection, (code, &id, position), step).await?;
    }
    insert_rows(connection, INSERT_KEYS, &[&new.idempotency], |columns, key| {
        push_key(columns, code, key);
    })
    .await?;
    audit::append(connection, entry).await?;
    Ok(Submitted::Created(Seq(seq)))
}

/// Adds a step to a control that has not ended.
pub(super) async fn add(
    connection: &mut Connection,
    (new, entry): &(Box<NewControlStep>, AuditEntry),
) -> Result<Seq, StoreError> {
    let (code, id) = (new.municipality.as_str(), new.control.to_string());
    // Whoever has the position has the municipality until the end of the write.
    let seq = feed::take(connection, code, 1, ChangeKind::Control).await?;
    let last = query(LAST).bind(code).bind(&id).fetch_optional(&mut *connection).await?;
    let last = last.ok_or(StoreError::NotFound("control"))?;
    let columns = &mut Columns::of(&last);
    let (position, act): (i64, &str) = (columns.take()?, columns.take()?);
    if matches!(act, "done" | "lapsed") {
        return Err(StoreError::Conflict("control_ended"));
    }
    if let Some(visit) = &new.visit
        && visits::log(connection, visit).await? == LoggedVisit::KeyReused
    {
        return Err(StoreError::Conflict("key-reused"));
    }
    insert_step(connection, (code, &id, position + 1), &new.step).await?;
    audit::append(connection, entry).await?;
    Ok(Seq(seq))
}

async fn insert_step(
    connection: &mut Connection,
    (municipality, control, position): (&str, &str, i64),
    step: &ControlStep,
) -> Result<(), StoreError> {
    let (act, day, reason, result) = match &step.act {
        ControlAct::Called(day) => ("called", Some(*day), None, None),
        ControlAct::Moved(day, reason) => ("moved", Some(*day), Some(reason.code()), None),
        ControlAct::Lapsed(reason) => ("lapsed", None, Some(reason.code()), None),
        ControlAct::Done(result) => ("done", Some(result.on), None, Some(result)),
    };
    if let Some(result) = result {
        let asked = query(HAS_VISIT).bind(municipality).bind(result.visit.to_string());
        let found = asked.fetch_optional(&mut *connection).await?;
        found.ok_or(StoreError::NotFound("visit"))?;
    }
    query(ADD)
        .bind(municipality)
        .bind(control)
        .bind(position)
        .bind(step.at.as_microsecond())
        .bind(step.by.code())
        .bind(act)
        .bind(day.map(|day| day.to_string()))
        .bind(reason)
        .bind(result.map(|result| result.visit.to_string()))
        .bind(result.map(|result| i64::from(result.minutes)))
        .bind(result.map(|result| i64::from(result.vehicles)))
        .bind(result.map(|result| i64::from(result.checked)))
        .bind(result.map(|result| counted(&result.breaches)))
        .bind(result.and_then(|result| result.v85_before))
        .bind(result.and_then(|result| result.v85_after))
        .execute(connection)
        .await?;
    Ok(())
}

/// Breaches as they stand in one column: `speeding=7,phone=1`.
fn counted(breaches: &[(Breach, u32)]) -> String {
    let each: Vec<String> =
        breaches.iter().map(|(kind, number)| format!("{kind}={number}")).collect();
    each.join(",")
}

fn breaches(text: &str) -> Option<Vec<(Breach, u32)>> {
    let each = text.split(',').filter(|part| !part.is_empty());
    each.map(|part| {
        let (kind, number) = part.split_once('=')?;
        Some((Breach::parse(kind)?, number.parse().ok()?))
    })
    .collect()
}

fn step(columns: &mut Columns<'_>) -> Result<ControlStep, StoreError> {
    let (at, by) = (columns.time()?, columns.code(Role::parse)?);
    let act: String = columns.take()?;
    let day = columns.maybe_code(|text| text.parse().ok())?;
    let reason = columns.maybe_code(NotDone::parse)?;
    let visit = columns.maybe_code(Id::parse)?;
    let numbers = [columns.maybe_number()?, columns.maybe_number()?, columns.maybe_number()?];
    let breaches = columns.maybe_code(breaches)?;
    let (v85_before, v85_after) = (columns.take()?, columns.take()?);
    let corrupt = || StoreError::Corrupt("step of a control".into());
    let act = match (act.as_str(), day, reason) {
        ("called", Some(day), None) => ControlAct::Called(day),
        ("moved", Some(day), Some(reason)) => ControlAct::Moved(day, reason),
        ("lapsed", None, Some(reason)) => ControlAct::Lapsed(reason),
        ("done", Some(on), None) => {
            let [Some(minutes), Some(vehicles), Some(checked)] = numbers else {
                return Err(corrupt());
            };
            let (visit, breaches) = visit.zip(breaches).ok_or_else(corrupt)?;
            ControlAct::Done(ControlResult {
                visit,
                on,
                minutes,
                vehicles,
                checked,
                breaches,
                v85_before,
                v85_after,
            })
        }
        _ => return Err(corrupt()),
    };
    Ok(ControlStep { at, by, act })
}

fn control(row: &Row, steps: &mut HashMap<Id, Vec<ControlStep>>) -> Result<Control, StoreError> {
    let columns = &mut Columns::of(row);
    let id = columns.id()?;
    Ok(Control {
        id,
        municipality: columns.code(|text| MunicipalityCode::parse(text).ok())?,
        kind: columns.code(ControlKind::parse)?,
        site: columns.take()?,
        at: Position { longitude: columns.take()?, latitude: columns.take()? },
        district: columns.take::<Option<String>>()?.map(DistrictCode),
        why_here: columns.codes(WhyHere::parse)?,
        why_now: columns.codes(WhyNow::parse)?,
        numbers: ControlNumbers {
            over_kmh: columns.take()?,
            sources: columns.number()?,
            days_since: columns.maybe_number()?,
        },
        steps: steps.remove(&id).unwrap_or_default(),
    })
}

#[async_trait]
impl Controls for SqlStore {
    async fn create_control(
        &self,
        control: NewControl,
        audit: AuditEntry,
    ) -> Result<Submitted, StoreError> {
        let new = (Box::new(control), audit);
        self.writer.write(|reply| Command::CreateControl(new, reply)).await
    }

    async fn add_control_step(
        &self,
        step: NewControlStep,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        let new = (Box::new(step), audit);
        self.writer.write(|reply| Command::AddControlStep(new, reply)).await
    }

    async fn controls(&self, municipality: &MunicipalityCode) -> Result<Vec<Control>, StoreError> {
        let code = municipality.as_str();
        let mut snapshot = self.readers.begin_with(super::super::SNAPSHOT).await?;
        let controls = query(ALL).bind(code).fetch_all(&mut *snapshot).await?;
        let rows = query(STEPS).bind(code).fetch_all(&mut *snapshot).await?;
        snapshot.rollback().await?;
        let mut steps: HashMap<Id, Vec<ControlStep>> = HashMap::new();
        for row in &rows {
            let columns = &mut Columns::of(row);
            steps.entry(columns.id()?).or_default().push(step(columns)?);
        }
        controls.iter().map(|row| control(row, &mut steps)).collect()
    }
}
