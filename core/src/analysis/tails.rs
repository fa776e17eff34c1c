//! How likely so many or more are by chance.

use statrs::function::gamma::ln_gamma;

/// What a count is measured against.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tail {
    /// A Poisson count: events come one by one, and what is expected is known.
    Poisson,
    /// A Poisson count whose expected number is itself uncertain, gamma
    /// distributed around the value given: a negative binomial count.
    NegativeBinomial {
        /// Coefficient of variation of the expected number, such as 0.5 for
        /// "may well be half or one and a half times that".
        variation: f64,
    },
    /// [`Tail::NegativeBinomial`] where the whole map is more uneven than a
    /// Poisson map (a Pearson dispersion above 1.5), else [`Tail::Poisson`].
    Auto {
        /// As in [`Tail::NegativeBinomial`].
        variation: f64,
    },
}

/// The Pearson dispersion above which [`Tail::Auto`] leaves Poisson.
pub const LARGEST_POISSON_DISPERSION: f64 = 1.5;

impl Tail {
    /// The tail to use on a map of this Pearson dispersion: never `Auto`.
    #[must_use]
    pub fn settled(self, dispersion: f64) -> Self {
        match self {
            Self::Auto { variation } if dispersion > LARGEST_POISSON_DISPERSION => {
                Self::NegativeBinomial { variation }
            }
            Self::Auto { .. } => Self::Poisson,
            settled => settled,
        }
    }

    /// The stable code of this tail: `poisson`, `nb` or `auto`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Poisson => "poisson",
            Self::NegativeBinomial { .. } => "nb",
            Self::Auto { .. } => "auto",
        }
    }

    /// A tail for an expected number that is the sum of several seasons, each
    /// given as what is expected in it and its coefficient of variation, whose
    /// errors have nothing to do with each other: guests of a summer and
    /// residents of a winter.
    #[must_use]
    pub fn across_seasons(seasons: &[(f64, f64)]) -> Self {
        let expected: f64 = seasons.iter().map(|(expected, _)| expected).sum();
        let square = |(expected, variation): &(f64, f64)| (expected * variation).powi(2);
        let deviation = seasons.iter().map(square).sum::<f64>().sqrt();
        if deviation > 0.0 && expected > 0.0 {
            Self::NegativeBinomial { variation: deviation / expected }
        } else {
            Self::Poisson
        }
    }

    /// The same with an expected number that may be off by `least` or more;
    /// `Auto` is settled before.
    #[must_use]
    pub(super) fn at_least_uncertain(self, least: f64) -> Self {
        match self {
            Self::NegativeBinomial { variation } | Self::Auto { variation } => {
                Self::NegativeBinomial { variation: variation.max(least) }
            }
            Self::Poisson if least > 0.0 => Self::NegativeBinomial { variation: least },
            Self::Poisson => Self::Poisson,
        }
    }

    /// The square of the coefficient of variation of what is expected.
    const fn relative_variance(self) -> f64 {
        match self {
            Self::Poisson | Self::Auto { .. } => 0.0,
            Self::NegativeBinomial { variation } => variation * variation,
        }
    }

    /// The probability of `observed` or more where `expected` are expected,
    /// with a relative error below 1e-9; `Auto` counts as `Poisson` here.
    ///
    /// Cost: one term a step up to `observed`, or some tens of nanoseconds and a
    /// term a step away from the expected number where both are large.
    #[must_use]
    pub fn at_least(self, observed: u64, expected: f64) -> f64 {
        self.at_least_after(observed, expected, f64::INFINITY)
    }

    /// The same where the expected number was itself counted, from `events`
    /// events, and is as uncertain as they are.
    #[must_use]
    pub(super) fn at_least_after(self, observed: u64, expected: f64, events: f64) -> f64 {
        if observed == 0 {
            return 1.0;
        }
        if expected <= 0.0 {
            return 0.0;
        }
        // Infinite where nothing is uncertain.
        let size = 1.0 / (self.relative_variance() + 1.0 / events);
        let count = Count { expected, size };
        if let Some(found) = count.at_least(observed) {
            return found;
        }
        if as_f64(observed) > expected {
            count.sum_up(count.probability(observed), observed)
        } else {
            1.0 - count.sum_down(observed - 1)
        }
    }
}

/// A negative binomial count; a Poisson count where the size is infinite.
#[derive(Clone, Copy)]
struct Count {
    expected: f64,
    size: f64,
}

impl Count {
    /// The probability of so many or more, by multiplying up from none, which
    /// is cheaper than gamma functions; `None` for a count far from 0.
    ///
    /// What is left of 1 loses digits where it is small; there the terms from
    /// the count upwards are summed.
    fn at_least(self, count: u64) -> Option<f64> {
        let none = self.of_none();
        if count > MOST_STEPS || none < 1e-250 {
            return None;
        }
        let (mut fewer, mut term, mut below) = (0.0, none, 0.0);
        for _ in 0..count {
            fewer += term;
            term *= self.step(below);
            below += 1.0;
        }
        let rest = 1.0 - fewer;
        Some(if rest > LEAST_REST { rest } else { self.sum_up(term, count) })
    }

