//! Measures: who does what about a problem, by when, and what came of it.

use super::{App, Error, Ground, Result, Staff, digest, draft, failure, submit_report::check_key};
use crate::{identity::RequestKey, store::Submitted};
use fyren_core::{
    domain::{
        DistrictCode, Id, Indicator, Measure, MeasureStatus, MunicipalityCode, Operation, Plane,
        Position, Violation,
    },
    plane::Projection,
};
use jiff::civil::Date;

/// A measure as staff send it. An English text that is left out is the Swedish one.
#[derive(Debug, Clone, Default)]
pub struct MeasureDraft {
    /// District code; `None` for the whole municipality.
    pub district: Option<String>,
    /// The problem in Swedish and English.
    pub problem: (String, Option<String>),
    /// What is done, in Swedish and English.
    pub action: (String, Option<String>),
    /// Organisation that owns it, never a person.
    pub owner: String,
    /// Local day of the decision; today where none is given.
    pub decided_on: Option<String>,
    /// Local day of the follow-up.
    pub due_on: String,
    /// Code of the status; `planned` where none is given.
    pub status: Option<String>,
    /// Code of the indicator.
    pub indicator: String,
    /// What came of it, in Swedish and English.
    pub outcome: Option<(String, Option<String>)>,
    /// Slug of the promise that it serves.
    pub promise: Option<String>,
    /// Longitude and latitude of the hot spot that it answers.
    pub spot: Option<(f64, f64)>,
}

/// Longest name of an owner, in characters.
const OWNER_LIMIT: usize = 80;
/// Edge in metres of the cells to which hot spots are cut.
const SPOT_M: f64 = 50.0;

impl App {
    /// Every measure of a municipality, the latest decision first. Public by
    /// nature but for [`Measure::spot`].
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn measures(&self, municipality: &MunicipalityCode) -> Result<Vec<Measure>> {
        self.municipal.measures(municipality).await.map_err(failure)
    }

    /// Stores a new measure once, however often it is sent, and gives its identity.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] naming a broken rule;
    /// [`Error::Conflict`] `key-reused`.
    pub async fn create_measure(
        &self,
        staff: &Staff,
        ground: &Ground,
        draft: &MeasureDraft,
        (key, body): (&str, &[u8]),
    ) -> Result<Id> {
        let role = staff.must(ground.code(), Operation::WriteMeasure)?;
        check_key(key)?;
        let request = RequestKey { municipality: ground.code(), key };
        let idempotency = self.idempotency("write_measure", request, body)?;
        // A repeated request has to find the identity that the first one got.
        let named = digest(&self.secrets.request_hash("measure_id", request))?;
        let mut bits = [0; 16];
        bits.copy_from_slice(&named.0[..16]);
        let id = Id::from_bits(u128::from_be_bytes(bits));
        let measure = Measure { id, context: role.context(), ..self.check(ground, draft).await? };
        let audit =
            self.audit(staff.name(), "write_measure", Some(ground.code()), Some(id.to_string()));
        let stored = self.municipal.create_measure(measure, idempotency, audit).await;
        match stored.map_err(failure)? {
            Submitted::Created(_) | Submitted::Replayed => Ok(id),
            Submitted::KeyReused => Err(Error::Conflict("key-reused")),
        }
    }

    /// Replaces a measure whole; to close one, send it with the status `done`
    /// or `stopped` and its outcome.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] without such a measure;
    /// [`Error::Invalid`] naming a broken rule.
    pub async fn replace_measure(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
        draft: &MeasureDraft,
    ) -> Result<()> {
        staff.must(ground.code(), Operation::WriteMeasure)?;
        let known = self.measures(ground.code()).await?;
        let known = known.into_iter().find(|measure| measure.id.to_string() == id);
        let known = known.ok_or(Error::NotFound)?;
        let new = self.check(ground, draft).await?;
        let measure = Measure {
            id: known.id,
            context: known.context,
            synthetic: known.synthetic,
            decided_on: if draft.decided_on.is_some() { new.decided_on } else { known.decided_on },
            ..new
        };
        measure.check()?;
        let mut audit =
            self.audit(staff.name(), "write_measure", Some(ground.code()), Some(id.to_owned()));
        measure.status.code().clone_into(&mut audit.detail);
        self.municipal.save_measure(measure, audit).await.map_err(failure)?;
        Ok(())
    }

