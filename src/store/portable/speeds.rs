//! Measured speeds.

use super::columns::Columns;
use super::insert::insert_new_rows;
use super::writer::Command;
use super::{Connection, Db, Row, SqlStore, statements};
use crate::store::{Origin, Speeds, StoreError, StoredCount};
use async_trait::async_trait;
use fyren_core::domain::{MunicipalityCode, Position, SpeedHour};
use jiff::Timestamp;
use sqlx::query;
use sqlx::query_builder::Separated;

const INSERT: &str = "INSERT INTO speed_hours (municipality, id, site, longitude, latitude,
    start_at, vehicles, mean_kmh, v85_kmh, limit_kmh, dataset, external_key) ";

/// Before the rows of the table of this file.
pub(super) const INSERTS: &[&str] = &[INSERT];

statements! {
    BETWEEN = "SELECT id, municipality, site, longitude, latitude, start_at, vehicles, mean_kmh,
        v85_kmh, limit_kmh FROM speed_hours
        WHERE municipality = $1 AND start_at >= $2 AND start_at < $3 ORDER BY start_at, id";
    REMOVE = REMOVE_SPEEDS;
}

/// Removes those of an import.
pub(super) const REMOVE_SPEEDS: &str =
    "DELETE FROM speed_hours WHERE municipality = $1 AND id >= $2 AND id <= $3";

/// Writes one transaction's part of an import.
pub(super) async fn insert(
    connection: &mut Connection,
    hours: &[(SpeedHour, Origin)],
) -> Result<StoredCount, StoreError> {
    insert_new_rows(connection, INSERT, hours, |hour| hour.0.municipality.as_str(), push).await
}

fn push(mut columns: Separated<'_, Db, &'static str>, (hour, origin): &(SpeedHour, Origin)) {
    columns
        .push_bind(hour.municipality.as_str().to_owned())
        .push_bind(hour.id.to_string())
        .push_bind(hour.site.clone())
        .push_bind(hour.position.map(|at| at.longitude))
        .push_bind(hour.position.map(|at| at.latitude))
        .push_bind(hour.start.as_microsecond())
        .push_bind(i64::from(hour.count))
        .push_bind(hour.mean_kmh)
        .push_bind(hour.v85_kmh)
        .push_bind(hour.limit_kmh)
        .push_bind(origin.dataset.clone())
        .push_bind(origin.external_key.clone());
}

fn hour(row: &Row) -> Result<SpeedHour, StoreError> {
    let columns = &mut Columns::of(row);
    let id = columns.id()?;
    let municipality = columns.code(|text| MunicipalityCode::parse(text).ok())?;
    let site = columns.take()?;
    let (longitude, latitude) = (columns.take::<Option<f64>>()?, columns.take::<Option<f64>>()?);
    let position =
        longitude.zip(latitude).map(|(longitude, latitude)| Position { longitude, latitude });
    Ok(SpeedHour {
        id,
        municipality,
        site,
        position,
        start: columns.time()?,
        count: columns.number()?,
        mean_kmh: columns.take()?,
        v85_kmh: columns.take()?,
        limit_kmh: columns.take()?,
    })
}

#[async_trait]
impl Speeds for SqlStore {
    async fn insert_speeds(
        &self,
        hours: Vec<(SpeedHour, Origin)>,
    ) -> Result<StoredCount, StoreError> {
        self.writer.write(|reply| Command::InsertSpeeds(hours, reply)).await
    }

    async fn speed_hours(
        &self,
        municipality: &MunicipalityCode,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
    ) -> Result<Vec<SpeedHour>, StoreError> {
        let rows = query(BETWEEN)
            .bind(municipality.as_str())
            .bind(from.map_or(i64::MIN, Timestamp::as_microsecond))
            .bind(to.map_or(i64::MAX, Timestamp::as_microsecond))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(hour).collect()
    }
}
