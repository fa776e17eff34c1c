//! Imported areas become the districts of their municipality.

use super::ImportJob;
use crate::app::{App, Result, failure};
use crate::store::StoredCount;
use fyren_core::domain::{Context, District, Municipality};

impl App {
    /// Stores districts. The first of them take the place of a municipality
    /// that is its own only district; one whose code is known with the same
    /// ground changes nothing, with another ground it replaces the old one.
    pub(super) async fn store_areas(
        &self,
        actor: &str,
        job: &ImportJob,
        districts: Vec<District>,
    ) -> Result<StoredCount> {
        let Some(code) = &job.municipality else { return Ok(StoredCount::default()) };
        let ground = self.ground(code.as_str()).await?;
        let mut municipality = ground.municipality.clone();
        let count = merge(&mut municipality, districts);
        if count.stored > 0 {
            for context in Context::ALL {
                let audit = self.audit(actor, "import_areas", Some(code), None);
                let store = self.store(*context);
                store.save_municipality(municipality.clone(), audit).await.map_err(failure)?;
            }
            self.forget_ground(code);
        }
        Ok(count)
    }
}

fn merge(municipality: &mut Municipality, districts: Vec<District>) -> StoredCount {
    let whole = municipality.code.as_str();
    let itself = municipality.districts.iter().all(|district| district.code.0 == whole);
    if itself && districts.iter().any(|district| district.code.0 != whole) {
        municipality.districts.clear();
    }
    let mut count = StoredCount::default();
    for district in districts {
        let known = municipality.districts.iter_mut().find(|old| old.code == district.code);
        match known {
            Some(old) if old.boundary == district.boundary && old.name == district.name => {
                count.known += 1;
            }
            Some(old) => {
                count.stored += 1;
                *old = District { residents: old.residents, ..district };
            }
            None => {
                count.stored += 1;
                municipality.districts.push(district);
            }
        }
    }
    count
}
