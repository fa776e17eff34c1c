//! `places`: reports of the last weeks that lie close together, as cases to be
//! worked on. Grouping, not inference: a lively street has places by chance too.

use super::answer::Built;
use super::needs::{classes, filter, time};
use super::period::Period;
use super::query::{number, start_of, whole};
use super::rows::{Rows, figures};
use super::staff::StaffSource;
use crate::app::analytics::bias::OPEN_DAYS;
use crate::app::analytics::{Limit, Said};
use crate::app::{Error, Result};
use crate::encode::{FeatureId, Shape, Value};
use crate::spatial::Filter;
use fyren_core::analysis::evaluate::{Design, power};
use fyren_core::analysis::{
    OpenPlace, PlaceEvent, ProblemPlace, ReportingRate, problem_places, reporting_rates,
};
use fyren_core::domain::{Flags, Plane};
use fyren_core::plane::Projection;
use geo_types::Geometry;
use std::borrow::Cow;

const FIELDS: &[&str] = &[
    "id",
    "n",
    "sources",
    "categories",
    "first",
    "last",
    "duplicates",
    "reportingRate",
    "rateLow",
    "rateHigh",
    "delayDays",
    "powerHalved",
    "district",
];

/// Metres between neighbours: default, least and most.
const EPS_M: [f64; 3] = [150.0, 25.0, 1_000.0];
/// Reports that make a place.
const MIN_PTS: [u64; 3] = [5, 3, 100];
/// Days before today, where no others are asked for.
const DAYS: [u64; 3] = [90, 1, 3_660];

/// What is asked.
struct Asked {
    eps_m: f64,
    min_points: u64,
    open_days: f64,
    period: Period,
}

/// Answers the layer, and the method with the same name.
pub fn build(source: &StaffSource) -> Result<Built> {
    let asked = asked(source)?;
    let mut said = Said { window: Some(asked.period), ..Said::default() };
    said.params = vec![
        ("epsM", asked.eps_m.into()),
        ("minPts", count(asked.min_points)),
        ("openDays", asked.open_days.into()),
    ];
    let filter = asked.filter(source);
    let (mut events, mut coarse, mut area_coded) = (Vec::new(), 0, 0);
    for (_, snapshot) in source.snapshots() {
        let mut placed = 0;
        snapshot.each_position(&filter, |at, precision_m, row| {
            placed += 1;
            if precision_m > asked.eps_m {
                coarse += 1;
                return;
            }
            let event = snapshot.at_row(row);
            *said.source.entry(event.source_class.code()).or_default() += 1;
            let duplicate = event.flags.has(Flags::DUPLICATE);
            let (time, source, category) = (time(&event), event.source_tag, event.category);
            events.push(PlaceEvent { at, time, source, category, duplicate });
        });
        area_coded += snapshot.select(&filter).len() - placed;
    }
    said.n = events.len();
    for (rule, number, why) in [
        ("imprecise_left_out", coarse, "events are placed too coarsely"),
        ("area_coded_left_out", area_coded, "events have only an area"),
    ] {
        if number > 0 {
            said.limits.push(Limit::new(rule, format!("{number} {why} and are left out")));
        }
    }
    let min_points = usize::try_from(asked.min_points).unwrap_or(usize::MAX);
    let places = problem_places(&events, asked.eps_m, min_points)?;
    let rates = rates(&places, &events, (source, asked.open_days))?;
    let mut rows = Rows::new(FIELDS);
    for ((at, place), rate) in places.iter().enumerate().zip(rates) {
        let (shape, values) = row(source, (place, rate), &events, at as u64 + 1);
        rows.push(FeatureId::Number(at as u64 + 1), shape, values);
    }
    Ok(rows.built(said.members()))
}

