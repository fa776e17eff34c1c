//! `presence`: how much, how long and how regularly somebody was in each
//! district, beside the need there. Half of little is little: shares hide how
//! much there is, so the numbers stand beside them.

use super::people::residents;
use super::planned::Planned;
use super::summary::{Counted, counted, last_days};
use super::{Limit, Said};
use crate::app::layers::answer::Built;
use crate::app::layers::lands::Lands;
use crate::app::layers::period::Period;
use crate::app::layers::presence::presence_of;
use crate::app::layers::query::{number, start_of};
use crate::app::layers::rows::{Rows, figures, in_district};
use crate::app::layers::staff::StaffSource;
use crate::app::plan_patrol::PlannedStop;
use crate::app::{Error, Result};
use crate::encode::{FeatureId, Shape, Value};
use crate::spatial::Filter;
use fyren_core::analysis::{
    Dose, DoseBand, Gap, LEAST_AREAS, MadeVisit, Stay, balance, doses, empirical_bayes,
};
use fyren_core::domain::{District, EventKind, Flags};
use jiff::civil::{Date, date};
use std::borrow::Cow;
use std::collections::HashMap;

const FIELDS: &[&str] = &[
    "area",
    "name",
    "visits",
    "minutes",
    "visitsGe10",
    "visitsBand",
    "distinctDays",
    "daysSinceLast",
    "longestGap",
    "minutesByBlock",
    "needShare",
    "presenceShare",
    "populationShare",
    "gap",
    "coverage",
    "goal",
    "goalMet",
    "wanted",
    "planned",
    "given",
    "missed",
];

/// Days of the window, where no others are asked for: a quarter.
pub(super) const DAYS: i64 = 91;
/// Minutes from which on a visit may be felt, and to which it is in the band.
const DOSE_MIN: [f64; 3] = [10.0, 1.0, 240.0];
const DOSE_MAX: [f64; 3] = [16.0, 1.0, 480.0];
/// Visits a week that are wanted, of that length or longer.
const GOAL: [f64; 3] = [1.0, 0.01, 100.0];

/// What is asked.
pub(super) struct Asked {
    /// The days.
    pub window: Period,
    /// Which visits may be felt.
    pub band: DoseBand,
    /// How many of these are wanted a week.
    pub goal: f64,
}

impl Asked {
    /// Visits that the goal asks for in the window, rounded down.
    pub fn wanted(&self) -> u32 {
        let weeks = f64::from((self.window.to - self.window.from).get_days().max(0)) / 7.0;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a goal of at most 100 a week, over at most some thousand weeks"
        )]
        let visits = (weeks * self.goal).floor() as u32;
        visits
    }

    /// The window as an answer repeats it.
    pub fn told(&self) -> Value<'static> {
        Value::Object(vec![
            ("from", self.window.from.to_string().into()),
            ("to", self.window.to.to_string().into()),
            ("goalAWeek", self.goal.into()),
            ("doseMin", self.band.least.into()),
            ("doseMax", self.band.most.into()),
        ])
    }
}

/// Dose, need and gap of the districts that are asked for.
pub fn build(source: &StaffSource, lands: &Lands) -> Result<Built> {
    let asked = asked(source)?;
    let all = source.ground.municipality.districts.iter();
    let districts: Vec<&District> =
        all.filter(|district| in_district(&source.query, Some(&district.code.0))).collect();
    let Stays { all: stays, times, nowhere } = stays(source, &districts, asked.window)?;
    let reports = counted(source, asked.window);
    let last = asked.window.to.yesterday().unwrap_or(asked.window.from);
    let window = (day_number(asked.window.from), day_number(last));
    let doses = doses(districts.len(), &stays, window, asked.band)?;
    let made = made(&stays, &times, asked.band);
    let district_of = |stop: &PlannedStop| {
        districts.iter().position(|one| stop.district.as_ref() == Some(&one.code.0))
    };
    let planned = Planned::new(source, (districts.len(), asked.window), district_of, &made);
    let mut said = said(&asked, &reports, nowhere);
    said.limits.extend(planned.limit());
    let residents = residents(source, lands, &districts, &mut said)?;
    let need = need(&districts, &reports, &residents, &mut said)?;
    let presence: Vec<f64> = doses.iter().map(|dose| dose.minutes).collect();
    let balance = balance(&need, &presence, &residents)?;
    let mut rows = Rows::new(FIELDS);
    for (at, ((district, dose), gap)) in
        districts.iter().zip(&doses).zip(&balance.areas).enumerate()
    {
        let code = &district.code.0;
        let mut values = vec![code.clone().into(), district.name.clone().into()];
        values.extend(told(dose, gap, &asked));
        values.extend(planned.told(at));
        let shape = Shape::MultiPolygon(Cow::Owned(district.boundary.clone()));
        rows.push(FeatureId::Text(Cow::Owned(code.clone())), shape, values);
    }
    let mut members = said.members();
    members.push(planned.member());
    members.push(("misallocation", balance.misallocation.map_or(Value::Null, figures)));
    members.push(("concentration", balance.concentration.map_or(Value::Null, figures)));
    members.push(presence_of(source));
    Ok(rows.built(members))
}

