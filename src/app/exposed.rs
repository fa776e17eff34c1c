//! What events are expected to follow in a municipality: its people, its
//! guests in the months that are asked for, or its roads.

use super::{App, Error, Ground, Result, failure};
use fyren_core::analysis::{Amount, AmountGround, Basis, Exposure, settlements};
use fyren_core::domain::{
    ExposureItem, ExposureKind, ExposurePlace, MonthDays, MunicipalityCode, Plane, Violation,
};
use fyren_core::plane::{Coverage, RoadGraph, Travel};

/// Metres of road that count as lying in one place.
const PIECE_M: f32 = 100.0;

/// What an expectation is to rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Residents, and guests where any are known.
    People,
    /// Residents alone.
    Residents,
    /// Kilometres of road.
    Roads,
}

/// What a municipality knows of people and roads, beside its settlements.
#[derive(Debug, Default)]
pub struct Exposed {
    /// What was imported, each with its data set.
    pub items: Vec<(ExposureItem, String)>,
    /// Pieces of road with their metres, of the base map.
    roads: Vec<(Plane, f32)>,
}

impl Exposed {
    /// Which rows it rests on, for the tags of answers.
    #[must_use]
    pub fn tag(&self) -> String {
        let last = self.items.last().map(|(item, _)| item.id.to_string());
        format!("{} {} {}", self.items.len(), last.unwrap_or_default(), self.roads.len())
    }

    /// Keeps the pieces of road that can be driven.
    fn with_roads(mut self, graph: &RoadGraph) -> Self {
        let driven = |class| Travel::ByCar.speed(class).is_some();
        for edge in graph.edges().iter().filter(|edge| driven(edge.class)) {
            let [from, to] = [edge.from, edge.to].map(|node| graph.nodes()[node as usize]);
            let pieces = (edge.length_m / PIECE_M).ceil().max(1.0);
            let mut at = 0.5;
            while at < pieces {
                let share = f64::from(at / pieces);
                let east = from.east + (to.east - from.east) * share;
                let north = from.north + (to.north - from.north) * share;
                self.roads.push((Plane { east, north }, edge.length_m / pieces));
                at += 1.0;
            }
        }
        self
    }
}

impl App {
    /// What a municipality knows of people and roads.
    ///
    /// # Errors
    /// Where the store fails.
    pub(super) async fn exposed(&self, code: &MunicipalityCode) -> Result<Exposed> {
        let items = self.municipal.exposures(code).await.map_err(failure)?;
        let known = Exposed { items, roads: Vec::new() };
        let graph = self.roads(code).await?;
        Ok(match graph {
            Some(graph) => known.with_roads(&graph),
            None => known,
        })
    }
}

/// What is expected where on the land of a municipality, on the average of
/// `days`: residents as they were imported, else of its settlements; guests as
/// they were imported, by how full their months are; roads as they were
/// imported, else of its base map.
///
/// # Errors
/// [`Error::BadParameter`] `expected: no_roads` where roads are asked for and
/// none are known; as [`Exposure::uniform`].
pub fn exposure_for(
    ground: &Ground,
    land: &Coverage,
    expected: Expected,
    days: &MonthDays,
) -> Result<Exposure> {
    let amounts = Amounts { ground, days };
    let (found, basis) = match expected {
        Expected::Roads => (amounts.roads(), Basis::RoadLength),
        Expected::Residents => (amounts.residents(), Basis::Residents),
        Expected::People => {
            let guests = amounts.of(ExposureKind::guests);
            let basis = if guests.is_empty() { Basis::Residents } else { Basis::Visitors };
            ([amounts.residents(), guests].concat(), basis)
        }
    };
    if found.is_empty() && expected == Expected::Roads {
        return Err(Error::BadParameter(vec![Violation::new("expected", "no_roads")]));
    }
    Ok(Exposure::of_amounts(land, &found, basis)?)
}

/// The amounts of a municipality on the average of some days.
struct Amounts<'a> {
    ground: &'a Ground,
    days: &'a MonthDays,
}

impl Amounts<'_> {
    fn residents(&self) -> Vec<Amount> {
        let imported = self.of(|kind| kind == ExposureKind::Residents);
        if !imported.is_empty() {
            return imported;
        }
        let projection = self.ground.geofence.projection();
        settlements(&self.ground.municipality, projection).iter().map(Amount::from).collect()
    }

    fn roads(&self) -> Vec<Amount> {
        let imported = self.of(|kind| kind == ExposureKind::RoadKm);
        if !imported.is_empty() {
            return imported;
        }
        let piece = |(at, metres): &(Plane, f32)| Amount {
            ground: AmountGround::At(*at),
            number: f64::from(*metres) / 1_000.0,
        };
        self.ground.exposed.roads.iter().map(piece).collect()
    }

    /// What was imported of some kinds.
    fn of(&self, asked: impl Fn(ExposureKind) -> bool) -> Vec<Amount> {
        let items = self.ground.exposed.items.iter().map(|(item, _)| item);
        items.filter(|item| asked(item.kind)).filter_map(|item| self.amount(item)).collect()
    }

    /// An amount on its ground; none of a district that is no longer there.
    fn amount(&self, item: &ExposureItem) -> Option<Amount> {
        let projection = self.ground.geofence.projection();
        let ground = match &item.place {
            ExposurePlace::Around { position, radius_m } => {
                AmountGround::Around { at: projection.forward(*position), radius_m: *radius_m }
            }
            ExposurePlace::Area(area) => AmountGround::Over(projection.forward_shape(area)),
            ExposurePlace::District(code) => {
                let districts = &self.ground.municipality.districts;
                let district = districts.iter().find(|district| district.code == *code)?;
                AmountGround::Over(projection.forward_shape(&district.boundary))
            }
            ExposurePlace::Municipality => AmountGround::Everywhere,
        };
        let each = if item.kind == ExposureKind::RoadKm { 1.0 } else { item.kind.people() };
        let number = item.amount * each * item.months.on_average(self.days);
        Some(Amount { ground, number })
    }
}
