//! Watch areas, their passes and bulletins, and the public calendar.

use super::{
    App, Error, Ground, Result, Staff, VisitDraft, digest, draft, draft::PlaceDraft, failure,
    submit_report::check_key,
};
use crate::identity::RequestKey;
use fyren_core::domain::{
    Bulletin, CalendarEntry, CalendarKind, CalendarStatus, DistrictCode, Id, Operation, Position,
    Purpose, Violation, WatchArea, WatchContact, WatchKind, WatchStatus,
};
use jiff::civil::Date;

/// A text in Swedish and, where it differs, in English.
pub type Both = (String, Option<String>);

/// A watch area as staff send it.
#[derive(Debug, Clone, Default)]
pub struct WatchDraft {
    /// Code of the kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its middle, in degrees.
    pub at: (f64, f64),
    /// How far it reaches, in metres.
    pub radius_m: f64,
    /// Households or berths.
    pub members: Option<u32>,
    /// Codes of functions.
    pub contacts: Vec<String>,
    /// Code of the status.
    pub status: String,
    /// Local day.
    pub started_on: Option<String>,
}

/// A pass of a watch as it is sent.
#[derive(Debug, Clone, Default)]
pub struct PassDraft {
    /// RFC 3339 or local.
    pub started_at: String,
    /// RFC 3339 or local.
    pub ended_at: String,
    /// Code of what was seen; `nothing` is "all quiet", the others a deviation.
    pub seen: String,
    /// Code of the mode; on foot without.
    pub mode: Option<String>,
    /// Code of the band of people talked with.
    pub contacts: Option<String>,
}

/// A bulletin as staff send it.
#[derive(Debug, Clone, Default)]
pub struct BulletinDraft {
    /// Identity of the area.
    pub area: Option<String>,
    /// Local day.
    pub until: String,
    /// Title.
    pub title: Both,
    /// Text.
    pub text: Both,
}

/// An entry of the calendar as staff send it.
#[derive(Debug, Clone, Default)]
pub struct CalendarDraft {
    /// Code of the kind.
    pub kind: String,
    /// RFC 3339 or local.
    pub starts_at: String,
    /// RFC 3339 or local.
    pub ends_at: String,
    /// Title.
    pub title: Both,
    /// Where, in words.
    pub place: String,
    /// Code of the district.
    pub district: Option<String>,
    /// Organisation.
    pub organiser: String,
    /// Code of the status.
    pub status: String,
    /// How many came.
    pub visitors: Option<u32>,
}

pub(super) fn one<T>(field: &str, code: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
    parse(code).ok_or_else(|| Violation::new(field, "unknown_value").into())
}

pub(super) fn day(field: &str, text: &str) -> Result<Date> {
    text.parse().map_err(|_unreadable| Violation::new(field, "date_form").into())
}

/// Both texts; without an English one the Swedish stands in its place.
fn both((swedish, english): &Both) -> (String, String) {
    let english = english.as_ref().filter(|text| !text.trim().is_empty());
    (swedish.trim().to_owned(), english.unwrap_or(swedish).trim().to_owned())
}

