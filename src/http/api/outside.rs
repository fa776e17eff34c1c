//! `GET /api/v1/session/provider`: back from the identity provider.

use super::session::counted;
use crate::{
    app::{self, Flow},
    http::{
        pages::OUTSIDE,
        problem::{Document, Problem},
        sessions,
        state::{Network, State},
    },
};
use axum::{
    extract::{RawQuery, State as Extract},
    response::Redirect,
};
use tower_sessions::Session;

/// Signs in whoever the identity provider vouches for, and goes on to the page
/// that was asked for.
#[utoipa::path(
    get, path = "/api/v1/session/provider", tag = "session", operation_id = "sign_in_outside",
    params(
        ("code" = Option<String>, Query, description = "What the provider gives for its token"),
        ("state" = Option<String>, Query, description = "What this server sent along"),
        ("error" = Option<String>, Query, description = "Why the provider gives nothing")
    ),
    responses(
        (status = 303, description = "Signed in; on to the page that was asked for"),
        (status = 401, description = "The provider's answer does not hold", body = Document),
        (status = 403, description = "No group of the user has a role here", body = Document),
        (status = 404, description = "There is no identity provider", body = Document),
        (status = 429, description = "Too many failed attempts", body = Document)
    )
)]
pub async fn sign_in_outside(
    Extract(state): Extract<State>,
    Network(network): Network,
    session: Session,
    RawQuery(query): RawQuery,
) -> Result<Redirect, Problem> {
    let (provider, grants) = state.provider.as_ref().ok_or_else(Problem::not_found)?;
    let left: Option<(Flow, String)> = sessions::left(&session, OUTSIDE).await?;
    let query = query.unwrap_or_default();
    let fields: Vec<(String, String)> = serde_urlencoded::from_str(&query).unwrap_or_default();
    let field = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
    let asked = left.filter(|(flow, _)| field("state").as_deref() == Some(&flow.state));
    let done = match asked.zip(field("code")) {
        Some(((flow, back), code)) => {
            let signed_in = state.app.sign_in_outside(provider, code, &flow, grants).await;
            signed_in.map(|signed_in| (signed_in, back))
        }
        None => Err(app::Error::Unauthenticated),
    };
    let (signed_in, back) = counted(&state, network, done)?;
    sessions::begin(&session, &state.app, &signed_in).await?;
    Ok(Redirect::to(&back))
}
