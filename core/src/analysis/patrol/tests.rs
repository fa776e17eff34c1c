//! Patrol rounds: what a plan promises, on small grounds that can be checked by hand.

use super::*;
use proptest::prelude::*;

const QUICK: PatrolSearch = PatrolSearch { seed: 7, rounds: 2_000, irregularity: 0.0 };

/// Points on a line, one second apart a unit of length.
fn line(places: &[u32]) -> Vec<u32> {
    places.iter().flat_map(|a| places.iter().map(move |b| a.abs_diff(*b))).collect()
}

fn stop(node: usize, prize: f64) -> Stop {
    Stop { node, prize, service: 10, open: 0, close: 10_000, unit: None, apart: None }
}

fn one(stop: usize) -> CoverFloor {
    CoverFloor { stops: vec![stop], at_least: 1 }
}

#[test]
fn the_shift_decides_what_is_left_out() {
    let seconds = line(&[0, 10, 20, 100]);
    let travel = Travel::new(4, &seconds).unwrap();
    let stops = [stop(1, 1.0), stop(2, 1.0), stop(3, 9.0)];
    let unit = |to| [Unit { base: 0, from: 0, to, travel }];
    let plan = |to| {
        let units = unit(to);
        plan_patrol(&Patrol { stops: &stops, units: &units, floors: &[] }, QUICK).unwrap()
    };
    assert!((plan(60).prize - 2.0).abs() < 1e-9, "the far one takes 210 s");
    assert!((plan(210).prize - 9.0).abs() < 1e-9, "the far one alone");
    let all = plan(230);
    assert!((all.prize - 11.0).abs() < 1e-9 && all.back == [230], "{all:?}");
}

#[test]
fn a_floor_is_met_before_anything_is_gathered() {
    let seconds = line(&[0, 10, 100]);
    let travel = Travel::new(3, &seconds).unwrap();
    let stops = [stop(1, 50.0), stop(2, 0.0)];
    let units = [Unit { base: 0, from: 0, to: 215, travel }];
    let floors = [one(1)];
    let plan = plan_patrol(&Patrol { stops: &stops, units: &units, floors: &floors }, QUICK);
    let plan = plan.unwrap();
    assert!(plan.unmet.is_empty());
    assert_eq!(plan.rounds[0].iter().map(|call| call.stop).collect::<Vec<_>>(), [1]);
}

#[test]
fn a_floor_that_nobody_can_reach_is_told_from_one_for_which_time_is_short() {
    let seconds = line(&[0, 10, 1_000, 90]);
    let travel = Travel::new(4, &seconds).unwrap();
    let stops = [stop(1, 1.0), stop(2, 1.0), stop(3, 1.0)];
    let units = [Unit { base: 0, from: 0, to: 195, travel }];
    let floors = [one(1), one(2), one(0)];
    let plan = plan_patrol(&Patrol { stops: &stops, units: &units, floors: &floors }, QUICK);
    let unmet = plan.unwrap().unmet;
    assert_eq!(unmet[0], Unmet { floor: 0, missing: 1, out_of_reach: true });
    assert_eq!(unmet.len(), 2, "only one of the two others fits: {unmet:?}");
    assert!(!unmet[1].out_of_reach);
}

#[test]
fn units_share_the_work_and_lose_nothing_by_it() {
    // Ten stops of 20 minutes, the farthest 50 minutes away: in eight hours
    // one unit could visit them all.
    let seconds = line(&[0, 600, 1200, 1800, 2400, 3000]);
    let travel = Travel::new(6, &seconds).unwrap();
    let long = |node| Stop { service: 1_200, close: 8 * 3_600, ..stop(node, 1.0) };
    let stops: Vec<Stop> = (0..10).map(|at| long(1 + at % 5)).collect();
    let unit = Unit { base: 0, from: 0, to: 8 * 3_600, travel };
    for shifts in [vec![unit; 2], vec![unit, Unit { to: 4 * 3_600, ..unit }], vec![unit; 3]] {
        let patrol = Patrol { stops: &stops, units: &shifts, floors: &[] };
        let plan = plan_patrol(&patrol, QUICK).unwrap();
        assert!((plan.prize - 10.0).abs() < 1e-9, "every stop is visited: {}", plan.prize);
        let shares: Vec<f64> = (plan.rounds.iter().zip(&plan.back))
            .map(|(round, back)| if round.is_empty() { 0.0 } else { f64::from(*back) })
            .zip(&shifts)
            .map(|(back, unit)| back / f64::from(unit.to))
            .collect();
        let most = shares.iter().copied().fold(0.0, f64::max);
        let least = shares.iter().copied().fold(1.0, f64::min);
        assert!(least > 0.3 * most, "{shares:?}");
    }
}

