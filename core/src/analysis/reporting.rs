//! How quickly a place is reported, and who is not heard.
//!
//! After the first report of a place, further reports until it is closed come
//! at the rate at which people report there, whatever is the matter (Liu,
//! Bhandaram and Garg 2024). It needs places that stay open and reports that
//! are known to be about the same place; where those links are missing the rate
//! is too low.

use super::{Interval, empirical_bayes, exact_interval};
use crate::domain::Violation;

/// A place from its first report to its closing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OpenPlace {
    /// Its area and category, by an index of the caller's.
    pub group: usize,
    /// Reports of it after the first, until it was closed.
    pub duplicates: u32,
    /// Days from the first report until it was closed, or until now.
    pub open_days: f64,
}

/// How quickly the places of one group are reported.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReportingRate {
    /// Reports after the first.
    pub duplicates: u32,
    /// Days that places were open.
    pub open_days: f64,
    /// Reports a place and day, as counted.
    pub rate: f64,
    /// The same drawn toward the mean of all groups.
    pub eb_rate: f64,
    /// It lies in here with probability 90 %.
    pub interval: Interval,
    /// Days until a place is reported, on average: 1 / `eb_rate`.
    pub delay_days: f64,
}

impl ReportingRate {
    /// The probability that a place is reported within so many days.
    #[must_use]
    pub fn within(&self, days: f64) -> f64 {
        -(-self.eb_rate * days.max(0.0)).exp_m1()
    }
}

/// The reporting rate of each group; `None` for a group without an open day,
/// and everywhere where no report followed another.
///
/// # Errors
/// Violates `group: unknown_area` for an index that is not below `groups`, and
/// `openDays: out_of_range` for a negative number or one that is not finite.
pub fn reporting_rates(
    groups: usize,
    places: &[OpenPlace],
) -> Result<Vec<Option<ReportingRate>>, Violation> {
    let (mut duplicates, mut days) = (vec![0u32; groups], vec![Vec::new(); groups]);
    for place in places {
        if place.group >= groups {
            return Err(Violation::new("group", "unknown_area"));
        }
        if !(place.open_days.is_finite() && place.open_days >= 0.0) {
            return Err(Violation::new("openDays", "out_of_range"));
        }
        duplicates[place.group] += place.duplicates;
        days[place.group].push(place.open_days);
    }
    let open: Vec<f64> = days.iter_mut().map(|days| sum_of(days)).collect();
    let rates = empirical_bayes(&duplicates, &open)?;
    let told =
        rates.into_iter().zip(duplicates).zip(open).map(|((rate, duplicates), open_days)| {
            rate.map(|rate| ReportingRate {
                duplicates,
                open_days,
                rate: rate.rate,
                eb_rate: rate.eb_rate,
                interval: rate.interval,
                delay_days: 1.0 / rate.eb_rate,
            })
        });
    Ok(told.collect())
}

/// The sum, the same for any order.
fn sum_of(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.iter().sum()
}

/// An area of a safety survey.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurveyArea {
    /// Residents.
    pub residents: f64,
    /// Reports from the area.
    pub reports: u32,
    /// Share of those asked who feel unsafe, 0 to 1.
    pub unsafe_share: f64,
    /// The lower end of its interval; the share itself where it is exact.
    pub unsafe_low: f64,
}

/// Reports beside the survey.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Voice {
    /// Reports per 1 000 residents.
    pub per_1000: f64,
    /// Reports that the area would have if those who feel unsafe reported as
    /// often as everywhere.
    pub expected: f64,
    /// Reports over `expected`; 1 where nothing is expected.
    pub ratio: f64,
    /// 95 % interval of that ratio, as far as chance in the reports goes.
    pub interval: Interval,
    /// Fewer than half of what is expected, and neither by chance in the reports
    /// nor in who was asked: go there and ask. It is a reason for outreach,
    /// never for fewer patrols.
    pub silent: bool,
}

