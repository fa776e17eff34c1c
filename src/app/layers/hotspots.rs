//! `hotspots`: hot cells merged and ranked, each with its presence. At most
//! "watch": more than residents alone explain, which guests may.

use super::answer::Built;
use super::hot::Hot;
use super::lands::Lands;
use super::presence::{Presence, each_visit, presence_of};
use super::rows::{Rows, figures};
use super::staff::StaffSource;
use crate::app::Result;
use crate::encode::{FeatureId, Shape, Value};
use fyren_core::analysis::{Hotspot, hotspots};
use fyren_core::domain::Position;
use geo::{InteriorPoint, MultiPolygon};
use std::borrow::Cow;

const FIELDS: &[&str] = &[
    "rank",
    "name",
    "district",
    "count",
    "events",
    "sources",
    "expected",
    "low",
    "high",
    "ratio",
    "q",
    "shareEvents",
    "shareArea",
    "presenceMinutes",
    "visits",
    "daysSinceVisit",
    "status",
    "reason",
];

/// Answers the layer.
pub fn build(source: &StaffSource, lands: &Lands) -> Result<Built> {
    let hot = Hot::test(source, lands)?;
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
            name,
            district,
            spot.count.into(),
            spot.events.into(),
            spot.sources.into(),
            figures(spot.expected),
            figures(spot.interval.low),
            figures(spot.interval.high),
            figures(spot.ratio),
            figures(spot.q),
            figures(spot.share_events),
            figures(spot.share_area),
            Value::Int(presence.minutes),
            Value::Int(presence.visits),
            presence.days_since(source.today).into(),
            spot.status.code().into(),
            spot.reason.into(),
        ];
        let shape = Shape::MultiPolygon(Cow::Owned(shape));
        rows.push(FeatureId::Number(spot.rank as u64), shape, values);
    }
    let mut members = hot.members();
    members.push(presence_of(source));
    Ok(rows.built(members))
}

/// The nearest named place, for people to talk about, and the district.
fn place(source: &StaffSource, shape: &MultiPolygon) -> (Value<'static>, Value<'static>) {
    let Some(inner) = shape.interior_point() else { return (Value::Null, Value::Null) };
    let inner = Position { longitude: inner.x(), latitude: inner.y() };
    let geofence = &source.ground.geofence;
    let here = geofence.projection().forward(inner);
    let off = |position: Position| {
        let there = geofence.projection().forward(position);
        (there.east - here.east).hypot(there.north - here.north)
    };
    let named = source.ground.municipality.localities.iter();
    let nearest = named.min_by(|a, b| off(a.position).total_cmp(&off(b.position)));
    let district = geofence.district(inner).map(|code| code.0.clone());
    (nearest.map(|locality| locality.name.clone()).into(), district.into())
}