    fn probability(self, count: u64) -> f64 {
        let (k, mean, size) = (as_f64(count), self.expected, self.size);
        let log = if size.is_finite() {
            ln_gamma(k + size) - ln_gamma(size) - ln_gamma(k + 1.0)
                + size * (size / (size + mean)).ln()
                + k * (mean / (size + mean)).ln()
        } else {
            k * mean.ln() - mean - ln_gamma(k + 1.0)
        };
        log.exp()
    }

    /// The probability of no event at all.
    fn of_none(self) -> f64 {
        if self.size.is_finite() {
            (-self.size * (self.expected / self.size).ln_1p()).exp()
        } else {
            (-self.expected).exp()
        }
    }

    /// How much likelier `count` + 1 is than `count`.
    fn step(self, count: f64) -> f64 {
        if self.size.is_finite() {
            (count + self.size) / (count + 1.0) * self.expected / (self.size + self.expected)
        } else {
            self.expected / (count + 1.0)
        }
    }

    /// The probability of `first` or more, for a `first` above the mean, whose
    /// own probability is `term`.
    fn sum_up(self, mut term: f64, first: u64) -> f64 {
        let (mut sum, mut count) = (0.0, as_f64(first));
        while term > sum * NEGLIGIBLE {
            sum += term;
            term *= self.step(count);
            count += 1.0;
        }
        sum
    }

    /// The probability of `last` or fewer, for a `last` below the mean.
    fn sum_down(self, last: u64) -> f64 {
        let mut term = self.probability(last);
        let (mut sum, mut count) = (0.0, as_f64(last));
        while term > sum * NEGLIGIBLE {
            sum += term;
            if count < 0.5 {
                break;
            }
            count -= 1.0;
            term /= self.step(count);
        }
        sum
    }
}

/// The largest count that is reached by multiplying up from 0.
const MOST_STEPS: u64 = 64;

/// What may be left of 1 and still be right to ten digits.
const LEAST_REST: f64 = 1e-5;

/// Terms below this share of the sum are left out.
const NEGLIGIBLE: f64 = 1e-17;

#[expect(clippy::cast_precision_loss, reason = "counts of events stay far below 2^53")]
const fn as_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use statrs::function::gamma::gamma_lr;

    #[test]
    fn nothing_or_more_is_certain_and_something_out_of_nothing_impossible() {
        assert!(Tail::Poisson.at_least(0, 3.0) >= 1.0);
        assert!(Tail::Poisson.at_least(1, 0.0) <= 0.0);
    }

    #[test]
    fn an_uncertain_expectation_makes_many_events_less_surprising() {
        let sure = Tail::Poisson.at_least(20, 8.0);
        let unsure = Tail::NegativeBinomial { variation: 0.5 }.at_least(20, 8.0);
        assert!(sure < 0.001 && unsure > 0.02, "{sure} {unsure}");
    }

    #[test]
    fn an_uneven_map_leaves_poisson() {
        let auto = Tail::Auto { variation: 0.5 };
        assert_eq!(auto.settled(1.4), Tail::Poisson);
        assert_eq!(auto.settled(1.6), Tail::NegativeBinomial { variation: 0.5 });
    }

    #[test]
    fn an_expectation_that_was_counted_is_as_sure_as_its_count() {
        let counted = Tail::Poisson.at_least_after(18, 10.0, 20.0);
        let known = Tail::NegativeBinomial { variation: 20f64.powf(-0.5) }.at_least(18, 10.0);
        assert!((counted - known).abs() < 1e-12, "{counted} {known}");
        let wider = Tail::NegativeBinomial { variation: 0.3 }.at_least_after(18, 10.0, 20.0);
        assert!(wider > counted);
    }

    #[test]
    fn seasons_of_independent_errors_are_surer_together_than_apart() {
        let year = Tail::across_seasons(&[(30.0, 0.5), (30.0, 0.5), (60.0, 0.0)]);
        let Tail::NegativeBinomial { variation } = year else { panic!("{year:?}") };
        assert!((variation - 450f64.sqrt() / 120.0).abs() < 1e-12);
        assert_eq!(Tail::across_seasons(&[(30.0, 0.0)]), Tail::Poisson);
    }

    proptest! {
        #[test]
        fn the_poisson_tail_is_the_incomplete_gamma_function(
            observed in 1u64..400, expected in 0.01f64..400.0,
        ) {
            let found = Tail::Poisson.at_least(observed, expected);
            let known = gamma_lr(as_f64(observed), expected);
            prop_assert!((found - known).abs() < 1e-11 + 1e-9 * known, "{found} {known}");
        }

        #[test]
        fn the_negative_binomial_tail_falls_and_its_steps_sum_to_the_mean(
            expected in 0.1f64..6.0, variation in 0.05f64..0.8,
        ) {
            let tail = Tail::NegativeBinomial { variation };
            let tails: Vec<f64> = (1..400).map(|k| tail.at_least(k, expected)).collect();
            prop_assert!(tails.windows(2).all(|pair| pair[0] >= pair[1]));
            let mean: f64 = tails.iter().sum();
            prop_assert!((mean - expected).abs() < 1e-6 * expected, "{mean} of {expected}");
        }
    }
}
