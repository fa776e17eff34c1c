//! `coverage`: presence beside need, district by district, both contexts
//! joined. A district without a visit is there too: that is the point.

use super::answer::Built;
use super::lands::Lands;
use super::presence::{Presence, each_visit, presence_of};
use super::rows::Rows;
use super::staff::StaffSource;
use super::weeks::Told;
use crate::encode::{FeatureId, Shape, Value};
use crate::spatial::Filter;
use fyren_core::domain::{EventKind, Flags, PresenceWeek};
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

/// Reports and presence of a district.
#[derive(Default)]
struct Cover {
    reports: i64,
    presence: Presence,
}

/// Answers the layer. Reports are those of unsafe places that count for need:
/// not quarantined, not merged into another and not of safe places. Days since
/// the last visit run to today whatever days are asked for.
pub fn build(source: &StaffSource, lands: &Lands, told: &[PresenceWeek]) -> Built {
    let (mut covers, unknown_time) = count(source);
    let told = Told::of(source, told);
    for week in &told.weeks {
        let cover = covers.entry(week.district.0.clone()).or_default();
        cover.presence.add_week(week, told.asks(week));
    }
    let nothing = Cover::default();
    let mut rows = Rows::new(FIELDS);
    let asked = &source.query.filter.districts;
    let land = lands.of(&source.ground);
    let districts = source.ground.municipality.districts.iter();
    for (district, land_km2) in districts.zip(land.districts_km2()) {
        let code = &district.code.0;
        if !asked.is_empty() && !asked.contains(code) {
            continue;
        }
        let cover = covers.get(code).unwrap_or(&nothing);
        let values = vec![
            code.clone().into(),
            district.name.clone().into(),
            Value::Int(cover.reports),
            Value::Int(cover.presence.minutes),
            Value::Int(cover.presence.visits),
            cover.presence.days_since(source.today).into(),
            ((land_km2 * 100.0).round() / 100.0).into(),
            district.residents.into(),
        ];
        let shape = Shape::MultiPolygon(Cow::Owned(district.boundary.clone()));
        rows.push(FeatureId::Text(Cow::Owned(code.clone())), shape, values);
    }
    let nowhere = covers.get("").unwrap_or(&nothing);
    let without_district = Value::Object(vec![
        ("reports", Value::Int(nowhere.reports)),
        ("presenceMinutes", Value::Int(nowhere.presence.minutes)),
        ("visits", Value::Int(nowhere.presence.visits)),
    ]);
    rows.built(vec![
        ("unknownTime", unknown_time.into()),
        ("withoutDistrict", without_district),
        presence_of(source),
        told.sources(),
    ])
}

fn count(source: &StaffSource) -> (BTreeMap<String, Cover>, usize) {
    let mut covers: BTreeMap<String, Cover> = BTreeMap::new();
    let without = Flags::QUARANTINED.with(Flags::MERGED).with(Flags::SAFE_PLACE);
    let filter = Filter { without, ..source.filter(EventKind::Report) };
    let reports = source.municipal().select(&filter);
    for report in reports.events() {
        covers.entry(report.district.to_owned()).or_default().reports += 1;
    }
    let unknown_visits = each_visit(source, |visit| {
        covers.entry(visit.district.to_owned()).or_default().presence.add(visit);
    });
    (covers, reports.unknown_time() + unknown_visits)
}
