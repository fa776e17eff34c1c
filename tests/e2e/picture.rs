//! The loop in the demonstration: a pin, the picture that changes, presence.

use crate::demo;
use crate::house::{House, SOTENAS, on_both_engines};
use serde_json::{Value, json};

type Ring = Vec<(f64, f64)>;

/// The rings of a polygon or multipolygon, outer ones and holes alike.
fn rings(geometry: &Value) -> Vec<Ring> {
    let polygons = match geometry["type"].as_str() {
        Some("Polygon") => vec![geometry["coordinates"].clone()],
        Some("MultiPolygon") => geometry["coordinates"].as_array().unwrap().clone(),
        other => panic!("a hot spot is an area, not {other:?}"),
    };
    let pair = |point: &Value| (point[0].as_f64().unwrap(), point[1].as_f64().unwrap());
    polygons
        .iter()
        .flat_map(|polygon| polygon.as_array().unwrap())
        .map(|ring| ring.as_array().unwrap().iter().map(pair).collect())
        .collect()
}

/// Whether a point is inside, by the parity of crossings (Shimrat, 1962).
fn inside(rings: &[Ring], x: f64, y: f64) -> bool {
    let crosses = |((x1, y1), (x2, y2)): (&(f64, f64), &(f64, f64))| {
        (*y1 > y) != (*y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
    };
    let crossings =
        rings.iter().flat_map(|ring| ring.iter().zip(&ring[1..])).filter(|edge| crosses(*edge));
    crossings.count() % 2 == 1
}

/// A point well inside: some 15 m from a corner, on its inner side.
fn inner_point(geometry: &Value) -> (f64, f64) {
    let rings = rings(geometry);
    let steps = [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)];
    let mut near = rings[0]
        .iter()
        .flat_map(|(x, y)| steps.map(|(east, north)| (x + east * 2.6e-4, y + north * 1.4e-4)));
    near.find(|(x, y)| inside(&rings, *x, *y)).expect("a hot spot has an inside")
}

fn spot_around(spots: &[Value], x: f64, y: f64) -> Option<&Value> {
    spots.iter().find(|spot| inside(&rings(&spot["geometry"]), x, y))
}

fn number(feature: &Value, property: &str) -> f64 {
    let value = feature["properties"][property].as_f64();
    value.unwrap_or_else(|| panic!("{property} is missing: {}", feature["properties"]))
}

on_both_engines! {
async fn a_pin_in_a_hot_spot_is_seen_in_reports_heat_and_that_spots_count(mut house: House) {
    let token = demo::start(&mut house).await["coordinator"].token.clone();
    let spots = house.layer("hotspots", &token).await;
    let spot = spots.first().expect("the demonstration has a hot spot");
    let (longitude, latitude) = inner_point(&spot["geometry"]);
    let (count, reports) = (number(spot, "count"), house.layer("reports", &token).await.len());
    let heat = house.get(&format!("{SOTENAS}/layers/heat"), &token).await;
    let public = house.get(&format!("{SOTENAS}/layers/release-cells"), "").await;

    let place = json!({ "longitude": longitude, "latitude": latitude, "precisionM": 10 });
    house.report("a-new-pin", &json!({ "category": "lighting", "place": place })).await;

    house.until("reports", &token, |all| all.len() == reports + 1).await;
    let spots = house.layer("hotspots", &token).await;
    let grown = spot_around(&spots, longitude, latitude).expect("the spot is still there");
    assert!((number(grown, "count") - count - 1.0).abs() < 0.5, "{count}: {grown}");
    let warmer = house.get(&format!("{SOTENAS}/layers/heat"), &token).await;
    assert_ne!(warmer.etag, heat.etag);
    assert_ne!(warmer.text, heat.text, "the heat map does not show the pin");
    let unchanged = house.get(&format!("{SOTENAS}/layers/release-cells"), "").await;
    assert_eq!(unchanged.text, public.text, "the public layer moved");
}

async fn a_visit_changes_the_coverage_of_its_district(mut house: House) {
    let log_ins = demo::start(&mut house).await;
    let token = &log_ins["officer"].token;
    let before = house.layer("coverage", token).await;
    assert_eq!(before.len(), 6, "one row a district");
    let malmon = |rows: &[Value]| {
        let row = rows.iter().find(|row| row["properties"].to_string().contains("Malmön"));
        row.expect("Malmön is a district").clone()
    };
    let (visits, minutes) =
        (number(&malmon(&before), "visits"), number(&malmon(&before), "presenceMinutes"));

    let visit = json!({
        "unit": "OMR-1", "unitKind": "area_police",
        "place": { "longitude": 11.3398, "latitude": 58.3496, "precisionM": 50 },
        "startedAt": "2026-11-20T18:00:00Z", "endedAt": "2026-11-20T18:45:00Z",
        "mode": "foot", "purpose": "presence", "tactics": ["walk", "talk"], "seen": "nothing",
    });
    let logged = house.post(&format!("{SOTENAS}/visits"), token, "a-visit", &visit).await;
    assert_eq!(logged.status, 201, "{}", logged.text);
    let wanted = |rows: &[Value]| number(&malmon(rows), "visits") > visits;
    let after = house.until("coverage", token, wanted).await;
    assert!((number(&malmon(&after), "presenceMinutes") - minutes - 45.0).abs() < 0.5);

    let fieldworker = &log_ins["fieldworker"].token;
    let refused = house.post(&format!("{SOTENAS}/visits"), fieldworker, "no", &visit).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
}
}
