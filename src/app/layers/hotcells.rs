//! `hotcells`: the local test cell by cell, for experts. A cell without any
//! event in its window is not listed; `cellsTested` counts it.

use super::answer::Built;
use super::hot::Hot;
use super::lands::Lands;
use super::rows::{Rows, figures, square};
use super::staff::StaffSource;
use crate::app::Result;
use crate::encode::{FeatureId, Value};
use fyren_core::analysis::unwatched;

const FIELDS: &[&str] = &["count", "observed", "expected", "ratio", "sources", "p", "q", "status"];

/// Answers the layer.
pub fn build(source: &StaffSource, lands: &Lands) -> Result<Built> {
    let hot = Hot::confirmed(source, lands, &unwatched)?;
    let mut rows = Rows::new(FIELDS);
    for cell in hot.found.cells.iter().filter(|cell| cell.observed > 0) {
        let values = vec![
            cell.count.into(),
            Value::Int(i64::try_from(cell.observed).unwrap_or(i64::MAX)),
            figures(cell.expected),
            figures(cell.ratio),
            cell.sources.into(),
            figures(cell.p),
            figures(cell.q),
            cell.status.code().into(),
        ];
        let extent = hot.exposure.grid().cell_extent(cell.cell);
        let shape = square(extent, source.ground.geofence.projection());
        rows.push(FeatureId::Number(cell.cell as u64), shape, values);
    }
    Ok(rows.built(hot.members()))
}
