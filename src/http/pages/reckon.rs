//! Small sums that the public pages share.

use fyren_core::domain::{Municipality, PromiseTarget};

/// How much of a target is reached, 0 to 100; `None` without a number.
pub fn share_of(target: &PromiseTarget, done: u32) -> Option<u32> {
    match target {
        PromiseTarget::AtLeast(0) => Some(100),
        PromiseTarget::AtLeast(target) => {
            Some(done.saturating_mul(100).checked_div(*target).unwrap_or(100).min(100))
        }
        PromiseTarget::NeedBased | PromiseTarget::NoNumber => None,
    }
}

/// The named place nearest to a position, in words for a table.
pub fn nearest_place(municipality: &Municipality, longitude: f64, latitude: f64) -> String {
    let squeeze = latitude.to_radians().cos();
    municipality
        .localities
        .iter()
        .map(|locality| {
            let east = (locality.position.longitude - longitude) * squeeze;
            let north = locality.position.latitude - latitude;
            (east.hypot(north), &locality.name)
        })
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map_or_else(|| municipality.name.clone(), |(_, name)| name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_of_twenty_with_five_done_is_a_quarter_reached() {
        assert_eq!(share_of(&PromiseTarget::AtLeast(20), 5), Some(25));
        assert_eq!(share_of(&PromiseTarget::AtLeast(2), 9), Some(100));
        assert_eq!(share_of(&PromiseTarget::NeedBased, 9), None);
    }
}