/// What is written: new, under a key, or in place of what has an identity.
#[derive(Debug, Clone, Copy)]
pub enum Target<'a> {
    /// A new one; the key makes it once.
    New(&'a str),
    /// The one with this identity.
    Known(&'a str),
}

impl App {
    /// The identity of what is written: of a new one made of its key, so that a
    /// repeated request writes the same once more.
    fn target(&self, ground: &Ground, what: &str, target: Target<'_>) -> Result<Id> {
        match target {
            Target::Known(id) => Id::parse(id).ok_or(Error::NotFound),
            Target::New(key) => {
                check_key(key)?;
                let request = RequestKey { municipality: ground.code(), key };
                let named = digest(&self.secrets.request_hash(what, request))?;
                let mut bits = [0; 16];
                bits.copy_from_slice(&named.0[..16]);
                Ok(Id::from_bits(u128::from_be_bytes(bits)))
            }
        }
    }

    /// Every watch area, by name. Public by nature: no person is in it.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn watch_areas(&self, ground: &Ground) -> Result<Vec<WatchArea>> {
        self.municipal.watch_areas(ground.code()).await.map_err(failure)
    }

    /// Stores a watch area and gives its identity.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] for an identity that is none;
    /// [`Error::Invalid`] naming a broken rule.
    pub async fn save_watch_area(
        &self,
        staff: &Staff,
        ground: &Ground,
        target: Target<'_>,
        draft: &WatchDraft,
    ) -> Result<Id> {
        staff.must(ground.code(), Operation::WriteCalendar)?;
        let id = self.target(ground, "watch_area", target)?;
        let known = self.watch_areas(ground).await?;
        if matches!(target, Target::Known(_)) && !known.iter().any(|area| area.id == id) {
            return Err(Error::NotFound);
        }
        let at = Position::parse(draft.at.0, draft.at.1)?;
        if !ground.geofence.contains(at) {
            return Err(Violation::new("place", "outside_municipality").into());
        }
        let area = WatchArea {
            id,
            municipality: ground.code().clone(),
            kind: one("kind", &draft.kind, WatchKind::parse)?,
            name: draft.name.trim().to_owned(),
            district: ground.geofence.district(at).cloned(),
            at,
            radius_m: draft.radius_m,
            members: draft.members,
            contacts: draft::codes("contacts", &draft.contacts, WatchContact::parse)?,
            status: one("status", &draft.status, WatchStatus::parse)?,
            started_on: draft
                .started_on
                .as_deref()
                .map(|text| day("startedOn", text))
                .transpose()?,
        };
        area.check()?;
        let audit = self.noted(staff, ground, "save_watch_area", id);
        self.municipal.save_watch_area(area, audit).await.map_err(failure)?;
        Ok(id)
    }

    /// Logs a pass of a watch as the visit that it is: "all quiet", or a
    /// deviation. Gives the identity of the visit.
    ///
    /// # Errors
    /// As [`App::log_visit`]; [`Error::NotFound`] without such an area.
    pub async fn log_pass(
        &self,
        staff: &Staff,
        ground: &Ground,
        (area, draft): (&str, &PassDraft),
        request: (&str, &[u8]),
    ) -> Result<Id> {
        staff.must(ground.code(), Operation::LogCivilVisit)?;
        let areas = self.watch_areas(ground).await?;
        let found = areas.into_iter().find(|known| known.id.to_string() == area);
        let area = found.ok_or(Error::NotFound)?;
        let visit = VisitDraft {
            unit: unit_of(&area),
            unit_kind: area.kind.unit_kind().code().to_owned(),
            place: PlaceDraft::Point {
                longitude: area.at.longitude,
                latitude: area.at.latitude,
                precision_m: Some(area.radius_m),
            },
            started_at: draft.started_at.clone(),
            ended_at: draft.ended_at.clone(),
            mode: draft.mode.clone().unwrap_or_else(|| "foot".to_owned()),
            purpose: Purpose::Presence.code().to_owned(),
            tactics: Vec::new(),
            seen: Some(draft.seen.clone()),
            contacts: draft.contacts.clone(),
            corrects: None,
        };
        self.log_visit(staff, ground, visit, request).await
    }

    /// Every bulletin, the latest first. Public by nature.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn bulletins(&self, ground: &Ground) -> Result<Vec<Bulletin>> {
        self.municipal.bulletins(ground.code()).await.map_err(failure)
    }

    /// Publishes a bulletin under the function of whoever writes it.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] naming a broken rule.
    pub async fn publish_bulletin(
        &self,
        staff: &Staff,
        ground: &Ground,
        key: &str,
        draft: &BulletinDraft,
    ) -> Result<Id> {
        let sender = staff.must(ground.code(), Operation::WriteCalendar)?;
        let id = self.target(ground, "bulletin", Target::New(key))?;
        let area = match draft.area.as_deref().filter(|area| !area.is_empty()) {
            None => None,
            Some(area) => {
                let known = self.watch_areas(ground).await?;
                let found = known.into_iter().find(|known| known.id.to_string() == area);
                Some(found.ok_or_else(|| Violation::new("area", "unknown_value"))?.id)
            }
        };
        let bulletin = Bulletin {
            id,
            municipality: ground.code().clone(),
            area,
            sender,
            published_on: self.today(&ground.zone),
            until: day("until", &draft.until)?,
            title: both(&draft.title),
            text: both(&draft.text),
        };
        bulletin.check()?;
        let audit = self.noted(staff, ground, "publish_bulletin", id);
        self.municipal.save_bulletin(bulletin, audit).await.map_err(failure)?;
        Ok(id)
    }

    /// Every entry of the calendar, by its beginning. Public by nature.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn calendar(&self, ground: &Ground) -> Result<Vec<CalendarEntry>> {
        self.municipal.calendar(ground.code()).await.map_err(failure)
    }

    /// Stores an entry of the calendar and gives its identity.
    ///
    /// # Errors
    /// As [`App::save_watch_area`].
    pub async fn save_calendar_entry(
        &self,
        staff: &Staff,
        ground: &Ground,
        target: Target<'_>,
        draft: &CalendarDraft,
    ) -> Result<Id> {
        staff.must(ground.code(), Operation::WriteCalendar)?;
        let id = self.target(ground, "calendar_entry", target)?;
        let known = self.calendar(ground).await?.into_iter().find(|entry| entry.id == id);
        if matches!(target, Target::Known(_)) && known.is_none() {
            return Err(Error::NotFound);
        }
        let entry = CalendarEntry {
            id,
            municipality: ground.code().clone(),
            kind: one("kind", &draft.kind, CalendarKind::parse)?,
            starts_at: draft::instant(&draft.starts_at, &ground.zone, "startsAt")?,
            ends_at: draft::instant(&draft.ends_at, &ground.zone, "endsAt")?,
            title: both(&draft.title),
            place: draft.place.trim().to_owned(),
            district: district(ground, draft.district.as_deref())?,
            organiser: draft.organiser.trim().to_owned(),
            status: one("status", &draft.status, CalendarStatus::parse)?,
            visitors: draft.visitors,
            changed_at: self.clock.now(),
            revision: known.map_or(0, |known| known.revision + 1),
        };
        entry.check(self.clock.now())?;
        let audit = self.noted(staff, ground, "save_calendar_entry", id);
        self.municipal.save_calendar_entry(entry, audit).await.map_err(failure)?;
        Ok(id)
    }

    fn noted(
        &self,
        staff: &Staff,
        ground: &Ground,
        action: &str,
        id: Id,
    ) -> crate::store::AuditEntry {
        self.audit(staff.name(), action, Some(ground.code()), Some(id.to_string()))
    }
}

pub(super) fn district(ground: &Ground, code: Option<&str>) -> Result<Option<DistrictCode>> {
    let Some(code) = code.filter(|code| !code.is_empty()) else { return Ok(None) };
    let known = ground.municipality.districts.iter().find(|district| district.code.0 == code);
    known
        .map(|district| Some(district.code.clone()))
        .ok_or_else(|| Violation::new("district", "unknown_value").into())
}

/// The code of the unit that a watch area is: its name, as a unit is written.
fn unit_of(area: &WatchArea) -> String {
    let dashed = area.name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' });
    let code: String = dashed.take(20).collect();
    code.trim_matches('-').to_owned()
}
