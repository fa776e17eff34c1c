//! How sure a small number is.

use super::evaluate::Z975;
use crate::domain::Violation;
use statrs::distribution::{Beta, ContinuousCDF, Gamma, Normal};
use statrs::function::factorial::ln_binomial;
use statrs::function::gamma::gamma_lr;

/// A range that holds the true value with a stated probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end; infinite where nothing bounds it.
    pub high: f64,
}

/// The exact central 95 % interval of the mean behind a count (Garwood 1936):
/// 0 gives 0 to 3.69, 5 gives 1.6 to 11.7.
#[must_use]
pub fn exact_interval(count: u64) -> Interval {
    exact_interval_of(count, 0.95)
}

/// The 95 % score interval of a share (0 to 1) of so many people drawn at random
/// (Wilson 1927): 30 % of 30 gives 0.167 to 0.479. Nobody says everything.
#[must_use]
pub fn share_interval(share: f64, asked: u32) -> Interval {
    let n = f64::from(asked);
    if asked == 0 || !(0.0..=1.0).contains(&share) {
        return Interval { low: 0.0, high: 1.0 };
    }
    let z2 = Z975 * Z975;
    let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z975 * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt() / (1.0 + z2 / n);
    Interval { low: (middle - half).max(0.0), high: (middle + half).min(1.0) }
}

/// The range in which 95 % (or another share) of places lie that differ only
/// by chance, as a ratio to the mean, for a place where `expected` events are
/// expected: the funnel of a funnel plot (Spiegelhalter 2005). A place outside
/// differs from the mean; places within are not to be ranked.
///
/// The limits are those ratios whose exact interval just touches the mean,
/// smoothed over whole counts, so that they narrow steadily.
///
/// # Errors
/// Violates `expected: out_of_range` unless it is positive and finite, and
/// `coverage: out_of_range` unless it lies between 0 and 1.
pub fn funnel(expected: f64, coverage: f64) -> Result<Interval, Violation> {
    if !(expected.is_finite() && expected > 0.0) {
        return Err(Violation::new("expected", "out_of_range"));
    }
    if !(coverage > 0.0 && coverage < 1.0) {
        return Err(Violation::new("coverage", "out_of_range"));
    }
    let tail = (1.0 - coverage) / 2.0;
    Ok(Interval {
        low: count_at(expected, tail) / expected,
        high: count_at(expected, 1.0 - tail) / expected,
    })
}

/// Two counts side by side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Rate of the first over rate of the second; infinite over nothing.
    pub ratio: f64,
    /// 95 % score interval of that ratio (Ng and Tang 2005; Price and Bonett 2000).
    pub interval: Interval,
    /// Two-sided mid-p value of equal rates, given the sum of both.
    pub p: f64,
}

/// Compares two counts, each with its exposure (days, residents, kilometres).
/// Twice as many from 10 to 20 has p = 0.085: most doublings are chance.
///
/// Cost: one step per event. Two empty counts have ratio 1 and p = 1.
///
/// # Errors
/// Violates `exposure: out_of_range` unless both are positive and finite.
pub fn compare(counts: (u64, u64), exposures: (f64, f64)) -> Result<Comparison, Violation> {
    if ![exposures.0, exposures.1].iter().all(|value| value.is_finite() && *value > 0.0) {
        return Err(Violation::new("exposure", "out_of_range"));
    }
    if counts == (0, 0) {
        let interval = Interval { low: 0.0, high: f64::INFINITY };
        return Ok(Comparison { ratio: 1.0, interval, p: 1.0 });
    }
    let relative = exposures.0 / exposures.1;
    let (first, second) = (as_f64(counts.0), as_f64(counts.1));
    let score = score_interval(first, second);
    Ok(Comparison {
        ratio: first / second / relative,
        interval: Interval { low: score.low / relative, high: score.high / relative },
        p: mid_p(counts, relative / (1.0 + relative)),
    })
}

