//! What may and may not make a cell hot.

use super::*;
use crate::analysis::unwatched;
use crate::plane::Grid;
use proptest::prelude::*;

/// Twenty by twenty cells of 250 m, all alike.
fn even() -> Exposure {
    let grid = Grid::new(Plane { east: 0.0, north: 0.0 }, 250.0, 20, 20).unwrap();
    Exposure::new(grid, vec![1.0; 400], Basis::UniformLand).unwrap()
}

fn sighting(cell: usize, source: u64, day: i64) -> Sighting {
    Sighting {
        at: even().grid().centre(cell),
        source: SourceTag::from_bits(source << 1),
        time: Timestamp::from_second(86_400 * day).unwrap(),
    }
}

/// One event by its own source in every sixth cell: 67 events.
fn background() -> Vec<Sighting> {
    (0..400).step_by(6).zip(1000..).map(|(cell, source)| sighting(cell, source, 5)).collect()
}

fn tested(extra: impl IntoIterator<Item = Sighting>) -> Hotcells {
    let events: Vec<_> = background().into_iter().chain(extra).collect();
    hotcells(&events, &even(), &HotRule::default()).unwrap()
}

fn status(found: &Hotcells, cell: usize) -> HotStatus {
    found.cells.iter().find(|result| result.cell == cell).unwrap().status
}

#[test]
fn twelve_people_in_one_cell_are_worth_watching() {
    let found = tested((0..12).map(|source| sighting(210, source, 9)));
    assert_eq!(status(&found, 210), HotStatus::Watch);
    assert_eq!(status(&found, 0), HotStatus::None);
    assert_eq!((found.repeated, found.outside, found.insufficient), (0, 0, None));
}

#[test]
fn one_person_who_tells_of_a_place_forty_times_in_a_month_is_one_voice() {
    let found = tested((0..40).map(|_| sighting(210, 1, 9)));
    assert_eq!(status(&found, 210), HotStatus::None);
    assert_eq!(found.repeated, 39);
}

#[test]
fn what_both_tests_see_is_confirmed_where_guests_or_history_are_known() {
    let events: Vec<_> =
        background().into_iter().chain((0..14).map(|s| sighting(210, s, 9))).collect();
    let confirmed = |exposure: &Exposure| {
        let scanner = exposure.scanner(0.1).unwrap();
        let trials = Trials { number: 199, ..Trials::default() };
        let rule = HotRule::default();
        let found = hotcells(&events, exposure, &rule).unwrap();
        let found = found.confirm(&scanner, &rule, trials, &unwatched).unwrap();
        assert_eq!(found.clusters.len(), 1);
        assert!(found.clusters[0].members.contains(&210));
        status(&found, 210)
    };
    assert_eq!(confirmed(&even()), HotStatus::Watch);
    assert_eq!(confirmed(&even().on_basis(Basis::Visitors)), HotStatus::Confirmed);
    let before = Exposure::own_history(&even(), &background(), 30);
    assert_eq!(confirmed(&before), HotStatus::Confirmed);
    // What has always been so is no news.
    let always = Exposure::own_history(&even(), &events, 30);
    let found = hotcells(&events, &always, &HotRule::default()).unwrap();
    assert_eq!(status(&found, 210), HotStatus::None);
}

#[test]
fn one_person_over_years_is_too_few_however_often_they_tell() {
    let found = tested((0..24).map(|index| sighting(210, 1, 40 * index)));
    assert_eq!(status(&found, 210), HotStatus::TooFew);
    assert_eq!(found.repeated, 0);
}

#[test]
fn a_voice_counts_again_after_thirty_days_and_not_a_day_before() {
    let days = [0, 29, 30, 59, 60, 61];
    let found = tested(days.map(|day| sighting(210, 1, day)));
    assert_eq!(found.repeated, 3);
}

#[test]
fn a_map_of_forty_events_is_not_tested() {
    // Thirty at one place and ten at another, against an even spread.
    let places = (0..40).map(|source| sighting(if source < 30 { 210 } else { 15 }, source, 9));
    let events: Vec<_> = places.collect();
    let found = hotcells(&events, &even(), &HotRule::default()).unwrap();
    assert_eq!(found.insufficient, Some("total_below_least"));
    assert_eq!(status(&found, 210), HotStatus::TooFew);
}

#[test]
fn what_lies_outside_is_counted_and_not_tested() {
    let at = Plane { east: -10.0, north: 30.0 };
    let found = tested([Sighting { at, ..sighting(0, 1, 1) }]);
    assert_eq!(found.outside, 1);
}

proptest! {
    #[test]
    fn where_the_plane_begins_changes_nothing(
        cells in prop::collection::vec((0usize..400, 0u64..40, 0i64..200), 50..120),
        east in -40i32..40, north in -40i32..40,
    ) {
        let by = |at: Plane| Plane {
            east: at.east + 250.0 * f64::from(east),
            north: at.north + 250.0 * f64::from(north),
        };
        let corner = by(Plane { east: 0.0, north: 0.0 });
        let weights: Vec<f64> = (0..400u16).map(|cell| f64::from(cell % 7)).collect();
        let on = |corner| {
            let grid = Grid::new(corner, 250.0, 20, 20).unwrap();
            Exposure::new(grid, weights.clone(), Basis::Residents).unwrap()
        };
        let here: Vec<_> = cells.iter().map(|&(c, s, d)| sighting(c, s, d)).collect();
        let there: Vec<_> = here.iter().map(|e| Sighting { at: by(e.at), ..*e }).collect();
        let rule = HotRule::default();
        let one = hotcells(&here, &on(Plane { east: 0.0, north: 0.0 }), &rule).unwrap();
        let other = hotcells(&there, &on(corner), &rule).unwrap();
        prop_assert_eq!(one, other);
    }

    #[test]
    fn the_order_of_events_changes_nothing(
        places in prop::collection::vec((0usize..400, 0u64..9, 0i64..90), 1..80),
    ) {
        let mut events = background();
        events.extend(places.into_iter().map(|(cell, source, day)| sighting(cell, source, day)));
        let rule = HotRule::default();
        let there = hotcells(&events, &even(), &rule).unwrap();
        events.reverse();
        let back = hotcells(&events, &even(), &rule).unwrap();
        prop_assert_eq!(there.cells, back.cells);
        prop_assert_eq!(there.repeated, back.repeated);
    }
}
