//! Where events are to be expected before any has been seen.

use super::Kernel;
use crate::domain::{LocalityKind, Municipality, Plane, Violation};
use crate::plane::{Coverage, Grid, Projection};

crate::domain::code::code_enum! {
    /// What an expectation rests on, and so what a hot spot means.
    pub enum Basis {
        /// People who live near: a hot spot has more than residents explain.
        /// Guests, passers-by and beds for rent are not in it.
        Residents = "residents",
        /// Every piece of land alike, where nothing is known of people.
        UniformLand = "uniform_land",
        /// The place's own earlier years: a hot spot has more than before.
        OwnHistory = "own_history",
    }
}

impl Basis {
    /// Why a place with more events than expected is shown, as a code.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Residents => "more_than_residents_explain",
            Self::UniformLand => "more_than_even_spread_explains",
            Self::OwnHistory => "more_than_own_history_explains",
        }
    }
}

/// The share of all events that is expected in each cell of a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Exposure {
    grid: Grid,
    basis: Basis,
    shares: Vec<f64>,
}

/// A place where people live.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settlement {
    /// Its middle.
    pub at: Plane,
    /// Its people.
    pub residents: f64,
}

impl Exposure {
    /// The part of the people that is spread evenly over all land, so that a
    /// farm, a beach and a lay-by expect a little, and not nothing.
    pub const EVEN_SHARE: f64 = 0.05;

    /// How far the houses of a settlement lie from its middle: its people are
    /// spread over the land around it by a quartic kernel of this radius.
    pub const SETTLEMENT_RADIUS_M: f64 = 1_200.0;

    /// An expectation by weights of any scale, one a cell; cells of weight 0
    /// are outside the domain and are not tested.
    ///
    /// # Errors
    /// Violates `exposure: different_lengths` unless there is one weight a
    /// cell, and `exposure: out_of_range` unless weights are finite, none is
    /// negative and one is positive.
    pub fn new(grid: Grid, weights: Vec<f64>, basis: Basis) -> Result<Self, Violation> {
        if weights.len() != grid.len() {
            return Err(Violation::new("exposure", "different_lengths"));
        }
        let sum: f64 = weights.iter().sum();
        let good = weights.iter().all(|weight| *weight >= 0.0) && sum.is_finite() && sum > 0.0;
        if !good {
            return Err(Violation::new("exposure", "out_of_range"));
        }
        let shares = weights.into_iter().map(|weight| weight / sum).collect();
        Ok(Self { grid, basis, shares })
    }

    /// Every square metre of land alike.
    ///
    /// # Errors
    /// As [`Exposure::new`]: for a grid without land.
    pub fn uniform(land: &Coverage) -> Result<Self, Violation> {
        Self::new(*land.grid(), land.shares().to_vec(), Basis::UniformLand)
    }

    /// People of settlements, spread over the land around each by a quartic
    /// kernel of [`Exposure::SETTLEMENT_RADIUS_M`], and [`Exposure::EVEN_SHARE`]
    /// of them evenly over all land. Without settlements that reach any land
    /// this is [`Exposure::uniform`], and says so.
    ///
    /// Cost: settlements × cells around each.
    ///
    /// # Errors
    /// As [`Exposure::uniform`].
    pub fn residents(land: &Coverage, settlements: &[Settlement]) -> Result<Self, Violation> {
        let grid = *land.grid();
        let even = Self::uniform(land)?;
        let mut people = vec![0.0; grid.len()];
        for settlement in settlements.iter().filter(|settlement| settlement.residents > 0.0) {
            spread(land, *settlement, &mut people);
        }
        let total: f64 = people.iter().sum();
        if total <= 0.0 {
            return Ok(even);
        }
        let weights = people.iter().zip(&even.shares).map(|(people, even)| {
            (1.0 - Self::EVEN_SHARE) * people / total + Self::EVEN_SHARE * even
        });
        Self::new(grid, weights.collect(), Basis::Residents)
    }

    /// Events of earlier years, each spread by `kernel` over the land around
    /// it, and [`Exposure::EVEN_SHARE`] evenly over all land.
    ///
    /// # Errors
    /// As [`Exposure::uniform`], and as [`super::density`].
    pub fn own_history(
        land: &Coverage,
        earlier: &[super::Weighted],
        kernel: Kernel,
    ) -> Result<Self, Violation> {
        let grid = *land.grid();
        let even = Self::uniform(land)?;
        let surface = super::density(&grid, kernel, earlier)?;
        let on_land: Vec<f64> =
            surface.values.iter().zip(land.shares()).map(|(value, share)| value * share).collect();
        let total: f64 = on_land.iter().sum();
        if total <= 0.0 {
            return Ok(even);
        }
        let weights = on_land.iter().zip(&even.shares).map(|(value, even)| {
            (1.0 - Self::EVEN_SHARE) * value / total + Self::EVEN_SHARE * even
        });
        Self::new(grid, weights.collect(), Basis::OwnHistory)
    }

    /// The grid.
    #[must_use]
    pub const fn grid(&self) -> &Grid {
        &self.grid
    }

    /// What it rests on.
    #[must_use]
    pub const fn basis(&self) -> Basis {
        self.basis
    }

    /// The share of all events that is expected in each cell; they sum to 1.
    #[must_use]
    pub fn shares(&self) -> &[f64] {
        &self.shares
    }