/// The exact 95 % interval of the ratio of two Poisson rates over equally long
/// times, by conditioning on their sum (Clopper and Pearson 1934; Przyborowski
/// and Wilenski 1940): what a promise is held to. [`compare`] has the shorter score
/// interval, which keeps its 95 % on average and not in every case.
#[must_use]
pub fn exact_ratio(after: u32, before: u32) -> Interval {
    let odds = |share: f64| if share >= 1.0 { f64::INFINITY } else { share / (1.0 - share) };
    let quantile = |a: u32, b: u32, p: f64| {
        Beta::new(f64::from(a), f64::from(b)).map_or(f64::NAN, |beta| beta.inverse_cdf(p))
    };
    let low = if after == 0 { 0.0 } else { odds(quantile(after, before + 1, 0.025)) };
    let high = if before == 0 { f64::INFINITY } else { odds(quantile(after + 1, before, 0.975)) };
    Interval { low, high }
}

/// The exact central interval of the mean behind a count.
pub(super) fn exact_interval_of(count: u64, coverage: f64) -> Interval {
    let tail = (1.0 - coverage) / 2.0;
    Interval {
        low: if count == 0 { 0.0 } else { gamma_quantile(as_f64(count), tail) },
        high: gamma_quantile(as_f64(count) + 1.0, 1.0 - tail),
    }
}

/// The value that a gamma distribution of this shape and of scale 1 stays below
/// with probability `p`.
pub(super) fn gamma_quantile(shape: f64, p: f64) -> f64 {
    if shape > LARGE_SHAPE {
        let z = Normal::standard().inverse_cdf(p);
        return shape * (1.0 - 1.0 / (9.0 * shape) + z / (3.0 * shape.sqrt())).powi(3);
    }
    Gamma::new(shape, 1.0).map_or(f64::NAN, |gamma| gamma.inverse_cdf(p))
}

/// The probability that a gamma distribution of this shape and of scale 1 stays
/// below `value`, which is not negative.
pub(super) fn gamma_at_most(shape: f64, value: f64) -> f64 {
    if shape > LARGE_SHAPE {
        let root = (value / shape).cbrt();
        return Normal::standard().cdf((root - 1.0 + 1.0 / (9.0 * shape)) * 3.0 * shape.sqrt());
    }
    gamma_lr(shape, value)
}

/// From here on the cube root of a gamma variable is normal to nine digits
/// (Wilson and Hilferty 1931), and the exact series take too many terms.
const LARGE_SHAPE: f64 = 1e6;

/// The count, between two whole ones where need be, up to which the Poisson
/// distribution with this mean holds the probability `p`.
fn count_at(mean: f64, p: f64) -> f64 {
    let (mut count, mut term) = (0.0, (-mean).exp());
    let mut below = 0.0;
    // Far from the mean the first terms vanish: start where they do not.
    if mean > 500.0 {
        let deviation = mean.sqrt();
        let z = statrs::function::erf::erf_inv(2.0 * p - 1.0) * std::f64::consts::SQRT_2;
        return (mean + z * deviation + (z * z - 1.0) / 6.0).max(0.0);
    }
    while below + term < p {
        below += term;
        count += 1.0;
        term *= mean / count;
        if term < f64::MIN_POSITIVE {
            break;
        }
    }
    (count - 1.0 + (p - below) / term).max(0.0)
}

/// Both ends of the 95 % score interval of the ratio of two counts.
fn score_interval(first: f64, second: f64) -> Interval {
    /// The square of the 97.5 % point of the normal distribution.
    const Z2: f64 = 3.841_458_820_694_124;
    let linear = 2.0 * first * second + Z2 * (first + second);
    let square_root = (linear * linear - 4.0 * (first * second).powi(2)).max(0.0).sqrt();
    let twice = 2.0 * second * second;
    if second > 0.0 {
        // The product of both ends is (first / second)²: no cancellation.
        let high = (linear + square_root) / twice;
        Interval { low: (first / second).powi(2) / high, high }
    } else {
        Interval { low: first * first / linear, high: f64::INFINITY }
    }
}

/// Two-sided mid-p of a binomial count: all outcomes that are less likely, and
/// half of the equally likely one.
fn mid_p((first, second): (u64, u64), share: f64) -> f64 {
    let total = first + second;
    let probability = |count: u64| {
        (ln_binomial(total, count)
            + as_f64(count) * share.ln()
            + as_f64(total - count) * (1.0 - share).ln())
        .exp()
    };
    let seen = probability(first);
    let ties = seen * (1.0 + 1e-7);
    let sum: f64 = (0..=total).map(probability).filter(|&p| p <= ties).sum();
    (sum - 0.5 * seen).clamp(0.0, 1.0)
}

