//! What holds for every space-time scan.

use super::*;
use crate::analysis::unwatched;
use proptest::prelude::*;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

fn event(east: f64, north: f64, day: f64, source: u64) -> StEvent {
    let dated = Dated { at: Plane { east, north }, day };
    StEvent { dated, source: SourceTag::from_bits(source << 1), stratum: 0 }
}

fn rule(number: u32, seed: u64) -> StScanRule {
    StScanRule::ending(364.0, Trials { number, seed, enough: None })
}

fn found(events: &[StEvent], rule: &StScanRule) -> StScan {
    st_scan(events, rule, &unwatched).unwrap()
}

/// Events of a year at any of 25 places, on days that have nothing to do with the place.
fn calm(number: u64, seed: u64) -> Vec<StEvent> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut upto = |limit: f64| (random.random::<f64>() * limit).floor();
    (0..number)
        .map(|source| event(upto(5.0) * 700.0, upto(5.0) * 700.0, upto(365.0), source))
        .collect()
}

#[test]
fn a_new_trouble_is_found_with_its_place_and_its_start() {
    let mut events = calm(200, 1);
    events.extend(
        (0..6u32).map(|i| {
            event(5_000.0 + f64::from(i), 0.0, 362.0 + f64::from(i / 2), 900 + u64::from(i))
        }),
    );
    events.extend((0..4u32).map(|i| event(5_002.0, 0.0, 50.0 * f64::from(i), 950)));
    let found = found(&events, &rule(199, 1));
    let top = &found.clusters[0];
    let mut members = top.members.clone();
    members.sort_unstable();
    assert_eq!(members, [200, 201, 202, 203, 204, 205]);
    assert_eq!((top.observed, top.sources, top.disc_events), (6, 6, 10));
    assert!((top.days - 2.0).abs() < 1e-12 && top.radius_m <= 5.0);
    assert!((top.p - 0.005).abs() < 1e-12 && (top.recurrence_days - 1400.0).abs() < 1e-9);
    let recent = events.iter().filter(|event| event.dated.day >= 362.0).count();
    let expected = 10.0 * f64::from(u32::try_from(recent).unwrap()) / 210.0;
    assert!((top.expected - expected).abs() < 1e-12);
    let by_hand = 6.0 * (6.0 / expected).ln() + 204.0 * (204.0 / (210.0 - expected)).ln();
    assert!((top.llr - by_hand).abs() < 1e-10);
}

#[test]
fn one_busy_source_is_no_cluster() {
    let mut events = calm(200, 1);
    events.extend((0..6u32).map(|i| event(5_000.0, 0.0, 358.0 + f64::from(i), 900)));
    let top = &found(&events, &rule(19, 1)).clusters[0];
    assert!(top.members.iter().all(|&member| member < 200), "{top:?}");
    let any = StScanRule { min_sources: 1, ..rule(19, 1) };
    assert_eq!(found(&events, &any).clusters[0].sources, 1);
}

/// Two years in which a quay is busy every July.
fn every_summer(seed: u64) -> Vec<StEvent> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut upto = |limit: f64| (random.random::<f64>() * limit).floor();
    let mut events: Vec<StEvent> = (0..160)
        .map(|source| event(upto(5.0) * 700.0, upto(5.0) * 700.0, upto(730.0), source))
        .collect();
    for summer in [330.0, 695.0] {
        events.extend((0..25).map(|source| event(9_000.0, 0.0, summer + upto(35.0), 500 + source)));
    }
    for event in &mut events {
        event.stratum = u32::from((330.0..365.0).contains(&(event.dated.day % 365.0)));
    }
    events
}

