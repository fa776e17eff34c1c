//! Base maps: tiles as they are sent, parts that are computed with, and names
//! that can be searched for.

use super::{AuditEntry, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{MunicipalityCode, Position, Seq};
use jiff::Timestamp;

/// What is known of a base map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasemapHead {
    /// A hash of its tiles and names.
    pub version: String,
    /// The file that it was made of.
    pub source: String,
    /// Whom every map names.
    pub attribution: String,
    /// When it was made.
    pub imported_at: Timestamp,
    /// What it holds, as JSON.
    pub summary: String,
}

/// A tile, packed with gzip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasemapTile {
    /// Zoom.
    pub z: u8,
    /// Column.
    pub x: u32,
    /// Row.
    pub y: u32,
    /// A vector tile, packed.
    pub data: Vec<u8>,
}

/// A name at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceName {
    /// The name as it is written.
    pub name: String,
    /// `street`, `address`, or the kind of a locality.
    pub kind: String,
    /// Where.
    pub position: Position,
    /// Importance, larger first.
    pub weight: u32,
}

/// A whole base map.
#[derive(Debug, Clone)]
pub struct Basemap {
    /// What is known of it.
    pub head: BasemapHead,
    /// Its tiles; those that would be empty are left out.
    pub tiles: Vec<BasemapTile>,
    /// Its parts by name.
    pub parts: Vec<(String, Vec<u8>)>,
    /// Its names, each with its words in plain letters.
    pub names: Vec<(PlaceName, Vec<String>)>,
}

/// Remembers base maps.
#[async_trait]
pub trait Basemaps: Send + Sync {
    /// Stores the base map of a municipality, or replaces it whole; parts of
    /// other names stay. Returns the position of the change.
    async fn save_basemap(
        &self,
        municipality: &MunicipalityCode,
        basemap: Basemap,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError>;

    /// Stores or replaces one part.
    async fn save_basemap_part(
        &self,
        municipality: &MunicipalityCode,
        part: (String, Vec<u8>),
        audit: AuditEntry,
    ) -> Result<Seq, StoreError>;

    /// What is known of the base map of a municipality, if it has one.
    async fn basemap(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Option<BasemapHead>, StoreError>;

    /// A tile by zoom, column and row, packed with gzip; `None` where nothing
    /// is.
    async fn basemap_tile(
        &self,
        municipality: &MunicipalityCode,
        place: (u8, u32, u32),
    ) -> Result<Option<Vec<u8>>, StoreError>;

    /// A part by its name.
    async fn basemap_part(
        &self,
        municipality: &MunicipalityCode,
        name: &str,
    ) -> Result<Option<Vec<u8>>, StoreError>;

    /// At most `limit` names with a word that begins with `word`, in plain
    /// letters: the most important first.
    async fn names_with(
        &self,
        municipality: &MunicipalityCode,
        word: &str,
        limit: u32,
    ) -> Result<Vec<PlaceName>, StoreError>;
}
