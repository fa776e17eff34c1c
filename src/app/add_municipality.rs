//! Adding a municipality: one that the program carries, or any other with its
//! boundary.

use super::{App, Error, FileFailure, LedgerRows, Result, failure, shipped};
use crate::import::{DraftPlace, Kind, Request, Zone, read, survey};
use crate::store::Area;
use fyren_core::domain::{Context, Municipality, MunicipalityCode, Position, Violation};
use fyren_core::plane::Projection;
use geo::{BooleanOps, Centroid, Validation};
use geo_types::MultiPolygon;

/// A municipality to add.
#[derive(Debug, Clone)]
pub struct NewMunicipality {
    /// Code and slug.
    pub code: MunicipalityCode,
    /// Name; of a municipality that is carried its own.
    pub name: Option<String>,
    /// A file with the boundary: Feature, `FeatureCollection` or geometry.
    pub boundary: Option<Vec<u8>>,
    /// IANA name of the time zone; not needed in Sweden.
    pub time_zone: Option<String>,
}

impl App {
    /// Stores a municipality in both contexts with the promises that are
    /// carried for it, or brings up to date the one that is stored, whose
    /// policy, contacts and ledger stay.
    ///
    /// # Errors
    /// [`Error::Invalid`] `boundary: required` for a code that is not carried,
    /// `boundary: not_valid`, `timeZone: required` outside Sweden,
    /// `timeZone: unknown_value`; [`FileFailure::File`] for a boundary that
    /// cannot be read.
    pub async fn add_municipality(
        &self,
        actor: &str,
        new: NewMunicipality,
    ) -> std::result::Result<Municipality, FileFailure> {
        let code = new.code.clone();
        let prepared = tokio::task::spawn_blocking(move || prepare(&new))
            .await
            .map_err(|fault| Error::Bug(fault.to_string()))??;
        let known = self.municipal.municipality(&code).await.map_err(failure)?;
        let municipality = match known {
            Some(known) => Municipality {
                contacts: known.contacts,
                policy: known.policy,
                synthetic: known.synthetic,
                ..prepared
            },
            None => prepared,
        };
        for context in Context::ALL {
            let store = self.store(*context);
            let audit = self.audit(actor, "add_municipality", Some(&code), None);
            store.save_municipality(municipality.clone(), audit).await.map_err(failure)?;
        }
        for layer in shipped::extra_layers(&code) {
            self.municipal.save_extra_layer(&code, layer).await.map_err(failure)?;
        }
        self.forget_ground(&code);
        let ground = self.ground(code.as_str()).await?;
        self.load_ledger(&ground, LedgerRows::Published).await?;
        Ok(municipality)
    }

    /// Adds every municipality that is carried and not stored; gives their
    /// number.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn add_missing_municipalities(
        &self,
        actor: &str,
    ) -> std::result::Result<usize, FileFailure> {
        let known = self.municipalities().await?;
        let mut added = 0;
        for (code, _) in shipped::names() {
            let code = MunicipalityCode::parse(&code)?;
            if known.iter().all(|summary| summary.code != code) {
                let new = NewMunicipality { code, name: None, boundary: None, time_zone: None };
                self.add_municipality(actor, new).await?;
                added += 1;
            }
        }
        Ok(added)
    }

    /// Stores or replaces a named group of municipalities in both contexts.
    ///
    /// # Errors
    /// [`Error::NotFound`] if one of them is not stored.
    pub async fn save_area(
        &self,
        actor: &str,
        name: &str,
        codes: Vec<MunicipalityCode>,
    ) -> Result<()> {
        for code in &codes {
            // Lets the police context know each of them.
            self.ground(code.as_str()).await?;
        }
        let area = Area { name: name.to_owned(), municipalities: codes };
        for context in Context::ALL {
            let audit = self.audit(actor, "save_area", None, Some(name.to_owned()));
            self.store(*context).save_area(area.clone(), audit).await.map_err(failure)?;
        }
        Ok(())
    }
}

fn prepare(new: &NewMunicipality) -> std::result::Result<Municipality, FileFailure> {
    let carried = shipped::municipality(&new.code);
    let mut municipality = match (&new.boundary, carried) {
        (None, Some(carried)) => carried,
        (None, None) => return Err(Violation::new("boundary", "required").into()),
        (Some(file), carried) => {
            let boundary = boundary(file)?;
            let name = new.name.clone().or_else(|| carried.map(|carried| carried.name));
            outlined(new, name.unwrap_or_else(|| new.code.as_str().to_owned()), boundary)?
        }
    };
    if let Some(name) = &new.name {
        municipality.name.clone_from(name);
        municipality.full_name.clone_from(name);
    }
    if let Some(zone) = &new.time_zone {
        Zone::parse(zone).map_err(|_unknown| Violation::new("timeZone", "unknown_value"))?;
        municipality.time_zone.clone_from(zone);
    }
    Ok(municipality)
}

/// A municipality of which the boundary is known, and that is its own only
/// district.
fn outlined(
    new: &NewMunicipality,
    name: String,
    boundary: MultiPolygon<f64>,
) -> std::result::Result<Municipality, FileFailure> {
    let centre = boundary.centroid().ok_or_else(|| Violation::new("boundary", "required"))?;
    let centre = Position { longitude: centre.x(), latitude: centre.y() };
    if new.time_zone.is_none() && shipped::municipality_at(centre).is_none() {
        return Err(Violation::new("timeZone", "required").into());
    }
    Ok(Municipality {
        districts: vec![shipped::whole(&new.code, &name, &boundary)],
        crs: Projection::for_position(centre).code(),
        ..shipped::bare(&new.code, name, boundary)
    })
}

/// The ground of all areas in a file, put together.
fn boundary(file: &[u8]) -> std::result::Result<MultiPolygon<f64>, FileFailure> {
    let request = Request {
        kind: Kind::Areas,
        mappings: Vec::new(),
        zone: Zone::parse("UTC")?,
        crs: None,
        near: None,
        plane: None,
    };
    let plan = survey(file, &request)?;
    let mut ground = MultiPolygon::<f64>(Vec::new());
    let mut refused = None;
    read(file, &plan, &mut |row| {
        match row.outcome.map(|draft| draft.place) {
            Ok(DraftPlace::Ground(part)) if part.is_valid() => ground = ground.union(&part),
            Ok(_) => refused = Some(Violation::new("boundary", "not_valid")),
            Err(violation) => refused = Some(violation.within("boundary")),
        }
        Ok(())
    })?;
    match refused {
        Some(violation) => Err(violation.into()),
        None if ground.0.is_empty() => Err(Violation::new("boundary", "required").into()),
        None => Ok(ground),
    }
}
