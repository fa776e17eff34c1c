//! Rounds that nobody can set a clock by: driven the other way round where
//! that is as good, and begun some minutes later where there is time.

use super::route::Route;
use super::tour::{TourRound, TourVisit};
use super::{Call, Patrol, Unit};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

/// The latest that a unit leaves after it could, in seconds.
const LATEST: f64 = 900.0;

/// One unit's round, varied by chance within everything that it has to keep.
/// `of` is the candidate of each stop; a break has none.
pub(super) fn vary(
    patrol: &Patrol<'_>,
    (unit, calls): (usize, &[Call]),
    seed: u64,
    of: &[Option<usize>],
) -> TourRound {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    dice.set_stream(1 + unit as u64);
    let mut unit = patrol.units[unit];
    let mut route = Route::of(calls.iter().map(|call| call.stop).collect());
    route.time(&unit, patrol);
    if dice.random::<bool>() {
        let turned = Route::of(route.stops.iter().rev().copied().collect());
        // Nobody has a break before any work only because the round is turned.
        let works_first = turned.stops.first().is_none_or(|first| of[*first].is_some());
        route = if_fits(turned, &unit, patrol)
            .filter(|turned| works_first && turned.travel <= route.travel + route.travel / 20)
            .unwrap_or(route);
    }
    if !route.stops.is_empty() {
        let slack = unit.to.saturating_sub(route.back(&unit, patrol));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most LATEST seconds"
        )]
        let late = (dice.random::<f64>() * LATEST.min(f64::from(slack))) as u32;
        let later = Unit { from: unit.from + late, ..unit };
        if let Some(moved) = if_fits(route.clone(), &later, patrol) {
            (unit, route) = (later, moved);
        }
    }
    told(&route, &unit, patrol, of)
}

fn if_fits(mut route: Route, unit: &Unit<'_>, patrol: &Patrol<'_>) -> Option<Route> {
    route.time(unit, patrol).then_some(route)
}

fn told(route: &Route, unit: &Unit<'_>, patrol: &Patrol<'_>, of: &[Option<usize>]) -> TourRound {
    let (mut visits, mut pause) = (Vec::new(), None);
    let mut calls = route.calls(unit, patrol);
    let leaves = depart(&mut calls, unit.from, of);
    for Call { stop, arrive, start, leave } in calls {
        match of[stop] {
            Some(candidate) => visits.push(TourVisit { candidate, arrive, start, leave }),
            None => pause = Some((start, leave)),
        }
    }
    TourRound {
        leave: leaves,
        visits,
        pause,
        back: route.back(unit, patrol),
        travel: u32::try_from(route.travel).unwrap_or(u32::MAX),
    }
}

/// When a unit leaves its base: in time for its first visit instead of to wait
/// there, and not before a break that comes first.
fn depart(calls: &mut [Call], from: u32, of: &[Option<usize>]) -> u32 {
    let mut free = from;
    for call in calls {
        if of[call.stop].is_some() {
            let way = call.arrive.saturating_sub(free);
            call.arrive = call.start;
            return call.start.saturating_sub(way);
        }
        free = call.leave;
    }
    from
}
