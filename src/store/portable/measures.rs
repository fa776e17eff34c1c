//! Measures.

use super::columns::Columns;
use super::{Connection, Row, audit, feed, statements};
use crate::store::{AuditEntry, StoreError};
use fyren_core::domain::{
    ChangeKind, Context, DistrictCode, Indicator, Measure, MeasureStatus, MunicipalityCode, Seq,
};
use sqlx::query;

statements! {
    SAVE = "INSERT INTO measures (municipality, id, district, problem_sv, problem_en, action_sv,
        action_en, owner, context, decided_on, due_on, status, indicator, outcome_sv, outcome_en,
        synthetic)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        ON CONFLICT (municipality, id) DO UPDATE SET district = excluded.district,
        problem_sv = excluded.problem_sv, problem_en = excluded.problem_en,
        action_sv = excluded.action_sv, action_en = excluded.action_en, owner = excluded.owner,
        context = excluded.context, decided_on = excluded.decided_on, due_on = excluded.due_on,
        status = excluded.status, indicator = excluded.indicator,
        outcome_sv = excluded.outcome_sv, outcome_en = excluded.outcome_en,
        synthetic = excluded.synthetic";
    ALL = "SELECT id, municipality, district, problem_sv, problem_en, action_sv, action_en, owner,
        context, decided_on, due_on, status, indicator, outcome_sv, outcome_en, synthetic
        FROM measures WHERE municipality = $1 ORDER BY decided_on DESC, id";
}

/// Stores or replaces a measure.
pub(super) async fn save(
    connection: &mut Connection,
    (measure, entry): &(Measure, AuditEntry),
) -> Result<Seq, StoreError> {
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
        .execute(&mut *connection)
        .await?;
    audit::append(connection, entry).await?;
    Ok(Seq(seq))
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
    })
}
