//! `/api/v1/receipt/mail`: letters about a report, for those who want them.

use super::receipt::receipt_key;
use crate::{
    app::{self, ReceiptKey},
    http::{
        language::Language,
        problem::{Document, Problem},
        state::{MailMode, Network, State},
        strict::Strict,
    },
};
use axum::{
    extract::State as Extract,
    http::{HeaderMap, StatusCode},
};
use serde::Deserialize;
use std::net::IpAddr;
use utoipa::ToSchema;

/// Where letters are to go.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedMail {
    /// An e-mail address; kept apart, shown to nobody, deleted by rule.
    address: String,
}

/// Asks for letters about the report of a receipt. Nothing but the letter that
/// asks whether it is meant goes out before its link has been followed.
#[utoipa::path(
    post, path = "/api/v1/receipt/mail", tag = "reports", operation_id = "ask_for_mail",
    request_body = WantedMail,
    params(("Authorization" = String, Header, description = "`Receipt CODE`")),
    responses(
        (status = 202, description = "The letter that asks is on its way"),
        (status = 401, description = "No receipt was given", body = Document),
        (status = 404, description = "No report has this receipt", body = Document),
        (status = 409, description = "No letters are sent from here, or three wait for an answer", body = Document),
        (status = 422, description = "No address", body = Document),
        (status = 429, description = "Too many requests from this network", body = Document)
    )
)]
pub async fn ask_for_mail(
    Extract(state): Extract<State>,
    Network(network): Network,
    headers: HeaderMap,
    body: Strict<WantedMail>,
) -> Result<StatusCode, Problem> {
    state.limiter.take(network)?;
    let key = known(&state, network, receipt_key(&headers)?)?;
    if state.mail == MailMode::Off {
        return Err(Problem::new(StatusCode::CONFLICT, "mail_off"));
    }
    let language = Language::of_request(None, &headers);
    let done = state.app.ask_for_mail(&key, &body.value.address, language.code()).await;
    guessed(&state, network, done)?;
    Ok(StatusCode::ACCEPTED)
}

/// Stops letters about the report of a receipt; the address is deleted.
#[utoipa::path(
    delete, path = "/api/v1/receipt/mail", tag = "reports", operation_id = "stop_mail",
    params(("Authorization" = String, Header, description = "`Receipt CODE`")),
    responses(
        (status = 204, description = "No address is kept"),
        (status = 401, description = "No receipt was given", body = Document),
        (status = 404, description = "No report has this receipt", body = Document),
        (status = 429, description = "Too many failed look-ups", body = Document)
    )
)]
pub async fn stop_mail(
    Extract(state): Extract<State>,
    Network(network): Network,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let key = known(&state, network, receipt_key(&headers)?)?;
    let done = state.app.stop_mail(&key).await;
    guessed(&state, network, done)?;
    Ok(StatusCode::NO_CONTENT)
}

/// A receipt of some form; a look-up without one is a failed one, too.
fn known(state: &State, network: IpAddr, key: Option<ReceiptKey>) -> Result<ReceiptKey, Problem> {
    guessed(state, network, key.ok_or(app::Error::NotFound))
}

/// Throttles look-ups that fail.
pub fn guessed<T>(state: &State, network: IpAddr, done: app::Result<T>) -> Result<T, Problem> {
    if matches!(done, Err(app::Error::NotFound)) {
        state.guesses.take(network)?;
    }
    done.map_err(Problem::from)
}
