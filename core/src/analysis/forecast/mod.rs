//! How well yesterday's map foretells tomorrow's events: every map that ranks
//! places is measured against three that anybody could draw.

mod domain;
mod hindcast;
mod ranking;

pub use domain::ForecastDomain;
pub use hindcast::{ForecastQuality, Hindcast, Measured, Quality, baselines, hindcast};

crate::domain::code::code_enum! {
    /// The maps that a better one has to beat.
    pub enum Baseline {
        /// Where people live.
        Population = "population",
        /// How many events each cell had in the year before.
        LastYear = "last_year",
        /// The events of the year before under a Gaussian of 250 m.
        Density = "density",
    }
}

/// The shares of the domain's area that are looked at.
pub const SHARES: [f64; 4] = [0.01, 0.02, 0.05, 0.10];
