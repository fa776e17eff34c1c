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

    /// The probability of `observed` or more where `expected` are expected,
    /// with a relative error below 1e-9; `Auto` counts as `Poisson` here.
    ///
    /// Cost: some tens of nanoseconds and one more term per step away from the
    /// expected number.
    #[must_use]
    pub fn at_least(self, observed: u64, expected: f64) -> f64 {
        if observed == 0 {
            return 1.0;
        }
        if expected <= 0.0 {
            return 0.0;
        }
        let size = match self {
            Self::NegativeBinomial { variation } if variation > 0.0 => variation.powi(-2),
            _ => f64::INFINITY,
        };
        let count = Count { expected, size };
        if as_f64(observed) > expected {
            count.sum_up(observed)
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

    /// How much likelier `count` + 1 is than `count`.
    fn step(self, count: f64) -> f64 {
        if self.size.is_finite() {
            (count + self.size) / (count + 1.0) * self.expected / (self.size + self.expected)
        } else {
            self.expected / (count + 1.0)
        }
    }

    /// The probability of `first` or more, for a `first` above the mean.
    fn sum_up(self, first: u64) -> f64 {
        let mut term = self.probability(first);
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
