//! Events with a place and a day.

use crate::domain::{Plane, Violation};
use std::cmp::Ordering;

/// An event of which place and day are known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dated {
    /// Where.
    pub at: Plane,
    /// When, in days from any day; parts of a day count.
    pub day: f64,
}

/// # Errors
/// Violates `points: not_finite` for a position or a day that is no number.
pub(super) fn check_finite(events: &[Dated]) -> Result<(), Violation> {
    let finite = |event: &Dated| {
        [event.at.east, event.at.north, event.day].iter().all(|value| value.is_finite())
    };
    if events.iter().all(finite) { Ok(()) } else { Err(Violation::new("points", "not_finite")) }
}

/// From south to north, west to east, early to late: an order that does not
/// depend on how events were given.
pub(super) fn order(a: &Dated, b: &Dated) -> Ordering {
    let position = a.at.north.total_cmp(&b.at.north).then(a.at.east.total_cmp(&b.at.east));
    position.then(a.day.total_cmp(&b.day))
}
