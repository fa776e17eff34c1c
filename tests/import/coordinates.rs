//! Coordinate systems, guessed and given.

use crate::support::{incidents, refusal, request, run};
use fyren::import::Kind;
use fyren_core::domain::{Plane, Position};
use fyren_core::plane::Projection;

const HERE: Position = Position { longitude: 11.24941, latitude: 58.36144 };

fn metres(code: &str) -> Plane {
    Projection::parse(code).unwrap().forward(HERE)
}

fn near(a: Position, b: Position) -> bool {
    (a.longitude - b.longitude).abs() < 1e-6 && (a.latitude - b.latitude).abs() < 1e-6
}

#[test]
fn metres_are_told_from_degrees_and_the_zone_by_where_the_points_would_lie() {
    for code in ["EPSG:3006", "EPSG:3007", "EPSG:3008"] {
        let Plane { east, north } = metres(code);
        let read = incidents(&format!("x;y\n{east:.2};{north:.2}\n"));
        assert_eq!(read.plan.crs_decision.code, code);
        assert!(read.plan.crs_decision.how.starts_with("by magnitude"));
        assert!(near(read.point(0), HERE), "{code}: {:?}", read.point(0));
    }
    assert_eq!(incidents("x;y\n11.2;58.3\n").plan.crs_decision.code, "EPSG:4326");
}

#[test]
fn the_swedish_order_with_north_as_x_is_understood() {
    let Plane { east, north } = metres("EPSG:3006");
    let read = incidents(&format!("X;Y\n{north:.2};{east:.2}\n"));
    assert!(read.plan.crs_decision.north_first);
    assert!(near(read.point(0), HERE), "{:?}", read.point(0));
    let read = incidents(&format!("N;E\n{north:.2};{east:.2}\n"));
    assert!(near(read.point(0), HERE), "{:?}", read.point(0));
}

#[test]
fn what_is_given_is_believed_and_an_unknown_code_is_refused() {
    let Plane { east, north } = metres("EPSG:3007");
    let text = format!("x,y\n{east:.2},{north:.2}\n");
    let mut request = request(Kind::Reports);
    request.crs = Some("epsg:3007".to_owned());
    let read = run(text.as_bytes(), &request).unwrap();
    assert_eq!(read.plan.crs_decision.how, "as given by --crs");
    assert!(near(read.point(0), HERE));
    request.crs = Some("EPSG:2154".to_owned());
    let said = run(text.as_bytes(), &request).err().unwrap().to_string();
    assert!(said.contains("EPSG:2154") && said.contains("--crs"), "{said}");
}

#[test]
fn metres_that_fit_no_system_are_refused_with_an_example() {
    let said = refusal(b"x,y\n1234567,7654321\n");
    assert!(said.contains("1234567") && said.contains("--crs EPSG:CODE"), "{said}");
}

#[test]
fn without_a_municipality_metres_within_sweden_are_sweref_99_tm() {
    let Plane { east, north } = metres("EPSG:3006");
    let mut request = request(Kind::Incidents);
    (request.near, request.plane) = (None, None);
    let read = run(format!("x,y\n{east},{north}\n").as_bytes(), &request).unwrap();
    assert_eq!(read.plan.crs_decision.code, "EPSG:3006");
}

#[test]
fn degrees_that_are_plainly_swapped_are_refused_as_such() {
    let read = incidents("lat,lon\n111.2,58.3\n58.3,190\n");
    assert_eq!(
        read.refused(),
        [
            (2, "latitude".to_owned(), "swapped_coordinates"),
            (3, "longitude".to_owned(), "out_of_range"),
        ]
    );
}

#[test]
fn a_precision_keeps_its_metres_and_must_be_above_zero() {
    let read = incidents("lat,lon,noggrannhet\n58.3,11.2,250 m\n58.3,11.2,0\n58.3,11.2,ca\n");
    assert_eq!(read.draft(0).precision_m, Some(250.0));
    let rules: Vec<_> = read.refused().into_iter().map(|(line, _, rule)| (line, rule)).collect();
    assert_eq!(rules, [(3, "out_of_range"), (4, "not_a_number")]);
}

#[test]
fn a_point_that_is_repeated_far_more_than_the_others_is_told() {
    let spread = (0..300).map(|row| format!("58.{},11.2", 3_000 + row));
    let pile = std::iter::repeat_n("58.36144,11.24941".to_owned(), 40);
    let rows: Vec<String> = spread.chain(pile).collect();
    let text = format!("lat,lon\n{}", rows.join("\n"));
    let (piles, count) = incidents(&text).findings.repeated_points();
    assert_eq!((count, piles[0].rows), (1, 40));
    assert!(near(piles[0].position, HERE));
}
