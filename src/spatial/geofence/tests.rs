//! The geofence against the real ground of Sotenäs and against drawn shapes.

use super::*;
use fyren_core::domain::{District, Policy};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use std::collections::BTreeMap;
use std::path::Path;

/// The features of a file of `data/sotenas`, each as (properties, shape).
fn features(file: &str) -> Vec<(geojson::JsonObject, geo_types::Geometry)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sotenas").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let geojson::GeoJson::FeatureCollection(all) = text.parse().unwrap() else {
        panic!("{file} is no collection")
    };
    let shape = |feature: &geojson::Feature| feature.geometry.clone().unwrap().try_into().unwrap();
    let all = all.features.into_iter();
    all.map(|f| (f.properties.clone().unwrap_or_default(), shape(&f))).collect()
}

fn ground(shapes: impl IntoIterator<Item = geo_types::Geometry>) -> MultiPolygon {
    let parts = shapes.into_iter().flat_map(|shape| match shape {
        geo_types::Geometry::Polygon(one) => vec![one],
        geo_types::Geometry::MultiPolygon(all) => all.0,
        other => panic!("{other:?} is no ground"),
    });
    MultiPolygon(parts.collect())
}

fn text(properties: &geojson::JsonObject, name: &str) -> String {
    properties[name].as_str().unwrap().to_owned()
}

fn sotenas() -> Municipality {
    let districts = features("districts.geojson").into_iter().map(|(properties, shape)| District {
        code: DistrictCode(text(&properties, "code")),
        name: text(&properties, "name"),
        boundary: ground([shape]),
        residents: None,
    });
    Municipality {
        code: MunicipalityCode::parse("1427").unwrap(),
        name: "Sotenäs".to_owned(),
        full_name: "Sotenäs kommun".to_owned(),
        time_zone: "Europe/Stockholm".to_owned(),
        crs: "EPSG:3006".to_owned(),
        boundary: ground(features("boundary.geojson").into_iter().map(|f| f.1)),
        land: Some(ground(features("land.geojson").into_iter().map(|f| f.1))),
        districts: districts.collect(),
        localities: Vec::new(),
        contacts: Vec::new(),
        policy: Policy::default(),
        synthetic: false,
    }
}

fn fence() -> Geofence {
    Geofence::new(&sotenas()).unwrap()
}

fn point(longitude: f64, latitude: f64) -> Place {
    Place::Point { position: Position { longitude, latitude }, precision_m: 25.0 }
}

fn line(positions: &[(f64, f64)]) -> Place {
    Place::Line(LineString(positions.iter().map(|&(x, y)| Coord { x, y }).collect()))
}

fn area(positions: &[(f64, f64)]) -> Place {
    let ring = positions.iter().map(|&(x, y)| Coord { x, y }).collect();
    Place::Area(Polygon::new(LineString(ring), Vec::new()))
}

fn rule(place: Place) -> (String, &'static str) {
    let Violation { field, rule } = fence().locate(place).unwrap_err();
    (field, rule)
}

const KUNGSHAMN: (f64, f64) = (11.249_407, 58.361_44);
const SMOGEN: (f64, f64) = (11.224_201, 58.354_573);

#[test]
fn the_stops_of_sotenas_lie_in_the_districts_that_an_independent_tool_found() {
    let (fence, municipality) = (fence(), sotenas());
    let mut found = BTreeMap::new();
    let mut on_land = 0;
    for (properties, shape) in features("stops.geojson") {
        if properties["in_sotenas"] != true {
            continue;
        }
        let geo_types::Geometry::Point(at) = shape else { panic!("a stop is a point") };
        let fenced = fence.locate(point(at.x(), at.y())).unwrap();
        let code = fenced.located.district.unwrap();
        let district = municipality.districts.iter().find(|d| d.code == code).unwrap();
        *found.entry(district.name.clone()).or_insert(0) += 1;
        on_land += i32::from(fenced.water_m.unwrap() <= 0.0);
    }
    let counts = ["Askum", "Hunnebostrand", "Kungshamn", "Malmön", "Smögen", "Tossene"];
    let expected = counts.map(str::to_owned).into_iter().zip([24, 9, 15, 10, 5, 25]).collect();
    assert_eq!(found, expected);
    assert_eq!(on_land, 84);
}

