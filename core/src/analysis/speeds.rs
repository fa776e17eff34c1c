//! Sites where speeds were measured, each by its latest days.

use crate::domain::{Position, SpeedHour};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// A site with what was measured there last.
#[derive(Debug, Clone, PartialEq)]
pub struct SpeedSite {
    /// Its name.
    pub site: String,
    /// Where it is, as it was said last.
    pub position: Option<Position>,
    /// The first hour that counts, and the end of the last.
    pub span: (Timestamp, Timestamp),
    /// Hours that count.
    pub hours: usize,
    /// Vehicles in them.
    pub count: u64,
    /// Mean speed in km/h.
    pub mean_kmh: Option<f64>,
    /// Mean of the v85 of the hours, weighted by their vehicles: near the v85
    /// of all vehicles together, which hours alone do not tell.
    pub v85_kmh: Option<f64>,
    /// The limit in km/h, as it was said last.
    pub limit_kmh: Option<f64>,
}

impl SpeedSite {
    /// Days up to the last measured hour that count as the latest.
    pub const LATEST_DAYS: i64 = 7;

    /// How far the v85 lies above the limit, in km/h; below 0 under it.
    #[must_use]
    pub fn over_kmh(&self) -> Option<f64> {
        Some(self.v85_kmh? - self.limit_kmh?)
    }
}

/// The sites of `hours`, by name, each with the [`SpeedSite::LATEST_DAYS`] up to its last
/// hour. An hour that was measured or imported twice counts as the later
/// import says. Costs O(n log n).
#[must_use]
pub fn speed_sites(hours: &[SpeedHour]) -> Vec<SpeedSite> {
    let mut sites: BTreeMap<&str, BTreeMap<Timestamp, &SpeedHour>> = BTreeMap::new();
    for hour in hours {
        let known = sites.entry(&hour.site).or_default().entry(hour.start).or_insert(hour);
        if hour.id > known.id {
            *known = hour;
        }
    }
    sites.into_iter().filter_map(|(site, hours)| latest(site, &hours)).collect()
}

fn latest(site: &str, hours: &BTreeMap<Timestamp, &SpeedHour>) -> Option<SpeedSite> {
    let last = *hours.keys().next_back()?;
    let since = last
        .checked_sub(SignedDuration::from_hours(24 * SpeedSite::LATEST_DAYS - 1))
        .unwrap_or(last);
    let counted: Vec<&SpeedHour> = hours.range(since..).map(|(_, hour)| *hour).collect();
    let first = counted.first()?.start;
    let said = |what: fn(&SpeedHour) -> Option<f64>| hours.values().rev().find_map(|h| what(h));
    Some(SpeedSite {
        site: site.to_owned(),
        position: hours.values().rev().find_map(|hour| hour.position),
        span: (first, last.checked_add(SignedDuration::from_hours(1)).unwrap_or(last)),
        hours: counted.len(),
        count: counted.iter().map(|hour| u64::from(hour.count)).sum(),
        mean_kmh: weighted(&counted, |hour| hour.mean_kmh),
        v85_kmh: weighted(&counted, |hour| hour.v85_kmh),
        limit_kmh: said(|hour| hour.limit_kmh),
    })
}

/// The mean of a speed over hours, weighted by their vehicles.
fn weighted(hours: &[&SpeedHour], speed: fn(&SpeedHour) -> Option<f64>) -> Option<f64> {
    let (mut sum, mut weight) = (0.0, 0.0);
    for hour in hours {
        if let Some(kmh) = speed(hour) {
            sum += kmh * f64::from(hour.count);
            weight += f64::from(hour.count);
        }
    }
    (weight > 0.0).then(|| sum / weight)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Id, MunicipalityCode};

    fn hour(id: u128, site: &str, start: &str, (count, v85): (u32, f64)) -> SpeedHour {
        SpeedHour {
            id: Id::from_bits(id),
            municipality: MunicipalityCode::parse("1427").unwrap(),
            site: site.to_owned(),
            position: None,
            start: start.parse().unwrap(),
            count,
            mean_kmh: Some(v85 - 8.0),
            v85_kmh: Some(v85),
            limit_kmh: Some(40.0),
        }
    }

    #[test]
    fn a_site_is_told_by_its_latest_week_weighted_by_vehicles() {
        let hours = [
            hour(1, "Väjern", "2026-05-01T08:00:00Z", (500, 90.0)),
            hour(2, "Väjern", "2026-05-20T08:00:00Z", (300, 50.0)),
            hour(3, "Väjern", "2026-05-20T09:00:00Z", (100, 58.0)),
            hour(4, "Askum", "2026-05-20T09:00:00Z", (10, 38.0)),
        ];
        let found = speed_sites(&hours);
        assert_eq!(found.iter().map(|s| s.site.as_str()).collect::<Vec<_>>(), ["Askum", "Väjern"]);
        let site = &found[1];
        assert_eq!((site.hours, site.count), (2, 400));
        assert!((site.v85_kmh.unwrap() - 52.0).abs() < 1e-9);
        assert!((site.over_kmh().unwrap() - 12.0).abs() < 1e-9);
        assert!(found[0].over_kmh().unwrap() < 0.0);
        assert_eq!(site.span.1.to_string(), "2026-05-20T10:00:00Z");
    }

    #[test]
    fn an_hour_that_was_imported_twice_counts_once_as_the_later_import_says() {
        let hours = [
            hour(9, "Väjern", "2026-05-20T08:00:00Z", (40, 44.0)),
            hour(2, "Väjern", "2026-05-20T08:00:00Z", (300, 50.0)),
        ];
        let found = speed_sites(&hours);
        assert_eq!((found[0].count, found[0].v85_kmh), (40, Some(44.0)));
    }

    #[test]
    fn hours_without_a_vehicle_have_no_speed() {
        let empty = SpeedHour {
            mean_kmh: None,
            v85_kmh: None,
            ..hour(1, "Väjern", "2026-05-20T03:00:00Z", (0, 1.0))
        };
        assert_eq!(empty.check(), Ok(()));
        assert_eq!(SpeedHour { count: 3, ..empty.clone() }.check().unwrap_err().field, "v85");
        let found = speed_sites(&[empty]);
        assert_eq!((found[0].count, found[0].v85_kmh, found[0].over_kmh()), (0, None, None));
    }
}
