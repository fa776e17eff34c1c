//! Patrol areas: saved by name from a division that was seen, listed, deleted.

use super::analytics::{Division, Method, Question, divide, parse_question};
use super::{App, Error, Ground, Result, Staff, digest, failure, submit_report::check_key};
use crate::identity::RequestKey;
use crate::store::Submitted;
use fyren_core::domain::{Context, Id, Layer, Operation, PatrolAreaSet, Violation};
use std::sync::Arc;

/// A division to be saved.
#[derive(Debug, Clone)]
pub struct NewPatrolAreas {
    /// What the set is to be called.
    pub name: String,
    /// What its areas are to be called, the first first; numbers without.
    pub names: Option<Vec<String>>,
    /// What was asked, as the parameters of [`Method::Areas`].
    pub question: Vec<(String, String)>,
    /// The digest of the division that was seen.
    pub digest: String,
}

impl App {
    /// Divides the municipality again and saves the areas once, however often
    /// it is sent; gives the set's identity.
    ///
    /// # Errors
    /// [`Error::Forbidden`] or [`Error::NotFound`] without the right role;
    /// [`Error::Invalid`] for names or a question that break a rule;
    /// [`Error::Conflict`] `areas_changed` where the picture has changed since
    /// the division was seen, `name_taken`, or `key-reused`.
    pub async fn keep_patrol_areas(
        &self,
        staff: &Staff,
        ground: &Arc<Ground>,
        new: NewPatrolAreas,
        (key, body): (&str, &[u8]),
    ) -> Result<Id> {
        let by = staff.must(ground.code(), Operation::PlanPatrol)?;
        check_key(key)?;
        let request = RequestKey { municipality: ground.code(), key };
        let idempotency = self.idempotency("keep_patrol_areas", request, body)?;
        // A repeated request has to find the identity that the first one got.
        let named = digest(&self.secrets.request_hash("patrol_areas_id", request))?;
        let mut bits = [0; 16];
        bits.copy_from_slice(&named.0[..16]);
        let id = Id::from_bits(u128::from_be_bytes(bits));
        let store = self.store(Context::Police);
        let known = store.area_sets(ground.code()).await.map_err(failure)?;
        // Whether the body is the same is for the store to say.
        let set = if let Some(kept) = known.into_iter().find(|set| set.id == id) {
            kept
        } else {
            let NewPatrolAreas { name, names, question, digest } = new;
            let division = self.divide(staff, ground, &question).await?;
            if division.digest != digest {
                return Err(Error::Conflict("areas_changed"));
            }
            let set = PatrolAreaSet {
                id,
                municipality: ground.code().clone(),
                name: name.trim().to_owned(),
                made_at: self.clock.now(),
                by,
                unit: division.unit,
                imbalance: division.imbalance,
                today_imbalance: division.today,
                areas: named_areas(division, names)?,
            };
            set.check()?;
            set
        };
        let mut audit = self.audit(
            staff.name(),
            "keep_patrol_areas",
            Some(ground.code()),
            Some(id.to_string()),
        );
        audit.detail.clone_from(&set.name);
        match store.keep_area_set(set, idempotency, audit).await.map_err(failure)? {
            Submitted::Created(_) | Submitted::Replayed => Ok(id),
            Submitted::KeyReused => Err(Error::Conflict("key-reused")),
        }
    }

    /// Every saved set, the latest first. Noted in the audit log.
    ///
    /// # Errors
    /// [`Error::Forbidden`] or [`Error::NotFound`] without the right role.
    pub async fn patrol_areas(&self, staff: &Staff, ground: &Ground) -> Result<Vec<PatrolAreaSet>> {
        staff.must_see(ground.code(), Layer::PatrolAreas)?;
        self.note_read(staff, ground.code(), Layer::PatrolAreas).await?;
        self.store(Context::Police).area_sets(ground.code()).await.map_err(failure)
    }

    /// Deletes a set; that it was there stands in the audit log.
    ///
    /// # Errors
    /// As [`App::patrol_areas`]; [`Error::NotFound`] without such a set.
    pub async fn delete_patrol_areas(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
    ) -> Result<()> {
        staff.must(ground.code(), Operation::PlanPatrol)?;
        let id = Id::parse(id).ok_or(Error::NotFound)?;
        let subject = Some(id.to_string());
        let audit = self.audit(staff.name(), "delete_patrol_areas", Some(ground.code()), subject);
        let store = self.store(Context::Police);
        store.delete_area_set(ground.code(), id, audit).await.map_err(failure)?;
        Ok(())
    }

    async fn divide(
        &self,
        staff: &Staff,
        ground: &Arc<Ground>,
        pairs: &[(String, String)],
    ) -> Result<Division> {
        let query = parse_question(Method::Areas, pairs, &ground.zone).map_err(in_question)?;
        let question = Question {
            ground: Arc::clone(ground),
            method: Method::Areas,
            roles: Some(staff.roles_in(ground.code()).to_vec()),
            query,
            today: self.today(&ground.zone),
        };
        let source = self.ask(question).await?.into_source();
        let lands = Arc::clone(self.layers.lands());
        let made = self.layers.pool().compute(move || divide(&source, &lands)).await;
        made.map_err(|error| match error {
            Error::BadParameter(broken) => in_question(broken),
            other => other,
        })
    }
}

/// What a method refuses stood in the question of the body.
fn in_question(broken: Vec<Violation>) -> Error {
    Error::Invalid(broken.into_iter().map(|broken| broken.within("question")).collect())
}

/// The areas of a division under the names that somebody gave them.
fn named_areas(
    division: Division,
    names: Option<Vec<String>>,
) -> Result<Vec<fyren_core::domain::PatrolArea>> {
    let mut areas = division.areas;
    let Some(names) = names else { return Ok(areas) };
    if names.len() != areas.len() {
        return Err(Violation::new("names", "out_of_range").into());
    }
    for (area, name) in areas.iter_mut().zip(names) {
        name.trim().clone_into(&mut area.name);
    }
    Ok(areas)
}
