//! "Find the real map": twelve heat maps, eleven of them pure chance. For the
//! demonstration alone, whose reports are synthetic.

use super::hot::Hot;
use super::lands::Lands;
use super::staff::StaffSource;
use super::{Admission, Layers, admit, parse_query};
use crate::app::{Error, Ground, Result};
use fyren_core::analysis::{HotStatus, Kernel, Weighted, density, lineup};
use fyren_core::domain::{Context, Layer, Plane, Role};
use fyren_core::plane::{Extent, Grid};
use jiff::civil::Date;
use std::sync::Arc;

/// Maps of chance beside the real one.
const OTHERS: usize = 11;
/// Edge of a drawn cell in metres.
const CELL_M: f64 = 250.0;
/// Radius of the kernel in metres: a little wider than on the staff map, since
/// the pictures are small.
const RADIUS_M: f64 = 900.0;
/// Steps of colour.
const STEPS: f64 = 6.0;

/// Twelve small heat maps, one of which is real.
#[derive(Debug, Clone)]
pub struct HeatLineup {
    /// Columns of each map.
    pub columns: usize,
    /// Rows of each map, the southernmost first.
    pub rows: usize,
    /// Cells of each map that are not empty: column, row, step from 1 to 6.
    pub maps: Vec<Vec<(usize, usize, u8)>>,
    /// Index of the real one.
    pub real: usize,
    /// Reports on each map.
    pub reports: usize,
    /// Cells that the test marks on the real map.
    pub marked: Vec<(usize, usize)>,
}

impl Layers {
    /// The real map of `ground` hidden among maps of chance that expect as many
    /// reports where people live.
    ///
    /// # Errors
    /// [`Error::Unavailable`] while the index is loading.
    pub async fn heat_lineup(
        &self,
        ground: &Arc<Ground>,
        today: Date,
        seed: u64,
    ) -> Result<HeatLineup> {
        let snapshot = self.indexes.snapshot(ground, Context::Municipal).await?;
        let query = parse_query(Layer::Hotcells, &[], &ground.zone).map_err(Error::BadParameter)?;
        let Admission::Staff(access) = admit(Layer::Hotcells, Some(&[Role::Coordinator]))? else {
            return Err(Error::Forbidden);
        };
        let source = StaffSource::new(access, (Arc::clone(ground), query, today), snapshot, None);
        let lands = Arc::clone(&self.lands);
        self.pool.compute(move || made(&source, &lands, seed)).await
    }
}

fn made(source: &StaffSource, lands: &Lands, seed: u64) -> Result<HeatLineup> {
    let hot = Hot::test(source, lands)?;
    let events: Vec<Plane> = hot.needs.points.iter().map(|point| point.at).collect();
    let hidden = lineup(&events, &hot.exposure, OTHERS, seed);
    let all = || hidden.maps.iter().flatten();
    let extent = Extent {
        west: all().map(|at| at.east).fold(f64::INFINITY, f64::min),
        east: all().map(|at| at.east).fold(f64::NEG_INFINITY, f64::max),
        south: all().map(|at| at.north).fold(f64::INFINITY, f64::min),
        north: all().map(|at| at.north).fold(f64::NEG_INFINITY, f64::max),
    };
    let grid = Grid::covering(extent.grown(RADIUS_M / 2.0), CELL_M)?;
    let maps = hidden.maps.iter().map(|map| steps(&grid, map)).collect::<Result<_>>()?;
    let marked = hot.found.cells.iter().filter(|cell| cell.status == HotStatus::Watch);
    let marked = marked.filter_map(|cell| {
        let at = grid.cell_of(hot.exposure.grid().centre(cell.cell))?;
        Some(grid.column_row(at))
    });
    Ok(HeatLineup {
        columns: grid.columns(),
        rows: grid.rows(),
        real: hidden.real,
        reports: events.len(),
        marked: marked.collect(),
        maps,
    })
}

/// The steps of colour of one map, on a scale of its own: the eye is to compare
/// patterns, and every map holds as many reports.
fn steps(grid: &Grid, events: &[Plane]) -> Result<Vec<(usize, usize, u8)>> {
    let kernel = Kernel::quartic(RADIUS_M)?;
    let points: Vec<Weighted> = events.iter().map(|at| Weighted { at: *at, weight: 1.0 }).collect();
    let surface = density(grid, kernel, &points)?;
    let largest = surface.values.iter().copied().fold(0.0, f64::max);
    let step = |value: f64| {
        let part = (value / largest).sqrt() * STEPS;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a part of the largest lies between 0 and 6"
        )]
        let step = part.ceil() as u8;
        step
    };
    let cells = surface.values.iter().enumerate().filter(|(_, value)| **value > largest * 0.02);
    let drawn = cells.map(|(at, value)| {
        let (column, row) = grid.column_row(at);
        (column, row, step(*value))
    });
    Ok(drawn.collect())
}
