//! Whether a report repeats an earlier one: the same thing at the same place.

use crate::domain::{Category, CategoryGroup, Plane, ReportStatus};
use jiff::Timestamp;

/// What is compared of two reports.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Told {
    /// Where.
    pub at: Plane,
    /// Radius in metres within which the true place lies.
    pub precision_m: f64,
    /// What about.
    pub category: Category,
    /// When it happened, where that is known, else when the report arrived.
    pub time: Timestamp,
    /// Where the report stands.
    pub status: ReportStatus,
}

/// Two pins of one thing are at most so far apart, in metres.
const SAME_PLACE_M: f64 = 50.0;
/// A place that is vaguer, in metres, is none to compare.
const VAGUE_M: f64 = 100.0;
/// Something that lasts is the same until it is closed, for at most so many days.
const LASTING_DAYS: i64 = 90;
/// Something that happens is the same for a day.
const HAPPENING_HOURS: i64 = 24;

/// Whether `later` repeats `earlier`: the same category within 50 m, both at
/// least 100 m precise, and, for what lasts (light, bushes, traffic), the
/// earlier one not closed and at most 90 days before; for what happens, at most
/// 24 hours apart. Safe places and what has no category of its own repeat nothing.
#[must_use]
pub fn repeats(later: &Told, earlier: &Told) -> bool {
    let metres = (later.at.east - earlier.at.east).hypot(later.at.north - earlier.at.north);
    let seconds = later.time.as_second().abs_diff(earlier.time.as_second());
    let within = |hours: i64| seconds <= hours.unsigned_abs() * 3600;
    let same_time = if lasts(later.category) {
        let closed = matches!(
            earlier.status,
            ReportStatus::Done | ReportStatus::NotDone | ReportStatus::Referred
        );
        !closed && within(LASTING_DAYS * 24)
    } else {
        within(HAPPENING_HOURS)
    };
    later.category == earlier.category
        && !said_once(later.category)
        && metres <= SAME_PLACE_M
        && later.precision_m.max(earlier.precision_m) <= VAGUE_M
        && same_time
}

/// Whether what a category tells of lasts until somebody mends it.
pub(super) const fn lasts(category: Category) -> bool {
    matches!(category.group(), CategoryGroup::UnsafePlace | CategoryGroup::Traffic)
}

/// Whether no report of a category tells the same as an other one.
pub(super) const fn said_once(category: Category) -> bool {
    matches!(category.group(), CategoryGroup::Elderly | CategoryGroup::Other | CategoryGroup::Safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(category: Category, east: f64, time: &str) -> Told {
        Told {
            at: Plane { east, north: 0.0 },
            precision_m: 25.0,
            category,
            time: time.parse().unwrap(),
            status: ReportStatus::Triaged,
        }
    }

    const MAY: &str = "2026-05-01T20:00:00Z";
    const JUNE: &str = "2026-06-01T20:00:00Z";

    #[test]
    fn a_lamp_is_the_same_lamp_until_it_is_mended() {
        let lamp = told(Category::Lighting, 0.0, MAY);
        assert!(repeats(&told(Category::Lighting, 40.0, JUNE), &lamp));
        assert!(!repeats(&told(Category::Lighting, 60.0, JUNE), &lamp));
        assert!(!repeats(&told(Category::Graffiti, 40.0, JUNE), &lamp));
        let mended = Told { status: ReportStatus::Done, ..lamp };
        assert!(!repeats(&told(Category::Lighting, 40.0, JUNE), &mended));
        let late = told(Category::Lighting, 0.0, "2026-08-01T20:00:00Z");
        assert!(!repeats(&late, &lamp));
    }

    #[test]
    fn a_row_is_the_same_row_for_a_day() {
        let row = told(Category::Rowdiness, 0.0, MAY);
        assert!(repeats(&told(Category::Rowdiness, 10.0, "2026-05-02T19:00:00Z"), &row));
        assert!(!repeats(&told(Category::Rowdiness, 10.0, JUNE), &row));
    }

    #[test]
    fn a_vague_place_a_safe_place_and_an_idea_repeat_nothing() {
        let lamp = told(Category::Lighting, 0.0, MAY);
        assert!(!repeats(&Told { precision_m: 300.0, ..lamp }, &lamp));
        for category in [Category::SafePlace, Category::Idea, Category::Other] {
            let one = told(category, 0.0, MAY);
            assert!(!repeats(&one, &one), "{category}");
        }
    }
}
