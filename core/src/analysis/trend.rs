//! Does a series rise or fall? Trend tests that ask for the order of the
//! values alone.
//!
//! Mann (1945) and Kendall (1975), the slope by Sen (1968), the seasonal
//! version by Hirsch, Slack and Smith (1982), the correction for values that
//! depend on the ones before by Hamed and Rao (1998). The plain test takes
//! values for independent: a place that is busy every summer has no trend in
//! that sense, so use the seasonal one for months. Many zeros leave little to see.

use crate::domain::Violation;
use statrs::function::erf::{erfc, erfc_inv};

/// What a trend test says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// Pairs that rise less pairs that fall.
    pub s: i64,
    /// Variance of `s` where there is no trend, ties taken into account.
    pub variance: f64,
    /// `s` over the number of pairs, -1 to 1.
    pub tau: f64,
    /// Standard score with continuity correction; 0 where nothing varies.
    pub z: f64,
    /// Two-sided probability of so strong a trend by chance.
    pub p: f64,
    /// Median slope of all pairs, per step; per period in the seasonal version.
    pub slope: f64,
}

/// The Mann-Kendall test of a series at equal steps. Cost: its pairs.
///
/// # Errors
/// Violates `series: too_short` below three values and `series: not_finite`.
pub fn mann_kendall(series: &[f64]) -> Result<Trend, Violation> {
    check(series)?;
    Ok(trend(&Ranked::of(series)))
}

/// The seasonal test: values are compared within each part of the `period`
/// only, January with January.
///
/// # Errors
/// As [`mann_kendall`], for a series of less than two periods, and
/// `period: out_of_range` below 2.
pub fn seasonal_mann_kendall(series: &[f64], period: usize) -> Result<Trend, Violation> {
    if period < 2 {
        return Err(Violation::new("period", "out_of_range"));
    }
    check(series)?;
    if series.len() < 2 * period {
        return Err(Violation::new("series", "too_short"));
    }
    let season =
        |from: usize| -> Vec<f64> { series[from..].iter().copied().step_by(period).collect() };
    let sum = |sum: Ranked, from: usize| sum.and(Ranked::of(&season(from)));
    Ok(trend(&(0..period).fold(Ranked::default(), sum)))
}

/// The test with the variance that autocorrelation of the ranks about the
/// trend leaves (Hamed and Rao 1998); only lags that differ from 0 at 5 % count.
///
/// # Errors
/// As [`mann_kendall`].
pub fn hamed_rao(series: &[f64]) -> Result<Trend, Violation> {
    let plain = mann_kendall(series)?;
    let number = as_f64(series.len());
    let straight = series.iter().zip(1..).map(|(value, at)| value - as_f64(at) * plain.slope);
    let ranks = ranks(&straight.collect::<Vec<_>>());
    let limit = erfc_inv(0.05) * std::f64::consts::SQRT_2 / number.sqrt();
    let weight = |lag: usize| {
        let left = number - as_f64(lag);
        left * (left - 1.0) * (left - 2.0)
    };
    let sum: f64 = (1..series.len())
        .map(|lag| (lag, autocorrelation(&ranks, lag)))
        .filter(|(_, correlation)| correlation.abs() > limit)
        .map(|(lag, correlation)| weight(lag) * correlation)
        .sum();
    let variance = plain.variance * (1.0 + 2.0 / weight(0) * sum);
    let (z, p) = score(plain.s, variance);
    Ok(Trend { variance, z, p, ..plain })
}

/// What a series, or the seasons of one, add to the test.
#[derive(Default)]
struct Ranked {
    s: i64,
    pairs: usize,
    variance: f64,
    slopes: Vec<f64>,
}

impl Ranked {
    fn of(series: &[f64]) -> Self {
        let mut all = Self { variance: variance(series), ..Self::default() };
        for (early, first) in series.iter().enumerate() {
            for (late, second) in series.iter().enumerate().skip(early + 1) {
                all.s += i64::from(second > first) - i64::from(second < first);
                all.slopes.push((second - first) / as_f64(late - early));
            }
        }
        all.pairs = all.slopes.len();
        all
    }

    fn and(mut self, other: Self) -> Self {
        self.slopes.extend(other.slopes);
        Self {
            s: self.s + other.s,
            pairs: self.pairs + other.pairs,
            variance: self.variance + other.variance,
            slopes: self.slopes,
        }
    }
}

fn trend(ranked: &Ranked) -> Trend {
    let (z, p) = score(ranked.s, ranked.variance);
    #[expect(clippy::cast_precision_loss, reason = "a number of pairs stays far below 2^53")]
    let s = ranked.s as f64;
    Trend {
        s: ranked.s,
        variance: ranked.variance,
        tau: s / as_f64(ranked.pairs),
        z,
        p,
        slope: median(ranked.slopes.clone()),
    }
}