/// Reports of each area beside the share of its residents who feel unsafe.
///
/// The ratio takes the survey as exact; an area is silent only where it would
/// be at the lower end of its interval too.
///
/// # Errors
/// Violates `residents: out_of_range` for a number that is not positive and
/// finite, and `unsafeShare: out_of_range` unless 0 ≤ `unsafe_low` ≤
/// `unsafe_share` ≤ 1.
pub fn silent_areas(areas: &[SurveyArea]) -> Result<Vec<Voice>, Violation> {
    for area in areas {
        if !(area.residents.is_finite() && area.residents > 0.0) {
            return Err(Violation::new("residents", "out_of_range"));
        }
        let ordered = 0.0 <= area.unsafe_low && area.unsafe_low <= area.unsafe_share;
        if !(ordered && area.unsafe_share <= 1.0) {
            return Err(Violation::new("unsafeShare", "out_of_range"));
        }
    }
    let worried = |area: &SurveyArea| area.residents * area.unsafe_share;
    let all: f64 = areas.iter().map(worried).sum();
    let reports: f64 = areas.iter().map(|area| f64::from(area.reports)).sum();
    let voice = |area: &SurveyArea| {
        let count = f64::from(area.reports);
        let expected = if all > 0.0 { reports * worried(area) / all } else { 0.0 };
        let exact = exact_interval(u64::from(area.reports));
        let relative = |value: f64| if expected > 0.0 { value / expected } else { 1.0 };
        let interval = Interval { low: relative(exact.low), high: relative(exact.high) };
        let ratio = relative(count);
        // Were fewer worried than the survey found, fewer reports would be expected.
        let least = if all > 0.0 { reports * area.residents * area.unsafe_low / all } else { 0.0 };
        Voice {
            per_1000: 1000.0 * count / area.residents,
            expected,
            ratio,
            interval,
            silent: ratio < 0.5 && exact.high < least,
        }
    };
    Ok(areas.iter().map(voice).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn place(group: usize, duplicates: u32, open_days: f64) -> OpenPlace {
        OpenPlace { group, duplicates, open_days }
    }

    #[test]
    fn a_place_reported_daily_is_known_within_days_and_one_hardly_reported_is_not() {
        let places: Vec<OpenPlace> = (0..40)
            .map(|n| if n % 2 == 0 { place(0, 10, 10.0) } else { place(1, 1, 50.0) })
            .collect();
        let found = reporting_rates(3, &places).unwrap();
        let (quick, slow) = (found[0].unwrap(), found[1].unwrap());
        assert!((quick.rate - 1.0).abs() < 1e-12 && (slow.rate - 0.02).abs() < 1e-12);
        assert!(quick.within(3.0) > 0.9 && slow.within(3.0) < 0.1);
        assert!((slow.delay_days * slow.eb_rate - 1.0).abs() < 1e-12);
        assert_eq!(found[2], None);
    }

    #[test]
    fn a_place_of_an_unknown_group_or_of_negative_days_is_refused() {
        let refused = |place| reporting_rates(1, &[place]).unwrap_err();
        assert_eq!(refused(place(1, 0, 1.0)), Violation::new("group", "unknown_area"));
        assert_eq!(refused(place(0, 0, -1.0)), Violation::new("openDays", "out_of_range"));
    }

    #[test]
    fn an_area_that_feels_unsafe_and_says_nothing_is_silent_and_a_small_one_is_not() {
        let area = |residents, reports, unsafe_share| SurveyArea {
            residents,
            reports,
            unsafe_share,
            unsafe_low: unsafe_share,
        };
        let areas = [area(3000.0, 90, 0.2), area(2000.0, 8, 0.3), area(40.0, 0, 0.3)];
        let found = silent_areas(&areas).unwrap();
        assert_eq!(
            found.iter().map(|voice| voice.silent).collect::<Vec<_>>(),
            [false, true, false]
        );
        assert!((found[0].per_1000 - 30.0).abs() < 1e-12);
        let refused = silent_areas(&[area(0.0, 1, 0.1)]).unwrap_err();
        assert_eq!(refused, Violation::new("residents", "out_of_range"));
        let refused = silent_areas(&[area(1.0, 1, 1.1)]).unwrap_err();
        assert_eq!(refused, Violation::new("unsafeShare", "out_of_range"));
        // Thirty who were asked could have been worried by chance.
        let unsure = [areas[0], SurveyArea { unsafe_low: 0.08, ..areas[1] }, areas[2]];
        assert!(!silent_areas(&unsure).unwrap()[1].silent);
    }

    proptest! {
        #[test]
        fn the_order_of_places_changes_nothing(
            places in prop::collection::vec((0usize..4, 0u32..6, 0.0f64..90.0), 1..60),
        ) {
            let mut places: Vec<OpenPlace> =
                places.into_iter().map(|(group, many, days)| place(group, many, days)).collect();
            let there = reporting_rates(4, &places).unwrap();
            places.reverse();
            prop_assert_eq!(there, reporting_rates(4, &places).unwrap());
        }
    }
}
