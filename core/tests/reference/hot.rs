//! Hot cells and spots: silent where chance explains all, and not where it does not.

use crate::village::{Village, grid, reports, told_by_all};
use fyren_core::analysis::{
    Exposure, HotRule, HotStatus, Sighting, Tail, chance_map, hotcells, hotspots,
};
use geo::{Contains, Point};

/// The share of maps on which anything stands out.
fn marked(
    believed: &Exposure,
    maps: u32,
    map: impl Fn(u64) -> Vec<Sighting>,
    rule: &HotRule,
) -> f64 {
    let marked = (0..maps).filter(|&seed| {
        let found = hotcells(&map(u64::from(seed)), believed, rule).unwrap();
        found.cells.iter().any(|cell| cell.status == HotStatus::Watch && cell.stands_out)
    });
    f64::from(u32::try_from(marked.count()).unwrap()) / f64::from(maps)
}

#[test]
fn equal_risk_for_every_inhabitant_raises_an_alarm_on_at_most_5_percent_of_maps() {
    let village = Village::new();
    for events in [120, 300, 640] {
        let map = |seed| told_by_all(chance_map(&village.believed, events, seed));
        let share = marked(&village.believed, 200, map, &HotRule::default());
        assert!(share <= 0.05, "{events} events: {share}");
    }
}

#[test]
fn one_voice_a_source_keeps_that_promise_where_reporters_repeat_themselves() {
    let village = Village::new();
    for events in [120, 300, 640] {
        // Every fourth source tells of its event twice within the month.
        let map = |seed| {
            let mut told = told_by_all(chance_map(&village.believed, events * 4 / 5, seed));
            told.extend(told.clone().into_iter().step_by(4));
            told
        };
        let share = marked(&village.believed, 200, map, &HotRule::default());
        assert!(share <= 0.05, "{events} events: {share}");
    }
}

#[test]
fn an_expectation_that_is_stated_to_be_uncertain_forgives_guests_and_errors() {
    let village = Village::new();
    let rule = HotRule { tail: Tail::NegativeBinomial { variation: 0.3 }, ..HotRule::default() };
    let guests = village.times(2.0, 900.0);
    for events in [120, 300, 640] {
        let visited = |seed| told_by_all(chance_map(&guests, events, seed));
        let share = marked(&village.believed, 100, visited, &rule);
        assert!(share <= 0.05, "guests, {events} events: {share}");
        let wrong = |seed| told_by_all(chance_map(&village.blurred(seed), events, seed));
        let share = marked(&village.believed, 100, wrong, &rule);
        assert!(share <= 0.05, "errors, {events} events: {share}");
    }
}

#[test]
fn a_place_of_five_times_the_risk_is_found_and_a_doubled_one_once_events_suffice() {
    let village = Village::new();
    for (factor, events, least) in [(5.0, 120, 0.8), (5.0, 300, 0.95), (2.0, 640, 0.45)] {
        let planted = village.times(factor, 300.0);
        let map = |seed| told_by_all(chance_map(&planted, events, seed));
        let share = marked(&village.believed, 100, map, &HotRule::default());
        assert!(share >= least, "{factor} times, {events} events: {share}");
    }
}

#[test]
fn both_planted_spots_of_the_fixture_are_found_merged_and_ranked() {
    let village = Village::new();
    let events = reports().into_iter().map(|(at, _)| at).collect();
    let told = told_by_all(events);
    let found = hotcells(&told, &village.believed, &HotRule::default()).unwrap();
    assert_eq!((found.tail.code(), found.insufficient), ("nb", None));
    let mut spots = hotspots(&told, &village.believed, &found);
    spots.retain(|spot| spot.status != HotStatus::TooFew);
    assert!(spots.iter().all(|spot| spot.status == HotStatus::Watch && spot.q <= 0.2));
    spots.retain(|spot| spot.q <= 0.05);
    assert_eq!(spots.len(), 2, "{spots:#?}");
    for (spot, (column, row)) in spots.iter().zip([(9, 16), (29, 56)]) {
        let middle = grid().centre(row * grid().columns() + column);
        assert!(spot.shape.contains(&Point::new(middle.east, middle.north)));
        assert!(spot.interval.low > spot.expected, "{spot:?}");
    }
    assert_eq!((spots[0].rank, spots[1].rank), (1, 2));
}
