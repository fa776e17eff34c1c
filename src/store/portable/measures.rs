//! Measures.

use super::columns::Columns;
use super::insert::insert_rows;
use super::submit::{INSERT_KEYS, push_key};
use super::{Connection, Row, audit, bytes, feed, statements};
use crate::store::{AuditEntry, Idempotency, StoreError, Submitted};
use fyren_core::domain::{
    ChangeKind, Context, DistrictCode, Indicator, Measure, MeasureStatus, MunicipalityCode,
    Position, Seq,
};
use sqlx::query;

statements! {
    SAVE = "INSERT INTO measures (municipality, id, district, problem_sv, problem_en, action_sv,
        action_en, owner, context, decided_on, due_on, status, indicator, outcome_sv, outcome_en,
        synthetic, promise, spot_longitude, spot_latitude)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
        $19)
        ON CONFLICT (municipality, id) DO UPDATE SET district = excluded.district,
        problem_sv = excluded.problem_sv, problem_en = excluded.problem_en,
        action_sv = excluded.action_sv, action_en = excluded.action_en, owner = excluded.owner,
        context = excluded.context, decided_on = excluded.decided_on, due_on = excluded.due_on,
        status = excluded.status, indicator = excluded.indicator,
        outcome_sv = excluded.outcome_sv, outcome_en = excluded.outcome_en,
        synthetic = excluded.synthetic, promise = excluded.promise,
        spot_longitude = excluded.spot_longitude, spot_latitude = excluded.spot_latitude";
    ALL = "SELECT id, municipality, district, problem_sv, problem_en, action_sv, action_en, owner,
        context, decided_on, due_on, status, indicator, outcome_sv, outcome_en, synthetic,
        promise, spot_longitude, spot_latitude
        FROM measures WHERE municipality = $1 ORDER BY decided_on DESC, id";
    KEY = "SELECT body_hash FROM idempotency_keys WHERE municipality = $1 AND key_hmac = $2";
}

/// Stores or replaces a measure.
pub(super) async fn save(
    connection: &mut Connection,
    (measure, entry): &(Measure, AuditEntry),
) -> Result<Seq, StoreError> {
    let seq = store(connection, measure).await?;
    audit::append(connection, entry).await?;
    Ok(Seq(seq))
}

async fn store(connection: &mut Connection, measure: &Measure) -> Result<i64, StoreError> {
    let code = measure.municipality.as_str();
    let seq = feed::take(connection, code, 1, ChangeKind::Measure).await?;
    query(SAVE)
        .bind(code)
        .bind(measure.id.to_string())
        .bind(measure.district.as_ref().map(|district| district.0.as_str()))
        .bind(&measure.problem.0)
        .bind(&measure.problem.1)
        .bind(&measure.action.0)
        .bind(&measure.action.1)
        .bind(&measure.owner)
        .bind(measure.context.code())
        .bind(measure.decided_on.to_string())
        .bind(measure.due_on.to_string())
        .bind(measure.status.code())
        .bind(measure.indicator.code())
        .bind(measure.outcome.as_ref().map(|outcome| outcome.0.as_str()))
        .bind(measure.outcome.as_ref().map(|outcome| outcome.1.as_str()))
        .bind(measure.synthetic)
        .bind(measure.promise.as_deref())
        .bind(measure.spot.map(|spot| spot.longitude))
        .bind(measure.spot.map(|spot| spot.latitude))
        .execute(&mut *connection)
        .await?;
    Ok(seq)
}

/// Stores a new measure unless its key is known.
pub(super) async fn create(
    connection: &mut Connection,
    (measure, idempotency, entry): &(Measure, Idempotency, AuditEntry),
) -> Result<Submitted, StoreError> {
    let municipality = measure.municipality.as_str();
    if let Some(known) = replayed(connection, municipality, idempotency).await? {
        return Ok(known);
    }
    let seq = store(connection, measure).await?;
    insert_rows(connection, INSERT_KEYS, &[idempotency], |columns, key| {
        push_key(columns, municipality, key);
    })
    .await?;
    audit::append(connection, entry).await?;
    Ok(Submitted::Created(Seq(seq)))
}

/// What is to be answered to a key that is known.
pub(super) async fn replayed(
    connection: &mut Connection,
    municipality: &str,
    idempotency: &Idempotency,
) -> Result<Option<Submitted>, StoreError> {
    let row = query(KEY)
        .bind(municipality)
        .bind(bytes(&idempotency.key_hmac))
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let same = Columns::of(&row).digest()? == idempotency.body_hash;
    Ok(Some(if same { Submitted::Replayed } else { Submitted::KeyReused }))
}

/// The measure behind a row of [`ALL`].
pub(super) fn measure(row: &Row) -> Result<Measure, StoreError> {
    let columns = &mut Columns::of(row);
    Ok(Measure {
        id: columns.id()?,
        municipality: columns.code(|text| MunicipalityCode::parse(text).ok())?,
        district: columns.take::<Option<String>>()?.map(DistrictCode),
        problem: (columns.take()?, columns.take()?),
        action: (columns.take()?, columns.take()?),
        owner: columns.take()?,
        context: columns.code(Context::parse)?,
        decided_on: columns.day()?,
        due_on: columns.day()?,
        status: columns.code(MeasureStatus::parse)?,
        indicator: columns.code(Indicator::parse)?,
        outcome: columns.maybe_texts()?,
        synthetic: columns.take()?,
        promise: columns.take()?,
        spot: spot(columns)?,
    })
}

fn spot(columns: &mut Columns<'_>) -> Result<Option<Position>, StoreError> {
    let (longitude, latitude): (Option<f64>, Option<f64>) = (columns.take()?, columns.take()?);
    let at = longitude.zip(latitude);
    Ok(at.map(|(longitude, latitude)| Position { longitude, latitude }))
}
