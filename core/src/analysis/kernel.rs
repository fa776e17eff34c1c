//! The shape and the width of a kernel.

use crate::domain::Violation;

/// A radially symmetric kernel of unit mass in the plane.
///
/// A quartic kernel of radius R is as smooth as a Gaussian of standard
/// deviation R / √8 (equal variance along each axis).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kernel {
    /// 3 / (πR²) · (1 − d²/R²)² within R metres (Epanechnikov's biweight in the
    /// plane; Silverman 1986): nothing further away counts.
    Quartic {
        /// R in metres.
        radius_m: f64,
    },
    /// exp(−d²/2σ²) / (2πσ²).
    Gaussian {
        /// σ in metres.
        sigma_m: f64,
    },
}

impl Default for Kernel {
    /// Quartic with R = 700 m: about the walk through a village.
    fn default() -> Self {
        Self::Quartic { radius_m: 700.0 }
    }
}

impl Kernel {
    /// A quartic kernel.
    ///
    /// # Errors
    /// Violates `radiusM: out_of_range` unless 1 m ≤ radius ≤ 100 km.
    pub fn quartic(radius_m: f64) -> Result<Self, Violation> {
        checked("radiusM", radius_m).map(|radius_m| Self::Quartic { radius_m })
    }

    /// A Gaussian kernel.
    ///
    /// # Errors
    /// Violates `bandwidthM: out_of_range` unless 1 m ≤ sigma ≤ 100 km.
    pub fn gaussian(sigma_m: f64) -> Result<Self, Violation> {
        checked("bandwidthM", sigma_m).map(|sigma_m| Self::Gaussian { sigma_m })
    }

    /// Density per square metre at the squared distance `d2` (m²).
    #[must_use]
    pub fn at(self, d2: f64) -> f64 {
        match self {
            Self::Quartic { radius_m } => {
                let rest = (1.0 - d2 / (radius_m * radius_m)).max(0.0);
                self.peak() * rest * rest
            }
            Self::Gaussian { sigma_m } => self.peak() * (-0.5 * d2 / (sigma_m * sigma_m)).exp(),
        }
    }

    /// Density per square metre at distance 0.
    #[must_use]
    pub fn peak(self) -> f64 {
        match self {
            Self::Quartic { radius_m } => 3.0 / (std::f64::consts::PI * radius_m * radius_m),
            Self::Gaussian { sigma_m } => 0.5 / (std::f64::consts::PI * sigma_m * sigma_m),
        }
    }

    /// Distance in metres beyond which less than `share` of the peak is left.
    #[must_use]
    pub fn reach_m(self, share: f64) -> f64 {
        match self {
            Self::Quartic { radius_m } => radius_m,
            Self::Gaussian { sigma_m } => sigma_m * (-2.0 * share.ln()).sqrt(),
        }
    }

    /// Standard deviation along each axis in metres.
    #[must_use]
    pub fn sigma_m(self) -> f64 {
        match self {
            Self::Quartic { radius_m } => radius_m / 8f64.sqrt(),
            Self::Gaussian { sigma_m } => sigma_m,
        }
    }

    /// The coarsest precision that a place may have to be shown with this
    /// kernel: half its radius (√8 σ for a Gaussian). Coarser places are
    /// counted beside the map.
    #[must_use]
    pub fn coarsest_precision_m(self) -> f64 {
        self.sigma_m() * 2f64.sqrt()
    }

    /// [`Kernel::at`] for events that have been spread by `variance` m² along
    /// each axis, which is undone to second order: a Gaussian is narrowed, from
    /// a quartic half the variance times its Laplacian is taken.
    #[must_use]
    pub(super) fn at_spread(self, d2: f64, variance: f64) -> f64 {
        match self {
            Self::Quartic { radius_m } => {
                let r2 = radius_m * radius_m;
                let laplacian = if d2 < r2 { 8.0 / r2 * (2.0 * d2 / r2 - 1.0) } else { 0.0 };
                self.at(d2) - 0.5 * variance * self.peak() * laplacian
            }
            Self::Gaussian { sigma_m } => {
                let narrowed = (sigma_m * sigma_m - variance).max(0.25 * sigma_m * sigma_m);
                Self::Gaussian { sigma_m: narrowed.sqrt() }.at(d2)
            }
        }
    }
}

fn checked(field: &str, value: f64) -> Result<f64, Violation> {
    if (1.0..=100_000.0).contains(&value) {
        Ok(value)
    } else {
        Err(Violation::new(field, "out_of_range"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kernels_have_unit_mass_and_the_variance_they_say() {
        for kernel in [Kernel::default(), Kernel::gaussian(250.0).unwrap()] {
            let (mut mass, mut variance) = (0.0, 0.0);
            for x in -300..=300 {
                for y in -300..=300 {
                    let (x, y) = (f64::from(x) * 10.0, f64::from(y) * 10.0);
                    mass += 100.0 * kernel.at(x * x + y * y);
                    variance += 100.0 * x * x * kernel.at(x * x + y * y);
                }
            }
            assert!((mass - 1.0).abs() < 1e-4, "{kernel:?} weighs {mass}");
            assert!((variance.sqrt() / kernel.sigma_m() - 1.0).abs() < 1e-3, "{kernel:?}");
        }
    }

    #[test]
    fn a_place_may_be_as_coarse_as_half_the_radius() {
        assert!((Kernel::default().coarsest_precision_m() - 350.0).abs() < 1e-9);
    }

    #[test]
    fn a_width_that_is_no_distance_is_refused() {
        for width in [0.0, -5.0, f64::NAN, f64::INFINITY, 1e6] {
            assert_eq!(
                Kernel::quartic(width),
                Err(Violation::new("radiusM", "out_of_range")),
                "{width}"
            );
        }
    }
}