#[test]
fn a_break_is_a_stop_of_one_unit_within_its_time() {
    let seconds = line(&[0, 10]);
    let travel = Travel::new(2, &seconds).unwrap();
    let pause = Stop {
        node: 0,
        prize: 0.0,
        service: 60,
        open: 100,
        close: 120,
        unit: Some(1),
        apart: None,
    };
    let mut stops = vec![stop(1, 1.0); 12];
    stops.push(pause);
    let units = vec![Unit { base: 0, from: 0, to: 300, travel }; 2];
    let floors = [one(12)];
    let plan = plan_patrol(&Patrol { stops: &stops, units: &units, floors: &floors }, QUICK);
    let plan = plan.unwrap();
    let taken = plan.rounds[1].iter().find(|call| call.stop == 12).unwrap();
    assert!((100..=120).contains(&taken.start) && taken.leave == taken.start + 60);
    assert!((plan.prize - 12.0).abs() < 1e-9);
}

#[test]
fn another_seed_goes_other_ways_and_gathers_nearly_as_much() {
    let places: Vec<u32> = (0..40).map(|place| place * 7919 % 601).collect();
    let seconds = line(&places);
    let travel = Travel::new(40, &seconds).unwrap();
    let stops: Vec<Stop> = (1..40).map(|node| stop(node, 1.0)).collect();
    let units = [Unit { base: 0, from: 0, to: 900, travel }];
    let patrol = Patrol { stops: &stops, units: &units, floors: &[] };
    let plan = |seed| {
        plan_patrol(&patrol, PatrolSearch { seed, rounds: 4_000, irregularity: 0.3 }).unwrap()
    };
    let (a, b) = (plan(1), plan(2));
    assert_eq!(a, plan(1));
    assert_ne!(a.rounds, b.rounds);
    assert!((a.prize - b.prize).abs() <= 3.0, "{} and {}", a.prize, b.prize);
}

#[test]
fn what_does_not_fit_together_is_named() {
    assert_eq!(Travel::new(2, &[0, 1, 1]).unwrap_err().rule, "not_square");
    let travel = Travel::new(1, &[0]).unwrap();
    let units = [Unit { base: 0, from: 0, to: 9, travel }];
    let ask = |stops: &[Stop], units: &[Unit<'_>], floors: &[CoverFloor], search| {
        plan_patrol(&Patrol { stops, units, floors }, search).map_err(|v| v.field.clone())
    };
    let fault = |stops: &[Stop]| ask(stops, &units, &[], QUICK).unwrap_err();
    assert_eq!(fault(&[stop(1, 1.0)]), "node");
    assert_eq!(fault(&[stop(0, -1.0)]), "prize");
    assert_eq!(fault(&[Stop { close: 0, open: 1, ..stop(0, 1.0) }]), "window");
    assert_eq!(fault(&[Stop { unit: Some(1), ..stop(0, 1.0) }]), "unit");
    assert_eq!(ask(&[], &[], &[], QUICK).unwrap_err(), "unit");
    assert_eq!(ask(&[], &units, &[one(0)], QUICK).unwrap_err(), "floor");
    let none = PatrolSearch { rounds: 0, ..QUICK };
    assert_eq!(ask(&[], &units, &[], none).unwrap_err(), "rounds");
    assert!(ask(&[], &units, &[], QUICK).unwrap().rounds[0].is_empty());
}

