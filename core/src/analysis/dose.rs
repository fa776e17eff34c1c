//! Presence: how much, when, and how it lies beside the need.
//!
//! A dose says that somebody was there, not that it helped. The band of 10 to
//! 16 minutes comes from one city in 1995 (Koper) and one trial (Telep, Mitchell
//! and Weisburd 2014): a setting, not a truth. Shares hide how much there is:
//! half of little is little.

use crate::domain::Violation;

/// Somebody was in an area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stay {
    /// The area, by its index.
    pub area: usize,
    /// Day of the start, counted from any day.
    pub day: i64,
    /// Local hour of the start, 0 to 23.
    pub hour: u8,
    /// How long.
    pub minutes: f64,
}

/// What counts as a visit of which length, in minutes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DoseBand {
    /// A visit that may be felt lasts at least so long.
    pub least: f64,
    /// And the longest of those in the band.
    pub most: f64,
}

impl Default for DoseBand {
    /// 10 to 16 minutes.
    fn default() -> Self {
        Self { least: 10.0, most: 16.0 }
    }
}

/// Presence in one area and window.
#[derive(Debug, Clone, PartialEq)]
pub struct Dose {
    /// Visits that began in the window.
    pub visits: u32,
    /// Their minutes.
    pub minutes: f64,
    /// Visits of [`DoseBand::least`] minutes or more.
    pub visits_least: u32,
    /// Visits in the band, both ends included.
    pub visits_band: u32,
    /// Days with a visit.
    pub distinct_days: u32,
    /// Days from the last visit to the end of the window; `None` without one.
    pub days_since_last: Option<i64>,
    /// The longest run of days without a visit inside the window.
    pub longest_gap: i64,
    /// Minutes by the hour of the start, in blocks of four hours from midnight.
    pub minutes_by_block: [f64; 6],
}

impl Dose {
    /// Whether visits of [`DoseBand::least`] minutes or more came at least
    /// `per_week` times a week, over a window of so many days.
    #[must_use]
    pub fn meets(&self, per_week: f64, days: i64) -> bool {
        f64::from(self.visits_least) * 7.0 >= per_week * days_as_f64(days)
    }
}

/// The dose of each area from day `first` to day `last`, both included; stays
/// of other days are left out. Cost: one sort of the stays.
///
/// # Errors
/// Violates `window: out_of_range` for a window that ends before it begins,
/// `area: unknown_area` for an index that is not below `areas`, `hour:
/// out_of_range` above 23, and `minutes: out_of_range` for a negative number or
/// one that is not finite.
pub fn doses(
    areas: usize,
    stays: &[Stay],
    (first, last): (i64, i64),
    band: DoseBand,
) -> Result<Vec<Dose>, Violation> {
    if last < first {
        return Err(Violation::new("window", "out_of_range"));
    }
    stays.iter().try_for_each(|stay| check(stay, areas))?;
    let mut inside: Vec<Stay> =
        stays.iter().filter(|stay| (first..=last).contains(&stay.day)).copied().collect();
    inside.sort_by(|a, b| a.day.cmp(&b.day).then(a.minutes.total_cmp(&b.minutes)));
    let mut found = vec![Tally::new(first); areas];
    for stay in &inside {
        found[stay.area].add(stay, band);
    }
    Ok(found.into_iter().map(|tally| tally.told(last)).collect())
}

fn check(stay: &Stay, areas: usize) -> Result<(), Violation> {
    if stay.area >= areas {
        return Err(Violation::new("area", "unknown_area"));
    }
    if stay.hour > 23 {
        return Err(Violation::new("hour", "out_of_range"));
    }
    if !(stay.minutes.is_finite() && stay.minutes >= 0.0) {
        return Err(Violation::new("minutes", "out_of_range"));
    }
    Ok(())
}

/// A dose in the making, stays in the order of their days.
#[derive(Clone)]
struct Tally {
    dose: Dose,
    /// The first day that nobody has been there, as far as is known.
    empty_from: i64,
}

impl Tally {
    const fn new(first: i64) -> Self {
        let dose = Dose {
            visits: 0,
            minutes: 0.0,
            visits_least: 0,
            visits_band: 0,
            distinct_days: 0,
            days_since_last: None,
            longest_gap: 0,
            minutes_by_block: [0.0; 6],
        };
        Self { dose, empty_from: first }
    }

