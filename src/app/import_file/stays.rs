//! Positions in, visits out: the track is dropped.

use crate::import::{Draft, DraftPlace, Record};
use fyren_core::analysis::stays::{Stay, StayFinder};
use fyren_core::domain::{Position, Violation, When};
use jiff::Timestamp;
use std::collections::HashMap;

/// Most units of one log.
const MAX_UNITS: usize = 10_000;
/// Radius in metres in which a stay lies, its positions being within 100 m of
/// its first.
const PRECISION_M: f64 = 50.0;

/// The stays of every unit of a log that is read once, in the order of its
/// times within each unit. Holds a sum per unit and no position.
#[derive(Default)]
pub(super) struct Stays {
    units: HashMap<String, Unit>,
    /// Positions that were taken.
    pub positions: u64,
}

struct Unit {
    finder: StayFinder,
    /// The row that may be the first of a stay.
    first: (Draft, Record),
}

impl Stays {
    /// Takes a position; gives the visit that it ends, with its first row.
    ///
    /// # Errors
    /// Violates `at: required`, `place: required` where it is no point,
    /// `at: time_order`, `unit: too_many_units`.
    pub(super) fn take(
        &mut self,
        draft: Draft,
        record: &Record,
    ) -> Result<Option<(Draft, Record)>, Violation> {
        let (at, position) = point(&draft)?;
        self.positions += 1;
        let name = draft.unit.clone().unwrap_or_default();
        if self.units.len() >= MAX_UNITS && !self.units.contains_key(&name) {
            return Err(Violation::new("unit", "too_many_units"));
        }
        let unit = self.units.entry(name).or_insert_with(|| Unit {
            finder: StayFinder::default(),
            first: (draft.clone(), record.clone()),
        });
        let ended = unit.finder.push(at, position);
        let ended = ended.map_err(|_order| Violation::new("at", "time_order"))?;
        let visit = ended.map(|stay| unit.visit(&stay));
        if unit.finder.began() == Some(at) {
            unit.first = (draft, record.clone());
        }
        Ok(visit)
    }

    /// The visits that the end of the log ends.
    pub(super) fn end(&mut self) -> Vec<(Draft, Record)> {
        let mut units: Vec<(String, Unit)> = self.units.drain().collect();
        units.sort_by(|a, b| a.0.cmp(&b.0));
        let visit = |(_, mut unit): (String, Unit)| {
            let stay = unit.finder.finish()?;
            Some(unit.visit(&stay))
        };
        units.into_iter().filter_map(visit).collect()
    }
}

impl Unit {
    fn visit(&self, stay: &Stay) -> (Draft, Record) {
        let (draft, record) = &self.first;
        let unit = draft.unit.as_deref().unwrap_or_default();
        let visit = Draft {
            external_id: format!("{unit}@{}", stay.from),
            when: When::Interval { from: stay.from, to: stay.to },
            place: DraftPlace::Point(stay.position),
            precision_m: Some(PRECISION_M),
            ..draft.clone()
        };
        (visit, record.clone())
    }
}

fn point(draft: &Draft) -> Result<(Timestamp, Position), Violation> {
    let When::Instant { at, .. } = draft.when else {
        return Err(Violation::new("at", "required"));
    };
    match draft.place {
        DraftPlace::Point(position) => Ok((at, position)),
        _ => Err(Violation::new("place", "required")),
    }
}