fn row(
    source: &StaffSource,
    (place, rate): (&ProblemPlace<'_>, Option<ReportingRate>),
    events: &[PlaceEvent<'_>],
    id: u64,
) -> (Shape<'static>, Vec<Value<'static>>) {
    let geofence = &source.ground.geofence;
    let category = |(code, number): &(&str, usize)| {
        let code = (*code).to_owned();
        Value::Object(vec![("category", code.into()), ("n", (*number).into())])
    };
    let of = |pick: fn(&ReportingRate) -> f64| {
        rate.as_ref().map_or(Value::Null, |rate| figures(pick(rate)))
    };
    let middle = middle(place.members.iter().map(|&member| events[member].at));
    let district = geofence.district(geofence.projection().inverse(middle));
    let values = vec![
        count(id),
        place.members.len().into(),
        place.sources.into(),
        Value::List(place.categories.iter().map(category).collect()),
        place.first.to_string().into(),
        place.last.to_string().into(),
        place.duplicates.into(),
        of(|rate| rate.eb_rate),
        of(|rate| rate.interval.low),
        of(|rate| rate.interval.high),
        of(|rate| rate.delay_days),
        power_of_halving(place.members.len()),
        district.map(|code| code.0.clone()).into(),
    ];
    (shape(&place.hull, geofence.projection()), values)
}

/// The chance that a fall to half would be seen in as many days again, by a
/// two-sided test at 5 %: what may be promised of a place before anything is done.
fn power_of_halving(count: usize) -> Value<'static> {
    // Beyond that it is seen for certain.
    let before = f64::from(u32::try_from(count).unwrap_or(u32::MAX)).min(1_000.0);
    power(Design::BeforeAfter { before }, 0.5).map_or(Value::Null, figures)
}

/// How quickly each place is reported again in the days after a report, drawn
/// toward the mean of all places; `None` everywhere where nothing was repeated.
fn rates(
    places: &[ProblemPlace<'_>],
    events: &[PlaceEvent<'_>],
    (source, open_days): (&StaffSource, f64),
) -> Result<Vec<Option<ReportingRate>>> {
    let tomorrow = source.today.tomorrow().unwrap_or(source.today);
    let now = start_of(tomorrow, &source.ground.zone);
    let mut open = Vec::new();
    for (group, place) in places.iter().enumerate() {
        for &PlaceEvent { time, duplicate, .. } in place.members.iter().map(|&at| &events[at]) {
            #[expect(clippy::cast_precision_loss, reason = "seconds of this century")]
            let age = now.map_or(0.0, |now| now.duration_since(time).as_secs().max(0) as f64);
            open.push(OpenPlace {
                group,
                duplicates: u32::from(duplicate),
                open_days: if duplicate { 0.0 } else { (age / 86_400.0).min(open_days) },
            });
        }
    }
    Ok(reporting_rates(places.len(), &open)?)
}

/// A hull in degrees.
fn shape(hull: &Geometry<f64>, projection: &Projection) -> Shape<'static> {
    match hull {
        Geometry::Point(at) => {
            Shape::Point(projection.inverse(Plane { east: at.x(), north: at.y() }))
        }
        Geometry::LineString(line) => Shape::Line(Cow::Owned(projection.inverse_shape(line))),
        Geometry::Polygon(area) => Shape::Polygon(Cow::Owned(projection.inverse_shape(area))),
        _ => Shape::None,
    }
}

/// The mean of points, of which there is at least one.
fn middle(points: impl ExactSizeIterator<Item = Plane>) -> Plane {
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^53 events")]
    let number = points.len() as f64;
    let (east, north) = points.fold((0.0, 0.0), |(e, n), at| (e + at.east, n + at.north));
    Plane { east: east / number, north: north / number }
}

impl Asked {
    /// The events of need in the days.
    fn filter(&self, source: &StaffSource) -> Filter {
        let moment = |date| start_of(date, &source.ground.zone);
        let (from, to) = (moment(self.period.from), moment(self.period.to));
        Filter { from, to, ..filter(source, classes(source)) }
    }
}

fn asked(source: &StaffSource) -> Result<Asked> {
    let params = &source.query.params;
    let read = || {
        let days = whole(params, "days", DAYS)?;
        let (from, to) = source.query.dates;
        let to = to.unwrap_or_else(|| source.today.tomorrow().unwrap_or(source.today));
        let span = jiff::Span::new().days(i64::try_from(days).unwrap_or(i64::MAX));
        let from = from.unwrap_or_else(|| to.checked_sub(span).unwrap_or(to));
        let period = Period { from, to };
        let (eps_m, min_points) =
            (number(params, "epsM", EPS_M)?, whole(params, "minPts", MIN_PTS)?);
        let open_days = number(params, "openDays", OPEN_DAYS)?;
        Ok(Asked { eps_m, min_points, open_days, period })
    };
    read().map_err(|broken| Error::BadParameter(vec![broken]))
}

fn count(number: u64) -> Value<'static> {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}
