//! What the numbers say: one method a file, pure and seeded.
//!
//! Positions are in metres, values in f64; every answer is independent of the
//! number of threads and of the order of the events.

mod bins;
mod convolve;
mod density;
mod exposure;
mod fdr;
mod find_the_map;
mod hotcells;
mod hotspots;
mod intervals;
mod isobands;
mod kernel;
mod local_poisson;
mod neighbours;
mod ratio;
pub mod release;
mod shore;
pub mod simulate;
mod tails;

pub use density::{DAYS_OF_YEAR, Sums, Surface, Weighted, density, density_at};
pub use exposure::{Basis, Exposure, Settlement, settlements};
pub use fdr::q_values;
pub use find_the_map::{Lineup, chance_map, lineup};
pub use hotcells::{HotRule, HotStatus, Hotcell, Hotcells, Sighting, hotcells};
pub use hotspots::{Hotspot, hotspots};
pub use intervals::{Comparison, Interval, compare, exact_interval, funnel};
pub use isobands::{Isoband, breaks_of_mean, isobands};
pub use kernel::Kernel;
pub use local_poisson::{LocalResult, LocalTest, local_poisson, pearson_dispersion};
pub use neighbours::Neighbours;
pub use ratio::{exact_ratio, ratio_of_bands};
pub use shore::{Edge, Shore};
pub use tails::{LARGEST_POISSON_DISPERSION, Tail};
