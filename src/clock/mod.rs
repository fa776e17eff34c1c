//! The only clock and the only source of randomness.
//!
//! Both are handed to whoever needs them, so that a test can set the time and
//! the dice.

use jiff::Timestamp;
use rand::{TryRng, rngs::SysRng};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// The present moment, UTC.
    fn now(&self) -> Timestamp;
}

/// Gives unpredictable bytes.
pub trait Random: Send + Sync + 'static {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// The clock and the randomness of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct System;

impl Clock for System {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

impl Random for System {
    #[expect(clippy::expect_used, reason = "without the system's randomness nothing is safe to do")]
    fn fill(&self, bytes: &mut [u8]) {
        SysRng.try_fill_bytes(bytes).expect("the operating system gives randomness");
    }
}

/// A clock that stands still until it is moved, and bytes that follow from a
/// seed: for tests and for reproducible demonstrations.
#[derive(Debug)]
pub struct Fixed {
    microseconds: AtomicI64,
    state: AtomicU64,
}

impl Fixed {
    /// A clock that shows `now`.
    pub fn at(now: Timestamp) -> Self {
        Self { microseconds: AtomicI64::new(now.as_microsecond()), state: AtomicU64::new(1) }
    }

    /// Moves the clock forward, or back.
    pub fn advance(&self, seconds: i64) {
        self.microseconds.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.microseconds.load(Ordering::SeqCst)).unwrap_or_default()
    }
}

impl Random for Fixed {
    /// `SplitMix64` (Steele, Lea and Flood, 2014).
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.state.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

/// A fresh random identity.
pub fn random_id(random: &dyn Random) -> fyren_core::domain::Id {
    let mut bits = [0; 16];
    random.fill(&mut bits);
    fyren_core::domain::Id::from_bits(u128::from_be_bytes(bits))
}

/// `at` cut to its hour.
pub fn cut_to_hour(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second().div_euclid(3600) * 3600).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_cut_to_its_hour_also_before_1970() {
        let at: Timestamp = "2026-07-10T22:59:59.9Z".parse().unwrap();
        assert_eq!(cut_to_hour(at).to_string(), "2026-07-10T22:00:00Z");
        let at: Timestamp = "1969-12-31T23:30:00Z".parse().unwrap();
        assert_eq!(cut_to_hour(at).to_string(), "1969-12-31T23:00:00Z");
    }

    #[test]
    fn two_random_ids_differ() {
        assert_ne!(random_id(&System), random_id(&System));
        let fixed = Fixed::at(Timestamp::UNIX_EPOCH);
        assert_ne!(random_id(&fixed), random_id(&fixed));
    }
}