    fn add(&mut self, stay: &Stay, band: DoseBand) {
        let dose = &mut self.dose;
        dose.visits += 1;
        dose.minutes += stay.minutes;
        dose.visits_least += u32::from(stay.minutes >= band.least);
        dose.visits_band += u32::from((band.least..=band.most).contains(&stay.minutes));
        dose.minutes_by_block[usize::from(stay.hour / 4)] += stay.minutes;
        if stay.day >= self.empty_from {
            dose.distinct_days += 1;
            dose.longest_gap = dose.longest_gap.max(stay.day - self.empty_from);
            self.empty_from = stay.day + 1;
        }
    }

    fn told(mut self, last: i64) -> Dose {
        let since = last - self.empty_from + 1;
        self.dose.longest_gap = self.dose.longest_gap.max(since);
        self.dose.days_since_last = (self.dose.visits > 0).then_some(since);
        self.dose
    }
}

/// Need and presence of one area, each as its share of all areas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// Share of the need.
    pub need_share: f64,
    /// Share of the presence.
    pub presence_share: f64,
    /// Share of the population.
    pub population_share: f64,
    /// Need less presence: above 0 where more is needed than there is.
    pub gap: f64,
    /// Presence over need; `None` where nothing is needed.
    pub coverage: Option<f64>,
}

/// How presence lies beside need.
#[derive(Debug, Clone, PartialEq)]
pub struct Balance {
    /// One row an area, in their order.
    pub areas: Vec<Gap>,
    /// Half the sum of all differences: the share of the presence that would
    /// have to move. 0 in proportion, 1 wholly elsewhere; `None` where there is
    /// no presence or no need.
    pub misallocation: Option<f64>,
    /// Gini coefficient of presence relative to need: 0 in proportion.
    pub concentration: Option<f64>,
}

/// Compares need, presence and population by area, each in any unit.
///
/// Need should be an expected number that has been drawn toward the mean
/// ([`super::empirical_bayes`]), and never hold what the police found by
/// themselves: else presence makes its own need (Ensign and others 2018).
/// A total of 0 gives shares of 0. Cost: one sort.
///
/// # Errors
/// Violates `areas: different_lengths` unless all lists are as long, and
/// `need`, `presence` or `population: out_of_range` for a negative number or
/// one that is not finite.
pub fn balance(need: &[f64], presence: &[f64], population: &[f64]) -> Result<Balance, Violation> {
    if need.len() != presence.len() || need.len() != population.len() {
        return Err(Violation::new("areas", "different_lengths"));
    }
    let (need, presence) = (shares("need", need)?, shares("presence", presence)?);
    let population = shares("population", population)?;
    let row = |area: usize| Gap {
        need_share: need[area],
        presence_share: presence[area],
        population_share: population[area],
        gap: need[area] - presence[area],
        coverage: (need[area] > 0.0).then(|| presence[area] / need[area]),
    };
    let areas: Vec<Gap> = (0..need.len()).map(row).collect();
    let is_something = |shares: &[f64]| shares.iter().any(|share| *share > 0.0);
    let comparable = is_something(&need) && is_something(&presence);
    let moved: f64 = areas.iter().map(|area| area.gap.abs()).sum::<f64>() / 2.0;
    Ok(Balance {
        misallocation: comparable.then_some(moved),
        concentration: comparable.then(|| gini(&areas)),
        areas,
    })
}

fn shares(name: &str, values: &[f64]) -> Result<Vec<f64>, Violation> {
    let total: f64 = values.iter().sum();
    if !(values.iter().all(|value| *value >= 0.0) && total.is_finite()) {
        return Err(Violation::new(name, "out_of_range"));
    }
    let share = |value: &f64| if total > 0.0 { value / total } else { 0.0 };
    Ok(values.iter().map(share).collect())
}

/// Twice the area between the line of proportion and the Lorenz curve of
/// presence over need, from the least covered area on.
fn gini(areas: &[Gap]) -> f64 {
    let coverage = |area: &Gap| area.coverage.unwrap_or(f64::INFINITY);
    let mut order: Vec<&Gap> = areas.iter().collect();
    order.sort_by(|a, b| coverage(a).total_cmp(&coverage(b)));
    let mut below = 0.0;
    let under: f64 = order
        .into_iter()
        .map(|area| {
            let before = below;
            below += area.presence_share;
            (before + below) * area.need_share
        })
        .sum();
    1.0 - under
}

