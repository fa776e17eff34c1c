//! Promises, and the trait over them and the measures.

use super::columns::{Columns, joined};
use super::insert::insert_rows;
use super::writer::Command;
use super::{Connection, Row, SqlStore, audit, feed, measures, statements};
use crate::store::{AuditEntry, Idempotency, Ledger, StoreError, Submitted};
use async_trait::async_trait;
use fyren_core::domain::{
    ChangeKind, Evidence, Measure, MunicipalityCode, Promise, PromiseOwner, PromiseTarget, Purpose,
    Seq, TargetUnit, Verdict,
};
use sqlx::query;

/// Before the rows of `promise_evidence`.
pub(super) const INSERT_EVIDENCE: &str =
    "INSERT INTO promise_evidence (municipality, promise, position, on_day, text_sv, text_en) ";

statements! {
    SAVE = "INSERT INTO promises (municipality, slug, id, from_day, to_day, owner, theme, text_sv,
        text_en, target, target_count, unit, purposes, verdict, reason_sv, reason_en, source)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        ON CONFLICT (municipality, slug) DO UPDATE SET from_day = excluded.from_day,
        to_day = excluded.to_day, owner = excluded.owner, theme = excluded.theme,
        text_sv = excluded.text_sv, text_en = excluded.text_en, target = excluded.target,
        target_count = excluded.target_count, unit = excluded.unit, purposes = excluded.purposes,
        verdict = excluded.verdict, reason_sv = excluded.reason_sv,
        reason_en = excluded.reason_en, source = excluded.source";
    DROP_EVIDENCE = "DELETE FROM promise_evidence WHERE municipality = $1 AND promise = $2";
    ALL = "SELECT id, municipality, slug, from_day, to_day, owner, theme, text_sv, text_en, target,
        target_count, unit, purposes, verdict, reason_sv, reason_en, source
        FROM promises WHERE municipality = $1 ORDER BY from_day DESC, slug";
    EVIDENCE = "SELECT promise, on_day, text_sv, text_en FROM promise_evidence
        WHERE municipality = $1 ORDER BY promise, position";
}

/// Stores or replaces a promise.
pub(super) async fn save_promise(
    connection: &mut Connection,
    (promise, entry): &(Promise, AuditEntry),
) -> Result<Seq, StoreError> {
    let code = promise.municipality.as_str();
    let seq = feed::take(connection, code, 1, ChangeKind::Promise).await?;
    let (target, count) = target_columns(&promise.target);
    query(SAVE)
        .bind(code)
        .bind(&promise.slug)
        .bind(promise.id.to_string())
        .bind(promise.from.to_string())
        .bind(promise.to.to_string())
        .bind(promise.owner.code())
        .bind(&promise.theme)
        .bind(&promise.text.0)
        .bind(&promise.text.1)
        .bind(target)
        .bind(count)
        .bind(promise.unit.code())
        .bind(joined(&promise.purposes, Purpose::code))
        .bind(promise.verdict.map(Verdict::code))
        .bind(promise.verdict_reason.as_ref().map(|reason| reason.0.as_str()))
        .bind(promise.verdict_reason.as_ref().map(|reason| reason.1.as_str()))
        .bind(&promise.source)
        .execute(&mut *connection)
        .await?;
    save_evidence(connection, promise).await?;
    audit::append(connection, entry).await?;
    Ok(Seq(seq))
}

async fn save_evidence(connection: &mut Connection, promise: &Promise) -> Result<(), StoreError> {
    let code = promise.municipality.as_str();
    query(DROP_EVIDENCE).bind(code).bind(&promise.slug).execute(&mut *connection).await?;
    let evidence: Vec<_> = (0_i64..).zip(&promise.evidence).collect();
    insert_rows(connection, INSERT_EVIDENCE, &evidence, |mut columns, (position, one)| {
        columns
            .push_bind(code.to_owned())
            .push_bind(promise.slug.clone())
            .push_bind(*position)
            .push_bind(one.on.to_string())
            .push_bind(one.text.0.clone())
            .push_bind(one.text.1.clone());
    })
    .await
}

fn target_columns(target: &PromiseTarget) -> (&'static str, Option<i64>) {
    match target {
        PromiseTarget::AtLeast(count) => ("at_least", Some(i64::from(*count))),
        PromiseTarget::NeedBased => ("need_based", None),
        PromiseTarget::NoNumber => ("no_number", None),
    }
}

fn target(columns: &mut Columns<'_>) -> Result<PromiseTarget, StoreError> {
    let kind: String = columns.take()?;
    match (kind.as_str(), columns.maybe_number()?) {
        ("at_least", Some(count)) => Ok(PromiseTarget::AtLeast(count)),
        ("need_based", None) => Ok(PromiseTarget::NeedBased),
        ("no_number", None) => Ok(PromiseTarget::NoNumber),
        _ => Err(StoreError::Corrupt("target of a promise".into())),
    }
}

fn promise(row: &Row) -> Result<Promise, StoreError> {
    let columns = &mut Columns::of(row);
    Ok(Promise {
        id: columns.id()?,
        municipality: columns.code(|text| MunicipalityCode::parse(text).ok())?,
        slug: columns.take()?,
        from: columns.day()?,
        to: columns.day()?,
        owner: columns.code(PromiseOwner::parse)?,
        theme: columns.take()?,
        text: (columns.take()?, columns.take()?),
        target: target(columns)?,
        unit: columns.code(TargetUnit::parse)?,
        purposes: columns.codes(Purpose::parse)?,
        evidence: Vec::new(),
        verdict: columns.maybe_code(Verdict::parse)?,
        verdict_reason: columns.maybe_texts()?,
        source: columns.take()?,
    })
}

#[async_trait]
impl Ledger for SqlStore {
    async fn save_measure(&self, measure: Measure, audit: AuditEntry) -> Result<Seq, StoreError> {
        self.writer.write(|reply| Command::SaveMeasure((measure, audit), reply)).await
    }

    async fn create_measure(
        &self,
        measure: Measure,
        idempotency: Idempotency,
        audit: AuditEntry,
    ) -> Result<Submitted, StoreError> {
        let new = (measure, idempotency, audit);
        self.writer.write(|reply| Command::CreateMeasure(new, reply)).await
    }

    async fn measures(&self, municipality: &MunicipalityCode) -> Result<Vec<Measure>, StoreError> {
        let rows = query(measures::ALL).bind(municipality.as_str());
        rows.fetch_all(&self.readers).await?.iter().map(measures::measure).collect()
    }

    async fn save_promise(&self, promise: Promise, audit: AuditEntry) -> Result<Seq, StoreError> {
        self.writer.write(|reply| Command::SavePromise((promise, audit), reply)).await
    }

    async fn promises(&self, municipality: &MunicipalityCode) -> Result<Vec<Promise>, StoreError> {
        let mut snapshot = self.readers.begin_with(super::super::SNAPSHOT).await?;
        let rows = query(ALL).bind(municipality.as_str()).fetch_all(&mut *snapshot).await?;
        let mut promises = rows.iter().map(promise).collect::<Result<Vec<_>, _>>()?;
        let rows = query(EVIDENCE).bind(municipality.as_str()).fetch_all(&mut *snapshot).await?;
        snapshot.rollback().await?;
        for row in &rows {
            let columns = &mut Columns::of(row);
            let slug: &str = columns.take()?;
            let on = columns.day()?;
            let text = (columns.take()?, columns.take()?);
            if let Some(promise) = promises.iter_mut().find(|promise| promise.slug == slug) {
                promise.evidence.push(Evidence { on, text });
            }
        }
        Ok(promises)
    }
}