    /// The measure of a draft, without an identity of its own, every rule checked.
    async fn check(&self, ground: &Ground, draft: &MeasureDraft) -> Result<Measure> {
        let today = self.today(&ground.zone);
        let status = draft.status.as_deref().unwrap_or(MeasureStatus::Planned.code());
        let decided_on = draft.decided_on.as_deref().map(|text| day("decidedOn", text));
        let measure = Measure {
            id: Id::from_bits(0),
            municipality: ground.code().clone(),
            district: draft.district.as_deref().map(|code| district(ground, code)).transpose()?,
            problem: texts("problem", &draft.problem)?,
            action: texts("action", &draft.action)?,
            owner: owner(&draft.owner)?,
            context: fyren_core::domain::Context::Municipal,
            decided_on: decided_on.transpose()?.unwrap_or(today),
            due_on: day("dueOn", &draft.due_on)?,
            status: code("status", status, MeasureStatus::parse)?,
            indicator: code("indicator", &draft.indicator, Indicator::parse)?,
            outcome: draft.outcome.as_ref().map(|pair| texts("outcome", pair)).transpose()?,
            promise: draft.promise.clone(),
            spot: draft.spot.map(|(east, north)| spot(ground, east, north)).transpose()?,
            synthetic: false,
        };
        if let Some(slug) = &measure.promise {
            let promises = self.municipal.promises(ground.code()).await.map_err(failure)?;
            if promises.iter().all(|promise| promise.slug != *slug) {
                return Err(Violation::new("promise", "unknown_value").into());
            }
        }
        measure.check()?;
        Ok(measure)
    }
}

fn code<T>(
    field: &str,
    code: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> std::result::Result<T, Violation> {
    parse(code).ok_or_else(|| Violation::new(field, "unknown_value"))
}

fn day(field: &str, text: &str) -> std::result::Result<Date, Violation> {
    text.parse().map_err(|_unreadable| Violation::new(field, "date_form"))
}

fn owner(text: &str) -> std::result::Result<String, Violation> {
    match draft::text("owner", Some(text))? {
        None => Err(Violation::new("owner", "required")),
        Some(owner) if owner.chars().count() > OWNER_LIMIT => {
            Err(Violation::new("owner", "too_long"))
        }
        Some(owner) => Ok(owner),
    }
}

fn texts(
    field: &str,
    (swedish, english): &(String, Option<String>),
) -> std::result::Result<(String, String), Violation> {
    let swedish = draft::text(&format!("{field}.sv"), Some(swedish))?;
    let swedish = swedish.ok_or_else(|| Violation::new(format!("{field}.sv"), "required"))?;
    let english = draft::text(&format!("{field}.en"), english.as_deref())?;
    let english = english.unwrap_or_else(|| swedish.clone());
    Ok((swedish, english))
}

fn district(ground: &Ground, code: &str) -> std::result::Result<DistrictCode, Violation> {
    let known = ground.municipality.districts.iter().find(|district| district.code.0 == code);
    let known = known.ok_or_else(|| Violation::new("district", "unknown_area"))?;
    Ok(known.code.clone())
}

/// The centre of the cell of 50 m that holds a point of the municipality.
fn spot(
    ground: &Ground,
    longitude: f64,
    latitude: f64,
) -> std::result::Result<Position, Violation> {
    let position = Position::parse(longitude, latitude).map_err(|v| v.within("spot"))?;
    let place = fyren_core::domain::Place::Point { position, precision_m: SPOT_M };
    ground.geofence.locate(place).map_err(|v| Violation::new("spot", v.rule))?;
    let lattice = Projection::sweref99_tm();
    let at = lattice.forward(position);
    let middle = |metres: f64| ((metres / SPOT_M).floor() + 0.5) * SPOT_M;
    Ok(lattice.inverse(Plane { east: middle(at.east), north: middle(at.north) }))
}
