//! Where a row belongs: which municipality, which place in it.

use super::facts::FactPlace;
use super::names::Names;
use super::report::Tally;
use crate::app::{Ground, shipped};
use crate::import::{Draft, DraftPlace, Facts, Kind, Plan, Target};
use fyren_core::domain::{AreaCode, DistrictCode, Located, Place, Position, Violation};
use geo::{InteriorPoint, Validation};
use geo_types::MultiPolygon;
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
    /// The place of what is no event.
    Fact(Arc<Ground>, FactPlace),
}

/// The municipalities that rows can belong to.
pub struct Places {
    grounds: Vec<Arc<Ground>>,
    names: Names,
    only: bool,
}

impl Places {
    /// Prepares the names of `grounds`.
    pub fn new(grounds: Vec<Arc<Ground>>) -> Self {
        let names = Names::of(&grounds);
        Self { only: grounds.len() == 1, grounds, names }
    }

    /// Finds the municipality and the place of a row.
    ///
    /// # Errors
    /// What [`crate::spatial::Geofence::locate`] refuses; `area: unknown_area`
    /// and `area: outside_municipality`; `geometry: required` for an area
    /// without ground, `geometry: not_valid` for one that crosses itself. An
    /// area lies where a point within it lies.
    pub fn locate(&self, draft: &Draft, plan: &Plan, tally: &mut Tally) -> Result<Spot, Violation> {
        if draft.facts != Facts::None {
            return self.fact(draft).map(|(ground, place)| Spot::Fact(ground, place));
        }
        if let DraftPlace::Ground(ground) = &draft.place {
            self.holding(inner(ground)?)?;
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

    /// The municipality that holds a position, as [`Places::around`] finds it.
    pub(super) fn ground_around(&self, position: Position) -> Result<Arc<Ground>, Violation> {
        self.around(position).map(|at| Arc::clone(&self.grounds[at]))
    }

    /// The municipality where there is only one.
    pub(super) fn only(&self) -> Option<Arc<Ground>> {
        self.grounds.first().filter(|_| self.only).map(Arc::clone)
    }

    /// The municipality and the district that a word means.
    pub(super) fn area_of(
        &self,
        word: &str,
    ) -> Result<(Arc<Ground>, Option<DistrictCode>), Violation> {
        let unknown = || Violation::new("area", "unknown_area");
        let (at, district) = self.names.find(word).ok_or_else(unknown)?;
        Ok((Arc::clone(&self.grounds[*at]), district.clone()))
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
        if let Some((at, district)) = self.names.find(word) {
            let code = district.as_ref().map(|district| district.0.as_str());
            return Ok((*at, self.grounds[*at].as_district(code)));
        }
        if shipped::is_deso(word) {
            let code = &word[..4];
            let at = self.grounds.iter().position(|ground| ground.code().as_str() == code);
            let at = at.ok_or_else(|| Violation::new("area", "outside_municipality"))?;
            return Ok((at, deso(word)));
        }
        // Four digits are the code of another Swedish municipality.
        let elsewhere = word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
        let rule = if elsewhere { "outside_municipality" } else { "unknown_area" };
        Err(Violation::new("area", rule))
    }
}

fn deso(code: &str) -> Place {
    Place::Code(AreaCode {
        system: "deso".to_owned(),
        version: "2018".to_owned(),
        code: code.to_owned(),
    })
}

/// A position within an area.
///
/// # Errors
/// Violates `geometry: not_valid`.
pub(super) fn inner(area: &MultiPolygon<f64>) -> Result<Position, Violation> {
    let inner = area.is_valid().then(|| area.interior_point()).flatten();
    let inner = inner.ok_or_else(|| Violation::new("geometry", "not_valid"))?;
    Ok(Position { longitude: inner.x(), latitude: inner.y() })
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