#[expect(clippy::cast_precision_loss, reason = "a number of days stays far below 2^53")]
const fn days_as_f64(days: i64) -> f64 {
    days as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stay(area: usize, day: i64, minutes: f64) -> Stay {
        Stay { area, day, hour: 21, minutes }
    }

    #[test]
    fn a_gap_is_counted_from_the_first_day_and_to_the_last() {
        let stays = [stay(0, 4, 12.0), stay(0, 4, 3.0), stay(0, 7, 20.0), stay(0, 31, 60.0)];
        let found = &doses(2, &stays, (1, 30), DoseBand::default()).unwrap();
        let dose = &found[0];
        assert_eq!((dose.visits, dose.visits_least, dose.visits_band), (3, 2, 1));
        assert_eq!((dose.distinct_days, dose.days_since_last, dose.longest_gap), (2, Some(23), 23));
        assert!((dose.minutes_by_block[5] - 35.0).abs() < 1e-12);
        assert_eq!((found[1].days_since_last, found[1].longest_gap), (None, 30));
        assert!(dose.meets(0.4, 30) && !dose.meets(1.0, 30));
    }

    #[test]
    fn no_presence_is_in_no_proportion_and_nothing_needed_is_covered_by_nothing() {
        let none = balance(&[1.0, 2.0], &[0.0, 0.0], &[1.0, 1.0]).unwrap();
        assert_eq!((none.misallocation, none.concentration), (None, None));
        let apart = balance(&[1.0, 0.0], &[0.0, 3.0], &[1.0, 1.0]).unwrap();
        assert!((apart.misallocation.unwrap() - 1.0).abs() < 1e-12);
        assert!((apart.concentration.unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(apart.areas[1].coverage, None);
    }

    #[test]
    fn stays_that_cannot_be_are_refused_with_their_field() {
        let refused = |stay| doses(1, &[stay], (0, 9), DoseBand::default()).unwrap_err();
        assert_eq!(refused(stay(1, 0, 5.0)), Violation::new("area", "unknown_area"));
        assert_eq!(refused(stay(0, 0, -5.0)), Violation::new("minutes", "out_of_range"));
        let late = Stay { hour: 24, ..stay(0, 0, 5.0) };
        assert_eq!(refused(late), Violation::new("hour", "out_of_range"));
        let backwards = doses(1, &[], (9, 0), DoseBand::default()).unwrap_err();
        assert_eq!(backwards, Violation::new("window", "out_of_range"));
        let unequal = balance(&[1.0], &[1.0, 2.0], &[1.0]).unwrap_err();
        assert_eq!(unequal, Violation::new("areas", "different_lengths"));
        let negative = balance(&[1.0], &[-1.0], &[1.0]).unwrap_err();
        assert_eq!(negative, Violation::new("presence", "out_of_range"));
    }

    proptest! {
        #[test]
        fn the_order_of_stays_changes_nothing(
            days in prop::collection::vec((0i64..40, 0.0f64..40.0), 0..60),
        ) {
            let mut stays: Vec<Stay> = days.iter().map(|&(day, m)| stay(0, day, m)).collect();
            let there = doses(1, &stays, (5, 35), DoseBand::default()).unwrap();
            stays.reverse();
            prop_assert_eq!(there, doses(1, &stays, (5, 35), DoseBand::default()).unwrap());
        }

        #[test]
        fn presence_moves_gaps_and_never_a_share_of_the_need(
            areas in prop::collection::vec((0.1f64..50.0, 0.0f64..50.0), 2..12), more in 0.0f64..500.0,
        ) {
            let (need, presence): (Vec<f64>, Vec<f64>) = areas.into_iter().unzip();
            let mut watched = presence.clone();
            watched[0] += more;
            let before = balance(&need, &presence, &need).unwrap();
            let after = balance(&need, &watched, &need).unwrap();
            for (before, after) in before.areas.iter().zip(&after.areas) {
                prop_assert!((before.need_share - after.need_share).abs() < 1e-15);
            }
            for index in [after.misallocation, after.concentration].into_iter().flatten() {
                prop_assert!((-1e-12..=1.0 + 1e-12).contains(&index));
            }
            let gaps: f64 = after.areas.iter().map(|area| area.gap).sum();
            prop_assert!(after.misallocation.is_none() || gaps.abs() < 1e-9);
        }
    }
}
