//! Did it work? What a measure changed, beside a place where nothing was done.
//!
//! Before and after alone are compared by [`super::compare`]; these designs
//! take account of what would have happened anyway. Fix the measure, the
//! windows and the smallest change that matters before it begins, and look at
//! [`power`] then: most small changes cannot be seen in a small municipality.

mod did;
mod glm;
mod its;
mod matrix;
mod power;
mod wdd;

pub use did::{Did, DidInference, PanelRow, difference_in_differences};
pub use its::{Its, ItsDesign, ItsTerm, interrupted_series};
pub use power::{Design, power, smallest_ratio};
pub use wdd::{BeforeAfter, Wdd, WddAreas, wdd};

use statrs::function::erf::erfc;
use std::f64::consts::SQRT_2;

/// An estimated change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// The change: a difference of counts or a logarithm of a ratio.
    pub estimate: f64,
    /// Its standard error.
    pub se: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end of its 95 % interval.
    pub high: f64,
    /// Two-sided p-value of no change.
    pub p: f64,
}

impl Effect {
    /// An estimate that is normally distributed.
    fn normal(estimate: f64, se: f64) -> Self {
        let reach = Z975 * se;
        let p = if se > 0.0 { two_sided(estimate / se) } else { 1.0 };
        Self { estimate, se, low: estimate - reach, high: estimate + reach, p }
    }
}

/// The 97.5 % point of the normal distribution.
pub(super) const Z975: f64 = 1.959_963_984_540_054;

/// The probability of a normal deviate at least as far from 0.
fn two_sided(z: f64) -> f64 {
    erfc(z.abs() / SQRT_2)
}

/// The normal distribution function.
fn normal_cdf(z: f64) -> f64 {
    0.5 * erfc(-z / SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_reaches_to_the_point_that_leaves_two_and_a_half_percent() {
        assert!((normal_cdf(Z975) - 0.975).abs() < 1e-9);
        let effect = Effect::normal(-Z975, 1.0);
        assert!((effect.p - 0.05).abs() < 1e-9 && effect.high.abs() < 1e-12);
    }
}
