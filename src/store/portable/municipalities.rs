//! Municipalities, their groups and their further map layers.

use super::columns::Columns;
use super::insert::insert_rows;
use super::writer::Command;
use super::{Connection, SqlStore, audit, feed, statements};
use crate::store::geometry::{boundary, boundary_text};
use crate::store::{Area, AuditEntry, ExtraLayer, Municipalities, MunicipalitySummary, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{
    ChangeKind, Contact, District, DistrictCode, Locality, LocalityId, LocalityKind, Municipality,
    MunicipalityCode, Policy, Position, Seq,
};
use sqlx::query;

const INSERT_DISTRICTS: &str =
    "INSERT INTO districts (municipality, code, position, name, boundary, residents) ";
const INSERT_LOCALITIES: &str = "INSERT INTO localities (municipality, id, position, name, kind,
    longitude, latitude, precision_m, district, residents, weight) ";
const INSERT_CONTACTS: &str = "INSERT INTO contacts (municipality, position, role, value) ";
const INSERT_MEMBERS: &str = "INSERT INTO area_members (area, municipality) ";

/// Before the rows of each table of this file.
pub(super) const INSERTS: &[&str] =
    &[INSERT_DISTRICTS, INSERT_LOCALITIES, INSERT_CONTACTS, INSERT_MEMBERS];

statements! {
    SAVE = "INSERT INTO municipalities (code, name, full_name, time_zone, crs, boundary, land, k,
        delay_days, retention_days, retention_decision, synthetic, seq)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0)
        ON CONFLICT (code) DO UPDATE SET name = excluded.name, full_name = excluded.full_name,
        time_zone = excluded.time_zone, crs = excluded.crs, boundary = excluded.boundary,
        land = excluded.land, k = excluded.k, delay_days = excluded.delay_days,
        retention_days = excluded.retention_days, retention_decision = excluded.retention_decision,
        synthetic = excluded.synthetic";
    DROP_DISTRICTS = "DELETE FROM districts WHERE municipality = $1";
    DROP_LOCALITIES = "DELETE FROM localities WHERE municipality = $1";
    DROP_CONTACTS = "DELETE FROM contacts WHERE municipality = $1";
    ONE = "SELECT code, name, full_name, time_zone, crs, boundary, land, k, delay_days,
        retention_days, retention_decision, synthetic FROM municipalities WHERE code = $1";
    DISTRICTS = "SELECT code, name, boundary, residents FROM districts
        WHERE municipality = $1 ORDER BY position";
    LOCALITIES = "SELECT id, name, kind, longitude, latitude, precision_m, district, residents,
        weight FROM localities WHERE municipality = $1 ORDER BY position";
    CONTACTS = "SELECT role, value FROM contacts WHERE municipality = $1 ORDER BY position";
    ALL = "SELECT code, name, full_name, synthetic, seq FROM municipalities ORDER BY name, code";
    DROP_AREA = "DELETE FROM area_members WHERE area = $1";
    MEMBERS = "SELECT area, municipality FROM area_members ORDER BY area, municipality";
    SAVE_LAYER = "INSERT INTO extra_layers (municipality, name, geojson) VALUES ($1, $2, $3)
        ON CONFLICT (municipality, name) DO UPDATE SET geojson = excluded.geojson";
    LAYERS = "SELECT name, geojson FROM extra_layers WHERE municipality = $1 ORDER BY name";
}

/// Stores or replaces a municipality.
pub(super) async fn save(
    connection: &mut Connection,
    (municipality, entry): &(Box<Municipality>, AuditEntry),
) -> Result<Seq, StoreError> {
    let policy = &municipality.policy;
    query(SAVE)
        .bind(municipality.code.as_str())
        .bind(&municipality.name)
        .bind(&municipality.full_name)
        .bind(&municipality.time_zone)
        .bind(&municipality.crs)
        .bind(boundary_text(&municipality.boundary))
        .bind(municipality.land.as_ref().map(boundary_text))
        .bind(i64::from(policy.k))
        .bind(i64::from(policy.delay_days))
        .bind(i64::from(policy.retention_days))
        .bind(&policy.retention_decision)
        .bind(municipality.synthetic)
        .execute(&mut *connection)
        .await?;
    for drop in [DROP_DISTRICTS, DROP_LOCALITIES, DROP_CONTACTS] {
        query(drop).bind(municipality.code.as_str()).execute(&mut *connection).await?;
    }
    save_parts(connection, municipality).await?;
    audit::append(connection, entry).await?;
    let code = municipality.code.as_str();
    feed::take(connection, code, 1, ChangeKind::Municipality).await.map(Seq)
}

