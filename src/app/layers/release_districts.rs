//! `release-districts`: published districts, quarter by quarter, and the whole
//! municipality, month by month. A missing band says "too few to show", and
//! the same whether there are none or four.

use super::answer::Built;
use super::public::PublicSource;
use super::query::LayerQuery;
use super::rows::{Rows, in_box, in_days, in_district};
use crate::app::Ground;
use crate::encode::{FeatureId, Shape};
use fyren_core::domain::{Band, Category, DistrictCode};
use std::borrow::Cow;

/// Answers the layer.
pub fn build(source: &PublicSource, query: &LayerQuery) -> Built {
    let mut rows = Rows::new(&["district", "name", "group", "category", "band", "from", "to"]);
    for release in source.releases().iter().filter(|release| in_days(query, release.window)) {
        for row in &release.districts {
            let code = row.district.as_ref();
            let Some((name, shape)) = place(&source.ground, code) else { continue };
            if in_district(query, code.map(|code| code.0.as_str())) && in_box(query, &shape) {
                let values = vec![
                    code.map(|code| code.0.clone()).into(),
                    name.into(),
                    row.group.code().into(),
                    row.category.map(Category::code).into(),
                    row.band.map(Band::code).into(),
                    release.window.from.to_string().into(),
                    release.window.to.to_string().into(),
                ];
                rows.push(FeatureId::None, shape, values);
            }
        }
    }
    rows.built(Vec::new())
}

/// Name and ground of a district, or of the municipality; `None` for a
/// district that is no longer known.
fn place(ground: &Ground, code: Option<&DistrictCode>) -> Option<(String, Shape<'static>)> {
    let municipality = &ground.municipality;
    let (name, boundary) = match code {
        None => (&municipality.name, &municipality.boundary),
        Some(code) => {
            let found = municipality.districts.iter().find(|district| district.code == *code)?;
            (&found.name, &found.boundary)
        }
    };
    Some((name.clone(), Shape::MultiPolygon(Cow::Owned(boundary.clone()))))
}
