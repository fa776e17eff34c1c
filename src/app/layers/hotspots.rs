//! `hotspots`: hot cells merged and ranked, each with its presence. Against
//! residents at most "watch": more than they alone explain, which guests may;
//! "confirmed" by two tests, against the place's own earlier years.

use super::answer::Built;
use super::hot::Hot;
use super::lands::Lands;
use super::presence::{Presence, each_visit, presence_of};
use super::rows::{Rows, figures};
use super::staff::StaffSource;
use super::veto;
use crate::app::Result;
use crate::encode::{FeatureId, Shape, Value};
use fyren_core::analysis::{Hotspot, hot_hours, hotspots, once_in_years, unwatched};
use fyren_core::domain::{Position, SpotCell};
use geo::{InteriorPoint, MultiPolygon};
use std::borrow::Cow;

const FIELDS: &[&str] = &[
    "rank",
    "key",
    "name",
    "district",
    "count",
    "events",
    "sources",
    "expected",
    "low",
    "high",
    "ratio",
    "p",
    "q",
    "llr",
    "clusterId",
    "shareEvents",
    "shareArea",
    "presenceMinutes",
    "visits",
    "daysSinceVisit",
    "status",
    "reason",
    "power",
    "onceInYears",
    "hotHours",
    "veto",
];

/// Answers the layer.
pub fn build(source: &StaffSource, lands: &Lands) -> Result<Built> {
    let hot = Hot::confirmed(source, lands, &unwatched)?;
    let mut members = hot.members();
    members.push(presence_of(source));
    Ok(rows(source, &hot).built(members))
}

/// The spots of a tested map.
pub fn rows(source: &StaffSource, hot: &Hot) -> Rows {
    let spots = hotspots(&hot.sightings, &hot.exposure, &hot.found);
    let mut presence = vec![Presence::default(); spots.len()];
    each_visit(source, |visit| {
        let cell = visit.at.and_then(|at| hot.exposure.cell_of(at));
        let inside = |spot: &Hotspot| cell.is_some_and(|cell| spot.cells.contains(&cell));
        if let Some(at) = spots.iter().position(inside) {
            presence[at].add(visit);
        }
    });
    let mut rows = Rows::new(FIELDS);
    for (spot, presence) in spots.iter().zip(presence) {
        let shape = source.ground.geofence.projection().inverse_shape(&spot.shape);
        let (name, district) = place(source, &shape);
        let values = vec![
            spot.rank.into(),
            cell_of(hot, spot.strongest).to_string().into(),
            name,
            district,
            spot.count.into(),
            spot.events.into(),
            spot.sources.into(),
            figures(spot.expected),
            figures(spot.interval.low),
            figures(spot.interval.high),
            figures(spot.ratio),
            figures(spot.p),
            figures(spot.q),
            spot.cluster.map_or(Value::Null, |cluster| figures(cluster.llr)),
            spot.cluster.map(|cluster| cluster.id).into(),
            figures(spot.share_events),
            figures(spot.share_area),
            Value::Int(presence.minutes),
            Value::Int(presence.visits),
            presence.days_since(source.today).into(),
            spot.status.code().into(),
            spot.reason.into(),
            figures(spot.power),
            once_in_years(spot.p_anywhere, hot.period.days()).into(),
            hours_of(hot, spot),
            veto::value(source, hot, spot),
        ];
        let shape = Shape::MultiPolygon(Cow::Owned(shape));
        rows.push(FeatureId::Number(spot.rank as u64), shape, values);
    }
    rows
}

/// The hours of the day in which the events of a spot gather, where they do.
fn hours_of(hot: &Hot, spot: &Hotspot) -> Value<'static> {
    let hours = spot.members.iter().filter_map(|at| hot.needs.points.get(*at));
    let found = hot_hours(hours.filter(|point| !point.duplicate).map(|point| point.hours));
    found.map_or(Value::Null, |found| {
        Value::Object(vec![
            ("from", u32::from(found.from).into()),
            ("to", u32::from(found.to).into()),
            ("count", found.count.into()),
            ("of", found.of.into()),
        ])
    })
}

/// A cell of a tested map by the name that it keeps.
pub fn cell_of(hot: &Hot, cell: usize) -> SpotCell {
    let extent = hot.exposure.grid().cell_extent(cell);
    let size_m = hot.exposure.grid().cell_m();
    #[expect(clippy::cast_possible_truncation, reason = "the plane has fewer than 2^31 metres")]
    let units = |metres: f64| (metres / size_m).round() as i32;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an edge is a positive number of metres below 2^31"
    )]
    let edge = size_m.round() as u32;
    SpotCell { size_m: edge, column: units(extent.west), row: units(extent.south) }
}

/// The nearest named place, for people to talk about, and the district.
pub fn place(source: &StaffSource, shape: &MultiPolygon) -> (Value<'static>, Value<'static>) {
    let Some(inner) = shape.interior_point() else { return (Value::Null, Value::Null) };
    let inner = Position { longitude: inner.x(), latitude: inner.y() };
    let nearest = source.ground.nearest_locality(inner);
    let district = source.ground.geofence.district(inner).map(|code| code.0.clone());
    (nearest.map(|locality| locality.name.clone()).into(), district.into())
}