async fn save_parts(
    connection: &mut Connection,
    municipality: &Municipality,
) -> Result<(), StoreError> {
    let code = municipality.code.as_str();
    let districts: Vec<_> = (0_i64..).zip(&municipality.districts).collect();
    insert_rows(connection, INSERT_DISTRICTS, &districts, |mut columns, (position, district)| {
        columns
            .push_bind(code.to_owned())
            .push_bind(district.code.0.clone())
            .push_bind(*position)
            .push_bind(district.name.clone())
            .push_bind(boundary_text(&district.boundary))
            .push_bind(district.residents.map(i64::from));
    })
    .await?;
    let localities: Vec<_> = (0_i64..).zip(&municipality.localities).collect();
    insert_rows(connection, INSERT_LOCALITIES, &localities, |mut columns, (position, locality)| {
        columns
            .push_bind(code.to_owned())
            .push_bind(locality.id.0.clone())
            .push_bind(*position)
            .push_bind(locality.name.clone())
            .push_bind(locality.kind.code())
            .push_bind(locality.position.longitude)
            .push_bind(locality.position.latitude)
            .push_bind(locality.precision_m)
            .push_bind(locality.district.as_ref().map(|district| district.0.clone()))
            .push_bind(locality.residents.map(i64::from))
            .push_bind(i64::from(locality.weight));
    })
    .await?;
    let contacts: Vec<_> = (0_i64..).zip(&municipality.contacts).collect();
    insert_rows(connection, INSERT_CONTACTS, &contacts, |mut columns, (position, contact)| {
        columns
            .push_bind(code.to_owned())
            .push_bind(*position)
            .push_bind(contact.role.clone())
            .push_bind(contact.value.clone());
    })
    .await
}

/// Stores or replaces a group.
pub(super) async fn save_area(
    connection: &mut Connection,
    (area, entry): &(Area, AuditEntry),
) -> Result<(), StoreError> {
    query(DROP_AREA).bind(&area.name).execute(&mut *connection).await?;
    let mut members = area.municipalities.clone();
    members.sort();
    members.dedup();
    for code in &members {
        feed::head_in(connection, code).await?;
    }
    insert_rows(connection, INSERT_MEMBERS, &members, |mut columns, code| {
        columns.push_bind(area.name.clone()).push_bind(code.as_str().to_owned());
    })
    .await?;
    audit::append(connection, entry).await
}

/// Stores or replaces a further map layer.
pub(super) async fn save_extra_layer(
    connection: &mut Connection,
    (municipality, layer): &(MunicipalityCode, ExtraLayer),
) -> Result<(), StoreError> {
    let code = municipality.as_str();
    feed::take(connection, code, 1, ChangeKind::Municipality).await?;
    query(SAVE_LAYER).bind(code).bind(&layer.name).bind(&layer.geojson).execute(connection).await?;
    Ok(())
}

fn code(columns: &mut Columns<'_>) -> Result<MunicipalityCode, StoreError> {
    columns.code(|text| MunicipalityCode::parse(text).ok())
}

async fn whole(
    connection: &mut Connection,
    wanted: &MunicipalityCode,
) -> Result<Option<Municipality>, StoreError> {
    let row = query(ONE).bind(wanted.as_str()).fetch_optional(&mut *connection).await?;
    let Some(row) = row else { return Ok(None) };
    let columns = &mut Columns::of(&row);
    Ok(Some(Municipality {
        code: code(columns)?,
        name: columns.take()?,
        full_name: columns.take()?,
        time_zone: columns.take()?,
        crs: columns.take()?,
        boundary: boundary(columns.take()?)?,
        land: columns.take::<Option<&str>>()?.map(boundary).transpose()?,
        policy: Policy {
            k: columns.number()?,
            delay_days: columns.number()?,
            retention_days: columns.number()?,
            retention_decision: columns.take()?,
        },
        synthetic: columns.take()?,
        districts: districts(connection, wanted).await?,
        localities: localities(connection, wanted).await?,
        contacts: contacts(connection, wanted).await?,
    }))
}

