//! Gi, Gi* and the local Moran against esda.

use crate::read::{Table, assert_close, table};
use fyren_core::analysis::{
    LocalG, Neighbours, Trials, Weights, getis_ord, getis_ord_star, getis_ord_star_grid,
    local_moran, local_moran_chance, q_values, q_values_any, unwatched,
};

fn squares(rows: &Table) -> Vec<(i64, i64)> {
    rows.column("col").into_iter().zip(rows.column("row")).collect()
}

fn agrees(found: &[LocalG], z: &[f64]) {
    assert_eq!(found.len(), z.len());
    for (found, z) in found.iter().zip(z) {
        assert_close(found.z, *z, 1e-8, &format!("{found:?}"));
    }
}

#[test]
fn counts_on_squares_are_those_of_esda() {
    let rows = table("expected/lattice_counts_queen.csv");
    let weights = Weights::binary(&Neighbours::queen(&squares(&rows)));
    let counts: Vec<f64> = rows.column("reports");

    let star = getis_ord_star(&counts, &weights).unwrap();
    agrees(&star, &rows.column("gi_star"));
    let p: Vec<f64> = star.iter().map(|area| area.p).collect();
    let all = rows.column::<f64>("p_two_sided").into_iter().zip(rows.column::<f64>("p_bh"));
    let any = q_values_any(&p);
    for ((area, (p, q)), (any, by)) in
        star.iter().zip(all).zip(any.into_iter().zip(rows.column("p_by")))
    {
        assert_close(area.p, p, 1e-8, "p");
        assert_close(area.q, q, 1e-8, "q by Benjamini and Hochberg");
        assert_close(any, by, 1e-8, "q by Benjamini and Yekutieli");
    }
    assert_eq!(q_values(&p).iter().filter(|&&q| q <= 0.05).count(), 20);

    let others = getis_ord(&counts, &weights).unwrap();
    let neighbours: Vec<u32> = rows.column("n_neighbors");
    for ((area, z), neighbours) in others.iter().zip(rows.optional("gi")).zip(neighbours) {
        assert_eq!((area.neighbours, z.is_some()), (neighbours, neighbours > 0));
        assert_close(area.z, z.unwrap_or(0.0), 1e-8, "Gi");
    }
}

#[test]
fn a_grid_has_the_same_numbers_the_fast_way() {
    let rows = table("expected/lattice_counts_queen.csv");
    let (mut values, mut domain) = (vec![0.0; 48 * 80], vec![false; 48 * 80]);
    let cells: Vec<usize> =
        squares(&rows).into_iter().map(|(c, r)| usize::try_from(r * 48 + c).unwrap()).collect();
    for (&cell, count) in cells.iter().zip(rows.column("reports")) {
        values[cell] = count;
        domain[cell] = true;
    }
    let found = getis_ord_star_grid(48, &values, &domain).unwrap();
    let found: Vec<LocalG> = cells.into_iter().map(|cell| found[cell]).collect();
    agrees(&found, &rows.column("gi_star"));
}

#[test]
fn counts_on_hexagons_are_those_of_esda() {
    let rows = table("expected/lattice_counts_hex.csv");
    let cells: Vec<(i64, i64)> = rows.column("q").into_iter().zip(rows.column("r")).collect();
    let mut pairs = Vec::new();
    for (from, (q, r)) in cells.iter().enumerate() {
        let near = [(1, 0), (1, -1), (0, -1), (-1, 0), (-1, 1), (0, 1)];
        let near = near.map(|(right, up)| (q + right, r + up));
        let known = cells.iter().enumerate().filter(|(_, cell)| near.contains(cell));
        pairs.extend(known.map(|(to, _)| (from, to, 1.0)));
    }
    let weights = Weights::from_pairs(cells.len(), &pairs).unwrap();
    let found = getis_ord_star(&rows.column::<f64>("reports"), &weights).unwrap();
    agrees(&found, &rows.column("gi_star"));
}

#[test]
fn the_local_moran_is_that_of_esda() {
    let rows = table("expected/lattice_counts_queen.csv");
    let weights = Weights::binary(&Neighbours::queen(&squares(&rows))).row_standardised();
    let found = local_moran(&rows.column::<f64>("reports"), &weights).unwrap();
    let peers = rows.column::<f64>("moran_i").into_iter().zip(rows.column::<u8>("moran_q"));
    for (area, (i, quadrant)) in found.iter().zip(peers) {
        assert_close(area.i, i, 1e-8, "I");
        assert_eq!(area.quadrant, quadrant);
    }
}

#[test]
fn simulated_probabilities_of_the_local_moran_are_those_of_esda() {
    let rows = table("expected/lattice_counts_queen.csv");
    let neighbours = Neighbours::queen(&squares(&rows));
    let weights = Weights::binary(&neighbours).row_standardised();
    let trials = Trials { number: 9_999, seed: 1, enough: None };
    let counts: Vec<f64> = rows.column("reports");
    let found = local_moran_chance(&counts, &weights, trials, &unwatched).unwrap();
    let (mut compared, mut apart) = (0, 0);
    for (area, (ours, theirs)) in found.iter().zip(rows.column::<f64>("moran_p_sim")).enumerate() {
        if neighbours.of(area).is_empty() {
            assert!(ours.p >= 1.0, "nobody is beside it");
            continue;
        }
        // Theirs is of one side and at most a half; both are simulated.
        let error = (2.0 * theirs * (1.0 - theirs) / 9_999.0).sqrt();
        compared += 1;
        apart += u32::from((ours.p / 2.0 - theirs).abs() > 3.0 * error);
    }
    // Counts tie often. Ours counts what is as large; theirs does or does not
    // as the order of a sum rounds it, for about one area in six.
    assert!(compared > 400 && apart * 4 < compared, "{apart} of {compared}");
}
