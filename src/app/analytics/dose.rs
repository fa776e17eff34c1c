//! `dose`: how much, how long and how regularly somebody was at each hot spot.
//! To a municipal role that is the presence of civil guardians alone: where the
//! police were, to the metre, is theirs.

use super::planned::Planned;
use super::presence::{DAYS, asked, day_number, made};
use super::summary::last_days;
use crate::app::Result;
use crate::app::layers::answer::Built;
use crate::app::layers::hot::Hot;
use crate::app::layers::hotspots::{cell_of, place};
use crate::app::layers::lands::Lands;
use crate::app::layers::presence::presence_of;
use crate::app::layers::query::start_of;
use crate::app::layers::rows::{Rows, figures};
use crate::app::layers::staff::StaffSource;
use crate::app::plan_patrol::PlannedStop;
use crate::encode::{FeatureId, Shape, Value};
use crate::spatial::Filter;
use fyren_core::analysis::{Dose, Gap, Hotspot, Stay, Watch, balance, doses, hotspots};
use fyren_core::domain::{EventKind, Flags};
use std::borrow::Cow;

const FIELDS: &[&str] = &[
    "rank",
    "key",
    "name",
    "district",
    "status",
    "count",
    "wanted",
    "planned",
    "given",
    "missed",
    "visits",
    "visitsGe10",
    "visitsBand",
    "minutes",
    "distinctDays",
    "daysSinceLast",
    "longestGap",
    "minutesByBlock",
    "needShare",
    "presenceShare",
    "gap",
];

/// Dose of each hot spot; shares are those of all hot spots together.
pub fn build(source: &StaffSource, lands: &Lands, watch: Watch<'_>) -> Result<Built> {
    let asked = asked(source)?;
    let hot = Hot::confirmed(source, lands, watch)?;
    let spots = hotspots(&hot.sightings, &hot.exposure, &hot.found);
    let (stays, times) = stays(source, &hot, &spots);
    let last = asked.window.to.yesterday().unwrap_or(asked.window.from);
    let window = (day_number(asked.window.from), day_number(last));
    let doses = doses(spots.len(), &stays, window, asked.band)?;
    let made = made(&stays, &times, asked.band);
    let spot_of = |stop: &PlannedStop| {
        let cell = hot.exposure.cell_of(source.ground.geofence.projection().forward(stop.at));
        spots.iter().position(|spot| cell.is_some_and(|cell| spot.cells.contains(&cell)))
    };
    let planned = Planned::new(source, (spots.len(), asked.window), spot_of, &made);
    let need: Vec<f64> = spots.iter().map(|spot| f64::from(spot.count)).collect();
    let presence: Vec<f64> = doses.iter().map(|dose| dose.minutes).collect();
    let balance = balance(&need, &presence, &need)?;
    let mut rows = Rows::new(FIELDS);
    for (at, ((spot, dose), gap)) in spots.iter().zip(&doses).zip(&balance.areas).enumerate() {
        let shape = source.ground.geofence.projection().inverse_shape(&spot.shape);
        let (name, district) = place(source, &shape);
        let mut values = vec![
            spot.rank.into(),
            cell_of(&hot, spot.strongest).to_string().into(),
            name,
            district,
            spot.status.code().into(),
            spot.count.into(),
        ];
        values.push(asked.wanted().into());
        values.extend(planned.told(at));
        values.extend(told(dose, gap));
        let shape = Shape::MultiPolygon(Cow::Owned(shape));
        rows.push(FeatureId::Number(spot.rank as u64), shape, values);
    }
    let mut said = hot.said();
    said.limits.extend(planned.limit());
    let mut members = said.members();
    members.push(planned.member());
    members.push(("doseWindow", asked.told()));
    members.push(("misallocation", balance.misallocation.map_or(Value::Null, figures)));
    members.push(presence_of(source));
    Ok(rows.built(members))
}

fn told(dose: &Dose, gap: &Gap) -> Vec<Value<'static>> {
    vec![
        dose.visits.into(),
        dose.visits_least.into(),
        dose.visits_band.into(),
        figures(dose.minutes),
        dose.distinct_days.into(),
        dose.days_since_last.into(),
        Value::Int(dose.longest_gap),
        Value::List(dose.minutes_by_block.iter().copied().map(figures).collect()),
        figures(gap.need_share),
        figures(gap.presence_share),
        figures(gap.gap),
    ]
}

/// The visits of the window in the cells of the spots, and the second at which
/// each began.
fn stays(source: &StaffSource, hot: &Hot, spots: &[Hotspot]) -> (Vec<Stay>, Vec<i64>) {
    let (zone, window) = (&source.ground.zone, last_days(source, DAYS));
    let projection = source.ground.geofence.projection();
    let filter = Filter {
        categories: Vec::new(),
        sources: Vec::new(),
        without: Flags::CORRECTED,
        from: start_of(window.from, zone),
        to: start_of(window.to, zone),
        ..source.filter(EventKind::Visit)
    };
    let (mut stays, mut times) = (Vec::new(), Vec::new());
    for (_, snapshot) in source.snapshots() {
        for visit in snapshot.select(&filter).events() {
            let cell = visit.position.and_then(|at| hot.exposure.cell_of(projection.forward(at)));
            let inside = |spot: &Hotspot| cell.is_some_and(|cell| spot.cells.contains(&cell));
            let (Some(area), Some(start)) = (spots.iter().position(inside), visit.start) else {
                continue;
            };
            let local = start.to_zoned(zone.clone());
            let hour = u8::try_from(local.hour()).unwrap_or_default();
            let (day, minutes) = (day_number(local.date()), f64::from(visit.weight));
            stays.push(Stay { area, day, hour, minutes });
            times.push(start.as_second());
        }
    }
    (stays, times)
}
