//! `density`: the heat map cell by cell, in numbers. A picture without
//! significance, as the layer is.

use super::{Minimum, Said};
use crate::app::Result;
use crate::app::layers::answer::Built;
use crate::app::layers::heat::Heat;
use crate::app::layers::lands::Lands;
use crate::app::layers::rows::{Rows, figures, square};
use crate::app::layers::staff::StaffSource;
use crate::encode::{FeatureId, Value};
use fyren_core::analysis::{DAYS_OF_YEAR, Edge};

const FIELDS: &[&str] = &["value", "unit", "nEff", "class", "lowData"];

/// Fewer events than this at full weight are few data.
const FEW: f64 = 3.0;

/// The density of each cell of land that has any.
pub fn build(source: &StaffSource, lands: &Lands) -> Result<Built> {
    let heat = Heat::of(source, lands)?;
    let mut said = Said::of(&heat.needs, heat.period);
    said.params = vec![
        ("kernel", "quartic".into()),
        ("radiusM", heat.radius_m().into()),
        ("cellM", heat.surface.grid.cell_m().into()),
        ("edge", Edge::Uniform.code().into()),
        ("breaks", Value::List(heat.breaks.iter().copied().map(figures).collect())),
    ];
    let mut rows = Rows::new(FIELDS);
    if let Some(limit) = Minimum::DENSITY.unmet(heat.needs.points.len()) {
        said.insufficient = Some(limit.rule);
        said.limits.push(limit);
        return Ok(rows.built(said.members()));
    }
    // What one event at the very place would give.
    let one = heat.kernel().peak() * 1e6 * DAYS_OF_YEAR / heat.period.days();
    let projection = source.ground.geofence.projection();
    for (cell, value) in heat.surface.values.iter().enumerate().filter(|(_, value)| **value > 0.0) {
        let shape = square(heat.surface.grid.cell_extent(cell), projection);
        let events = value / one;
        let class = heat.breaks.iter().filter(|least| value >= least).count();
        let values = vec![
            figures(*value),
            crate::app::layers::heat::UNIT.into(),
            figures(events),
            class.into(),
            (events < FEW).into(),
        ];
        rows.push(FeatureId::Number(cell as u64), shape, values);
    }
    Ok(rows.built(said.members()))
}
