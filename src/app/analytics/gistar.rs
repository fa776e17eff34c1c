//! `gistar`: Gi* of the rates of the hot cells, for comparison with other
//! tools. It marks where high rates gather, not where chance is exceeded.

use super::{Limit, Minimum};
use crate::app::Result;
use crate::app::layers::answer::Built;
use crate::app::layers::hot::Hot;
use crate::app::layers::lands::Lands;
use crate::app::layers::rows::{Rows, figures, square};
use crate::app::layers::staff::StaffSource;
use crate::encode::FeatureId;
use fyren_core::analysis::{Neighbours, Weights, empirical_bayes, getis_ord_star};

const FIELDS: &[&str] = &["count", "ebRate", "z", "p", "q", "neighbours"];

/// Gi* of the rates, drawn toward their mean, of every cell with people.
pub fn build(source: &StaffSource, lands: &Lands) -> Result<Built> {
    let Rated { hot, rates, weights } = rated(source, lands)?;
    let mut said = hot.said();
    said.insufficient = None;
    said.params = vec![
        ("cellM", hot.exposure.grid().cell_m().into()),
        ("weights", "queen and self".into()),
        ("tested", "empirical Bayes ratio of observed to expected".into()),
        ("correction", "Benjamini-Hochberg".into()),
    ];
    let warned = "Gi* rests on the normal distribution, which few events break; see hotspots";
    said.limits.push(Limit::new("for_comparison", warned));
    let mut rows = Rows::new(FIELDS);
    if let Some(limit) = Minimum::HOTSPOTS.unmet(hot.found.counted.len()) {
        said.insufficient = Some(limit.rule);
        said.limits.push(limit);
        return Ok(rows.built(said.members()));
    }
    let (grid, cells) = (hot.exposure.grid(), &hot.found.cells);
    let found = getis_ord_star(&rates, &weights)?;
    for ((cell, found), rate) in cells.iter().zip(found).zip(rates) {
        let shape = square(grid.cell_extent(cell.cell), source.ground.geofence.projection());
        let values = vec![
            cell.count.into(),
            figures(rate),
            figures(found.z),
            figures(found.p),
            figures(found.q),
            found.neighbours.into(),
        ];
        rows.push(FeatureId::Number(cell.cell as u64), shape, values);
    }
    Ok(rows.built(said.members()))
}

/// A tested map with a rate a cell, and which cells lie side by side.
pub struct Rated {
    /// The map.
    pub hot: Hot,
    /// Observed over expected of each cell, drawn toward the mean.
    pub rates: Vec<f64>,
    /// Queen weights of the cells.
    pub weights: Weights,
}

/// The rates of every cell with people.
pub fn rated(source: &StaffSource, lands: &Lands) -> Result<Rated> {
    let hot = Hot::test(source, lands)?;
    let grid = hot.exposure.grid();
    let cells = &hot.found.cells;
    #[expect(clippy::cast_precision_loss, reason = "events stay far below 2^53")]
    let total = hot.found.counted.len() as f64;
    let counts: Vec<u32> = cells.iter().map(|cell| cell.count).collect();
    let expected: Vec<f64> =
        cells.iter().map(|cell| hot.exposure.shares()[cell.cell] * total).collect();
    let rates: Vec<f64> = empirical_bayes(&counts, &expected)?
        .into_iter()
        .map(|rate| rate.map_or(0.0, |rate| rate.eb_rate))
        .collect();
    let places: Vec<(i64, i64)> = cells
        .iter()
        .map(|cell| grid.column_row(cell.cell))
        .map(|(column, row)| {
            let whole = |index: usize| i64::try_from(index).unwrap_or(i64::MAX);
            (whole(column), whole(row))
        })
        .collect();
    let weights = Weights::binary(&Neighbours::queen(&places));
    Ok(Rated { hot, rates, weights })
}
