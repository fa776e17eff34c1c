//! Whether a count has changed, with an interval that does not promise too much.

use super::{Interval, exact_ratio};
use crate::domain::Band;

/// The interval that holds the exact interval of every pair of counts that the
/// bands allow. Bands of several disjoint windows add up. `None` without a band
/// on either side; unbounded where a side has `50+`.
#[must_use]
pub fn ratio_of_bands(after: &[Band], before: &[Band]) -> Option<Interval> {
    if after.is_empty() || before.is_empty() {
        return None;
    }
    let least = |bands: &[Band]| bands.iter().map(|band| ends(*band).0).sum::<u32>();
    let most = |bands: &[Band]| bands.iter().map(|band| ends(*band).1).sum::<Option<u32>>();
    Some(Interval {
        low: most(before).map_or(0.0, |before| exact_ratio(least(after), before).low),
        high: most(after).map_or(f64::INFINITY, |after| exact_ratio(after, least(before)).high),
    })
}

/// Least and greatest count of a band; the last has no greatest.
const fn ends(band: Band) -> (u32, Option<u32>) {
    match band {
        Band::From5To9 => (5, Some(9)),
        Band::From10To19 => (10, Some(19)),
        Band::From20To49 => (20, Some(49)),
        Band::From50 => (50, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_bands_never_speak_of_change() {
        for pair in Band::ALL.windows(2) {
            let ratio = ratio_of_bands(&pair[..1], &pair[1..]).unwrap();
            assert!(ratio.low < 1.0 && ratio.high > 1.0, "{pair:?}");
        }
        let ratio = ratio_of_bands(&[Band::From5To9], &[Band::From50]).unwrap();
        assert!(ratio.low > 1.0 || ratio.high < 1.0, "{ratio:?}");
        assert_eq!(ratio_of_bands(&[], &[Band::From50]), None);
    }
}
