//! Named questions that are answered as rows of features, one file a layer.
//!
//! [`Layers::prepare`] decides who may ask, takes the snapshots or releases
//! that the answer rests on, and gives its version: enough for a 304. Only
//! [`Prepared::answer`] computes. A layer for the public is a function of a
//! [`PublicSource`], which holds what is public by nature or was released and
//! nothing else; a layer for staff is one of a [`StaffSource`], which cannot be
//! made without [`StaffAccess`].

mod access;
pub(super) mod answer;
pub(super) mod clusters;
mod controls;
mod coverage;
mod defects;
mod districts;
mod events;
mod exposures;
pub(super) mod heat;
pub(super) mod hot;
mod hotcells;
pub(super) mod hotspots;
mod incidents;
mod kept;
pub(super) mod lands;
mod lineup;
mod localities;
pub(super) mod months;
pub(super) mod needs;
pub(super) mod patrol_areas;
pub(super) mod period;
pub(super) mod places;
mod plan;
mod pool;
pub(super) mod presence;
mod promises;
mod public;
pub(super) mod query;
mod release_cells;
mod release_districts;
mod reports;
pub(super) mod rows;
mod scans;
mod speeds;
pub(super) mod staff;
mod stored;
mod summary_hotspots;
mod surveys;
mod tiles;
mod veto;
mod visits;
mod weeks;
mod which;

pub use access::{Admission, StaffAccess, admit};
pub use answer::{Format, LayerAnswer, Pieces, Representation, etag};
pub use lineup::HeatLineup;
pub use pool::Pool;
pub use public::PublicSource;
pub use query::{LayerQuery, parameters, parse_query, parse_tile_query, tile_parameters};
pub use staff::StaffSource;
pub use tiles::{MOST_BYTES, TileShelf, tile_tag};
pub(super) use which::joins_police;

use super::indexes::Indexes;
use super::{Error, Ground, Result, failure};
use crate::encode::Value;
use crate::store::Store;
use answer::{Built, hash};
use fyren_core::domain::{Audience, Context, Layer, MunicipalityCode, Role, Veto};
use jiff::civil::Date;
use kept::Kept;
use lands::Lands;
use public::Shelves;
use std::sync::Arc;
use stored::Stored;
use which::{depends_on_today, is_kept, public_layer, simulates, staff_layer};

/// The layers that can be asked for.
pub const LAYERS: &[Layer] = &[
    Layer::ReleaseCells,
    Layer::ReleaseDistricts,
    Layer::Defects,
    Layer::Districts,
    Layer::Localities,
    Layer::Promises,
    Layer::Reports,
    Layer::Incidents,
    Layer::Visits,
    Layer::Heat,
    Layer::Hotcells,
    Layer::Hotspots,
    Layer::Clusters,
    Layer::Places,
    Layer::Coverage,
    Layer::Exposure,
    Layer::Speeds,
    Layer::Plan,
    Layer::Controls,
    Layer::Surveys,
    Layer::PatrolAreas,
    Layer::SummaryHotspots,
];

/// What all layers share: indexes, what is published, and the pools.
pub struct Layers {
    municipal: Arc<dyn Store>,
    police: Arc<dyn Store>,
    indexes: Indexes,
    shelves: Shelves,
    pool: Arc<Pool>,
    /// For what simulates, so that a scan never makes a map wait.
    patient: Arc<Pool>,
    kept: Arc<Kept>,
    lands: Arc<Lands>,
    tiles: Arc<TileShelf>,
}

/// One question.
pub struct LayerRequest {
    /// To which municipality.
    pub ground: Arc<Ground>,
    /// Which layer.
    pub layer: Layer,
    /// The roles of whoever asks in that municipality; `None` without sign-in.
    pub roles: Option<Vec<Role>>,
    /// What is asked, as [`parse_query`] reads it.
    pub query: LayerQuery,
    /// The local day in that municipality.
    pub today: Date,
}

enum Source {
    Public(PublicSource, Box<LayerQuery>),
    Staff(Box<StaffSource>),
}

