//! Hot cells and spots: silent where chance explains all, and not where it does not.

use crate::read::{csv, json, number};
use fyren_core::analysis::{
    Basis, Exposure, HotRule, HotStatus, Sighting, Tail, chance_map, hotcells, hotspots,
};
use fyren_core::domain::{Plane, SourceTag};
use fyren_core::plane::Grid;
use geo::{Contains, Point};
use jiff::Timestamp;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

fn grid() -> Grid {
    let meta = json("tests/data/analytics/meta.json");
    let corner =
        Plane { east: meta["bbox"][0].as_f64().unwrap(), north: meta["bbox"][1].as_f64().unwrap() };
    Grid::new(corner, 250.0, 48, 80).unwrap()
}

/// Residents per cell of the fixture.
fn residents() -> Vec<f64> {
    let mut people = vec![0.0; grid().len()];
    for row in csv("tests/data/analytics/grid250.csv") {
        let cell =
            row[0].parse::<usize>().unwrap() * grid().columns() + row[1].parse::<usize>().unwrap();
        people[cell] = number(&row, 2);
    }
    people
}

fn exposure(people: Vec<f64>) -> Exposure {
    Exposure::new(grid(), people, Basis::Residents).unwrap()
}

/// Events of as many sources, a day apart.
fn told_by_all(events: Vec<Plane>) -> Vec<Sighting> {
    (0u32..)
        .zip(events)
        .map(|(index, at)| Sighting {
            at,
            source: SourceTag::from_bits(u64::from(index) << 8),
            time: Timestamp::from_second(1_700_000_000 + 86_400 * i64::from(index % 365)).unwrap(),
        })
        .collect()
}

/// The fixture's own residents, and what is tested against them.
struct Village {
    residents: Vec<f64>,
    believed: Exposure,
}

const SMOGEN: Plane = Plane { east: 279_251.7, north: 6_474_202.8 };

impl Village {
    fn new() -> Self {
        let residents = residents();
        Self { believed: exposure(residents.clone()), residents }
    }

    /// The true risk: residents, multiplied within `radius_m` of Smögen.
    fn times(&self, factor: f64, radius_m: f64) -> Exposure {
        let grid = grid();
        let near = |cell: usize| {
            let centre = grid.centre(cell);
            (centre.east - SMOGEN.east).hypot(centre.north - SMOGEN.north) < radius_m
        };
        let risk = self.residents.iter().enumerate();
        exposure(risk.map(|(c, v)| if near(c) { v * factor } else { *v }).collect())
    }

    /// The true risk: residents, each cell's number off by a lognormal factor
    /// of standard deviation 0.5.
    fn blurred(&self, seed: u64) -> Exposure {
        let mut random = ChaCha8Rng::seed_from_u64(seed ^ 0x5eed);
        let mut normal = || {
            let uniform: f64 = (0..12).map(|_| random.random::<f64>()).sum();
            uniform - 6.0
        };
        exposure(self.residents.iter().map(|people| people * (0.5 * normal()).exp()).collect())
    }

    /// The share of maps on which anything is flagged.
    fn flagged(&self, maps: u32, map: impl Fn(u64) -> Vec<Sighting>, rule: &HotRule) -> f64 {
        let flagged = (0..maps).filter(|&seed| {
            let found = hotcells(&map(u64::from(seed)), &self.believed, rule).unwrap();
            found.cells.iter().any(|cell| cell.status == HotStatus::Watch)
        });
        f64::from(u32::try_from(flagged.count()).unwrap()) / f64::from(maps)
    }
}

#[test]
fn equal_risk_for_every_inhabitant_raises_an_alarm_on_at_most_5_percent_of_maps() {
    let village = Village::new();
    for events in [120, 300, 640] {
        let map = |seed| told_by_all(chance_map(&village.believed, events, seed));
        let share = village.flagged(200, map, &HotRule::default());
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
        let share = village.flagged(200, map, &HotRule::default());
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
        let share = village.flagged(100, visited, &rule);
        assert!(share <= 0.05, "guests, {events} events: {share}");
        let wrong = |seed| told_by_all(chance_map(&village.blurred(seed), events, seed));
        let share = village.flagged(100, wrong, &rule);
        assert!(share <= 0.05, "errors, {events} events: {share}");
    }
}

#[test]
fn a_place_of_five_times_the_risk_is_found_and_a_doubled_one_once_events_suffice() {
    let village = Village::new();
    for (factor, events, least) in [(5.0, 120, 0.8), (5.0, 300, 0.95), (2.0, 640, 0.45)] {
        let planted = village.times(factor, 300.0);
        let map = |seed| told_by_all(chance_map(&planted, events, seed));
        let share = village.flagged(100, map, &HotRule::default());
        assert!(share >= least, "{factor} times, {events} events: {share}");
    }
}

#[test]
fn both_planted_spots_of_the_fixture_are_found_merged_and_ranked() {
    let village = Village::new();
    let events: Vec<Plane> = csv("tests/data/analytics/reports.csv")
        .iter()
        .map(|row| Plane { east: number(row, 1), north: number(row, 2) })
        .collect();
    let told = told_by_all(events);
    let found = hotcells(&told, &village.believed, &HotRule::default()).unwrap();
    assert_eq!((found.tail.code(), found.insufficient), ("nb", None));
    let spots = hotspots(&told, &village.believed, &found);
    assert_eq!(spots.len(), 2, "{spots:#?}");
    for (spot, (column, row)) in spots.iter().zip([(9, 16), (29, 56)]) {
        let middle = grid().centre(row * grid().columns() + column);
        assert!(spot.shape.contains(&Point::new(middle.east, middle.north)));
        assert!(spot.interval.low > spot.expected, "{spot:?}");
    }
    assert_eq!((spots[0].rank, spots[1].rank), (1, 2));
}
