//! What decided plans had planned in a window, beside what was given: for
//! whoever sees plans. To everybody else it is not known.

use super::Limit;
use crate::app::layers::period::Period;
use crate::app::layers::staff::StaffSource;
use crate::app::plan_patrol::PlannedStop;
use crate::encode::Value;
use fyren_core::analysis::{Followed, MadeVisit, PlannedVisit, followed};
use std::collections::BTreeSet;

/// Seconds around a shift in which a visit is one of its round.
const AROUND_S: i64 = 3_600;

/// The plans of a window.
pub(super) struct Planned {
    /// What came of them, by area; `None` where plans are not for these eyes.
    areas: Option<Vec<Followed>>,
    days: usize,
    of_days: i64,
}

impl Planned {
    /// The plans of `window`, before today, in areas that `area_of` tells, and
    /// what was `made` of them.
    pub fn new(
        source: &StaffSource,
        (areas, window): (usize, Period),
        area_of: impl Fn(&PlannedStop) -> Option<usize>,
        made: &[MadeVisit],
    ) -> Self {
        let until = window.to.min(source.today);
        let of_days = i64::from((until - window.from).get_days()).max(0);
        let Some(stops) = &source.plans else { return Self { areas: None, days: 0, of_days } };
        let inside = |stop: &&PlannedStop| window.from <= stop.day && stop.day < until;
        let stops: Vec<&PlannedStop> = stops.iter().filter(inside).collect();
        let days: BTreeSet<_> = stops.iter().map(|stop| stop.day).collect();
        let plan = |stop: &&PlannedStop| {
            let (from, to) = (stop.shift.0.as_second(), stop.shift.1.as_second());
            let within = (from - AROUND_S, to + AROUND_S);
            area_of(stop).map(|area| PlannedVisit { area, within })
        };
        let planned: Vec<PlannedVisit> = stops.iter().filter_map(plan).collect();
        Self { areas: Some(followed(areas, &planned, made)), days: days.len(), of_days }
    }

    /// `planned`, `given` and `missed` of an area: nothing where no plan was
    /// made in the whole window, or where plans are not for these eyes.
    pub fn told(&self, area: usize) -> [Value<'static>; 3] {
        match self.areas.as_ref().filter(|_| self.days > 0).and_then(|areas| areas.get(area)) {
            Some(one) => [one.planned.into(), one.given.into(), one.missed().into()],
            None => [Value::Null, Value::Null, Value::Null],
        }
    }

    /// How many days of the window had a plan, of how many: those before today.
    pub fn member(&self) -> (&'static str, Value<'static>) {
        let told = vec![("days", self.days.into()), ("ofDays", Value::Int(self.of_days))];
        let told = self.areas.as_ref().map_or(Value::Null, |_| Value::Object(told));
        ("plans", told)
    }

    /// What cannot be said.
    pub fn limit(&self) -> Option<Limit> {
        if self.areas.is_none() {
            let text = "plans are for the police alone: what was planned is not told here";
            return Some(Limit::new("plans_not_seen", text));
        }
        let text = "no plan was decided for these days: nothing was planned, so nothing is missed";
        (self.days == 0).then(|| Limit::new("no_plan", text))
    }
}
