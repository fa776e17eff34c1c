//! Pairs against their definition, and chance against a uniform p-value.

use super::*;
use crate::analysis::unwatched;
use crate::domain::Plane;
use proptest::prelude::*;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

fn event(east: f64, north: f64, day: f64) -> Dated {
    Dated { at: Plane { east, north }, day }
}

fn trials(number: u32, seed: u64) -> Trials {
    Trials { number, seed, enough: None }
}

fn found(events: &[Dated], rule: &KnoxRule<'_>) -> Vec<KnoxBand> {
    knox(events, rule, &unwatched).unwrap()
}

/// Events anywhere on a map of a kilometre within 100 days, without any interaction.
fn anywhere(number: usize, seed: u64) -> Vec<Dated> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut upto = |limit: f64| random.random::<f64>() * limit;
    (0..number).map(|_| event(upto(1000.0), upto(1000.0), upto(100.0).floor())).collect()
}

#[test]
fn limits_belong_to_the_band_they_end_and_the_first_band_holds_the_same_spot() {
    let events = [event(0.0, 0.0, 0.0), event(0.0, 0.0, 7.0), event(60.0, 80.0, 7.5)];
    let rule = KnoxRule {
        distances_m: &[100.0, 200.0],
        days: &[0.5, 7.0, 14.0],
        cumulative: false,
        trials: trials(9, 1),
    };
    let bands = found(&events, &rule);
    let observed: Vec<u64> = bands.iter().map(|band| band.observed).collect();
    assert_eq!(observed, [1, 1, 1, 0, 0, 0]);
    assert_eq!(bands[1].days, Band { over: 0.5, upto: 7.0 });
    assert_eq!(bands[3].distance_m, Band { over: 100.0, upto: 200.0 });
    let one_spot = KnoxRule { distances_m: &[0.0, 100.0], ..rule };
    let observed: Vec<u64> = found(&events, &one_spot).iter().map(|band| band.observed).collect();
    assert_eq!(observed, [0, 1, 0, 1, 0, 1]);
    let cumulative = KnoxRule { cumulative: true, ..one_spot };
    let bands = found(&events, &cumulative);
    assert_eq!(bands.iter().map(|band| band.observed).collect::<Vec<_>>(), [0, 1, 1, 1, 2, 3]);
    assert_eq!(bands[5].distance_m, Band { over: 0.0, upto: 100.0 });
    assert!((bands[4].expected - 3.0 * 2.0 / 3.0).abs() < 1e-12);
}

#[test]
fn bursts_are_seen_and_events_without_any_are_not() {
    let calm = anywhere(300, 4);
    let mut bursts = calm.clone();
    for index in 0..30 {
        let Dated { at, day } = calm[index * 9];
        bursts[index * 9 + 1] = event(at.east + 20.0, at.north, day + 2.0);
    }
    let rule =
        KnoxRule { distances_m: &[50.0], days: &[3.0], cumulative: false, trials: trials(199, 2) };
    assert!(found(&bursts, &rule)[0].p < 0.006 && found(&bursts, &rule)[0].ratio > 1.5);
    assert!(found(&calm, &rule)[0].p > 0.05);
}

#[test]
fn without_interaction_every_p_value_is_equally_probable() {
    let rule = |seed| KnoxRule {
        distances_m: &[300.0],
        days: &[20.0],
        cumulative: false,
        trials: trials(199, seed),
    };
    let mut p: Vec<f64> =
        (0..200u64).map(|seed| found(&anywhere(60, 900 + seed), &rule(seed))[0].p).collect();
    p.sort_by(f64::total_cmp);
    // Kolmogorov and Smirnov: 1.63 / sqrt(200) is passed once in a hundred seeds.
    let off = (0u32..).zip(&p).map(|(below, p)| (p - f64::from(below) / 200.0).abs());
    let most = off.fold(0.0, f64::max);
    assert!(most < 0.115, "{most}");
}

#[test]
fn one_thread_and_four_find_the_same() {
    let events = anywhere(200, 8);
    let rule = KnoxRule {
        distances_m: &[0.0, 50.0, 100.0],
        days: &[7.0, 14.0],
        cumulative: false,
        trials: Trials { enough: Some(300), ..trials(999, 3) },
    };
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| format!("{:?}", found(&events, &rule)))
    };
    assert_eq!(with(1), with(4));
}

#[test]
fn the_watch_hears_of_simulations_and_can_end_them() {
    let events = anywhere(40, 8);
    let rule =
        KnoxRule { distances_m: &[50.0], days: &[7.0], cumulative: false, trials: trials(999, 3) };
    let last = std::cell::Cell::new(0);
    let watch = |done: u32, of: u32| {
        assert_eq!((of, done % 8), (999, 0));
        last.set(done);
        ControlFlow::Continue(())
    };
    knox(&events, &rule, &watch).unwrap();
    assert!(last.get() > 700);
    let refused = knox(&events, &rule, &|_, _| ControlFlow::Break(())).unwrap_err();
    assert_eq!(refused, Violation::new("run", "cancelled"));
}

#[test]
fn limits_that_make_no_bands_are_refused() {
    let rule =
        KnoxRule { distances_m: &[1.0], days: &[1.0], cumulative: true, trials: trials(9, 1) };
    let refused = |rule: KnoxRule<'_>| knox(&[], &rule, &unwatched).unwrap_err().to_string();
    for limits in [&[][..], &[2.0, 1.0], &[1.0, 1.0], &[-1.0], &[f64::NAN]] {
        assert_eq!(refused(KnoxRule { distances_m: limits, ..rule }), "distanceM: out_of_range");
        assert_eq!(refused(KnoxRule { days: limits, ..rule }), "days: out_of_range");
    }
    let nothing = found(&[], &rule)[0];
    assert!(nothing.observed == 0 && nothing.ratio >= 1.0 && nothing.p >= 1.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn pairs_are_those_of_the_definition_in_any_order_and_place(
        places in prop::collection::vec((0u32..9, 0u32..9, 0u32..60), 0..60), turn in 0usize..60,
    ) {
        let events: Vec<Dated> = places
            .iter()
            .map(|&(e, n, d)| event(f64::from(e) * 30.0, f64::from(n) * 40.0, f64::from(d) * 0.5))
            .collect();
        let rule = KnoxRule {
            distances_m: &[0.0, 50.0, 150.0],
            days: &[0.0, 3.0, 7.5],
            cumulative: true,
            trials: trials(19, 5),
        };
        let bands = found(&events, &rule);
        for band in &bands {
            let mut near = 0u64;
            for (index, a) in events.iter().enumerate() {
                near += events[..index].iter().filter(|b| {
                    (a.at.east - b.at.east).hypot(a.at.north - b.at.north) <= band.distance_m.upto
                        && (a.day - b.day).abs() <= band.days.upto
                }).count() as u64;
            }
            prop_assert_eq!(band.observed, near);
        }
        let mut moved = events.clone();
        moved.rotate_left(turn % events.len().max(1));
        for event in &mut moved {
            event.at = Plane { east: event.at.east + 280_000.0, north: event.at.north - 6.4e6 };
            event.day += 1000.0;
        }
        prop_assert_eq!(bands, found(&moved, &rule));
    }
}
