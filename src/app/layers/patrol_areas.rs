//! `patrol-areas`: patrol areas that are saved, for police roles alone; and the
//! events of one of them by the parameter `area` of any question of staff.

use super::access::StaffAccess;
use super::answer::Built;
use super::query::LayerQuery;
use super::rows::{Rows, figures, in_box};
use super::staff::StaffSource;
use crate::app::{Error, Ground, Result, failure};
use crate::encode::{FeatureId, Shape, Value};
use crate::spatial::Region;
use crate::store::Store;
use fyren_core::domain::{Id, PatrolAreaSet, Violation};
use std::borrow::Cow;
use std::sync::Arc;

const FIELDS: &[&str] = &[
    "set",
    "setName",
    "number",
    "name",
    "share",
    "parts",
    "districts",
    "unit",
    "imbalance",
    "madeAt",
];

/// An area by the identity of its set and its number, from 1: `SET-2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AreaName {
    /// The set.
    pub set: Id,
    /// The number within it.
    pub number: usize,
}

impl AreaName {
    /// Reads the name of an area.
    ///
    /// # Errors
    /// Violates a nameless field with `unknown_value`.
    pub fn parse(text: &str) -> std::result::Result<Self, Violation> {
        let read = || {
            let (set, number) = text.split_once('-')?;
            Some(Self { set: Id::parse(set)?, number: number.parse().ok().filter(|n| *n > 0)? })
        };
        read().ok_or_else(|| Violation::new("", "unknown_value"))
    }
}

/// Answers the layer: the areas of every set, the latest saved first.
pub fn build(source: &StaffSource, sets: &[PatrolAreaSet]) -> Built {
    let mut rows = Rows::new(FIELDS);
    let asked = source.query.params.get("set");
    for set in sets.iter().filter(|set| asked.is_none_or(|asked| *asked == set.id.to_string())) {
        for (number, area) in (1..).zip(&set.areas) {
            let shape = Shape::MultiPolygon(Cow::Owned(area.shape.clone()));
            if !in_box(&source.query, &shape) {
                continue;
            }
            let codes = area.districts.iter().map(|code| code.0.clone().into()).collect();
            let values = vec![
                set.id.to_string().into(),
                set.name.clone().into(),
                Value::Int(number),
                area.name.clone().into(),
                figures(area.share),
                area.parts.into(),
                Value::List(codes),
                set.unit.code().into(),
                figures(set.imbalance),
                set.made_at.to_string().into(),
            ];
            rows.push(FeatureId::Text(Cow::Owned(format!("{}-{number}", set.id))), shape, values);
        }
    }
    rows.built(Vec::new())
}

/// Narrows a question to the patrol area that it names, if it names one: to
/// its districts where it is made of whole ones, so that what has no finer
/// place counts as well, else to its ground.
///
/// # Errors
/// [`Error::BadParameter`] `area: unknown_value` for an area that is not there
/// or not for these eyes, which must not differ; `district: unknown_value` for
/// districts none of which belongs to it.
pub async fn narrow(
    query: &mut LayerQuery,
    access: &StaffAccess,
    ground: &Ground,
    police: &dyn Store,
) -> Result<()> {
    let Some(wanted) = query.area else { return Ok(()) };
    let wrong = |field: &str| Error::BadParameter(vec![Violation::new(field, "unknown_value")]);
    if !access.sees_patrol_areas() {
        return Err(wrong("area"));
    }
    let sets = police.area_sets(ground.code()).await.map_err(failure)?;
    let set = sets.into_iter().find(|set| set.id == wanted.set);
    let area = set.and_then(|set| set.areas.into_iter().nth(wanted.number - 1));
    let area = area.ok_or_else(|| wrong("area"))?;
    if area.districts.is_empty() {
        query.filter.region = Some(Arc::new(Region::new(area.shape)));
        return Ok(());
    }
    let asked = std::mem::take(&mut query.filter.districts);
    let both = |code: &String| asked.is_empty() || asked.contains(code);
    query.filter.districts = area.districts.into_iter().map(|code| code.0).filter(both).collect();
    if query.filter.districts.is_empty() { Err(wrong("district")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_named_by_its_set_and_a_number_from_one() {
        let id = Id::from_bits(7);
        let read = AreaName::parse(&format!("{id}-2")).unwrap();
        assert_eq!(read, AreaName { set: id, number: 2 });
        for text in ["", "2", "x-2", &format!("{id}"), &format!("{id}-0"), &format!("{id}--1")] {
            assert_eq!(AreaName::parse(text).unwrap_err().rule, "unknown_value", "{text}");
        }
    }
}
