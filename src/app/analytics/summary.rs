//! `summary`: what may be said of each district: a count, how sure it is, and
//! whether it has changed since the time before.

use super::Said;
use crate::app::Result;
use crate::app::layers::answer::Built;
use crate::app::layers::needs::{classes, filter};
use crate::app::layers::period::Period;
use crate::app::layers::query::start_of;
use crate::app::layers::rows::{Rows, figures, in_district};
use crate::app::layers::staff::StaffSource;
use crate::encode::{FeatureId, Shape, Value};
use crate::spatial::Filter;
use fyren_core::analysis::{AreaCount, AreaSummary, SummaryNote, summary};
use fyren_core::domain::SourceTag;
use jiff::Span;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

const FIELDS: &[&str] = &[
    "area",
    "name",
    "count",
    "ciLow",
    "ciHigh",
    "previousCount",
    "ratio",
    "ratioLow",
    "ratioHigh",
    "pMid",
    "rate",
    "ebRate",
    "ebLow",
    "ebHigh",
    "pGt2x",
    "sources",
    "note",
];

/// Days of the window, where no others are asked for.
const DAYS: i64 = 365;

/// What was counted in the districts.
#[derive(Default)]
pub struct Counted {
    /// Events of each district, and who told of them.
    pub events: BTreeMap<String, (u32, HashSet<SourceTag>)>,
    /// Events by source class.
    pub by_class: BTreeMap<&'static str, usize>,
}

/// Summarises the districts that are asked for.
pub fn build(source: &StaffSource) -> Result<Built> {
    let window = last_days(source, DAYS);
    let length = Span::new().days(i64::from((window.to - window.from).get_days()));
    let before = window.from.checked_sub(length).unwrap_or(window.from);
    let before = Period { from: before, to: window.from };
    let (now, earlier) = (counted(source, window), counted(source, before));
    let mut said = Said { window: Some(window), ..Said::default() };
    said.n = now.by_class.values().sum();
    said.source.clone_from(&now.by_class);
    said.params = vec![("area", "district".into()), ("previous", before.value())];
    let asked = |code: &str| in_district(&source.query, Some(code));
    let all = source.ground.municipality.districts.iter();
    let districts: Vec<_> = all.filter(|district| asked(&district.code.0)).collect();
    let area = |code: &String| {
        let of = |counted: &Counted| counted.events.get(code).map_or(0, |(count, _)| *count);
        let sources = now.events.get(code).map_or(0, |(_, sources)| sources.len());
        (of(&now), of(&earlier), u32::try_from(sources).unwrap_or(u32::MAX))
    };
    let areas: Vec<AreaCount> = districts
        .iter()
        .map(|district| {
            let (count, previous, sources) = area(&district.code.0);
            let exposure = district.residents.map_or(0.0, f64::from);
            AreaCount { count, previous, exposure, sources }
        })
        .collect();
    let mut rows = Rows::new(FIELDS);
    for (district, found) in districts.iter().zip(summary(&areas, (window.days(), before.days()))?)
    {
        let mut values = vec![district.code.0.clone().into(), district.name.clone().into()];
        values.extend(told(&found));
        let shape = Shape::MultiPolygon(Cow::Owned(district.boundary.clone()));
        rows.push(FeatureId::Text(Cow::Owned(district.code.0.clone())), shape, values);
    }
    Ok(rows.built(said.members()))
}

fn told(found: &AreaSummary) -> Vec<Value<'static>> {
    let change = &found.change;
    let rate = |pick: fn(&fyren_core::analysis::EbRate) -> f64| {
        found.rate.as_ref().map_or(Value::Null, |rate| figures(pick(rate)))
    };
    vec![
        found.count.into(),
        figures(found.interval.low),
        figures(found.interval.high),
        found.previous.into(),
        figures(change.ratio),
        figures(change.interval.low),
        figures(change.interval.high),
        figures(change.p),
        rate(|rate| rate.rate),
        rate(|rate| rate.eb_rate),
        rate(|rate| rate.interval.low),
        rate(|rate| rate.interval.high),
        rate(|rate| rate.p_gt_2x),
        found.sources.into(),
        found.note.map(SummaryNote::code).into(),
    ]
}

/// The asked days, else so many up to today.
pub fn last_days(source: &StaffSource, days: i64) -> Period {
    let (from, to) = source.query.dates;
    let to = to.unwrap_or_else(|| source.today.tomorrow().unwrap_or(source.today));
    let span = Span::new().days(days);
    let from = from.unwrap_or_else(|| to.checked_sub(span).unwrap_or(to));
    Period { from, to }
}

/// Counts the events of need of some days by district.
pub fn counted(source: &StaffSource, period: Period) -> Counted {
    let zone = &source.ground.zone;
    let (from, to) = (start_of(period.from, zone), start_of(period.to, zone));
    let filter = Filter { from, to, ..filter(source, classes(source)) };
    let mut counted = Counted::default();
    for (_, snapshot) in source.snapshots() {
        for event in snapshot.select(&filter).events() {
            let (count, sources) = counted.events.entry(event.district.to_owned()).or_default();
            *count += 1;
            sources.insert(event.source_tag);
            *counted.by_class.entry(event.source_class.code()).or_default() += 1;
        }
    }
    counted
}
