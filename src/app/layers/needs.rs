//! Which events say where there is need: what heat and hot spots rest on.

use super::staff::StaffSource;
use crate::encode::Value;
use crate::spatial::{Event, Filter, Snapshot};
use fyren_core::domain::{EventKind, Flags, Hours, Plane, SourceClass, SourceTag};
use jiff::Timestamp;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reports of residents and of trained reporters, unless others are asked for.
pub const DEFAULT: &[SourceClass] = &[SourceClass::Citizen, SourceClass::Trained];

/// What no event of need is: quarantined, merged into another, of a safe place,
/// corrected, or found by the police themselves.
pub const WITHOUT: Flags = Flags::QUARANTINED
    .with(Flags::MERGED)
    .with(Flags::SAFE_PLACE)
    .with(Flags::CORRECTED)
    .with(Flags::POLICE_INITIATED);

/// The source classes that a question is about.
pub fn classes(source: &StaffSource) -> &[SourceClass] {
    let asked = &source.query.filter.sources;
    if asked.is_empty() { DEFAULT } else { asked }
}

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
    /// Whether that is known, and not only when it arrived.
    pub known_time: bool,
    /// The local hours in which it may have begun; empty where not known.
    pub hours: Hours,
    /// Whether it repeats an earlier report.
    pub duplicate: bool,
}

/// The filter of one snapshot's events of need of some source classes.
pub fn filter(source: &StaffSource, classes: &[SourceClass]) -> Filter {
    let kind = |class: &SourceClass| match class {
        SourceClass::Citizen | SourceClass::Trained => EventKind::Report,
        SourceClass::Police | SourceClass::Statistics => EventKind::Incident,
        SourceClass::Presence => EventKind::Visit,
    };
    let mut kinds: Vec<EventKind> = classes.iter().map(kind).collect();
    kinds.dedup();
    let sources = classes.to_vec();
    Filter { kinds, sources, without: WITHOUT, ..source.filter(EventKind::Report) }
}

impl Needs {
    /// The events that the question selects, those whose place is known to
    /// `coarsest_m` metres or better as points.
    pub fn of(source: &StaffSource, coarsest_m: f64) -> Self {
        let filter = &source.query.filter;
        Self::between(source, coarsest_m, (filter.from, filter.to))
    }

    /// The same from one moment to another, whatever days are asked for.
    pub fn between(
        source: &StaffSource,
        coarsest_m: f64,
        (from, to): (Option<Timestamp>, Option<Timestamp>),
    ) -> Self {
        let filter = Filter { from, to, ..filter(source, classes(source)) };
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
        needs.sources = distinct(needs.points.iter().map(|point| point.source).collect());
        needs.first = needs.points.iter().map(|point| point.time).min();
        needs
    }

    fn add(&mut self, snapshot: &Arc<Snapshot>, filter: &Filter, coarsest_m: f64) {
        let selection = snapshot.select(filter);
        let (mut placed, mut by_class) = (0, [0; SourceClass::ALL.len()]);
        snapshot.each_position(filter, |at, precision_m, row| {
            placed += 1;
            if precision_m > coarsest_m {
                self.imprecise += 1;
                return;
            }
            let told = snapshot.witness(row);
            by_class[told.source_class as usize] += 1;
            self.points.push(Point {
                at,
                source: told.source_tag,
                time: told.time,
                known_time: told.known_time,
                hours: told.hours,
                duplicate: told.flags.has(Flags::DUPLICATE),
            });
        });
        for (class, number) in SourceClass::ALL.iter().zip(by_class).filter(|(_, n)| *n > 0) {
            *self.by_class.entry(class.code()).or_default() += number;
        }
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

/// How many different ones there are.
pub fn distinct<T: Ord + Send>(mut all: Vec<T>) -> usize {
    all.par_sort_unstable();
    all.dedup();
    all.len()
}

/// When an event began, else the hour of its arrival.
pub fn time(event: &Event<'_>) -> Timestamp {
    event.start.unwrap_or(event.received_hour)
}