#[expect(clippy::cast_precision_loss, reason = "counts of events stay far below 2^53")]
const fn as_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn five_events_say_between_one_and_a_half_and_twelve() {
        let found = exact_interval(5);
        assert!((found.low - 1.623).abs() < 1e-3 && (found.high - 11.668).abs() < 1e-3);
        assert!(exact_interval(0).low <= 0.0);
    }

    #[test]
    fn a_share_of_few_is_wide_and_of_none_says_nothing() {
        let found = share_interval(0.3, 30);
        // The shares from which 30 % lies just at the edge of chance.
        for end in [found.low, found.high] {
            let spread = (end * (1.0 - end) / 30.0).sqrt();
            assert!(((0.3 - end).abs() - Z975 * spread).abs() < 1e-12, "{found:?}");
        }
        assert!(found.low < 0.167 && found.high > 0.478, "{found:?}");
        let nobody = share_interval(0.0, 30);
        assert!(nobody.low.abs() < 1e-12 && nobody.high > 0.1);
        assert_eq!(share_interval(0.3, 0), Interval { low: 0.0, high: 1.0 });
    }

    #[test]
    fn more_against_nothing_has_no_upper_end() {
        let found = compare((4, 0), (1.0, 1.0)).unwrap();
        assert!(found.ratio.is_infinite() && found.interval.high.is_infinite());
        assert!(found.interval.low > 0.9 && found.interval.low < 1.1);
        let nothing = compare((0, 0), (1.0, 2.0)).unwrap();
        assert!(nothing.p >= 1.0 && (nothing.ratio - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_interval_is_that_of_the_binomial_tails() {
        // Solved for the tails of the binomial (10 of 30) by bisection, apart from beta quantiles.
        let Interval { low, high } = exact_ratio(10, 20);
        assert!((low - 0.209_005_965_024).abs() < 1e-9, "{low}");
        assert!((high - 1.119_183_044_244).abs() < 1e-9, "{high}");
    }

    #[test]
    fn nothing_after_and_nothing_before_leave_an_end_open() {
        assert!(exact_ratio(0, 8).low.abs() < f64::EPSILON);
        assert!(exact_ratio(8, 0).high.is_infinite());
    }

    #[test]
    fn an_exposure_of_nothing_is_refused() {
        for exposures in [(0.0, 1.0), (1.0, -1.0), (f64::NAN, 1.0)] {
            let refused = compare((1, 1), exposures);
            assert_eq!(refused, Err(Violation::new("exposure", "out_of_range")));
        }
        assert_eq!(funnel(0.0, 0.95), Err(Violation::new("expected", "out_of_range")));
        assert_eq!(funnel(1.0, 1.0), Err(Violation::new("coverage", "out_of_range")));
    }

    #[test]
    fn the_funnel_narrows_and_meets_its_large_number_form() {
        let widths: Vec<f64> = [1.0, 5.0, 20.0, 100.0, 499.0, 501.0, 5000.0]
            .iter()
            .map(|&expected| funnel(expected, 0.95).map(|f| f.high - f.low).unwrap())
            .collect();
        assert!(widths.windows(2).all(|pair| pair[0] > pair[1]), "{widths:?}");
        let ten = funnel(10.0, 0.95).unwrap();
        assert!(ten.low > 0.3 && ten.low < 0.45 && ten.high > 1.55 && ten.high < 1.75, "{ten:?}");
    }

    proptest! {
        #[test]
        fn swapping_the_two_counts_turns_the_ratio_around(
            first in 1u64..60, second in 1u64..60, exposure in 0.2f64..5.0,
        ) {
            let one = compare((first, second), (exposure, 1.0)).unwrap();
            let other = compare((second, first), (1.0, exposure)).unwrap();
            prop_assert!((one.ratio * other.ratio - 1.0).abs() < 1e-9);
            prop_assert!((one.interval.low * other.interval.high - 1.0).abs() < 1e-9);
            prop_assert!((one.p - other.p).abs() < 1e-9);
            prop_assert!(one.interval.low <= one.ratio && one.ratio <= one.interval.high);
        }
    }
}
