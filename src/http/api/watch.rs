//! `M/watch-areas` and `M/bulletins`: people who watch a place together, and
//! what they are told. No persons.

use super::{
    calendar::{Stored, Texts},
    paths::{InMunicipality, RepeatSafely},
    reports::header,
};
use crate::{
    app::{BulletinDraft, PassDraft, Target, WatchDraft},
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
use fyren_core::domain::{Bulletin, WatchArea};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A watch area.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WatchArea)]
pub struct AreaView {
    /// Identity.
    id: String,
    /// `boat`, `harbour`, `neighbourhood` or `night_walk`.
    kind: &'static str,
    /// Its name.
    name: String,
    /// District code.
    district: Option<String>,
    /// Degrees east of its middle.
    longitude: f64,
    /// Degrees north.
    latitude: f64,
    /// How far it reaches, in metres.
    radius_m: f64,
    /// Households or berths that take part.
    members: Option<u32>,
    /// Functions that it has, never who has them.
    contacts: Vec<&'static str>,
    /// `starting`, `active` or `resting`.
    status: &'static str,
    /// Local day.
    started_on: Option<String>,
}

/// Every watch area, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct AreaList {
    /// The areas.
    items: Vec<AreaView>,
}

/// A watch area as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewWatchArea {
    /// `boat`, `harbour`, `neighbourhood` or `night_walk`.
    kind: String,
    /// Its name, at most 80 characters.
    name: String,
    /// Degrees east of its middle.
    longitude: f64,
    /// Degrees north.
    latitude: f64,
    /// 50 to 20 000 metres.
    radius_m: f64,
    /// Households or berths.
    #[serde(default)]
    members: Option<u32>,
    /// `contact`, `main_contact`, `rota`, `municipality`, `police` or `club`.
    #[serde(default)]
    contacts: Vec<String>,
    /// `starting`, `active` or `resting`.
    status: String,
    /// Local day.
    #[serde(default)]
    started_on: Option<String>,
}

/// A pass as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewPass {
    /// RFC 3339, or local time.
    started_at: String,
    /// RFC 3339, or local time.
    ended_at: String,
    /// `nothing` (all quiet), or a deviation: `defect`, `disorder` or `crime`.
    seen: String,
    /// As of a visit; on foot without.
    #[serde(default)]
    mode: Option<String>,
    /// As of a visit.
    #[serde(default)]
    contacts: Option<String>,
}

/// A bulletin.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Bulletin)]
pub struct BulletinView {
    /// Identity.
    id: String,
    /// The watch area that it is for; all of them without.
    area: Option<String>,
    /// The function that sends it.
    sender: &'static str,
    /// Local day.
    published_on: String,
    /// Day after the last on which it is news.
    until: String,
    /// Title.
    title: Texts,
    /// Text.
    text: Texts,
}

/// Every bulletin, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulletinList {
    /// The bulletins.
    items: Vec<BulletinView>,
}

/// A bulletin as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBulletin {
    /// Identity of a watch area.
    #[serde(default)]
    area: Option<String>,
    /// Local day.
    until: String,
    /// Title; without an English one the Swedish stands in its place.
    title: Texts,
    /// Text: of the place, never of persons.
    text: Texts,
}

/// One watch area.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only the description of the interface reads it")]
pub struct OneArea {
    /// Municipality code
    code: String,
    /// Identity of the area
    id: String,
}

impl From<WatchArea> for AreaView {
    fn from(area: WatchArea) -> Self {
        Self {
            id: area.id.to_string(),
            kind: area.kind.code(),
            name: area.name,
            district: area.district.map(|code| code.0),
            longitude: area.at.longitude,
            latitude: area.at.latitude,
            radius_m: area.radius_m,
            members: area.members,
            contacts: area.contacts.iter().map(|contact| contact.code()).collect(),
            status: area.status.code(),
            started_on: area.started_on.map(|day| day.to_string()),
        }
    }
}

impl From<Bulletin> for BulletinView {
    fn from(bulletin: Bulletin) -> Self {
        Self {
            id: bulletin.id.to_string(),
            area: bulletin.area.map(|area| area.to_string()),
            sender: bulletin.sender.code(),
            published_on: bulletin.published_on.to_string(),
            until: bulletin.until.to_string(),
            title: bulletin.title.into(),
            text: bulletin.text.into(),
        }
    }
}

