//! `summary-hotspots`: hot spots that another context tells in its latest
//! signed summary, each as the one cell that the file names: nothing finer, and
//! never mixed with what is computed here.

use super::answer::Built;
use super::rows::{Rows, in_box, in_district, square};
use super::staff::StaffSource;
use crate::app::Summary;
use crate::encode::FeatureId;
use fyren_core::domain::SpotCell;
use fyren_core::plane::Extent;
use jiff::ToSpan;
use jiff::civil::Date;
use std::borrow::Cow;

const FIELDS: &[&str] =
    &["context", "made", "week", "weekFrom", "rank", "key", "cellM", "name", "district", "status"];

/// Answers the layer.
pub fn build(source: &StaffSource, summaries: &[Summary]) -> Built {
    let mut rows = Rows::new(FIELDS);
    for summary in summaries {
        let monday = last_week(summary);
        for spot in &summary.hotspots {
            // A key of another form, from a version to come, has no place here.
            let Ok(cell) = SpotCell::parse(&spot.key) else { continue };
            let [west, south, east, north] = cell.edges();
            let extent = Extent { west, south, east, north };
            let shape = square(extent, source.ground.geofence.projection());
            if !in_box(&source.query, &shape)
                || !in_district(&source.query, spot.district.as_deref())
            {
                continue;
            }
            let values = vec![
                summary.context.clone().into(),
                summary.made.clone().into(),
                monday.map(|day| i64::from(day.iso_week_date().week())).into(),
                monday.map(|day| day.to_string()).into(),
                spot.rank.into(),
                spot.key.clone().into(),
                cell.size_m.into(),
                spot.name.clone().into(),
                spot.district.clone().into(),
                spot.status.clone().into(),
            ];
            let id = format!("{}-{}", summary.context, spot.rank);
            rows.push(FeatureId::Text(Cow::Owned(id)), shape, values);
        }
    }
    rows.built(Vec::new())
}

/// The Monday of the last week that a summary tells of.
fn last_week(summary: &Summary) -> Option<Date> {
    let after: Date = summary.to.parse().ok()?;
    after.checked_sub(7.days()).ok()
}
