//! Where a row belongs: which municipality, which place in it.

use super::report::Tally;
use crate::app::Ground;
use crate::import::{Draft, DraftPlace, Kind, Plan, Target, plain};
use fyren_core::domain::{DistrictCode, Located, Place, Position, Violation};
use geo_types::MultiPolygon;
use std::collections::HashMap;
use std::sync::Arc;

/// A point that is less well known than this, in metres, is no place but
/// "somewhere in the municipality".
pub const COARSE_M: f64 = 5_000.0;
/// Radius in metres that is assumed where a file says none.
pub const ASSUMED_PRECISION_M: f64 = 50.0;

/// Where a row is.
pub enum Spot {
    /// An event's place.
    Event(Arc<Ground>, Located),
    /// The ground of an area.
    Area(MultiPolygon<f64>),
}

/// The municipalities that rows can belong to.
pub struct Places {
    grounds: Vec<Arc<Ground>>,
    /// Codes and plain names of municipalities, districts and named places.
    names: Vec<HashMap<String, Option<DistrictCode>>>,
    only: bool,
}

impl Places {
    /// Prepares the names of `grounds`.
    pub fn new(grounds: Vec<Arc<Ground>>) -> Self {
        let names = grounds.iter().map(|ground| names(ground)).collect();
        Self { only: grounds.len() == 1, grounds, names }
    }

    /// Finds the municipality and the place of a row.
    ///
    /// # Errors
    /// What [`crate::spatial::Geofence::locate`] refuses; `area: unknown_area`
    /// and `area: outside_municipality`; `geometry: required` for an area
    /// without ground.
    pub fn locate(&self, draft: &Draft, plan: &Plan, tally: &mut Tally) -> Result<Spot, Violation> {
        if let DraftPlace::Ground(ground) = &draft.place {
            return Ok(Spot::Area(ground.clone()));
        }
        if plan.kind == Kind::Areas {
            return Err(Violation::new("geometry", "required"));
        }
        let (at, place) = match &draft.place {
            DraftPlace::Point(position) => {
                let at = self.around(*position)?;
                (at, self.point(at, *position, draft, plan, tally)?)
            }
            DraftPlace::Shape(shape) => (self.around(first(shape))?, shape.clone()),
            DraftPlace::AreaOnly | DraftPlace::Ground(_) => self.area(draft)?,
        };
        let ground = &self.grounds[at];
        let fenced = ground.geofence.locate(place)?;
        if !fenced.warnings.is_empty() {
            tally.on_water += 1;
        }
        Ok(Spot::Event(Arc::clone(ground), fenced.located))
    }

    /// The municipality that holds a position; where there is only one, it is
    /// that one's to refuse.
    fn around(&self, position: Position) -> Result<usize, Violation> {
        if self.only {
            return Ok(0);
        }
        let holds = |at: Position| self.grounds.iter().position(|g| g.geofence.contains(at));
        holds(position).ok_or_else(|| {
            let Position { longitude, latitude } = position;
            let swapped = Position { longitude: latitude, latitude: longitude };
            let swapped = holds(swapped).is_some();
            let rule = if swapped { "swapped_coordinates" } else { "outside_municipality" };
            Violation::new("place", rule)
        })
    }

    /// A point keeps its precision; one that is no better known than a
    /// municipality, or an incident whose source names no district beside its
    /// precision, is somewhere in the municipality.
    fn point(
        &self,
        at: usize,
        position: Position,
        draft: &Draft,
        plan: &Plan,
        tally: &mut Tally,
    ) -> Result<Place, Violation> {
        let ground = &self.grounds[at];
        let precision_m = draft.precision_m.unwrap_or_else(|| {
            tally.assumed_precision += 1;
            ASSUMED_PRECISION_M
        });
        let stated = plan.assignment.has(Target::Area) && plan.assignment.has(Target::Precision);
        let nowhere = plan.kind == Kind::Incidents && stated && draft.area.is_none();
        if precision_m < COARSE_M && !nowhere {
            return Ok(Place::Point { position, precision_m });
        }
        // What lies elsewhere is still refused.
        ground.geofence.locate(Place::Point { position, precision_m: 1.0 })?;
        tally.coarse += 1;
        Ok(ground.as_district(None))
    }

    fn area(&self, draft: &Draft) -> Result<(usize, Place), Violation> {
        let word = draft.area.as_deref().ok_or_else(|| Violation::new("place", "required"))?;
        let key = plain(word);
        let found = self
            .names
            .iter()
            .enumerate()
            .find_map(|(at, names)| names.get(&key).map(|district| (at, district)));
        let Some((at, district)) = found else {
            // Four digits are the code of another Swedish municipality.
            let elsewhere = word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
            let rule = if elsewhere { "outside_municipality" } else { "unknown_area" };
            return Err(Violation::new("area", rule));
        };
        let code = district.as_ref().map(|district| district.0.as_str());
        Ok((at, self.grounds[at].as_district(code)))
    }
}

fn names(ground: &Ground) -> HashMap<String, Option<DistrictCode>> {
    let municipality = &ground.municipality;
    let mut names = HashMap::new();
    for locality in &municipality.localities {
        names.insert(plain(&locality.name), locality.district.clone());
    }
    for district in &municipality.districts {
        names.insert(plain(&district.name), Some(district.code.clone()));
        names.insert(plain(&district.code.0), Some(district.code.clone()));
    }
    for name in [municipality.code.as_str(), &municipality.name, &municipality.full_name] {
        names.insert(plain(name), None);
    }
    names
}

/// A position of a shape, by which its municipality is looked for.
fn first(shape: &Place) -> Position {
    let at = match shape {
        Place::Line(line) => line.0.first().copied(),
        Place::Area(area) => area.exterior().0.first().copied(),
        Place::Point { position, .. } => return *position,
        Place::Code(_) => None,
    };
    let at = at.unwrap_or_default();
    Position { longitude: at.x, latitude: at.y }
}
