//! `exposure`: what expectations rest on, one feature an amount that was
//! imported, so that staff see what a hot spot was measured against.

use super::answer::Built;
use super::rows::{Rows, in_box, in_district};
use super::staff::StaffSource;
use crate::encode::{FeatureId, Shape, Value};
use fyren_core::domain::{ExposureItem, ExposurePlace};
use std::borrow::Cow;

const FIELDS: &[&str] =
    &["kind", "name", "amount", "people", "months", "district", "radiusM", "dataset"];

/// Answers the layer; `category` chooses kinds. Dates are passed over: every
/// amount says its months.
pub fn build(source: &StaffSource) -> Built {
    let mut rows = Rows::new(FIELDS);
    let kinds = &source.query.filter.categories;
    for (item, dataset) in &source.ground.exposed.items {
        let (shape, district) = ground(source, item);
        let wanted = kinds.is_empty() || kinds.iter().any(|kind| kind == item.kind.code());
        let here = in_box(&source.query, &shape) && in_district(&source.query, district.as_deref());
        if !wanted || !here {
            continue;
        }
        let radius_m = match &item.place {
            ExposurePlace::Around { radius_m, .. } => Some(*radius_m),
            _ => None,
        };
        let values = vec![
            item.kind.code().into(),
            item.name.clone().into(),
            item.amount.into(),
            (item.amount * item.kind.people()).into(),
            Value::List(item.months.factors().iter().map(|factor| (*factor).into()).collect()),
            district.into(),
            radius_m.into(),
            dataset.clone().into(),
        ];
        rows.push(FeatureId::Text(Cow::Owned(item.id.to_string())), shape, values);
    }
    rows.built(Vec::new())
}

fn ground(source: &StaffSource, item: &ExposureItem) -> (Shape<'static>, Option<String>) {
    let municipality = &source.ground.municipality;
    match &item.place {
        ExposurePlace::Around { position, .. } => {
            let district = source.ground.geofence.district(*position);
            (Shape::Point(*position), district.map(|code| code.0.clone()))
        }
        ExposurePlace::Area(area) => (Shape::MultiPolygon(Cow::Owned(area.clone())), None),
        ExposurePlace::District(code) => {
            let district = municipality.districts.iter().find(|district| district.code == *code);
            let shape = district.map_or(Shape::None, |district| {
                Shape::MultiPolygon(Cow::Owned(district.boundary.clone()))
            });
            (shape, Some(code.0.clone()))
        }
        ExposurePlace::Municipality => {
            (Shape::MultiPolygon(Cow::Owned(municipality.boundary.clone())), None)
        }
    }
}
