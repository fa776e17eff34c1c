//! `M/vetoes`: hot spots that somebody who knows the place says not to act on.

use super::{
    paths::{InMunicipality, PartOfList, RepeatSafely},
    reports::header,
};
use crate::{
    app::{Ground, ReviewDraft, TermsDraft},
    http::{
        problem::{Document, Problem},
        query::Pairs,
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
use fyren_core::domain::{Veto, VetoAct, VetoStep, Violation};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// One step of a veto.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = VetoStep)]
pub struct StepView {
    /// When, UTC.
    at: String,
    /// In which role.
    by: &'static str,
    /// `set`, `renewed` or `ended`.
    act: &'static str,
    /// `handled`, `one_event`, `more_people`, `wrong_place`, `others_duty` or `other`.
    reason: Option<&'static str>,
    /// The same in words, or what was found at the end.
    note: Option<String>,
    /// Local day of the review.
    review_on: Option<String>,
}

/// A veto with everything that happened to it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Veto)]
pub struct VetoView {
    /// Identity.
    id: String,
    /// The cell of the spot that stood out most when it was set.
    spot: String,
    /// The middle of that cell: degrees east.
    longitude: f64,
    /// Degrees north.
    latitude: f64,
    /// The nearest named place.
    name: Option<String>,
    /// District code.
    district: Option<String>,
    /// `municipal` or `police`: where it is kept, and who may review it.
    context: &'static str,
    /// `holds`, `due` (it holds, and the day of its review has come) or `ended`.
    state: &'static str,
    /// What happened, the first step first.
    steps: Vec<StepView>,
}

/// A part of the list of vetoes.
#[derive(Debug, Serialize, ToSchema)]
pub struct VetoList {
    /// The vetoes, the latest set first.
    items: Vec<VetoView>,
    /// How many there are in all, in the asked state.
    total: usize,
    /// How many were asked for at most.
    limit: usize,
    /// How many were passed over.
    offset: usize,
}

/// Which vetoes.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only the description of the interface reads it")]
pub struct InState {
    /// `holds` (those that are due included), `due` or `ended`; all of them without
    state: Option<String>,
}

/// A veto as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewVeto {
    /// The `key` of the hot spot.
    spot: String,
    /// `handled`, `one_event`, `more_people`, `wrong_place`, `others_duty` or `other`.
    reason: String,
    /// The same in words, at most 500 characters: of the place, never of persons. `other` needs it.
    #[serde(default)]
    note: Option<String>,
    /// Local day on which somebody looks again, within a year.
    review_on: String,
}

/// What a review comes to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = VetoReview)]
pub struct Reviewed {
    /// `renewed` or `ended`.
    outcome: String,
    /// As in a new veto; needed where it is renewed.
    #[serde(default)]
    reason: Option<String>,
    /// In words; of one that is ended, what was found.
    #[serde(default)]
    note: Option<String>,
    /// Local day of the next review; needed where it is renewed.
    #[serde(default)]
    review_on: Option<String>,
}

/// The veto that was stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoredVeto {
    /// Its identity.
    id: String,
}

/// One veto.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only the description of the interface reads it")]
pub struct OneVeto {
    /// Municipality code
    code: String,
    /// Identity of the veto
    id: String,
}

impl Reviewed {
    fn draft(self) -> Result<ReviewDraft, Violation> {
        let needed = |field: &str, text: Option<String>| {
            text.ok_or_else(|| Violation::new(field, "required"))
        };
        match self.outcome.as_str() {
            "renewed" => Ok(ReviewDraft::Renewed(TermsDraft {
                reason: needed("reason", self.reason)?,
                note: self.note,
                review_on: needed("reviewOn", self.review_on)?,
            })),
            "ended" => match (self.reason, self.review_on) {
                (None, None) => Ok(ReviewDraft::Ended(self.note)),
                (Some(_), _) => Err(Violation::new("reason", "unknown_field")),
                (None, Some(_)) => Err(Violation::new("reviewOn", "unknown_field")),
            },
            _ => Err(Violation::new("outcome", "unknown_value")),
        }
    }
}

impl StepView {
    fn new((position, step): (usize, VetoStep)) -> Self {
        let (at, by) = (step.at.to_string(), step.by.code());
        match step.act {
            VetoAct::Held(terms) => Self {
                at,
                by,
                act: if position == 0 { "set" } else { "renewed" },
                reason: Some(terms.reason.code()),
                note: terms.note,
                review_on: Some(terms.review_on.to_string()),
            },
            VetoAct::Ended(note) => {
                Self { at, by, act: "ended", reason: None, note, review_on: None }
            }
        }
    }
}

