//! What may be said of each area: a count, how sure it is, whether it has
//! changed, and its rate.

use super::{Comparison, EbRate, Interval, compare, empirical_bayes, exact_interval};
use crate::domain::Violation;

/// Counts of one area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AreaCount {
    /// Events in the window.
    pub count: u32,
    /// Events in the window before.
    pub previous: u32,
    /// Residents, kilometres or whatever a rate is to be of; 0 where not known.
    pub exposure: f64,
    /// Distinct sources of the events.
    pub sources: u32,
}

/// What may be said of one area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AreaSummary {
    /// Events in the window.
    pub count: u32,
    /// Exact 95 % interval of the mean behind them.
    pub interval: Interval,
    /// Events in the window before.
    pub previous: u32,
    /// The count beside the one before, for the length of both windows.
    pub change: Comparison,
    /// The rate per unit of exposure, and the rate drawn toward the mean.
    pub rate: Option<EbRate>,
    /// Distinct sources of the events.
    pub sources: u32,
    /// What to say beside it.
    pub note: Option<SummaryNote>,
}

crate::domain::code::code_enum! {
    /// Why a summary says less than it could.
    pub enum SummaryNote {
        /// No rate: the area's exposure is not known, or nothing has happened.
        NoExposure = "no_exposure",
        /// No rate: fewer than [`LEAST_AREAS`] areas have exposure.
        TooFewAreas = "too_few_areas",
        /// There is no evidence that places differ.
        NoDifference = "no_evidence_that_places_differ",
    }
}

/// Areas with exposure that a drawn rate needs.
pub const LEAST_AREAS: usize = 20;

/// Summarises areas, whose windows last `days.0` and before that `days.1` days.
///
/// Cost: some quantiles of the gamma distribution an area.
///
/// # Errors
/// Violates `days: out_of_range` for a window that is not positive and finite,
/// and as [`empirical_bayes`].
pub fn summary(areas: &[AreaCount], days: (f64, f64)) -> Result<Vec<AreaSummary>, Violation> {
    if ![days.0, days.1].iter().all(|days| days.is_finite() && *days > 0.0) {
        return Err(Violation::new("days", "out_of_range"));
    }
    let counts: Vec<u32> = areas.iter().map(|area| area.count).collect();
    let exposure: Vec<f64> = areas.iter().map(|area| area.exposure).collect();
    let rates = empirical_bayes(&counts, &exposure)?;
    let enough = exposure.iter().filter(|value| **value > 0.0).count() >= LEAST_AREAS;
    let row = |(area, rate): (&AreaCount, Option<EbRate>)| {
        let note = match rate {
            None => Some(SummaryNote::NoExposure),
            Some(_) if !enough => Some(SummaryNote::TooFewAreas),
            Some(rate) if rate.prior.variance <= 0.0 => Some(SummaryNote::NoDifference),
            Some(_) => None,
        };
        Ok(AreaSummary {
            count: area.count,
            interval: exact_interval(u64::from(area.count)),
            previous: area.previous,
            change: compare((u64::from(area.count), u64::from(area.previous)), days)?,
            rate: rate.filter(|_| enough),
            sources: area.sources,
            note,
        })
    };
    areas.iter().zip(rates).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(count: u32, exposure: f64) -> AreaCount {
        AreaCount { count, previous: 10, exposure, sources: 3 }
    }

    #[test]
    fn twenty_after_ten_is_most_likely_chance_and_says_so() {
        let found = summary(&[area(20, 0.0)], (30.0, 30.0)).unwrap()[0];
        assert!((found.change.ratio - 2.0).abs() < 1e-12 && found.change.p > 0.05);
        assert!(found.change.interval.low < 1.0);
        assert_eq!((found.rate, found.note), (None, Some(SummaryNote::NoExposure)));
    }

    #[test]
    fn a_window_half_as_long_as_the_one_before_is_compared_by_its_days() {
        let found = summary(&[area(5, 1.0)], (15.0, 30.0)).unwrap()[0];
        assert!((found.change.ratio - 1.0).abs() < 1e-12 && found.change.p > 0.8);
    }

    #[test]
    fn six_areas_have_intervals_and_no_drawn_rate_and_thirty_have_both() {
        let of = |areas: u32, count: fn(u32) -> u32| {
            let areas: Vec<_> = (0..areas).map(|at| area(count(at), 100.0)).collect();
            summary(&areas, (30.0, 30.0)).unwrap()
        };
        let few = of(6, |at| 3 * at);
        assert!(few.iter().all(|area| area.rate.is_none()));
        assert_eq!(few[0].note, Some(SummaryNote::TooFewAreas));
        let many = of(30, |at| 3 * at);
        assert!(many[29].rate.unwrap().p_gt_2x > 0.1 && many[29].note.is_none());
        let alike = of(30, |_| 4);
        assert_eq!(alike[0].note, Some(SummaryNote::NoDifference));
    }

    #[test]
    fn a_window_of_no_length_is_refused() {
        let refused = summary(&[], (0.0, 30.0)).unwrap_err();
        assert_eq!(refused, Violation::new("days", "out_of_range"));
    }
}
