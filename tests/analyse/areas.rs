//! Methods on areas against esda, `SciPy` and statsmodels.

use crate::run::{assert_close, centre, document, number, rows, table, written};

#[test]
fn the_local_window_test_is_that_of_scipy_and_statsmodels() {
    let expected = table("expected/local_poisson.csv");
    let folder = tempfile::tempdir().unwrap();
    let line = |(at, row): (usize, &csv::StringRecord)| {
        let (x, y) = centre(row);
        format!("{at},{x},{y},{},{}", &row[2], &row[3])
    };
    let mut lines = vec!["id,x,y,count,exposure".to_owned()];
    lines.extend(expected.iter().enumerate().map(line));
    let areas = written(&folder, "areas.csv", &lines);
    let found = rows(&["local-poisson", "--areas", &areas, "--queen-cell-m", "250"]);
    assert_eq!(found.len(), expected.len());
    for (found, row) in found.iter().zip(&expected) {
        let value = |at: usize| row[at].parse::<f64>().unwrap();
        let fields = [("observed", 4), ("expected", 5), ("ratio", 6), ("p", 7), ("q", 9)];
        for (field, column) in fields {
            assert_close(number(found, field), value(column), 1e-9, &format!("{field} of {row:?}"));
        }
    }
    assert_eq!(found.iter().filter(|row| number(row, "q") <= 0.05).count(), 18);
}

#[test]
fn pairs_of_neighbours_in_a_file_are_the_squares_that_touch() {
    let areas = ["local-poisson", "--areas", "data/examples/areas.csv"];
    let by_file = [&areas[..], &["--neighbours", "data/examples/neighbours.csv"]].concat();
    let by_edge = [&areas[..], &["--queen-cell-m", "250"]].concat();
    assert_eq!(rows(&by_file), rows(&by_edge));
}

#[test]
fn a_stated_uncertainty_makes_the_same_map_less_surprising() {
    let args = ["local-poisson", "--areas", "data/examples/areas.csv", "--queen-cell-m", "250"];
    let least = |tail: &str| {
        let found = rows(&[&args[..], &["--tail", tail]].concat());
        found.iter().map(|row| number(row, "p")).fold(1.0, f64::min)
    };
    assert!(least("nb") > least("poisson"));
}

#[test]
fn the_scan_finds_the_clusters_of_smerc() {
    // Areas by their 1-based place among the cells with residents, as the peer has them.
    let cells = table("input/grid250.csv");
    let folder = tempfile::tempdir().unwrap();
    let people = cells.iter().filter(|row| row[2].parse::<f64>().unwrap() > 0.0);
    let line = |(at, row): (usize, &csv::StringRecord)| {
        let (x, y) = centre(row);
        format!("{},{x},{y},{},{}", at + 1, &row[3], &row[2])
    };
    let mut lines = vec!["id,x,y,count,exposure".to_owned()];
    lines.extend(people.enumerate().map(line));
    let areas = written(&folder, "areas.csv", &lines);
    let found = rows(&["scan", "--areas", &areas, "--max-share", "0.25"]);
    let fixture = document("expected/scan_fixture.json");
    let expected = fixture["clusters"].as_array().unwrap();
    assert!(found.len() >= expected.len());
    for (found, peer) in found.iter().zip(expected) {
        let members = peer["locids"].as_array().cloned().unwrap_or(vec![peer["locids"].clone()]);
        assert_eq!(sorted(&found["members"]), sorted(&members.into()));
        assert_eq!(found["observed"], peer["cases"]);
        assert_close(number(found, "expected"), number(peer, "expected"), 1e-8, "expected");
        assert_close(number(found, "llr"), number(peer, "llr"), 1e-8, "llr");
        let p = number(peer, "p_mc_999");
        // Two simulations of 999 each: three standard errors of their difference.
        let error = (2.0 * p * (1.0 - p) / 999.0).sqrt().max(0.001);
        assert!((number(found, "p") - p).abs() <= 3.0 * error, "{found} {peer}");
    }
}

/// The numbers of a list, ascending.
fn sorted(list: &serde_json::Value) -> Vec<i64> {
    let mut numbers: Vec<i64> =
        list.as_array().unwrap().iter().map(|value| value.as_i64().unwrap()).collect();
    numbers.sort_unstable();
    numbers
}

