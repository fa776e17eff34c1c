//! What rounds over several shifts promise, on grounds that chance draws.

use super::*;
use proptest::prelude::*;

/// Places on a line, one second apart a unit of length.
fn line(places: &[u32]) -> Vec<u32> {
    places.iter().flat_map(|a| places.iter().map(move |b| a.abs_diff(*b))).collect()
}

fn window(day: u32, open: u32, close: u32) -> Window {
    Window { day, open, close, share: 1.0 }
}

fn candidate(node: usize, worth: f64, district: usize) -> Candidate {
    Candidate {
        node,
        worth,
        service: 10,
        district: Some(district),
        windows: vec![window(0, 0, 10_000)],
        must: false,
        coverage: false,
        shift: None,
    }
}

fn ask<'a>(
    candidates: &'a [Candidate],
    shifts: &'a [Shift<'a>],
    floors: &'a [usize],
) -> TourQuestion<'a> {
    TourQuestion { candidates, shifts, floors, coverage_share: 0.0, seed: 7, irregularity: 0.0 }
}

#[test]
fn a_place_left_alone_is_worth_more_and_one_never_seen_is_worth_its_need() {
    let at = |days| worth(10.0, days, 7.0);
    assert!(at(Some(0)).abs() < 1e-9 && at(Some(3)) < at(Some(20)) && at(Some(20)) < 10.0);
    assert!((at(None) - 10.0).abs() < 1e-9);
    assert!((at(Some(7)) - 10.0 * (1.0 - (-1.0_f64).exp())).abs() < 1e-9);
}

#[test]
fn a_second_visit_on_another_day_is_worth_half() {
    let seconds = line(&[0, 10]);
    let travel = Travel::new(2, &seconds).unwrap();
    let mut place = candidate(1, 8.0, 0);
    place.windows = vec![window(0, 0, 100), window(1, 1_000, 1_100)];
    let shift = |from| Shift { base: 0, from, to: from + 60, pause: 0, travel };
    let shifts = [shift(0), shift(1_000)];
    let found = tour(&ask(&[place], &shifts, &[2])).unwrap();
    assert!(found.unmet.is_empty() && (found.prize - 12.0).abs() < 1e-9, "{found:?}");
    assert!(found.rounds.iter().all(|round| round.visits.len() == 1));
}

#[test]
fn a_share_of_the_visits_goes_where_no_reports_are() {
    let seconds = line(&[0, 10, 20, 30, 40]);
    let travel = Travel::new(5, &seconds).unwrap();
    let mut candidates: Vec<Candidate> = (1..5).map(|node| candidate(node, 9.0, 0)).collect();
    for quiet in &mut candidates[2..] {
        (quiet.worth, quiet.coverage) = (0.1, true);
    }
    let shifts = [Shift { base: 0, from: 0, to: 105, pause: 0, travel }];
    let greedy = tour(&ask(&candidates, &shifts, &[0])).unwrap();
    let fair = tour(&TourQuestion { coverage_share: 0.5, ..ask(&candidates, &shifts, &[0]) });
    let fair = fair.unwrap();
    assert!(greedy.prize >= fair.prize, "{greedy:?} {fair:?}");
    assert!(fair.coverage_share >= 0.5 && fair.unmet.is_empty(), "{fair:?}");
}

#[test]
fn what_is_wished_for_is_visited_in_its_shift_and_a_break_is_had_in_the_middle() {
    let seconds = line(&[0, 10, 20]);
    let travel = Travel::new(3, &seconds).unwrap();
    let mut wish = candidate(2, 0.0, 0);
    (wish.must, wish.shift) = (true, Some(1));
    let candidates = [candidate(1, 5.0, 0), wish];
    let shifts = [Shift { base: 0, from: 0, to: 300, pause: 30, travel }; 2];
    let found = tour(&ask(&candidates, &shifts, &[0])).unwrap();
    assert!(found.unmet.is_empty());
    assert!(found.rounds[1].visits.iter().any(|visit| visit.candidate == 1));
    for round in &found.rounds {
        let (from, to) = round.pause.unwrap();
        assert!((100..=200).contains(&from) && to == from + 30);
    }
}

