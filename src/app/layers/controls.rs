//! `controls`: traffic controls, each with why here and why now and what came
//! of it. To who is not of the police those that are done: where one is to
//! come is a secret.

use super::Layers;
use super::answer::Built;
use super::rows::{Rows, figures, in_box, in_district};
use super::staff::StaffSource;
use crate::app::{Result, failure};
use crate::encode::{FeatureId, Shape, Value};
use fyren_core::domain::{
    Breach, Context, Control, ControlAct, ControlState, MunicipalityCode, WhyHere, WhyNow,
};
use jiff::civil::Date;

const FIELDS: &[&str] = &[
    "site",
    "district",
    "kind",
    "state",
    "day",
    "calledFor",
    "whyHere",
    "whyNow",
    "overKmh",
    "sources",
    "daysSince",
    "reason",
    "minutes",
    "vehicles",
    "checked",
    "breaches",
    "v85BeforeKmh",
    "v85AfterKmh",
];

impl Layers {
    /// Every control, the latest first.
    pub(super) async fn controls(&self, code: &MunicipalityCode) -> Result<Vec<Control>> {
        self.police.controls(code).await.map_err(failure)
    }
}

/// Answers the layer: of the controls whose day is asked for, the latest first.
pub fn build(source: &StaffSource) -> Built {
    let police = source.snapshots().any(|(context, _)| context == Context::Police);
    let mut rows = Rows::new(FIELDS);
    for control in &source.controls {
        let shape = Shape::Point(control.at);
        let district = control.district.as_ref().map(|code| code.0.as_str());
        let seen = police || control.state() == ControlState::Done;
        let asked = in_box(&source.query, &shape)
            && in_district(&source.query, district)
            && control.day().is_some_and(|day| in_dates(source, day));
        if seen && asked {
            rows.push(FeatureId::Event(control.id), shape, values(control));
        }
    }
    rows.built(Vec::new())
}

fn in_dates(source: &StaffSource, day: Date) -> bool {
    let (from, to) = source.query.dates;
    from.is_none_or(|from| from <= day) && to.is_none_or(|to| day < to)
}

fn values(control: &Control) -> Vec<Value<'static>> {
    let reason = control.steps.last().and_then(|step| match &step.act {
        ControlAct::Moved(_, reason) | ControlAct::Lapsed(reason) => Some(reason.code()),
        ControlAct::Called(_) | ControlAct::Done(_) => None,
    });
    let result = control.result();
    let codes =
        |codes: Vec<&'static str>| Value::List(codes.into_iter().map(Value::from).collect());
    let breach = |(kind, number): &(Breach, u32)| (kind.code(), Value::from(*number));
    let kmh = |speed: Option<f64>| speed.map_or(Value::Null, figures);
    vec![
        control.site.clone().into(),
        control.district.as_ref().map(|code| code.0.clone()).into(),
        control.kind.code().into(),
        control.state().code().into(),
        control.day().map(|day| day.to_string()).into(),
        control.called_for().map(|day| day.to_string()).into(),
        codes(control.why_here.iter().map(|why: &WhyHere| why.code()).collect()),
        codes(control.why_now.iter().map(|why: &WhyNow| why.code()).collect()),
        kmh(control.numbers.over_kmh),
        control.numbers.sources.into(),
        control.numbers.days_since.into(),
        reason.into(),
        result.map(|result| result.minutes).into(),
        result.map(|result| result.vehicles).into(),
        result.map(|result| result.checked).into(),
        result.map_or(Value::Null, |r| Value::Object(r.breaches.iter().map(breach).collect())),
        kmh(result.and_then(|result| result.v85_before)),
        kmh(result.and_then(|result| result.v85_after)),
    ]
}
