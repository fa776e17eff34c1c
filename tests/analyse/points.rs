//! Methods on points against scikit-learn, spatstat and others.

use crate::run::{answer, assert_close, document, number, path, rows, table};
use serde_json::Value;
use std::collections::HashMap;

const EXTENT: &str = "277000,6470000,289000,6490000";

fn density(more: &[&str]) -> Vec<Value> {
    let points = path("input/reports.csv");
    rows(&[&["density", "--points", &points], more].concat())
}

/// The values by place, in tens of centimetres.
fn by_place(rows: &[Value]) -> HashMap<(u64, u64), f64> {
    let key = |row: &Value, field: &str| (number(row, field) * 10.0).to_bits();
    rows.iter().map(|row| ((key(row, "x"), key(row, "y")), number(row, "value"))).collect()
}

#[test]
fn the_density_of_a_grid_is_that_of_scikit_learn() {
    let expected = table("expected/kde_exact_grid500.csv");
    let kernels =
        [(["gaussian", "--bandwidth-m", "400"], 2), (["quartic", "--radius-m", "1000"], 5)];
    for (kernel, column) in kernels {
        let asked = [&["--kernel"], &kernel[..], &["--cell-m", "500", "--extent", EXTENT]].concat();
        let found = density(&asked);
        assert_eq!(found.len(), 24 * 40);
        let found = by_place(&found);
        let value = |row: &csv::StringRecord, at: usize| row[at].parse::<f64>().unwrap();
        let most = expected.iter().map(|row| value(row, column)).fold(0.0, f64::max);
        for row in &expected {
            let key = ((value(row, 0) * 10.0).to_bits(), (value(row, 1) * 10.0).to_bits());
            let off = (found[&key] - value(row, column)).abs() / most;
            assert!(off < 1e-9, "{kernel:?} is off by {off} at {row:?}");
        }
    }
}

#[test]
fn the_density_at_each_report_is_that_of_spatstat() {
    let expected = table("expected/kde_points_spatstat.csv");
    let points = path("input/reports.csv");
    let kernels =
        [(["gaussian", "--bandwidth-m", "400"], 1), (["quartic", "--radius-m", "1000"], 3)];
    for (kernel, column) in kernels {
        let found = density(&[&["--kernel"], &kernel[..], &["--at", &points]].concat());
        let value = |row: &csv::StringRecord| row[column].parse::<f64>().unwrap();
        let most = expected.iter().map(value).fold(0.0, f64::max);
        assert_eq!(found.len(), expected.len());
        for (found, row) in found.iter().zip(&expected) {
            assert_eq!(found["id"].to_string(), row[0]);
            assert_close(number(found, "value") / most, value(row) / most, 1e-9, &row[0]);
        }
    }
}

#[test]
fn few_points_are_answered_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let lines = ["x,y", "10.5,20", "500,20"].map(str::to_owned);
    let points = crate::run::written(&folder, "few.csv", &lines);
    let found = answer(&["density", "--points", &points, "--cell-m", "500"]);
    assert_eq!((&found["n"], &found["seed"]), (&2.into(), &Value::Null));
    assert_eq!(found["limits"][0]["rule"], "density_events_below_least");
}

#[test]
fn the_edges_of_a_rectangle_are_those_of_scipy() {
    let expected = table("expected/kde_exact_grid500.csv");
    for (edge, column) in [("uniform", 3), ("diggle", 4), ("jones-diggle", 4)] {
        let asked = ["--kernel", "gaussian", "--bandwidth-m", "400", "--cell-m", "500"];
        let asked = [&asked[..], &["--extent", EXTENT, "--edge", edge]].concat();
        let found = by_place(&density(&asked));
        let value = |row: &csv::StringRecord, at: usize| row[at].parse::<f64>().unwrap();
        let most = expected.iter().map(|row| value(row, column)).fold(0.0, f64::max);
        // The same at the places of the file, without a grid.
        let at = path("expected/kde_exact_grid500.csv");
        for row in density(&[&asked[..], &["--at", &at]].concat()) {
            let on_grid = by_place(std::slice::from_ref(&row)).into_iter().next().unwrap();
            assert!((found[&on_grid.0] - on_grid.1).abs() / most < 1e-9, "{row}");
        }
        for row in &expected {
            let key = ((value(row, 0) * 10.0).to_bits(), (value(row, 1) * 10.0).to_bits());
            let off = (found[&key] - value(row, column)).abs() / most;
            assert!(off < 1e-9, "{edge} is off by {off} at {row:?}");
        }
    }
}

/// Labels with noise, as the groups of indices that they make.
fn groups(labels: &[i64]) -> std::collections::BTreeSet<Vec<usize>> {
    let mut by_label: HashMap<i64, Vec<usize>> = HashMap::new();
    for (index, label) in labels.iter().enumerate().filter(|(_, label)| **label >= 0) {
        by_label.entry(*label).or_default().push(index);
    }
    by_label.into_values().collect()
}

