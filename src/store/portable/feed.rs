//! The feed: positions are taken inside the writing transaction, so that they
//! have no gaps and stand in commit order.

use super::columns::Columns;
use super::insert::insert_rows;
use super::{Connection, SqlStore, statements};
use crate::store::{Feed, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{Change, ChangeKind, Id, MunicipalityCode, Seq};
use sqlx::query;
use tokio::sync::watch;

statements! {
    HEAD = "SELECT seq FROM municipalities WHERE code = $1";
    TAKE = "UPDATE municipalities SET seq = seq + $2 WHERE code = $1 RETURNING seq";
    RECORD = "INSERT INTO changes (municipality, seq, first_seq, kind, removed)
        VALUES ($1, $2, $3, $4, $5)";
    SINCE = "SELECT first_seq, seq, kind FROM changes
        WHERE municipality = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    REMOVED = "SELECT removed FROM changes
        WHERE municipality = $1 AND seq > $2 AND removed IS NOT NULL ORDER BY seq";
}

/// Before the rows of `changes`.
pub(super) const INSERT_CHANGES: &str =
    "INSERT INTO changes (municipality, seq, first_seq, kind, removed) ";

/// The head of the feed as `connection` sees it.
pub(in super::super) async fn head_in(
    connection: &mut Connection,
    municipality: &MunicipalityCode,
) -> Result<Seq, StoreError> {
    let row = query(HEAD).bind(municipality.as_str()).fetch_optional(connection).await?;
    let row = row.ok_or(StoreError::NotFound("municipality"))?;
    Ok(Seq(Columns::of(&row).take()?))
}

/// Takes the next `count` positions and notes that they are changes of `kind`;
/// returns the first.
pub(super) async fn take(
    connection: &mut Connection,
    municipality: &str,
    count: usize,
    kind: ChangeKind,
) -> Result<i64, StoreError> {
    take_for(connection, municipality, count, kind, None).await
}

/// Takes the next position for the erasure of `removed`.
pub(super) async fn take_erasure(
    connection: &mut Connection,
    municipality: &str,
    removed: Id,
) -> Result<i64, StoreError> {
    take_for(connection, municipality, 1, ChangeKind::Erasure, Some(removed)).await
}

/// Takes the next positions for the erasure of all of `removed`.
pub(super) async fn take_erasures(
    connection: &mut Connection,
    municipality: &str,
    removed: &[Id],
) -> Result<(), StoreError> {
    let last = advance(connection, municipality, removed.len()).await?;
    let first = last - i64::try_from(removed.len()).unwrap_or(i64::MAX) + 1;
    let rows: Vec<_> = (first..).zip(removed).collect();
    insert_rows(connection, INSERT_CHANGES, &rows, |mut columns, (seq, id)| {
        columns
            .push_bind(municipality.to_owned())
            .push_bind(*seq)
            .push_bind(*seq)
            .push_bind(ChangeKind::Erasure.code())
            .push_bind(id.to_string());
    })
    .await
}

/// Moves the head of the feed on by `count` and gives it.
async fn advance(
    connection: &mut Connection,
    municipality: &str,
    count: usize,
) -> Result<i64, StoreError> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let row = query(TAKE).bind(municipality).bind(count).fetch_optional(connection).await?;
    Columns::of(&row.ok_or(StoreError::NotFound("municipality"))?).take()
}

async fn take_for(
    connection: &mut Connection,
    municipality: &str,
    count: usize,
    kind: ChangeKind,
    removed: Option<Id>,
) -> Result<i64, StoreError> {
    let last = advance(connection, municipality, count).await?;
    let first = last - i64::try_from(count).unwrap_or(i64::MAX) + 1;
    query(RECORD)
        .bind(municipality)
        .bind(last)
        .bind(first)
        .bind(kind.code())
        .bind(removed.map(|id| id.to_string()))
        .execute(connection)
        .await?;
    Ok(first)
}

#[async_trait]
impl Feed for SqlStore {
    async fn head(&self, municipality: &MunicipalityCode) -> Result<Seq, StoreError> {
        head_in(&mut *self.readers.acquire().await?, municipality).await
    }

    async fn changes_since(
        &self,
        municipality: &MunicipalityCode,
        after: Seq,
        limit: u32,
    ) -> Result<Vec<Change>, StoreError> {
        let rows = query(SINCE)
            .bind(municipality.as_str())
            .bind(after.0)
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                Ok(Change {
                    first: Seq(columns.take()?),
                    last: Seq(columns.take()?),
                    kind: columns.code(ChangeKind::parse)?,
                })
            })
            .collect()
    }

    async fn erased_since(
        &self,
        municipality: &MunicipalityCode,
        after: Seq,
    ) -> Result<Vec<Id>, StoreError> {
        let rows = query(REMOVED).bind(municipality.as_str()).bind(after.0);
        let rows = rows.fetch_all(&self.readers).await?;
        rows.iter().map(|row| Columns::of(row).id()).collect()
    }

    fn subscribe(&self) -> watch::Receiver<u64> {
        self.ticks.subscribe()
    }
}
