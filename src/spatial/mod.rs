//! The index and the geofence.
//!
//! An [`Index`] holds the live events of one municipality and context in
//! memory, as columns under an R*-tree; a [`Snapshot`] of it answers a
//! [`Filter`]. A [`Geofence`] says whether a place lies in a municipality.

mod base;
mod columns;
mod filter;
mod geofence;
mod index;
mod marked;
mod names;
mod packed;
mod region;
mod selection;
mod snapshot;

pub use filter::{Bounds, Disc, Filter};
pub use geofence::{Fenced, Geofence, MAX_PRECISION_M, WATER_TOLERANCE_M};
pub use index::{Changes, Index, Loader};
pub use packed::{Event, Witness};
pub use region::Region;
pub use selection::Selection;
pub use snapshot::{Footprint, Snapshot, Spot};
