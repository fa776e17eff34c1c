//! Streams a municipality's events for the index.

use super::portable::events::{EventColumns, LOAD_EVENTS, event_row, removed_id};
use super::portable::feed::{REMOVED, head_in};
use crate::store::{EventSink, Loaded, StoreError};
use futures_util::TryStreamExt;
use fyren_core::domain::{MunicipalityCode, Seq};
use sqlx::postgres::PgRow;
use sqlx::{Pool, Postgres, Row};

/// Reads in one snapshot of the data base.
pub(super) struct Loader {
    readers: Pool<Postgres>,
}

impl Loader {
    pub(super) fn new(readers: Pool<Postgres>) -> Self {
        Self { readers }
    }

    /// See [`crate::store::Events::load_events`].
    pub(super) async fn load(
        &self,
        municipality: &MunicipalityCode,
        after: Seq,
        sink: EventSink<'_>,
    ) -> Result<Loaded, StoreError> {
        let mut snapshot = self.readers.begin_with(super::SNAPSHOT).await?;
        let head = head_in(&mut snapshot, municipality).await?;
        let removed = sqlx::query(REMOVED).bind(municipality.as_str()).bind(after.0);
        let removed = removed.fetch_all(&mut *snapshot).await?;
        let removed = removed.iter().map(removed_id).collect::<Result<_, _>>()?;
        let query = sqlx::query(LOAD_EVENTS).bind(municipality.as_str()).bind(after.0);
        let mut rows = query.fetch(&mut *snapshot);
        while let Some(row) = rows.try_next().await? {
            sink(event_row(&row)?);
        }
        drop(rows);
        snapshot.rollback().await?;
        Ok(Loaded { head, removed })
    }
}

impl EventColumns for PgRow {
    fn integer(&self, at: usize) -> Result<i64, StoreError> {
        Ok(self.try_get(at)?)
    }

    fn maybe_integer(&self, at: usize) -> Result<Option<i64>, StoreError> {
        Ok(self.try_get(at)?)
    }

    fn real(&self, at: usize) -> Result<f64, StoreError> {
        Ok(self.try_get(at)?)
    }

    fn maybe_real(&self, at: usize) -> Result<Option<f64>, StoreError> {
        Ok(self.try_get(at)?)
    }

    fn text(&self, at: usize) -> Result<&str, StoreError> {
        Ok(self.try_get(at)?)
    }

    fn maybe_text(&self, at: usize) -> Result<&str, StoreError> {
        Ok(self.try_get::<Option<&str>, _>(at)?.unwrap_or_default())
    }
}
