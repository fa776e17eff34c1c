//! `M/patrol-areas`: patrol areas that are saved, for police roles alone.

use super::{
    paths::{InMunicipality, PartOfList, RepeatSafely},
    plan_areas::AreasWanted,
    reports::header,
};
use crate::app::NewPatrolAreas;
use crate::http::{
    problem::{Document, Problem},
    query::Pairs,
    state::{EventId, Municipal, SignedIn, State},
    strict::Strict,
};
use axum::{
    Json,
    extract::State as Extract,
    http::{HeaderMap, StatusCode, header::CACHE_CONTROL},
    response::IntoResponse,
};
use fyren_core::domain::PatrolAreaSet;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Patrol areas to be saved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPatrolAreas)]
pub struct AreasToKeep {
    /// What the set is to be called, at most 60 characters.
    name: String,
    /// What each area is to be called, the first first; numbers without.
    names: Option<Vec<String>>,
    /// What was asked, with the seed of the division that was seen.
    question: AreasWanted,
    /// The digest of the division that was seen.
    digest: String,
}

/// The set that was stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoredAreas {
    /// Its identity.
    id: String,
}

/// One area of a set.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PatrolArea)]
pub struct AreaView {
    /// Its number within the set, from 1.
    number: usize,
    /// What `area` of a question calls it.
    area: String,
    /// What it is called.
    name: String,
    /// Its share of the work, from 0 to 1.
    share: f64,
    /// In how many parts it lies; more than one where it reaches over water.
    parts: u32,
    /// Codes of its districts, where it is made of whole ones.
    districts: Vec<String>,
}

/// A set of patrol areas.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PatrolAreaSet)]
pub struct AreaSetView {
    /// Identity.
    id: String,
    /// What it is called.
    name: String,
    /// When it was saved, UTC.
    made_at: String,
    /// In which role.
    by: &'static str,
    /// `cell` or `district`.
    unit: &'static str,
    /// By how much the area furthest off has more or less work than the mean.
    imbalance: f64,
    /// The same of the districts of that day.
    today_imbalance: Option<f64>,
    /// Its areas; their shapes are the layer `patrol-areas`.
    areas: Vec<AreaView>,
}

impl AreaSetView {
    fn new(set: &PatrolAreaSet) -> Self {
        let area = |(number, area): (usize, &fyren_core::domain::PatrolArea)| AreaView {
            number,
            area: format!("{}-{number}", set.id),
            name: area.name.clone(),
            share: area.share,
            parts: area.parts,
            districts: area.districts.iter().map(|code| code.0.clone()).collect(),
        };
        Self {
            id: set.id.to_string(),
            name: set.name.clone(),
            made_at: set.made_at.to_string(),
            by: set.by.code(),
            unit: set.unit.code(),
            imbalance: set.imbalance,
            today_imbalance: set.today_imbalance,
            areas: (1..).zip(&set.areas).map(area).collect(),
        }
    }
}

/// A part of the list of sets.
#[derive(Debug, Serialize, ToSchema)]
pub struct AreaSetList {
    /// The sets, the latest saved first.
    items: Vec<AreaSetView>,
    /// How many there are in all.
    total: usize,
    /// How many were asked for at most.
    limit: usize,
    /// How many were passed over.
    offset: usize,
}

/// One set.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only the description of the interface reads it")]
pub struct OneSet {
    /// Municipality code
    code: String,
    /// Identity of the set
    id: String,
}

/// Lists saved patrol areas, the latest first.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/patrol-areas", tag = "plans",
    operation_id = "list_patrol_areas", params(InMunicipality, PartOfList),
    responses(
        (status = 200, description = "A part of the list", body = AreaSetList),
        (status = 400, description = "A parameter breaks a rule", body = Document),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role does not see patrol areas", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn list_patrol_areas(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    pairs: Pairs,
) -> Result<impl IntoResponse, Problem> {
    let page = pairs.page()?;
    let all = state.app.patrol_areas(&staff, &ground).await?;
    let items = all.iter().skip(page.offset).take(page.limit).map(AreaSetView::new).collect();
    let list = AreaSetList { items, total: all.len(), limit: page.limit, offset: page.offset };
    Ok(([(CACHE_CONTROL, "private, no-store")], Json(list)))
}

/// Saves the areas of a division that was made and seen. It is made again from
/// its seed; where the picture has changed meanwhile it is refused, so that
/// nobody saves what nobody has seen.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/patrol-areas", tag = "plans",
    operation_id = "keep_patrol_areas", request_body = AreasToKeep,
    params(InMunicipality, RepeatSafely),
    responses(
        (status = 201, description = "Saved", body = StoredAreas),
        (status = 400, description = "Malformed, or without Idempotency-Key", body = Document),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not plan patrols", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 409, description = "The areas would be others now (`areas_changed`), another set \
            is called so (`name_taken`), or the key was used with an other body", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn keep_patrol_areas(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    headers: HeaderMap,
    body: Strict<AreasToKeep>,
) -> Result<impl IntoResponse, Problem> {
    let key = header(&headers, "idempotency-key");
    let AreasToKeep { name, names, question, digest } = body.value;
    let new = NewPatrolAreas { name, names, question: question.pairs(), digest };
    let id = state.app.keep_patrol_areas(&staff, &ground, new, (key, &body.bytes)).await?;
    Ok((StatusCode::CREATED, Json(StoredAreas { id: id.to_string() })))
}

/// Deletes a set of patrol areas.
#[utoipa::path(
    delete, path = "/api/v1/municipalities/{code}/patrol-areas/{id}", tag = "plans",
    operation_id = "delete_patrol_areas", params(OneSet),
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not plan patrols", body = Document),
        (status = 404, description = "No such set", body = Document)
    )
)]
pub async fn delete_patrol_areas(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
) -> Result<StatusCode, Problem> {
    state.app.delete_patrol_areas(&staff, &ground, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
