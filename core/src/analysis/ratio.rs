//! Whether a count has changed, with an interval that does not promise too much.

use super::Interval;
use crate::domain::Band;
use statrs::distribution::{Beta, ContinuousCDF};

/// The exact 95 % interval of the ratio of two Poisson rates over equally long
/// times, by conditioning on their sum (Clopper and Pearson 1934; Przyborowski
/// and Wilenski 1940).
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

/// The interval that holds the exact interval of every pair of counts that the
/// bands allow. Bands of several disjoint windows add up. `None` without a band
/// on either side; unbounded where a side has `50+`.
#[must_use]
pub fn ratio_of_bands(after: &[Band], before: &[Band]) -> Option<Interval> {
    if after.is_empty() || before.is_empty() {
        return None;
    }
    let least = |bands: &[Band]| bands.iter().map(|band| ends(*band).0).sum::<u32>();
    let most = |bands: &[Band]| bands.iter().map(|band| ends(*band).1).sum::<Option<u32>>();
    Some(Interval {
        low: most(before).map_or(0.0, |before| exact_ratio(least(after), before).low),
        high: most(after).map_or(f64::INFINITY, |after| exact_ratio(after, least(before)).high),
    })
}

/// Least and greatest count of a band; the last has no greatest.
const fn ends(band: Band) -> (u32, Option<u32>) {
    match band {
        Band::From5To9 => (5, Some(9)),
        Band::From10To19 => (10, Some(19)),
        Band::From20To49 => (20, Some(49)),
        Band::From50 => (50, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn neighbouring_bands_never_speak_of_change() {
        for pair in Band::ALL.windows(2) {
            let ratio = ratio_of_bands(&pair[..1], &pair[1..]).unwrap();
            assert!(ratio.low < 1.0 && ratio.high > 1.0, "{pair:?}");
        }
        let ratio = ratio_of_bands(&[Band::From5To9], &[Band::From50]).unwrap();
        assert!(ratio.low > 1.0 || ratio.high < 1.0, "{ratio:?}");
        assert_eq!(ratio_of_bands(&[], &[Band::From50]), None);
    }
}
