//! Rates of places that have few events: each is drawn toward the mean of all,
//! the more the less it rests on (Marshall 1991).
//!
//! It draws a true hot spot toward the mean too, so that the count belongs
//! beside the rate. The gamma posterior takes mean and variance of the places
//! as known: with few places its interval is too short.

use super::intervals::{exact_interval_of, gamma_at_most, gamma_quantile};
use super::{Interval, Neighbours};
use crate::domain::Violation;

/// How rates differ between places, by the moments of Marshall (1991).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    /// Events over exposure.
    pub mean: f64,
    /// Variance of the true rates; 0 where chance explains all differences.
    pub variance: f64,
    /// Events behind both.
    pub events: u64,
}

/// What is known of the rate of one place, per unit of exposure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EbRate {
    /// Events over exposure, as counted.
    pub rate: f64,
    /// The same drawn toward the mean.
    pub eb_rate: f64,
    /// The rate lies between `low` and `high` with probability 90 %
    /// (5 % to 95 % of the gamma posterior).
    pub interval: Interval,
    /// The probability that the rate is above twice the mean.
    pub p_gt_2x: f64,
    /// The places that it was drawn toward.
    pub prior: Prior,
}

/// The rate of each area drawn toward the mean of all areas; `None` for an
/// area without exposure, and everywhere where there is no event at all.
///
/// Where [`Prior::variance`] is 0 there is no evidence that places differ: all
/// rates are the mean, with the interval of the mean. Cost: two passes, and
/// two quantiles of the gamma distribution an area.
///
/// # Errors
/// Violates `areas: different_lengths` unless there is one exposure a count,
/// and `exposure: out_of_range` for a negative one or one that is not finite.
pub fn empirical_bayes(counts: &[u32], exposure: &[f64]) -> Result<Vec<Option<EbRate>>, Violation> {
    check(counts, exposure)?;
    let prior = Prior::of(counts.iter().copied().zip(exposure.iter().copied()));
    let places = counts.iter().zip(exposure);
    Ok(places.map(|(&count, &exposure)| prior?.rate(count, exposure)).collect())
}

/// The rate of each area drawn toward the mean of its window, the area itself
/// and its neighbours; `None` for an area without exposure or in a window
/// without an event. Pass neighbours without the area itself.
///
/// Cost: the neighbours, and two quantiles of the gamma distribution an area.
///
/// # Errors
/// As [`empirical_bayes`], and `areas: different_lengths` unless there is one
/// list of neighbours a count.
pub fn local_empirical_bayes(
    counts: &[u32],
    exposure: &[f64],
    neighbours: &Neighbours,
) -> Result<Vec<Option<EbRate>>, Violation> {
    check(counts, exposure)?;
    if neighbours.len() != counts.len() {
        return Err(Violation::new("areas", "different_lengths"));
    }
    let of_area = |area: usize| {
        let near = neighbours.of(area).iter().map(|&other| other as usize);
        let window = near.chain([area]).map(|at| (counts[at], exposure[at]));
        Prior::of(window)?.rate(counts[area], exposure[area])
    };
    Ok((0..counts.len()).map(of_area).collect())
}

