//! What every answer of a method says of itself.

use super::Limit;
use crate::app::layers::{needs::Needs, period::Period};
use crate::encode::{Members, Value};
use std::collections::BTreeMap;

/// What a method says of its answer as a whole.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// What was asked, and what was chosen where nothing was.
    pub params: Members,
    /// Events, areas or visits that it rests on.
    pub n: usize,
    /// The days that it speaks of.
    pub window: Option<Period>,
    /// Events by source class: classes are never summed silently.
    pub source: BTreeMap<&'static str, usize>,
    /// What decided everything left to chance; `None` where nothing was.
    pub seed: Option<u64>,
    /// What weakens it.
    pub limits: Vec<Limit>,
    /// The rule of minimum data that failed: then nothing is said but counts.
    pub insufficient: Option<&'static str>,
}

impl Said {
    /// What can be said of an answer about the events of need.
    #[must_use]
    pub fn of(needs: &Needs, window: Period) -> Self {
        let mut limits = Vec::new();
        for (rule, number, why) in [
            ("imprecise_left_out", needs.imprecise, "events are placed too coarsely"),
            ("area_coded_left_out", needs.area_coded, "events have only an area"),
            ("unknown_time_left_out", needs.unknown_time, "events have no known time"),
        ] {
            if number > 0 {
                limits.push(Limit::new(rule, format!("{number} {why} and are left out")));
            }
        }
        let (n, source) = (needs.points.len(), needs.by_class.clone());
        Self { n, window: Some(window), source, limits, ..Self::default() }
    }

    /// Says beside `members` what they do not say already.
    pub fn beside(self, members: &mut Members) {
        let more = self.members().into_iter();
        let new = more.filter(|(name, _)| members.iter().all(|(known, _)| known != name));
        let new: Members = new.collect();
        members.extend(new);
    }

    /// As members of an answer.
    #[must_use]
    pub fn members(self) -> Members {
        let limit = |limit: &Limit| {
            let text = limit.text.clone();
            Value::Object(vec![("rule", limit.rule.into()), ("text", text.into())])
        };
        let source = self.source.iter().map(|(class, number)| (*class, (*number).into()));
        let seed = self.seed.map(|seed| i64::try_from(seed).unwrap_or(i64::MAX));
        vec![
            ("version", env!("CARGO_PKG_VERSION").into()),
            ("params", Value::Object(self.params)),
            ("n", self.n.into()),
            ("window", self.window.map_or(Value::Null, Period::value)),
            ("source", Value::Object(source.collect())),
            ("seed", seed.into()),
            ("limits", Value::List(self.limits.iter().map(limit).collect())),
            ("insufficient", self.insufficient.into()),
        ]
    }
}
