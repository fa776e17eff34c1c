//! The geofence: whether a place lies in a municipality, and where in it.

mod ground;
mod shape;

use fyren_core::domain::{
    AreaCode, DistrictCode, Located, Municipality, MunicipalityCode, Place, Plane, Position,
    Violation,
};
use fyren_core::plane::Projection;
use ground::{Ground, Land};

/// A place farther than this from the generalised land, in metres, is warned
/// about: the coast that ships is off by up to 471 m at a jetty.
pub const WATER_TOLERANCE_M: f64 = 500.0;

/// The coarsest precision of a point, in metres: the size of a county.
pub const MAX_PRECISION_M: f64 = 100_000.0;

/// One municipality's boundary, districts and land, prepared for many
/// questions. Building costs O(v log v) for v vertices, a question O(log v).
pub struct Geofence {
    code: MunicipalityCode,
    projection: Projection,
    boundary: Ground,
    districts: Vec<(DistrictCode, Ground)>,
    land: Option<Land>,
}

/// A place that the geofence has accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Fenced {
    /// The place with anchor, plane position and district.
    pub located: Located,
    /// Metres from the anchor to the nearest (generalised) land, 0 on land;
    /// `None` for an area code and where no land is known.
    pub water_m: Option<f64>,
    /// What the sender may want to look at again; the place is accepted
    /// all the same: `place: on_water` beyond [`WATER_TOLERANCE_M`].
    pub warnings: Vec<Violation>,
}

impl Geofence {
    /// Prepares `municipality`.
    ///
    /// # Errors
    /// Violates `crs` when the municipality's plane is unknown.
    pub fn new(municipality: &Municipality) -> Result<Self, Violation> {
        let projection = Projection::parse(&municipality.crs)?;
        let districts = municipality
            .districts
            .iter()
            .map(|district| (district.code.clone(), Ground::new(&district.boundary)))
            .collect();
        Ok(Self {
            code: municipality.code.clone(),
            boundary: Ground::new(&municipality.boundary),
            districts,
            land: municipality.land.as_ref().map(|land| Land::new(land, &projection)),
            projection,
        })
    }

    /// The projection of the municipality's plane.
    #[must_use]
    pub const fn projection(&self) -> &Projection {
        &self.projection
    }

    /// Accepts `place` and says where in the municipality it lies.
    ///
    /// A shape is inside when each of its vertices is: its anchor is the
    /// middle of a line or an inner point of an area, and its precision the
    /// distance from there to its farthest vertex.
    ///
    /// # Errors
    /// Violates a rule of `place` or of a part of it, such as
    /// `place.line[3]`: `outside_municipality`, `swapped_coordinates` (outside,
    /// but inside with longitude and latitude exchanged), `not_finite`,
    /// `out_of_range`, `too_few_positions`, `too_many_positions`, `too_long`,
    /// `too_large`, `not_valid`, `unknown_area`,
    /// `unknown_area_system`.
    pub fn locate(&self, place: Place) -> Result<Fenced, Violation> {
        match &place {
            Place::Code(area) => {
                let district = self.district_of_code(area)?;
                let located = Located { place, anchor: None, precision_m: 0.0, district };
                Ok(Fenced { located, water_m: None, warnings: Vec::new() })
            }
            Place::Point { position, precision_m } => {
                let (position, precision_m) = (*position, *precision_m);
                self.check_inside(position, "place")?;
                if !(precision_m > 0.0 && precision_m <= MAX_PRECISION_M) {
                    return Err(Violation::new("place.precisionM", "out_of_range"));
                }
                let anchor = (position, self.projection.forward(position));
                Ok(self.fenced(place, anchor, precision_m))
            }
            Place::Line(line) => {
                shape::check_line(line)?;
                self.check_vertices(&line.0, "place.line")?;
                let (anchor, precision_m) = shape::middle(line, &self.projection)?;
                Ok(self.fenced(place, anchor, precision_m))
            }
            Place::Area(area) => {
                shape::check_area(area)?;
                self.check_vertices(&area.exterior().0, "place.polygon")?;
                let (anchor, precision_m) = shape::inner_point(area, &self.projection)?;
                Ok(self.fenced(place, anchor, precision_m))
            }
        }
    }

    /// Whether `position` lies in the municipality, its border included.
    #[must_use]
    pub fn contains(&self, position: Position) -> bool {
        self.boundary.covers(position)
    }

    /// The district that `position` lies in; on a border the first in the
    /// municipality's order. Outer waters belong to none.
    #[must_use]
    pub fn district(&self, position: Position) -> Option<&DistrictCode> {
        self.districts.iter().find(|(_, ground)| ground.covers(position)).map(|(code, _)| code)
    }

    /// Metres from a point of the plane to the nearest land, 0 on land; `None`
    /// where no land is known.
    #[must_use]
    pub fn water_m(&self, plane: Plane) -> Option<f64> {
        self.land.as_ref().map(|land| land.distance_m(plane))
    }

    fn fenced(&self, place: Place, anchor: (Position, Plane), precision_m: f64) -> Fenced {
        let water_m = self.water_m(anchor.1);
        let warnings = match water_m {
            Some(metres) if metres > WATER_TOLERANCE_M => vec![Violation::new("place", "on_water")],
            _ => Vec::new(),
        };
        let district = self.district(anchor.0).cloned();
        let located = Located { place, anchor: Some(anchor), precision_m, district };
        Fenced { located, water_m, warnings }
    }

    fn check_vertices(&self, vertices: &[geo_types::Coord], field: &str) -> Result<(), Violation> {
        for (at, vertex) in vertices.iter().enumerate() {
            let position = Position { longitude: vertex.x, latitude: vertex.y };
            self.check_inside(position, &format!("{field}[{at}]"))?;
        }
        Ok(())
    }

    fn check_inside(&self, position: Position, field: &str) -> Result<(), Violation> {
        let Position { longitude, latitude } = position;
        if self.contains(position) {
            return Ok(());
        }
        if self.contains(Position { longitude: latitude, latitude: longitude }) {
            return Err(Violation::new(field, "swapped_coordinates"));
        }
        Position::parse(longitude, latitude).map_err(|broken| broken.within(field))?;
        Err(Violation::new(field, "outside_municipality"))
    }

    fn district_of_code(&self, area: &AreaCode) -> Result<Option<DistrictCode>, Violation> {
        let known = || self.districts.iter().map(|(code, _)| code);
        match area.system.as_str() {
            "municipality" if area.code == self.code.as_str() => Ok(None),
            "district" => known()
                .find(|code| code.0 == area.code)
                .cloned()
                .map(Some)
                .ok_or_else(|| Violation::new("place.code", "unknown_area")),
            // A small statistical area begins with its municipality's code.
            "deso" if area.code.starts_with(self.code.as_str()) => Ok(None),
            "deso" | "municipality" => Err(Violation::new("place.code", "unknown_area")),
            _ => Err(Violation::new("place.system", "unknown_area_system")),
        }
    }
}

#[cfg(test)]
mod tests;