async fn districts(
    connection: &mut Connection,
    code: &MunicipalityCode,
) -> Result<Vec<District>, StoreError> {
    let rows = query(DISTRICTS).bind(code.as_str()).fetch_all(connection).await?;
    rows.iter()
        .map(|row| {
            let mut columns = Columns::of(row);
            Ok(District {
                code: DistrictCode(columns.take()?),
                name: columns.take()?,
                boundary: boundary(columns.take()?)?,
                residents: columns.maybe_number()?,
            })
        })
        .collect()
}

async fn localities(
    connection: &mut Connection,
    code: &MunicipalityCode,
) -> Result<Vec<Locality>, StoreError> {
    let rows = query(LOCALITIES).bind(code.as_str()).fetch_all(connection).await?;
    rows.iter()
        .map(|row| {
            let mut columns = Columns::of(row);
            Ok(Locality {
                id: LocalityId(columns.take()?),
                name: columns.take()?,
                kind: columns.code(LocalityKind::parse)?,
                position: Position { longitude: columns.take()?, latitude: columns.take()? },
                precision_m: columns.take()?,
                district: columns.take::<Option<String>>()?.map(DistrictCode),
                residents: columns.maybe_number()?,
                weight: columns.number()?,
            })
        })
        .collect()
}

async fn contacts(
    connection: &mut Connection,
    code: &MunicipalityCode,
) -> Result<Vec<Contact>, StoreError> {
    let rows = query(CONTACTS).bind(code.as_str()).fetch_all(connection).await?;
    rows.iter()
        .map(|row| {
            let mut columns = Columns::of(row);
            Ok(Contact { role: columns.take()?, value: columns.take()? })
        })
        .collect()
}

#[async_trait]
impl Municipalities for SqlStore {
    async fn save_municipality(
        &self,
        municipality: Municipality,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        let write = (Box::new(municipality), audit);
        self.writer.write(|reply| Command::SaveMunicipality(write, reply)).await
    }

    async fn municipality(
        &self,
        code: &MunicipalityCode,
    ) -> Result<Option<Municipality>, StoreError> {
        let mut snapshot = self.readers.begin_with(super::super::SNAPSHOT).await?;
        let municipality = whole(&mut snapshot, code).await?;
        snapshot.rollback().await?;
        Ok(municipality)
    }

    async fn municipalities(&self) -> Result<Vec<MunicipalitySummary>, StoreError> {
        let rows = query(ALL).fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| {
                let columns = &mut Columns::of(row);
                Ok(MunicipalitySummary {
                    code: code(columns)?,
                    name: columns.take()?,
                    full_name: columns.take()?,
                    synthetic: columns.take()?,
                    head: Seq(columns.take()?),
                })
            })
            .collect()
    }

    async fn save_area(&self, area: Area, audit: AuditEntry) -> Result<(), StoreError> {
        self.writer.write(|reply| Command::SaveArea((area, audit), reply)).await
    }

    async fn areas(&self) -> Result<Vec<Area>, StoreError> {
        let rows = query(MEMBERS).fetch_all(&self.readers).await?;
        let mut areas = Vec::<Area>::new();
        for row in &rows {
            let columns = &mut Columns::of(row);
            let (name, member) = (columns.take::<String>()?, code(columns)?);
            match areas.last_mut() {
                Some(area) if area.name == name => area.municipalities.push(member),
                _ => areas.push(Area { name, municipalities: vec![member] }),
            }
        }
        Ok(areas)
    }

    async fn save_extra_layer(
        &self,
        municipality: &MunicipalityCode,
        layer: ExtraLayer,
    ) -> Result<(), StoreError> {
        let write = (municipality.clone(), layer);
        self.writer.write(|reply| Command::SaveExtraLayer(write, reply)).await
    }

    async fn extra_layers(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<ExtraLayer>, StoreError> {
        let rows = query(LAYERS).bind(municipality.as_str()).fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                Ok(ExtraLayer { name: columns.take()?, geojson: columns.take()? })
            })
            .collect()
    }
}
