//! `districts`: the parts of the municipality, public by nature.

use super::answer::Built;
use super::public::PublicSource;
use super::query::LayerQuery;
use super::rows::{Rows, in_box, in_district};
use crate::encode::{FeatureId, Shape};
use std::borrow::Cow;

/// Answers the layer.
pub fn build(source: &PublicSource, query: &LayerQuery) -> Built {
    let mut rows = Rows::new(&["code", "name", "residents"]);
    for district in &source.ground.municipality.districts {
        let code = &district.code.0;
        let shape = Shape::MultiPolygon(Cow::Borrowed(&district.boundary));
        if in_district(query, Some(code)) && in_box(query, &shape) {
            let shape = Shape::MultiPolygon(Cow::Owned(district.boundary.clone()));
            let values =
                vec![code.clone().into(), district.name.clone().into(), district.residents.into()];
            rows.push(FeatureId::Text(Cow::Owned(code.clone())), shape, values);
        }
    }
    rows.built(Vec::new())
}
