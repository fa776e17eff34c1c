//! What the numbers say: one method a file, pure and seeded.
//!
//! Positions are in metres, values in f64; every answer is independent of the
//! number of threads and of the order of the events.

mod convolve;
mod density;
mod isobands;
mod kernel;
mod ratio;
pub mod release;
mod shore;
pub mod simulate;

pub use density::{DAYS_OF_YEAR, Sums, Surface, Weighted, density, density_at};
pub use isobands::{Isoband, breaks_of_mean, isobands};
pub use kernel::Kernel;
pub use ratio::{RatioInterval, exact_ratio, ratio_of_bands};
pub use shore::{Edge, Shore};