/// The state of a veto on a day.
fn state_of(veto: &Veto, today: Date) -> &'static str {
    match veto.holds() {
        None => "ended",
        Some(_) if veto.is_due(today) => "due",
        Some(_) => "holds",
    }
}

impl VetoView {
    fn new(veto: Veto, ground: &Ground, today: Date) -> Self {
        Self {
            id: veto.id.to_string(),
            spot: veto.cell.to_string(),
            longitude: veto.at.longitude,
            latitude: veto.at.latitude,
            name: ground.nearest_locality(veto.at).map(|locality| locality.name.clone()),
            district: ground.geofence.district(veto.at).map(|code| code.0.clone()),
            context: veto.context.code(),
            state: state_of(&veto, today),
            steps: veto.steps.into_iter().enumerate().map(StepView::new).collect(),
        }
    }
}

/// Takes `state` out of the query.
fn asked_state(pairs: &mut Pairs) -> Result<Option<String>, Problem> {
    let at = pairs.0.iter().position(|(name, _)| name == "state");
    let state = at.map(|at| pairs.0.remove(at).1);
    match state.as_deref() {
        None | Some("holds" | "due" | "ended") => Ok(state),
        Some(_) => Err(Problem::bad_parameter(vec![Violation::new("state", "unknown_value")])),
    }
}

/// Lists vetoes on hot spots, the latest set first: to whoever sees hot spots;
/// to municipal roles those of their own context.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/vetoes", tag = "vetoes",
    operation_id = "list_vetoes", params(InMunicipality, InState, PartOfList),
    responses(
        (status = 200, description = "A part of the list", body = VetoList),
        (status = 400, description = "A parameter breaks a rule", body = Document),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role does not see hot spots", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn list_vetoes(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    mut pairs: Pairs,
) -> Result<Json<VetoList>, Problem> {
    let all = state.app.vetoes(&staff, &ground).await?;
    let asked = asked_state(&mut pairs)?;
    let page = pairs.page()?;
    let today = state.app.today(&ground.zone);
    let is_asked = |veto: &Veto| match (asked.as_deref(), state_of(veto, today)) {
        (None, _) => true,
        (Some("holds"), found) => found != "ended",
        (Some(asked), found) => asked == found,
    };
    let found: Vec<Veto> = all.into_iter().filter(is_asked).collect();
    let total = found.len();
    let part = found.into_iter().skip(page.offset).take(page.limit);
    let items = part.map(|veto| VetoView::new(veto, &ground, today)).collect();
    Ok(Json(VetoList { items, total, limit: page.limit, offset: page.offset }))
}

/// Vetoes a hot spot. It is counted and shown all the same.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/vetoes", tag = "vetoes",
    operation_id = "veto_spot", request_body = NewVeto, params(InMunicipality, RepeatSafely),
    responses(
        (status = 201, description = "It holds", body = StoredVeto),
        (status = 400, description = "Malformed, or no Idempotency-Key", body = Document),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not veto hot spots", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 409, description = "A veto holds there, or the key was used with an other body", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn veto_spot(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    headers: HeaderMap,
    body: Strict<NewVeto>,
) -> Result<impl IntoResponse, Problem> {
    let key = header(&headers, "idempotency-key");
    let NewVeto { spot, reason, note, review_on } = body.value;
    let terms = TermsDraft { reason, note, review_on };
    let id = state.app.veto_spot(&staff, &ground, (&spot, &terms), (key, &body.bytes)).await?;
    Ok((StatusCode::CREATED, Json(StoredVeto { id: id.to_string() })))
}

/// Renews or ends a veto of one's own context; nothing of it is changed or lost.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/vetoes/{id}/review", tag = "vetoes",
    operation_id = "review_veto", request_body = Reviewed, params(OneVeto),
    responses(
        (status = 204, description = "Noted"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not veto hot spots, or the veto is of the other context", body = Document),
        (status = 404, description = "No such veto", body = Document),
        (status = 409, description = "It has ended already", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn review_veto(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    body: Strict<Reviewed>,
) -> Result<StatusCode, Problem> {
    let review = body.value.draft().map_err(crate::app::Error::from)?;
    state.app.review_veto(&staff, &ground, &id, &review).await?;
    Ok(StatusCode::NO_CONTENT)
}
