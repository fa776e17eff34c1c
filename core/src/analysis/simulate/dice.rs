//! Chance that follows from a seed.

use crate::domain::Plane;
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};

/// Dice of one stream of a seed.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    pub fn of(seed: u64, stream: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(stream);
        Self(random)
    }

    /// Uniform in 0 to 1, exclusive.
    pub fn unit(&mut self) -> f64 {
        self.0.random()
    }

    /// Whether something of this probability comes true.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Uniform in `from..to`, for `from` below `to`.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        self.0.random_range(from..to)
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.random()
    }

    /// One of `items`, each as probable as its weight.
    ///
    /// Of an empty list, or one whose weights are all 0, there is none.
    pub fn weighted<'a, T>(&mut self, items: &'a [T], weight: impl Fn(&T) -> f64) -> Option<&'a T> {
        let mut left = self.unit() * items.iter().map(&weight).sum::<f64>();
        items.iter().find(|item| {
            left -= weight(item);
            left < 0.0
        })
    }

    /// A point around `centre`, normal with standard deviation `spread_m` each
    /// way (Box and Muller 1958).
    pub fn around(&mut self, centre: Plane, spread_m: f64) -> Plane {
        let radius = spread_m * (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        let angle = std::f64::consts::TAU * self.unit();
        Plane {
            east: centre.east + radius * angle.cos(),
            north: centre.north + radius * angle.sin(),
        }
    }
}
