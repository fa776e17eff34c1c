//! Imported areas become the districts of their municipality.

use super::ImportJob;
use crate::app::{App, Error, Result, failure};
use crate::import::Kind;
use crate::store::{ImportRecord, ImportState, StoredCount};
use fyren_core::domain::{Context, District, DistrictCode, Municipality, MunicipalityCode};
use geo_types::{Geometry, MultiPolygon};
use serde::{Deserialize, Serialize};

/// Imports that are looked through for later ones of areas.
const LATER: u32 = 1_000;

/// A district as it is remembered for undoing.
#[derive(Serialize, Deserialize)]
struct Kept {
    code: String,
    name: String,
    residents: Option<u32>,
    boundary: geojson::Geometry,
}

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
            self.save_districts(actor, "import_areas", municipality).await?;
        }
        Ok(count)
    }

    /// The districts of a municipality before an import of areas, as text.
    pub(super) async fn districts_before(&self, job: &ImportJob) -> Result<Option<String>> {
        let Some(code) = job.municipality.as_ref().filter(|_| job.kind == Kind::Areas) else {
            return Ok(None);
        };
        let ground = self.ground(code.as_str()).await?;
        let kept: Vec<Kept> = ground.municipality.districts.iter().map(Kept::from).collect();
        serde_json::to_string(&kept).map(Some).map_err(|fault| Error::Bug(fault.to_string()))
    }

    /// Puts the districts back that stood there before an import of areas.
    pub(super) async fn put_areas_back(&self, actor: &str, record: &ImportRecord) -> Result<()> {
        let import = &record.import;
        let (Some(code), Some(before)) = (&import.municipality, &import.undo) else {
            return Ok(());
        };
        self.must_be_last(code, record).await?;
        let bug = |fault: &dyn std::fmt::Display| Error::Bug(format!("districts kept: {fault}"));
        let kept: Vec<Kept> = serde_json::from_str(before).map_err(|fault| bug(&fault))?;
        let districts: Result<Vec<District>> = kept.into_iter().map(Kept::district).collect();
        let ground = self.ground(code.as_str()).await?;
        let municipality = Municipality { districts: districts?, ..ground.municipality.clone() };
        self.save_districts(actor, "undo_areas", municipality).await
    }

    /// Areas that were built upon are not taken away from below.
    async fn must_be_last(&self, code: &MunicipalityCode, record: &ImportRecord) -> Result<()> {
        let all = self.municipal.imports(Some(code), LATER, 0).await.map_err(failure)?;
        let later = all.iter().any(|other| {
            other.import.id > record.import.id
                && other.import.kind == record.import.kind
                && other.state == ImportState::Done
                && other.rows.stored > 0
        });
        if later { Err(Error::Conflict("import_not_last")) } else { Ok(()) }
    }

    async fn save_districts(
        &self,
        actor: &str,
        action: &str,
        municipality: Municipality,
    ) -> Result<()> {
        let code = municipality.code.clone();
        for context in Context::ALL {
            let audit = self.audit(actor, action, Some(&code), None);
            let store = self.store(*context);
            store.save_municipality(municipality.clone(), audit).await.map_err(failure)?;
        }
        self.forget_ground(&code);
        Ok(())
    }
}

impl From<&District> for Kept {
    fn from(district: &District) -> Self {
        Self {
            code: district.code.0.clone(),
            name: district.name.clone(),
            residents: district.residents,
            boundary: geojson::Geometry::from(&district.boundary),
        }
    }
}

impl Kept {
    fn district(self) -> Result<District> {
        let bug = || Error::Bug("districts kept: no area".into());
        let shape = Geometry::<f64>::try_from(self.boundary).map_err(|_shape| bug())?;
        let boundary = match shape {
            Geometry::MultiPolygon(ground) => ground,
            Geometry::Polygon(ground) => MultiPolygon(vec![ground]),
            _ => return Err(bug()),
        };
        Ok(District {
            code: DistrictCode(self.code),
            name: self.name,
            residents: self.residents,
            boundary,
        })
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
