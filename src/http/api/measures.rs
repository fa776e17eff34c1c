//! `M/measures`: who does what about a problem, by when, and what came of it.

use super::{
    paths::{InMunicipality, PartOfList, RepeatSafely},
    reports::header,
};
use crate::{
    app::MeasureDraft,
    http::{
        problem::{Document, Problem},
        query::Pairs,
        state::{EventId, MaybeStaff, Municipal, SignedIn, State},
        strict::Strict,
    },
};
use axum::{
    Json,
    extract::State as Extract,
    http::{HeaderMap, HeaderValue, StatusCode, header as names},
    response::IntoResponse,
};
use fyren_core::domain::{Layer, Measure, may_see};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A text in two languages.
#[derive(Debug, Serialize, ToSchema)]
pub struct Texts {
    /// Swedish.
    sv: String,
    /// English.
    en: String,
}

/// A measure.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MeasureView {
    /// Identity.
    id: String,
    /// District code; none for the whole municipality.
    district: Option<String>,
    /// The problem.
    problem: Texts,
    /// What is done.
    action: Texts,
    /// Organisation that owns it.
    owner: String,
    /// `municipal` or `police`.
    context: &'static str,
    /// Local day of the decision.
    decided_on: String,
    /// Local day of the follow-up.
    due_on: String,
    /// Whether that day has passed and it has not ended.
    overdue: bool,
    /// `planned`, `running`, `done` or `stopped`.
    status: &'static str,
    /// `reports`, `visits`, `defects_mended` or `survey`.
    indicator: &'static str,
    /// What came of it, once somebody has judged it.
    outcome: Option<Texts>,
    /// Slug of the promise that it serves.
    promise: Option<String>,
    /// The hot spot that it answers; for staff who see hot spots.
    #[serde(skip_serializing_if = "Option::is_none")]
    spot: Option<Spot>,
    /// Whether it was made for a demonstration.
    synthetic: bool,
}

/// A hot spot by a point in it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Spot {
    /// Degrees east.
    longitude: f64,
    /// Degrees north.
    latitude: f64,
}

/// A part of the list of measures.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeasureList {
    /// The measures, the latest decision first.
    items: Vec<MeasureView>,
    /// How many there are in all.
    total: usize,
    /// How many were asked for at most.
    limit: usize,
    /// How many were passed over.
    offset: usize,
}

/// A text as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTexts {
    /// Swedish, 1 to 2 000 characters.
    sv: String,
    /// English; the Swedish text where it is left out.
    #[serde(default)]
    en: Option<String>,
}

/// A measure as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewMeasure {
    /// District code; none for the whole municipality.
    #[serde(default)]
    district: Option<String>,
    /// The problem.
    problem: NewTexts,
    /// What is done.
    action: NewTexts,
    /// Organisation that owns it, never a person; 1 to 80 characters.
    owner: String,
    /// Local day of the decision; today where it is left out.
    #[serde(default)]
    decided_on: Option<String>,
    /// Local day of the follow-up, after the decision.
    due_on: String,
    /// `planned` (where it is left out), `running`, `done` or `stopped`; the last two need an outcome.
    #[serde(default)]
    status: Option<String>,
    /// `reports`, `visits`, `defects_mended` or `survey`.
    indicator: String,
    /// What came of it.
    #[serde(default)]
    outcome: Option<NewTexts>,
    /// Slug of the promise that it serves.
    #[serde(default)]
    promise: Option<String>,
    /// A point in the hot spot that it answers; kept as the centre of a cell of 50 m, never public.
    #[serde(default)]
    spot: Option<Spot>,
}

/// The measure that was stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoredMeasure {
    /// Its identity.
    id: String,
}

fn sent(texts: NewTexts) -> (String, Option<String>) {
    (texts.sv, texts.en)
}

