//! Submitted reports: however many wait, about six statements write them.

use super::columns::Columns;
use super::insert::{FEW, insert_events, insert_rows};
use super::reports::{INSERT_REPORTS, push_report};
use super::{Connection, Db, bytes, feed, photos};
use crate::store::record::Record;
use crate::store::{Digest, Idempotency, NewReport, StoreError, Submitted};
use fyren_core::domain::{ChangeKind, MunicipalityCode, Seq};
use sqlx::query_builder::Separated;
use sqlx::{Connection as _, QueryBuilder};
use std::collections::{BTreeMap, HashMap};

/// Before the rows of `idempotency_keys`.
pub(super) const INSERT_KEYS: &str =
    "INSERT INTO idempotency_keys (municipality, key_hmac, body_hash, expires_at) ";

type Key = (MunicipalityCode, Digest);
type Outcome = Result<Submitted, StoreError>;

/// Stores `reports` together; one outcome each, in their order. If the group
/// cannot be written, each is tried alone, so that only the bad ones fail.
pub(super) async fn all(connection: &mut Connection, reports: &[&NewReport]) -> Vec<Outcome> {
    if reports.is_empty() {
        return Vec::new();
    }
    if let Ok(outcomes) = in_step(connection, reports).await {
        return outcomes;
    }
    let mut outcomes = Vec::with_capacity(reports.len());
    for report in reports {
        let alone = in_step(connection, std::slice::from_ref(report)).await;
        outcomes.push(alone.and_then(only));
    }
    outcomes
}

/// Stores one report.
pub(super) async fn one(connection: &mut Connection, report: &NewReport) -> Outcome {
    only(group(connection, &[report]).await?)
}

fn only(outcomes: Vec<Outcome>) -> Outcome {
    outcomes.into_iter().next().unwrap_or(Err(StoreError::NotFound("report")))
}

async fn in_step(
    connection: &mut Connection,
    reports: &[&NewReport],
) -> Result<Vec<Outcome>, StoreError> {
    let mut step = connection.begin().await?;
    let outcomes = group(&mut step, reports).await?;
    step.commit().await?;
    Ok(outcomes)
}

async fn group(
    connection: &mut Connection,
    reports: &[&NewReport],
) -> Result<Vec<Outcome>, StoreError> {
    let mut known = known_keys(connection, reports).await?;
    let mut outcomes: Vec<Option<Outcome>> = vec![None; reports.len()];
    let mut fresh = BTreeMap::<&str, Vec<usize>>::new();
    for (at, new) in reports.iter().enumerate() {
        let key = (new.report.municipality.clone(), new.idempotency.key_hmac);
        match known.get(&key) {
            Some(body) if *body == new.idempotency.body_hash => {
                outcomes[at] = Some(Ok(Submitted::Replayed));
            }
            Some(_) => outcomes[at] = Some(Ok(Submitted::KeyReused)),
            None => {
                known.insert(key, new.idempotency.body_hash);
                fresh.entry(new.report.municipality.as_str()).or_default().push(at);
            }
        }
    }
    let mut events = Vec::with_capacity(reports.len());
    let mut stored = Vec::with_capacity(reports.len());
    for (municipality, places) in fresh {
        let first = feed::take(connection, municipality, places.len(), ChangeKind::Report).await;
        let first = match first {
            Ok(first) => first,
            Err(error) => {
                // Without the municipality there is no replay in it either.
                for (outcome, new) in outcomes.iter_mut().zip(reports) {
                    if new.report.municipality.as_str() == municipality {
                        *outcome = Some(Err(error.clone()));
                    }
                }
                continue;
            }
        };
        for (place, seq) in places.into_iter().zip(first..) {
            outcomes[place] = Some(Ok(Submitted::Created(Seq(seq))));
            events.push((seq, Record::from(reports[place])));
            stored.push(reports[place]);
        }
    }
    insert_events(connection, &events).await?;
    insert_details(connection, &stored).await?;
    Ok(outcomes.into_iter().flatten().collect())
}

async fn insert_details(
    connection: &mut Connection,
    stored: &[&NewReport],
) -> Result<(), StoreError> {
    insert_rows(connection, INSERT_REPORTS, stored, |columns, new| {
        push_report(columns, &new.report, Some(new));
    })
    .await?;
    photos::insert(connection, stored).await?;
    insert_rows(connection, INSERT_KEYS, stored, |columns, new| {
        push_key(columns, new.report.municipality.as_str(), &new.idempotency);
    })
    .await
}

/// Writes one row of `idempotency_keys`.
pub(super) fn push_key(
    mut columns: Separated<'_, Db, &'static str>,
    municipality: &str,
    key: &Idempotency,
) {
    columns
        .push_bind(municipality.to_owned())
        .push_bind(bytes(&key.key_hmac).to_vec())
        .push_bind(bytes(&key.body_hash).to_vec())
        .push_bind(key.expires.as_microsecond());
}

async fn known_keys(
    connection: &mut Connection,
    reports: &[&NewReport],
) -> Result<HashMap<Key, Digest>, StoreError> {
    let mut statement = QueryBuilder::<Db>::new(
        "SELECT municipality, key_hmac, body_hash FROM idempotency_keys
        WHERE (municipality, key_hmac) IN (",
    );
    statement.push_values(reports, |mut columns, new| {
        columns
            .push_bind(new.report.municipality.as_str().to_owned())
            .push_bind(bytes(&new.idempotency.key_hmac).to_vec());
    });
    statement.push(")");
    let rows = statement.build().persistent(reports.len() <= FEW).fetch_all(connection).await?;
    rows.iter()
        .map(|row| {
            let mut columns = Columns::of(row);
            let municipality = columns.code(|text| MunicipalityCode::parse(text).ok())?;
            Ok(((municipality, columns.digest()?), columns.digest()?))
        })
        .collect()
}
