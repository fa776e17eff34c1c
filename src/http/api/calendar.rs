//! `M/calendar`: meetings, lectures, safety walks and watch starts.

use super::{
    paths::{InMunicipality, RepeatSafely},
    reports::header,
};
use crate::{
    app::{CalendarDraft, Target},
    http::{
        problem::{Document, Problem},
        state::{EventId, Municipal, SignedIn, State},
        strict::Strict,
    },
};
use axum::{
    Json,
    extract::State as Extract,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use fyren_core::domain::CalendarEntry;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A text in Swedish and English.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BothTexts)]
pub struct Texts {
    /// Swedish.
    sv: String,
    /// English.
    #[serde(default)]
    en: Option<String>,
}

impl Texts {
    /// As the use cases take it.
    pub(super) fn draft(self) -> (String, Option<String>) {
        (self.sv, self.en)
    }
}

impl From<(String, String)> for Texts {
    fn from((sv, en): (String, String)) -> Self {
        Self { sv, en: Some(en) }
    }
}

/// What was stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stored {
    /// Its identity.
    pub(super) id: String,
}

/// An entry of the calendar.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CalendarEntry)]
pub struct EntryView {
    /// Identity.
    id: String,
    /// `watch_meeting`, `watch_start`, `lecture`, `fraud_meeting`, `dialogue` or `safety_walk`.
    kind: &'static str,
    /// UTC.
    starts_at: String,
    /// UTC.
    ends_at: String,
    /// Title.
    title: Texts,
    /// Where, in words.
    place: String,
    /// District code.
    district: Option<String>,
    /// The organisation that holds it.
    organiser: String,
    /// `planned`, `held` or `cancelled`.
    status: &'static str,
    /// How many came.
    visitors: Option<u32>,
}

/// Every entry, by its beginning.
#[derive(Debug, Serialize, ToSchema)]
pub struct Calendar {
    /// The entries.
    items: Vec<EntryView>,
}

/// An entry as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewCalendarEntry {
    /// `watch_meeting`, `watch_start`, `lecture`, `fraud_meeting`, `dialogue` or `safety_walk`.
    kind: String,
    /// RFC 3339, or local time.
    starts_at: String,
    /// RFC 3339, or local time; at most a day later.
    ends_at: String,
    /// Title; without an English one the Swedish stands in its place.
    title: Texts,
    /// Where, in words.
    place: String,
    /// District code.
    #[serde(default)]
    district: Option<String>,
    /// The organisation that holds it, never a person.
    organiser: String,
    /// `planned`, `held` (counted in promises) or `cancelled`.
    status: String,
    /// How many came.
    #[serde(default)]
    visitors: Option<u32>,
}

/// One entry.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only the description of the interface reads it")]
pub struct OneEntry {
    /// Municipality code
    code: String,
    /// Identity of the entry
    id: String,
}

impl From<CalendarEntry> for EntryView {
    fn from(entry: CalendarEntry) -> Self {
        Self {
            id: entry.id.to_string(),
            kind: entry.kind.code(),
            starts_at: entry.starts_at.to_string(),
            ends_at: entry.ends_at.to_string(),
            title: entry.title.into(),
            place: entry.place,
            district: entry.district.map(|code| code.0),
            organiser: entry.organiser,
            status: entry.status.code(),
            visitors: entry.visitors,
        }
    }
}

impl NewCalendarEntry {
    fn draft(self) -> CalendarDraft {
        CalendarDraft {
            kind: self.kind,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            title: self.title.draft(),
            place: self.place,
            district: self.district,
            organiser: self.organiser,
            status: self.status,
            visitors: self.visitors,
        }
    }
}

/// Lists the public calendar, by the beginning; as iCalendar at `/{code}/calendar.ics`.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/calendar", tag = "presence",
    operation_id = "list_calendar", params(InMunicipality),
    responses(
        (status = 200, description = "Every entry", body = Calendar),
        (status = 404, description = "No such municipality", body = Document)
    )
)]
pub async fn list_calendar(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
) -> Result<Json<Calendar>, Problem> {
    let entries = state.app.calendar(&ground).await?;
    Ok(Json(Calendar { items: entries.into_iter().map(EntryView::from).collect() }))
}

/// Puts an entry into the public calendar.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/calendar", tag = "presence",
    operation_id = "create_calendar_entry", request_body = NewCalendarEntry,
    params(InMunicipality, RepeatSafely),
    responses(
        (status = 201, description = "Stored", body = Stored),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role keeps no calendar", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn create_calendar_entry(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    headers: HeaderMap,
    body: Strict<NewCalendarEntry>,
) -> Result<impl IntoResponse, Problem> {
    let target = Target::New(header(&headers, "idempotency-key"));
    let id = state.app.save_calendar_entry(&staff, &ground, target, &body.value.draft()).await?;
    Ok((StatusCode::CREATED, Json(Stored { id: id.to_string() })))
}

/// Replaces an entry, such as once it was held.
#[utoipa::path(
    put, path = "/api/v1/municipalities/{code}/calendar/{id}", tag = "presence",
    operation_id = "replace_calendar_entry", request_body = NewCalendarEntry, params(OneEntry),
    responses(
        (status = 204, description = "Stored"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role keeps no calendar", body = Document),
        (status = 404, description = "No such entry", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn replace_calendar_entry(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    body: Strict<NewCalendarEntry>,
) -> Result<StatusCode, Problem> {
    let target = Target::Known(&id);
    state.app.save_calendar_entry(&staff, &ground, target, &body.value.draft()).await?;
    Ok(StatusCode::NO_CONTENT)
}
