//! How sure a small number is.

use crate::domain::Violation;
use statrs::distribution::{ContinuousCDF, Gamma};
use statrs::function::factorial::ln_binomial;

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
    interval_of_mean(count, 0.95)
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

/// The exact central interval of the mean behind a count.
fn interval_of_mean(count: u64, coverage: f64) -> Interval {
    let tail = (1.0 - coverage) / 2.0;
    let quantile =
        |shape: f64, p: f64| Gamma::new(shape, 1.0).map_or(f64::NAN, |gamma| gamma.inverse_cdf(p));
    Interval {
        low: if count == 0 { 0.0 } else { quantile(as_f64(count), tail) },
        high: quantile(as_f64(count) + 1.0, 1.0 - tail),
    }
}

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
    fn more_against_nothing_has_no_upper_end() {
        let found = compare((4, 0), (1.0, 1.0)).unwrap();
        assert!(found.ratio.is_infinite() && found.interval.high.is_infinite());
        assert!(found.interval.low > 0.9 && found.interval.low < 1.1);
        let nothing = compare((0, 0), (1.0, 2.0)).unwrap();
        assert!(nothing.p >= 1.0 && (nothing.ratio - 1.0).abs() < 1e-12);
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