/// A question that may be asked, with the data that it will be asked of.
pub struct Prepared {
    layer: Layer,
    source: Source,
    version: String,
    pool: Arc<Pool>,
    kept: Arc<Kept>,
    lands: Arc<Lands>,
    tiles: Arc<TileShelf>,
    /// The store of what the layer needs beside the index.
    store: Arc<dyn Store>,
}

impl Layers {
    /// The layers over both stores.
    ///
    /// # Errors
    /// [`Error::Bug`] if the system gives no threads.
    pub fn new(municipal: Arc<dyn Store>, police: Arc<dyn Store>) -> Result<Self> {
        let pool = Arc::new(Pool::new()?);
        let shelves = Shelves::new(Arc::clone(&municipal));
        let indexes = Indexes::new(Arc::clone(&municipal), Arc::clone(&police), Arc::clone(&pool));
        let patient = Arc::new(Pool::new()?);
        let lands = Arc::new(Lands::new(Arc::clone(&patient)));
        let (kept, tiles) = (Arc::default(), Arc::default());
        Ok(Self { municipal, police, indexes, shelves, pool, patient, kept, lands, tiles })
    }

    /// The packed tiles of every layer and of the base maps.
    #[must_use]
    pub const fn tiles(&self) -> &Arc<TileShelf> {
        &self.tiles
    }

    /// The bounded pool.
    #[must_use]
    pub const fn pool(&self) -> &Arc<Pool> {
        &self.pool
    }

    /// The pool for questions that simulate for seconds.
    #[must_use]
    pub const fn patient_pool(&self) -> &Arc<Pool> {
        &self.patient
    }

    /// The lands that all questions share.
    pub(super) const fn lands(&self) -> &Arc<Lands> {
        &self.lands
    }

    /// The indexes behind the layers.
    #[must_use]
    pub const fn indexes(&self) -> &Indexes {
        &self.indexes
    }

    /// Every veto on a hot spot, the latest set first; those of the police
    /// where they may be seen.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where a store cannot be read.
    pub(super) async fn vetoes(&self, code: &MunicipalityCode, police: bool) -> Result<Vec<Veto>> {
        let mut vetoes = self.municipal.vetoes(code).await.map_err(failure)?;
        if police {
            vetoes.extend(self.police.vetoes(code).await.map_err(failure)?);
            vetoes.sort_by_key(|veto| std::cmp::Reverse(veto.since()));
        }
        Ok(vetoes)
    }

    /// Narrows a question to the patrol area that it names.
    ///
    /// # Errors
    /// As [`patrol_areas::narrow`].
    pub(super) async fn narrow(
        &self,
        query: &mut LayerQuery,
        access: &StaffAccess,
        ground: &Ground,
    ) -> Result<()> {
        patrol_areas::narrow(query, access, ground, self.police.as_ref()).await
    }

    /// What a municipality has published, for pages that say it in words.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where the store cannot be read.
    pub async fn published(&self, ground: &Arc<Ground>) -> Result<PublicSource> {
        self.shelves.source(ground).await
    }

