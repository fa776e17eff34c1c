//! `plan`: the stops of decided patrol plans, for police roles alone.

use super::answer::Built;
use super::rows::{Rows, figures, in_box, in_district};
use super::staff::StaffSource;
use crate::app::plan_patrol::KeptView;
use crate::encode::{FeatureId, Shape, Value};
use fyren_core::domain::Position;
use jiff::civil::Date;
use std::borrow::Cow;

const FIELDS: &[&str] = &[
    "plan",
    "status",
    "unit",
    "mode",
    "order",
    "kind",
    "key",
    "name",
    "district",
    "arriveAt",
    "startAt",
    "leaveAt",
    "prize",
    "count",
    "expected",
    "daysSinceVisit",
];

/// Answers the layer: stops on the asked days, from today on where no days are
/// asked for.
pub fn build(source: &StaffSource, plans: &[KeptView]) -> Built {
    let mut rows = Rows::new(FIELDS);
    let (from, to) = asked(source);
    for view in plans {
        for (at, (round, order, stop)) in view.plan.stops().enumerate() {
            let day = stop.start_at.to_zoned(source.ground.zone.clone()).date();
            let position = Position { longitude: stop.longitude, latitude: stop.latitude };
            let shape = Shape::Point(position);
            let within = day >= from && to.is_none_or(|to| day < to);
            if !(within
                && in_box(&source.query, &shape)
                && in_district(&source.query, stop.district.as_deref()))
            {
                continue;
            }
            let id = format!("{}-{}", view.kept.id, at + 1);
            rows.push(
                FeatureId::Text(Cow::Owned(id)),
                shape,
                vec![
                    view.kept.id.to_string().into(),
                    view.kept.status().code().into(),
                    round.unit.clone().into(),
                    round.mode.clone().into(),
                    order.into(),
                    stop.kind.clone().into(),
                    stop.key.clone().into(),
                    stop.name.clone().into(),
                    stop.district.clone().into(),
                    stop.arrive_at.to_string().into(),
                    stop.start_at.to_string().into(),
                    stop.leave_at.to_string().into(),
                    figures(stop.prize),
                    stop.why.count.into(),
                    stop.why.expected.map_or(Value::Null, figures),
                    stop.why.days_since.into(),
                ],
            );
        }
    }
    rows.built(vec![("from", from.to_string().into())])
}

/// The first day that is asked for, and the one after the last.
pub fn asked(source: &StaffSource) -> (Date, Option<Date>) {
    let (from, to) = source.query.dates;
    (from.unwrap_or(source.today), to)
}
