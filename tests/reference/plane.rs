//! The plane against PROJ and GEOS.

use crate::read::{Shape, csv, json, number, shapes};
use fyren_core::domain::{Plane, Position};
use fyren_core::plane::{Coverage, Extent, Grid, Projection};
use geo::{Area, BooleanOps, Contains, MultiPolygon, Point};
use std::collections::BTreeMap;

const MILLIMETRE: f64 = 1e-3;

fn assert_near(found: Plane, east: f64, north: f64, what: &str) {
    let off = (found.east - east).hypot(found.north - north);
    assert!(off < MILLIMETRE, "{what}: {off} m off");
}

fn polygons(file: &str) -> MultiPolygon<f64> {
    MultiPolygon(shapes(file).iter().flat_map(Shape::polygons).collect())
}

fn point(at: Position) -> Point<f64> {
    Point::new(at.longitude, at.latitude)
}

#[test]
fn sweref_99_tm_is_within_a_millimetre_of_proj() {
    let expected = json("tests/data/expected.json");
    let projection = Projection::parse("EPSG:3006").unwrap();
    let pairs = expected["sweref99tm_pairs"].as_array().unwrap();
    assert_eq!(pairs.len(), 6);
    for pair in pairs {
        let of = |name: &str| pair[name].as_f64().unwrap();
        let at = Position { longitude: of("lon"), latitude: of("lat") };
        let found = projection.forward(at);
        assert_near(found, of("easting"), of("northing"), &pair["name"].to_string());
    }
}

#[test]
fn local_and_utm_zones_are_within_a_millimetre_of_proj_both_ways() {
    let rows = csv("tests/data/sweref99-local-zones.csv");
    assert_eq!(rows.len(), 51);
    for row in rows {
        let projection = Projection::parse(&row[0]).unwrap();
        let at = Position { longitude: number(&row, 3), latitude: number(&row, 4) };
        let (east, north) = (number(&row, 5), number(&row, 6));
        let what = format!("{} {}", &row[0], &row[2]);
        assert_near(projection.forward(at), east, north, &what);
        let back = projection.forward(projection.inverse(Plane { east, north }));
        assert_near(back, east, north, &what);
        if row[1].starts_with("SWEREF") {
            assert_eq!(projection.name().replace("SWEREF 99", "SWEREF99"), row[1]);
        }
    }
}

#[test]
fn the_areas_of_sotenas_agree_with_geos() {
    let expected = &json("tests/data/expected.json")["sotenas_area_km2_epsg3006"];
    let projection = Projection::sweref99_tm();
    let boundary = projection.forward_shape(&polygons("data/sotenas/boundary.geojson"));
    let land = projection.forward_shape(&polygons("data/sotenas/land.geojson"));
    let land = land.intersection(&boundary);
    let boundary_km2 = boundary.unsigned_area() / 1e6;
    let land_km2 = land.unsigned_area() / 1e6;
    assert!((boundary_km2 - expected["boundary"].as_f64().unwrap()).abs() < 0.01);
    assert!((land_km2 - expected["land_in_boundary"].as_f64().unwrap()).abs() < 0.01);

    let grid = Grid::covering(Extent::of_shape(&boundary).unwrap(), 100.0).unwrap();
    let on_grid = Coverage::of_shape(grid, &land).km2();
    assert!((on_grid - land_km2).abs() < 0.05, "{on_grid} on the grid, {land_km2} by its edges");
}

#[test]
fn the_stops_of_sotenas_lie_in_the_districts_and_on_the_land_that_geos_says() {
    let expected = json("tests/data/expected.json");
    let projection = Projection::sweref99_tm();
    let boundary = polygons("data/sotenas/boundary.geojson");
    let districts = shapes("data/sotenas/districts.geojson");
    let land = projection.forward_shape(&polygons("data/sotenas/land.geojson"));
    let stops: Vec<Position> = shapes("data/sotenas/stops.geojson")
        .iter()
        .filter_map(Shape::position)
        .filter(|&at| boundary.contains(&point(at)))
        .collect();
    assert_eq!(stops.len() as u64, expected["sotenas_stops"]["rows"].as_u64().unwrap());

    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    for district in &districts {
        let shape = projection.forward_shape(&district.polygons());
        let name = district.properties["name"].as_str().unwrap().to_owned();
        let inside = stops.iter().filter(|&&at| {
            let at = projection.forward(at);
            shape.contains(&Point::new(at.east, at.north))
        });
        found.insert(name, inside.count() as u64);
    }
    let per_district: BTreeMap<String, u64> =
        serde_json::from_value(expected["sotenas_stops"]["per_district"].clone()).unwrap();
    assert_eq!(found, per_district);

    let on_land = stops.iter().filter(|&&at| {
        let at = projection.forward(at);
        land.contains(&Point::new(at.east, at.north))
    });
    let stops_on_land = &expected["sotenas_area_km2_epsg3006"]["stops_on_land"];
    assert_eq!(on_land.count() as u64, stops_on_land.as_u64().unwrap());
}

#[test]
fn every_point_that_the_police_use_lies_in_its_own_municipality() {
    let municipalities = shapes("data/sweden/municipalities.geojson");
    let shapes: BTreeMap<&str, MultiPolygon<f64>> = municipalities
        .iter()
        .map(|shape| (shape.properties["code"].as_str().unwrap(), shape.polygons()))
        .collect();
    let rows = csv("data/sweden/polisen-centroids.csv");
    assert_eq!(rows.len(), 285);
    for row in rows {
        let at = Position { longitude: number(&row, 1), latitude: number(&row, 2) };
        let homes: Vec<&str> = shapes
            .iter()
            .filter(|(_, shape)| shape.contains(&point(at)))
            .map(|(code, _)| *code)
            .collect();
        assert_eq!(homes, [&row[0]]);
    }
}