    /// Decides about a question and takes what its answer rests on, loading
    /// the index where need be.
    ///
    /// # Errors
    /// As [`admit`]; [`Error::NotFound`] for a layer that is not in [`LAYERS`];
    /// [`Error::Unavailable`] when an index takes longer than 30 s to load.
    pub async fn prepare(&self, request: LayerRequest) -> Result<Prepared> {
        let LayerRequest { ground, layer, roles, mut query, today } = request;
        if !LAYERS.contains(&layer) {
            return Err(Error::NotFound);
        }
        let canonical = query.canonical.clone();
        let (source, rests_on) = match admit(layer, roles.as_deref())? {
            Admission::Public => {
                let source = self.shelves.source(&ground).await?;
                let rests_on = source.digest().to_owned();
                (Source::Public(source, Box::new(query)), rests_on)
            }
            Admission::Staff(access) => {
                self.narrow(&mut query, &access, &ground).await?;
                let municipal = self.indexes.snapshot(&ground, Context::Municipal).await?;
                let police = if joins_police(layer) && access.sees_police() {
                    Some(self.indexes.snapshot(&ground, Context::Police).await?)
                } else {
                    None
                };
                let (tag, police_seen) = (access.tag(), police.is_some());
                let mut source =
                    StaffSource::new(access, (ground, query, today), municipal, police);
                let code = source.ground.code();
                match layer {
                    Layer::Hotspots => source.vetoes = self.vetoes(code, police_seen).await?,
                    Layer::Controls => source.controls = self.controls(code).await?,
                    _ => {}
                }
                let seen: Vec<_> = source.generations().collect();
                let today = if depends_on_today(layer) { today.to_string() } else { String::new() };
                let exposed = source.ground.exposed.tag();
                let rests_on = format!("{seen:?} {tag} {today} {exposed} {:?}", source.controls);
                (Source::Staff(Box::new(source)), rests_on)
            }
        };
        let code = match &source {
            Source::Public(source, _) => source.ground.code().as_str(),
            Source::Staff(source) => source.ground.code().as_str(),
        };
        let version = hash(&[layer.code(), code, &canonical, &rests_on].map(str::as_bytes));
        let pool = if simulates(layer) { &self.patient } else { &self.pool };
        let (pool, kept) = (Arc::clone(pool), Arc::clone(&self.kept));
        let (lands, tiles) = (Arc::clone(&self.lands), Arc::clone(&self.tiles));
        let of_police = matches!(layer, Layer::Plan | Layer::PatrolAreas);
        let store = if of_police { &self.police } else { &self.municipal };
        let store = Arc::clone(store);
        Ok(Prepared { layer, source, version, pool, kept, lands, tiles, store })
    }
}

impl Prepared {
    /// A hash of everything that the answer depends on but how it is written:
    /// equal on every node and after a restart.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Who the layer is for.
    #[must_use]
    pub const fn audience(&self) -> Audience {
        self.layer.audience()
    }

    /// Computes the answer on the pool, or takes it from what was computed
    /// before.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the queue is full; [`Error::BadParameter`]
    /// for a parameter that the method refuses.
    pub async fn answer(self) -> Result<LayerAnswer> {
        let Self { layer, source, version, pool, kept, lands, store, .. } = self;
        let query = match &source {
            Source::Public(_, query) => query,
            Source::Staff(source) => &source.query,
        };
        let (crs, offset, limit) = (query.crs.clone(), query.offset, query.limit);
        let built = if let Some(built) = kept.take(&version) {
            built
        } else {
            let stored = Stored::read(layer, &source, store.as_ref()).await?;
            let work = move || {
                // Many who ask the same at once wait for the first of them.
                if let Some(built) = kept.take(&version) {
                    return Ok(built);
                }
                let built = source.build(layer, &lands, stored)?;
                if is_kept(layer) {
                    kept.keep(version, built.clone());
                }
                Ok(built)
            };
            pool.compute(work).await?
        };
        Ok(LayerAnswer::new(("layer", layer.code()), built, crs, offset, limit))
    }
}

impl Source {
    fn build(self, layer: Layer, lands: &Lands, stored: Stored) -> Result<Built> {
        match self {
            Self::Public(source, query) => public_layer(layer, &source, &query),
            Self::Staff(source) => {
                let mut built = match stored {
                    Stored::Speeds(hours) => speeds::build(&source, hours),
                    Stored::Plans(plans) => plan::build(&source, &plans),
                    Stored::PatrolAreas(sets) => patrol_areas::build(&source, &sets),
                    Stored::Summaries(told) => summary_hotspots::build(&source, &told),
                    Stored::Surveys(answers) => surveys::build(&source, answers),
                    Stored::Weeks(weeks) => coverage::build(&source, lands, &weeks),
                    Stored::Nothing => staff_layer(layer, &source, lands)?,
                };
                let seen = source.generations().map(|(c, g)| (c.code(), Value::Int(g.0)));
                built.members.insert(0, ("generation", Value::Object(seen.collect())));
                Ok(built)
            }
        }
    }
}

#[cfg(test)]
mod tests;