#[test]
fn a_point_is_its_own_anchor_in_the_metric_plane() {
    let located = fence().locate(point(KUNGSHAMN.0, KUNGSHAMN.1)).unwrap().located;
    let (position, plane) = located.anchor.unwrap();
    assert!(
        (plane.east - 280_614.227).abs() < 0.001 && (plane.north - 6_475_068.243).abs() < 0.001
    );
    assert!((position.longitude - KUNGSHAMN.0).abs() < 1e-12);
    assert!((located.precision_m - 25.0).abs() < 1e-12);
}

#[test]
fn a_report_outside_the_municipality_is_refused() {
    assert_eq!(rule(point(11.97, 57.71)), ("place".into(), "outside_municipality"));
}

#[test]
fn longitude_and_latitude_exchanged_are_named_as_such() {
    assert_eq!(rule(point(KUNGSHAMN.1, KUNGSHAMN.0)), ("place".into(), "swapped_coordinates"));
}

#[test]
fn a_position_that_is_not_a_number_is_refused_by_its_field() {
    assert_eq!(rule(point(f64::NAN, 58.4)), ("place.longitude".into(), "not_finite"));
    assert_eq!(rule(point(11.2, 158.4)), ("place.latitude".into(), "out_of_range"));
}

#[test]
fn a_precision_of_nothing_is_refused() {
    let position = Position { longitude: KUNGSHAMN.0, latitude: KUNGSHAMN.1 };
    for precision_m in [0.0, -1.0, f64::NAN, 2e5] {
        let place = Place::Point { position, precision_m };
        assert_eq!(rule(place), ("place.precisionM".into(), "out_of_range"));
    }
}

#[test]
fn far_out_at_sea_is_accepted_with_a_warning_and_a_jetty_without_one() {
    let fence = fence();
    let sea = fence.locate(point(11.05, 58.35)).unwrap();
    assert_eq!(sea.warnings, [Violation::new("place", "on_water")]);
    assert!(sea.water_m.unwrap() > WATER_TOLERANCE_M);
    for (_, shape) in features("harbours.geojson") {
        let geo_types::Geometry::Point(at) = shape else { panic!("a jetty is a point") };
        if let Ok(jetty) = fence.locate(point(at.x(), at.y())) {
            assert_eq!(jetty.warnings, [], "{at:?} is {:?} m from land", jetty.water_m);
        }
    }
}

#[test]
fn a_line_is_anchored_in_its_middle_and_covers_both_ends() {
    let located = fence().locate(line(&[KUNGSHAMN, SMOGEN])).unwrap().located;
    // The two are 1 662.053 m apart on the ellipsoid; the plane's scale is about 1.0002 here.
    assert!((located.precision_m - 831.0).abs() < 1.0, "{}", located.precision_m);
    let (position, _) = located.anchor.unwrap();
    assert!((position.longitude - 11.236_804).abs() < 1e-4);
}

#[test]
fn a_line_of_one_position_or_across_half_the_province_is_refused() {
    assert_eq!(rule(line(&[KUNGSHAMN, KUNGSHAMN])), ("place.line".into(), "too_few_positions"));
    assert_eq!(rule(line(&[])), ("place.line".into(), "too_few_positions"));
    let long = line(&[KUNGSHAMN, (11.327_739, 58.473_68), KUNGSHAMN]);
    assert_eq!(rule(long), ("place.line".into(), "too_long"));
    let many = vec![KUNGSHAMN; 500].into_iter().chain([SMOGEN]).collect::<Vec<_>>();
    assert_eq!(rule(line(&many)), ("place.line".into(), "too_many_positions"));
}

