//! What a design could see before it begins.

use super::{Z975, normal_cdf};
use crate::domain::Violation;
use statrs::function::factorial::ln_binomial;
use statrs::function::gamma::ln_gamma;

/// A design with the counts that are expected before, in periods of equal
/// length before and after.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Design {
    /// One place before and after, tested by [`crate::analysis::compare`].
    BeforeAfter {
        /// Expected before.
        before: f64,
    },
    /// [`super::wdd()`] with one control area.
    Wdd {
        /// Expected in the treated area before.
        treated: f64,
        /// Expected in the control area, before and after.
        control: f64,
    },
    /// [`super::difference_in_differences`].
    Did {
        /// Expected in all treated areas before.
        treated: f64,
        /// Expected in all control areas, before and after.
        control: f64,
    },
}

/// The most events that a design may expect.
const MOST: f64 = 100_000.0;

/// The probability that a two-sided test at 5 % sees a change to `ratio` times
/// what was before (0.7 is a fall by 30 %) if counts are Poisson: exact for
/// before and after, by normal approximation otherwise. Bursts make it less.
///
/// Cost: 1 ms for a hundred events before, growing with their number to the
/// power of 1.5.
///
/// # Errors
/// Violates `ratio: out_of_range` unless positive and at most 100, and `count:
/// out_of_range` unless every count is positive and at most 100 000.
pub fn power(design: Design, ratio: f64) -> Result<f64, Violation> {
    if !(ratio > 0.0 && ratio <= 100.0) {
        return Err(Violation::new("ratio", "out_of_range"));
    }
    let (treated, control) = match design {
        Design::BeforeAfter { before } => (before, before),
        Design::Wdd { treated, control } | Design::Did { treated, control } => (treated, control),
    };
    if ![treated, control].iter().all(|count| *count > 0.0 && *count <= MOST) {
        return Err(Violation::new("count", "out_of_range"));
    }
    let after = treated * ratio;
    Ok(match design {
        Design::BeforeAfter { .. } => before_after(treated, ratio),
        Design::Wdd { .. } => seen((after - treated) / (treated + after + 2.0 * control).sqrt()),
        Design::Did { .. } => {
            seen(ratio.ln() / (1.0 / treated + 1.0 / after + 2.0 / control).sqrt())
        }
    })
}

/// The smallest fall that a design sees with probability `wanted` (0.8 is
/// usual), as a ratio: 0.6 where a fall by 40 % is the smallest. `None` where
/// not even a fall to a hundredth would be seen.
///
/// # Errors
/// As [`power`], and violates `power: out_of_range` unless 0.05 < wanted < 1.
pub fn smallest_ratio(design: Design, wanted: f64) -> Result<Option<f64>, Violation> {
    if !(wanted > 0.05 && wanted < 1.0) {
        return Err(Violation::new("power", "out_of_range"));
    }
    let (mut seen, mut unseen) = (0.01, 1.0);
    if power(design, seen)? < wanted {
        return Ok(None);
    }
    while unseen - seen > 5e-4 {
        let middle = 0.5 * (seen + unseen);
        if power(design, middle)? < wanted {
            unseen = middle;
        } else {
            seen = middle;
        }
    }
    Ok(Some(seen))
}

/// How often a normal test sees what lies `z` standard errors from nothing.
fn seen(z: f64) -> f64 {
    normal_cdf(z - Z975) + normal_cdf(-z - Z975)
}

/// Over all sums of both counts: how likely the sum, times how often the test
/// given that sum rejects.
fn before_after(before: f64, ratio: f64) -> f64 {
    let mean = before * (1.0 + ratio);
    let reach = 8.0 * mean.sqrt() + 8.0;
    let (first, last) = (whole((mean - reach).max(0.0)), whole(mean + reach));
    let share = ratio / (1.0 + ratio);
    (first..=last)
        .map(|sum| {
            let likely = (as_f64(sum) * mean.ln() - mean - ln_gamma(as_f64(sum) + 1.0)).exp();
            likely * rejected(sum, share)
        })
        .sum()
}

/// How often the two-sided mid-p test of equal rates rejects at 5 % where a
/// share of `sum` events falls after.
fn rejected(sum: u64, share: f64) -> f64 {
    let equal = binomial(sum, 0.5);
    // The test is symmetric: both ends are cut alike, from the outside in. Its
    // p-value counts half of the outcome seen, and its mirror image whole.
    let (mut below, mut most) = (0.0, None);
    for (count, &probability) in equal.iter().enumerate().take(equal.len() / 2) {
        if 2.0 * below + 1.5 * probability > 0.05 {
            break;
        }
        below += probability;
        most = Some(count);
    }
    let Some(most) = most else { return 0.0 };
    let changed = binomial(sum, share);
    let low: f64 = changed[..=most].iter().sum();
    let high: f64 = changed[changed.len() - 1 - most..].iter().sum();
    low + high
}

