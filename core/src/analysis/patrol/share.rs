//! What is done with the best plan found: what still fits is put in, and the
//! work is shared among the units. Once everything fits, the shortest way
//! would leave one unit at its base and send another everywhere.

use super::route::Route;
use super::{Patrol, Unit};

/// Stops that change hands at once, at most.
const LONGEST_STRING: usize = 8;
/// What a change must gain, as a share of all: less is not worth a longer way.
const LEAST_GAIN: f64 = 1e-3;

/// Puts in what is worth anything and still fits, the most worth first: in the
/// search a long way can weigh more than a small worth.
pub(super) fn fill(patrol: &Patrol<'_>, mut routes: Vec<Route>) -> Vec<Route> {
    let visited = |routes: &[Route], wanted: usize| {
        let apart = patrol.stops[wanted].apart;
        let stands = |stop: &usize| {
            *stop == wanted || (apart.is_some() && patrol.stops[*stop].apart == apart)
        };
        routes.iter().any(|route| route.stops.iter().any(stands))
    };
    let mut left: Vec<usize> =
        (0..patrol.stops.len()).filter(|stop| patrol.stops[*stop].prize > 0.0).collect();
    left.sort_by(|a, b| patrol.stops[*b].prize.total_cmp(&patrol.stops[*a].prize).then(a.cmp(b)));
    for stop in left {
        if visited(&routes, stop) {
            continue;
        }
        let places = routes.iter().enumerate().filter_map(|(unit, route)| {
            route.best_place(stop, unit, patrol).map(|place| (place.adds, unit, place.at))
        });
        if let Some((_, unit, at)) = places.min() {
            routes[unit].insert(stop, at, &patrol.units[unit], patrol);
        }
    }
    routes
}

/// Moves strings of stops from busier rounds to idler ones as long as the
/// squares of what each does, in seconds on the way and at stops for each
/// second of its shift, become less. The same stops are visited, within shifts
/// and windows. Costs O(units · stops²) a change at the worst.
pub(super) fn share(patrol: &Patrol<'_>, mut routes: Vec<Route>) -> Vec<Route> {
    // Each change gains; the number only bounds what rounding could repeat.
    for _ in 0..4 * patrol.stops.len() {
        let Some(change) = best_change(patrol, &routes) else { break };
        let Change { from, to, rounds: [given, taken], .. } = change;
        (routes[from], routes[to]) = (given, taken);
    }
    routes
}

/// One string from one round to another.
struct Change {
    from: usize,
    to: usize,
    gain: f64,
    rounds: [Route; 2],
}

/// The best change for the busiest unit that can give anything away.
fn best_change(patrol: &Patrol<'_>, routes: &[Route]) -> Option<Change> {
    let load = |unit: usize| cost(&patrol.units[unit], busy(patrol, &routes[unit]));
    let least = LEAST_GAIN * (0..routes.len()).map(load).sum::<f64>();
    let part = |unit: usize| load(unit) / length(&patrol.units[unit]);
    let mut order: Vec<usize> = (0..routes.len()).collect();
    order.sort_by(|a, b| part(*b).total_cmp(&part(*a)).then(a.cmp(b)));
    order.iter().find_map(|from| {
        let mut best: Option<Change> = None;
        for to in order.iter().filter(|to| *to != from) {
            for at in 0..routes[*from].stops.len() {
                for end in at + 1..=routes[*from].stops.len().min(at + LONGEST_STRING) {
                    let bar = best.as_ref().map_or(least, |best| best.gain);
                    best = moved(patrol, routes, (*from, at, end), (*to, bar)).or(best);
                }
            }
        }
        best
    })
}

/// The best way to give the stops `at..end` of one round to another, if any
/// gains more than `bar`.
fn moved(
    patrol: &Patrol<'_>,
    routes: &[Route],
    (from, at, end): (usize, usize, usize),
    (to, bar): (usize, f64),
) -> Option<Change> {
    let (giver, taker) = (&patrol.units[from], &patrol.units[to]);
    let stops = &routes[from].stops;
    let string = &stops[at..end];
    if string.iter().any(|stop| patrol.stops[*stop].unit.is_some()) {
        return None;
    }
    let node = |stop: usize| patrol.stops[stop].node;
    let way = |unit: &Unit<'_>, path: &[usize]| -> i64 {
        path.windows(2).map(|pair| unit.travel.between(pair[0], pair[1])).sum()
    };
    let around = |unit: &Unit<'_>, stops: &[usize], at: usize| {
        let before = at.checked_sub(1).map_or(unit.base, |before| node(stops[before]));
        [before, stops.get(at).map_or(unit.base, |after| node(*after))]
    };
    let service: i64 = string.iter().map(|stop| i64::from(patrol.stops[*stop].service)).sum();
    let [before, _] = around(giver, stops, at);
    let [_, after] = around(giver, stops, end);
    let mut path: Vec<usize> = string.iter().map(|stop| node(*stop)).collect();
    let past = |unit: &Unit<'_>, path: &[usize], [before, after]: [usize; 2]| {
        let ends =
            unit.travel.between(before, path[0]) + unit.travel.between(path[path.len() - 1], after);
        way(unit, path) + ends - unit.travel.between(before, after)
    };
    let [lent, held] = [from, to].map(|unit| busy(patrol, &routes[unit]));
    let less = lent - service - past(giver, &path, [before, after]);
    let kept = cost(giver, lent) + cost(taker, held) - cost(giver, less);
    let mut string = string.to_vec();
    let mut best: Option<Change> = None;
    for backwards in [false, true] {
        if backwards {
            if string.len() == 1 {
                break;
            }
            string.reverse();
            path.reverse();
        }
        for into in 0..=routes[to].stops.len() {
            let more = service + past(taker, &path, around(taker, &routes[to].stops, into));
            let gain = kept - cost(taker, held + more);
            if gain <= best.as_ref().map_or(bar, |best| best.gain) {
                continue;
            }
            let mut rounds = [routes[from].clone(), routes[to].clone()];
            rounds[0].stops.drain(at..end);
            rounds[1].stops.splice(into..into, string.iter().copied());
            if rounds[0].time(giver, patrol) && rounds[1].time(taker, patrol) {
                best = Some(Change { from, to, gain, rounds });
            }
        }
    }
    best
}

/// Seconds on the way and at stops.
fn busy(patrol: &Patrol<'_>, route: &Route) -> i64 {
    let service: i64 = route.stops.iter().map(|stop| i64::from(patrol.stops[*stop].service)).sum();
    route.travel + service
}

fn length(unit: &Unit<'_>) -> f64 {
    f64::from((unit.to - unit.from).max(1))
}

fn cost(unit: &Unit<'_>, busy: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "seconds of a shift")]
    let busy = busy as f64;
    busy * busy / length(unit)
}