#[test]
fn a_summer_like_the_last_one_is_an_alarm_only_where_seasons_are_not_told_apart() {
    let rule = StScanRule { window_days: 730.0, ..StScanRule::ending(729.0, rule(99, 2).trials) };
    let seasons = every_summer(3);
    let one: Vec<StEvent> = seasons.iter().map(|event| StEvent { stratum: 0, ..*event }).collect();
    let of_quay = |events: &[StEvent]| {
        let found = found(events, &rule).clusters;
        found.iter().find(|c| c.centre.east > 8_000.0).map_or(1.0, |cluster| cluster.p)
    };
    assert!(of_quay(&one) < 0.02);
    assert!(of_quay(&seasons) > 0.1, "{}", of_quay(&seasons));
}

#[test]
fn events_equally_far_away_enter_together() {
    // Three old ones and a new one on a ring around three new ones.
    let mut events: Vec<StEvent> =
        (0..40).map(|i| event(9_000.0, 0.0, 8.0 * f64::from(i), 1)).collect();
    for day in [360.0, 361.0, 362.0] {
        events.push(event(0.0, 0.0, day, 2));
    }
    events.push(event(100.0, 0.0, 363.0, 3));
    events.extend([(-100.0, 0.0), (0.0, 100.0), (0.0, -100.0)].map(|(e, n)| event(e, n, 10.0, 4)));
    let any = StScanRule { min_sources: 1, ..rule(9, 1) };
    let centre = Plane { east: 0.0, north: 0.0 };
    let study = Study::new(&events, &any).unwrap();
    let disc = study.discs.iter().find(|disc| disc.centre == centre).unwrap();
    assert_eq!(disc.members.len(), 7);
    assert!(disc.radius_of(3) <= 0.0 && (disc.radius_of(7) - 100.0).abs() < 1e-9);
    let top = &found(&events, &any).clusters[0];
    assert_eq!(top.disc_events, 4, "the disc around the new one on the ring holds no old one");
}

#[test]
fn without_a_new_trouble_every_p_value_is_equally_probable() {
    let rule = |seed| StScanRule { min_sources: 1, min_cases: 2, ..rule(99, seed) };
    let one = |seed: u64| {
        let found = found(&calm(150, 4_000 + seed), &rule(seed));
        found.clusters.first().map_or(1.0, |cluster| cluster.p)
    };
    let mut p: Vec<f64> = (0..100).map(one).collect();
    p.sort_by(f64::total_cmp);
    // Kolmogorov and Smirnov: 1.63 / sqrt(100) is passed once in a hundred seeds.
    let off = (0u32..).zip(&p).map(|(below, p)| (p - f64::from(below) / 100.0).abs());
    let most = off.fold(0.0, f64::max);
    assert!(most < 0.163, "{most}");
}

#[test]
fn one_thread_and_four_find_the_same() {
    let events = calm(120, 9);
    let rule =
        StScanRule { trials: Trials { enough: Some(40), ..rule(199, 4).trials }, ..rule(199, 4) };
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| format!("{:?}", found(&events, &rule)))
    };
    assert_eq!(with(1), with(4));
}

#[test]
fn what_cannot_be_scanned_is_refused_with_its_rule() {
    let events = calm(20, 9);
    let refused = |rule: StScanRule| st_scan(&events, &rule, &unwatched).unwrap_err().to_string();
    let good = rule(9, 1);
    assert_eq!(refused(StScanRule { radius_m: 0.0, ..good }), "radiusM: out_of_range");
    assert_eq!(refused(StScanRule { days: -1.0, ..good }), "days: out_of_range");
    assert_eq!(refused(StScanRule { max_share: 1.5, ..good }), "maxShare: out_of_range");
    assert_eq!(refused(StScanRule { end_day: f64::NAN, ..good }), "endDay: out_of_range");
    assert_eq!(refused(StScanRule { window_days: 0.0, ..good }), "windowDays: out_of_range");
    assert_eq!(refused(StScanRule { every_days: 0.0, ..good }), "everyDays: out_of_range");
    let cancelled = st_scan(&calm(200, 1), &good, &|_, _| ControlFlow::Break(()));
    assert_eq!(cancelled, Err(Violation::new("run", "cancelled")));
    let crowd = vec![event(0.0, 0.0, 300.0, 1); MOST_ST_EVENTS + 1];
    assert_eq!(st_scan(&crowd, &good, &unwatched).unwrap_err().to_string(), "points: too_heavy");
    let nothing = found(&[], &good);
    assert_eq!((nothing.clusters.len(), nothing.events, nothing.simulations), (0, 0, 0));
}