/// The probabilities of 0 to `sum`.
fn binomial(sum: u64, share: f64) -> Vec<f64> {
    let mode = whole(as_f64(sum + 1) * share).min(sum);
    let peak = ln_binomial(sum, mode)
        + as_f64(mode) * share.ln()
        + as_f64(sum - mode) * (1.0 - share).ln();
    let odds = share / (1.0 - share);
    let mut found = vec![peak.exp()];
    for count in mode..sum {
        let last = found[found.len() - 1];
        found.push(last * as_f64(sum - count) / as_f64(count + 1) * odds);
    }
    let mut lower = Vec::new();
    let mut value = peak.exp();
    for count in (1..=mode).rev() {
        value *= as_f64(count) / as_f64(sum - count + 1) / odds;
        lower.push(value);
    }
    lower.reverse();
    lower.append(&mut found);
    lower
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to some 10^7")]
const fn whole(value: f64) -> u64 {
    value as u64
}

#[expect(clippy::cast_precision_loss, reason = "counts of events stay far below 2^53")]
const fn as_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::compare;

    fn found(design: Design, ratio: f64) -> f64 {
        power(design, ratio).unwrap()
    }

    #[test]
    fn before_and_after_sees_what_simulations_saw_or_a_little_less() {
        let table = [
            (10.0, [0.07, 0.10, 0.17, 0.23]),
            (40.0, [0.15, 0.29, 0.52, 0.73]),
            (150.0, [0.44, 0.81, 0.97, 1.0]),
            (600.0, [0.96, 1.0, 1.0, 1.0]),
        ];
        for (before, expected) in table {
            for (ratio, expected) in [0.8, 0.7, 0.6, 0.5].into_iter().zip(expected) {
                let found = found(Design::BeforeAfter { before }, ratio);
                // What was simulated counts half of both ends, this test half of
                // one: less, within that and the errors of 4 000 simulations.
                let less = expected - found;
                assert!((-0.02..0.045).contains(&less), "{before} to {ratio}: {less} less");
            }
        }
    }

    #[test]
    fn the_test_that_is_planned_is_the_test_that_is_made() {
        for sum in [5_u64, 24, 61] {
            let rejects =
                |&after: &u64| compare((after, sum - after), (1.0, 1.0)).unwrap().p <= 0.05;
            let changed = binomial(sum, 0.3);
            let made: f64 = (0..=sum)
                .filter(rejects)
                .map(|after| changed[usize::try_from(after).unwrap()])
                .sum();
            assert!((rejected(sum, 0.3) - made).abs() < 1e-12, "{sum}: {made}");
        }
    }

    #[test]
    fn a_control_twice_as_big_sees_a_fall_by_a_third_as_simulated() {
        for (treated, expected) in [(50.0, 0.26), (150.0, 0.64), (300.0, 0.92), (600.0, 1.0)] {
            let found = found(Design::Did { treated, control: 2.0 * treated }, 0.7);
            assert!((found - expected).abs() < 0.03, "{treated}: {found}");
        }
    }

    #[test]
    fn no_change_is_seen_in_one_of_twenty_and_more_events_see_less() {
        let design = Design::Wdd { treated: 100.0, control: 100.0 };
        assert!((found(design, 1.0) - 0.05).abs() < 1e-9);
        let few = smallest_ratio(Design::BeforeAfter { before: 40.0 }, 0.8).unwrap().unwrap();
        let many = smallest_ratio(Design::BeforeAfter { before: 400.0 }, 0.8).unwrap().unwrap();
        assert!(few < 0.5 && many > 0.75, "{few} {many}");
        assert_eq!(smallest_ratio(Design::BeforeAfter { before: 3.0 }, 0.8), Ok(None));
    }

    #[test]
    fn a_change_of_nothing_is_refused() {
        let refused = power(Design::BeforeAfter { before: 0.0 }, 0.5);
        assert_eq!(refused, Err(Violation::new("count", "out_of_range")));
        let refused = power(Design::BeforeAfter { before: 9.0 }, 0.0);
        assert_eq!(refused, Err(Violation::new("ratio", "out_of_range")));
    }
}
