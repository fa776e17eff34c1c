//! `coverage`: presence beside need, district by district, both contexts
//! joined. A district without a visit is there too: that is the point.

use super::answer::Built;
use super::lands::Lands;
use super::rows::Rows;
use super::staff::StaffSource;
use crate::encode::{FeatureId, Shape, Value};
use crate::spatial::Filter;
use fyren_core::domain::{EventKind, Flags};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::collections::BTreeMap;

const FIELDS: &[&str] = &[
    "district",
    "name",
    "reports",
    "presenceMinutes",
    "visits",
    "daysSinceVisit",
    "landKm2",
    "residents",
];

/// What a district has seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Seen {
    reports: i64,
    minutes: i64,
    visits: i64,
    last_visit: Option<Date>,
}

/// Answers the layer. Reports are those of unsafe places that count for need:
/// not quarantined, not merged into another and not of safe places. Days since
/// the last visit run to today whatever days are asked for.
pub fn build(source: &StaffSource, lands: &Lands) -> Built {
    let (seen, unknown_time) = count(source);
    let mut rows = Rows::new(FIELDS);
    let asked = &source.query.filter.districts;
    let land = lands.of(&source.ground);
    let districts = source.ground.municipality.districts.iter();
    for (district, land_km2) in districts.zip(land.districts_km2()) {
        let code = &district.code.0;
        if !asked.is_empty() && !asked.contains(code) {
            continue;
        }
        let seen = seen.get(code).copied().unwrap_or_default();
        let values = vec![
            code.clone().into(),
            district.name.clone().into(),
            Value::Int(seen.reports),
            Value::Int(seen.minutes),
            Value::Int(seen.visits),
            seen.last_visit.map(|day| days_between(day, source.today)).into(),
            ((land_km2 * 100.0).round() / 100.0).into(),
            district.residents.into(),
        ];
        let shape = Shape::MultiPolygon(Cow::Owned(district.boundary.clone()));
        rows.push(FeatureId::Text(Cow::Owned(code.clone())), shape, values);
    }
    let nowhere = seen.get("").copied().unwrap_or_default();
    rows.built(vec![
        ("unknownTime", unknown_time.into()),
        (
            "withoutDistrict",
            Value::Object(vec![
                ("reports", Value::Int(nowhere.reports)),
                ("presenceMinutes", Value::Int(nowhere.minutes)),
                ("visits", Value::Int(nowhere.visits)),
            ]),
        ),
    ])
}

fn count(source: &StaffSource) -> (BTreeMap<String, Seen>, usize) {
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    let needed = Flags::QUARANTINED.with(Flags::MERGED).with(Flags::SAFE_PLACE);
    let reports = Filter { without: needed, ..source.filter(EventKind::Report) };
    let reports = source.municipal().select(&reports);
    let mut unknown_time = reports.unknown_time();
    for report in reports.events() {
        seen.entry(report.district.to_owned()).or_default().reports += 1;
    }
    let visits = Filter { without: Flags::CORRECTED, ..source.filter(EventKind::Visit) };
    // The last visit counts whenever it was.
    let ever = Filter { from: None, to: None, ..visits.clone() };
    for (_, snapshot) in source.snapshots() {
        let asked = snapshot.select(&visits);
        unknown_time += asked.unknown_time();
        for visit in asked.events() {
            let seen = seen.entry(visit.district.to_owned()).or_default();
            seen.visits += 1;
            seen.minutes += i64::from(visit.weight);
        }
        for visit in snapshot.select(&ever).events() {
            let day = visit.start.map(|start| local_day(start, &source.ground.zone));
            let seen = seen.entry(visit.district.to_owned()).or_default();
            seen.last_visit = seen.last_visit.max(day);
        }
    }
    (seen, unknown_time)
}

fn local_day(at: jiff::Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

/// Whole days, 0 for one that has begun today or later.
fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days()).max(0)
}