/// The variance of `s`: n (n - 1) (2n + 5) / 18, less the same of each group of ties.
fn variance(series: &[f64]) -> f64 {
    let term = |number: usize| as_f64(number * number.saturating_sub(1) * (2 * number + 5));
    let mut sorted = series.to_vec();
    sorted.sort_by(f64::total_cmp);
    let ties = sorted.chunk_by(|a, b| a >= b).map(|same| term(same.len()));
    (term(series.len()) - ties.sum::<f64>()) / 18.0
}

/// The standard score and its two-sided probability.
fn score(s: i64, variance: f64) -> (f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "a number of pairs stays far below 2^53")]
    let towards_zero = (s - s.signum()) as f64;
    let z = if variance > 0.0 { towards_zero / variance.sqrt() } else { 0.0 };
    (z, erfc(z.abs() / std::f64::consts::SQRT_2))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len() {
        0 => 0.0,
        even if even % 2 == 0 => f64::midpoint(values[half - 1], values[half]),
        _ => values[half],
    }
}

/// Ranks from 1; equal values share the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let below = |value: f64| values.iter().filter(|other| **other < value).count();
    let equal = |value: f64| values.iter().filter(|other| other.total_cmp(&value).is_eq()).count();
    values.iter().map(|&value| as_f64(2 * below(value) + equal(value) + 1) / 2.0).collect()
}

fn autocorrelation(values: &[f64], lag: usize) -> f64 {
    let mean = values.iter().sum::<f64>() / as_f64(values.len());
    let product = |(a, b): (&f64, &f64)| (a - mean) * (b - mean);
    let all: f64 = values.iter().zip(values).map(product).sum();
    let shifted: f64 = values.iter().zip(&values[lag..]).map(product).sum();
    if all > 0.0 { shifted / all } else { 0.0 }
}

fn check(series: &[f64]) -> Result<(), Violation> {
    if series.len() < 3 {
        return Err(Violation::new("series", "too_short"));
    }
    let finite = series.iter().all(|value| value.is_finite());
    if finite { Ok(()) } else { Err(Violation::new("series", "not_finite")) }
}

#[expect(clippy::cast_precision_loss, reason = "a length stays far below 2^53")]
const fn as_f64(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_straight_line_rises_by_its_slope() {
        let line: Vec<f64> = (0..10).map(|step| 3.0 + 0.5 * f64::from(step)).collect();
        let found = mann_kendall(&line).unwrap();
        assert_eq!(found.s, 45);
        assert!((found.tau - 1.0).abs() < 1e-15 && (found.slope - 0.5).abs() < 1e-12);
        assert!(found.p < 1e-3);
    }

    #[test]
    fn a_place_busy_every_summer_has_no_trend_and_one_that_grows_has() {
        let year = [0.0, 0.0, 1.0, 1.0, 2.0, 5.0, 9.0, 7.0, 2.0, 1.0, 0.0, 0.0];
        let same: Vec<f64> = year.iter().cycle().take(36).copied().collect();
        let found = seasonal_mann_kendall(&same, 12).unwrap();
        assert!(found.s == 0 && found.p >= 1.0 && found.z.abs() < 1e-12);
        let grows: Vec<f64> = same.iter().zip(0..).map(|(v, at)| v + f64::from(at / 12)).collect();
        let found = seasonal_mann_kendall(&grows, 12).unwrap();
        assert!(found.p < 1e-6 && (found.slope - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_series_too_short_or_broken_is_refused() {
        let refused = |series: &[f64]| mann_kendall(series).unwrap_err().to_string();
        assert_eq!(refused(&[1.0, 2.0]), "series: too_short");
        assert_eq!(refused(&[1.0, f64::NAN, 2.0]), "series: not_finite");
        let months = [1.0; 23];
        assert_eq!(
            seasonal_mann_kendall(&months, 12).unwrap_err().to_string(),
            "series: too_short"
        );
        assert_eq!(
            seasonal_mann_kendall(&months, 1).unwrap_err().to_string(),
            "period: out_of_range"
        );
        assert!(mann_kendall(&months).unwrap().p >= 1.0, "nothing varies");
        assert!(hamed_rao(&months).unwrap().p >= 1.0);
    }

    proptest! {
        #[test]
        fn a_series_told_backwards_falls_as_it_rose(
            series in prop::collection::vec((0u8..6).prop_map(f64::from), 3..30),
        ) {
            let there = mann_kendall(&series).unwrap();
            let back = mann_kendall(&series.iter().rev().copied().collect::<Vec<_>>()).unwrap();
            prop_assert_eq!(there.s, -back.s);
            prop_assert!((there.p - back.p).abs() < 1e-12);
            prop_assert!((there.slope + back.slope).abs() < 1e-12);
            prop_assert!((0.0..=1.0).contains(&there.p));
        }
    }
}
