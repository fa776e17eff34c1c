//! `M/plans/{id}/send`: the sheet of a unit by e-mail, to whom the operator allows.

use super::{paths::InMunicipality, plans::OnePlan};
use crate::http::{
    negotiated::Negotiated,
    plan_sheet::sheet,
    problem::{Document, Problem},
    state::{EventId, MailMode, Municipal, SignedIn, State},
    strict::Strict,
};
use axum::{
    Json,
    extract::State as Extract,
    http::{StatusCode, header::CACHE_CONTROL},
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a sheet is to go.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SheetToSend)]
pub struct ToSend {
    /// Code of the unit whose rounds are on the sheet.
    unit: String,
    /// An address that a rule of the operator allows.
    address: String,
}

/// Who may get sheets.
#[derive(Debug, Serialize, ToSchema)]
pub struct SheetRecipients {
    /// Whether letters are sent from here at all.
    mail: bool,
    /// Addresses, or `@` and a domain, as the operator has set them.
    rules: Vec<String>,
}

/// Says who may get sheets by e-mail.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/plans/recipients", tag = "plans",
    operation_id = "list_sheet_recipients", params(InMunicipality),
    responses(
        (status = 200, description = "The rules", body = SheetRecipients),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not plan patrols", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn list_sheet_recipients(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
) -> Result<impl IntoResponse, Problem> {
    let rules = state.app.sheet_recipients(&staff, &ground).await?;
    let mail = state.mail == MailMode::Sent;
    let private = [(CACHE_CONTROL, "private, no-store")];
    Ok((private, Json(SheetRecipients { mail, rules })))
}

/// Sends the sheet of a unit of a plan that holds as a PDF; it waits in the
/// police store until the mail server takes it.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/plans/{id}/send", tag = "plans",
    operation_id = "send_plan_sheet", request_body = ToSend, params(OnePlan),
    responses(
        (status = 202, description = "Queued"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not plan patrols", body = Document),
        (status = 404, description = "No such plan", body = Document),
        (status = 409, description = "The plan does not hold (`plan_status`), or no letters are \
            sent from here (`mail_off`)", body = Document),
        (status = 422, description = "No such unit in the plan, or the address is not allowed", body = Document)
    )
)]
pub async fn send_plan_sheet(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    negotiated: Negotiated,
    body: Strict<ToSend>,
) -> Result<StatusCode, Problem> {
    let ToSend { unit, address } = body.value;
    let allowed = state.app.allow_sheet(&staff, &ground, (&id, &unit, &address)).await?;
    if state.mail != MailMode::Sent {
        return Err(Problem::new(StatusCode::CONFLICT, "mail_off"));
    }
    let language = negotiated.language;
    let paper = sheet(language, &ground, &allowed.view, Some(&allowed.unit));
    let pdf = state.app.print_sheet(paper).await?;
    state.app.send_sheet(&staff, &ground, (&allowed, language.code()), pdf).await?;
    Ok(StatusCode::ACCEPTED)
}
