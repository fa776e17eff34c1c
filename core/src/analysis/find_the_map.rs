//! The lineup: the real map hidden among maps of pure chance, for people to
//! find with their own eyes before a test tells them (Buja and others 2009).

use super::Exposure;
use crate::domain::Plane;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

/// Maps side by side, one of which is real.
#[derive(Debug, Clone, PartialEq)]
pub struct Lineup {
    /// The events of each map.
    pub maps: Vec<Vec<Plane>>,
    /// Index of the real one.
    pub real: usize,
}

/// Hides the real map among `others` chance maps that have as many events and
/// the same exposure. The same arguments give the same lineup.
///
/// In all maps, the real one too, each event is moved to a chance point within
/// its cell, so that the eye compares where events gather and not how they were
/// entered; a real event where none is expected keeps its place.
#[must_use]
pub fn lineup(events: &[Plane], exposure: &Exposure, others: usize, seed: u64) -> Lineup {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let real = random.random_range(0..=others);
    let chance = Chance::new(exposure);
    let maps = (0..=others)
        .map(|map| {
            if map == real {
                let moved = |&at: &Plane| match exposure.cell_of(at) {
                    Some(cell) => chance.within(cell, &mut random),
                    None => at,
                };
                events.iter().map(moved).collect()
            } else {
                (0..events.len()).map(|_| chance.event(&mut random)).collect()
            }
        })
        .collect();
    Lineup { maps, real }
}

/// A map of `number` events that lie where the exposure expects them and
/// nowhere for any other reason. The same arguments give the same map.
#[must_use]
pub fn chance_map(exposure: &Exposure, number: usize, seed: u64) -> Vec<Plane> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let chance = Chance::new(exposure);
    (0..number).map(|_| chance.event(&mut random)).collect()
}

/// Draws events from an exposure; each costs one binary search.
struct Chance<'a> {
    exposure: &'a Exposure,
    cumulative: Vec<f64>,
}

impl<'a> Chance<'a> {
    fn new(exposure: &'a Exposure) -> Self {
        let sum = |sum: &mut f64, share: &f64| {
            *sum += share;
            Some(*sum)
        };
        Self { exposure, cumulative: exposure.shares().iter().scan(0.0, sum).collect() }
    }

    fn event(&self, random: &mut ChaCha8Rng) -> Plane {
        let whole = self.cumulative.last().copied().unwrap_or(1.0);
        let point = random.random::<f64>() * whole;
        // The first cell whose sum exceeds the point: never one of share 0.
        let cell = self.cumulative.partition_point(|&sum| sum <= point);
        self.within(cell.min(self.cumulative.len() - 1), random)
    }

    fn within(&self, cell: usize, random: &mut ChaCha8Rng) -> Plane {
        let ground = self.exposure.grid().cell_extent(cell);
        let cell_m = self.exposure.grid().cell_m();
        Plane {
            east: ground.west + random.random::<f64>() * cell_m,
            north: ground.south + random.random::<f64>() * cell_m,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Basis;
    use crate::plane::Grid;

    fn exposure() -> Exposure {
        let grid = Grid::new(Plane { east: 0.0, north: 0.0 }, 250.0, 4, 1).unwrap();
        Exposure::new(grid, vec![1.0, 0.0, 3.0, 0.0], Basis::Residents).unwrap()
    }

    #[test]
    fn chance_follows_the_exposure_and_never_leaves_it() {
        let exposure = exposure();
        let mut seen = [0usize; 4];
        for at in chance_map(&exposure, 4000, 7) {
            seen[exposure.grid().cell_of(at).unwrap()] += 1;
        }
        assert_eq!((seen[1], seen[3]), (0, 0));
        assert!((900..1100).contains(&seen[0]), "{seen:?}");
    }

    #[test]
    fn the_real_map_stands_somewhere_in_a_lineup_that_a_seed_repeats() {
        let events = vec![Plane { east: 10.0, north: 10.0 }; 30];
        let found = lineup(&events, &exposure(), 11, 3);
        assert_eq!(found.maps.len(), 12);
        assert!(found.maps.iter().all(|map| map.len() == 30));
        assert!(found.maps[found.real].iter().all(|at| at.east < 250.0));
        assert_eq!(found, lineup(&events, &exposure(), 11, 3));
        let places: std::collections::HashSet<usize> =
            (0..200).map(|seed| lineup(&events, &exposure(), 11, seed).real).collect();
        assert_eq!(places.len(), 12);
    }
}
