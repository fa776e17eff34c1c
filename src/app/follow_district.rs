//! One district for everybody to see: you said, we did, did it change?

use super::{App, DefectFact, Ground, LoopFacts, Result, follow_promises::Change};
use crate::spatial::{Event, Filter};
use fyren_core::domain::{
    Band, Category, Context, DistrictCode, EventKind, Flags, Measure, MeasureStatus, Release,
    ReleaseDistrict, ReleaseGroup, ReleaseId, ReleaseKind, ReleaseWindow, ReportStatus,
};
use jiff::{ToSpan, civil::Date};
use std::{cmp::Reverse, collections::BTreeMap};

/// One district out of published releases and what is public by nature;
/// nothing here counts reports.
#[derive(Debug, Clone, PartialEq)]
pub struct DistrictFollowUp<'a> {
    /// What was said, the latest window first; a window with too few reports
    /// has no bands.
    pub said: Vec<Said>,
    /// Measures for the district or the whole municipality.
    pub measures: Vec<&'a Measure>,
    /// Presence by whole quarters, the earliest first.
    pub presence: Vec<&'a Presence>,
    /// Published defects, those that are not mended first.
    pub defects: Vec<&'a DefectFact>,
    /// How many of them are mended.
    pub mended: usize,
    /// Whether it changed: the latest published window against the same window
    /// a year before.
    pub change: Change,
}

/// What one release says about the district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The release.
    pub release: ReleaseId,
    /// Its days.
    pub window: ReleaseWindow,
    /// Sources of reports; `None` says "too few to show".
    pub reports: Option<Band>,
    /// Sources of safe places; `None` says nothing.
    pub safe: Option<Band>,
    /// Categories that are named, the most common first.
    pub categories: Vec<(Category, Band)>,
}

/// Presence in one district and whole quarter, shown only once it is as old as
/// a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// The district.
    pub district: DistrictCode,
    /// The quarter.
    pub window: ReleaseWindow,
    /// Visits of any unit.
    pub visits: u32,
    /// Minutes of them.
    pub minutes: u32,
}

/// Quarters of presence that are shown.
const QUARTERS: i64 = 4;

impl LoopFacts {
    /// What these facts say about one district.
    pub fn in_district(&self, district: &DistrictCode) -> DistrictFollowUp<'_> {
        let here = |of: Option<&DistrictCode>| of == Some(district);
        let defects = self.defects.iter().filter(|defect| here(defect.district.as_ref()));
        let mut defects: Vec<&DefectFact> = defects.collect();
        let is_mended = |defect: &DefectFact| defect.status == ReportStatus::Done;
        defects.sort_by_key(|defect| (is_mended(defect), Reverse(defect.published_on)));
        let mended = defects.iter().filter(|defect| is_mended(defect)).count();
        let measures = self.measures.iter().filter(|measure| {
            let code = measure.district.as_ref();
            measure.status != MeasureStatus::Stopped && (code.is_none() || here(code))
        });
        let said = said(&self.releases, district);
        DistrictFollowUp {
            measures: measures.collect(),
            presence: self.presence.iter().filter(|p| p.district == *district).collect(),
            defects,
            mended,
            change: change(&said),
            said,
        }
    }
}

impl App {
    /// The last four whole quarters that are as old as the policy's delay asks for.
    pub(super) fn shown_quarters(&self, ground: &Ground) -> ReleaseWindow {
        let delay = i64::from(ground.municipality.policy.delay_days);
        let open = quarter_of(self.today(&ground.zone).saturating_sub(delay.days()));
        let from = open.from.saturating_sub((3 * QUARTERS).months());
        ReleaseWindow { from, to: open.from }
    }

    /// Presence per district and quarter, in that order, of the last four
    /// whole quarters that are as old as the policy's delay asks for.
    pub(super) async fn presence(&self, ground: &Ground) -> Result<Vec<Presence>> {
        let shown = self.shown_quarters(ground);
        let visits = Filter {
            kinds: vec![EventKind::Visit],
            without: Flags::CORRECTED,
            ..Filter::default()
        };
        let mut quarters: BTreeMap<(String, Date), Presence> = BTreeMap::new();
        for context in Context::ALL {
            let read = |event: Event<'_>| {
                let day = event.start?.to_zoned(ground.zone.clone()).date();
                let old = shown.from <= day && day < shown.to && !event.district.is_empty();
                old.then(|| (event.district.to_owned(), quarter_of(day), event.weight))
            };
            for (district, window, minutes) in self.gather(ground, *context, &visits, read).await? {
                let quarter = quarters.entry((district, window.from));
                let code = DistrictCode(quarter.key().0.clone());
                let quarter =
                    quarter.or_insert(Presence { district: code, window, visits: 0, minutes: 0 });
                quarter.visits += 1;
                quarter.minutes = quarter.minutes.saturating_add(minutes);
            }
        }
        Ok(quarters.into_values().collect())
    }
}

