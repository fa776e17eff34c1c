//! Vetoes on hot spots.

use super::columns::Columns;
use super::insert::insert_rows;
use super::submit::{INSERT_KEYS, push_key};
use super::writer::Command;
use super::{Connection, Row, SqlStore, audit, feed, measures, statements};
use crate::store::{AuditEntry, Idempotency, StoreError, Submitted, Vetoes};
use async_trait::async_trait;
use fyren_core::domain::{
    ChangeKind, Id, MunicipalityCode, Position, Role, Seq, SpotCell, Veto, VetoAct, VetoReason,
    VetoStep, VetoTerms,
};
use sqlx::query;
use std::collections::HashMap;

statements! {
    INSERT = "INSERT INTO vetoes (municipality, id, cell, longitude, latitude)
        VALUES ($1, $2, $3, $4, $5)";
    ADD = "INSERT INTO veto_steps (municipality, veto, position, done_at, by_role, reason, note, review_on)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    LAST = "SELECT s.position, s.reason FROM veto_steps s
        WHERE s.municipality = $1 AND s.veto = $2 ORDER BY s.position DESC LIMIT 1";
    HOLDS = "SELECT v.id FROM vetoes v WHERE v.municipality = $1 AND v.cell = $2
        AND NOT EXISTS (SELECT 1 FROM veto_steps s WHERE s.municipality = v.municipality
        AND s.veto = v.id AND s.reason IS NULL) LIMIT 1";
    ALL = "SELECT v.id, v.municipality, v.cell, v.longitude, v.latitude FROM vetoes v
        JOIN veto_steps s ON s.municipality = v.municipality AND s.veto = v.id AND s.position = 0
        WHERE v.municipality = $1 ORDER BY s.done_at DESC, v.id";
    STEPS = "SELECT veto, done_at, by_role, reason, review_on, note FROM veto_steps
        WHERE municipality = $1 ORDER BY veto, position";
}

/// Stores a new veto unless its key is known.
pub(super) async fn set(
    connection: &mut Connection,
    (veto, idempotency, entry): &(Veto, Idempotency, AuditEntry),
) -> Result<Submitted, StoreError> {
    let code = veto.municipality.as_str();
    if let Some(known) = measures::replayed(connection, code, idempotency).await? {
        return Ok(known);
    }
    // Whoever has the position has the municipality until the end of the write.
    let seq = feed::take(connection, code, 1, ChangeKind::Veto).await?;
    let cell = veto.cell.to_string();
    if query(HOLDS).bind(code).bind(&cell).fetch_optional(&mut *connection).await?.is_some() {
        return Err(StoreError::Conflict("veto_holds"));
    }
    let id = veto.id.to_string();
    query(INSERT)
        .bind(code)
        .bind(&id)
        .bind(cell)
        .bind(veto.at.longitude)
        .bind(veto.at.latitude)
        .execute(&mut *connection)
        .await?;
    for (position, step) in (0..).zip(&veto.steps) {
        insert_step(connection, (code, &id, position), step).await?;
    }
    insert_rows(connection, INSERT_KEYS, &[idempotency], |columns, key| {
        push_key(columns, code, key);
    })
    .await?;
    audit::append(connection, entry).await?;
    Ok(Submitted::Created(Seq(seq)))
}

/// Adds a step to a veto that holds.
pub(super) async fn add(
    connection: &mut Connection,
    (municipality, id, step, entry): &(MunicipalityCode, Id, VetoStep, AuditEntry),
) -> Result<Seq, StoreError> {
    let (code, id) = (municipality.as_str(), id.to_string());
    let seq = feed::take(connection, code, 1, ChangeKind::Veto).await?;
    let last = query(LAST).bind(code).bind(&id).fetch_optional(&mut *connection).await?;
    let last = last.ok_or(StoreError::NotFound("veto"))?;
    let columns = &mut Columns::of(&last);
    let (position, reason): (i64, Option<&str>) = (columns.take()?, columns.take()?);
    if reason.is_none() {
        return Err(StoreError::Conflict("veto_ended"));
    }
    insert_step(connection, (code, &id, position + 1), step).await?;
    audit::append(connection, entry).await?;
    Ok(Seq(seq))
}

async fn insert_step(
    connection: &mut Connection,
    (municipality, veto, position): (&str, &str, i64),
    step: &VetoStep,
) -> Result<(), StoreError> {
    let (reason, note, review_on) = match &step.act {
        VetoAct::Held(terms) => {
            (Some(terms.reason.code()), terms.note.as_deref(), Some(terms.review_on.to_string()))
        }
        VetoAct::Ended(note) => (None, note.as_deref(), None),
    };
    query(ADD)
        .bind(municipality)
        .bind(veto)
        .bind(position)
        .bind(step.at.as_microsecond())
        .bind(step.by.code())
        .bind(reason)
        .bind(note)
        .bind(review_on)
        .execute(connection)
        .await?;
    Ok(())
}

fn step(columns: &mut Columns<'_>) -> Result<VetoStep, StoreError> {
    let (at, by) = (columns.time()?, columns.code(Role::parse)?);
    let reason = columns.maybe_code(VetoReason::parse)?;
    let review_on = columns.maybe_code(|text| text.parse().ok())?;
    let note = columns.take()?;
    let act = match reason.zip(review_on) {
        Some((reason, review_on)) => VetoAct::Held(VetoTerms { reason, note, review_on }),
        None => VetoAct::Ended(note),
    };
    Ok(VetoStep { at, by, act })
}

#[async_trait]
impl Vetoes for SqlStore {
    async fn set_veto(
        &self,
        veto: Veto,
        idempotency: Idempotency,
        audit: AuditEntry,
    ) -> Result<Submitted, StoreError> {
        let new = (veto, idempotency, audit);
        self.writer.write(|reply| Command::SetVeto(new, reply)).await
    }

    async fn add_veto_step(
        &self,
        municipality: &MunicipalityCode,
        id: Id,
        step: VetoStep,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        let new = (municipality.clone(), id, step, audit);
        self.writer.write(|reply| Command::AddVetoStep(new, reply)).await
    }

    async fn vetoes(&self, municipality: &MunicipalityCode) -> Result<Vec<Veto>, StoreError> {
        let code = municipality.as_str();
        let mut snapshot = self.readers.begin_with(super::super::SNAPSHOT).await?;
        let vetoes = query(ALL).bind(code).fetch_all(&mut *snapshot).await?;
        let rows = query(STEPS).bind(code).fetch_all(&mut *snapshot).await?;
        snapshot.rollback().await?;
        let mut steps: HashMap<Id, Vec<VetoStep>> = HashMap::new();
        for row in &rows {
            let columns = &mut Columns::of(row);
            steps.entry(columns.id()?).or_default().push(step(columns)?);
        }
        let veto = |row: &Row| {
            let columns = &mut Columns::of(row);
            let id = columns.id()?;
            Ok(Veto {
                id,
                municipality: columns.code(|text| MunicipalityCode::parse(text).ok())?,
                context: self.context,
                cell: columns.code(|text| SpotCell::parse(text).ok())?,
                at: Position { longitude: columns.take()?, latitude: columns.take()? },
                steps: steps.remove(&id).unwrap_or_default(),
            })
        };
        vetoes.iter().map(veto).collect()
    }
}
