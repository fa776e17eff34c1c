//! The ground under the map: imported once from a file, cut into tiles, and
//! asked for names, ways and owners.

mod cut;
mod drawn;
mod fold;
mod import;
mod keepers;
mod owners;
mod search;

pub use cut::{LEAST_ZOOM, MOST_ZOOM};
pub use import::{BasemapJob, BasemapReport, GroundFile};
pub use owners::{OwnerAnswer, OwnersReport};
pub use search::{FoundPlace, PlaceQuestion};

use super::{App, Error, Ground, Result, failure};
use crate::encode::{packed, unpacked};
use crate::store::BasemapHead;
use bytes::Bytes;
use fyren_core::domain::MunicipalityCode;
use fyren_core::plane::{RoadGraph, Tile};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What was read of base maps, kept until something is committed.
#[derive(Default)]
pub struct Known(Mutex<Heads>);

/// What is known of each municipality's base map, since which commit.
type Heads = HashMap<MunicipalityCode, (u64, Maybe)>;

/// A base map, or that there is none.
type Maybe = Option<Arc<BasemapHead>>;

impl Known {
    fn of(&self, code: &MunicipalityCode, commits: u64) -> Option<Maybe> {
        self.lock().get(code).filter(|(seen, _)| *seen == commits).map(|(_, head)| head.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Heads> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The name of the part that holds the roads.
const ROADS: &str = "roads";
/// The name of the part that holds who keeps which road.
const KEEPERS: &str = "keepers";
/// The name of the part that holds who answers for what.
const OWNERS: &str = "owners";

impl App {
    /// What is known of the base map of a municipality, if it has one.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn basemap(&self, code: &MunicipalityCode) -> Result<Option<Arc<BasemapHead>>> {
        let commits = *self.municipal.subscribe().borrow();
        if let Some(head) = self.basemaps.of(code, commits) {
            return Ok(head);
        }
        let head = self.municipal.basemap(code).await.map_err(failure)?.map(Arc::new);
        self.basemaps.lock().insert(code.clone(), (commits, head.clone()));
        Ok(head)
    }

    /// A tile of the base map, packed with `encoding`; without bytes where
    /// nothing is. `tag` is its tag, under which it is kept.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn basemap_tile(
        &self,
        code: &MunicipalityCode,
        tile: Tile,
        encoding: &'static str,
        tag: &str,
    ) -> Result<Bytes> {
        let kept = self.layers.tiles();
        if let Some(bytes) = kept.take(tag) {
            return Ok(bytes);
        }
        let place = (tile.z(), tile.x(), tile.y());
        let stored = self.municipal.basemap_tile(code, place).await.map_err(failure)?;
        let bytes = match stored {
            Some(stored) if encoding == "gzip" => Bytes::from(stored),
            Some(stored) => {
                let pack = move || Ok(Bytes::from(packed(&plain(&stored)?, encoding)));
                self.layers.pool().compute(pack).await?
            }
            None => Bytes::from(packed(&[], encoding)),
        };
        kept.keep(tag, bytes.clone());
        Ok(bytes)
    }

    /// The streets of a municipality as a graph in its plane, if it has a base
    /// map. Costs reading it: keep what you need.
    ///
    /// # Errors
    /// Where the store fails or holds something else.
    pub async fn roads(&self, code: &MunicipalityCode) -> Result<Option<RoadGraph>> {
        let part = self.part(code, ROADS).await?;
        let broken = || Error::Bug("the stored roads are none".into());
        part.map(|bytes| RoadGraph::from_bytes(&bytes).ok_or_else(broken)).transpose()
    }

    async fn part(&self, code: &MunicipalityCode, name: &str) -> Result<Option<Vec<u8>>> {
        let part = self.municipal.basemap_part(code, name).await.map_err(failure)?;
        part.map(|part| plain(&part)).transpose()
    }
}

/// The tag of a tile of the base map.
#[must_use]
pub fn basemap_tag(ground: &Ground, head: &BasemapHead, tile: Tile, encoding: &str) -> String {
    let version = format!("{} {}", ground.code(), head.version);
    super::layers::tile_tag(&version, tile, encoding, "basemap")
}

fn plain(packed: &[u8]) -> Result<Vec<u8>> {
    unpacked(packed).map_err(|fault| Error::Bug(format!("a stored part does not unpack: {fault}")))
}
