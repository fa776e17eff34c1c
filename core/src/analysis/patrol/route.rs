//! One unit's round, with what is known of its times so that putting a stop in
//! is judged in constant time (Savelsbergh 1992).

use super::{Call, Patrol, Unit};

/// Stops in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Route {
    pub stops: Vec<usize>,
    /// Second at which each visit begins.
    early: Vec<i64>,
    /// Latest second at which each may begin for the rest to fit.
    late: Vec<i64>,
    /// Seconds on the way.
    pub travel: i64,
}

/// Where a stop goes in, and the seconds of travel that it adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub at: usize,
    pub adds: i64,
}

impl Route {
    /// Stops in order, without times yet.
    pub fn of(stops: Vec<usize>) -> Self {
        Self { stops, ..Self::default() }
    }

    /// The place where `stop` adds the least travel, if any.
    pub fn best_place(&self, stop: usize, unit: usize, patrol: &Patrol<'_>) -> Option<Place> {
        let wanted = patrol.stops[stop];
        if wanted.unit.is_some_and(|only| only != unit) {
            return None;
        }
        let unit = &patrol.units[unit];
        let (mut node, mut free) = (unit.base, i64::from(unit.from));
        let mut best: Option<Place> = None;
        for at in 0..=self.stops.len() {
            let start = (free + unit.travel.between(node, wanted.node)).max(wanted.open.into());
            if start > i64::from(wanted.close) {
                // Every later place begins later still.
                break;
            }
            let (next, latest) = match self.stops.get(at) {
                Some(next) => (patrol.stops[*next].node, self.late[at]),
                None => (unit.base, i64::from(unit.to)),
            };
            let onward = unit.travel.between(wanted.node, next);
            let adds =
                unit.travel.between(node, wanted.node) + onward - unit.travel.between(node, next);
            let fits = start + i64::from(wanted.service) + onward <= latest;
            if fits && best.is_none_or(|best| adds < best.adds) {
                best = Some(Place { at, adds });
            }
            if let Some(next) = self.stops.get(at) {
                node = patrol.stops[*next].node;
                free = self.early[at] + i64::from(patrol.stops[*next].service);
            }
        }
        best
    }

    pub fn insert(&mut self, stop: usize, at: usize, unit: &Unit<'_>, patrol: &Patrol<'_>) {
        self.stops.insert(at, stop);
        self.time(unit, patrol);
    }

    /// Works the times out anew. Leaving stops out may only make a round later
    /// where the way around them is shorter than the way past them.
    ///
    /// Gives whether the round still fits its shift and windows.
    pub fn time(&mut self, unit: &Unit<'_>, patrol: &Patrol<'_>) -> bool {
        let number = self.stops.len();
        self.early.clear();
        self.late.clear();
        self.late.resize(number, 0);
        let (mut node, mut free, mut fits) = (unit.base, i64::from(unit.from), true);
        self.travel = 0;
        for stop in &self.stops {
            let stop = &patrol.stops[*stop];
            let way = unit.travel.between(node, stop.node);
            let start = (free + way).max(stop.open.into());
            fits &= start <= i64::from(stop.close);
            self.early.push(start);
            self.travel += way;
            (node, free) = (stop.node, start + i64::from(stop.service));
        }
        let home = unit.travel.between(node, unit.base);
        self.travel += home;
        let (mut next, mut latest) = (unit.base, i64::from(unit.to));
        for at in (0..number).rev() {
            let stop = &patrol.stops[self.stops[at]];
            let begin = latest - unit.travel.between(stop.node, next) - i64::from(stop.service);
            latest = begin.min(stop.close.into());
            self.late[at] = latest;
            next = stop.node;
        }
        fits && free + home <= i64::from(unit.to)
    }

    /// The visits with their times.
    pub fn calls(&self, unit: &Unit<'_>, patrol: &Patrol<'_>) -> Vec<Call> {
        let (mut node, mut free) = (unit.base, i64::from(unit.from));
        let call = |(stop, start): (&usize, &i64)| {
            let there = &patrol.stops[*stop];
            let arrive = free + unit.travel.between(node, there.node);
            let leave = start + i64::from(there.service);
            (node, free) = (there.node, leave);
            Call {
                stop: *stop,
                arrive: second(arrive),
                start: second(*start),
                leave: second(leave),
            }
        };
        self.stops.iter().zip(&self.early).map(call).collect()
    }

    /// When the unit is back.
    pub fn back(&self, unit: &Unit<'_>, patrol: &Patrol<'_>) -> u32 {
        let last = self.stops.last().zip(self.early.last());
        let back = last.map_or(i64::from(unit.from), |(stop, start)| {
            let stop = &patrol.stops[*stop];
            start + i64::from(stop.service) + unit.travel.between(stop.node, unit.base)
        });
        second(back)
    }
}

/// Times of a round lie within its shift.
fn second(time: i64) -> u32 {
    u32::try_from(time).unwrap_or(u32::MAX)
}
