//! What rounds over several shifts promise, on grounds that chance draws.

use super::*;
use proptest::prelude::*;

/// Places on a line, one second apart a unit of length.
fn line(places: &[u32]) -> Vec<u32> {
    places.iter().flat_map(|a| places.iter().map(move |b| a.abs_diff(*b))).collect()
}

fn candidate(node: usize, worth: f64, district: usize) -> Candidate {
    Candidate {
        node,
        worth,
        service: 10,
        district: Some(district),
        windows: vec![(0, 10_000)],
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
    place.windows = vec![(0, 100), (1_000, 1_100)];
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

prop_compose! {
    fn place(nodes: usize)(
        node in 0..nodes, worth in 0..20_u32, service in 1..30_u32, district in 0..4_usize,
        windows in prop::collection::vec((0..200_u32, 0..400_u32), 1..3),
        must in prop::bool::weighted(0.1), coverage in any::<bool>(),
    ) -> Candidate {
        let windows = windows.into_iter().map(|(open, wide)| (open, open + wide)).collect();
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
            let mut rest = round.pause;
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
                let open = |(open, close): &(u32, u32)| (*open..=*close).contains(&visit.start);
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
