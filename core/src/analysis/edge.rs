//! The part of a kernel that falls within a rectangle, and the densities of a
//! rectangle that take account of it.

use super::density::{density, density_at};
use super::{Kernel, Surface, Weighted};
use crate::domain::{Plane, Violation};
use crate::plane::{Extent, Grid};
use rayon::prelude::*;
use statrs::function::erf::erf;
use std::f64::consts::{FRAC_PI_2, SQRT_2};

crate::domain::code::code_enum! {
    /// How a density treats the edge of the land or of the rectangle beyond
    /// which nothing can be seen.
    pub enum Edge {
        /// Not at all: a quay looks half as busy as a square inland.
        None = "none",
        /// Divided by the share of the kernel around the place that lies
        /// within (Diggle 1985): right where events are even, and the one for
        /// maps; its integral is not the number of events.
        Uniform = "uniform",
        /// The weight of each event divided by the share of its own kernel
        /// that lies within (Jones 1993): each event counts for exactly one.
        Diggle = "diggle",
    }
}

/// Kernel density within a rectangle. Events outside it are left out, unless
/// the edge is not treated at all.
///
/// *Weakness:* a rectangle knows no coast; see [`super::Shore`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rectangle {
    /// The rectangle.
    pub extent: Extent,
    /// The kernel.
    pub kernel: Kernel,
    /// What its edges do.
    pub edge: Edge,
}

impl Rectangle {
    /// The density at the centre of each cell in events per square metre, 0
    /// outside the rectangle.
    ///
    /// Cost: that of [`density`] and one [`Kernel::mass_within`] a cell or event.
    ///
    /// # Errors
    /// As [`density`].
    pub fn density(&self, grid: &Grid, points: &[Weighted]) -> Result<Surface, Violation> {
        let mut surface = density(grid, self.kernel, &self.weighed(points))?;
        if self.edge != Edge::None {
            surface.values.par_iter_mut().enumerate().for_each(|(cell, value)| {
                *value *= self.factor(grid.centre(cell));
            });
        }
        Ok(surface)
    }

    /// The exact density at each place in events per square metre, 0 outside
    /// the rectangle. Cost: places × events.
    #[must_use]
    pub fn density_at(&self, places: &[Plane], points: &[Weighted]) -> Vec<f64> {
        let points = self.weighed(points);
        let at = |&place: &Plane| density_at(place, self.kernel, &points) * self.factor(place);
        places.par_iter().map(at).collect()
    }

    /// The events with the weights that the edge gives them.
    fn weighed(&self, points: &[Weighted]) -> Vec<Weighted> {
        let mass = |at| match self.edge {
            Edge::Diggle => self.kernel.mass_within(at, self.extent),
            Edge::None | Edge::Uniform => 1.0,
        };
        points
            .par_iter()
            .filter(|point| self.edge == Edge::None || self.extent.contains(point.at))
            .map(|point| Weighted { weight: point.weight / mass(point.at), ..*point })
            .collect()
    }

    /// What the sum of kernels at a place is multiplied by.
    fn factor(&self, at: Plane) -> f64 {
        match self.edge {
            Edge::None => 1.0,
            _ if !self.extent.contains(at) => 0.0,
            Edge::Uniform => self.kernel.mass_within(at, self.extent).recip(),
            Edge::Diggle => 1.0,
        }
    }
}

impl Kernel {
    /// The share of the kernel around a place that lies within a rectangle:
    /// products of normal distributions for a Gaussian, an integral right to
    /// 1e-12 for a quartic. Cost: below 1 µs, some 5 µs for a quartic that the
    /// edge cuts.
    #[must_use]
    pub fn mass_within(self, at: Plane, extent: Extent) -> f64 {
        let (west, east) = (extent.west - at.east, extent.east - at.east);
        let (south, north) = (extent.south - at.north, extent.north - at.north);
        match self {
            Self::Gaussian { sigma_m } => {
                let below = |offset: f64| 0.5 * (1.0 + erf(offset / (SQRT_2 * sigma_m)));
                (below(east) - below(west)) * (below(north) - below(south))
            }
            Self::Quartic { radius_m } => {
                let unit = |offset: f64| (offset / radius_m).clamp(-1.0, 1.0);
                quartic_mass((unit(west), unit(east)), (unit(south), unit(north)))
            }
        }
    }
}

/// The share of the quartic kernel of radius 1 within a rectangle whose sides
/// lie between −1 and 1: exact along y, by Gauss and Legendre along the angle
/// whose sine is x, piece by piece between the corners of the integrand.
fn quartic_mass(xs: (f64, f64), ys: (f64, f64)) -> f64 {
    let whole = |(low, high): (f64, f64)| low <= -1.0 && high >= 1.0;
    if whole(xs) && whole(ys) {
        return 1.0;
    }
    let mut cuts = vec![xs.0.asin(), xs.1.asin()];
    let corners = [ys.0, ys.1].map(|y| (1.0 - y * y).max(0.0).sqrt().asin());
    let inside = |cut: &f64| (xs.0.asin()..xs.1.asin()).contains(cut);
    cuts.extend(corners.iter().flat_map(|&corner| [-corner, corner]).filter(inside));
    cuts.sort_by(f64::total_cmp);
    let strip = |angle: f64| {
        let reach = angle.cos();
        let (low, high) = (ys.0.max(-reach), ys.1.min(reach));
        if low < high { (along(high, reach) - along(low, reach)) * reach } else { 0.0 }
    };
    let sum: f64 = cuts.windows(2).map(|piece| integral(piece[0], piece[1], strip)).sum();
    (3.0 / std::f64::consts::PI * sum).clamp(0.0, 1.0)
}