#[test]
fn a_district_without_enough_places_or_time_is_named() {
    let seconds = line(&[0, 10, 500]);
    let travel = Travel::new(3, &seconds).unwrap();
    let candidates = [candidate(1, 5.0, 0), candidate(2, 5.0, 1)];
    let shifts = [Shift { base: 0, from: 0, to: 100, pause: 0, travel }];
    let found = tour(&ask(&candidates, &shifts, &[1, 1])).unwrap();
    let far = UnmetFloor { of: FloorOf::District(1), missing: 1, out_of_reach: true };
    assert_eq!(found.unmet, [far]);
    assert_eq!(found.rounds[0].visits.len(), 1, "the nearest plan is told all the same");
    let wrong = tour(&TourQuestion { coverage_share: 1.5, ..ask(&candidates, &shifts, &[1, 1]) });
    assert_eq!(wrong.unwrap_err().field, "coverageShare");
    assert_eq!(tour(&ask(&candidates, &shifts, &[1])).unwrap_err().field, "floor");
}

/// A place whose visit is worth all of it in its hot hours, and less in others.
fn with_hot_hours(node: usize, worth: f64, (from, to): (u32, u32), less: f64) -> Candidate {
    let rest = Window { share: less, ..window(0, 0, 1_000) };
    Candidate { windows: vec![window(0, from, to), rest], ..candidate(node, worth, 0) }
}

#[test]
fn a_unit_comes_when_its_visit_is_worth_most_and_only_once() {
    let seconds = line(&[0, 10, 20, 30]);
    let travel = Travel::new(4, &seconds).unwrap();
    let late = with_hot_hours(1, 9.0, (600, 700), 0.5);
    let candidates = [late, candidate(2, 5.0, 0), candidate(3, 5.0, 0)];
    let shifts = [Shift { base: 0, from: 0, to: 900, pause: 0, travel }];
    let found = tour(&ask(&candidates, &shifts, &[3])).unwrap();
    assert!((found.prize - 19.0).abs() < 1e-9 && found.unmet.is_empty(), "{found:?}");
    let start = found.rounds[0].visits.iter().find(|visit| visit.candidate == 0).unwrap().start;
    assert!((600..=700).contains(&start), "{start}");
    // A shift that is over by then goes there all the same.
    let shifts = [Shift { base: 0, from: 0, to: 300, pause: 0, travel }];
    let early = tour(&ask(&candidates, &shifts, &[3])).unwrap();
    assert!((early.prize - 14.5).abs() < 1e-9, "{early:?}");
    // Two windows of a day are no two places of a district.
    let found = tour(&ask(&candidates[..1], &shifts, &[2])).unwrap();
    let short = UnmetFloor { of: FloorOf::District(0), missing: 1, out_of_reach: true };
    assert_eq!(found.unmet, [short]);
}

#[test]
fn a_stop_of_little_worth_and_a_long_way_is_visited_where_there_is_time() {
    let seconds = line(&[61, 0]);
    let travel = Travel::new(2, &seconds).unwrap();
    let candidates =
        [with_hot_hours(0, 14.0, (104, 104), 0.2), with_hot_hours(1, 1.0, (0, 0), 0.1)];
    let shifts = [Shift { base: 0, from: 0, to: 246, pause: 0, travel }];
    let found = tour(&ask(&candidates, &shifts, &[0])).unwrap();
    assert!((found.prize - 14.1).abs() < 1e-9, "{found:?}");
}

