//! What is refused, and how clearly.

use crate::run::{analyse, written};

/// Exit code and what is told for a density of these lines.
fn told(lines: &[&str], more: &[&str]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    let points = written(&folder, "points.csv", &lines);
    let output = analyse(&[&["density", "--points", &points], more].concat());
    assert!(output.stdout.is_empty());
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_broken_file_is_refused_by_name_line_column_and_rule() {
    for (lines, said) in [
        (vec!["x,y", "1,2", "1,b"], "points.csv, line 3, column y: not_a_number (b)"),
        (vec!["x,y", "1,inf"], "line 2, column y: not_finite (inf)"),
        (vec!["x,y", "1,"], "line 2, column y: required"),
        (vec!["x,y,weight", "1,2,-1"], "line 2, column weight: negative (-1)"),
        (vec!["east,north", "1,2"], "line 1, column x: missing_column"),
        (vec!["x,y", "1"], "line 2, column all: row_form"),
        (vec!["x,y"], "empty"),
        (vec!["x,y\r", "1,2\r", "1,b\r"], "points.csv, line 3, column y: not_a_number (b)"),
        (vec!["x,y", "", "1,2", "", "1,b"], "points.csv, line 5, column y: not_a_number (b)"),
    ] {
        let (code, told) = told(&lines, &[]);
        assert_eq!(code, Some(1), "{told}");
        assert!(told.contains(said), "{told}");
    }
}

#[test]
fn degrees_outside_the_globe_are_refused_by_column() {
    let (code, told) = told(&["x,y", "11.2,58.3", "11.2,98.3"], &["--crs", "EPSG:4326"]);
    assert_eq!(code, Some(1));
    assert!(told.contains("line 3, column y: out_of_range (98.3 degrees)"), "{told}");
}

#[test]
fn a_value_out_of_range_is_told_by_its_flag() {
    for (args, said) in [
        (&["knox", "--distance-m", "200,100"][..], "--distance-m: out_of_range"),
        (&["knox", "--days=-1,7"], "--days: out_of_range"),
        (&["st-scan", "--days", "nan"], "--days: out_of_range"),
        (&["density", "--cell-m", "0.01"], "--cell-m: too_many_cells"),
    ] {
        let output = analyse(&[args, &["--points", "data/examples/points.csv"]].concat());
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {told}");
        assert!(told.contains(said), "{args:?}: {told}");
    }
}

#[test]
fn a_file_of_which_nothing_can_be_computed_is_named_and_no_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, lines: &[&str]| {
        written(&folder, name, &lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>())
    };
    let nobody = file("nobody.csv", &["id,x,y,count,exposure", "A,0,0,3,0", "B,250,0,1,0"]);
    let alone = file("alone.csv", &["area,month,treated,post,y", "A,1,1,0,5", "A,2,1,1,2"]);
    let before = file("before.csv", &["area,month,treated,post,y", "A,1,1,0,5", "B,1,0,0,2"]);
    let after = file("after.csv", &["area,month,treated,post,y", "A,1,1,1,5", "B,1,0,1,2"]);
    let demand = file("demand.csv", &["id,x,y,weight", "a,0,0,1", "b,100,0,2"]);
    let floor = file("floor.csv", &["x,y", "0,0", "99999,0"]);
    let sites = ["sites", "--demand", &demand, "--candidates", &demand, "--p", "1"];
    for (args, said) in [
        (vec!["scan", "--areas", &nobody], "nobody.csv, line 2, column exposure: all_zero"),
        (vec!["evaluate", "did", "--panel", &alone], "alone.csv: areas: too_small"),
        (vec!["evaluate", "wdd", "--panel", &before], "before.csv: periods: too_small"),
        (vec!["evaluate", "wdd", "--panel", &after], "after.csv: periods: too_small"),
        (
            [&sites[..], &["--floor", &floor]].concat(),
            "floor.csv, line 3, column x: floor_out_of_reach (the nearest candidate lies 99899 m",
        ),
    ] {
        let output = analyse(&args);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {told}");
        assert!(told.contains(said), "{args:?}: {told}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_flag_that_makes_no_sense_is_wrong_usage() {
    for flags in [
        &["--crs", "EPSG:1"][..],
        &["--radius-m", "-5"],
        &["--radius-m", "5", "--bandwidth-m", "5"],
        &["--extent", "1,2,3"],
        &["--extent", "5,0,1,9"],
        &["--cell-m", "0"],
        &["--nsim", "0"],
        &["--format", "pdf"],
        &["--colour", "red"],
    ] {
        let (code, told) = told(&["x,y", "1,2"], flags);
        assert_eq!(code, Some(2), "{flags:?}: {told}");
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let output = analyse(&["density", "--points", "nowhere.csv"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("nowhere.csv"));
}

#[test]
fn a_neighbour_that_is_no_area_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let pairs = written(&folder, "pairs.csv", &["from,to".to_owned(), "A1,Z9".to_owned()]);
    let areas = ["local-poisson", "--areas", "data/examples/areas.csv", "--neighbours", &pairs];
    let output = analyse(&areas);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("pairs.csv, line 2, column to: unknown_id"), "{told}");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(analyse(&areas[..3]).status.code(), Some(2), "no neighbours at all");
}
