//! How long it takes from place to place: by the roads that were imported,
//! else by a straight line that is made longer.

use crate::app::{App, Ground, Result};
use fyren_core::domain::{Mode, MunicipalityCode, Plane, Position};
use fyren_core::plane::{RoadGraph, Travel};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// How much longer a way is than the straight line, where no roads are known.
/// European road networks lie around 1.3 to 1.4; a coast of inlets above.
pub(super) const DETOUR: f64 = 1.5;
/// Seconds that stand for: there is no way. No shift is as long.
const NO_WAY: u32 = 100_000_000;
/// Graphs that are kept.
const KEPT: usize = 3;

/// The road graphs that were used last, each with the version of its base map.
#[derive(Default)]
pub struct Graphs(Mutex<VecDeque<(MunicipalityCode, String, Arc<RoadGraph>)>>);

/// Kilometres an hour of a mode in the open, stops included.
const fn usual_kmh(mode: Mode) -> f64 {
    match mode {
        Mode::Foot => 5.0,
        Mode::Bicycle => 15.0,
        Mode::Car | Mode::MobileOffice => 45.0,
        Mode::Boat => 20.0,
    }
}

/// Ways between the places of one plan.
pub(super) struct Ways<'a> {
    pub ground: &'a Ground,
    pub graph: Option<Arc<RoadGraph>>,
    pub places: Vec<Position>,
}

impl App {
    /// The roads of a municipality, if it has a base map; read once and kept.
    pub(super) async fn kept_roads(&self, ground: &Ground) -> Result<Option<Arc<RoadGraph>>> {
        let code = ground.code();
        let Some(head) = self.basemap(code).await? else { return Ok(None) };
        let known = |kept: &&(MunicipalityCode, String, Arc<RoadGraph>)| {
            kept.0 == *code && kept.1 == head.version
        };
        let lock = || self.graphs.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((.., graph)) = lock().iter().find(known) {
            return Ok(Some(Arc::clone(graph)));
        }
        let Some(graph) = self.roads(code).await?.map(Arc::new) else { return Ok(None) };
        let mut kept = lock();
        kept.retain(|(other, ..)| other != code);
        kept.push_front((code.clone(), head.version.clone(), Arc::clone(&graph)));
        kept.truncate(KEPT);
        Ok(Some(graph))
    }
}

impl Ways<'_> {
    /// Seconds from each place to each other in a mode.
    pub fn table(&self, mode: Mode, speed_kmh: Option<f64>) -> Vec<u32> {
        let planes = self.ground.geofence.projection().forward_all(&self.places);
        let pace = speed_kmh.map_or(1.0, |speed| usual_kmh(mode) / speed);
        let by_roads = self.graph.as_ref().and_then(|graph| {
            let (travel, pace) = match mode {
                Mode::Foot => (Travel::OnFoot, pace),
                Mode::Bicycle => (Travel::OnFoot, pace * usual_kmh(Mode::Foot) / usual_kmh(mode)),
                Mode::Car | Mode::MobileOffice => (Travel::ByCar, pace),
                Mode::Boat => return None,
            };
            Some(graph.table(&planes, travel).into_iter().map(|s| seconds(s * pace)).collect())
        });
        by_roads.unwrap_or_else(|| straight(&planes, mode, usual_kmh(mode) / pace))
    }

    /// The way along some of the places, in order.
    pub fn line(&self, mode: Mode, along: &[usize]) -> Vec<[f64; 2]> {
        let point = |at: Position| [at.longitude, at.latitude];
        let projection = self.ground.geofence.projection();
        let travel = match mode {
            Mode::Foot | Mode::Bicycle => Travel::OnFoot,
            Mode::Car | Mode::MobileOffice | Mode::Boat => Travel::ByCar,
        };
        let graph = self.graph.as_ref().filter(|_| mode != Mode::Boat);
        let node = |place: usize| {
            graph?.nearest(projection.forward(self.places[place]), travel).map(|(node, _)| node)
        };
        let mut line: Vec<[f64; 2]> =
            along.first().map(|first| point(self.places[*first])).into_iter().collect();
        for pair in along.windows(2) {
            if let (Some(graph), Some(from), Some(to)) = (graph, node(pair[0]), node(pair[1])) {
                let way = graph.route(from, to, travel).map(|way| way.nodes).unwrap_or_default();
                let nodes = way.iter().map(|node| graph.nodes()[*node as usize]);
                line.extend(nodes.map(|at| point(projection.inverse(at))));
            }
            line.push(point(self.places[pair[1]]));
        }
        line
    }
}

fn straight(planes: &[Plane], mode: Mode, kmh: f64) -> Vec<u32> {
    // On the water nothing is in the way but the land, which is not known here.
    let longer = if mode == Mode::Boat { 1.2 } else { DETOUR };
    let way = |a: &Plane, b: &Plane| {
        seconds((a.east - b.east).hypot(a.north - b.north) * longer / (kmh / 3.6))
    };
    planes.iter().flat_map(|a| planes.iter().map(move |b| way(a, b))).collect()
}

/// Whether a time says that there is no way.
pub(super) const fn is_no_way(seconds: u32) -> bool {
    seconds >= NO_WAY
}

fn seconds(time: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and NO_WAY"
    )]
    let whole = time.min(f64::from(NO_WAY)).max(0.0).round() as u32;
    whole
}