/// The quarter that holds `day`.
fn quarter_of(day: Date) -> ReleaseWindow {
    let back = i64::from((day.month() - 1) % 3);
    let from = day.first_of_month().saturating_sub(back.months());
    ReleaseWindow { from, to: from.saturating_add(3.months()) }
}

/// What each release with districts says about this one, the latest first.
fn said(releases: &[Release], district: &DistrictCode) -> Vec<Said> {
    let mut said: Vec<Said> = releases
        .iter()
        .filter(|release| release.kind != ReleaseKind::Defect)
        .filter_map(|release| {
            let here = |row: &&ReleaseDistrict| row.district.as_ref() == Some(district);
            let rows: Vec<_> = release.districts.iter().filter(here).collect();
            (!rows.is_empty()).then(|| Said {
                release: release.id.clone(),
                window: release.window,
                reports: band(&rows, ReleaseGroup::Reports),
                safe: band(&rows, ReleaseGroup::Safe),
                categories: categories(&rows),
            })
        })
        .collect();
    said.sort_by_key(|said| std::cmp::Reverse(said.window.from));
    said
}

fn band(rows: &[&ReleaseDistrict], group: ReleaseGroup) -> Option<Band> {
    rows.iter().find(|row| row.group == group && row.category.is_none())?.band
}

fn categories(rows: &[&ReleaseDistrict]) -> Vec<(Category, Band)> {
    let mut named: Vec<_> = rows
        .iter()
        .filter(|row| row.group == ReleaseGroup::Reports)
        .filter_map(|row| Some((row.category?, row.band?)))
        .collect();
    named.sort_by_key(|(category, band)| (std::cmp::Reverse(*band), *category));
    named
}

/// The latest published window that has a band, against the same a year before.
fn change(said: &[Said]) -> Change {
    let pair = said.iter().find_map(|after| {
        let back = |day: Date| day.saturating_sub(1.year());
        let window = ReleaseWindow { from: back(after.window.from), to: back(after.window.to) };
        let before = said.iter().find(|before| before.window == window)?;
        Some((after.reports?, before.reports?))
    });
    match pair {
        Some((after, before)) => Change::of(&[after], &[before]),
        None => Change::of(&[], &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_quarter_begins_in_january_april_july_or_october() {
        let window = quarter_of(date(2026, 5, 31));
        assert_eq!(window, ReleaseWindow { from: date(2026, 4, 1), to: date(2026, 7, 1) });
        assert_eq!(quarter_of(date(2026, 12, 31)).to, date(2027, 1, 1));
    }

    fn said_in(year: i16, reports: Option<Band>) -> Said {
        Said {
            release: ReleaseId(year.to_string()),
            window: ReleaseWindow { from: date(year, 1, 1), to: date(year + 1, 1, 1) },
            reports,
            safe: None,
            categories: Vec::new(),
        }
    }

    #[test]
    fn a_change_is_only_told_between_the_same_windows_of_two_years() {
        use fyren_core::domain::ChangeWord;
        let (few, many) = (Some(Band::From5To9), Some(Band::From50));
        let says = |said: &[Said]| change(said).says;
        assert_eq!(says(&[said_in(2025, many), said_in(2024, few)]), ChangeWord::More);
        assert_eq!(says(&[said_in(2025, few), said_in(2024, many)]), ChangeWord::Fewer);
        assert_eq!(says(&[said_in(2025, few), said_in(2024, few)]), ChangeWord::Unclear);
        assert_eq!(says(&[said_in(2025, few), said_in(2024, None)]), ChangeWord::TooFew);
        assert_eq!(says(&[said_in(2025, few), said_in(2023, few)]), ChangeWord::TooFew);
    }
}
