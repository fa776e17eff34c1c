//! `/{code}/base.json`: the base map of a municipality, ours alone.

use fyren_core::domain::{LocalityKind, Municipality};
use geo_types::{MultiPolygon, Polygon};
use serde_json::{Map, Value, json};

/// Degrees kept: six decimals are a tenth of a metre.
const SCALE: f64 = 1e6;

/// The base map as one document: land, boundary, districts, named places and
/// the first view. Positions have at most six decimals. Costs one pass over
/// the shapes; small enough to be made once a municipality and change.
pub fn document(municipality: &Municipality) -> Value {
    let districts: Vec<Value> = municipality
        .districts
        .iter()
        .map(|district| {
            let properties = json!({"code": district.code.0, "name": district.name});
            feature(&shape(&district.boundary), &properties)
        })
        .collect();
    let places: Vec<Value> = municipality
        .localities
        .iter()
        .map(|locality| {
            let position = [round(locality.position.longitude), round(locality.position.latitude)];
            let properties = json!({
                "id": locality.id.0,
                "name": locality.name,
                "kind": locality.kind.code(),
                "weight": locality.weight,
                "district": locality.district.as_ref().map(|code| code.0.as_str()),
            });
            feature(&json!({"type": "Point", "coordinates": position}), &properties)
        })
        .collect();
    json!({
        "code": municipality.code.as_str(),
        "name": municipality.name,
        "view": view(municipality),
        "boundary": feature(&shape(&municipality.boundary), &json!({})),
        "land": municipality.land.as_ref().map(|land| feature(&shape(land), &json!({}))),
        "districts": collection(districts),
        "places": collection(places),
    })
}

fn feature(geometry: &Value, properties: &Value) -> Value {
    json!({"type": "Feature", "geometry": geometry, "properties": properties})
}

fn collection(features: Vec<Value>) -> Value {
    let mut object = Map::new();
    object.insert("type".to_owned(), json!("FeatureCollection"));
    object.insert("features".to_owned(), Value::Array(features));
    Value::Object(object)
}

fn shape(shape: &MultiPolygon<f64>) -> Value {
    let polygons: Vec<Value> = shape.iter().map(rings).collect();
    json!({"type": "MultiPolygon", "coordinates": polygons})
}

fn rings(polygon: &Polygon<f64>) -> Value {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    let rings: Vec<Vec<[f64; 2]>> =
        rings.map(|ring| ring.coords().map(|at| [round(at.x), round(at.y)]).collect()).collect();
    json!(rings)
}

fn round(degrees: f64) -> f64 {
    (degrees * SCALE).round() / SCALE
}

/// West, south, east and north of where people live: towns and villages, else
/// every named place, else the whole boundary.
fn view(municipality: &Municipality) -> Option<[f64; 4]> {
    let of = |kinds: &[LocalityKind]| -> Vec<(f64, f64)> {
        let places = municipality.localities.iter().filter(|l| kinds.contains(&l.kind));
        places.map(|l| (l.position.longitude, l.position.latitude)).collect()
    };
    let settled = of(&[LocalityKind::Town, LocalityKind::Village]);
    let points = if settled.len() > 1 {
        settled
    } else {
        municipality
            .boundary
            .iter()
            .flat_map(|p| p.exterior().coords().map(|c| (c.x, c.y)))
            .collect()
    };
    let start = points.first()?;
    let first = [start.0, start.1, start.0, start.1];
    Some(points.iter().fold(first, |[west, south, east, north], (x, y)| {
        [west.min(*x), south.min(*y), east.max(*x), north.max(*y)]
    }))
}
