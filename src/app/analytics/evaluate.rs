//! `evaluate`: what changed where something was done, beside where nothing was.

use super::{Limit, Minimum, Said};
use crate::app::layers::answer::Built;
use crate::app::layers::needs::{DEFAULT, filter};
use crate::app::layers::period::Period;
use crate::app::layers::query::{number, start_of};
use crate::app::layers::rows::{Rows, figures};
use crate::app::layers::staff::StaffSource;
use crate::app::{Error, Result};
use crate::encode::{FeatureId, Shape, Value};
use crate::spatial::Filter;
use fyren_core::analysis::compare;
use fyren_core::analysis::evaluate::{
    BeforeAfter, Design, Effect, PanelRow, WddAreas, difference_in_differences, power, wdd,
};
use fyren_core::domain::Violation;
use jiff::{Span, civil::Date};

const FIELDS: &[&str] = &[
    "design",
    "scale",
    "estimate",
    "se",
    "low",
    "high",
    "p",
    "before",
    "after",
    "powerAtDesign",
    "assumptions",
];

/// Days before and after: default, least and most.
const DAYS: [f64; 3] = [180.0, 14.0, 1_095.0];
/// The change that power is spoken of: a fall by 30 %.
const RATIO: f64 = 0.7;

/// What is asked.
struct Asked {
    design: String,
    at: Date,
    days: i64,
    treated: Vec<String>,
    control: Vec<String>,
}

/// What a design came to.
struct Found {
    scale: &'static str,
    effect: [Option<f64>; 5],
    power: Option<f64>,
    assumptions: &'static [&'static str],
}

/// Evaluates what began on a day in some districts.
pub fn build(source: &StaffSource) -> Result<Built> {
    let asked = asked(source)?;
    let (from, to) = (asked.day(-asked.days), asked.day(asked.days));
    let mut said = Said { window: Some(Period { from, to }), ..Said::default() };
    let list = |codes: &[String]| Value::List(codes.iter().map(|c| c.clone().into()).collect());
    said.params = vec![
        ("design", asked.design.clone().into()),
        ("at", asked.at.to_string().into()),
        ("days", Value::Int(asked.days)),
        ("treated", list(&asked.treated)),
        ("control", list(&asked.control)),
        ("powerFor", RATIO.into()),
    ];
    let (before, after) = asked.around(source, &asked.treated);
    let (control_before, control_after) = asked.around(source, &asked.control);
    said.n = count(before + after + control_before + control_after);
    if to > source.today {
        let text = "the time after has not ended yet, but is counted as if it had";
        said.limits.push(Limit::new("window_not_ended", text));
    }
    let found = match asked.design.as_str() {
        "beforeAfter" => before_after(before, after)?,
        "wdd" => {
            if [before, after, control_before, control_after].iter().any(|count| *count < 10) {
                let text = "an area counted fewer than ten; the normal approximation is rough";
                said.limits.push(Limit::new("counts_below_ten", text));
            }
            displaced((before, after), (control_before, control_after))?
        }
        _ => match differences(source, &asked)? {
            Ok(found) => found,
            Err(limit) => {
                said.insufficient = Some(limit.rule);
                said.limits.push(limit);
                return Ok(Rows::new(FIELDS).built(said.members()));
            }
        },
    };
    let mut rows = Rows::new(FIELDS);
    let number = |value: Option<f64>| value.map_or(Value::Null, figures);
    let assumptions = found.assumptions.iter().map(|one| Value::from(*one)).collect();
    let mut values = vec![asked.design.into(), found.scale.into()];
    values.extend(found.effect.map(number));
    values.extend([Value::from(count(before)), count(after).into()]);
    values.extend([number(found.power), Value::List(assumptions)]);
    rows.push(FeatureId::None, Shape::None, values);
    Ok(rows.built(said.members()))
}

fn before_after(before: u64, after: u64) -> Result<Found> {
    let found = compare((after, before), (1.0, 1.0))?;
    let effect = [found.ratio, f64::NAN, found.interval.low, found.interval.high, found.p];
    Ok(Found {
        scale: "ratio",
        effect: effect.map(|value| (!value.is_nan()).then_some(value)),
        power: power(Design::BeforeAfter { before: as_f64(before) }, RATIO).ok(),
        assumptions: &["nothing_else_changed", "not_chosen_for_a_bad_year", "independent_reports"],
    })
}

fn displaced(treated: (u64, u64), control: (u64, u64)) -> Result<Found> {
    let none = BeforeAfter::new(0, 0);
    let areas = WddAreas {
        treated: BeforeAfter::new(treated.0, treated.1),
        control: BeforeAfter::new(control.0, control.1),
        displacement: none,
        displacement_control: none,
    };
    let design = Design::Wdd { treated: as_f64(treated.0), control: as_f64(control.0) };
    Ok(Found {
        scale: "events",
        effect: values(&wdd(&areas, (1.0, 1.0))?.local),
        power: power(design, RATIO).ok(),
        assumptions: &["parallel_change", "not_chosen_for_a_bad_year", "independent_reports"],
    })
}

