//! What is held back from releases.

use super::columns::Columns;
use super::writer::Command;
use super::{Connection, Row, SqlStore, audit, found, key_text, statements};
use crate::store::{AuditEntry, Embargoes, EventKey, QuarantineSpan, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{Embargo, Hours, MunicipalityCode, Position, ReleaseWindow};
use sqlx::query;

statements! {
    ONE = "SELECT id, municipality, name, longitude, latitude, radius_m, from_day, to_day, hours,
        since_at, until_at FROM embargoes WHERE municipality = $1 AND id = $2";
    ALL = "SELECT id, municipality, name, longitude, latitude, radius_m, from_day, to_day, hours,
        since_at, until_at FROM embargoes WHERE municipality = $1 ORDER BY id";
    INSERT = "INSERT INTO embargoes (id, municipality, name, longitude, latitude, radius_m,
        from_day, to_day, hours, since_at, until_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    LIFT = "UPDATE embargoes SET until_at = $3
        WHERE municipality = $1 AND id = $2 AND until_at IS NULL";
    SPANS = "SELECT report, from_at, to_at FROM quarantine_spans
        WHERE municipality = $1 ORDER BY report, from_at";
    NOTE = "SELECT quarantine_note FROM reports WHERE municipality = $1 AND id = $2";
}

/// Stores an embargo.
pub(super) async fn save(
    connection: &mut Connection,
    (new, entry): &(Embargo, AuditEntry),
) -> Result<(), StoreError> {
    let code = new.municipality.as_str();
    let known = query(ONE).bind(code).bind(&new.id).fetch_optional(&mut *connection).await?;
    if let Some(row) = known {
        let known = embargo(&row)?;
        let same = Embargo { since: known.since, ..new.clone() } == known;
        return if same { Ok(()) } else { Err(StoreError::Conflict("embargo_exists")) };
    }
    query(INSERT)
        .bind(&new.id)
        .bind(code)
        .bind(&new.name)
        .bind(new.place.map(|(at, _)| at.longitude))
        .bind(new.place.map(|(at, _)| at.latitude))
        .bind(new.place.map(|(_, radius_m)| radius_m))
        .bind(new.days.map(|days| days.from.to_string()))
        .bind(new.days.map(|days| days.to.to_string()))
        .bind(i64::from(new.hours.bits()))
        .bind(new.since.as_microsecond())
        .bind(new.until.map(jiff::Timestamp::as_microsecond))
        .execute(&mut *connection)
        .await?;
    audit::append(connection, entry).await
}

/// Lifts an embargo.
pub(super) async fn lift(
    connection: &mut Connection,
    (municipality, id, entry): &(MunicipalityCode, String, AuditEntry),
) -> Result<(), StoreError> {
    let lifted = query(LIFT)
        .bind(municipality.as_str())
        .bind(id)
        .bind(entry.at.as_microsecond())
        .execute(&mut *connection)
        .await?;
    found(lifted.rows_affected(), "embargo")?;
    audit::append(connection, entry).await
}

fn embargo(row: &Row) -> Result<Embargo, StoreError> {
    let columns = &mut Columns::of(row);
    let (id, municipality) = (columns.take()?, columns.code(|t| MunicipalityCode::parse(t).ok())?);
    let name = columns.take()?;
    let place: [Option<f64>; 3] = [columns.take()?, columns.take()?, columns.take()?];
    let place = match place {
        [Some(longitude), Some(latitude), Some(radius_m)] => {
            Some((Position { longitude, latitude }, radius_m))
        }
        _ => None,
    };
    let days = (columns.maybe_code(|t| t.parse().ok())?, columns.maybe_code(|t| t.parse().ok())?);
    Ok(Embargo {
        id,
        municipality,
        name,
        place,
        days: days.0.zip(days.1).map(|(from, to)| ReleaseWindow { from, to }),
        hours: Hours::from_bits(columns.number()?),
        since: columns.time()?,
        until: columns.maybe_time()?,
    })
}

#[async_trait]
impl Embargoes for SqlStore {
    async fn save_embargo(&self, embargo: Embargo, audit: AuditEntry) -> Result<(), StoreError> {
        self.writer.write(|reply| Command::SaveEmbargo((embargo, audit), reply)).await
    }

    async fn lift_embargo(
        &self,
        municipality: &MunicipalityCode,
        id: &str,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        let which = (municipality.clone(), id.to_owned(), audit);
        self.writer.write(|reply| Command::LiftEmbargo(which, reply)).await
    }

    async fn embargoes(&self, municipality: &MunicipalityCode) -> Result<Vec<Embargo>, StoreError> {
        let rows = query(ALL).bind(municipality.as_str()).fetch_all(&self.readers).await?;
        rows.iter().map(embargo).collect()
    }

    async fn quarantine_spans(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<QuarantineSpan>, StoreError> {
        let rows = query(SPANS).bind(municipality.as_str()).fetch_all(&self.readers).await?;
        let span = |row: &Row| {
            let columns = &mut Columns::of(row);
            let (report, from) = (columns.id()?, columns.time()?);
            Ok(QuarantineSpan { report, from, to: columns.maybe_time()? })
        };
        rows.iter().map(span).collect()
    }

    async fn quarantine_note(&self, key: &EventKey) -> Result<Option<String>, StoreError> {
        let (municipality, id) = key_text(key);
        let row = query(NOTE).bind(municipality).bind(id).fetch_optional(&self.readers).await?;
        row.map_or(Ok(None), |row| Columns::of(&row).take())
    }
}
