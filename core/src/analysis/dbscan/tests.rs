//! The grid against the definition.

use super::*;
use proptest::prelude::*;

fn at(east: f64, north: f64) -> Plane {
    Plane { east, north }
}

/// The definition, word by word, for a few points.
fn by_definition(
    events: &[Dated],
    eps_m: f64,
    days: f64,
    min_points: usize,
) -> (Vec<bool>, Vec<usize>) {
    let near = |a: usize, b: usize| {
        let (a, b) = (events[a], events[b]);
        (a.at.east - b.at.east).powi(2) + (a.at.north - b.at.north).powi(2) <= eps_m * eps_m
            && (a.day - b.day).abs() <= days
    };
    let all = 0..events.len();
    let core: Vec<bool> =
        all.clone().map(|a| all.clone().filter(|&b| near(a, b)).count() >= min_points).collect();
    let mut group: Vec<usize> = all.clone().collect();
    let mut changed = true;
    while changed {
        changed = false;
        for a in all.clone().filter(|&a| core[a]) {
            for b in all.clone().filter(|&b| core[b] && near(a, b)) {
                let least = group[a].min(group[b]);
                changed |= group[a] != least || group[b] != least;
                (group[a], group[b]) = (least, least);
            }
        }
    }
    (core, group)
}

#[test]
fn two_crowds_are_two_groups_and_the_lonely_point_is_noise() {
    let mut points: Vec<Plane> = (0..6).map(|i| at(f64::from(i) * 100.0, 0.0)).collect();
    points.extend((0..5).map(|i| at(f64::from(i), 5_000.0)));
    points.push(at(3_000.0, 0.0));
    let found = dbscan(&points, 150.0, 3).unwrap();
    assert_eq!(found.groups, 2);
    assert_eq!(found.labels[..6], [Some(0); 6]);
    assert_eq!(found.labels[6..11], [Some(1); 5]);
    assert_eq!(found.labels[11], None);
    assert!(!found.core[0] && found.core[1], "the end of the row has one neighbour only");
}

#[test]
fn the_radius_itself_is_near() {
    let points = [at(0.0, 0.0), at(90.0, 120.0)];
    assert_eq!(dbscan(&points, 150.0, 2).unwrap().groups, 1);
    assert_eq!(dbscan(&points, 149.999, 2).unwrap().groups, 0);
}

#[test]
fn a_border_point_joins_its_nearest_core_and_the_southern_one_of_two() {
    let with_border = |north: f64| {
        let mut points = vec![at(0.0, north), at(0.0, 0.0), at(0.0, 198.0)];
        for east in [-10.0, -5.0, 5.0, 10.0] {
            points.extend([at(east, -60.0), at(east, 258.0)]);
        }
        dbscan(&points, 100.0, 5).unwrap()
    };
    for (north, joins) in [(99.0, 1), (100.0, 2), (98.0, 1)] {
        let found = with_border(north);
        assert!(!found.core[0] && found.core[1] && found.core[2]);
        assert_eq!((found.groups, found.labels[0]), (2, found.labels[joins]), "{north}");
    }
}

#[test]
fn two_crowds_are_one_group_when_their_nearest_points_are_near() {
    let crowd = |from: f64| (0..8).map(move |i| at(from + f64::from(i), 0.0));
    let groups = |from: f64| {
        let points: Vec<Plane> = crowd(0.0).chain(crowd(from)).collect();
        dbscan(&points, 100.0, 5).unwrap().groups
    };
    assert_eq!((groups(107.0), groups(107.5)), (1, 2));
}

#[test]
fn a_place_that_was_busy_twice_is_two_places_in_time() {
    let events: Vec<Dated> = (0..8)
        .map(|i| Dated {
            at: at(f64::from(i % 4), 0.0),
            day: f64::from(i) + if i < 4 { 0.0 } else { 60.0 },
        })
        .collect();
    let all_year: Vec<Plane> = events.iter().map(|event| event.at).collect();
    assert_eq!(dbscan(&all_year, 150.0, 4).unwrap().groups, 1);
    let found = st_dbscan(&events, 150.0, 14.0, 4).unwrap();
    assert_eq!(found.groups, 2);
    assert_ne!(found.labels[0], found.labels[7]);
}

#[test]
fn what_cannot_be_grouped_is_refused_with_its_rule() {
    let refused =
        |points: &[Plane], eps_m, min| dbscan(points, eps_m, min).unwrap_err().to_string();
    assert_eq!(refused(&[], 0.0, 5), "epsM: out_of_range");
    assert_eq!(refused(&[], 150.0, 0), "minPts: out_of_range");
    assert_eq!(refused(&[at(f64::NAN, 0.0)], 150.0, 5), "points: not_finite");
    assert_eq!(refused(&[at(0.0, 0.0), at(1e9, 0.0)], 1e-3, 5), "epsM: too_small");
    let still = st_dbscan(&[], 150.0, 0.0, 4).unwrap_err();
    assert_eq!(still, Violation::new("days", "out_of_range"));
    assert_eq!(dbscan(&[], 150.0, 5).unwrap().groups, 0);
}

fn anywhere() -> impl Strategy<Value = Vec<Dated>> {
    // Steps of 30, 40 and 50 metres: many points lie exactly the radius apart.
    // One place or two, so far from each other that cells have large numbers.
    let event = |places: u32| {
        (0..places, 0u32..20, 0u32..20, 0u32..40).prop_map(|(place, east, north, day)| {
            let (far, north) = (f64::from(place), f64::from(north));
            let at = at(far * 240_000.0 + f64::from(east) * 30.0, far * 480_000.0 + north * 40.0);
            Dated { at, day: f64::from(day) * 3.5 }
        })
    };
    (1u32..3).prop_flat_map(move |places| prop::collection::vec(event(places), 0..90))
}

proptest! {
    #[test]
    fn cores_groups_and_noise_are_those_of_the_definition(
        events in anywhere(), min_points in 1usize..7, timed in any::<bool>(),
    ) {
        let days = if timed { 14.0 } else { f64::INFINITY };
        let (core, group) = by_definition(&events, 50.0, days, min_points);
        let near = Nearness { eps_m: 50.0, days };
        let found = grouped(&events, near, min_points).unwrap();
        prop_assert_eq!(&found.core, &core);
        for a in 0..events.len() {
            for b in 0..a {
                if core[a] && core[b] {
                    prop_assert_eq!(found.labels[a] == found.labels[b], group[a] == group[b]);
                }
            }
            let reached = (0..events.len()).any(|b| {
                let (a, b) = (events[a], events[b]);
                let apart = (a.at.east - b.at.east).hypot(a.at.north - b.at.north);
                apart <= 50.0 && (a.day - b.day).abs() <= days && {
                    let index = events.iter().position(|event| *event == b).unwrap();
                    core[index]
                }
            });
            prop_assert_eq!(found.labels[a].is_some(), reached);
        }
    }

    #[test]
    fn neither_the_order_of_the_events_nor_the_origin_changes_anything(
        events in anywhere(), turn in 0usize..90,
    ) {
        let before = st_dbscan(&events, 50.0, 14.0, 4).unwrap();
        let turn = turn % events.len().max(1);
        let mut moved = events.clone();
        moved.rotate_left(turn);
        for event in &mut moved {
            event.at = at(event.at.east + 280_000.0, event.at.north - 6_480_000.0);
            event.day += 365.0;
        }
        let mut after = st_dbscan(&moved, 50.0, 14.0, 4).unwrap();
        after.labels.rotate_right(turn);
        after.core.rotate_right(turn);
        prop_assert_eq!(before, after);
    }
}
