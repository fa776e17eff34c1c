//! Presence that is told by the week, beside the visits of the logs.

use super::staff::StaffSource;
use crate::encode::Value;
use crate::spatial::Filter;
use fyren_core::domain::{
    Context, EventKind, Flags, PresenceSource, PresenceWeek, believed, monday_of,
};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What is believed of presence that is told by the week.
pub struct Told {
    /// The weeks.
    pub weeks: Vec<PresenceWeek>,
    /// The asked days; `None` where only parts of weeks are asked for.
    days: Option<(Option<Date>, Option<Date>)>,
}

impl Told {
    /// Of everything that is `told`: nothing of weeks in which the log of the
    /// police has a visit, and one source of each other.
    pub fn of(source: &StaffSource, told: &[PresenceWeek]) -> Self {
        let filter = &source.query.filter;
        let local = |at: jiff::Timestamp| at.to_zoned(source.ground.zone.clone()).date();
        let whole = Filter::default();
        let parts = filter.hours != whole.hours
            || filter.weekdays != whole.weekdays
            || filter.seasons != whole.seasons
            || filter.bounds.is_some()
            || filter.region.is_some();
        let days = (!parts).then(|| (filter.from.map(local), filter.to.map(local)));
        if told.is_empty() {
            return Self { weeks: Vec::new(), days };
        }
        let stands = Filter {
            kinds: vec![EventKind::Visit],
            without: Flags::CORRECTED,
            ..Filter::default()
        };
        let mut logged = BTreeSet::new();
        for (context, snapshot) in source.snapshots() {
            if context == Context::Police {
                let visits = snapshot.select(&stands);
                let starts = visits.events().filter_map(|visit| visit.start);
                logged.extend(starts.map(|start| monday_of(local(start))));
            }
        }
        let weeks = believed(told.to_vec(), |week| logged.contains(&week));
        let asked = &filter.districts;
        let weeks = weeks.into_iter().filter(|w| asked.is_empty() || asked.contains(&w.district.0));
        Self { weeks: weeks.collect(), days }
    }

    /// Whether a week lies whole within the asked days. Of a question for some
    /// hours or weekdays only, no week can say anything.
    pub fn asks(&self, week: &PresenceWeek) -> bool {
        let Some((from, to)) = self.days else { return false };
        let end = week.week.saturating_add(7.days());
        from.is_none_or(|from| from <= week.week) && to.is_none_or(|to| end <= to)
    }

    /// How many visits rest on which source, and how many weeks could not be
    /// counted because only parts of weeks are asked for.
    pub fn sources(&self) -> (&'static str, Value<'static>) {
        let visits = |source: PresenceSource| {
            let said = self.weeks.iter().filter(|week| week.source == source && self.asks(week));
            said.map(|week| i64::from(week.visits)).sum::<i64>()
        };
        let left_out = self.weeks.iter().filter(|week| !self.asks(week)).count();
        let mut said: Vec<(&'static str, Value<'static>)> = PresenceSource::ALL
            .iter()
            .map(|source| (source.code(), Value::Int(visits(*source))))
            .collect();
        said.push(("weeksLeftOut", left_out.into()));
        ("presenceTold", Value::Object(said))
    }
}
