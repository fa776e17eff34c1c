//! Base maps.

use super::columns::Columns;
use super::insert::insert_rows;
use super::writer::Command;
use super::{Connection, SqlStore, audit, feed, statements};
use crate::store::{AuditEntry, Basemap, BasemapHead, Basemaps, PlaceName, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{ChangeKind, MunicipalityCode, Position, Seq};
use sqlx::query;

const INSERT_TILES: &str = "INSERT INTO basemap_tiles (municipality, z, x, y, data) ";
const INSERT_NAMES: &str =
    "INSERT INTO names (municipality, position, name, kind, longitude, latitude, weight) ";
const INSERT_WORDS: &str = "INSERT INTO name_words (municipality, word, position) ";

/// Before the rows of each table of this file.
pub(super) const INSERTS: &[&str] = &[INSERT_TILES, INSERT_NAMES, INSERT_WORDS];

statements! {
    DROP_TILES = "DELETE FROM basemap_tiles WHERE municipality = $1";
    DROP_WORDS = "DELETE FROM name_words WHERE municipality = $1";
    DROP_NAMES = "DELETE FROM names WHERE municipality = $1";
    SAVE = "INSERT INTO basemaps (municipality, version, source, attribution, imported_at, summary)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (municipality) DO UPDATE SET version = excluded.version,
        source = excluded.source, attribution = excluded.attribution,
        imported_at = excluded.imported_at, summary = excluded.summary";
    SAVE_PART = "INSERT INTO basemap_parts (municipality, name, data) VALUES ($1, $2, $3)
        ON CONFLICT (municipality, name) DO UPDATE SET data = excluded.data";
    HEAD = "SELECT version, source, attribution, imported_at, summary FROM basemaps
        WHERE municipality = $1";
    TILE = "SELECT data FROM basemap_tiles WHERE municipality = $1 AND z = $2 AND x = $3 AND y = $4";
    PART = "SELECT data FROM basemap_parts WHERE municipality = $1 AND name = $2";
    NAMES = "SELECT n.name, n.kind, n.longitude, n.latitude, n.weight FROM names n
        WHERE n.municipality = $1 AND n.position IN (SELECT w.position FROM name_words w
            WHERE w.municipality = $1 AND w.word >= $2 AND w.word < $3)
        ORDER BY n.weight DESC, n.position LIMIT $4";
}

/// Stores or replaces a base map.
pub(super) async fn save(
    connection: &mut Connection,
    (municipality, basemap, entry): &(MunicipalityCode, Box<Basemap>, AuditEntry),
) -> Result<Seq, StoreError> {
    let code = municipality.as_str();
    // Also tells whether there is such a municipality.
    let seq = feed::take(connection, code, 1, ChangeKind::Municipality).await?;
    for drop in [DROP_TILES, DROP_WORDS, DROP_NAMES] {
        query(drop).bind(code).execute(&mut *connection).await?;
    }
    let head = &basemap.head;
    query(SAVE)
        .bind(code)
        .bind(&head.version)
        .bind(&head.source)
        .bind(&head.attribution)
        .bind(head.imported_at.as_microsecond())
        .bind(&head.summary)
        .execute(&mut *connection)
        .await?;
    for part in &basemap.parts {
        insert_part(connection, code, part).await?;
    }
    insert_rows(connection, INSERT_TILES, &basemap.tiles, |mut columns, tile| {
        columns
            .push_bind(code.to_owned())
            .push_bind(i64::from(tile.z))
            .push_bind(i64::from(tile.x))
            .push_bind(i64::from(tile.y))
            .push_bind(tile.data.clone());
    })
    .await?;
    insert_names(connection, code, basemap).await?;
    audit::append(connection, entry).await?;
    Ok(Seq(seq))
}

async fn insert_names(
    connection: &mut Connection,
    code: &str,
    basemap: &Basemap,
) -> Result<(), StoreError> {
    let names: Vec<_> = (0_i64..).zip(basemap.names.iter().map(|(name, _)| name)).collect();
    insert_rows(connection, INSERT_NAMES, &names, |mut columns, (position, place)| {
        columns
            .push_bind(code.to_owned())
            .push_bind(*position)
            .push_bind(place.name.clone())
            .push_bind(place.kind.clone())
            .push_bind(place.position.longitude)
            .push_bind(place.position.latitude)
            .push_bind(i64::from(place.weight));
    })
    .await?;
    let words = basemap.names.iter().map(|(_, words)| words);
    let mut words: Vec<(&str, i64)> = words
        .zip(0_i64..)
        .flat_map(|(words, position)| words.iter().map(move |word| (word.as_str(), position)))
        .collect();
    // In the order of the key, which is quicker to write.
    words.sort_unstable();
    words.dedup();
    insert_rows(connection, INSERT_WORDS, &words, |mut columns, (word, position)| {
        columns.push_bind(code.to_owned()).push_bind((*word).to_owned()).push_bind(*position);
    })
    .await
}

async fn insert_part(
    connection: &mut Connection,
    code: &str,
    (name, data): &(String, Vec<u8>),
) -> Result<(), StoreError> {
    query(SAVE_PART).bind(code).bind(name).bind(data).execute(connection).await?;
    Ok(())
}

/// Stores or replaces a part.
pub(super) async fn save_part(
    connection: &mut Connection,
    (municipality, part, entry): &(MunicipalityCode, (String, Vec<u8>), AuditEntry),
) -> Result<Seq, StoreError> {
    let code = municipality.as_str();
    let seq = feed::take(connection, code, 1, ChangeKind::Municipality).await?;
    insert_part(connection, code, part).await?;
    audit::append(connection, entry).await?;
    Ok(Seq(seq))
}

/// The text before which every text lies that begins with `word`.
fn after(word: &str) -> String {
    format!("{word}\u{10ffff}")
}

#[async_trait]
impl Basemaps for SqlStore {
    async fn save_basemap(
        &self,
        municipality: &MunicipalityCode,
        basemap: Basemap,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        let input = (municipality.clone(), Box::new(basemap), audit);
        self.writer.write(|reply| Command::SaveBasemap(input, reply)).await
    }

    async fn save_basemap_part(
        &self,
        municipality: &MunicipalityCode,
        part: (String, Vec<u8>),
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        let input = (municipality.clone(), part, audit);
        self.writer.write(|reply| Command::SaveBasemapPart(input, reply)).await
    }

    async fn basemap(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Option<BasemapHead>, StoreError> {
        let row = query(HEAD).bind(municipality.as_str()).fetch_optional(&self.readers).await?;
        let Some(row) = row else { return Ok(None) };
        let mut columns = Columns::of(&row);
        Ok(Some(BasemapHead {
            version: columns.take()?,
            source: columns.take()?,
            attribution: columns.take()?,
            imported_at: columns.time()?,
            summary: columns.take()?,
        }))
    }

    async fn basemap_tile(
        &self,
        municipality: &MunicipalityCode,
        (z, x, y): (u8, u32, u32),
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let tile = query(TILE)
            .bind(municipality.as_str())
            .bind(i64::from(z))
            .bind(i64::from(x))
            .bind(i64::from(y));
        let row = tile.fetch_optional(&self.readers).await?;
        row.map(|row| Columns::of(&row).take()).transpose()
    }

    async fn basemap_part(
        &self,
        municipality: &MunicipalityCode,
        name: &str,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let part = query(PART).bind(municipality.as_str()).bind(name);
        let row = part.fetch_optional(&self.readers).await?;
        row.map(|row| Columns::of(&row).take()).transpose()
    }

    async fn names_with(
        &self,
        municipality: &MunicipalityCode,
        word: &str,
        limit: u32,
    ) -> Result<Vec<PlaceName>, StoreError> {
        let names = query(NAMES)
            .bind(municipality.as_str())
            .bind(word)
            .bind(after(word))
            .bind(i64::from(limit));
        let rows = names.fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                Ok(PlaceName {
                    name: columns.take()?,
                    kind: columns.take()?,
                    position: Position { longitude: columns.take()?, latitude: columns.take()? },
                    weight: columns.number()?,
                })
            })
            .collect()
    }
}
