//! `promises`: the ledger of what was promised, public by nature. It has no
//! place of its own.

use super::answer::Built;
use super::public::PublicSource;
use super::query::LayerQuery;
use super::rows::{Rows, both};
use crate::encode::{FeatureId, Shape, Value};
use fyren_core::domain::{Promise, PromiseTarget, ReleaseWindow, Verdict};
use std::borrow::Cow;

const FIELDS: &[&str] = &[
    "slug",
    "theme",
    "owner",
    "from",
    "to",
    "text",
    "target",
    "unit",
    "purposes",
    "evidence",
    "verdict",
    "verdictReason",
    "source",
];

/// Answers the layer: promises whose period meets the asked days.
pub fn build(source: &PublicSource, query: &LayerQuery) -> Built {
    let mut rows = Rows::new(FIELDS);
    // What belongs to the whole municipality lies in no box and no district.
    let whole = query.filter.bounds.is_none() && query.filter.districts.is_empty();
    for promise in source.promises().iter().filter(|promise| whole && meets(promise, query)) {
        rows.push(FeatureId::Text(Cow::Owned(promise.slug.clone())), Shape::None, values(promise));
    }
    rows.built(Vec::new())
}

fn meets(promise: &Promise, query: &LayerQuery) -> bool {
    // The last day of a promise is its own.
    let window = ReleaseWindow { from: promise.from, to: promise.to };
    query.dates.0.is_none_or(|from| from <= window.to)
        && query.dates.1.is_none_or(|to| window.from < to)
}

fn values(promise: &Promise) -> Vec<Value<'static>> {
    let target = match promise.target {
        PromiseTarget::AtLeast(number) => Value::from(number),
        PromiseTarget::NeedBased => "need_based".into(),
        PromiseTarget::NoNumber => Value::Null,
    };
    let evidence = promise.evidence.iter().map(|evidence| {
        Value::Object(vec![("on", evidence.on.to_string().into()), ("text", both(&evidence.text))])
    });
    vec![
        promise.slug.clone().into(),
        promise.theme.clone().into(),
        promise.owner.code().into(),
        promise.from.to_string().into(),
        promise.to.to_string().into(),
        both(&promise.text),
        target,
        promise.unit.code().into(),
        Value::List(promise.purposes.iter().map(|purpose| purpose.code().into()).collect()),
        Value::List(evidence.collect()),
        promise.verdict.map(Verdict::code).into(),
        promise.verdict_reason.as_ref().map_or(Value::Null, both),
        promise.source.clone().into(),
    ]
}
