//! Amounts of something that events follow, and the ground they are spread over.

use super::Kernel;
use crate::domain::{LocalityKind, Municipality, Plane};
use crate::plane::{Coverage, Projection};
use geo_types::MultiPolygon;

/// A place where people live.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settlement {
    /// Its middle.
    pub at: Plane,
    /// Its people.
    pub residents: f64,
}

impl Settlement {
    /// How far the houses of a settlement lie from its middle, in metres.
    pub const RADIUS_M: f64 = 1_200.0;
}

/// The ground of an amount.
#[derive(Debug, Clone, PartialEq)]
pub enum AmountGround {
    /// The cell of a point.
    At(Plane),
    /// The land around a point, by a quartic kernel.
    Around {
        /// The point.
        at: Plane,
        /// The kernel's radius in metres; at least the edge of a cell counts.
        radius_m: f64,
    },
    /// The land of an area, evenly.
    Over(MultiPolygon<f64>),
    /// All land, evenly.
    Everywhere,
}

/// So much of something on some ground.
#[derive(Debug, Clone, PartialEq)]
pub struct Amount {
    /// Where.
    pub ground: AmountGround,
    /// How much; nothing where it is not above 0.
    pub number: f64,
}

impl From<&Settlement> for Amount {
    fn from(settlement: &Settlement) -> Self {
        let ground = AmountGround::Around { at: settlement.at, radius_m: Settlement::RADIUS_M };
        Self { ground, number: settlement.residents }
    }
}

impl Amount {
    /// Adds this amount to the cells of its ground that hold land, by how much;
    /// to the nearest cell with land where it has none.
    pub(super) fn spread(&self, land: &Coverage, sums: &mut [f64]) {
        let shares = match &self.ground {
            AmountGround::At(at) => return nearest(land, *at, self.number, sums),
            AmountGround::Around { at, radius_m } => around(land, *at, *radius_m),
            AmountGround::Over(shape) => over(land, shape),
            AmountGround::Everywhere => on_land(land, |_| 1.0),
        };
        let total: f64 = shares.iter().map(|(_, share)| share).sum();
        if total > 0.0 {
            for (cell, share) in shares {
                sums[cell] += self.number * share / total;
            }
        } else if let Some(at) = self.middle() {
            nearest(land, at, self.number, sums);
        }
    }

    fn middle(&self) -> Option<Plane> {
        match &self.ground {
            AmountGround::At(at) | AmountGround::Around { at, .. } => Some(*at),
            AmountGround::Over(shape) => {
                let middle = geo::Centroid::centroid(shape)?;
                Some(Plane { east: middle.x(), north: middle.y() })
            }
            AmountGround::Everywhere => None,
        }
    }
}

/// The cells with land and a weight, each with both multiplied.
fn on_land(land: &Coverage, weight: impl Fn(usize) -> f64) -> Vec<(usize, f64)> {
    let shares = land.shares().iter().enumerate().filter(|(_, share)| **share > 0.0);
    shares.map(|(cell, share)| (cell, share * weight(cell))).filter(|(_, w)| *w > 0.0).collect()
}

fn around(land: &Coverage, at: Plane, radius_m: f64) -> Vec<(usize, f64)> {
    let kernel = Kernel::Quartic { radius_m: radius_m.max(land.grid().cell_m()) };
    on_land(land, |cell| kernel.at(squared(land, cell, at)))
}

fn over(land: &Coverage, shape: &MultiPolygon<f64>) -> Vec<(usize, f64)> {
    let within = Coverage::of_shape(*land.grid(), shape);
    on_land(land, |cell| within.shares()[cell])
}

/// Adds to the cell of a point, or to the nearest cell with land.
fn nearest(land: &Coverage, at: Plane, number: f64, sums: &mut [f64]) {
    let dry = |cell: &usize| land.shares()[*cell] > 0.0;
    let own = land.grid().cell_of(at).filter(dry);
    let closest = || {
        let off = |cell: &usize| squared(land, *cell, at);
        (0..sums.len()).filter(dry).min_by(|a, b| off(a).total_cmp(&off(b)))
    };
    if let Some(cell) = own.or_else(closest) {
        sums[cell] += number;
    }
}

