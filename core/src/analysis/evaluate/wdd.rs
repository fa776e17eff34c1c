//! The weighted displacement difference.

use super::Effect;
use crate::domain::Violation;

/// What was counted in an area before and after.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BeforeAfter {
    /// Count before.
    pub before: u64,
    /// Count after.
    pub after: u64,
    /// Size of the area in any unit; 1 where areas are not weighted.
    pub size: f64,
}

impl BeforeAfter {
    /// Counts of an area of size 1.
    #[must_use]
    pub const fn new(before: u64, after: u64) -> Self {
        Self { before, after, size: 1.0 }
    }
}

/// The areas of a weighted displacement difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WddAreas {
    /// Where something was done.
    pub treated: BeforeAfter,
    /// Where nothing was done.
    pub control: BeforeAfter,
    /// Around the treated area, where it may have gone; zeros where not counted.
    pub displacement: BeforeAfter,
    /// Around the control area.
    pub displacement_control: BeforeAfter,
}

/// What a measure changed, here and around.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wdd {
    /// Change of the treated area less that of the control.
    pub local: Effect,
    /// The same of the areas around: above 0 displacement, below 0 diffusion of
    /// the benefit.
    pub displaced: Effect,
    /// Both together.
    pub total: Effect,
    /// Whether every area counted at least ten before and after, which the
    /// normal approximation wants; areas around that were not counted aside.
    pub large_enough: bool,
}

/// Counts from which on the normal approximation holds.
const LARGE: u64 = 10;

/// The weighted displacement difference (Wheeler and Ratcliffe 2018) with 95 %
/// intervals and p-values: changes in events per unit of time and of size,
/// whose variance is the sum of the counts, each by the square of its weight.
///
/// *Weakness:* counts are taken to be Poisson and areas to move in parallel;
/// bursts make intervals too narrow, and a place chosen for a bad year gets
/// better by itself.
///
/// `lengths` are those of the periods before and after. Cost: none.
///
/// # Errors
/// Violates `periods: out_of_range` or `size: out_of_range` unless positive
/// and finite.
pub fn wdd(areas: &WddAreas, lengths: (f64, f64)) -> Result<Wdd, Violation> {
    let positive = |value: f64| value.is_finite() && value > 0.0;
    if !(positive(lengths.0) && positive(lengths.1)) {
        return Err(Violation::new("periods", "out_of_range"));
    }
    let WddAreas { treated, control, displacement, displacement_control } = *areas;
    let all = [treated, control, displacement, displacement_control];
    if !all.iter().all(|area| positive(area.size)) {
        return Err(Violation::new("size", "out_of_range"));
    }
    let changes = all.map(|area| change(area, lengths));
    let effect = |signed: &[(f64, (f64, f64))]| {
        let estimate = signed.iter().map(|(sign, (change, _))| sign * change).sum();
        let variance: f64 = signed.iter().map(|(_, (_, variance))| variance).sum();
        Effect::normal(estimate, variance.sqrt())
    };
    let local = [(1.0, changes[0]), (-1.0, changes[1])];
    let displaced = [(1.0, changes[2]), (-1.0, changes[3])];
    let counted = |area: &&BeforeAfter| area.before + area.after > 0;
    let large = |area: &BeforeAfter| area.before >= LARGE && area.after >= LARGE;
    Ok(Wdd {
        local: effect(&local),
        displaced: effect(&displaced),
        total: effect(&[local, displaced].concat()),
        large_enough: large(&treated) && large(&control) && all.iter().filter(counted).all(large),
    })
}

/// The change of a rate and its variance.
fn change(area: BeforeAfter, lengths: (f64, f64)) -> (f64, f64) {
    let (before, after) = (1.0 / (lengths.0 * area.size), 1.0 / (lengths.1 * area.size));
    let (first, second) = (as_f64(area.before), as_f64(area.after));
    let variance = first * before * before + second * after * after;
    (second * after - first * before, variance)
}

#[expect(clippy::cast_precision_loss, reason = "counts of events stay far below 2^53")]
const fn as_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn areas() -> WddAreas {
        WddAreas {
            treated: BeforeAfter::new(20, 10),
            control: BeforeAfter::new(20, 20),
            displacement: BeforeAfter::new(0, 0),
            displacement_control: BeforeAfter::new(0, 0),
        }
    }

    #[test]
    fn ten_fewer_than_the_control_have_the_sum_of_the_counts_as_variance() {
        let found = wdd(&areas(), (1.0, 1.0)).unwrap();
        assert!((found.local.estimate + 10.0).abs() < 1e-12);
        assert!((found.local.se - 70f64.sqrt()).abs() < 1e-12);
        assert_eq!(found.total, found.local);
        assert!((found.displaced.p - 1.0).abs() < 1e-12 && found.large_enough);
        assert!(found.local.low < -26.0 && found.local.high > 6.0 && found.local.p > 0.2);
    }

    #[test]
    fn a_period_twice_as_long_and_an_area_twice_as_big_count_half() {
        let found = wdd(&areas(), (2.0, 1.0)).unwrap();
        // (10 − 20/2) − (20 − 20/2) = −10, of variance 10 + 5 + 20 + 5.
        assert!((found.local.estimate + 10.0).abs() < 1e-12);
        assert!((found.local.se - 40f64.sqrt()).abs() < 1e-12);
        let control = BeforeAfter { size: 2.0, ..areas().control };
        let found = wdd(&WddAreas { control, ..areas() }, (1.0, 1.0)).unwrap();
        assert!((found.local.se - 40f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn what_goes_next_door_is_counted_against_it() {
        let displacement = BeforeAfter::new(30, 37);
        let displacement_control = BeforeAfter::new(30, 30);
        let areas = WddAreas { displacement, displacement_control, ..areas() };
        let found = wdd(&areas, (1.0, 1.0)).unwrap();
        assert!((found.displaced.estimate - 7.0).abs() < 1e-12);
        assert!((found.total.estimate + 3.0).abs() < 1e-12);
        assert!((found.total.se - 197f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn few_events_are_said_to_be_few_and_no_time_is_refused() {
        let few = WddAreas { treated: BeforeAfter::new(9, 30), ..areas() };
        assert!(!wdd(&few, (1.0, 1.0)).unwrap().large_enough);
        assert_eq!(wdd(&few, (0.0, 1.0)), Err(Violation::new("periods", "out_of_range")));
        let nowhere = WddAreas { control: BeforeAfter { size: 0.0, ..few.control }, ..few };
        assert_eq!(wdd(&nowhere, (1.0, 1.0)), Err(Violation::new("size", "out_of_range")));
    }
}
