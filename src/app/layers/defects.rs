//! `defects`: physical defects that a moderator has released as facts about a
//! place: never the reporter's point, time or text.

use super::answer::Built;
use super::public::PublicSource;
use super::query::LayerQuery;
use super::rows::{Rows, in_box, in_district};
use crate::encode::{FeatureId, Shape};

/// Answers the layer; `from` and `to` are days of publication.
pub fn build(source: &PublicSource, query: &LayerQuery) -> Built {
    let mut rows = Rows::new(&["category", "status", "owner", "snappedTo", "publishedOn"]);
    let (from, to) = query.dates;
    for defect in source.defects() {
        let shape = Shape::Point(defect.position);
        let district = source.ground.geofence.district(defect.position);
        let asked = from.is_none_or(|from| from <= defect.published_on)
            && to.is_none_or(|to| defect.published_on < to)
            && in_district(query, district.map(|code| code.0.as_str()))
            && in_box(query, &shape);
        if asked {
            let values = vec![
                defect.category.code().into(),
                defect.status.code().into(),
                defect.owner.clone().into(),
                defect.snapped_to.clone().into(),
                defect.published_on.to_string().into(),
            ];
            rows.push(FeatureId::Event(defect.id), shape, values);
        }
    }
    rows.built(Vec::new())
}