/// The cells of a reference table, from row, column, count and exposure.
fn cells(folder: &tempfile::TempDir, name: &str) -> String {
    let line = |(at, row): (usize, csv::StringRecord)| {
        let (x, y) = centre(&row);
        format!("{at},{x},{y},{},{}", &row[2], &row[3])
    };
    let mut lines = vec!["id,x,y,count,exposure".to_owned()];
    lines.extend(table(name).into_iter().enumerate().map(line));
    written(folder, "cells.csv", &lines)
}

#[test]
fn rates_are_drawn_toward_the_mean_as_in_esda() {
    let folder = tempfile::tempdir().unwrap();
    let areas = cells(&folder, "expected/eb_rates.csv");
    let expected = table("expected/eb_rates.csv");
    let ways: [(&[&str], usize); 2] = [(&[], 5), (&["--queen-cell-m", "250"], 6)];
    for (way, column) in ways {
        let found = rows(&[&["eb", "--areas", &areas], way].concat());
        for (found, row) in found.iter().zip(&expected) {
            if row[column].is_empty() {
                assert!(found["ebRate"].is_null(), "{row:?}");
                continue;
            }
            let value = |at: usize| row[at].parse::<f64>().unwrap();
            assert_close(number(found, "rate"), value(4), 1e-9, "rate");
            assert_close(number(found, "ebRate"), value(column), 1e-9, &format!("{row:?}"));
        }
    }
}

#[test]
fn the_posterior_of_a_rate_is_the_gamma_distribution_of_scipy() {
    let folder = tempfile::tempdir().unwrap();
    let areas = cells(&folder, "expected/eb_rates.csv");
    let (found, places) = (rows(&["eb", "--areas", &areas]), table("expected/eb_rates.csv"));
    let known = document("expected/small_numbers.json")["gamma_poisson"]["cells"].clone();
    for cell in known.as_array().unwrap() {
        let same = |row: &csv::StringRecord| {
            [(2, "count"), (3, "population")]
                .iter()
                .all(|(at, field)| row[*at].parse().ok() == cell[*field].as_u64())
        };
        let found = &found[places.iter().position(same).unwrap()];
        for (ours, theirs) in [("ebLow", "q05"), ("ebHigh", "q95"), ("pGt2x", "p_gt_2x")] {
            assert_close(number(found, ours), number(cell, theirs), 1e-9, &cell.to_string());
        }
    }
}

#[test]
fn gi_star_is_that_of_esda_on_squares_and_on_hexagons() {
    let folder = tempfile::tempdir().unwrap();
    let squares = table("expected/lattice_counts_queen.csv");
    let areas = cells(&folder, "expected/lattice_counts_queen.csv");
    let found = rows(&["gistar", "--areas", &areas, "--queen-cell-m", "250"]);
    for (found, row) in found.iter().zip(&squares) {
        let value = |at: usize| row[at].parse::<f64>().unwrap();
        for (field, column) in [("z", 6), ("p", 7), ("q", 8)] {
            assert_close(number(found, field), value(column), 1e-8, &format!("{field} {row:?}"));
        }
    }
    let hexagons = table("expected/lattice_counts_hex.csv");
    let found = hexagonal(&folder, &hexagons);
    for (found, row) in found.iter().zip(&hexagons) {
        let z = row[3].parse::<f64>().unwrap();
        assert_close(number(found, "z"), z, 1e-8, &format!("{row:?}"));
    }
}

/// Gi* of hexagons given by axial coordinates, by a file of neighbours.
fn hexagonal(folder: &tempfile::TempDir, rows: &[csv::StringRecord]) -> Vec<serde_json::Value> {
    let at = |row: &csv::StringRecord| (row[0].parse::<i64>().unwrap(), row[1].parse().unwrap());
    let known: std::collections::HashSet<(i64, i64)> = rows.iter().map(at).collect();
    let (mut areas, mut pairs) = (vec!["id,x,y,count".to_owned()], vec!["from,to".to_owned()]);
    for row in rows {
        let (q, r) = at(row);
        areas.push(format!("{q}/{r},{q},{r},{}", &row[2]));
        for (dq, dr) in [(1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1)] {
            let near = (q + dq, r + dr);
            if known.contains(&near) {
                pairs.push(format!("{q}/{r},{}/{}", near.0, near.1));
            }
        }
    }
    let areas = written(folder, "hexagons.csv", &areas);
    let pairs = written(folder, "pairs.csv", &pairs);
    crate::run::rows(&["gistar", "--areas", &areas, "--neighbours", &pairs])
}
