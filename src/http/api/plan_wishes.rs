//! `M/plan-wishes`: stops that units wish for in the plans to come. For police
//! roles alone, as the plans are.

use super::{
    paths::{InMunicipality, RepeatSafely},
    plan_tour::PlaceWanted,
    reports::header,
};
use crate::app::plan_patrol::NewWish;
use crate::http::{
    problem::{Document, Problem},
    state::{EventId, Municipal, SignedIn, State},
    strict::Strict,
};
use axum::{
    Json,
    extract::State as Extract,
    http::{HeaderMap, StatusCode, header::CACHE_CONTROL},
    response::IntoResponse,
};
use fyren_core::domain::StopWish;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A wish to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewStopWish)]
pub struct WishToKeep {
    /// Code of the unit that wishes, never a name: 1 to 20 of letters, digits and `-`.
    unit: String,
    /// Where.
    place: PlaceWanted,
    /// Why, 1 to 500 characters: of the place, never of persons.
    note: String,
    /// The last local day on which it counts, within 90 days; in two weeks without.
    until: Option<String>,
}

/// The wish that was stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoredWish {
    /// Its identity.
    id: String,
}

/// A wish that stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StopWish)]
pub struct WishView {
    /// Identity.
    id: String,
    /// Code of the unit that wishes.
    unit: String,
    /// What people call the place.
    name: String,
    /// Code of its district.
    district: Option<String>,
    /// Degrees east.
    longitude: f64,
    /// Degrees north.
    latitude: f64,
    /// Why.
    note: String,
    /// The last local day on which it counts.
    until: String,
    /// When it was made, UTC.
    made_at: String,
    /// In which role.
    by: &'static str,
}

/// The wishes that stand.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StopWishes)]
pub struct WishList {
    /// All of them, the earliest made first; at most 30.
    items: Vec<WishView>,
}

/// One wish.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only the description of the interface reads it")]
pub struct OneWish {
    /// Municipality code
    code: String,
    /// Identity of the wish
    id: String,
}

/// Lists the wishes that stand, the earliest made first.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/plan-wishes", tag = "plans",
    operation_id = "list_stop_wishes", params(InMunicipality),
    responses(
        (status = 200, description = "The wishes", body = WishList),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role does not see plans", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn list_stop_wishes(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
) -> Result<impl IntoResponse, Problem> {
    let view = |wish: StopWish| WishView {
        id: wish.id.to_string(),
        unit: wish.unit,
        name: wish.name,
        district: ground.geofence.district(wish.at).map(|code| code.0.clone()),
        longitude: wish.at.longitude,
        latitude: wish.at.latitude,
        note: wish.note,
        until: wish.until.to_string(),
        made_at: wish.made_at.to_string(),
        by: wish.by.code(),
    };
    let wishes = state.app.stop_wishes(&staff, &ground).await?;
    let items = wishes.into_iter().map(view).collect();
    Ok(([(CACHE_CONTROL, "private, no-store")], Json(WishList { items })))
}

/// Wishes for a stop in the plans to come; they weigh it and name it.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/plan-wishes", tag = "plans",
    operation_id = "wish_for_stop", request_body = WishToKeep, params(InMunicipality, RepeatSafely),
    responses(
        (status = 201, description = "Kept", body = StoredWish),
        (status = 400, description = "Malformed, or without Idempotency-Key", body = Document),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not plan patrols", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 409, description = "The key was used with an other body", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn wish_for_stop(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    headers: HeaderMap,
    body: Strict<WishToKeep>,
) -> Result<impl IntoResponse, Problem> {
    let key = header(&headers, "idempotency-key");
    let WishToKeep { unit, place, note, until } = body.value;
    let new = NewWish { unit, place: place.into(), note, until };
    let id = state.app.wish_for_stop(&staff, &ground, &new, (key, &body.bytes)).await?;
    Ok((StatusCode::CREATED, Json(StoredWish { id: id.to_string() })))
}

/// Takes a wish back.
#[utoipa::path(
    delete, path = "/api/v1/municipalities/{code}/plan-wishes/{id}", tag = "plans",
    operation_id = "end_stop_wish", params(OneWish),
    responses(
        (status = 204, description = "It counts no more"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not plan patrols", body = Document),
        (status = 404, description = "No such wish that stands", body = Document)
    )
)]
pub async fn end_stop_wish(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
) -> Result<StatusCode, Problem> {
    state.app.end_stop_wish(&staff, &ground, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
