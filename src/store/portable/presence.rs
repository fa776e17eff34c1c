//! Presence by the week, and summaries.

use super::columns::Columns;
use super::writer::Command;
use super::{Connection, SqlStore, audit, bytes, feed, statements};
use crate::store::{AuditEntry, PresenceWeeks, StoreError, StoredSummary};
use async_trait::async_trait;
use fyren_core::domain::{
    ChangeKind, Context, DistrictCode, MunicipalityCode, PresenceSource, PresenceWeek, Seq,
};
use sqlx::query;

statements! {
    SAVE = "INSERT INTO presence_weeks (municipality, district, week, source, visits, minutes)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (municipality, district, week, source)
        DO UPDATE SET visits = excluded.visits, minutes = excluded.minutes";
    ALL = "SELECT district, week, source, visits, minutes FROM presence_weeks
        WHERE municipality = $1 ORDER BY week, district, source";
    DROP_SUMMED = "DELETE FROM presence_weeks WHERE municipality = $1 AND source = 'summary'";
    LAST = "SELECT generation, made_at, digest FROM summaries
        WHERE municipality = $1 AND context = $2";
    KEEP = "INSERT INTO summaries (municipality, context, generation, made_at, digest, content)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (municipality, context) DO UPDATE SET
        generation = excluded.generation, made_at = excluded.made_at, digest = excluded.digest,
        content = excluded.content";
    SUMMARIES = "SELECT context, generation, made_at, digest, content FROM summaries
        WHERE municipality = $1 ORDER BY context";
}

pub(super) async fn save(
    connection: &mut Connection,
    (municipality, weeks, entry): &(MunicipalityCode, Vec<PresenceWeek>, AuditEntry),
) -> Result<Seq, StoreError> {
    let seq = feed::take(connection, municipality.as_str(), 1, ChangeKind::Municipality).await?;
    write(connection, weeks).await?;
    audit::append(connection, entry).await?;
    Ok(Seq(seq))
}

async fn write(connection: &mut Connection, weeks: &[PresenceWeek]) -> Result<(), StoreError> {
    for week in weeks {
        query(SAVE)
            .bind(week.municipality.as_str())
            .bind(&week.district.0)
            .bind(week.week.to_string())
            .bind(week.source.code())
            .bind(i64::from(week.visits))
            .bind(i64::from(week.minutes))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

pub(super) async fn keep(
    connection: &mut Connection,
    (summary, weeks, entry): &(StoredSummary, Vec<PresenceWeek>, AuditEntry),
) -> Result<Seq, StoreError> {
    let code = summary.municipality.as_str();
    let seq = feed::take(connection, code, 1, ChangeKind::Municipality).await?;
    let last = query(LAST).bind(code).bind(summary.context.code());
    if let Some(row) = last.fetch_optional(&mut *connection).await? {
        let columns = &mut Columns::of(&row);
        let (generation, made, digest) = (Seq(columns.take()?), columns.time()?, columns.digest()?);
        if digest == summary.digest {
            return Err(StoreError::Conflict("summary_known"));
        }
        if summary.made <= made || summary.generation < generation {
            return Err(StoreError::Conflict("summary_replayed"));
        }
    }
    query(KEEP)
        .bind(code)
        .bind(summary.context.code())
        .bind(summary.generation.0)
        .bind(summary.made.as_microsecond())
        .bind(bytes(&summary.digest))
        .bind(&summary.content)
        .execute(&mut *connection)
        .await?;
    if summary.context == Context::Police {
        query(DROP_SUMMED).bind(code).execute(&mut *connection).await?;
    }
    write(connection, weeks).await?;
    audit::append(connection, entry).await?;
    Ok(Seq(seq))
}

#[async_trait]
impl PresenceWeeks for SqlStore {
    async fn save_presence_weeks(
        &self,
        municipality: &MunicipalityCode,
        weeks: Vec<PresenceWeek>,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        let new = (municipality.clone(), weeks, audit);
        self.writer.write(|reply| Command::SavePresenceWeeks(new, reply)).await
    }

    async fn presence_weeks(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<PresenceWeek>, StoreError> {
        let rows = query(ALL).bind(municipality.as_str()).fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| {
                let columns = &mut Columns::of(row);
                Ok(PresenceWeek {
                    municipality: municipality.clone(),
                    district: DistrictCode(columns.take()?),
                    week: columns.day()?,
                    source: columns.code(PresenceSource::parse)?,
                    visits: columns.number()?,
                    minutes: columns.number()?,
                })
            })
            .collect()
    }

    async fn keep_summary(
        &self,
        summary: StoredSummary,
        weeks: Vec<PresenceWeek>,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        self.writer.write(|reply| Command::KeepSummary((summary, weeks, audit), reply)).await
    }

    async fn summaries(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<StoredSummary>, StoreError> {
        let rows = query(SUMMARIES).bind(municipality.as_str()).fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| {
                let columns = &mut Columns::of(row);
                Ok(StoredSummary {
                    municipality: municipality.clone(),
                    context: columns.code(Context::parse)?,
                    generation: Seq(columns.take()?),
                    made: columns.time()?,
                    digest: columns.digest()?,
                    content: columns.take()?,
                })
            })
            .collect()
    }
}