impl NewWatchArea {
    fn draft(self) -> WatchDraft {
        WatchDraft {
            kind: self.kind,
            name: self.name,
            at: (self.longitude, self.latitude),
            radius_m: self.radius_m,
            members: self.members,
            contacts: self.contacts,
            status: self.status,
            started_on: self.started_on,
        }
    }
}

/// Lists watch areas: where people watch together, and which functions they have.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/watch-areas", tag = "presence",
    operation_id = "list_watch_areas", params(InMunicipality),
    responses(
        (status = 200, description = "Every area, by name", body = AreaList),
        (status = 404, description = "No such municipality", body = Document)
    )
)]
pub async fn list_watch_areas(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
) -> Result<Json<AreaList>, Problem> {
    let areas = state.app.watch_areas(&ground).await?;
    Ok(Json(AreaList { items: areas.into_iter().map(AreaView::from).collect() }))
}

/// Starts a watch area.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/watch-areas", tag = "presence",
    operation_id = "create_watch_area", request_body = NewWatchArea, params(InMunicipality, RepeatSafely),
    responses(
        (status = 201, description = "Stored", body = Stored),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role keeps no watch areas", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn create_watch_area(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    headers: HeaderMap,
    body: Strict<NewWatchArea>,
) -> Result<impl IntoResponse, Problem> {
    let target = Target::New(header(&headers, "idempotency-key"));
    let id = state.app.save_watch_area(&staff, &ground, target, &body.value.draft()).await?;
    Ok((StatusCode::CREATED, Json(Stored { id: id.to_string() })))
}

/// Replaces what is said of a watch area.
#[utoipa::path(
    put, path = "/api/v1/municipalities/{code}/watch-areas/{id}", tag = "presence",
    operation_id = "replace_watch_area", request_body = NewWatchArea, params(OneArea),
    responses(
        (status = 204, description = "Stored"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role keeps no watch areas", body = Document),
        (status = 404, description = "No such area", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn replace_watch_area(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    body: Strict<NewWatchArea>,
) -> Result<StatusCode, Problem> {
    let target = Target::Known(&id);
    state.app.save_watch_area(&staff, &ground, target, &body.value.draft()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Logs a pass of a watch: "all quiet", or a deviation. It is a visit.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/watch-areas/{id}/passes", tag = "presence",
    operation_id = "log_pass", request_body = NewPass, params(OneArea, RepeatSafely),
    responses(
        (status = 201, description = "Stored as a visit with this identity", body = Stored),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role logs no visits of civil guardians", body = Document),
        (status = 404, description = "No such area", body = Document),
        (status = 409, description = "The key was used with an other body", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn log_pass(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    headers: HeaderMap,
    body: Strict<NewPass>,
) -> Result<impl IntoResponse, Problem> {
    let NewPass { started_at, ended_at, seen, mode, contacts } = body.value;
    let draft = PassDraft { started_at, ended_at, seen, mode, contacts };
    let key = header(&headers, "idempotency-key");
    let bytes = [id.as_bytes(), &body.bytes].concat();
    let visit = state.app.log_pass(&staff, &ground, (&id, &draft), (key, &bytes)).await?;
    Ok((StatusCode::CREATED, Json(Stored { id: visit.to_string() })))
}

/// Lists what watch areas have been told, the latest first.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/bulletins", tag = "presence",
    operation_id = "list_bulletins", params(InMunicipality),
    responses(
        (status = 200, description = "Every bulletin", body = BulletinList),
        (status = 404, description = "No such municipality", body = Document)
    )
)]
pub async fn list_bulletins(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
) -> Result<Json<BulletinList>, Problem> {
    let bulletins = state.app.bulletins(&ground).await?;
    Ok(Json(BulletinList { items: bulletins.into_iter().map(BulletinView::from).collect() }))
}

/// Publishes a bulletin, under the function of whoever writes it.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/bulletins", tag = "presence",
    operation_id = "publish_bulletin", request_body = NewBulletin, params(InMunicipality, RepeatSafely),
    responses(
        (status = 201, description = "Published", body = Stored),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role publishes no bulletins", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn publish_bulletin(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    headers: HeaderMap,
    body: Strict<NewBulletin>,
) -> Result<impl IntoResponse, Problem> {
    let NewBulletin { area, until, title, text } = body.value;
    let draft = BulletinDraft { area, until, title: title.draft(), text: text.draft() };
    let key = header(&headers, "idempotency-key");
    let id = state.app.publish_bulletin(&staff, &ground, key, &draft).await?;
    Ok((StatusCode::CREATED, Json(Stored { id: id.to_string() })))
}
