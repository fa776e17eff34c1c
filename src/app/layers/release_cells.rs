//! `release-cells`: published cells of the fixed lattice, nothing finer and
//! nothing more than their bands.

use super::answer::Built;
use super::public::PublicSource;
use super::query::LayerQuery;
use super::rows::{Rows, in_box, in_days, in_district};
use crate::encode::{FeatureId, Shape};
use fyren_core::domain::ReleaseKind;
use fyren_core::plane::{CellId, Projection};
use std::borrow::Cow;

/// Answers the layer. A cell lies in no district.
pub fn build(source: &PublicSource, query: &LayerQuery) -> Built {
    let mut rows = Rows::new(&["cellId", "sizeM", "band", "group", "from", "to"]);
    let lattice = Projection::sweref99_tm();
    let released = source
        .releases()
        .iter()
        .filter(|release| release.kind == ReleaseKind::YearCells && in_days(query, release.window));
    for release in released.filter(|_| in_district(query, None)) {
        for cell in &release.cells {
            let Some(id) = CellId::parse(&cell.cell_id) else { continue };
            let shape = Shape::Polygon(Cow::Owned(lattice.inverse_shape(&id.polygon())));
            if in_box(query, &shape) {
                let values = vec![
                    cell.cell_id.clone().into(),
                    cell.size_m.into(),
                    cell.band.code().into(),
                    cell.group.code().into(),
                    release.window.from.to_string().into(),
                    release.window.to.to_string().into(),
                ];
                rows.push(FeatureId::None, shape, values);
            }
        }
    }
    rows.built(Vec::new())
}