impl Prior {
    /// The mean and the variance of the rates of places, each given as count
    /// and exposure; places without exposure are left out, and `None` is the
    /// answer where nothing has happened.
    fn of(places: impl Iterator<Item = (u32, f64)> + Clone) -> Option<Self> {
        let places = places.filter(|(_, exposure)| *exposure > 0.0);
        let add = |sum: (u64, f64, f64), (count, exposure): (u32, f64)| {
            (sum.0 + u64::from(count), sum.1 + exposure, sum.2 + 1.0)
        };
        let (events, exposed, number) = places.clone().fold((0, 0.0, 0.0), add);
        if events == 0 {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "counts of events stay far below 2^53")]
        let mean = events as f64 / exposed;
        let squares =
            |(count, exposure): (u32, f64)| exposure * (f64::from(count) / exposure - mean).powi(2);
        let spread = places.map(squares).sum::<f64>() / exposed;
        let variance = (spread - mean / (exposed / number)).max(0.0);
        Some(Self { mean, variance, events })
    }

    /// The rate of one of the places; `None` without exposure.
    fn rate(self, count: u32, exposure: f64) -> Option<EbRate> {
        let Self { mean, variance, .. } = self;
        if exposure <= 0.0 {
            return None;
        }
        let rate = f64::from(count) / exposure;
        let trust = variance / (variance + mean / exposure);
        let eb_rate = mean + trust * (rate - mean);
        let (interval, p_gt_2x) = if variance > 0.0 {
            let (shape, scale) = (mean * mean / variance, mean / variance);
            let (shape, scale) = (shape + f64::from(count), scale + exposure);
            let low = gamma_quantile(shape, 0.05) / scale;
            let high = gamma_quantile(shape, 0.95) / scale;
            (Interval { low, high }, 1.0 - gamma_at_most(shape, 2.0 * mean * scale))
        } else {
            let Interval { low, high } = exact_interval_of(self.events, 0.9);
            let exposed = mean_over(self.events, mean);
            (Interval { low: low / exposed, high: high / exposed }, 0.0)
        };
        Some(EbRate { rate, eb_rate, interval, p_gt_2x, prior: self })
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of events stay far below 2^53")]
fn mean_over(events: u64, rate: f64) -> f64 {
    events as f64 / rate
}

fn check(counts: &[u32], exposure: &[f64]) -> Result<(), Violation> {
    if counts.len() != exposure.len() {
        return Err(Violation::new("areas", "different_lengths"));
    }
    if !exposure.iter().all(|value| value.is_finite() && *value >= 0.0) {
        return Err(Violation::new("exposure", "out_of_range"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn places_that_chance_explains_get_the_mean_and_its_interval() {
        let found = empirical_bayes(&[3, 5, 4], &[10.0, 10.0, 10.0]).unwrap();
        for place in found.into_iter().flatten() {
            assert!(place.prior.variance <= 0.0 && place.p_gt_2x <= 0.0);
            assert!((place.eb_rate - 0.4).abs() < 1e-12);
            assert!(place.interval.low > 0.2 && place.interval.high < 0.7, "{place:?}");
        }
    }

    #[test]
    fn four_of_four_people_say_less_than_forty_of_forty() {
        let (counts, people) = ([4, 40, 20, 20, 20], [4.0, 40.0, 400.0, 400.0, 400.0]);
        let found = empirical_bayes(&counts, &people).unwrap();
        let (few, many) = (found[0].unwrap(), found[1].unwrap());
        assert!((few.rate - many.rate).abs() < 1e-12);
        assert!(few.eb_rate < many.eb_rate && few.p_gt_2x < many.p_gt_2x);
    }

    #[test]
    fn a_place_without_people_and_a_map_without_events_have_no_rate() {
        let found = empirical_bayes(&[1, 2], &[0.0, 10.0]).unwrap();
        assert!(found[0].is_none() && found[1].is_some());
        assert!(empirical_bayes(&[0, 0], &[1.0, 1.0]).unwrap().iter().all(Option::is_none));
        let apart = Neighbours::from_pairs(3, &[(0, 1), (1, 0)]).unwrap();
        let local = local_empirical_bayes(&[1, 2, 0], &[5.0, 5.0, 5.0], &apart).unwrap();
        assert!(local[2].is_none(), "nothing has happened in its window");
    }

    #[test]
    fn exposure_that_cannot_be_is_refused() {
        let refused = |exposure: &[f64]| empirical_bayes(&[1, 1], exposure).unwrap_err();
        assert_eq!(refused(&[1.0]), Violation::new("areas", "different_lengths"));
        assert_eq!(refused(&[1.0, -1.0]), Violation::new("exposure", "out_of_range"));
        assert_eq!(refused(&[1.0, f64::INFINITY]), Violation::new("exposure", "out_of_range"));
        let none = Neighbours::from_pairs(1, &[]).unwrap();
        let refused = local_empirical_bayes(&[1, 1], &[1.0, 1.0], &none).unwrap_err();
        assert_eq!(refused, Violation::new("areas", "different_lengths"));
    }

    proptest! {
        #[test]
        fn every_rate_lies_between_its_own_and_the_mean_and_in_its_interval(
            places in prop::collection::vec((0u32..30, 0.1f64..200.0), 2..40),
        ) {
            let (counts, exposure): (Vec<_>, Vec<_>) = places.into_iter().unzip();
            for place in empirical_bayes(&counts, &exposure).unwrap().into_iter().flatten() {
                let (low, high) = (place.rate.min(place.prior.mean), place.rate.max(place.prior.mean));
                prop_assert!(place.eb_rate >= low - 1e-12 && place.eb_rate <= high + 1e-12);
                prop_assert!(place.interval.low < place.interval.high);
                // The mean of so few events as none may lie above 95 % of its rates.
                prop_assert!(place.rate <= 0.0 || place.interval.high > place.eb_rate);
                prop_assert!((0.0..=1.0).contains(&place.p_gt_2x));
            }
        }
    }
}
