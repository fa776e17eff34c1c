//! How answers are written, and degrees.

use crate::run::{analyse, answer, number, rows, text, written};

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
