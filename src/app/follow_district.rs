//! One district for everybody to see: you said, we did, did it change?

use super::{App, Error, Ground, Result, failure, follow_promises::Change};
use crate::store::Defect;
use fyren_core::domain::{
    Band, Category, Context, District, DistrictCode, EventKind, EventRow, Flags, Measure,
    MeasureStatus, Release, ReleaseDistrict, ReleaseGroup, ReleaseId, ReleaseKind, ReleaseWindow,
    ReportStatus,
};
use jiff::{ToSpan, civil::Date};
use std::collections::BTreeMap;

/// The page of one district, out of published releases and what is public by
/// nature; nothing here counts reports.
#[derive(Debug, Clone, PartialEq)]
pub struct DistrictFollowUp {
    /// Code of the district.
    pub code: DistrictCode,
    /// Its name.
    pub name: String,
    /// What was said, the latest window first; a window with too few reports
    /// has no bands.
    pub said: Vec<Said>,
    /// What was done.
    pub did: Did,
    /// Whether it changed: the latest published window against the one a year
    /// before it.
    pub change: Change,
    /// Whether any of it was made by the simulator.
    pub synthetic: bool,
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

/// What was done in the district.
#[derive(Debug, Clone, PartialEq)]
pub struct Did {
    /// Measures for the district or the whole municipality, the latest decision first.
    pub measures: Vec<Measure>,
    /// Presence by whole quarters, the latest first; at most eight.
    pub presence: Vec<QuarterPresence>,
    /// Published defects that are mended.
    pub mended: u32,
    /// Published defects that are not yet.
    pub open: u32,
}

/// Presence in one whole quarter, shown only once it is as old as a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuarterPresence {
    /// The quarter.
    pub window: ReleaseWindow,
    /// Visits of any unit.
    pub visits: u32,
    /// Minutes of them.
    pub minutes: u32,
}

const QUARTERS: usize = 8;

impl App {
    /// The page of one district.
    ///
    /// # Errors
    /// [`Error::NotFound`] without such a district.
    pub async fn follow_district(&self, ground: &Ground, code: &str) -> Result<DistrictFollowUp> {
        let same = |district: &&District| district.code.0 == code;
        let district =
            ground.municipality.districts.iter().find(same).ok_or(Error::NotFound)?.clone();
        let releases = self.municipal.releases(ground.code()).await.map_err(failure)?;
        let said: Vec<Said> = said(&releases, &district.code);
        let did = self.did_in(ground, &district).await?;
        let change = change(&said);
        let shown = said.iter().map(|said| &said.release);
        let made_up = shown.filter_map(|id| releases.iter().find(|release| release.id == *id));
        let synthetic = ground.municipality.synthetic
            || made_up.into_iter().any(|release| release.synthetic)
            || did.measures.iter().any(|measure| measure.synthetic);
        let District { code, name, .. } = district;
        Ok(DistrictFollowUp { code, name, said, did, change, synthetic })
    }

    async fn did_in(&self, ground: &Ground, district: &District) -> Result<Did> {
        let mut measures = self.municipal.measures(ground.code()).await.map_err(failure)?;
        measures.retain(|measure| {
            measure.status != MeasureStatus::Stopped
                && measure.district.as_ref().is_none_or(|code| *code == district.code)
        });
        let defects = self.municipal.defects(ground.code()).await.map_err(failure)?;
        let here =
            |defect: &&Defect| ground.geofence.district(defect.position) == Some(&district.code);
        let (mended, open): (Vec<_>, Vec<_>) =
            defects.iter().filter(here).partition(|defect| defect.status == ReportStatus::Done);
        Ok(Did {
            measures,
            presence: self.presence(ground, &district.code).await?,
            mended: u32::try_from(mended.len()).unwrap_or(u32::MAX),
            open: u32::try_from(open.len()).unwrap_or(u32::MAX),
        })
    }

    async fn presence(
        &self,
        ground: &Ground,
        district: &DistrictCode,
    ) -> Result<Vec<QuarterPresence>> {
        let delay = i64::from(ground.municipality.policy.delay_days);
        let limit = self.today(&ground.zone).saturating_sub(delay.days());
        let mut quarters: BTreeMap<Date, QuarterPresence> = BTreeMap::new();
        for context in Context::ALL {
            let (zone, code) = (ground.zone.clone(), district.clone());
            let pick = move |row: &EventRow<'_>| {
                let stands = row.kind == EventKind::Visit
                    && !row.flags.has(Flags::CORRECTED)
                    && row.district == code.0;
                let day = row.start.filter(|_| stands)?.to_zoned(zone.clone()).date();
                Some((quarter_of(day), row.weight))
            };
            for (window, minutes) in self.gather(*context, ground.code(), pick).await? {
                if window.to <= limit {
                    let empty = QuarterPresence { window, visits: 0, minutes: 0 };
                    let quarter = quarters.entry(window.from).or_insert(empty);
                    quarter.visits += 1;
                    quarter.minutes += minutes;
                }
            }
        }
        Ok(quarters.into_values().rev().take(QUARTERS).collect())
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
        let a_year_before = after.window.from.saturating_sub(1.year());
        let before = said.iter().find(|before| before.window.from == a_year_before)?;
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