/// The best prize of one unit, by trying every order.
fn best_by_trying(patrol: &Patrol<'_>, seen: &mut Vec<usize>, node: usize, free: i64) -> f64 {
    let unit = &patrol.units[0];
    let mut best = 0.0_f64;
    for (index, stop) in patrol.stops.iter().enumerate() {
        let start = (free + unit.travel.between(node, stop.node)).max(stop.open.into());
        let leave = start + i64::from(stop.service);
        let back = leave + unit.travel.between(stop.node, unit.base);
        if seen.contains(&index) || start > stop.close.into() || back > unit.to.into() {
            continue;
        }
        seen.push(index);
        best = best.max(stop.prize + best_by_trying(patrol, seen, stop.node, leave));
        seen.pop();
    }
    best
}

prop_compose! {
    fn windowed(nodes: usize)(
        node in 0..nodes, prize in 0..20_u32, service in 1..30_u32, open in 0..200_u32,
        wide in 0..200_u32,
    ) -> Stop {
        Stop { node, prize: f64::from(prize), service, open, close: open + wide, unit: None, apart: None }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_small_plan_is_the_best_there_is(
        places in prop::collection::vec(0..100_u32, 6),
        stops in prop::collection::vec(windowed(6), 1..6),
        to in 50..400_u32,
    ) {
        let seconds = line(&places);
        let travel = Travel::new(6, &seconds).unwrap();
        let units = [Unit { base: 0, from: 0, to, travel }];
        let patrol = Patrol { stops: &stops, units: &units, floors: &[] };
        let best = best_by_trying(&patrol, &mut Vec::new(), 0, 0);
        let plan = plan_patrol(&patrol, QUICK).unwrap();
        prop_assert!((plan.prize - best).abs() < 1e-9, "{} of {best}", plan.prize);
    }

    #[test]
    fn every_plan_keeps_shifts_windows_and_floors_and_says_which_it_does_not(
        places in prop::collection::vec(0..300_u32, 12),
        stops in prop::collection::vec(windowed(12), 1..25),
        shifts in prop::collection::vec((0..100_u32, 0..500_u32), 1..4),
        chosen in prop::collection::vec(prop::collection::vec(any::<prop::sample::Index>(), 1..4), 0..5),
        seed in 0..1000_u64,
    ) {
        let seconds = line(&places);
        let travel = Travel::new(12, &seconds).unwrap();
        let units: Vec<_> = shifts
            .iter()
            .map(|(from, long)| Unit { base: 3, from: *from, to: from + long, travel })
            .collect();
        let floor = |picks: &Vec<prop::sample::Index>| {
            let mut of: Vec<_> = picks.iter().map(|pick| pick.index(stops.len())).collect();
            of.sort_unstable();
            of.dedup();
            CoverFloor { at_least: of.len().div_ceil(2), stops: of }
        };
        let floors: Vec<_> = chosen.iter().map(floor).collect();
        let patrol = Patrol { stops: &stops, units: &units, floors: &floors };
        let plan = plan_patrol(&patrol, PatrolSearch { seed, rounds: 400, irregularity: 0.2 }).unwrap();
        let mut visited = Vec::new();
        for ((round, unit), back) in plan.rounds.iter().zip(&units).zip(&plan.back) {
            let (mut node, mut free) = (unit.base, unit.from);
            for call in round {
                let there = &stops[call.stop];
                prop_assert_eq!(i64::from(call.arrive), i64::from(free) + travel.between(node, there.node));
                prop_assert_eq!(call.start, call.arrive.max(there.open));
                prop_assert!(call.start <= there.close && call.leave == call.start + there.service);
                visited.push(call.stop);
                (node, free) = (there.node, call.leave);
            }
            prop_assert_eq!(i64::from(*back), i64::from(free) + travel.between(node, unit.base));
            prop_assert!(*back <= unit.to);
        }
        let once: std::collections::BTreeSet<_> = visited.iter().collect();
        prop_assert_eq!(once.len(), visited.len(), "a stop twice");
        for (index, floor) in floors.iter().enumerate() {
            let met = floor.stops.iter().filter(|stop| visited.contains(stop)).count();
            let told = plan.unmet.iter().find(|unmet| unmet.floor == index).map_or(0, |u| u.missing);
            prop_assert_eq!(told, floor.at_least.saturating_sub(met));
        }
    }
}
