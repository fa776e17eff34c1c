//! What holds for every scan.

use super::*;
use crate::analysis::unwatched;
use proptest::prelude::*;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

/// A field of cells of 240 by 250 m with ten residents each, and the given cases.
fn field(edge: u32, cases: impl Fn(u32, u32) -> u32) -> Vec<ScanArea> {
    let cell = |index: u32| (index % edge, index / edge);
    (0..edge * edge)
        .map(cell)
        .map(|(column, row)| ScanArea {
            at: Plane {
                east: 280_000.0 + 240.0 * f64::from(column),
                north: 6_470_000.0 + 250.0 * f64::from(row),
            },
            count: cases(column, row),
            exposure: 10.0,
        })
        .collect()
}

fn rule(number: u32, enough: Option<u32>) -> ScanRule {
    ScanRule { trials: Trials { number, seed: 11, enough }, ..ScanRule::default() }
}

fn found(areas: &[ScanArea], rule: &ScanRule) -> Scan {
    scan(areas, rule, &unwatched).unwrap()
}

#[test]
fn a_planted_spot_is_found_whole_and_nothing_else_is_confirmed() {
    let areas =
        field(12, |column, row| 1 + if (4..=6).contains(&column) && row == 5 { 9 } else { 0 });
    let found = found(&areas, &rule(199, None));
    let top = &found.clusters[0];
    assert_eq!(top.members, [65, 64, 66], "the centre first");
    assert_eq!((top.observed, found.simulations), (30, 199));
    let expected = 171.0 * 3.0 / 144.0;
    assert!((top.expected - expected).abs() < 1e-12 && (top.radius - 240.0).abs() < 1e-9);
    let by_hand = 30.0 * (30.0 / expected).ln() + 141.0 * (141.0 / (171.0 - expected)).ln();
    assert!((top.llr - by_hand).abs() < 1e-10);
    assert!((top.rr - (30.0 / expected) / (141.0 / (171.0 - expected))).abs() < 1e-12);
    assert!((top.p - 0.005).abs() < 1e-12);
    assert!(found.clusters[1..].iter().all(|cluster| cluster.p > 0.5));
}

#[test]
fn an_even_map_stops_early_with_a_p_value_near_that_of_all_simulations() {
    let areas = field(8, |column, row| (column + row) % 2);
    let all = found(&areas, &rule(999, None));
    let early = found(&areas, &rule(999, Some(50)));
    assert_eq!(all.simulations, 999);
    assert!(early.simulations < 100, "{}", early.simulations);
    assert!(all.clusters[0].p > 0.5 && early.clusters[0].p > 0.5);
}

#[test]
fn cases_where_nothing_is_exposed_are_left_out_and_told() {
    let mut areas = field(6, |column, row| u32::from(column == row) * 4);
    let before = found(&areas, &rule(19, None));
    areas.insert(7, ScanArea { count: 5, exposure: 0.0, ..areas[7] });
    let after = found(&areas, &rule(19, None));
    assert_eq!((before.unexposed_cases, after.unexposed_cases), (0, 5));
    assert_eq!(before.clusters.len(), after.clusters.len());
    assert!(before.clusters.iter().zip(&after.clusters).all(|(a, b)| a.observed == b.observed));
}

#[test]
fn a_map_without_cases_has_no_cluster() {
    let empty = found(&field(5, |_, _| 0), &rule(99, None));
    assert_eq!((empty.clusters.len(), empty.simulations), (0, 0));
}

#[test]
fn one_thread_and_four_find_the_same() {
    let areas = field(15, |column, row| (column * 7 + row * 3) % 5 / 4);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| format!("{:?}", found(&areas, &rule(99, Some(60)))))
    };
    assert_eq!(with(1), with(4));
}

#[test]
fn a_scan_that_is_told_to_end_ends() {
    let areas = field(5, |column, _| column);
    let refused = scan(&areas, &rule(99, None), &|_, _| ControlFlow::Break(()));
    assert_eq!(refused, Err(Violation::new("run", "cancelled")));
}

#[test]
fn what_cannot_be_scanned_is_refused_with_its_rule() {
    let areas = field(3, |_, _| 1);
    let with = |change: fn(&mut ScanArea)| {
        let mut areas = areas.clone();
        change(&mut areas[4]);
        scan(&areas, &rule(9, None), &unwatched).unwrap_err().to_string()
    };
    assert_eq!(with(|area| area.exposure = -1.0), "exposure: out_of_range");
    assert_eq!(with(|area| area.exposure = f64::NAN), "exposure: out_of_range");
    assert_eq!(with(|area| area.at.east = f64::INFINITY), "areas: not_finite");
    assert_eq!(with(|area| area.count = 2_000_000), "count: too_heavy");
    let share = ScanRule { max_share: 0.0, ..rule(9, None) };
    assert_eq!(scan(&areas, &share, &unwatched).unwrap_err().to_string(), "maxShare: out_of_range");
    assert_eq!(scan(&[], &rule(9, None), &unwatched).unwrap_err().field, "exposure");
    let many = vec![(Plane { east: 0.0, north: 0.0 }, 1.0); 12_000];
    assert_eq!(Scanner::new(&many, 0.25).unwrap_err().to_string(), "areas: too_heavy");
}