fn said(asked: &Asked, reports: &Counted, nowhere: usize) -> Said {
    let mut said = Said {
        n: reports.by_class.values().sum(),
        window: Some(asked.window),
        source: reports.by_class.clone(),
        ..Said::default()
    };
    said.params = vec![
        ("area", "district".into()),
        ("doseMin", asked.band.least.into()),
        ("doseMax", asked.band.most.into()),
        ("goal", asked.goal.into()),
    ];
    let text = "half of little is little: shares do not say whether there is enough";
    said.limits.push(Limit::new("shares_only", text));
    if nowhere > 0 {
        let text =
            format!("{nowhere} visits in no district that is asked for, or of no known time");
        said.limits.push(Limit::new("visits_left_out", text));
    }
    said
}

/// The need of each district: its reports, drawn toward the mean where there
/// are districts enough. What the police found by themselves is not in it, so
/// that presence never makes its own need.
fn need(
    districts: &[&District],
    reports: &Counted,
    residents: &[f64],
    said: &mut Said,
) -> Result<Vec<f64>> {
    let count =
        |district: &&District| reports.events.get(&district.code.0).map_or(0, |(count, _)| *count);
    let counts: Vec<u32> = districts.iter().map(count).collect();
    if residents.iter().filter(|residents| **residents > 0.0).count() < LEAST_AREAS {
        let text = "fewer than twenty districts with residents: the need is the count of reports";
        said.limits.push(Limit::new("need_not_drawn_to_mean", text));
        return Ok(counts.into_iter().map(f64::from).collect());
    }
    let rates = empirical_bayes(&counts, residents)?;
    let drawn = rates.iter().zip(residents).zip(&counts);
    Ok(drawn
        .map(|((rate, residents), &count)| {
            rate.as_ref().map_or(f64::from(count), |rate| rate.eb_rate * residents)
        })
        .collect())
}

fn told(dose: &Dose, gap: &Gap, asked: &Asked) -> Vec<Value<'static>> {
    let days = i64::from((asked.window.to - asked.window.from).get_days());
    vec![
        dose.visits.into(),
        figures(dose.minutes),
        dose.visits_least.into(),
        dose.visits_band.into(),
        dose.distinct_days.into(),
        dose.days_since_last.into(),
        Value::Int(dose.longest_gap),
        Value::List(dose.minutes_by_block.iter().copied().map(figures).collect()),
        figures(gap.need_share),
        figures(gap.presence_share),
        figures(gap.population_share),
        figures(gap.gap),
        gap.coverage.map_or(Value::Null, figures),
        figures(asked.goal),
        dose.meets(asked.goal, days).into(),
        asked.wanted().into(),
    ]
}

/// The visits of a window.
struct Stays {
    all: Vec<Stay>,
    /// The second at which each began.
    times: Vec<i64>,
    /// How many more lie in no district that is asked for.
    nowhere: usize,
}

/// Of visits and the seconds at which they began those that may be felt.
pub(super) fn made(stays: &[Stay], times: &[i64], band: DoseBand) -> Vec<MadeVisit> {
    let felt = stays.iter().zip(times).filter(|(stay, _)| stay.minutes >= band.least);
    felt.map(|(stay, at)| MadeVisit { area: stay.area, at: *at }).collect()
}

/// The visits of the window by district.
fn stays(source: &StaffSource, districts: &[&District], window: Period) -> Result<Stays> {
    let of_code: HashMap<&str, usize> =
        districts.iter().enumerate().map(|(at, district)| (district.code.0.as_str(), at)).collect();
    let zone = &source.ground.zone;
    let filter = Filter {
        categories: Vec::new(),
        sources: Vec::new(),
        without: Flags::CORRECTED,
        from: start_of(window.from, zone),
        to: start_of(window.to, zone),
        ..source.filter(EventKind::Visit)
    };
    let (mut stays, mut times, mut nowhere) = (Vec::new(), Vec::new(), 0);
    for (_, snapshot) in source.snapshots() {
        for visit in snapshot.select(&filter).events() {
            let (Some(&area), Some(start)) = (of_code.get(visit.district), visit.start) else {
                nowhere += 1;
                continue;
            };
            let local = start.to_zoned(zone.clone());
            let hour = u8::try_from(local.hour()).map_err(|_never| Error::Bug("an hour".into()))?;
            let minutes = f64::from(visit.weight);
            stays.push(Stay { area, day: day_number(local.date()), hour, minutes });
            times.push(start.as_second());
        }
    }
    Ok(Stays { all: stays, times, nowhere })
}

/// A day counted from 1970.
pub(super) fn day_number(day: Date) -> i64 {
    i64::from((day - date(1970, 1, 1)).get_days())
}

pub(super) fn asked(source: &StaffSource) -> Result<Asked> {
    let params = &source.query.params;
    let read = || {
        let band = DoseBand {
            least: number(params, "doseMin", DOSE_MIN)?,
            most: number(params, "doseMax", DOSE_MAX)?,
        };
        let window = last_days(source, DAYS);
        Ok(Asked { window, band, goal: number(params, "goal", GOAL)? })
    };
    read().map_err(|broken| Error::BadParameter(vec![broken]))
}
