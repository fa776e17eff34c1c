//! What expectations rest on.

use super::columns::Columns;
use super::insert::insert_new_rows;
use super::writer::Command;
use super::{Connection, Db, Row, SqlStore, statements};
use crate::store::geometry::{boundary, boundary_text};
use crate::store::{Exposures, Origin, StoreError, StoredCount};
use async_trait::async_trait;
use fyren_core::domain::{
    DistrictCode, ExposureItem, ExposureKind, ExposurePlace, Months, MunicipalityCode, Position,
};
use sqlx::query;
use sqlx::query_builder::Separated;

const INSERT: &str = "INSERT INTO exposures (municipality, id, kind, name, place_kind, longitude,
    latitude, radius_m, shape, district, amount, months, dataset, external_key) ";

/// Before the rows of the table of this file.
pub(super) const INSERTS: &[&str] = &[INSERT];

statements! {
    ALL = "SELECT id, municipality, kind, name, place_kind, longitude, latitude, radius_m, shape,
        district, amount, months, dataset FROM exposures WHERE municipality = $1 ORDER BY id";
    REMOVE = REMOVE_EXPOSURES;
}

/// Removes those of an import.
pub(super) const REMOVE_EXPOSURES: &str =
    "DELETE FROM exposures WHERE municipality = $1 AND id >= $2 AND id <= $3";

/// Writes one transaction's part of an import.
pub(super) async fn insert(
    connection: &mut Connection,
    items: &[(ExposureItem, Origin)],
) -> Result<StoredCount, StoreError> {
    insert_new_rows(connection, INSERT, items, |item| item.0.municipality.as_str(), push).await
}

fn push(mut columns: Separated<'_, Db, &'static str>, (item, origin): &(ExposureItem, Origin)) {
    let (mut point, mut radius, mut shape, mut district) = (None, None, None, None);
    let place_kind = match &item.place {
        ExposurePlace::Around { position, radius_m } => {
            (point, radius) = (Some(*position), Some(*radius_m));
            "around"
        }
        ExposurePlace::Area(area) => {
            shape = Some(boundary_text(area));
            "area"
        }
        ExposurePlace::District(code) => {
            district = Some(code.0.clone());
            "district"
        }
        ExposurePlace::Municipality => "municipality",
    };
    columns
        .push_bind(item.municipality.as_str().to_owned())
        .push_bind(item.id.to_string())
        .push_bind(item.kind.code())
        .push_bind(item.name.clone())
        .push_bind(place_kind)
        .push_bind(point.map(|at| at.longitude))
        .push_bind(point.map(|at| at.latitude))
        .push_bind(radius)
        .push_bind(shape)
        .push_bind(district)
        .push_bind(item.amount)
        .push_bind(item.months.factors().map(|factor| factor.to_string()).join(","))
        .push_bind(origin.dataset.clone())
        .push_bind(origin.external_key.clone());
}

fn item(row: &Row) -> Result<(ExposureItem, String), StoreError> {
    let columns = &mut Columns::of(row);
    let id = columns.id()?;
    let municipality = columns.code(|text| MunicipalityCode::parse(text).ok())?;
    let kind = columns.code(ExposureKind::parse)?;
    let name = columns.take()?;
    let place = place(columns)?;
    let amount = columns.take()?;
    let months = columns.code(months)?;
    let item = ExposureItem { id, municipality, kind, name, place, amount, months };
    Ok((item, columns.take()?))
}

fn place(columns: &mut Columns<'_>) -> Result<ExposurePlace, StoreError> {
    let kind = columns.take::<String>()?;
    let [longitude, latitude, radius_m] =
        [columns.take()?, columns.take()?, columns.take::<Option<f64>>()?];
    let shape = columns.take::<Option<&str>>()?.map(boundary).transpose()?;
    let district = columns.take::<Option<String>>()?;
    let corrupt = || StoreError::Corrupt("place of an exposure".into());
    match (kind.as_str(), longitude.zip(latitude).zip(radius_m), shape, district) {
        ("around", Some(((longitude, latitude), radius_m)), None, None) => {
            Ok(ExposurePlace::Around { position: Position { longitude, latitude }, radius_m })
        }
        ("area", None, Some(area), None) => Ok(ExposurePlace::Area(area)),
        ("district", None, None, Some(code)) => Ok(ExposurePlace::District(DistrictCode(code))),
        ("municipality", None, None, None) => Ok(ExposurePlace::Municipality),
        _ => Err(corrupt()),
    }
}

fn months(text: &str) -> Option<Months> {
    let factors: Vec<f64> = text.split(',').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    Months::new(factors.try_into().ok()?).ok()
}

#[async_trait]
impl Exposures for SqlStore {
    async fn insert_exposures(
        &self,
        items: Vec<(ExposureItem, Origin)>,
    ) -> Result<StoredCount, StoreError> {
        self.writer.write(|reply| Command::InsertExposures(items, reply)).await
    }

    async fn exposures(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<(ExposureItem, String)>, StoreError> {
        let rows = query(ALL).bind(municipality.as_str()).fetch_all(&self.readers).await?;
        rows.iter().map(item).collect()
    }
}
