//! A municipality as the use cases need it: geofence, zone and gazetteer ready.

use super::{App, Error, Result, draft::PlaceDraft, failure};
use crate::spatial::{Fenced, Geofence};
use fyren_core::domain::{
    Context, LocalityId, Municipality, MunicipalityCode, Place, Position, TimeMasks, Violation,
    When,
};
use jiff::tz::TimeZone;
use std::sync::Arc;

/// A municipality that is ready to be asked.
pub struct Ground {
    /// The municipality as it is kept.
    pub municipality: Municipality,
    /// Where it ends, and which district is where.
    pub geofence: Geofence,
    /// Its time zone.
    pub zone: TimeZone,
}

impl Ground {
    /// Prepares `municipality`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an unknown time zone or coordinate system, or a
    /// boundary that is none.
    pub fn new(municipality: Municipality) -> Result<Self> {
        let zone = TimeZone::get(&municipality.time_zone)
            .map_err(|_unknown| Violation::new("timeZone", "unknown_value"))?;
        let geofence = Geofence::new(&municipality)?;
        Ok(Self { municipality, geofence, zone })
    }

    /// Puts a place as it was sent into this municipality.
    ///
    /// # Errors
    /// Violations below `place`, named as the sender named its parts.
    pub fn locate(&self, draft: &PlaceDraft) -> std::result::Result<Fenced, Violation> {
        let place = draft.check(|id| self.locality(id))?;
        self.geofence.locate(place).map_err(|violation| match draft {
            PlaceDraft::District(_) => Violation::new("place.districtCode", violation.rule),
            _ => violation,
        })
    }

    /// Code of the municipality.
    pub const fn code(&self) -> &MunicipalityCode {
        &self.municipality.code
    }

    /// Position and precision in metres of a named place.
    pub fn locality(&self, id: &str) -> Option<(Position, f64)> {
        let id = LocalityId(id.to_owned());
        let found = self.municipality.localities.iter().find(|locality| locality.id == id)?;
        Some((found.position, found.precision_m))
    }

    /// The hours, weekdays and seasons of a time here.
    pub fn masks(&self, when: &When) -> TimeMasks {
        when.masks(&self.zone)
    }

    /// The district of a place that has been located, as a place of its own:
    /// what is kept where a finer place would tell too much.
    pub fn as_district(&self, district: Option<&str>) -> Place {
        let (system, code) = match district {
            Some(code) => ("district", code),
            None => ("municipality", self.code().as_str()),
        };
        Place::Code(fyren_core::domain::AreaCode {
            system: system.to_owned(),
            version: String::new(),
            code: code.to_owned(),
        })
    }
}

impl App {
    /// The municipality with this code, prepared at first use and then kept.
    ///
    /// # Errors
    /// [`Error::NotFound`] without such a municipality.
    pub async fn ground(&self, code: &str) -> Result<Arc<Ground>> {
        let code = MunicipalityCode::parse(code).map_err(|_no_code| Error::NotFound)?;
        if let Some(ground) = self.grounds().get(&code) {
            return Ok(Arc::clone(ground));
        }
        let municipality = self.municipal.municipality(&code).await.map_err(failure)?;
        let municipality = municipality.ok_or(Error::NotFound)?;
        self.let_police_know(&municipality).await?;
        let ground = tokio::task::spawn_blocking(move || Ground::new(municipality))
            .await
            .map_err(|fault| Error::Bug(fault.to_string()))??;
        let ground = Arc::new(ground);
        self.grounds().insert(code, Arc::clone(&ground));
        Ok(ground)
    }

    /// Every municipality, by name.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn municipalities(&self) -> Result<Vec<crate::store::MunicipalitySummary>> {
        self.municipal.municipalities().await.map_err(failure)
    }

    /// Forgets a prepared municipality, because it has changed.
    pub fn forget_ground(&self, code: &MunicipalityCode) {
        self.grounds().remove(code);
    }

    /// The police context counts its own changes per municipality, and so has
    /// to know each one.
    async fn let_police_know(&self, municipality: &Municipality) -> Result<()> {
        let known = self.police.municipality(&municipality.code).await.map_err(failure)?;
        if known.is_none() {
            let audit = self.audit("system", "add_municipality", Some(&municipality.code), None);
            self.police.save_municipality(municipality.clone(), audit).await.map_err(failure)?;
        }
        Ok(())
    }

    /// The store of a context.
    pub fn store(&self, context: Context) -> &Arc<dyn crate::store::Store> {
        match context {
            Context::Municipal => &self.municipal,
            Context::Police => &self.police,
        }
    }
}
