//! `moran`: the local Moran of the rates of the hot cells, for comparison with
//! other tools. It marks where rates are alike, not where chance is exceeded.

use super::gistar::{Rated, rated};
use super::nearrepeat::SEED;
use super::{Limit, Minimum};
use crate::app::layers::answer::Built;
use crate::app::layers::lands::Lands;
use crate::app::layers::query::whole;
use crate::app::layers::rows::{Rows, figures, square};
use crate::app::layers::staff::StaffSource;
use crate::app::{Error, Result};
use crate::encode::{FeatureId, Value};
use fyren_core::analysis::{Trials, Watch, local_moran_chance};
use fyren_core::domain::Violation;

const FIELDS: &[&str] = &["count", "ebRate", "i", "quadrant", "p", "q", "neighbours"];

/// Cells times simulations of one question.
const MOST: u64 = 50_000_000;

/// Simulations.
const NSIM: [u64; 3] = [999, 99, 9_999];

/// The local Moran of the rates, drawn toward their mean, of every cell with people.
pub fn build(source: &StaffSource, lands: &Lands, watch: Watch<'_>) -> Result<Built> {
    let params = &source.query.params;
    let bad = |broken| Error::BadParameter(vec![broken]);
    let seed = whole(params, "seed", SEED).map_err(bad)?;
    let nsim = whole(params, "nsim", NSIM).map_err(bad)?;
    let Rated { hot, rates, weights } = rated(source, lands)?;
    let mut said = hot.said();
    said.insufficient = None;
    said.seed = Some(seed);
    said.params = vec![
        ("cellM", hot.exposure.grid().cell_m().into()),
        ("weights", "queen, row standardised".into()),
        ("tested", "empirical Bayes ratio of observed to expected".into()),
        ("nsim", Value::Int(i64::try_from(nsim).unwrap_or(i64::MAX))),
        ("correction", "Benjamini-Hochberg".into()),
    ];
    let warned = "the local Moran asks whether neighbours are alike; see hotspots";
    said.limits.push(Limit::new("for_comparison", warned));
    let mut rows = Rows::new(FIELDS);
    if let Some(limit) = Minimum::HOTSPOTS.unmet(hot.found.counted.len()) {
        said.insufficient = Some(limit.rule);
        said.limits.push(limit);
        return Ok(rows.built(said.members()));
    }
    if hot.found.cells.len() as u64 * nsim > MOST {
        return Err(bad(Violation::new("cell", "too_heavy")));
    }
    let number = u32::try_from(nsim).unwrap_or(u32::MAX);
    let trials = Trials { number, seed, enough: None };
    let weights = weights.row_standardised();
    let found = local_moran_chance(&rates, &weights, trials, watch)?;
    let projection = source.ground.geofence.projection();
    for (at, ((cell, found), rate)) in hot.found.cells.iter().zip(found).zip(rates).enumerate() {
        let shape = square(hot.exposure.grid().cell_extent(cell.cell), projection);
        let values = vec![
            cell.count.into(),
            figures(rate),
            figures(found.moran.i),
            quadrant(found.moran.quadrant).into(),
            figures(found.p),
            figures(found.q),
            weights.of(at).count().into(),
        ];
        rows.push(FeatureId::Number(cell.cell as u64), shape, values);
    }
    Ok(rows.built(said.members()))
}

/// How a cell lies among its neighbours.
const fn quadrant(number: u8) -> &'static str {
    match number {
        1 => "high_among_high",
        2 => "low_among_high",
        3 => "low_among_low",
        _ => "high_among_low",
    }
}
