//! The land of a municipality in its plane, computed once: how large it and
//! its districts are, and how it cuts kernels off.

use super::heat;
use super::months::Months;
use super::pool::Pool;
use super::scans::Scans;
use crate::app::{Error, Expected, Ground, Result, exposure_for};
use fyren_core::analysis::{Exposure, Kernel, Shore};
use fyren_core::domain::MonthDays;
use fyren_core::plane::{Coverage, Extent, Grid};
use geo::{Area, BooleanOps};
use geo_types::MultiPolygon;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Lands that are kept.
const LANDS: usize = 64;

/// Shores and expectations that are kept for each land.
const SHORES: usize = 4;

/// Most cells of a grid; beyond it cells grow, and the answer says to what.
const MOST_CELLS: f64 = 2e6;

/// Lands whose monthly grids are kept.
const MONTHS: usize = 8;

/// The lands that were asked for, the latest used first.
pub struct Lands {
    known: Mutex<VecDeque<Arc<Land>>>,
    /// For what nobody waits for.
    pool: Arc<Pool>,
}

/// The land of one municipality.
pub struct Land {
    ground: Arc<Ground>,
    /// In metres; everything within the boundary where no land is known.
    shape: MultiPolygon,
    districts_km2: Vec<f64>,
    shores: Mutex<VecDeque<Cut>>,
    expected: Mutex<VecDeque<(Basis, Arc<Exposure>)>>,
    scans: Scans,
    months: OnceLock<Months>,
    pool: Arc<Pool>,
}

/// A shore with the bits of its cell's edge and of its kernel's σ.
type Cut = ((u64, u64), Arc<Shore>);

/// What an expectation rests on: the bits of its cell's edge, who is expected,
/// and the days of each month.
type Basis = (u64, Expected, MonthDays);

impl Lands {
    /// No lands yet; `pool` does what nobody waits for.
    pub fn new(pool: Arc<Pool>) -> Self {
        Self { known: Mutex::default(), pool }
    }

    /// Every land that is kept.
    pub fn all(&self) -> Vec<Arc<Land>> {
        lock(&self.known).iter().map(Arc::clone).collect()
    }

    /// The land of `ground`. The first call costs some 10 ms.
    pub fn of(&self, ground: &Arc<Ground>) -> Arc<Land> {
        let same = |land: &Arc<Land>| Arc::ptr_eq(&land.ground, ground);
        let known = lock(&self.known).iter().find(|land| same(land)).cloned();
        // Computed without the lock, so that nobody waits for an other's land;
        // of two who compute the same the later one's is kept.
        let fresh = || Arc::new(Land::new(Arc::clone(ground), Arc::clone(&self.pool)));
        let land = known.unwrap_or_else(fresh);
        let mut lands = lock(&self.known);
        // A municipality that has changed has a new ground.
        lands.retain(|other| other.ground.code() != ground.code());
        lands.push_front(Arc::clone(&land));
        lands.truncate(LANDS);
        lands.iter().skip(MONTHS).filter_map(|land| land.months.get()).for_each(Months::forget);
        land
    }
}

impl Land {
    fn new(ground: Arc<Ground>, pool: Arc<Pool>) -> Self {
        let municipality = &ground.municipality;
        let projection = ground.geofence.projection();
        let within = |boundary: &MultiPolygon| {
            let boundary = projection.forward_shape(boundary);
            match &municipality.land {
                Some(land) => projection.forward_shape(land).intersection(&boundary),
                None => boundary,
            }
        };
        let shape = within(&municipality.boundary);
        let km2 = |district: &MultiPolygon| within(district).unsigned_area() / 1e6;
        let districts = municipality.districts.iter();
        let districts_km2 = districts.map(|district| km2(&district.boundary)).collect();
        let (shores, expected, scans) = (Mutex::default(), Mutex::default(), Scans::default());
        let months = OnceLock::new();
        Self { ground, shape, districts_km2, shores, expected, scans, months, pool }
    }

    /// Square kilometres of land of each district, in the municipality's order.
    pub fn districts_km2(&self) -> &[f64] {
        &self.districts_km2
    }

    /// The grid over the land with cells of about `cell_m` metres: twice or
    /// four times that where there would be too many.
    pub fn grid(&self, cell_m: f64) -> Result<Grid> {
        let extent = Extent::of_shape(&self.shape);
        let extent = extent.ok_or_else(|| Error::Bug("a municipality without ground".into()))?;
        let mut cell_m = cell_m;
        while (extent.east - extent.west) * (extent.north - extent.south) / (cell_m * cell_m)
            > MOST_CELLS
        {
            cell_m *= 2.0;
        }
        Ok(Grid::covering(extent.grown(cell_m), cell_m)?)
    }

    /// How much of each cell of `grid` is land.
    pub fn coverage(&self, grid: Grid) -> Coverage {
        Coverage::of_shape(grid, &self.shape)
    }

    /// What is expected on this land on the average of `days`, on cells of about
    /// `cell_m` metres, see [`exposure_for`].
    pub fn expected(
        &self,
        cell_m: f64,
        expected: Expected,
        days: MonthDays,
    ) -> Result<Arc<Exposure>> {
        let grid = self.grid(cell_m)?;
        let key = (grid.cell_m().to_bits(), expected, days);
        if let Some((_, known)) = lock(&self.expected).iter().find(|(known, _)| *known == key) {
            return Ok(Arc::clone(known));
        }
        let exposure = exposure_for(&self.ground, &self.coverage(grid), expected, &days)?;
        let exposure = Arc::new(exposure);
        let mut kept = lock(&self.expected);
        kept.push_front((key, Arc::clone(&exposure)));
        kept.truncate(SHORES);
        Ok(exposure)
    }

    /// The monthly densities that the usual heat map is summed from.
    pub fn months(&self) -> Result<&Months> {
        let grid = self.grid(heat::CELL_M[0])?;
        let kernel = Kernel::quartic(heat::RADIUS_M[0])?;
        let fresh = || Months::new(grid, kernel, self.ground.zone.clone(), Arc::clone(&self.pool));
        Ok(self.months.get_or_init(fresh))
    }

    /// The monthly densities, if anybody has asked for them.
    pub fn kept_months(&self) -> Option<&Months> {
        self.months.get()
    }

    /// The municipality.
    pub const fn ground(&self) -> &Arc<Ground> {
        &self.ground
    }

    /// The scans of this land.
    pub const fn scans(&self) -> &Scans {
        &self.scans
    }

    /// The shore of this land on `grid` as `kernel` sees it.
    pub fn shore(&self, grid: Grid, kernel: Kernel) -> Arc<Shore> {
        let key = (grid.cell_m().to_bits(), kernel.sigma_m().to_bits());
        if let Some((_, shore)) = lock(&self.shores).iter().find(|(known, _)| *known == key) {
            return Arc::clone(shore);
        }
        let shore = Arc::new(Shore::new(self.coverage(grid), kernel));
        let mut shores = lock(&self.shores);
        shores.push_front((key, Arc::clone(&shore)));
        shores.truncate(SHORES);
        shore
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