/// The squared distance of a cell's middle from a point.
fn squared(land: &Coverage, cell: usize, at: Plane) -> f64 {
    let centre = land.grid().centre(cell);
    (centre.east - at.east).powi(2) + (centre.north - at.north).powi(2)
}

/// The settlements of a municipality: its towns, villages, hamlets and other
/// named places with their residents, or what is usual for their kind (2 000,
/// 400, 50 and 15) where the number is not known. Where the residents of a
/// district are known, its settlements are scaled to sum to them.
#[must_use]
pub fn settlements(municipality: &Municipality, projection: &Projection) -> Vec<Settlement> {
    let usual = |kind: LocalityKind| match kind {
        LocalityKind::Town => 2000.0,
        LocalityKind::Village => 400.0,
        LocalityKind::Hamlet => 50.0,
        LocalityKind::Locality => 15.0,
        LocalityKind::Stop | LocalityKind::Harbour | LocalityKind::Amenity => 0.0,
    };
    let people = |locality: &crate::domain::Locality| {
        locality.residents.map_or_else(|| usual(locality.kind), f64::from)
    };
    let scale = |locality: &crate::domain::Locality| {
        let code = locality.district.as_ref()?;
        let district = municipality.districts.iter().find(|district| district.code == *code)?;
        let residents = f64::from(district.residents?);
        let same = municipality.localities.iter().filter(|l| l.district.as_ref() == Some(code));
        let sum: f64 = same.map(people).sum();
        (sum > 0.0).then(|| residents / sum)
    };
    municipality
        .localities
        .iter()
        .map(|locality| Settlement {
            at: projection.forward(locality.position),
            residents: people(locality) * scale(locality).unwrap_or(1.0),
        })
        .filter(|settlement| settlement.residents > 0.0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Basis, Exposure};
    use super::*;
    use crate::plane::Grid;
    use geo_types::{Polygon, polygon};

    /// Ten by ten cells of 250 m; the eastern half is sea.
    fn land() -> Coverage {
        let grid = Grid::new(Plane { east: 0.0, north: 0.0 }, 250.0, 10, 10).unwrap();
        Coverage::of_shape(grid, &square(0.0, 0.0, 1250.0, 2500.0).into())
    }

    fn square(west: f64, south: f64, east: f64, north: f64) -> Polygon<f64> {
        polygon![(x: west, y: south), (x: east, y: south), (x: east, y: north), (x: west, y: north)]
    }

    fn expected(amounts: &[Amount]) -> Exposure {
        Exposure::of_amounts(&land(), amounts, Basis::Visitors).unwrap()
    }

    #[test]
    fn people_of_an_area_live_on_its_land_alone() {
        // Half of it is sea.
        let ground = AmountGround::Over(square(1000.0, 0.0, 1500.0, 250.0).into());
        let exposure = expected(&[Amount { ground, number: 40.0 }]);
        assert!((exposure.shares()[4] - (0.95 + 0.05 / 50.0)).abs() < 1e-9);
        assert!(exposure.shares()[5] <= 0.0);
    }

    #[test]
    fn a_guest_harbour_at_sea_falls_to_the_nearest_quay() {
        let at = Plane { east: 2300.0, north: 1300.0 };
        for ground in [AmountGround::At(at), AmountGround::Around { at, radius_m: 300.0 }] {
            let exposure = expected(&[Amount { ground, number: 12.0 }]);
            assert!(exposure.shares()[54] > 0.95);
        }
    }

    #[test]
    fn a_small_radius_is_a_cell_at_least_and_nothing_is_lost() {
        let at = Plane { east: 495.0, north: 495.0 };
        let one = Amount { ground: AmountGround::Around { at, radius_m: 1.0 }, number: 1.0 };
        let everywhere = Amount { ground: AmountGround::Everywhere, number: 3.0 };
        let exposure = expected(&[one, everywhere]);
        let near: f64 = [11, 12, 21, 22].iter().map(|&cell| exposure.shares()[cell]).sum();
        assert!((near - (0.95 * 0.25 + (0.95 * 0.75 + 0.05) * 4.0 / 50.0)).abs() < 0.02, "{near}");
        assert!((exposure.shares().iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(expected(&[]).basis(), Basis::UniformLand);
    }
}