/// Districts by months of thirty days; the limit where they are too few.
fn differences(source: &StaffSource, asked: &Asked) -> Result<std::result::Result<Found, Limit>> {
    if let Some(limit) = Minimum::DIFFERENCES.unmet(asked.treated.len() + asked.control.len()) {
        return Ok(Err(limit));
    }
    let months = asked.days / 30;
    let mut rows = Vec::new();
    let districts = asked.treated.iter().map(|code| (code, true));
    for (area, (code, treated)) in
        (0u64..).zip(districts.chain(asked.control.iter().map(|code| (code, false))))
    {
        for period in -months..months {
            let days = (asked.day(period * 30), asked.day((period + 1) * 30));
            let count = counted(source, std::slice::from_ref(code), days);
            rows.push(PanelRow { area, period, treated, post: period >= 0, count });
        }
    }
    let sum = |treated: bool| {
        let before = rows.iter().filter(|row| row.treated == treated && !row.post);
        as_f64(before.map(|row| row.count).sum())
    };
    let design = Design::Did { treated: sum(true), control: sum(false) };
    let found = match difference_in_differences(&rows, 1) {
        Ok(found) => found,
        Err(broken) if broken.rule == "too_small" => {
            return Ok(Err(Limit::new("panel_counts_below_least", "too few reports")));
        }
        Err(broken) => return Err(broken.into()),
    };
    Ok(Ok(Found {
        scale: "logRatio",
        effect: values(&found.effect),
        power: power(design, RATIO).ok(),
        assumptions: &["parallel_change", "not_chosen_for_a_bad_year"],
    }))
}

fn values(effect: &Effect) -> [Option<f64>; 5] {
    [effect.estimate, effect.se, effect.low, effect.high, effect.p].map(Some)
}

impl Asked {
    /// The day so many days after the beginning.
    fn day(&self, days: i64) -> Date {
        self.at.checked_add(Span::new().days(days)).unwrap_or(self.at)
    }

    /// Reports before and after in some districts.
    fn around(&self, source: &StaffSource, districts: &[String]) -> (u64, u64) {
        if districts.is_empty() {
            return (0, 0);
        }
        let before = counted(source, districts, (self.day(-self.days), self.at));
        (before, counted(source, districts, (self.at, self.day(self.days))))
    }
}

/// Reports of need in some districts from one day to another.
fn counted(source: &StaffSource, districts: &[String], days: (Date, Date)) -> u64 {
    let asked = &source.query.filter.sources;
    let classes = if asked.is_empty() { DEFAULT } else { asked.as_slice() };
    let zone = &source.ground.zone;
    let filter = Filter {
        from: start_of(days.0, zone),
        to: start_of(days.1, zone),
        districts: districts.to_vec(),
        ..filter(source, classes)
    };
    source.snapshots().map(|(_, snapshot)| snapshot.select(&filter).len() as u64).sum()
}

fn asked(source: &StaffSource) -> Result<Asked> {
    let params = &source.query.params;
    let text = |name: &'static str| params.get(name).cloned();
    let list = |name: &'static str| -> Vec<String> {
        text(name).map_or_else(Vec::new, |all| all.split(',').map(str::to_owned).collect())
    };
    let read = || {
        let design = text("design").unwrap_or_else(|| "beforeAfter".to_owned());
        if !["beforeAfter", "wdd", "did"].contains(&design.as_str()) {
            return Err(Violation::new("design", "unknown_value"));
        }
        let at = text("at").ok_or_else(|| Violation::new("at", "required"))?;
        let at = at.parse().map_err(|_no_date| Violation::new("at", "date_form"))?;
        let (treated, control) = (list("treated"), list("control"));
        let known = |code: &String| {
            source.ground.municipality.districts.iter().any(|district| district.code.0 == *code)
        };
        for (name, codes) in [("treated", &treated), ("control", &control)] {
            let needed = name == "treated" || design != "beforeAfter";
            if needed && codes.is_empty() {
                return Err(Violation::new(name, "required"));
            }
            if !codes.iter().all(known) {
                return Err(Violation::new(name, "unknown_district"));
            }
        }
        #[expect(clippy::cast_possible_truncation, reason = "at most 1 095")]
        let days = number(params, "days", DAYS)? as i64;
        Ok(Asked { design, at, days, treated, control })
    };
    read().map_err(|broken| Error::BadParameter(vec![broken]))
}

fn count(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "counts of events stay far below 2^53")]
const fn as_f64(count: u64) -> f64 {
    count as f64
}
