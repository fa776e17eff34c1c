//! The index and the geofence.

mod geofence;

pub use geofence::{Fenced, Geofence, MAX_PRECISION_M, WATER_TOLERANCE_M};
