//! The cube of emerging hot spots against esda (mean of the cube), pyehsa (mean
//! of the period) and pymannkendall.

use crate::read::{assert_close, json};
use fyren_core::analysis::{Cube, CubeMean, Neighbours, emerging};

#[test]
fn scores_and_trends_of_the_cube_are_those_of_the_peers_with_either_mean() {
    let peers = json("expected/ehsa_cube.json");
    let rows = peers["results"].as_array().unwrap();
    assert_eq!((rows.len(), peers["n"].as_u64()), (93, Some(93)));
    let counts: Vec<u32> = rows
        .iter()
        .flat_map(|row| row["counts"].as_array().unwrap())
        .map(|count| u32::try_from(count.as_u64().unwrap()).unwrap())
        .collect();
    // Cells of 1 km in twelve columns.
    let cell = |row: &serde_json::Value| row["cell"].as_i64().unwrap();
    let places: Vec<(i64, i64)> = rows.iter().map(|row| (cell(row) % 12, cell(row) / 12)).collect();
    let neighbours = Neighbours::queen(&places);
    let cube = Cube { counts: &counts, periods: 8, neighbours: &neighbours };
    for (mean, name) in [(CubeMean::Cube, "z"), (CubeMean::Period, "z_per_slice")] {
        let found = emerging(cube, mean, 0.05).unwrap();
        for (row, ours) in rows.iter().zip(&found) {
            let theirs = row[name].as_array().unwrap();
            for (ours, theirs) in ours.z.iter().zip(theirs) {
                // The file has eight digits after the point.
                assert_close(*ours, theirs.as_f64().unwrap(), 1e-8, &row.to_string());
            }
            if mean == CubeMean::Cube {
                let of = |name: &str| row[name].as_f64().unwrap();
                assert_close(ours.trend.p, of("mk_p"), 1e-9, &row.to_string());
                assert_close(ours.trend.z, of("mk_z"), 1e-9, &row.to_string());
                let s = row["mk_S"].to_string();
                assert_eq!(ours.trend.s, s.trim_end_matches(".0").parse::<i64>().unwrap());
            }
        }
    }
}
