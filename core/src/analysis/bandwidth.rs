//! How wide a kernel should be: what each event says of the next.

use super::density::squared;
use super::{Kernel, Weighted};
use crate::domain::Violation;
use crate::plane::Extent;
use rayon::prelude::*;

/// The kernel that predicts each event best from all others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BandwidthSuggestion {
    /// Standard deviation of the Gaussian of largest likelihood, in metres.
    pub sigma_m: f64,
    /// Mean log likelihood of an event per square metre at that width.
    pub log_likelihood: f64,
    /// Radius of the quartic kernel that is as smooth (√8 σ), within
    /// [`BandwidthSuggestion::RADII_M`], in metres.
    pub radius_m: f64,
}

impl BandwidthSuggestion {
    /// The radii that are offered: less shows single events, more a whole
    /// municipality in one colour.
    pub const RADII_M: (f64, f64) = (300.0, 2000.0);
}

/// Fewest events that a width is suggested for.
const FEWEST: usize = 10;

/// The widths that are tried, in metres.
const SIGMAS_M: (f64, f64) = (30.0, 5000.0);

/// Suggests a bandwidth by cross-validated likelihood with uniform edge
/// correction within a rectangle (Duin 1976; Habbema et al. 1974). Freeze what
/// it says for a season: maps whose bandwidth moves cannot be compared.
///
/// *Weakness:* it asks for the best guess of the next event, not for the best
/// picture; other rules differ from it by a factor of eight either way. Many
/// events at one spot pull it down.
///
/// Cost: some forty times half the pairs of events: 0.1 s for 650, 10 s for
/// 6 000. Independent of the order of events but for rounding.
///
/// # Errors
/// Violates `points: too_small` for fewer than ten events within the extent
/// and for events that all lie at one spot.
pub fn suggest_bandwidth(
    points: &[Weighted],
    extent: Extent,
) -> Result<BandwidthSuggestion, Violation> {
    let points: Vec<Weighted> =
        points.iter().filter(|point| extent.contains(point.at)).copied().collect();
    let spread = points.iter().any(|point| squared(point.at, points[0].at) > 0.0);
    if points.len() < FEWEST || !spread {
        return Err(Violation::new("points", "too_small"));
    }
    let likelihood = |ln_sigma: f64| log_likelihood(&points, extent, ln_sigma.exp());
    let ln_sigma = highest(SIGMAS_M.0.ln(), SIGMAS_M.1.ln(), likelihood);
    let sigma_m = ln_sigma.exp();
    let (low, high) = BandwidthSuggestion::RADII_M;
    Ok(BandwidthSuggestion {
        sigma_m,
        log_likelihood: likelihood(ln_sigma),
        radius_m: (sigma_m * 8f64.sqrt()).clamp(low, high),
    })
}

/// The exact density at each event of all others, in events per square metre:
/// what is left of a peak when the event that made it is taken away.
/// Cost: the square of the number of events.
#[must_use]
pub fn leave_one_out(kernel: Kernel, points: &[Weighted]) -> Vec<f64> {
    let others = |(own, point): (usize, &Weighted)| {
        let one = |(other, at): (usize, &Weighted)| {
            let counts = other != own && at.is_number();
            if counts { at.weight * kernel.at(squared(point.at, at.at)) } else { 0.0 }
        };
        points.iter().enumerate().map(one).sum()
    };
    points.par_iter().enumerate().map(others).collect()
}

/// The mean logarithm of the density at each event given all others.
fn log_likelihood(points: &[Weighted], extent: Extent, sigma_m: f64) -> f64 {
    let kernel = Kernel::Gaussian { sigma_m };
    let total: f64 = points.iter().map(|point| point.weight).sum();
    let found = leave_one_out(kernel, points);
    let logs = points.iter().zip(found).map(|(point, density)| {
        let share = density / kernel.mass_within(point.at, extent) / (total - point.weight);
        point.weight * share.max(f64::MIN_POSITIVE).ln()
    });
    logs.sum::<f64>() / total
}

/// Where a function is highest between two ends: the best of sixteen even
/// steps, narrowed by the golden section to a thousandth.
fn highest(low: f64, high: f64, value: impl Fn(f64) -> f64) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_8;
    let step = (high - low) / 16.0;
    let best = (0..=16)
        .map(|at| low + f64::from(at) * step)
        .map(|at| (at, value(at)))
        .fold((low, f64::NEG_INFINITY), |best, tried| if tried.1 > best.1 { tried } else { best })
        .0;
    let (mut low, mut high) = ((best - step).max(low), (best + step).min(high));
    let mut inner = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let mut found = (value(inner.0), value(inner.1));
    while high - low > 1e-3 {
        if found.0 > found.1 {
            high = inner.1;
            inner = (high - GOLDEN * (high - low), inner.0);
            found = (value(inner.0), found.0);
        } else {
            low = inner.0;
            inner = (inner.1, low + GOLDEN * (high - low));
            found = (found.1, value(inner.1));
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Plane;

    const EXTENT: Extent = Extent { west: 0.0, south: 0.0, east: 10_000.0, north: 10_000.0 };

    /// Events on a lattice of `step` metres.
    fn lattice(step: f64) -> Vec<Weighted> {
        (0..100)
            .map(|at| Plane { east: f64::from(at % 10) * step, north: f64::from(at / 10) * step })
            .map(|at| Weighted { at, weight: 1.0 })
            .collect()
    }

    #[test]
    fn events_that_lie_wider_apart_ask_for_a_wider_kernel() {
        let narrow = suggest_bandwidth(&lattice(150.0), EXTENT).unwrap();
        let wide = suggest_bandwidth(&lattice(600.0), EXTENT).unwrap();
        assert!(wide.sigma_m > 2.0 * narrow.sigma_m, "{narrow:?} {wide:?}");
        assert!(narrow.radius_m >= 300.0 && wide.radius_m <= 2000.0);
    }

    #[test]
    fn too_few_events_or_a_single_spot_suggest_nothing() {
        let refused = Err(Violation::new("points", "too_small"));
        assert_eq!(suggest_bandwidth(&lattice(100.0)[..9], EXTENT), refused);
        assert_eq!(suggest_bandwidth(&lattice(0.0), EXTENT), refused);
        assert_eq!(suggest_bandwidth(&[], EXTENT), refused);
    }

    #[test]
    fn a_lone_event_leaves_nothing_when_it_is_taken_away() {
        let mut events = lattice(50.0);
        events.push(Weighted { at: Plane { east: 9000.0, north: 9000.0 }, weight: 1.0 });
        let found = leave_one_out(Kernel::default(), &events);
        assert!(found[100] <= 0.0 && found[0] > 0.0);
    }
}