#[test]
fn the_groups_of_core_points_and_the_noise_are_those_of_scikit_learn() {
    let points = path("input/reports.csv");
    let found = rows(&["dbscan", "--points", &points, "--eps-m", "150", "--min-pts", "5"]);
    let expected = table("expected/clusters.csv");
    assert_eq!(found.len(), expected.len());
    let label = |row: &Value| row["label"].as_i64().unwrap();
    let theirs = |row: &csv::StringRecord| row[1].parse::<i64>().unwrap();
    let core: Vec<bool> = expected.iter().map(|row| &row[2] == "1").collect();
    let only = |labels: Vec<i64>| -> Vec<i64> {
        labels.iter().zip(&core).map(|(label, core)| if *core { *label } else { -1 }).collect()
    };
    for ((found, row), core) in found.iter().zip(&expected).zip(&core) {
        assert_eq!(label(found) == -1, theirs(row) == -1, "{row:?}");
        assert_eq!(found["core"], *core, "{row:?}");
    }
    let ours = groups(&only(found.iter().map(label).collect()));
    assert_eq!(ours, groups(&only(expected.iter().map(theirs).collect())));
    assert_eq!(ours.len(), 23);
}

#[test]
fn near_in_place_and_time_is_noise_where_the_peer_says_so() {
    let points = path("input/reports.csv");
    let asked = ["--eps-m", "150", "--min-pts", "4", "--days", "14"];
    let found = rows(&[&["dbscan", "--points", &points], &asked[..]].concat());
    let clusters = found.iter().filter_map(|row| row["label"].as_i64()).max().unwrap() + 1;
    assert!((14..=18).contains(&clusters), "the peer, whose borders depend on order, finds 16");
}

#[test]
fn pairs_are_counted_and_expected_as_by_pointpats_and_surveillance() {
    let points = path("input/reports.csv");
    let asked = ["--distance-m", "100,200,400", "--days", "7,14,28", "--cumulative"];
    let found = rows(&[&["knox", "--points", &points], &asked[..]].concat());
    let reference = document("expected/knox.json");
    let expected = reference["pointpats"].as_array().unwrap();
    assert_eq!(found.len(), expected.len());
    for (found, peer) in found.iter().zip(expected) {
        assert_eq!(found["observed"], peer["pairs"]);
        assert_close(number(found, "expected"), number(peer, "expected"), 1e-9, "expected");
        assert!(number(found, "p") <= 0.004, "{found}");
    }
    let asked = ["--distance-m", "0,100,200,400", "--days", "7,14,28", "--nsim", "99"];
    let found = rows(&[&["knox", "--points", &points], &asked[..]].concat());
    // Bands by themselves are the differences of those from 0 on.
    let counts: Vec<u64> = found.iter().map(|row| row["observed"].as_u64().unwrap()).collect();
    let pairs = |at: usize| expected[at]["pairs"].as_u64().unwrap();
    assert_eq!(counts[..3], [0, 0, 0], "no two reports share a place");
    assert_eq!(counts[3..6], [pairs(0), pairs(1) - pairs(0), pairs(2) - pairs(1)]);
    assert_eq!(counts[6], pairs(3) - pairs(0));
    assert_eq!(
        (&found[0]["distanceBand"], &found[3]["distanceBand"]),
        (&"0".into(), &"0-100".into())
    );
}

#[test]
fn sites_cover_as_much_as_those_of_spopt_with_and_without_the_floor() {
    let folder = tempfile::tempdir().unwrap();
    let (mut demand, mut villages) = (vec!["id,x,y,weight".to_owned()], vec!["x,y".to_owned()]);
    for (at, row) in table("input/grid250.csv").iter().filter(|row| &row[3] != "0").enumerate() {
        let (x, y) = crate::run::centre(row);
        demand.push(format!("{at},{x},{y},{}", &row[3]));
    }
    for village in document("input/meta.json")["villages"].as_array().unwrap() {
        villages.push(format!("{},{}", village["x"], village["y"]));
    }
    let demand = crate::run::written(&folder, "demand.csv", &demand);
    let villages = crate::run::written(&folder, "villages.csv", &villages);
    let solved = |p: &Value, more: &[&str]| {
        let p = p.to_string();
        let asked = ["sites", "--demand", &demand, "--candidates", &demand, "--p", &p];
        rows(&[&asked[..], &["--radius-m", "750"], more].concat())[0].clone()
    };
    let reference = document("expected/location_models.json");
    for peer in reference["mclp"].as_array().unwrap() {
        let found = solved(&peer["p"], &[]);
        assert_close(number(&found, "objective"), number(peer, "objective"), 1e-9, "objective");
        assert_close(number(&found, "bound"), number(&found, "objective"), 1e-6, "proven");
        assert_eq!(found["chosen"].as_array().unwrap().len() as u64, peer["p"].as_u64().unwrap());
    }
    for peer in reference["mclp_with_village_floor_1500m"].as_array().unwrap() {
        let found = solved(&peer["p"], &["--floor", &villages, "--floor-m", "1500"]);
        assert_close(number(&found, "objective"), number(peer, "objective"), 1e-9, "objective");
    }
}

