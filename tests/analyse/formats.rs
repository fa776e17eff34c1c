//! How answers are written, and degrees.

use crate::run::{analyse, answer, number, rows, text, written};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

const POINTS: &[&str] =
    &["density", "--points", "data/examples/points.csv", "--radius-m", "700", "--cell-m", "500"];

#[test]
fn the_rows_of_json_and_csv_and_the_features_of_geojson_are_the_same() {
    let found = rows(POINTS);
    let table = text(&[POINTS, &["--format", "csv"]].concat());
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("x,y,value"));
    let map = answer(&[POINTS, &["--format", "geojson", "--crs", "EPSG:3006"]].concat());
    let features = map["features"].as_array().unwrap();
    assert_eq!((lines.clone().count(), features.len()), (found.len(), found.len()));
    for ((row, line), feature) in found.iter().zip(lines).zip(features) {
        let value: f64 = line.rsplit(',').next().unwrap().parse().unwrap();
        assert!((value - number(row, "value")).abs() < 1e-15);
        assert_eq!(feature["properties"], *row);
        let longitude = feature["geometry"]["coordinates"][0].as_f64().unwrap();
        assert!((10.0..13.0).contains(&longitude));
    }
}

#[test]
fn degrees_are_put_into_metres_before_anything_is_computed() {
    // The reports of the example in degrees: the same densities.
    let folder = tempfile::tempdir().unwrap();
    let plane = fyren_core::plane::Projection::sweref99_tm();
    let table = std::fs::read_to_string("data/examples/points.csv").unwrap();
    let lines: Vec<String> = table.lines().map(|line| degrees(line, &plane)).collect();
    let points = written(&folder, "degrees.csv", &lines);
    let args = ["density", "--points", &points, "--at", &points, "--crs", "EPSG:4326"];
    let found = answer(&args);
    assert_eq!(found["params"]["plane"], "EPSG:3006");
    let metric = ["density", "--points", "data/examples/points.csv", "--at"];
    let metric = rows(&[&metric[..], &["data/examples/points.csv"]].concat());
    for (found, metric) in found["rows"].as_array().unwrap().iter().zip(&metric) {
        assert!((number(found, "value") / number(metric, "value") - 1.0).abs() < 1e-4);
        assert!(number(found, "x") < 13.0);
    }
    let undeclared = answer(&["density", "--points", &points, "--at", &points]);
    assert_eq!(undeclared["limits"][0]["rule"], "degrees_taken_as_metres");
}

fn degrees(line: &str, plane: &fyren_core::plane::Projection) -> String {
    let parts: Vec<&str> = line.split(',').collect();
    let (Ok(east), Ok(north)) = (parts[1].parse(), parts[2].parse()) else {
        return line.to_owned();
    };
    let at = plane.inverse(fyren_core::domain::Plane { east, north });
    format!("{},{},{},{}", parts[0], at.longitude, at.latitude, parts[3])
}

#[test]
fn an_answer_goes_into_a_file_and_then_not_to_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("answer.json");
    let args = ["interval", "--count", "3", "--out", file.to_str().unwrap()];
    assert!(analyse(&args).stdout.is_empty());
    let written: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(written, answer(&args[..3]));
}

/// `fyren analyse` with pipes for input and output.
fn piped(args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_fyren"))
        .arg("analyse")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn a_dash_is_standard_input_and_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let lines = ["x,y", "10,20", "500,20"].map(str::to_owned);
    let file = written(&folder, "points.csv", &lines);
    let mut child = piped(&["dbscan", "--points", "-", "--out", "-"]);
    child.stdin.take().unwrap().write_all((lines.join("\n") + "\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), text(&["dbscan", "--points", &file]));
}

#[test]
fn whoever_stops_reading_early_is_no_failure() {
    // More than a pipe holds.
    let extent = "270000,6470000,290000,6490000";
    let asked = ["--cell-m", "50", "--extent", extent, "--format", "csv"];
    let points = concat!(env!("CARGO_MANIFEST_DIR"), "/data/examples/points.csv");
    let mut child = piped(&[&["density", "--points", points], &asked[..]].concat());
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(first, "x,y,value\n");
    assert_eq!((output.status.code(), output.stderr.is_empty()), (Some(0), true));
}

#[test]
fn a_table_of_another_program_is_read_as_it_is() {
    // A mark of byte order, two characters at an end of line, quotation marks, blanks, a
    // column more that holds what divides elsewhere, and columns in another order.
    let folder = tempfile::tempdir().unwrap();
    let plain = ["x,y,day", "0,0,1", "50,0,3.5", "90,0,20"].map(str::to_owned);
    let plain = written(&folder, "plain.csv", &plain);
    let foreign = folder.path().join("foreign.csv");
    let lines =
        "\u{feff}\"a;b\", day ,\"y\",x\r\n\"1,2\",1,\"0\",0\r\n,\"3.5\",0,5e1\r\n;,20,0,+90\r\n";
    std::fs::write(&foreign, lines).unwrap();
    let foreign = foreign.to_str().unwrap();
    let knox = |file: &str, distances: &str| {
        rows(&["knox", "--points", file, "--distance-m", distances, "--days", "2.5,16.5"])
    };
    let found = knox(foreign, "0, 100");
    assert_eq!(found, knox(&plain, "0,100"));
    // 2.5 days apart belong to the band that ends there, 16.5 to the next; 19 to none.
    assert_eq!(found[2]["observed"], 1);
    assert_eq!(found[3]["observed"], 1);
    let asked = ["density", "--cell-m", "500", "--points"];
    assert_eq!(rows(&[&asked[..], &[foreign]].concat()), rows(&[&asked[..], &[&plain]].concat()));
}

#[test]
fn a_coordinate_system_is_known_by_small_letters_too() {
    let asked = ["density", "--points", "data/examples/points.csv", "--cell-m", "1000"];
    let found = |crs: &str| rows(&[&asked[..], &["--crs", crs]].concat());
    assert_eq!(found("epsg:3006"), found("EPSG:3006"));
}
