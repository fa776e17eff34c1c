//! `localities`: the gazetteer, public by nature.

use super::answer::Built;
use super::public::PublicSource;
use super::query::LayerQuery;
use super::rows::{Rows, in_box, in_district};
use crate::encode::{FeatureId, Shape};
use std::borrow::Cow;

/// Answers the layer.
pub fn build(source: &PublicSource, query: &LayerQuery) -> Built {
    let mut rows =
        Rows::new(&["id", "name", "kind", "district", "precisionM", "residents", "weight"]);
    for locality in &source.ground.municipality.localities {
        let district = locality.district.as_ref().map(|code| code.0.as_str());
        let shape = Shape::Point(locality.position);
        if in_district(query, district) && in_box(query, &shape) {
            let values = vec![
                locality.id.0.clone().into(),
                locality.name.clone().into(),
                locality.kind.code().into(),
                district.map(str::to_owned).into(),
                locality.precision_m.into(),
                locality.residents.into(),
                locality.weight.into(),
            ];
            rows.push(FeatureId::Text(Cow::Owned(locality.id.0.clone())), shape, values);
        }
    }
    rows.built(Vec::new())
}
