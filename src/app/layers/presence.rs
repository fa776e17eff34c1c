//! The visits behind layers that set presence beside need.

use super::staff::StaffSource;
use crate::encode::Value;
use crate::spatial::{Event, Filter};
use fyren_core::domain::{EventKind, Flags, Id, Plane, PresenceWeek};
use jiff::civil::Date;
use std::collections::HashSet;

/// One visit that no other corrects.
pub struct Seen<'a> {
    /// Where, unless only an area is known.
    pub at: Option<Plane>,
    /// Its district, empty where none is known.
    pub district: &'a str,
    /// How long.
    pub minutes: i64,
    /// On which local day.
    pub day: Option<Date>,
    /// Whether it is within the asked days, hours, weekdays and seasons; one
    /// that is not counts only for the days since the last visit.
    pub asked: bool,
}

/// Minutes, visits and the last day of presence somewhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Presence {
    /// Minutes in the asked days.
    pub minutes: i64,
    /// Visits in the asked days.
    pub visits: i64,
    last: Option<Date>,
}

impl Presence {
    /// Takes a visit into account.
    pub fn add(&mut self, visit: &Seen<'_>) {
        if visit.asked {
            self.visits += 1;
            self.minutes += visit.minutes;
        }
        self.last = self.last.max(visit.day);
    }

    /// Takes into account what is told of a week; `asked` as with [`Seen`]. The
    /// last visit may have been on its first day.
    pub fn add_week(&mut self, week: &PresenceWeek, asked: bool) {
        if week.visits == 0 {
            return;
        }
        if asked {
            self.visits += i64::from(week.visits);
            self.minutes += i64::from(week.minutes);
        }
        self.last = self.last.max(Some(week.week));
    }

    /// Whole days from the last visit to `today`; `None` without any.
    #[must_use]
    pub fn days_since(self, today: Date) -> Option<i64> {
        self.last.map(|last| i64::from((today - last).get_days()).max(0))
    }
}

/// Hands every visit that may be seen to `each`; the question's categories and
/// source classes speak of reports and not of visits. Returns how many drop out
/// because their time is not known.
pub fn each_visit(source: &StaffSource, mut each: impl FnMut(&Seen<'_>)) -> usize {
    let asked = Filter {
        categories: Vec::new(),
        sources: Vec::new(),
        without: Flags::CORRECTED,
        ..source.filter(EventKind::Visit)
    };
    let ever = Filter {
        kinds: asked.kinds.clone(),
        without: asked.without,
        districts: asked.districts.clone(),
        bounds: asked.bounds,
        region: asked.region.clone(),
        ..Filter::default()
    };
    let mut unknown_time = 0;
    for (_, snapshot) in source.snapshots() {
        let selected = snapshot.select(&asked);
        unknown_time += selected.unknown_time();
        let within: HashSet<Id> = selected.events().map(|visit| visit.id).collect();
        for visit in snapshot.select(&ever).events() {
            each(&seen(source, &visit, within.contains(&visit.id)));
        }
    }
    unknown_time
}

/// The contexts whose visits are in the numbers: to a municipal role, presence
/// at a hot spot is that of civil guardians alone.
pub fn presence_of(source: &StaffSource) -> (&'static str, Value<'static>) {
    let contexts = source.snapshots().map(|(context, _)| context.code().into());
    ("presenceOf", Value::List(contexts.collect()))
}

fn seen<'a>(source: &StaffSource, visit: &Event<'a>, asked: bool) -> Seen<'a> {
    let projection = source.ground.geofence.projection();
    let zone = || source.ground.zone.clone();
    Seen {
        at: visit.position.map(|at| projection.forward(at)),
        district: visit.district,
        minutes: i64::from(visit.weight),
        day: visit.start.map(|start| start.to_zoned(zone()).date()),
        asked,
    }
}
