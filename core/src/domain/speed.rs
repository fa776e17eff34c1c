//! How fast is driven past a site, hour by hour, as a counter measured it.

use super::{Id, MunicipalityCode, Position, Violation};
use jiff::Timestamp;

/// One hour of one site.
#[derive(Debug, Clone, PartialEq)]
pub struct SpeedHour {
    /// Identity; that of a later import is larger.
    pub id: Id,
    /// Whose it is.
    pub municipality: MunicipalityCode,
    /// What the site is called by whoever measures.
    pub site: String,
    /// Where it is, where that is known.
    pub position: Option<Position>,
    /// When the hour begins.
    pub start: Timestamp,
    /// Vehicles that passed.
    pub count: u32,
    /// Their mean speed in km/h; none where none passed.
    pub mean_kmh: Option<f64>,
    /// The speed that 85 % of them kept to, in km/h.
    pub v85_kmh: Option<f64>,
    /// The limit in km/h, where the source says it.
    pub limit_kmh: Option<f64>,
}

impl SpeedHour {
    /// The fastest that is taken as a measurement, in km/h.
    pub const FASTEST: f64 = 300.0;

    /// Checks what was measured.
    ///
    /// # Errors
    /// Violates `v85: required` for vehicles without any speed, `mean`, `v85`
    /// or `limit` with `out_of_range` unless above 0 and at most
    /// [`SpeedHour::FASTEST`].
    pub fn check(&self) -> Result<(), Violation> {
        for (field, speed) in
            [("mean", self.mean_kmh), ("v85", self.v85_kmh), ("limit", self.limit_kmh)]
        {
            if speed.is_some_and(|speed| !(speed > 0.0 && speed <= Self::FASTEST)) {
                return Err(Violation::new(field, "out_of_range"));
            }
        }
        let silent = self.count > 0 && self.mean_kmh.is_none() && self.v85_kmh.is_none();
        if silent { Err(Violation::new("v85", "required")) } else { Ok(()) }
    }
}
