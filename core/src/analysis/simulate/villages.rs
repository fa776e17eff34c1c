//! Where people are, winter and summer.

use crate::domain::{DistrictCode, Locality, LocalityId, LocalityKind, Municipality, Plane};
use crate::plane::Projection;

/// A named place with the people around it.
#[derive(Debug, Clone, PartialEq)]
pub struct Village {
    /// Its identity in the gazetteer.
    pub id: LocalityId,
    /// Its middle.
    pub centre: Plane,
    /// Standard deviation of where people are, in metres.
    pub spread_m: f64,
    /// Its district, where one is known.
    pub district: Option<DistrictCode>,
    /// People in winter.
    pub residents: f64,
    /// People in summer.
    pub summer: f64,
}

/// The villages of a municipality's gazetteer, the largest first: towns,
/// villages, hamlets and other named places. Where the gazetteer does not say
/// how many live there, their kind does. A place with water within 400 m has
/// four times as many people in summer, guests included.
#[must_use]
pub fn villages_of(
    municipality: &Municipality,
    projection: &Projection,
    on_land: &dyn Fn(Plane) -> bool,
) -> Vec<Village> {
    let village = |locality: &Locality| {
        let (usual, spread_m) = usual_size(locality.kind)?;
        // Of an urban area the precision is its radius.
        let spread_m = spread_m.max(0.5 * locality.precision_m);
        let centre = projection.forward(locality.position);
        let residents = locality.residents.map_or(usual, f64::from);
        let summer = residents * if by_the_water(centre, on_land) { 4.0 } else { 1.2 };
        let (id, district) = (locality.id.clone(), locality.district.clone());
        Some(Village { id, centre, spread_m, district, residents, summer })
    };
    let mut villages: Vec<Village> = municipality.localities.iter().filter_map(village).collect();
    villages.sort_by(|a, b| b.residents.total_cmp(&a.residents).then_with(|| a.id.cmp(&b.id)));
    villages
}

/// People and spread in metres of a place of this kind; `None` for what is not lived in.
const fn usual_size(kind: LocalityKind) -> Option<(f64, f64)> {
    match kind {
        LocalityKind::Town => Some((1600.0, 450.0)),
        LocalityKind::Village => Some((350.0, 250.0)),
        LocalityKind::Hamlet => Some((70.0, 200.0)),
        LocalityKind::Locality => Some((20.0, 200.0)),
        LocalityKind::Stop | LocalityKind::Harbour | LocalityKind::Amenity => None,
    }
}

fn by_the_water(centre: Plane, on_land: &dyn Fn(Plane) -> bool) -> bool {
    (0..16).any(|step| {
        let angle = std::f64::consts::TAU * f64::from(step) / 16.0;
        let east = centre.east + 400.0 * angle.cos();
        !on_land(Plane { east, north: centre.north + 400.0 * angle.sin() })
    })
}
