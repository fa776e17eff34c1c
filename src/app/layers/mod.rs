//! Named questions that are answered as rows of features, one file a layer.
//!
//! [`Layers::prepare`] decides who may ask, takes the snapshots or releases
//! that the answer rests on, and gives its version: enough for a 304. Only
//! [`Prepared::answer`] computes. A layer for the public is a function of a
//! [`PublicSource`], which holds what is public by nature or was released and
//! nothing else; a layer for staff is one of a [`StaffSource`], which cannot be
//! made without [`StaffAccess`].

mod access;
mod answer;
mod coverage;
mod defects;
mod districts;
mod events;
mod heat;
mod hot;
mod hotcells;
mod hotspots;
mod incidents;
mod kept;
mod lands;
mod lineup;
mod localities;
mod needs;
mod period;
mod pool;
mod presence;
mod promises;
mod public;
mod query;
mod release_cells;
mod release_districts;
mod reports;
mod rows;
mod staff;
mod visits;

pub use access::{Admission, StaffAccess, admit};
pub use answer::{Format, LayerAnswer, Pieces, Representation, etag};
pub use lineup::HeatLineup;
pub use pool::Pool;
pub use public::PublicSource;
pub use query::{LayerQuery, parameters, parse_query};
pub use staff::StaffSource;

use super::indexes::Indexes;
use super::{Error, Ground, Result};
use crate::encode::Value;
use crate::store::Store;
use answer::{Built, hash};
use fyren_core::domain::{Audience, Context, Layer, Role};
use jiff::civil::Date;
use kept::Kept;
use lands::Lands;
use public::Shelves;
use std::sync::Arc;

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
    Layer::Coverage,
];

/// What all layers share: indexes, what is published, and the pool.
pub struct Layers {
    indexes: Indexes,
    shelves: Shelves,
    pool: Arc<Pool>,
    kept: Arc<Kept>,
    lands: Arc<Lands>,
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
}

impl Layers {
    /// The layers over both stores.
    ///
    /// # Errors
    /// [`Error::Bug`] if the system gives no threads.
    pub fn new(municipal: Arc<dyn Store>, police: Arc<dyn Store>) -> Result<Self> {
        let pool = Arc::new(Pool::new()?);
        let shelves = Shelves::new(Arc::clone(&municipal));
        let indexes = Indexes::new(municipal, police, Arc::clone(&pool));
        Ok(Self { indexes, shelves, pool, kept: Arc::default(), lands: Arc::default() })
    }

    /// The indexes behind the layers.
    #[must_use]
    pub const fn indexes(&self) -> &Indexes {
        &self.indexes
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
        let LayerRequest { ground, layer, roles, query, today } = request;
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
                let municipal = self.indexes.snapshot(&ground, Context::Municipal).await?;
                let police = if joins_police(layer) && access.sees_police() {
                    Some(self.indexes.snapshot(&ground, Context::Police).await?)
                } else {
                    None
                };
                let tag = access.tag();
                let source = StaffSource::new(access, (ground, query, today), municipal, police);
                let seen: Vec<_> = source.generations().collect();
                let today = if depends_on_today(layer) { today.to_string() } else { String::new() };
                (Source::Staff(Box::new(source)), format!("{seen:?} {tag} {today}"))
            }
        };
        let code = match &source {
            Source::Public(source, _) => source.ground.code().as_str(),
            Source::Staff(source) => source.ground.code().as_str(),
        };
        let version = hash(&[layer.code(), code, &canonical, &rests_on].map(str::as_bytes));
        let (pool, kept) = (Arc::clone(&self.pool), Arc::clone(&self.kept));
        let lands = Arc::clone(&self.lands);
        Ok(Prepared { layer, source, version, pool, kept, lands })
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
        let Self { layer, source, version, pool, kept, lands } = self;
        let query = match &source {
            Source::Public(_, query) => query,
            Source::Staff(source) => &source.query,
        };
        let (crs, offset, limit) = (query.crs.clone(), query.offset, query.limit);
        let built = if let Some(built) = kept.take(&version) {
            built
        } else {
            let work = move || {
                // Many who ask the same at once wait for the first of them.
                if let Some(built) = kept.take(&version) {
                    return Ok(built);
                }
                let built = source.build(layer, &lands)?;
                if is_kept(layer) {
                    kept.keep(version, built.clone());
                }
                Ok(built)
            };
            pool.compute(work).await?
        };
        Ok(LayerAnswer::new(layer, built, crs, offset, limit))
    }
}

impl Source {
    fn build(self, layer: Layer, lands: &Lands) -> Result<Built> {
        match self {
            Self::Public(source, query) => public_layer(layer, &source, &query),
            Self::Staff(source) => {
                let mut built = staff_layer(layer, &source, lands)?;
                let seen = source.generations().map(|(c, g)| (c.code(), Value::Int(g.0)));
                built.members.insert(0, ("generation", Value::Object(seen.collect())));
                Ok(built)
            }
        }
    }
}

fn public_layer(layer: Layer, source: &PublicSource, query: &LayerQuery) -> Result<Built> {
    Ok(match layer {
        Layer::ReleaseCells => release_cells::build(source, query),
        Layer::ReleaseDistricts => release_districts::build(source, query),
        Layer::Defects => defects::build(source, query),
        Layer::Districts => districts::build(source, query),
        Layer::Localities => localities::build(source, query),
        Layer::Promises => promises::build(source, query),
        _ => return Err(Error::NotFound),
    })
}

fn staff_layer(layer: Layer, source: &StaffSource, lands: &Lands) -> Result<Built> {
    Ok(match layer {
        Layer::Reports => reports::build(source),
        Layer::Incidents => incidents::build(source),
        Layer::Visits => visits::build(source),
        Layer::Heat => heat::build(source, lands)?,
        Layer::Hotcells => hotcells::build(source, lands)?,
        Layer::Hotspots => hotspots::build(source, lands)?,
        Layer::Coverage => coverage::build(source, lands),
        _ => return Err(Error::NotFound),
    })
}

/// Whether a layer speaks of presence, which both contexts log.
const fn joins_police(layer: Layer) -> bool {
    matches!(layer, Layer::Visits | Layer::Coverage | Layer::Heat | Layer::Hotspots)
}

/// Whether a layer's answer changes from day to day without any event.
const fn depends_on_today(layer: Layer) -> bool {
    matches!(layer, Layer::Coverage | Layer::Heat | Layer::Hotcells | Layer::Hotspots)
}

/// Whether an answer is kept: not one that holds on to a whole snapshot.
const fn is_kept(layer: Layer) -> bool {
    !matches!(layer, Layer::Reports | Layer::Incidents | Layer::Visits)
}

#[cfg(test)]
mod tests;
