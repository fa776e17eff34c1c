//! The hours of the day in which the events of one place gather.

use crate::domain::Hours;
use statrs::distribution::{Binomial, DiscreteCDF};

/// Lengths of the arcs of the day that are looked at, in hours.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=6;
/// Hours of an event that is known no better than this say nothing.
const COARSEST: u32 = 8;
/// The fewest events with a known hour that say anything.
const LEAST: u32 = 8;
/// How often chance may make some arc of the day stand out where there is none.
const LEVEL: f64 = 0.05;

/// An arc of the day in which more events begin than an even day explains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HotHours {
    /// First local hour, 0 to 23.
    pub from: u8,
    /// The local hour after the last, 0 to 23; not above `from` where the arc
    /// goes over midnight.
    pub to: u8,
    /// Events in it, rounded down; an event that is known to some hours is
    /// shared out evenly among them.
    pub count: u32,
    /// Events whose hours are known well enough.
    pub of: u32,
}

/// The arc of 2 to 6 hours that stands out most (the largest likelihood ratio,
/// Kulldorff 1997, on the circle of the day), if one does: by an exact binomial
/// test, once for each arc that was looked at (Bonferroni). It says when people
/// tell of the place, and not why. Cost: events times 24, and 120 arcs.
///
/// `events` are the hours in which each may have begun; empty where unknown.
#[must_use]
pub fn hot_hours(events: impl IntoIterator<Item = Hours>) -> Option<HotHours> {
    let (mut by_hour, mut of) = ([0.0_f64; 24], 0_u32);
    for hours in events {
        let (bits, known) = (hours.bits(), hours.bits().count_ones());
        if known == 0 || known > COARSEST {
            continue;
        }
        of += 1;
        for (hour, sum) in by_hour.iter_mut().enumerate() {
            *sum += f64::from((bits >> hour) & 1) / f64::from(known);
        }
    }
    if of < LEAST {
        return None;
    }
    let arcs = LENGTHS.flat_map(|length| (0..24).map(move |from| (from, length)));
    let told = arcs.clone().map(|(from, length)| {
        let inside: f64 = (0..length).map(|step| by_hour[(from + step) % 24]).sum();
        (from, length, inside, ratio(inside, f64::from(of), share(length)))
    });
    let best = told.reduce(|a, b| if b.3 > a.3 + 1e-9 { b } else { a });
    let (from, length, inside, _) = best.filter(|best| best.3 > 0.0)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the number of events"
    )]
    let count = (inside + 1e-9).floor() as u32;
    let chance = Binomial::new(share(length), of.into()).ok()?.sf(u64::from(count).checked_sub(1)?);
    #[expect(clippy::cast_precision_loss, reason = "120 arcs")]
    let tried = arcs.count() as f64;
    let hour = |hour: usize| u8::try_from(hour % 24).unwrap_or_default();
    (chance * tried <= LEVEL).then(|| HotHours {
        from: hour(from),
        to: hour(from + length),
        count,
        of,
    })
}

/// The share of an even day that an arc is.
fn share(length: usize) -> f64 {
    f64::from(u32::try_from(length).unwrap_or(24)) / 24.0
}

/// Logarithm of the likelihood ratio of `inside` of `all` events in an arc that
/// an even day gives a `share`; 0 where there are not more than it gives.
fn ratio(inside: f64, all: f64, share: f64) -> f64 {
    let (outside, expected) = (all - inside, all * share);
    if inside <= expected {
        return 0.0;
    }
    let part = |seen: f64, wanted: f64| if seen > 0.0 { seen * (seen / wanted).ln() } else { 0.0 };
    part(inside, expected) + part(outside, all - expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::rngs::ChaCha8Rng;
    use rand::{RngExt, SeedableRng};

    fn at(hour: usize) -> Hours {
        Hours::from_bits(1 << (hour % 24))
    }

    #[test]
    fn an_evening_that_gathers_is_named_also_over_midnight() {
        let night = [22, 23, 23, 0, 0, 22, 23, 0, 22, 23].map(at);
        let found = hot_hours(night).unwrap();
        assert_eq!(found, HotHours { from: 22, to: 1, count: 10, of: 10 });
        let vague = [Hours::ALL, Hours::default(), Hours::from_bits(0x0fff)];
        let with_vague = hot_hours(night.into_iter().chain(vague)).unwrap();
        assert_eq!(with_vague, found, "what is known to half a day says nothing");
        assert_eq!(hot_hours(night[..7].iter().copied()), None, "too few");
    }

    #[test]
    fn a_part_of_the_day_counts_for_its_hours() {
        let evening = Hours::parse("18-24").unwrap();
        let found = hot_hours(vec![evening; 12]).unwrap();
        assert_eq!((found.from, found.to, found.count), (18, 0, 12));
    }

    #[test]
    fn an_even_day_has_hot_hours_in_no_more_than_one_place_of_twenty() {
        let mut dice = ChaCha8Rng::seed_from_u64(11);
        let found = (0..1_000)
            .filter(|_| hot_hours((0..40).map(|_| at(dice.random_range(0..24)))).is_some())
            .count();
        assert!(found <= 50, "{found} of 1000");
    }

    proptest! {
        #[test]
        fn a_clock_that_is_turned_turns_the_hours(
            around in prop::collection::vec(0_usize..24, 0..6),
            hot in 0_usize..24, turn in 0_usize..24,
        ) {
            // Two hours with twelve events each are clear of any tie.
            let day: Vec<usize> = around.into_iter().chain([hot; 12]).chain([hot + 1; 12]).collect();
            let found = hot_hours(day.iter().map(|hour| at(*hour))).unwrap();
            let turned = hot_hours(day.iter().map(|hour| at(hour + turn))).unwrap();
            let spin = |hour: u8| u8::try_from((usize::from(hour) + turn) % 24).unwrap();
            prop_assert_eq!((turned.count, turned.of), (found.count, found.of));
            prop_assert_eq!((turned.from, turned.to), (spin(found.from), spin(found.to)));
            prop_assert!(found.count >= 24 && found.count <= found.of);
        }
    }
}