impl From<NewMeasure> for MeasureDraft {
    fn from(new: NewMeasure) -> Self {
        Self {
            district: new.district,
            problem: sent(new.problem),
            action: sent(new.action),
            owner: new.owner,
            decided_on: new.decided_on,
            due_on: new.due_on,
            status: new.status,
            indicator: new.indicator,
            outcome: new.outcome.map(sent),
            promise: new.promise,
            spot: new.spot.map(|spot| (spot.longitude, spot.latitude)),
        }
    }
}

impl MeasureView {
    fn new(measure: Measure, today: Date, sees_spots: bool) -> Self {
        let texts = |(sv, en)| Texts { sv, en };
        let spot = measure.spot.filter(|_| sees_spots);
        Self {
            id: measure.id.to_string(),
            district: measure.district.map(|district| district.0),
            problem: texts(measure.problem),
            action: texts(measure.action),
            owner: measure.owner,
            context: measure.context.code(),
            decided_on: measure.decided_on.to_string(),
            due_on: measure.due_on.to_string(),
            overdue: measure.due_on < today && !measure.status.has_ended(),
            status: measure.status.code(),
            indicator: measure.indicator.code(),
            outcome: measure.outcome.map(texts),
            promise: measure.promise,
            spot: spot.map(|at| Spot { longitude: at.longitude, latitude: at.latitude }),
            synthetic: measure.synthetic,
        }
    }
}

/// Lists measures, the latest decision first. Public by nature; the hot spot
/// that a measure answers is told only to staff who see hot spots.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/measures", tag = "measures",
    operation_id = "list_measures", params(InMunicipality, PartOfList),
    responses(
        (status = 200, description = "A part of the list", body = MeasureList),
        (status = 400, description = "A parameter breaks a rule", body = Document),
        (status = 404, description = "No such municipality", body = Document)
    )
)]
pub async fn list_measures(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    MaybeStaff(staff): MaybeStaff,
    pairs: Pairs,
) -> Result<impl IntoResponse, Problem> {
    let page = pairs.page()?;
    let roles = staff.as_ref().map_or(&[][..], |staff| staff.roles_in(ground.code()));
    let sees_spots = roles.iter().any(|role| may_see(*role, Layer::Hotspots));
    let today = state.app.today(&ground.zone);
    let all = state.app.measures(ground.code()).await?;
    let total = all.len();
    let part = all.into_iter().skip(page.offset).take(page.limit);
    let items = part.map(|measure| MeasureView::new(measure, today, sees_spots)).collect();
    let list = MeasureList { items, total, limit: page.limit, offset: page.offset };
    let vary = HeaderValue::from_static("Authorization, Cookie, Accept-Encoding");
    Ok(([(names::VARY, vary)], Json(list)))
}

/// Stores a new measure.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/measures", tag = "measures",
    operation_id = "create_measure", request_body = NewMeasure,
    params(InMunicipality, RepeatSafely),
    responses(
        (status = 201, description = "Stored", body = StoredMeasure),
        (status = 400, description = "Malformed, or no Idempotency-Key", body = Document),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not write measures", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 409, description = "The key was used with an other body", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn create_measure(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    headers: HeaderMap,
    body: Strict<NewMeasure>,
) -> Result<impl IntoResponse, Problem> {
    let key = header(&headers, "idempotency-key");
    let draft = body.value.into();
    let id = state.app.create_measure(&staff, &ground, &draft, (key, &body.bytes)).await?;
    Ok((StatusCode::CREATED, Json(StoredMeasure { id: id.to_string() })))
}

/// Replaces a measure whole; with the status `done` or `stopped` and an
/// outcome it is closed.
#[utoipa::path(
    put, path = "/api/v1/municipalities/{code}/measures/{id}", tag = "measures",
    operation_id = "replace_measure", request_body = NewMeasure,
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("id" = String, Path, description = "Identity of the measure")
    ),
    responses(
        (status = 204, description = "Replaced"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not write measures", body = Document),
        (status = 404, description = "No such measure", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn replace_measure(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    body: Strict<NewMeasure>,
) -> Result<StatusCode, Problem> {
    state.app.replace_measure(&staff, &ground, &id, &body.value.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}
