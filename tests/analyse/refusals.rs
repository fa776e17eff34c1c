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
