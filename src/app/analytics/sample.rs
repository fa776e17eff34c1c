//! A sample of events where there are more than a method takes.

use super::{Limit, Said};
use crate::app::layers::answer::hash;
use crate::app::layers::needs::Point;
use crate::app::{Error, Result};
use fyren_core::domain::Violation;
use std::collections::BTreeMap;

/// Draws the `sample` that is asked for, if any: the same for the same seed
/// and events, whatever their order. What is drawn is told in `said`.
///
/// # Errors
/// [`Error::BadParameter`] for a sample that is no number from 10 to `most`;
/// [`Error::TooMuch`] for more than `most` events without a sample.
pub fn sampled(
    points: &mut Vec<Point>,
    (most, seed): (usize, u64),
    said: &mut Said,
    params: &BTreeMap<&'static str, String>,
) -> Result<()> {
    let found = points.len();
    let bad = |rule| Error::BadParameter(vec![Violation::new("sample", rule)]);
    let size = match params.get("sample").map(|text| text.parse::<usize>()) {
        Some(Ok(size)) if (10..=most).contains(&size) => size,
        Some(Ok(_)) => return Err(bad("out_of_range")),
        Some(Err(_)) => return Err(bad("number_form")),
        None if found > most => return Err(Error::TooMuch { found, limit: most }),
        None => return Ok(()),
    };
    if size < found {
        points.sort_by_cached_key(|point| lot(point, seed));
        points.truncate(size);
        let text = format!("a sample of {size} of {found} events, drawn by the seed");
        said.limits.push(Limit::new("sample", text));
        said.n = size;
    }
    Ok(())
}

/// What decides whether an event is drawn.
fn lot(point: &Point, seed: u64) -> String {
    hash(&[
        &seed.to_le_bytes(),
        &point.at.east.to_le_bytes(),
        &point.at.north.to_le_bytes(),
        &point.time.as_microsecond().to_le_bytes(),
        &point.source.value().to_le_bytes(),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use fyren_core::domain::{Hours, Plane, SourceTag};

    fn points(number: u32) -> Vec<Point> {
        let point = |index: u32| Point {
            at: Plane { east: f64::from(index), north: 0.0 },
            source: SourceTag::from_bits(u64::from(index) << 8),
            time: jiff::Timestamp::UNIX_EPOCH,
            known_time: true,
            hours: Hours::default(),
            duplicate: false,
        };
        (0..number).map(point).collect()
    }

    fn drawn(mut from: Vec<Point>, seed: u64) -> Vec<u64> {
        let params = BTreeMap::from([("sample", "20".to_owned())]);
        sampled(&mut from, (50, seed), &mut Said::default(), &params).unwrap();
        let mut drawn: Vec<u64> = from.iter().map(|point| point.at.east.to_bits()).collect();
        drawn.sort_unstable();
        drawn
    }

    #[test]
    fn a_sample_follows_from_the_seed_and_not_from_the_order() {
        let reversed = points(100).into_iter().rev().collect();
        assert_eq!(drawn(points(100), 1), drawn(reversed, 1));
        assert_ne!(drawn(points(100), 1), drawn(points(100), 2));
    }

    #[test]
    fn too_many_events_are_refused_with_the_number_that_would_do() {
        let (mut said, none) = (Said::default(), BTreeMap::new());
        let refused = sampled(&mut points(60), (50, 1), &mut said, &none);
        assert!(matches!(refused, Err(Error::TooMuch { found: 60, limit: 50 })));
        assert!(sampled(&mut points(50), (50, 1), &mut said, &none).is_ok());
    }
}
