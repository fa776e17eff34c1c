//! Features that are made at once, for layers of hundreds, not millions.

use super::answer::Built;
use super::query::LayerQuery;
use crate::encode::{Feature, FeatureId, FeatureRows, Members, Shape, Value};
use crate::spatial::Bounds;
use fyren_core::domain::{Position, ReleaseWindow};
use fyren_core::plane::{Extent, Projection};
use geo::{BoundingRect, Intersects};
use geo_types::{Coord, Rect};
use std::borrow::Cow;
use std::sync::Arc;

/// Features with the same fields.
pub struct Rows {
    fields: &'static [&'static str],
    features: Vec<Feature<'static>>,
}

impl Rows {
    /// No features yet.
    #[must_use]
    pub const fn new(fields: &'static [&'static str]) -> Self {
        Self { fields, features: Vec::new() }
    }

    /// Adds a feature whose values are in the order of the fields.
    pub fn push(
        &mut self,
        id: FeatureId<'static>,
        shape: Shape<'static>,
        values: Vec<Value<'static>>,
    ) {
        debug_assert_eq!(values.len(), self.fields.len(), "a value for each field");
        let fields = self.fields.iter().copied().zip(values).collect();
        self.features.push(Feature { id, shape, fields });
    }

    /// The answer with these features.
    #[must_use]
    pub fn built(self, members: Members) -> Built {
        Built { rows: Arc::new(self), members }
    }
}

impl FeatureRows for Rows {
    fn fields(&self) -> &'static [&'static str] {
        self.fields
    }

    fn len(&self) -> usize {
        self.features.len()
    }

    fn feature(&self, at: usize) -> Feature<'_> {
        self.features[at].clone()
    }
}

/// Whether a feature of a public layer is asked for by its place.
pub fn in_box(query: &LayerQuery, shape: &Shape<'_>) -> bool {
    let region = query.filter.region.as_ref();
    let outside = |at: Position| region.is_some_and(|region| !region.holds(at));
    if matches!(shape, Shape::Point(at) if outside(*at)) {
        return false;
    }
    let Some(Bounds { south_west, north_east }) = query.filter.bounds else { return true };
    let corner = |at: Position| Coord { x: at.longitude, y: at.latitude };
    let asked = Rect::new(corner(south_west), corner(north_east));
    match shape {
        Shape::None => false,
        Shape::Point(at) => asked.intersects(&corner(*at)),
        Shape::Line(line) => line.bounding_rect().is_some_and(|rect| asked.intersects(&rect)),
        Shape::Polygon(area) => asked.intersects(&**area),
        Shape::MultiPolygon(areas) => asked.intersects(&**areas),
    }
}

/// Whether a feature of a public layer is asked for by its district.
pub fn in_district(query: &LayerQuery, district: Option<&str>) -> bool {
    let asked = &query.filter.districts;
    asked.is_empty() || district.is_some_and(|code| asked.iter().any(|asked| asked == code))
}

/// Whether a window lies wholly within the asked days.
pub fn in_days(query: &LayerQuery, window: ReleaseWindow) -> bool {
    let (from, to) = query.dates;
    from.is_none_or(|from| from <= window.from) && to.is_none_or(|to| window.to <= to)
}

/// A square of the plane in degrees.
pub fn square(extent: Extent, projection: &Projection) -> Shape<'static> {
    let Extent { west, south, east, north } = extent;
    let plane = Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north }).to_polygon();
    Shape::Polygon(Cow::Owned(projection.inverse_shape(&plane)))
}

/// A computed number to six figures: more would be told than is known.
pub fn figures(value: f64) -> Value<'static> {
    if value.abs() < f64::MIN_POSITIVE || !value.is_finite() {
        return Value::Float(value);
    }
    let scale = 10_f64.powf(5.0 - value.abs().log10().floor());
    let rounded = (value * scale).round() / scale;
    Value::Float(if rounded.is_finite() { rounded } else { value })
}

/// A text in Swedish and English.
pub fn both(text: &(String, String)) -> Value<'static> {
    Value::Object(vec![("sv", text.0.clone().into()), ("en", text.1.clone().into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_figures_are_told_of_large_and_small_numbers_alike() {
        let told = [1_234_567.0, 0.000_123_456_78, -2.0, 0.0, 1e-310];
        let told = told.map(|value| match figures(value) {
            Value::Float(value) => value.to_string(),
            other => panic!("{other:?}"),
        });
        assert_eq!(told[..4], ["1234570", "0.000123457", "-2", "0"]);
        assert_eq!(figures(f64::INFINITY), Value::Float(f64::INFINITY));
    }
}
