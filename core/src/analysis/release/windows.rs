//! Which windows there are, which are published, and when.

use super::{ReleaseEvent, ReleaseInput, eligible};
use crate::domain::{Release, ReleaseKind, ReleaseWindow};
use jiff::{ToSpan, civil::Date};
use std::collections::BTreeSet;

/// Whether a window can be published today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowStatus {
    /// It can.
    Due,
    /// It ends, or is old enough, only on this day.
    NotBefore(Date),
    /// It has been, and a release is never changed.
    Published,
    /// The year before had too few reports for such windows.
    NotChosen,
}

/// The kinds of window that a municipality with `districts` districts publishes
/// in a year, given the `volume` of the year before.
///
/// A year on the lattice always; finer windows once a window is expected to
/// hold 1.6 k reports, when nine of ten reach k = 5 if they come at random.
#[must_use]
pub fn kinds_for(volume: usize, districts: usize, k: u32) -> Vec<ReleaseKind> {
    let enough = |windows: usize| volume * 10 >= windows * 16 * k as usize;
    let mut kinds = vec![ReleaseKind::YearCells];
    if districts > 0 && enough(4 * districts) {
        kinds.push(ReleaseKind::QuarterDistricts);
    }
    if enough(12) {
        kinds.push(ReleaseKind::MonthTotal);
    }
    kinds
}

/// How many reports of a year count: releasable on a map, one a source and day.
#[must_use]
pub fn volume_of(events: &[ReleaseEvent], year: i16) -> usize {
    let counted = |e: &&ReleaseEvent| e.day.year() == year && eligible::counts_on_a_map(e);
    events.iter().filter(counted).map(|e| (e.source, e.day)).collect::<BTreeSet<_>>().len()
}

/// The windows of `kind` in `year`, in order; none for defects.
#[must_use]
pub fn windows_of(kind: ReleaseKind, year: i16) -> Vec<ReleaseWindow> {
    let months = match kind {
        ReleaseKind::YearCells => 12,
        ReleaseKind::QuarterDistricts => 3,
        ReleaseKind::MonthTotal => 1,
        ReleaseKind::Defect => return Vec::new(),
    };
    let starts = (1..=12_i8).step_by(months);
    let start = |month| Date::new(year, month, 1).ok();
    starts
        .filter_map(|month| {
            let from = start(month)?;
            let to = from.checked_add(i64::try_from(months).ok()?.months()).ok()?;
            Some(ReleaseWindow { from, to })
        })
        .collect()
}

/// Whether the window of `kind` that is `window` can be published today.
#[must_use]
pub fn window_status(
    input: &ReleaseInput<'_>,
    kind: ReleaseKind,
    window: ReleaseWindow,
) -> WindowStatus {
    if input.earlier.iter().any(|r| is(r, kind, window)) {
        return WindowStatus::Published;
    }
    let volume = volume_of(input.events, window.from.year() - 1);
    if !kinds_for(volume, input.districts.len(), input.rule.k()).contains(&kind) {
        return WindowStatus::NotChosen;
    }
    let ready = window.to.saturating_add(i64::from(input.rule.delay_days()).days());
    if ready > input.today { WindowStatus::NotBefore(ready) } else { WindowStatus::Due }
}

fn is(release: &Release, kind: ReleaseKind, window: ReleaseWindow) -> bool {
    release.kind == kind && release.window == window
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_has_one_year_four_quarters_and_twelve_months_without_gaps() {
        for (kind, count) in [
            (ReleaseKind::YearCells, 1),
            (ReleaseKind::QuarterDistricts, 4),
            (ReleaseKind::MonthTotal, 12),
        ] {
            let windows = windows_of(kind, 2025);
            assert_eq!(windows.len(), count);
            assert_eq!(windows[0].from.to_string(), "2025-01-01");
            assert_eq!(windows[count - 1].to.to_string(), "2026-01-01");
            assert!(windows.windows(2).all(|w| w[0].to == w[1].from));
        }
    }

    #[test]
    fn finer_windows_come_with_volume() {
        assert_eq!(kinds_for(0, 6, 5), [ReleaseKind::YearCells]);
        assert_eq!(kinds_for(96, 6, 5), [ReleaseKind::YearCells, ReleaseKind::MonthTotal]);
        assert_eq!(kinds_for(192, 6, 5).len(), 3);
        assert_eq!(kinds_for(192, 6, 6).len(), 2, "a larger k needs more reports");
    }
}
