//! The land of a municipality in its plane, computed once: how large it and
//! its districts are, and how it cuts kernels off.

use crate::app::{Error, Ground, Result};
use fyren_core::analysis::{Kernel, Shore};
use fyren_core::plane::{Coverage, Extent, Grid};
use geo::{Area, BooleanOps};
use geo_types::MultiPolygon;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Lands that are kept.
const LANDS: usize = 64;

/// Shores that are kept for each land.
const SHORES: usize = 4;

/// Most cells of a grid; beyond it cells grow, and the answer says to what.
const MOST_CELLS: f64 = 2e6;

/// The lands that were asked for, the latest used first.
#[derive(Default)]
pub struct Lands(Mutex<VecDeque<Arc<Land>>>);

/// The land of one municipality.
pub struct Land {
    ground: Arc<Ground>,
    /// In metres; everything within the boundary where no land is known.
    shape: MultiPolygon,
    districts_km2: Vec<f64>,
    shores: Mutex<VecDeque<Cut>>,
}

/// A shore with the bits of its cell's edge and of its kernel's σ.
type Cut = ((u64, u64), Arc<Shore>);

impl Lands {
    /// The land of `ground`. The first call costs some 10 ms.
    pub fn of(&self, ground: &Arc<Ground>) -> Arc<Land> {
        let mut lands = lock(&self.0);
        let known = lands.iter().position(|land| Arc::ptr_eq(&land.ground, ground));
        let land = known
            .and_then(|at| lands.remove(at))
            .unwrap_or_else(|| Arc::new(Land::new(Arc::clone(ground))));
        // A municipality that has changed has a new ground.
        lands.retain(|other| other.ground.code() != ground.code());
        lands.push_front(Arc::clone(&land));
        lands.truncate(LANDS);
        land
    }
}

impl Land {
    fn new(ground: Arc<Ground>) -> Self {
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
        Self { shape, districts_km2, shores: Mutex::default(), ground }
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