/// ∫ (reach² − y²)² dy from 0.
fn along(y: f64, reach: f64) -> f64 {
    let square = reach * reach;
    y * (square * square - y * y * (2.0 / 3.0 * square - y * y / 5.0))
}

/// The integral of a smooth function from `low` to `high`, at most half a
/// turn: two pieces of [`NODES`] nodes.
fn integral(low: f64, high: f64, value: impl Fn(f64) -> f64) -> f64 {
    let pieces = if high - low > FRAC_PI_2 { 2.0 } else { 1.0 };
    let half = 0.5 * (high - low) / pieces;
    let piece = |middle: f64| {
        let both = |(node, weight): &(f64, f64)| {
            weight * (value(middle - node * half) + value(middle + node * half))
        };
        half * NODES.iter().map(both).sum::<f64>()
    };
    let first = piece(low + half);
    if pieces > 1.0 { first + piece(high - half) } else { first }
}

/// The positive nodes of the Gauss-Legendre rule of twelve, and their weights
/// (Abramowitz and Stegun 1964, table 25.4).
const NODES: [(f64, f64); 6] = [
    (0.125_233_408_511_468_9, 0.249_147_045_813_402_77),
    (0.367_831_498_998_180_2, 0.233_492_536_538_354_8),
    (0.587_317_954_286_617_4, 0.203_167_426_723_065_92),
    (0.769_902_674_194_304_7, 0.160_078_328_543_346_22),
    (0.904_117_256_370_474_8, 0.106_939_325_995_318_43),
    (0.981_560_634_246_719_2, 0.047_175_336_386_511_83),
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EXTENT: Extent = Extent { west: 0.0, south: 0.0, east: 2000.0, north: 3000.0 };

    fn kernels() -> [Kernel; 2] {
        [Kernel::default(), Kernel::gaussian(250.0).unwrap()]
    }

    #[test]
    fn half_of_a_kernel_lies_within_at_an_edge_and_a_quarter_at_a_corner() {
        for kernel in kernels() {
            let mass = |east, north| kernel.mass_within(Plane { east, north }, EXTENT);
            assert!((mass(0.0, 1500.0) - 0.5).abs() < 1e-7, "{kernel:?}");
            assert!((mass(2000.0, 3000.0) - 0.25).abs() < 1e-7, "{kernel:?}");
        }
        let inland = Plane { east: 1000.0, north: 1500.0 };
        assert!((Kernel::default().mass_within(inland, EXTENT) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn the_edge_takes_from_a_quartic_kernel_what_a_fine_sum_says() {
        let kernel = Kernel::quartic(700.0).unwrap();
        for (east, north) in [(100.0, 1500.0), (50.0, 80.0), (1700.0, 2990.0), (300.0, 400.0)] {
            let centre = Plane { east, north };
            let grid = Grid::new(Plane { east: 0.0, north: 0.0 }, 5.0, 400, 600).unwrap();
            let sum: f64 = (0..grid.len())
                .map(|cell| kernel.at(super::super::density::squared(grid.centre(cell), centre)))
                .sum();
            let found = kernel.mass_within(centre, EXTENT);
            assert!((found - sum * 25.0).abs() < 2e-5, "{found} {}", sum * 25.0);
        }
    }

    #[test]
    fn events_outside_count_only_where_the_edge_is_not_treated() {
        let outside = [Weighted { at: Plane { east: -100.0, north: 1500.0 }, weight: 1.0 }];
        let place = [Plane { east: 50.0, north: 1500.0 }];
        let at = |edge| {
            let rectangle = Rectangle { extent: EXTENT, kernel: Kernel::default(), edge };
            rectangle.density_at(&place, &outside)[0]
        };
        assert!(at(Edge::None) > 0.0);
        assert!(at(Edge::Uniform) <= 0.0 && at(Edge::Diggle) <= 0.0);
    }

    proptest! {
        #[test]
        fn with_jones_and_diggle_the_density_integrates_to_the_number_of_events(
            offsets in prop::collection::vec((0.0f64..2000.0, 0.0f64..3000.0), 1..20),
        ) {
            let at = |&(east, north): &(f64, f64)| Plane { east, north };
            let points: Vec<_> =
                offsets.iter().map(|offset| Weighted { at: at(offset), weight: 1.0 }).collect();
            let grid = Grid::new(Plane { east: 0.0, north: 0.0 }, 25.0, 80, 120).unwrap();
            for kernel in kernels() {
                let rectangle = Rectangle { extent: EXTENT, kernel, edge: Edge::Diggle };
                let surface = rectangle.density(&grid, &points).unwrap();
                let sum = surface.values.iter().sum::<f64>() * 625.0;
                let number = f64::from(u32::try_from(points.len()).unwrap());
                prop_assert!((sum / number - 1.0).abs() < 3e-3, "{kernel:?}: {sum} of {number}");
            }
        }
    }
}
