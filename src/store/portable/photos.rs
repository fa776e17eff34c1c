//! Photos of reports.

use super::columns::Columns;
use super::insert::insert_rows;
use super::{Connection, SqlStore, key_text, statements};
use crate::store::{EventKey, NewReport, StoreError};
use fyren_core::domain::Photo;
use sqlx::query;

/// Before the rows of `photos`.
const INSERT_PHOTOS: &str =
    "INSERT INTO photos (municipality, report, position, width, height, jpeg) ";

statements! {
    COUNT = "SELECT COUNT(*) FROM photos WHERE municipality = $1 AND report = $2";
    ONE = "SELECT width, height, jpeg FROM photos
        WHERE municipality = $1 AND report = $2 AND position = $3";
}

/// Writes the photos of reports that are being stored.
pub(super) async fn insert(
    connection: &mut Connection,
    stored: &[&NewReport],
) -> Result<(), StoreError> {
    let rows: Vec<(&NewReport, i64, &Photo)> = stored
        .iter()
        .flat_map(|new| (0..).zip(&new.photos).map(|(at, photo)| (*new, at, photo)))
        .collect();
    insert_rows(connection, INSERT_PHOTOS, &rows, |mut columns, (new, at, photo)| {
        columns
            .push_bind(new.report.municipality.as_str().to_owned())
            .push_bind(new.report.id.to_string())
            .push_bind(*at)
            .push_bind(i64::from(photo.width))
            .push_bind(i64::from(photo.height))
            .push_bind(photo.jpeg.clone());
    })
    .await
}

/// Adds photos to a report, `most` in all, and returns the position of the first.
pub(super) async fn append(
    connection: &mut Connection,
    key: &EventKey,
    (photos, most): (&[Photo], u32),
) -> Result<i64, StoreError> {
    let (municipality, id) = key_text(key);
    let row = query(COUNT).bind(municipality).bind(&id).fetch_one(&mut *connection).await?;
    let first = Columns::of(&row).take::<i64>()?;
    let new = i64::try_from(photos.len()).unwrap_or(i64::MAX);
    if new > 0 && first.saturating_add(new) > i64::from(most) {
        return Err(StoreError::Conflict("too_many_photos"));
    }
    let rows: Vec<(i64, &Photo)> = (first..).zip(photos).collect();
    insert_rows(connection, INSERT_PHOTOS, &rows, |mut columns, (at, photo)| {
        columns
            .push_bind(municipality.to_owned())
            .push_bind(id.clone())
            .push_bind(*at)
            .push_bind(i64::from(photo.width))
            .push_bind(i64::from(photo.height))
            .push_bind(photo.jpeg.clone());
    })
    .await?;
    Ok(first)
}

impl SqlStore {
    pub(super) async fn count_photos(&self, key: &EventKey) -> Result<u32, StoreError> {
        let (municipality, id) = key_text(key);
        let row = query(COUNT).bind(municipality).bind(id).fetch_one(&self.readers).await?;
        Columns::of(&row).number()
    }

    pub(super) async fn one_photo(
        &self,
        key: &EventKey,
        position: u32,
    ) -> Result<Option<Photo>, StoreError> {
        let (municipality, id) = key_text(key);
        let asked = query(ONE).bind(municipality).bind(id).bind(i64::from(position));
        let Some(row) = asked.fetch_optional(&self.readers).await? else { return Ok(None) };
        let columns = &mut Columns::of(&row);
        Ok(Some(Photo {
            width: columns.number()?,
            height: columns.number()?,
            jpeg: columns.take()?,
        }))
    }
}