    /// The cell of the domain that an event belongs to: its own, else the
    /// nearest of the eight around it (a jetty off a generalised coast);
    /// `None` further out.
    #[must_use]
    pub fn cell_of(&self, at: Plane) -> Option<usize> {
        let own = self.grid.cell_of(at)?;
        let inside = |cell: &usize| self.shares[*cell] > 0.0;
        let off = |cell: &usize| {
            let centre = self.grid.centre(*cell);
            (centre.east - at.east).hypot(centre.north - at.north)
        };
        Some(own).filter(inside).or_else(|| {
            self.grid.neighbours(own).filter(inside).min_by(|a, b| off(a).total_cmp(&off(b)))
        })
    }
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

/// Spreads the people of one settlement over the land within reach.
fn spread(land: &Coverage, settlement: Settlement, people: &mut [f64]) {
    let grid = land.grid();
    let kernel = Kernel::Quartic { radius_m: Exposure::SETTLEMENT_RADIUS_M };
    let weight = |cell: usize| {
        let centre = grid.centre(cell);
        let d2 = (centre.east - settlement.at.east).powi(2)
            + (centre.north - settlement.at.north).powi(2);
        land.shares()[cell] * kernel.at(d2)
    };
    let near: Vec<(usize, f64)> = (0..grid.len())
        .filter(|&cell| land.shares()[cell] > 0.0)
        .map(|cell| (cell, weight(cell)))
        .filter(|(_, weight)| *weight > 0.0)
        .collect();
    let total: f64 = near.iter().map(|(_, weight)| weight).sum();
    for (cell, weight) in near {
        people[cell] += settlement.residents * weight / total;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{Polygon, polygon};

    /// Ten by ten cells of 250 m; the eastern half is sea.
    fn land() -> Coverage {
        let grid = Grid::new(Plane { east: 0.0, north: 0.0 }, 250.0, 10, 10).unwrap();
        let west: Polygon<f64> = polygon![
            (x: 0.0, y: 0.0), (x: 1250.0, y: 0.0), (x: 1250.0, y: 2500.0), (x: 0.0, y: 2500.0)
        ];
        Coverage::of_shape(grid, &west.into())
    }

    fn village(east: f64, north: f64, residents: f64) -> Settlement {
        Settlement { at: Plane { east, north }, residents }
    }

    #[test]
    fn people_of_a_harbour_village_all_live_on_land() {
        let exposure = Exposure::residents(&land(), &[village(1250.0, 1250.0, 300.0)]).unwrap();
        assert_eq!(exposure.basis(), Basis::Residents);
        let sum: f64 = exposure.shares().iter().sum();
        assert!((sum - 1.0).abs() < 1e-12);
        let sea: f64 = (0..100).filter(|c| c % 10 >= 5).map(|c| exposure.shares()[c]).sum();
        assert!(sea <= 0.0);
        let quay = exposure.grid().cell_of(Plane { east: 1200.0, north: 1260.0 }).unwrap();
        assert!(exposure.shares()[quay] > 0.02);
    }

    #[test]
    fn without_settlements_every_square_metre_of_land_counts_alike() {
        let exposure = Exposure::residents(&land(), &[]).unwrap();
        assert_eq!(exposure.basis().code(), "uniform_land");
        assert!((exposure.shares()[0] - 0.02).abs() < 1e-9);
    }

    #[test]
    fn twice_the_people_expect_twice_the_events() {
        let exposure = Exposure::residents(
            &land(),
            &[village(600.0, 300.0, 100.0), village(600.0, 2200.0, 200.0)],
        )
        .unwrap();
        let half = |south: bool| -> f64 {
            (0..100).filter(|c| (c / 10 < 5) == south).map(|c| exposure.shares()[c]).sum()
        };
        // Both kernels reach a little over the middle, and 5 % lie evenly.
        let ratio = half(false) / half(true);
        assert!((1.7..2.0).contains(&ratio), "{ratio}");
    }

    #[test]
    fn an_event_just_off_the_coast_belongs_to_the_nearest_land() {
        let exposure = Exposure::uniform(&land()).unwrap();
        assert_eq!(exposure.cell_of(Plane { east: 1300.0, north: 30.0 }), Some(4));
        assert_eq!(exposure.cell_of(Plane { east: 1600.0, north: 30.0 }), None);
    }

    #[test]
    fn a_map_without_land_or_with_a_negative_weight_is_refused() {
        let grid = *land().grid();
        let empty = Exposure::new(grid, vec![0.0; 100], Basis::Residents);
        assert_eq!(empty, Err(Violation::new("exposure", "out_of_range")));
        let mut weights = vec![1.0; 100];
        weights[3] = -1.0;
        let negative = Exposure::new(grid, weights, Basis::Residents);
        assert_eq!(negative, Err(Violation::new("exposure", "out_of_range")));
        let short = Exposure::new(grid, vec![1.0; 99], Basis::Residents);
        assert_eq!(short, Err(Violation::new("exposure", "different_lengths")));
    }

    #[test]
    fn earlier_years_expect_events_where_they_were() {
        let at = Plane { east: 400.0, north: 400.0 };
        let earlier = [super::super::Weighted { at, weight: 1.0 }];
        let exposure = Exposure::own_history(&land(), &earlier, Kernel::default()).unwrap();
        assert_eq!(exposure.basis(), Basis::OwnHistory);
        let (here, there) = (exposure.shares()[11], exposure.shares()[94]);
        assert!(here > 20.0 * there && there > 0.0, "{here} {there}");
    }
}