#[test]
fn the_space_time_scan_finds_what_predictcode_finds() {
    let points = path("input/reports.csv");
    let asked = ["--radius-m", "1000", "--days", "60", "--window-days", "180", "--end-day", "730"];
    let found = answer(&[&["st-scan", "--points", &points], &asked[..]].concat());
    let peer = document("expected/stperm_scan.json");
    let first = &found["rows"][0];
    assert_eq!(found["n"], peer["n"]);
    assert_eq!(first["observed"], peer["cases"]);
    assert_close(number(first, "llr"), number(&peer, "llr"), 1e-9, "llr");
    assert_close(number(first, "expected"), number(&peer, "expected"), 1e-9, "expected");
    assert_close(number(first, "x"), peer["centre"][0].as_f64().unwrap(), 1e-9, "x");
    assert_close(number(first, "radiusM"), number(&peer, "radius_m"), 1e-9, "radius");
    // 999 simulations here, 199 there: three standard errors of both.
    let p = number(&peer, "p_mc_199");
    let error = (p * (1.0 - p) * (1.0 / 999.0 + 1.0 / 199.0)).sqrt();
    assert!((number(first, "p") - p).abs() <= 3.0 * error, "{first}");
}

#[test]
fn a_difference_in_differences_is_that_of_statsmodels() {
    let panel = path("input/panel.csv");
    let found = &rows(&["evaluate", "did", "--panel", &panel])[0];
    let peer = document("expected/evaluation_models.json")["did"].clone();
    assert_close(number(found, "estimate"), number(&peer, "log_ratio"), 1e-6, "log ratio");
    assert_close(number(found, "se"), number(&peer, "se"), 1e-5, "se");
    assert_close(number(found, "seCluster"), number(&peer, "se_cluster"), 1e-5, "robust se");
}

#[test]
fn a_month_may_have_any_name_and_a_missing_control_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let lines = std::fs::read_to_string(path("input/panel.csv")).unwrap();
    let named = |line: &str| {
        let parts: Vec<&str> = line.split(',').collect();
        let month = parts[1].parse::<u32>().map_or_else(
            |_header| parts[1].to_owned(),
            |month| format!("{}-{:02}", 2023 + month / 12, month % 12 + 1),
        );
        [&[parts[0], &month], &parts[2..]].concat().join(",")
    };
    let lines: Vec<String> = lines.lines().map(named).collect();
    assert!(lines[1].contains("2023-01"));
    let months = crate::run::written(&folder, "months.csv", &lines);
    for design in ["did", "wdd"] {
        let found = |panel: &str| rows(&["evaluate", design, "--panel", panel])[0].clone();
        let (ours, plain) = (found(&months), found(&path("input/panel.csv")));
        assert_close(number(&ours, "estimate"), number(&plain, "estimate"), 1e-9, design);
        assert_close(number(&ours, "se"), number(&plain, "se"), 1e-9, design);
    }
    let alone = ["area,month,treated,post,y", "A,1,1,0,15", "A,2,1,1,12"].map(str::to_owned);
    let alone = crate::run::written(&folder, "alone.csv", &alone);
    let found = answer(&["evaluate", "wdd", "--panel", &alone]);
    assert_eq!(found["limits"][0]["rule"], "no_control");
}

#[test]
fn too_few_events_for_a_forecast_are_told_and_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let lines = ["x,y,day", "10,20,1", "500,20,40"].map(str::to_owned);
    let points = crate::run::written(&folder, "few.csv", &lines);
    let found = answer(&["forecast-quality", "--points", &points]);
    assert_eq!((&found["n"], &found["rows"]), (&2.into(), &Value::Array(Vec::new())));
    assert_eq!(found["limits"][0]["rule"], "horizons_below_least");
}

#[test]
fn a_weighted_displacement_difference_is_that_of_its_authors() {
    // The public example of Wheeler and Ratcliffe (2018): -10 with a standard error of 19.
    let folder = tempfile::tempdir().unwrap();
    let boxes = [
        ("t", 1, 0, [49, 40]),
        ("c", 0, 0, [50, 51]),
        ("td", 1, 1, [50, 50]),
        ("cd", 0, 1, [50, 50]),
    ];
    let mut lines = vec!["area,month,treated,post,displacement,y".to_owned()];
    for (area, treated, around, counts) in boxes {
        for (post, count) in counts.iter().enumerate() {
            lines.push(format!("{area},{post},{treated},{post},{around},{count}"));
        }
    }
    let panel = crate::run::written(&folder, "wdd.csv", &lines);
    let found = &rows(&["evaluate", "wdd", "--panel", &panel])[0];
    assert_close(number(found, "estimate"), -10.0, 1e-12, "estimate");
    let sum: i32 = boxes.iter().flat_map(|(_, _, _, counts)| counts).sum();
    assert_close(number(found, "se"), f64::from(sum).sqrt(), 1e-12, "se");
}