/// The definition, word by word: the largest ratio over all full discs and last days.
fn by_definition(events: &[StEvent], rule: &StScanRule) -> f64 {
    let total = as_f64(events.len() as u64);
    let age = |event: &StEvent| rule.end_day - event.dated.day;
    let apart = |a: &StEvent, b: &StEvent| {
        (a.dated.at.east - b.dated.at.east).hypot(a.dated.at.north - b.dated.at.north)
    };
    let count =
        |of: &dyn Fn(&StEvent) -> bool| as_f64(events.iter().filter(|e| of(e)).count() as u64);
    let mut largest = 0.0f64;
    for centre in events {
        for rim in events.iter().filter(|rim| apart(centre, rim) <= rule.radius_m) {
            let radius = apart(centre, rim) + 1e-9;
            for oldest in events.iter().filter(|oldest| age(oldest) <= rule.days) {
                let disc = count(&|e| apart(centre, e) <= radius);
                let days = count(&|e| age(e) <= age(oldest));
                let both = count(&|e| apart(centre, e) <= radius && age(e) <= age(oldest));
                if both >= 3.0 && disc.max(days) <= rule.max_share * total {
                    let llr = crate::analysis::scan::log_likelihood_ratio(
                        both,
                        disc * days / total,
                        total,
                    );
                    largest = largest.max(llr);
                }
            }
        }
    }
    largest
}

fn anywhere() -> impl Strategy<Value = Vec<StEvent>> {
    let one = (0u32..8, 0u32..8, 300u32..365, 0u64..9).prop_map(|(east, north, day, source)| {
        event(f64::from(east) * 300.0, f64::from(north) * 400.0, f64::from(day), source)
    });
    prop::collection::vec(one, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_strongest_is_that_of_the_definition(events in anywhere()) {
        let rule = StScanRule { min_sources: 1, days: 30.0, ..rule(1, 3) };
        let top = found(&events, &rule).clusters.first().map_or(0.0, |cluster| cluster.llr);
        let largest = by_definition(&events, &rule);
        prop_assert!((top - largest).abs() <= 1e-9, "{top} {largest}");
        let study = Study::new(&events, &rule).unwrap();
        let as_it_is = study.largest(&mut study.workspace(), rule.min_cases);
        prop_assert!((top - as_it_is).abs() <= 1e-9, "{top} {as_it_is}");
    }

    #[test]
    fn neither_the_order_of_the_events_nor_the_origin_changes_anything(
        events in anywhere(), turn in 0usize..40,
    ) {
        let before = found(&events, &rule(9, 3));
        let mut moved = events.clone();
        moved.rotate_left(turn % events.len().max(1));
        for event in &mut moved {
            let Plane { east, north } = event.dated.at;
            event.dated.at = Plane { east: east + 280_000.0, north: north - 6.4e6 };
        }
        let after = found(&moved, &rule(9, 3));
        prop_assert_eq!(before.clusters.len(), after.clusters.len());
        for (a, b) in before.clusters.iter().zip(&after.clusters) {
            prop_assert_eq!((a.llr.to_bits(), a.p.to_bits()), (b.llr.to_bits(), b.p.to_bits()));
            let days = |events: &[StEvent], members: &[usize]| -> Vec<u64> {
                members.iter().map(|&member| events[member].dated.day.to_bits()).collect()
            };
            prop_assert_eq!(days(&events, &a.members), days(&moved, &b.members));
        }
    }
}
