//! Patrol areas.

use super::columns::Columns;
use super::insert::insert_rows;
use super::submit::{INSERT_KEYS, push_key};
use super::writer::Command;
use super::{Connection, Row, SqlStore, audit, feed, measures, statements};
use crate::store::geometry::{boundary, boundary_text};
use crate::store::{AuditEntry, Idempotency, PatrolAreas, StoreError, Submitted};
use async_trait::async_trait;
use fyren_core::domain::{
    AreaUnit, ChangeKind, DistrictCode, Id, MunicipalityCode, PatrolArea, PatrolAreaSet, Role, Seq,
};
use sqlx::query;
use std::collections::HashMap;

statements! {
    INSERT_SET = "INSERT INTO patrol_area_sets (municipality, id, name, made_at, by_role, unit,
        imbalance, today_imbalance) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    INSERT_AREA = "INSERT INTO patrol_areas (municipality, area_set, position, name, share, parts,
        districts, shape) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    NAMED = "SELECT id FROM patrol_area_sets WHERE municipality = $1 AND name = $2";
    SETS = "SELECT id, municipality, name, made_at, by_role, unit, imbalance, today_imbalance
        FROM patrol_area_sets WHERE municipality = $1 ORDER BY made_at DESC, id";
    AREAS = "SELECT area_set, name, share, parts, districts, shape FROM patrol_areas
        WHERE municipality = $1 ORDER BY area_set, position";
    DELETE_AREAS = "DELETE FROM patrol_areas WHERE municipality = $1 AND area_set = $2";
    DELETE_SET = "DELETE FROM patrol_area_sets WHERE municipality = $1 AND id = $2";
}

/// Stores a new set unless its key is known.
pub(super) async fn keep(
    connection: &mut Connection,
    (set, idempotency, entry): &(PatrolAreaSet, Idempotency, AuditEntry),
) -> Result<Submitted, StoreError> {
    let (code, id) = (set.municipality.as_str(), set.id.to_string());
    if let Some(known) = measures::replayed(connection, code, idempotency).await? {
        return Ok(known);
    }
    // Whoever has the position has the municipality until the end of the write.
    let seq = feed::take(connection, code, 1, ChangeKind::Plan).await?;
    let named = query(NAMED).bind(code).bind(&set.name).fetch_optional(&mut *connection).await?;
    if named.is_some() {
        return Err(StoreError::Conflict("name_taken"));
    }
    query(INSERT_SET)
        .bind(code)
        .bind(&id)
        .bind(&set.name)
        .bind(set.made_at.as_microsecond())
        .bind(set.by.code())
        .bind(set.unit.code())
        .bind(set.imbalance)
        .bind(set.today_imbalance)
        .execute(&mut *connection)
        .await?;
    for (position, area) in (1_i64..).zip(&set.areas) {
        let districts: Vec<&str> = area.districts.iter().map(|code| code.0.as_str()).collect();
        query(INSERT_AREA)
            .bind(code)
            .bind(&id)
            .bind(position)
            .bind(&area.name)
            .bind(area.share)
            .bind(i64::from(area.parts))
            .bind(districts.join(","))
            .bind(boundary_text(&area.shape))
            .execute(&mut *connection)
            .await?;
    }
    insert_rows(connection, INSERT_KEYS, &[idempotency], |columns, key| {
        push_key(columns, code, key);
    })
    .await?;
    audit::append(connection, entry).await?;
    Ok(Submitted::Created(Seq(seq)))
}

/// Deletes a set with its areas.
pub(super) async fn delete(
    connection: &mut Connection,
    (municipality, id, entry): &(MunicipalityCode, Id, AuditEntry),
) -> Result<Seq, StoreError> {
    let (code, id) = (municipality.as_str(), id.to_string());
    let seq = feed::take(connection, code, 1, ChangeKind::Plan).await?;
    query(DELETE_AREAS).bind(code).bind(&id).execute(&mut *connection).await?;
    let gone = query(DELETE_SET).bind(code).bind(&id).execute(&mut *connection).await?;
    if gone.rows_affected() == 0 {
        return Err(StoreError::NotFound("patrol areas"));
    }
    audit::append(connection, entry).await?;
    Ok(Seq(seq))
}

fn read_area(columns: &mut Columns<'_>) -> Result<PatrolArea, StoreError> {
    let (name, share, parts) = (columns.take()?, columns.take()?, columns.number()?);
    let codes = columns.take::<&str>()?.split(',').filter(|code| !code.is_empty());
    let districts = codes.map(|code| DistrictCode(code.to_owned())).collect();
    Ok(PatrolArea { name, share, parts, districts, shape: boundary(columns.take()?)? })
}

#[async_trait]
impl PatrolAreas for SqlStore {
    async fn keep_area_set(
        &self,
        set: PatrolAreaSet,
        idempotency: Idempotency,
        audit: AuditEntry,
    ) -> Result<Submitted, StoreError> {
        let new = Box::new((set, idempotency, audit));
        self.writer.write(|reply| Command::KeepAreaSet(new, reply)).await
    }

    async fn delete_area_set(
        &self,
        municipality: &MunicipalityCode,
        id: Id,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        let gone = (municipality.clone(), id, audit);
        self.writer.write(|reply| Command::DeleteAreaSet(gone, reply)).await
    }

    async fn area_sets(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<PatrolAreaSet>, StoreError> {
        let code = municipality.as_str();
        let mut snapshot = self.readers.begin_with(super::super::SNAPSHOT).await?;
        let sets = query(SETS).bind(code).fetch_all(&mut *snapshot).await?;
        let rows = query(AREAS).bind(code).fetch_all(&mut *snapshot).await?;
        snapshot.rollback().await?;
        let mut areas: HashMap<Id, Vec<PatrolArea>> = HashMap::new();
        for row in &rows {
            let columns = &mut Columns::of(row);
            areas.entry(columns.id()?).or_default().push(read_area(columns)?);
        }
        let set = |row: &Row| {
            let columns = &mut Columns::of(row);
            let id = columns.id()?;
            Ok(PatrolAreaSet {
                id,
                municipality: columns.code(|text| MunicipalityCode::parse(text).ok())?,
                name: columns.take()?,
                made_at: columns.time()?,
                by: columns.code(Role::parse)?,
                unit: columns.code(AreaUnit::parse)?,
                imbalance: columns.take()?,
                today_imbalance: columns.take()?,
                areas: areas.remove(&id).unwrap_or_default(),
            })
        };
        sets.iter().map(set).collect()
    }
}
