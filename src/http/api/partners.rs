//! `M/partners`: organisations that report by a link of their own.

use crate::http::{
    problem::{Document, Problem},
    state::{EventId, Municipal, SignedIn, State},
    strict::Strict,
};
use axum::{Json, extract::State as Extract, http::StatusCode};
use fyren_core::domain::Partner;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A partner.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Partner)]
pub struct PartnerView {
    /// Identity.
    id: String,
    /// Name of the organisation.
    name: String,
    /// `housing`, `school`, `guards`, `care`, `harbour`, `trade` or `other`.
    kind: &'static str,
    /// When its link was made, UTC.
    made_at: String,
    /// When it was revoked.
    revoked_at: Option<String>,
}

/// A partner with its link, which is told this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewLink {
    /// The partner.
    partner: PartnerView,
    /// Opens its form; the code stands behind `#` and never reaches a log.
    link: String,
}

/// A partner as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPartner {
    /// Name of the organisation, at most 80 characters; never a person's.
    name: String,
    /// `housing`, `school`, `guards`, `care`, `harbour`, `trade` or `other`.
    kind: String,
}

/// One partner.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only the description of the interface reads it")]
pub struct OnePartner {
    /// Municipality code
    code: String,
    /// Identity of the partner
    id: String,
}

impl From<Partner> for PartnerView {
    fn from(partner: Partner) -> Self {
        Self {
            id: partner.id.to_string(),
            name: partner.name,
            kind: partner.kind.code(),
            made_at: partner.made_at.to_string(),
            revoked_at: partner.revoked_at.map(|at| at.to_string()),
        }
    }
}

/// Lists partners, revoked ones included, the latest first.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/partners", tag = "reports",
    operation_id = "list_partners", params(super::paths::InMunicipality),
    responses(
        (status = 200, description = "The partners, whole", body = [PartnerView]),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn list_partners(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
) -> Result<Json<Vec<PartnerView>>, Problem> {
    let partners = state.app.partners(&staff, &ground).await?;
    Ok(Json(partners.into_iter().map(PartnerView::from).collect()))
}

/// Makes the link of a partner, whose people then report as one trained source.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/partners", tag = "reports",
    operation_id = "add_partner", params(super::paths::InMunicipality), request_body = NewPartner,
    responses(
        (status = 201, description = "Made; the link is told this once", body = NewLink),
        (status = 400, description = "The body cannot be read", body = Document),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn add_partner(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    body: Strict<NewPartner>,
) -> Result<(StatusCode, Json<NewLink>), Problem> {
    let named = (body.value.name.as_str(), body.value.kind.as_str());
    let (partner, token) = state.app.add_partner(&staff, &ground, named).await?;
    let link = format!("{}/{}/partner#{token}", state.public_url, ground.code());
    Ok((StatusCode::CREATED, Json(NewLink { partner: partner.into(), link })))
}

/// Revokes the link of a partner; what it has reported stays.
#[utoipa::path(
    delete, path = "/api/v1/municipalities/{code}/partners/{id}", tag = "reports",
    operation_id = "revoke_partner", params(OnePartner),
    responses(
        (status = 204, description = "The link opens nothing any more"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not", body = Document),
        (status = 404, description = "No such partner", body = Document)
    )
)]
pub async fn revoke_partner(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
) -> Result<StatusCode, Problem> {
    state.app.revoke_partner(&staff, &ground, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
