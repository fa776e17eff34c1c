//! What the local test can see at a place, and how rarely chance shows as much.
//!
//! A place without a mark is no proof of anything where the test could not
//! have seen a doubling; so each spot says how often it would have.

use super::{Hotcells, Tail};

/// What makes a window of one map stand out by the local test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sight {
    tail: Tail,
    /// The largest p that stands out: the step of Benjamini and Hochberg that
    /// the map has reached.
    largest_p: f64,
    least_events: u64,
}

impl Sight {
    /// The sight of a test.
    pub(super) fn of(found: &Hotcells) -> Self {
        let rule = &found.rule;
        let standing = found.cells.iter().filter(|cell| cell.q <= rule.largest_q).count();
        let share = as_f64(standing.max(1)) / as_f64(found.cells.len().max(1));
        let (tail, least_events) = (found.tail, rule.least_events);
        Self { tail, largest_p: rule.largest_q * share, least_events }
    }

    /// The probability that a window stands out where it has `times` the risk
    /// that is expected: `expected` events by a number that was itself counted
    /// from `counted_from` events (infinite where it is known). Cost: some tens
    /// of tail probabilities.
    pub(super) fn power(self, expected: f64, counted_from: f64, times: f64) -> f64 {
        let chance = |count, mean| self.tail.at_least_after(count, mean, counted_from);
        let stands_out = |count: u64| chance(count, expected) <= self.largest_p;
        let mut enough = self.least_events.max(1);
        while !stands_out(enough) && enough < MOST_EVENTS {
            enough *= 2;
        }
        let mut short = if enough == self.least_events.max(1) { enough } else { enough / 2 };
        while short < enough {
            let middle = u64::midpoint(short, enough);
            if stands_out(middle) { enough = middle } else { short = middle + 1 }
        }
        if stands_out(enough) { chance(enough, times * expected) } else { 0.0 }
    }
}

/// Beyond so many events no window is looked at.
const MOST_EVENTS: u64 = 1 << 20;

/// Years between two such finds by chance alone: a period of `days` in which
/// chance shows as much with probability `p`. Rounded down to one figure, so
/// that "less than once in so many years" stays true, and at most 1 000, since
/// no model of chance is good for longer; `None` below two years.
#[must_use]
pub fn once_in_years(p: f64, days: f64) -> Option<u32> {
    let years = (days / 365.25 / p.max(1e-9)).min(1_000.0);
    if p.is_nan() || years < 2.0 {
        return None;
    }
    let figure = 10_f64.powf(years.log10().floor());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 2 and 1 000"
    )]
    let rounded = ((years / figure).floor() * figure).round() as u32;
    Some(rounded)
}

#[expect(clippy::cast_precision_loss, reason = "a number of cells stays far below 2^53")]
const fn as_f64(value: usize) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sight(tail: Tail, largest_p: f64) -> Sight {
        Sight { tail, largest_p, least_events: 5 }
    }

    #[test]
    fn the_power_is_that_of_the_least_count_that_stands_out() {
        // Of 4 expected, 11 is the least count with p ≤ 0.01 (0.0028; 10 has 0.0081).
        let found = sight(Tail::Poisson, 0.0081).power(4.0, f64::INFINITY, 2.0);
        let exact = Tail::Poisson.at_least(11, 8.0);
        assert!((found - exact).abs() < 1e-12, "{found} for {exact}");
        assert!(
            (sight(Tail::Poisson, 0.01).power(4.0, f64::INFINITY, 2.0)
                - Tail::Poisson.at_least(10, 8.0))
            .abs()
                < 1e-12
        );
    }

    #[test]
    fn what_rests_on_fewer_events_than_are_told_is_never_seen_by_fewer() {
        let found = sight(Tail::Poisson, 0.05).power(0.1, f64::INFINITY, 2.0);
        assert!((found - Tail::Poisson.at_least(5, 0.2)).abs() < 1e-12);
    }

    #[test]
    fn more_events_see_more_and_an_unsure_expectation_sees_less() {
        let sure = sight(Tail::Poisson, 1e-3);
        let powers = [2.0, 10.0, 50.0].map(|expected| sure.power(expected, f64::INFINITY, 2.0));
        assert!(powers[0] < powers[1] && powers[1] < powers[2], "{powers:?}");
        let unsure = sight(Tail::NegativeBinomial { variation: 0.25 }, 1e-3);
        assert!(unsure.power(50.0, f64::INFINITY, 2.0) < powers[2]);
        assert!(sure.power(50.0, 10.0, 2.0) < powers[2], "counted from ten events");
        assert!(sure.power(0.0, f64::INFINITY, 2.0) < 1e-12, "nobody is there");
    }

    #[test]
    fn years_are_rounded_down_to_what_can_be_said() {
        assert_eq!(once_in_years(0.02, 365.25), Some(50));
        assert_eq!(once_in_years(0.0213, 365.25), Some(40));
        assert_eq!(once_in_years(0.0213, 182.6), Some(20));
        assert_eq!(once_in_years(0.6, 365.25), None);
        assert_eq!(once_in_years(0.0, 365.25), Some(1_000));
        assert_eq!(once_in_years(f64::NAN, 365.25), None);
    }
}
