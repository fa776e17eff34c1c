//! Which events say where there is need: what heat and hot spots rest on.

use super::staff::StaffSource;
use crate::encode::Value;
use crate::spatial::{Event, Filter, Snapshot};
use fyren_core::domain::{EventKind, Flags, Plane, SourceClass, SourceTag};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// Reports of residents and of trained reporters, unless others are asked for.
const DEFAULT: &[SourceClass] = &[SourceClass::Citizen, SourceClass::Trained];

/// Events with places good enough, and the count of all others.
pub struct Needs {
    /// The events, in no order.
    pub points: Vec<Point>,
    /// Distinct sources of the points.
    pub sources: usize,
    /// Points by source class: classes are never summed silently.
    pub by_class: BTreeMap<&'static str, usize>,
    /// Events whose place is known too coarsely.
    pub imprecise: usize,
    /// Events of which only an area is known.
    pub area_coded: usize,
    /// Events that drop out because their time is not known.
    pub unknown_time: usize,
    /// The first start or arrival among the points.
    pub first: Option<Timestamp>,
}

/// One event.
#[derive(Debug, Clone, Copy)]
pub struct Point {
    /// Where.
    pub at: Plane,
    /// Who says so.
    pub source: SourceTag,
    /// When, else the hour of its arrival.
    pub time: Timestamp,
}

/// The filter of one snapshot's events of need: not quarantined, not merged
/// into another, not of safe places, not corrected, and not found by the police
/// themselves.
fn filter(source: &StaffSource, classes: &[SourceClass]) -> Filter {
    let kind = |class: &SourceClass| match class {
        SourceClass::Citizen | SourceClass::Trained => EventKind::Report,
        SourceClass::Police | SourceClass::Statistics => EventKind::Incident,
        SourceClass::Presence => EventKind::Visit,
    };
    let mut kinds: Vec<EventKind> = classes.iter().map(kind).collect();
    kinds.dedup();
    let without = Flags::QUARANTINED
        .with(Flags::MERGED)
        .with(Flags::SAFE_PLACE)
        .with(Flags::CORRECTED)
        .with(Flags::POLICE_INITIATED);
    let sources = classes.to_vec();
    Filter { kinds, sources, without, ..source.filter(EventKind::Report) }
}

impl Needs {
    /// The events that the question selects, those whose place is known to
    /// `coarsest_m` metres or better as points.
    pub fn of(source: &StaffSource, coarsest_m: f64) -> Self {
        let asked = &source.query.filter.sources;
        let classes = if asked.is_empty() { DEFAULT } else { asked };
        let filter = filter(source, classes);
        let mut needs = Self {
            points: Vec::new(),
            sources: 0,
            by_class: BTreeMap::new(),
            imprecise: 0,
            area_coded: 0,
            unknown_time: 0,
            first: None,
        };
        for (_, snapshot) in source.snapshots() {
            needs.add(snapshot, &filter, coarsest_m);
        }
        let sources: HashSet<SourceTag> = needs.points.iter().map(|point| point.source).collect();
        needs.sources = sources.len();
        needs.first = needs.points.iter().map(|point| point.time).min();
        needs
    }

    fn add(&mut self, snapshot: &Arc<Snapshot>, filter: &Filter, coarsest_m: f64) {
        let selection = snapshot.select(filter);
        let mut placed = 0;
        snapshot.each_position(filter, |at, precision_m, row| {
            placed += 1;
            if precision_m > coarsest_m {
                self.imprecise += 1;
                return;
            }
            let event = snapshot.at_row(row);
            *self.by_class.entry(event.source_class.code()).or_default() += 1;
            self.points.push(Point { at, source: event.source_tag, time: time(&event) });
        });
        self.area_coded += selection.len() - placed;
        self.unknown_time += selection.unknown_time();
    }

    /// What every answer about need says of the events it rests on.
    pub fn members(&self) -> Vec<(&'static str, Value<'static>)> {
        let by_class = self.by_class.iter().map(|(class, number)| (*class, (*number).into()));
        vec![
            ("reports", self.points.len().into()),
            ("sources", self.sources.into()),
            ("reportsBySource", Value::Object(by_class.collect())),
            ("imprecise", self.imprecise.into()),
            ("areaCoded", self.area_coded.into()),
            ("unknownTime", self.unknown_time.into()),
        ]
    }
}

fn time(event: &Event<'_>) -> Timestamp {
    event.start.unwrap_or(event.received_hour)
}
