//! `speeds`: sites where speeds were measured, each with its latest week, the
//! fastest beyond its limit first.

use super::answer::Built;
use super::rows::{Rows, figures, in_box, in_district};
use super::staff::StaffSource;
use crate::encode::{FeatureId, Shape, Value};
use fyren_core::analysis::{SpeedSite, speed_sites};
use fyren_core::domain::{SpeedHour, TimePrecision, When};
use std::borrow::Cow;

const FIELDS: &[&str] = &[
    "site", "district", "v85Kmh", "meanKmh", "limitKmh", "overKmh", "count", "hours", "from", "to",
];

/// Answers the layer: of the hours that the question selects, each site's
/// latest seven days. A site without a place is there too, without geometry,
/// unless a box or a district is asked for.
pub fn build(source: &StaffSource, hours: Vec<SpeedHour>) -> Built {
    let asked: Vec<SpeedHour> = hours.into_iter().filter(|hour| is_asked(source, hour)).collect();
    let mut sites = speed_sites(&asked);
    let over = |site: &SpeedSite| site.over_kmh().unwrap_or(f64::NEG_INFINITY);
    sites.sort_by(|a, b| over(b).total_cmp(&over(a)).then_with(|| a.site.cmp(&b.site)));
    let mut rows = Rows::new(FIELDS);
    for site in sites {
        let shape = site.position.map_or(Shape::None, Shape::Point);
        let district = site.position.and_then(|at| source.ground.geofence.district(at));
        let district = district.map(|code| code.0.clone());
        if !in_box(&source.query, &shape) || !in_district(&source.query, district.as_deref()) {
            continue;
        }
        let values = vec![
            site.site.clone().into(),
            district.into(),
            kmh(site.v85_kmh),
            kmh(site.mean_kmh),
            kmh(site.limit_kmh),
            kmh(site.over_kmh()),
            Value::Int(i64::try_from(site.count).unwrap_or(i64::MAX)),
            site.hours.into(),
            site.span.0.to_string().into(),
            site.span.1.to_string().into(),
        ];
        rows.push(FeatureId::Text(Cow::Owned(site.site)), shape, values);
    }
    rows.built(vec![
        ("latestDays", Value::Int(SpeedSite::LATEST_DAYS)),
        ("v85From", "mean of hourly v85, weighted by vehicles".into()),
    ])
}

fn kmh(speed: Option<f64>) -> Value<'static> {
    speed.map_or(Value::Null, figures)
}

fn is_asked(source: &StaffSource, hour: &SpeedHour) -> bool {
    let filter = &source.query.filter;
    let when = When::Instant { at: hour.start, precision: TimePrecision::Hour };
    let masks = source.ground.masks(&when);
    (filter.hours.is_empty() || filter.hours.meets(masks.hours))
        && (filter.weekdays.is_empty() || filter.weekdays.meets(masks.weekdays))
        && (filter.seasons.is_empty() || filter.seasons.meets(masks.seasons))
}
