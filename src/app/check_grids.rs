//! The nightly look at the monthly grids: are the patched ones those that all
//! events make?

use super::layers::months::Months;
use super::{App, Result};
use std::sync::Arc;

/// The local hour in which grids are looked at.
const HOUR: i8 = 3;

/// The largest difference that rounding may leave, as a share of the largest
/// value. The grids count in whole units, so that there should be none at all.
const MOST_DRIFT: f64 = 1e-9;

impl App {
    /// Rebuilds the grids of every municipality where it is between three and
    /// four at night, each process its own, and tells the log how far they had
    /// drifted. Whoever calls once an hour checks each once a night.
    ///
    /// # Errors
    /// [`super::Error::Unavailable`] when the pool is full.
    pub async fn check_grids(&self) -> Result<()> {
        for land in self.layers.lands().all() {
            let local = self.clock.now().to_zoned(land.ground().zone.clone());
            if local.hour() != HOUR {
                continue;
            }
            let checked = Arc::clone(&land);
            let work = move || Ok(checked.kept_months().map_or_else(Vec::new, Months::check));
            for found in self.layers.patient_pool().compute(work).await? {
                let (municipality, context) = (land.ground().code(), found.context.code());
                let drift = found.drift;
                if drift < MOST_DRIFT {
                    tracing::info!(job = "grids", %municipality, context, drift, "rebuilt the monthly grids");
                } else {
                    tracing::warn!(job = "grids", %municipality, context, drift, "the monthly grids had drifted");
                }
            }
        }
        Ok(())
    }
}
