//! `trend`: do reports become more or fewer, district by district? January is
//! compared with January, so that a busy summer is no trend.

use super::{Limit, Minimum, Said};
use crate::app::Result;
use crate::app::layers::answer::Built;
use crate::app::layers::needs::{WITHOUT, classes, filter, time};
use crate::app::layers::period::Period;
use crate::app::layers::rows::{Rows, figures, in_district};
use crate::app::layers::staff::StaffSource;
use crate::encode::{FeatureId, Shape, Value};
use crate::spatial::Filter;
use fyren_core::analysis::{hamed_rao, q_values, seasonal_mann_kendall};
use fyren_core::domain::Flags;
use jiff::ToSpan;
use jiff::civil::Date;
use std::borrow::Cow;
use std::collections::BTreeMap;

const FIELDS: &[&str] =
    &["area", "name", "counts", "total", "s", "tau", "z", "p", "q", "slopePerYear", "hamedRaoP"];

/// Months of a year.
const PERIOD: usize = 12;

/// The trend of the reports of every district that is asked for.
pub fn build(source: &StaffSource) -> Result<Built> {
    let (series, mut said) = monthly(source);
    said.params = vec![
        ("period", PERIOD.into()),
        ("area", "district".into()),
        ("test", "seasonal Mann-Kendall, Sen's slope".into()),
        ("correction", "Benjamini-Hochberg".into()),
    ];
    let text = "more reports may mean more people who know how to report";
    said.limits.push(Limit::new("reports_not_events", text));
    let mut rows = Rows::new(FIELDS);
    if let Some(limit) = Minimum::TREND.unmet(series.months) {
        said.insufficient = Some(limit.rule);
        said.limits.push(limit);
        return Ok(rows.built(said.members()));
    }
    let districts = source.ground.municipality.districts.iter();
    let asked = districts.filter(|district| in_district(&source.query, Some(&district.code.0)));
    let mut found = Vec::new();
    for district in asked {
        let counts = series.of(&district.code.0);
        let trend = (seasonal_mann_kendall(&counts, PERIOD)?, hamed_rao(&counts)?.p);
        found.push((district, counts, trend));
    }
    let p: Vec<f64> = found.iter().map(|(.., (trend, _))| trend.p).collect();
    for ((district, counts, (trend, corrected)), q) in found.into_iter().zip(q_values(&p)) {
        let code = &district.code.0;
        let total: f64 = counts.iter().sum();
        let values = vec![
            code.clone().into(),
            district.name.clone().into(),
            Value::List(counts.into_iter().map(Value::from).collect()),
            total.into(),
            Value::Int(trend.s),
            figures(trend.tau),
            figures(trend.z),
            figures(trend.p),
            figures(q),
            figures(trend.slope),
            figures(corrected),
        ];
        let shape = Shape::MultiPolygon(Cow::Owned(district.boundary.clone()));
        rows.push(FeatureId::Text(Cow::Owned(code.clone())), shape, values);
    }
    Ok(rows.built(said.members()))
}

/// Reports of each district by whole months.
struct Series {
    months: usize,
    counts: BTreeMap<String, Vec<f64>>,
}

impl Series {
    fn of(&self, district: &str) -> Vec<f64> {
        self.counts.get(district).cloned().unwrap_or_else(|| vec![0.0; self.months])
    }
}

/// The asked months, else those from the first report to the last whole one.
/// A repeated report is no new event; one of unknown time is in no month.
fn monthly(source: &StaffSource) -> (Series, Said) {
    let zone = &source.ground.zone;
    let without = WITHOUT.with(Flags::DUPLICATE);
    let wanted = Filter { without, ..filter(source, classes(source)) };
    let mut said = Said::default();
    let (mut dated, mut undated) = (Vec::new(), 0);
    for (_, snapshot) in source.snapshots() {
        for event in snapshot.select(&wanted).events() {
            if event.start.is_none() {
                undated += 1;
                continue;
            }
            *said.source.entry(event.source_class.code()).or_default() += 1;
            dated.push((time(&event).to_zoned(zone.clone()).date(), event.district.to_owned()));
        }
    }
    said.n = dated.len();
    if undated > 0 {
        let text = format!("{undated} events have no known time and are left out");
        said.limits.push(Limit::new("unknown_time_left_out", text));
    }
    let first = dated.iter().map(|(day, _)| *day).min();
    let window = whole_months(source, first);
    said.window = Some(window);
    let from = month_of(window.from);
    let months = usize::try_from(month_of(window.to) - from).unwrap_or(0);
    let mut counts: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for (day, district) in dated {
        let month = usize::try_from(month_of(day) - from).ok();
        if let Some(month) = month.filter(|month| *month < months) {
            counts.entry(district).or_insert_with(|| vec![0.0; months])[month] += 1.0;
        }
    }
    (Series { months, counts }, said)
}

/// From the first of a month to the first of another.
fn whole_months(source: &StaffSource, first: Option<Date>) -> Period {
    let (from, to) = source.query.dates;
    let to = to.unwrap_or(source.today).first_of_month();
    let from = from.or(first).unwrap_or(to);
    let begun = from.day() > 1;
    let next = if begun { from.checked_add(1.month()).unwrap_or(from) } else { from };
    Period { from: next.first_of_month().min(to), to }
}

fn month_of(day: Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month())
}
