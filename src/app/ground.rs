//! A municipality as the use cases need it: geofence, zone and gazetteer ready.

use super::{App, Error, Exposed, Result, draft::PlaceDraft, failure};
use crate::spatial::{Fenced, Geofence};
use crate::store::StoreError;
use fyren_core::domain::{
    ChangeKind, Context, Locality, LocalityId, Municipality, MunicipalityCode, Place, Position,
    Seq, TimeMasks, Violation, When,
};
use jiff::tz::TimeZone;
use std::sync::Arc;

/// A prepared municipality, and up to where the feed was read for it.
pub(super) struct KeptGround {
    ground: Arc<Ground>,
    commits: u64,
    seq: Seq,
    checked: i64,
}

/// Entries of the feed that are read at a time.
const ENTRIES: u32 = 1_000;

/// A municipality that is ready to be asked.
pub struct Ground {
    /// The municipality as it is kept.
    pub municipality: Municipality,
    /// Where it ends, and which district is where.
    pub geofence: Geofence,
    /// Its time zone.
    pub zone: TimeZone,
    /// What is known of its people and roads beside its settlements.
    pub exposed: Exposed,
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
        Ok(Self { municipality, geofence, zone, exposed: Exposed::default() })
    }

    /// The same, knowing what events are expected to follow.
    #[must_use]
    pub fn knowing(self, exposed: Exposed) -> Self {
        Self { exposed, ..self }
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

    /// The named place nearest to a position, for people to talk about.
    pub fn nearest_locality(&self, at: Position) -> Option<&Locality> {
        self.nearest_of(at, |_any| true)
    }

    /// The nearest of the named places that are `wanted`.
    pub fn nearest_of(
        &self,
        at: Position,
        wanted: impl Fn(&Locality) -> bool,
    ) -> Option<&Locality> {
        let projection = self.geofence.projection();
        let here = projection.forward(at);
        let off = |locality: &Locality| {
            let there = projection.forward(locality.position);
            (there.east - here.east).hypot(there.north - here.north)
        };
        let places = self.municipality.localities.iter().filter(|one| wanted(one));
        places.min_by(|a, b| off(a).total_cmp(&off(b)))
    }

    /// The name of a district, its code where there is no such district.
    pub fn district_name<'a>(&'a self, code: &'a str) -> &'a str {
        let found = self.municipality.districts.iter().find(|district| district.code.0 == code);
        found.map_or(code, |district| district.name.as_str())
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
        if let Some(ground) = self.kept_ground(&code).await? {
            return Ok(ground);
        }
        let commits = *self.commits.borrow();
        let seq = match self.municipal.head(&code).await {
            Err(StoreError::NotFound(_)) => return Err(Error::NotFound),
            head => head.map_err(failure)?,
        };
        let municipality = self.municipal.municipality(&code).await.map_err(failure)?;
        let municipality = municipality.ok_or(Error::NotFound)?;
        self.let_police_know(&municipality).await?;
        let exposed = self.exposed(&code).await?;
        let ground = tokio::task::spawn_blocking(move || Ground::new(municipality))
            .await
            .map_err(|fault| Error::Bug(fault.to_string()))??;
        let ground = Arc::new(ground.knowing(exposed));
        let checked = self.clock.now().as_second();
        let kept = KeptGround { ground: Arc::clone(&ground), commits, seq, checked };
        self.grounds().insert(code, kept);
        Ok(ground)
    }

    /// The kept municipality, unless it has changed; whether an other process
    /// has changed it is looked up once a second and only after a commit.
    async fn kept_ground(&self, code: &MunicipalityCode) -> Result<Option<Arc<Ground>>> {
        let now = self.clock.now().as_second();
        let commits = *self.commits.borrow();
        let (ground, mut seq) = match self.grounds().get_mut(code) {
            None => return Ok(None),
            Some(kept) if kept.commits == commits || kept.checked == now => {
                return Ok(Some(Arc::clone(&kept.ground)));
            }
            Some(kept) => {
                // Whoever asks meanwhile need not look as well.
                (kept.commits, kept.checked) = (commits, now);
                (Arc::clone(&kept.ground), kept.seq)
            }
        };
        loop {
            let changes =
                self.municipal.changes_since(code, seq, ENTRIES).await.map_err(failure)?;
            let Some(last) = changes.last() else { break };
            seq = last.last;
            if changes.iter().any(|change| change.kind == ChangeKind::Municipality) {
                self.forget_ground(code);
                return Ok(None);
            }
        }
        if let Some(kept) = self.grounds().get_mut(code) {
            kept.seq = kept.seq.max(seq);
        }
        Ok(Some(ground))
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