/// Uneven areas anywhere, some on the same spot.
/// Areas anywhere of uneven exposure, on which cases fall by chance alone.
fn by_chance(seed: u64) -> Vec<ScanArea> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut areas: Vec<ScanArea> = (0..60)
        .map(|_| ScanArea {
            at: Plane {
                east: random.random::<f64>() * 9_000.0,
                north: random.random::<f64>() * 9_000.0,
            },
            count: 0,
            exposure: 5.0 + 90.0 * random.random::<f64>(),
        })
        .collect();
    let total: f64 = areas.iter().map(|area| area.exposure).sum();
    for _ in 0..150 {
        let mut lot = random.random::<f64>() * total;
        let drawn = areas.iter_mut().find(|area| {
            lot -= area.exposure;
            lot < 0.0
        });
        drawn.unwrap().count += 1;
    }
    areas
}

#[test]
fn where_cases_follow_the_exposure_every_p_value_is_equally_probable() {
    let one = |seed: u64| {
        let trials = Trials { number: 99, seed, enough: None };
        let found = found(&by_chance(7_000 + seed), &ScanRule { trials, ..ScanRule::default() });
        found.clusters.first().map_or(1.0, |cluster| cluster.p)
    };
    let mut p: Vec<f64> = (0..200).map(one).collect();
    p.sort_by(f64::total_cmp);
    // Kolmogorov and Smirnov: 1.63 / sqrt(200) is passed once in a hundred seeds.
    let off = (0u32..).zip(&p).map(|(below, p)| (p - f64::from(below) / 200.0).abs());
    let most = off.fold(0.0, f64::max);
    assert!(most < 0.115, "{most}");
}

fn anywhere() -> impl Strategy<Value = Vec<ScanArea>> {
    let area = (0u32..12, 0u32..12, 0u32..6, 1u32..40).prop_map(|(east, north, count, people)| {
        let at = Plane { east: f64::from(east) * 100.0, north: f64::from(north) * 100.0 };
        ScanArea { at, count, exposure: f64::from(people) * 0.5 }
    });
    prop::collection::vec(area, 2..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn neither_the_order_of_the_areas_nor_the_origin_changes_anything(
        areas in anywhere(), turn in 0usize..40,
    ) {
        let rule = rule(19, None);
        let before = found(&areas, &rule);
        let number = areas.len();
        let mut moved: Vec<ScanArea> = areas.clone();
        moved.rotate_left(turn % number);
        for area in &mut moved {
            area.at = Plane { east: area.at.east + 6.1e6, north: area.at.north - 333.3 };
        }
        let after = found(&moved, &rule);
        prop_assert_eq!(before.clusters.len(), after.clusters.len());
        for (a, b) in before.clusters.iter().zip(&after.clusters) {
            prop_assert_eq!((a.observed, a.p.to_bits()), (b.observed, b.p.to_bits()));
            prop_assert_eq!(a.llr.to_bits(), b.llr.to_bits());
            let places = |scan: &[ScanArea], members: &[usize]| -> Vec<(u32, u64)> {
                members.iter().map(|&m| (scan[m].count, scan[m].exposure.to_bits())).collect()
            };
            prop_assert_eq!(places(&areas, &a.members), places(&moved, &b.members));
        }
    }

    #[test]
    fn clusters_share_no_area_and_are_told_from_the_strongest(areas in anywhere()) {
        let clusters = found(&areas, &rule(9, None)).clusters;
        prop_assert!(clusters.windows(2).all(|pair| pair[0].llr >= pair[1].llr));
        let mut members: Vec<usize> = clusters.iter().flat_map(|c| c.members.clone()).collect();
        let number = members.len();
        members.sort_unstable();
        members.dedup();
        prop_assert_eq!(members.len(), number);
    }

    #[test]
    fn the_largest_of_a_map_is_that_of_its_strongest_cluster(areas in anywhere()) {
        let rule = rule(1, None);
        let places: Vec<(Plane, f64)> = areas.iter().map(|a| (a.at, a.exposure)).collect();
        let scanner = Scanner::new(&places, rule.max_share).unwrap();
        let total = areas.iter().map(|area| u64::from(area.count)).sum();
        let mut workspace = Workspace::new(scanner.order.len(), total);
        for (place, &area) in workspace.cases.iter_mut().zip(&scanner.order) {
            *place = areas[area].count;
        }
        let largest = workspace.largest(&scanner, total, 3);
        let top = found(&areas, &rule).clusters.first().map_or(0.0, |cluster| cluster.llr);
        prop_assert!((largest - top).abs() <= 1e-9 * top, "{largest} {top}");
    }
}
