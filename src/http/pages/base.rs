//! `/{code}/base.json`: the base map of a municipality, ours alone.

use crate::app::{BasemapHead, LEAST_ZOOM, MOST_ZOOM};
use fyren_core::domain::{LocalityKind, Municipality};
use geo::Intersects;
use geo_types::{Coord, MultiPolygon, Polygon};
use serde_json::{Map, Value, json};

/// Degrees kept: six decimals are a tenth of a metre.
const SCALE: f64 = 1e6;

/// What a page has to know of imported tiles.
pub struct Basemap {
    /// Changes with every import.
    pub version: String,
    /// Whom every map names.
    pub attribution: String,
    /// Whether the tiles have land and coast: those here are then for the still picture alone.
    pub coast: bool,
    /// The first and the last zoom of the tiles.
    pub zooms: [u64; 2],
}

impl Basemap {
    /// What is known of an imported base map.
    pub fn of(head: &BasemapHead) -> Self {
        let summary: Value = serde_json::from_str(&head.summary).unwrap_or_default();
        // Maps from before the zooms were told have ours.
        let zoom = |name: &str, ours: u8| summary[name].as_u64().unwrap_or_else(|| ours.into());
        Self {
            version: head.version.clone(),
            attribution: head.attribution.clone(),
            coast: summary["coast"] == true,
            zooms: [zoom("minZoom", LEAST_ZOOM), zoom("maxZoom", MOST_ZOOM)],
        }
    }
}

/// The base map as one document: land, boundary, districts, named places and
/// the first view. Positions have at most six decimals. Costs one pass over
/// the shapes; small enough to be made once a municipality and change.
pub fn document(municipality: &Municipality, basemap: Option<&Basemap>) -> Value {
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
        "basemap": basemap.map(|basemap| json!({
            "version": basemap.version,
            "attribution": basemap.attribution,
            "coast": basemap.coast,
            "minZoom": basemap.zooms[0],
            "maxZoom": basemap.zooms[1],
        })),
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

/// The corners of the land within the boundary, else those of the boundary.
fn shore(municipality: &Municipality) -> Vec<(f64, f64)> {
    let corners = |shape: &MultiPolygon| -> Vec<Coord> {
        shape.iter().flat_map(|polygon| polygon.exterior().coords().copied()).collect()
    };
    let boundary = &municipality.boundary;
    let land = municipality.land.as_ref().map(corners).unwrap_or_default();
    let inner: Vec<Coord> = land.into_iter().filter(|at| boundary.intersects(at)).collect();
    let drawn = if inner.len() > 2 { inner } else { corners(boundary) };
    drawn.into_iter().map(|at| (at.x, at.y)).collect()
}

/// West, south, east and north of where people live: towns and villages, else
/// every named place, else the whole boundary.
fn view(municipality: &Municipality) -> Option<[f64; 4]> {
    let of = |kinds: &[LocalityKind]| -> Vec<(f64, f64)> {
        let places = municipality.localities.iter().filter(|l| kinds.contains(&l.kind));
        places.map(|l| (l.position.longitude, l.position.latitude)).collect()
    };
    let settled = of(&[LocalityKind::Town, LocalityKind::Village]);
    let points = if settled.len() > 1 { settled } else { shore(municipality) };
    let start = points.first()?;
    let first = [start.0, start.1, start.0, start.1];
    Some(points.iter().fold(first, |[west, south, east, north], (x, y)| {
        [west.min(*x), south.min(*y), east.max(*x), north.max(*y)]
    }))
}