/// The best that one unit can gather, by trying every order and window.
fn best_by_trying(
    question: &TourQuestion<'_>,
    seen: &mut Vec<usize>,
    (node, free): (usize, i64),
) -> f64 {
    let shift = &question.shifts[0];
    let mut best = 0.0_f64;
    for (index, place) in question.candidates.iter().enumerate() {
        for window in &place.windows {
            let start = (free + shift.travel.between(node, place.node)).max(window.open.into());
            let leave = start + i64::from(place.service);
            let back = leave + shift.travel.between(place.node, shift.base);
            if seen.contains(&index) || start > window.close.into() || back > shift.to.into() {
                continue;
            }
            seen.push(index);
            let rest = best_by_trying(question, seen, (place.node, leave));
            best = best.max(place.worth * window.share + rest);
            seen.pop();
        }
    }
    best
}

prop_compose! {
    fn hot_place(nodes: usize)(
        node in 0..nodes, worth in 1..20_u32, from in 0..300_u32, long in 0..80_u32,
        less in 0.1..0.9_f64,
    ) -> Candidate {
        with_hot_hours(node, worth.into(), (from, from + long), less)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn hot_hours_are_met_as_well_as_any_order_of_visits_meets_them(
        places in prop::collection::vec(0..100_u32, 6),
        candidates in prop::collection::vec(hot_place(6), 1..5),
        to in 50..400_u32,
        seed in 0..1_000_u64,
    ) {
        let seconds = line(&places);
        let travel = Travel::new(6, &seconds).unwrap();
        let shifts = [Shift { base: 0, from: 0, to, pause: 0, travel }];
        let question = TourQuestion { seed, ..ask(&candidates, &shifts, &[0]) };
        let found = tour(&question).unwrap();
        let best = best_by_trying(&question, &mut Vec::new(), (0, 0));
        prop_assert!((found.prize - best).abs() < 1e-9, "{} of {best}", found.prize);
        let mut told = 0.0;
        for (index, place) in candidates.iter().enumerate() {
            let visits = found.rounds[0].visits.iter().filter(|visit| visit.candidate == index);
            let starts: Vec<u32> = visits.map(|visit| visit.start).collect();
            prop_assert!(starts.len() <= 1, "two windows of a day are one visit");
            let shares = place.windows.iter().filter(|window| {
                starts.first().is_some_and(|at| (window.open..=window.close).contains(at))
            });
            told += place.worth * shares.map(|window| window.share).fold(0.0, f64::max);
        }
        prop_assert!(told >= found.prize - 1e-9, "a visit is in the window that it is paid for");
    }

    #[test]
    fn a_place_alone_is_visited_in_its_hot_hours_where_the_shift_allows_it(
        way in 0..50_u32, from in 0..400_u32, long in 0..100_u32, (begin, length) in (0..200_u32, 100..500_u32),
        less in 0.0..0.95_f64, seed in 0..1_000_u64,
    ) {
        let seconds = line(&[0, way]);
        let travel = Travel::new(2, &seconds).unwrap();
        let place = with_hot_hours(1, 7.0, (from, from + long), less);
        let shifts = [Shift { base: 0, from: begin, to: begin + length, pause: 0, travel }];
        let candidates = [place];
        let found = tour(&TourQuestion { seed, ..ask(&candidates, &shifts, &[0]) }).unwrap();
        let reached = (begin + way).max(from);
        let allows = reached <= from + long && reached + 10 + way <= begin + length;
        if allows {
            let start = found.rounds[0].visits[0].start;
            prop_assert!((from..=from + long).contains(&start), "{start}");
        }
    }
}

prop_compose! {
    fn place(nodes: usize)(
        node in 0..nodes, worth in 0..20_u32, service in 1..30_u32, district in 0..4_usize,
        windows in prop::collection::vec((0..200_u32, 0..400_u32), 1..3),
        must in prop::bool::weighted(0.1), coverage in any::<bool>(),
    ) -> Candidate {
        let windows = windows.into_iter().zip(0..);
        let windows = windows.map(|((open, wide), day)| window(day, open, open + wide)).collect();
        let (worth, district) = (f64::from(worth), Some(district));
        Candidate { node, worth, service, district, windows, must, coverage, shift: None }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_tour_keeps_shifts_windows_breaks_and_floors_and_says_which_it_does_not(
        places in prop::collection::vec(0..300_u32, 10),
        candidates in prop::collection::vec(place(10), 1..16),
        shifts in prop::collection::vec((0..100_u32, 60..500_u32, prop::bool::ANY), 1..4),
        floors in prop::collection::vec(0..3_usize, 4),
        coverage_share in 0.0..0.6_f64,
        seed in 0..1_000_u64,
    ) {
        let seconds = line(&places);
        let travel = Travel::new(10, &seconds).unwrap();
        let shift = |(from, long, pause): &(u32, u32, bool)| {
            Shift { base: 3, from: *from, to: from + long, pause: if *pause { 15 } else { 0 }, travel }
        };
        let shifts: Vec<_> = shifts.iter().map(shift).collect();
        let question = TourQuestion {
            candidates: &candidates, shifts: &shifts, floors: &floors, coverage_share, seed,
            irregularity: 0.3,
        };
        let found = tour(&question).unwrap();
        prop_assert_eq!(&found, &tour(&question).unwrap(), "the same seed, the same plan");
        let missing = |of: FloorOf| {
            found.unmet.iter().find(|unmet| unmet.of == of).map_or(0, |unmet| unmet.missing)
        };
        let mut visits = vec![0_usize; candidates.len()];
        for (index, (round, shift)) in found.rounds.iter().zip(&shifts).enumerate() {
            prop_assert!(round.leave >= shift.from && round.back <= shift.to);
            let (mut node, mut free, mut travelled) = (shift.base, round.leave, 0_i64);
            // Who has a break before anything else leaves after it, and nobody leaves only to wait.
            let mut rest = round.pause.filter(|(_, to)| *to > round.leave);
            prop_assert!(round.visits.first().is_none_or(|first| first.arrive == first.start));
            for visit in &round.visits {
                if let Some((from, to)) = rest.filter(|(from, _)| *from < visit.start) {
                    let home = i64::from(free) + travel.between(node, shift.base);
                    prop_assert!(home <= i64::from(from));
                    travelled += travel.between(node, shift.base);
                    (node, free, rest) = (shift.base, to, None);
                }
                let there = &candidates[visit.candidate];
                let way = travel.between(node, there.node);
                prop_assert_eq!(i64::from(visit.arrive), i64::from(free) + way);
                prop_assert!(visit.start >= visit.arrive);
                prop_assert_eq!(visit.leave, visit.start + there.service);
                let open = |window: &Window| (window.open..=window.close).contains(&visit.start);
                prop_assert!(there.windows.iter().any(open));
                visits[visit.candidate] += 1;
                travelled += way;
                (node, free) = (there.node, visit.leave);
            }
            if let Some((_, to)) = rest {
                travelled += travel.between(node, shift.base);
                (node, free) = (shift.base, to);
            }
            travelled += travel.between(node, shift.base);
            prop_assert_eq!(i64::from(round.back), i64::from(free) + travel.between(node, shift.base));
            prop_assert_eq!(i64::from(round.travel), travelled);
            let third = (shift.to - shift.from) / 3;
            let within = |(from, to): (u32, u32)| {
                (shift.from + third..=shift.from + 2 * third).contains(&from) && to == from + shift.pause
            };
            prop_assert!(round.pause.is_none_or(within));
            prop_assert_eq!(missing(FloorOf::Pause(index)), usize::from(shift.pause > 0 && round.pause.is_none()));
        }
        for (index, candidate) in candidates.iter().enumerate() {
            prop_assert!(visits[index] <= candidate.windows.len());
            let left = usize::from(candidate.must && visits[index] == 0);
            prop_assert_eq!(missing(FloorOf::Candidate(index)), left);
        }
        for (district, floor) in floors.iter().enumerate() {
            let of = candidates.iter().zip(&visits).filter(|(c, _)| c.district == Some(district));
            let met: usize = of.map(|(_, visits)| visits).sum();
            prop_assert_eq!(missing(FloorOf::District(district)), floor.saturating_sub(met));
        }
    }
}
