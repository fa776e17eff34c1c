//! Patrol areas on boards that chance draws.

use super::*;
use proptest::prelude::*;

/// A board of `wide` × `tall` pieces that touch along their edges.
fn board(wide: usize, tall: usize, work: impl Fn(usize) -> f64) -> (Vec<Piece>, Vec<Vec<usize>>) {
    let at =
        |cell: usize| Plane { east: count(cell % wide) * 100.0, north: count(cell / wide) * 100.0 };
    let pieces = (0..wide * tall).map(|cell| Piece { at: at(cell), work: work(cell) }).collect();
    let touching = |cell: usize| {
        let (x, y) = (cell % wide, cell / wide);
        let mut near = Vec::new();
        if x > 0 {
            near.push(cell - 1);
        }
        if x + 1 < wide {
            near.push(cell + 1);
        }
        if y > 0 {
            near.push(cell - wide);
        }
        if y + 1 < tall {
            near.push(cell + wide);
        }
        near
    };
    (pieces, (0..wide * tall).map(touching).collect())
}

fn in_one_part(near: &[Vec<usize>], of: &[usize], area: usize) -> bool {
    let Some(start) = of.iter().position(|found| *found == area) else { return false };
    let reached = reachable(near, start, |piece| of[piece] == area);
    of.iter().enumerate().all(|(piece, found)| *found != area || reached[piece])
}

#[test]
fn even_ground_is_divided_evenly() {
    let (pieces, near) = board(8, 6, |_| 1.0);
    let found = patrol_areas(&pieces, &near, 4, 1).unwrap();
    assert!(found.imbalance < 0.1, "{found:?}");
    let whole = judged(&pieces, vec![0; 48], 1);
    assert!(found.spread_m < whole.spread_m, "areas are shorter ways than the whole");
}

#[test]
fn areas_are_compact_and_even_where_work_lies_unevenly() {
    for seed in 1..=5 {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let works: Vec<f64> = (0..144).map(|_| 0.3 + dice.random::<f64>().powi(6) * 9.0).collect();
        let (pieces, near) = board(12, 12, |cell| works[cell]);
        let found = patrol_areas(&pieces, &near, 3, seed).unwrap();
        let ends = near.iter().enumerate().map(|(piece, others)| {
            others.iter().filter(|other| found.of[**other] != found.of[piece]).count()
        });
        let border = ends.sum::<usize>() / 2;
        // Two straight lines across are 24 edges long.
        assert!(border <= 28, "{border} edges, seed {seed}");
        assert!(found.imbalance < 0.05, "{}, seed {seed}", found.imbalance);
    }
}

#[test]
fn an_island_belongs_to_the_area_across_the_shortest_water() {
    let (mut pieces, mut near) = board(6, 1, |_| 1.0);
    pieces.push(Piece { at: Plane { east: 500.0, north: 900.0 }, work: 1.0 });
    near.push(Vec::new());
    let found = patrol_areas(&pieces, &near, 2, 1).unwrap();
    assert_eq!(found.of[6], found.of[5]);
}

#[test]
fn today_is_judged_by_the_same_measure() {
    let (pieces, _) = board(4, 1, |cell| if cell == 0 { 3.0 } else { 1.0 });
    let today = judged(&pieces, vec![0, 0, 1, 1], 2);
    assert_eq!(today.work, [4.0, 2.0]);
    assert!((today.imbalance - 1.0 / 3.0).abs() < 1e-12);
}

#[test]
fn an_area_that_reaches_over_water_lies_in_two_parts_and_says_so() {
    let (_, mut near) = board(4, 1, |_| 1.0);
    near.push(Vec::new());
    assert_eq!(area_parts(&near, &[0, 0, 1, 1, 1], 3), [1, 2, 0]);
    assert_eq!(area_parts(&near, &[0, 1, 0, 1, 2], 3), [2, 2, 1]);
}

#[test]
fn a_question_without_sense_is_refused() {
    let (pieces, near) = board(2, 2, |_| 1.0);
    let fault = |k| patrol_areas(&pieces, &near, k, 1).unwrap_err();
    assert_eq!((fault(0).field, fault(5).rule), ("k".to_owned(), "out_of_range"));
    assert_eq!(patrol_areas(&[], &[], 1, 1).unwrap_err().rule, "required");
    assert_eq!(patrol_areas(&pieces, &near[..1], 1, 1).unwrap_err().field, "pieces");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_piece_is_in_one_area_and_every_area_in_one_part(
        wide in 1..9_usize,
        tall in 1..7_usize,
        works in prop::collection::vec(0..20_u32, 56),
        share in 0.0..1.0_f64,
        seed in 0..1_000_u64,
    ) {
        let (pieces, near) = board(wide, tall, |cell| f64::from(works[cell]));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number")]
        let k = 1 + (share * count(pieces.len() - 1)) as usize;
        let found = patrol_areas(&pieces, &near, k, seed).unwrap();
        prop_assert_eq!(&found, &patrol_areas(&pieces, &near, k, seed).unwrap());
        prop_assert_eq!(found.of.len(), pieces.len());
        prop_assert!((0..k).all(|area| in_one_part(&near, &found.of, area)), "{:?}", found.of);
        prop_assert_eq!(area_parts(&near, &found.of, k), vec![1; k]);
        let total: f64 = pieces.iter().map(|piece| piece.work).sum();
        prop_assert!((found.work.iter().sum::<f64>() - total).abs() < 1e-6);
        // No worse than where each area was grown: the worst is one area with all.
        prop_assert!(found.imbalance <= count(k));
    }
}
