//! `M/embargoes`: what no release may speak of.

use super::paths::InMunicipality;
use crate::{
    app::EmbargoDraft,
    http::{
        problem::{Document, Problem},
        state::{EventId, Municipal, SignedIn, State},
        strict::Strict,
    },
};
use axum::{Json, extract::State as Extract, http::StatusCode};
use fyren_core::domain::Embargo;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A disc on the ground.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = EmbargoPlace)]
pub struct Disc {
    /// Degrees east.
    longitude: f64,
    /// Degrees north.
    latitude: f64,
    /// Radius in metres, at most 5 000.
    radius_m: f64,
}

/// An embargo.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmbargoView {
    /// Its short stable name.
    id: String,
    /// What staff call it.
    name: String,
    /// Where; none for everywhere.
    place: Option<Disc>,
    /// First local day; none for every day.
    from: Option<String>,
    /// Local day after the last.
    to: Option<String>,
    /// Hours of the day; empty for all.
    hours: Vec<u8>,
    /// Since when it holds, UTC.
    since: String,
    /// When it was lifted, UTC.
    until: Option<String>,
}

/// An embargo as it is sent: a place, days or both, and perhaps hours.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEmbargo {
    /// What staff call it, 1 to 80 characters.
    name: String,
    /// Where; everywhere where it is left out.
    #[serde(default)]
    place: Option<Disc>,
    /// First local day; every day where both are left out.
    #[serde(default)]
    from: Option<String>,
    /// Local day after the last.
    #[serde(default)]
    to: Option<String>,
    /// Half-open and wrapping: `22-04`; all hours where it is left out.
    #[serde(default)]
    hours: Option<String>,
}

/// One embargo.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only the description of the interface reads it")]
pub struct OneEmbargo {
    /// Municipality code
    code: String,
    /// Short stable name, 1 to 40 of a-z, 0-9 and -
    id: String,
}

impl From<NewEmbargo> for EmbargoDraft {
    fn from(new: NewEmbargo) -> Self {
        Self {
            name: new.name,
            place: new.place.map(|disc| (disc.longitude, disc.latitude, disc.radius_m)),
            from: new.from,
            to: new.to,
            hours: new.hours,
        }
    }
}

impl From<Embargo> for EmbargoView {
    fn from(embargo: Embargo) -> Self {
        let place = embargo.place.map(|(at, radius_m)| Disc {
            longitude: at.longitude,
            latitude: at.latitude,
            radius_m,
        });
        let bits = embargo.hours.bits();
        Self {
            id: embargo.id,
            name: embargo.name,
            place,
            from: embargo.days.map(|days| days.from.to_string()),
            to: embargo.days.map(|days| days.to.to_string()),
            hours: (0..24_u8).filter(|hour| bits >> hour & 1 == 1).collect(),
            since: embargo.since.to_string(),
            until: embargo.until.map(|at| at.to_string()),
        }
    }
}

/// Lists every embargo, whole, lifted ones included.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/embargoes", tag = "releases",
    operation_id = "list_embargoes", params(InMunicipality),
    responses(
        (status = 200, description = "Every embargo", body = [EmbargoView]),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not preview releases", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn list_embargoes(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
) -> Result<Json<Vec<EmbargoView>>, Problem> {
    let all = state.app.embargoes(&staff, &ground).await?;
    Ok(Json(all.into_iter().map(EmbargoView::from).collect()))
}

/// Holds a place, days or hours back from releases of days that are not
/// published yet. The same again changes nothing.
#[utoipa::path(
    put, path = "/api/v1/municipalities/{code}/embargoes/{id}", tag = "releases",
    operation_id = "save_embargo", request_body = NewEmbargo, params(OneEmbargo),
    responses(
        (status = 204, description = "It holds"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not publish releases", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 409, description = "The name is taken by an other one", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn save_embargo(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    body: Strict<NewEmbargo>,
) -> Result<StatusCode, Problem> {
    state.app.save_embargo(&staff, &ground, &id, &body.value.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lifts an embargo; it stays in the list. Reports whose days were published
/// under it stay out of later releases.
#[utoipa::path(
    delete, path = "/api/v1/municipalities/{code}/embargoes/{id}", tag = "releases",
    operation_id = "lift_embargo", params(OneEmbargo),
    responses(
        (status = 204, description = "Lifted"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not publish releases", body = Document),
        (status = 404, description = "No such embargo that holds", body = Document)
    )
)]
pub async fn lift_embargo(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
) -> Result<StatusCode, Problem> {
    state.app.lift_embargo(&staff, &ground, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
