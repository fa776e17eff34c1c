//! Shapes as they stand in a column: `GeoJSON` geometry text.

use super::StoreError;
use fyren_core::domain::Place;
use geo_types::MultiPolygon;
use geojson::GeometryValue;

/// The shape of a drawn place; `None` for a point or a code.
pub(super) fn shape_text(place: &Place) -> Option<String> {
    let value = match place {
        Place::Line(line) => GeometryValue::from(line),
        Place::Area(area) => GeometryValue::from(area),
        Place::Point { .. } | Place::Code(_) => return None,
    };
    Some(geojson::Geometry::new(value).to_string())
}

/// The drawn place behind a shape.
pub(super) fn drawn_place(text: &str) -> Result<Place, StoreError> {
    match parse(text)? {
        geo_types::Geometry::LineString(line) => Ok(Place::Line(line)),
        geo_types::Geometry::Polygon(area) => Ok(Place::Area(area)),
        _ => Err(StoreError::Corrupt("a shape is neither line nor area".into())),
    }
}

/// The text of a boundary.
pub(super) fn boundary_text(boundary: &MultiPolygon<f64>) -> String {
    geojson::Geometry::new(GeometryValue::from(boundary)).to_string()
}

/// The boundary behind a text.
pub(super) fn boundary(text: &str) -> Result<MultiPolygon<f64>, StoreError> {
    match parse(text)? {
        geo_types::Geometry::MultiPolygon(boundary) => Ok(boundary),
        _ => Err(StoreError::Corrupt("a boundary is no multipolygon".into())),
    }
}

fn parse(text: &str) -> Result<geo_types::Geometry<f64>, StoreError> {
    let corrupt = |error: geojson::Error| StoreError::Corrupt(error.to_string().into());
    let geometry: geojson::Geometry =
        text.parse::<geojson::GeoJson>().and_then(geojson::Geometry::try_from).map_err(corrupt)?;
    geo_types::Geometry::try_from(geometry).map_err(corrupt)
}