#[test]
fn a_line_that_leaves_the_municipality_names_the_position_outside() {
    let place = line(&[KUNGSHAMN, SMOGEN, (12.0, 57.7)]);
    assert_eq!(rule(place), ("place.line[2]".into(), "outside_municipality"));
}

#[test]
fn an_area_is_anchored_inside_itself_even_when_its_centre_is_not() {
    // A horseshoe whose centroid lies in its opening.
    let shoe = area(&[
        (11.24, 58.36),
        (11.26, 58.36),
        (11.26, 58.37),
        (11.258, 58.37),
        (11.258, 58.361),
        (11.242, 58.361),
        (11.242, 58.37),
        (11.24, 58.37),
    ]);
    let Place::Area(drawn) = &shoe else { panic!("an area") };
    let drawn = drawn.clone();
    let (anchor, _) = fence().locate(shoe).unwrap().located.anchor.unwrap();
    let inside = geo_types::Point::new(anchor.longitude, anchor.latitude);
    assert!(geo::Contains::contains(&drawn, &inside));
}

#[test]
fn an_area_that_crosses_itself_or_is_too_large_is_refused() {
    let bow = area(&[(11.24, 58.36), (11.26, 58.37), (11.26, 58.36), (11.24, 58.37)]);
    assert_eq!(rule(bow), ("place.polygon".into(), "not_valid"));
    let wide = area(&[(11.12, 58.36), (11.2, 58.36), (11.2, 58.42), (11.12, 58.42)]);
    assert_eq!(rule(wide), ("place.polygon".into(), "too_large"));
    let flat = area(&[(11.24, 58.36), (11.26, 58.37)]);
    assert_eq!(rule(flat), ("place.polygon".into(), "too_few_positions"));
}

#[test]
fn a_known_code_is_accepted_without_a_point_and_an_unknown_one_refused() {
    let code = |system: &str, code: &str| {
        let (system, code) = (system.to_owned(), code.to_owned());
        Place::Code(AreaCode { system, version: String::new(), code })
    };
    let district = fence().locate(code("district", "109051")).unwrap();
    assert_eq!(district.located.anchor, None);
    assert_eq!(district.located.district, Some(DistrictCode("109051".into())));
    let whole = fence().locate(code("municipality", "1427")).unwrap();
    assert_eq!((whole.located.district, whole.water_m), (None, None));
    assert_eq!(rule(code("district", "1")), ("place.code".into(), "unknown_area"));
    assert_eq!(rule(code("municipality", "0180")), ("place.code".into(), "unknown_area"));
    assert_eq!(rule(code("postcode", "45631")), ("place.system".into(), "unknown_area_system"));
}

#[test]
fn a_lake_cut_out_of_the_ground_is_outside_however_its_ring_runs() {
    let square = |low: f64, high: f64| {
        LineString::from(vec![(low, low), (high, low), (high, high), (low, high), (low, low)])
    };
    let mut municipality = sotenas();
    let hole = square(11.4, 11.6);
    municipality.boundary = MultiPolygon(vec![Polygon::new(square(11.0, 12.0), vec![hole])]);
    let fence = Geofence::new(&municipality).unwrap();
    assert!(fence.contains(Position { longitude: 11.2, latitude: 11.2 }));
    assert!(!fence.contains(Position { longitude: 11.5, latitude: 11.5 }));
    assert!(fence.contains(Position { longitude: 11.4, latitude: 11.5 }), "its shore belongs");
}

#[test]
fn without_land_nothing_is_said_about_water() {
    let fence = Geofence::new(&Municipality { land: None, ..sotenas() }).unwrap();
    let sea = fence.locate(point(11.05, 58.35)).unwrap();
    assert_eq!((sea.water_m, sea.warnings), (None, Vec::new()));
}
