//! Which layer is which: what answers it, and what its answer rests on.

use super::answer::Built;
use super::lands::Lands;
use super::public::PublicSource;
use super::query::LayerQuery;
use super::staff::StaffSource;
use super::{
    clusters, controls, coverage, defects, districts, exposures, heat, hotcells, hotspots,
    incidents, localities, places, promises, release_cells, release_districts, reports, visits,
};
use crate::app::{Error, Result};
use fyren_core::analysis::unwatched;
use fyren_core::domain::Layer;

/// Answers a layer for everybody.
pub fn public_layer(layer: Layer, source: &PublicSource, query: &LayerQuery) -> Result<Built> {
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

/// Answers a layer for staff from the index.
pub fn staff_layer(layer: Layer, source: &StaffSource, lands: &Lands) -> Result<Built> {
    Ok(match layer {
        Layer::Reports => reports::build(source),
        Layer::Incidents => incidents::build(source),
        Layer::Visits => visits::build(source),
        Layer::Heat => heat::build(source, lands)?,
        Layer::Hotcells => hotcells::build(source, lands)?,
        Layer::Hotspots => hotspots::build(source, lands)?,
        Layer::Clusters => named("poisson scan", clusters::build(source, lands, &unwatched)?),
        Layer::Places => named("dbscan", places::build(source)?),
        Layer::Coverage => coverage::build(source, lands, &[]),
        Layer::Exposure => exposures::build(source),
        Layer::Controls => controls::build(source),
        _ => return Err(Error::NotFound),
    })
}

/// The answer of a method that a layer gives, with the method's name.
fn named(method: &'static str, mut built: Built) -> Built {
    built.members.insert(0, ("method", method.into()));
    built
}

/// Whether a layer speaks of presence, which both contexts log.
pub const fn joins_police(layer: Layer) -> bool {
    matches!(
        layer,
        Layer::Visits
            | Layer::Coverage
            | Layer::Heat
            | Layer::Hotspots
            | Layer::Plan
            | Layer::PatrolAreas
            | Layer::Controls
    )
}

/// Whether a layer's answer changes from day to day without any event.
pub const fn depends_on_today(layer: Layer) -> bool {
    matches!(
        layer,
        Layer::Coverage
            | Layer::Heat
            | Layer::Hotcells
            | Layer::Hotspots
            | Layer::Clusters
            | Layer::Places
            | Layer::Plan
    )
}

/// Whether a layer rests on simulations.
pub const fn simulates(layer: Layer) -> bool {
    matches!(layer, Layer::Hotcells | Layer::Hotspots | Layer::Clusters)
}

/// Whether an answer is kept: not one that holds on to a whole snapshot.
pub const fn is_kept(layer: Layer) -> bool {
    !matches!(layer, Layer::Reports | Layer::Incidents | Layer::Visits)
}
