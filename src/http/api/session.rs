//! `/api/v1/session`: signing in and out.

use crate::{
    app,
    http::{
        problem::{Document, Problem},
        sessions::{self, fault},
        state::{MaybeStaff, Network, State, same_origin},
        strict::Strict,
    },
};
use axum::{
    Json,
    extract::State as Extract,
    http::{HeaderMap, StatusCode},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::net::IpAddr;
use tower_sessions::Session;
use utoipa::ToSchema;

/// Name and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Name to sign in with.
    name: String,
    /// Password.
    password: String,
    /// Six digits, where the user has a second factor.
    #[serde(default)]
    totp: Option<String>,
}

/// Who has signed in.
#[derive(Serialize, ToSchema)]
pub struct SessionView {
    /// Name.
    name: String,
    /// What the user may be, and where.
    grants: Vec<GrantView>,
}

/// A role somewhere.
#[derive(Serialize, ToSchema)]
pub struct GrantView {
    /// Role.
    role: &'static str,
    /// Context of the role.
    context: &'static str,
    /// Municipality code.
    municipality: String,
}

fn view(staff: &app::Staff) -> SessionView {
    let grants = staff.roles().map(|(municipality, role)| GrantView {
        role: role.code(),
        context: role.context().code(),
        municipality: municipality.to_string(),
    });
    SessionView { name: staff.name().to_owned(), grants: grants.collect() }
}

/// Signs in; the session is a cookie.
#[utoipa::path(
    post, path = "/api/v1/session", tag = "session", operation_id = "sign_in",
    request_body = SignIn,
    responses(
        (status = 200, description = "Signed in", body = SessionView),
        (status = 401, description = "Name, password or code is wrong, or the code is missing (`code-needed`)", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document),
        (status = 429, description = "Too many failed attempts", body = Document)
    )
)]
pub async fn sign_in(
    Extract(state): Extract<State>,
    Network(network): Network,
    session: Session,
    headers: HeaderMap,
    body: Strict<SignIn>,
) -> Result<Json<SessionView>, Problem> {
    must_be_ours(&headers)?;
    let SignIn { name, password, totp } = body.value;
    let signed_in = state.app.sign_in((&name, &password), totp.as_deref(), network).await;
    let signed_in = counted(&state, network, signed_in)?;
    sessions::begin(&session, &state.app, &signed_in).await?;
    Ok(Json(view(&signed_in.staff)))
}

/// Tells who has signed in.
#[utoipa::path(
    get, path = "/api/v1/session", tag = "session", operation_id = "show_session",
    responses(
        (status = 200, description = "Who has signed in", body = SessionView),
        (status = 401, description = "Nobody has", body = Document)
    )
)]
pub async fn show_session(MaybeStaff(staff): MaybeStaff) -> Result<Json<SessionView>, Problem> {
    let staff = staff.ok_or(app::Error::Unauthenticated)?;
    Ok(Json(view(&staff)))
}

/// Signs out: the session is gone on the server, too.
#[utoipa::path(
    delete, path = "/api/v1/session", tag = "session", operation_id = "sign_out",
    responses((status = 204, description = "Signed out"))
)]
pub async fn sign_out(
    Extract(state): Extract<State>,
    MaybeStaff(staff): MaybeStaff,
    session: Session,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    must_be_ours(&headers)?;
    if let Some(staff) = staff {
        state.app.forget_staff(&staff.user().to_string());
    }
    session.flush().await.map_err(fault)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begins to sign in by a passkey: what the browser asks its authenticator.
#[utoipa::path(
    post, path = "/api/v1/session/passkey/challenge", tag = "session",
    operation_id = "challenge_passkey",
    responses(
        (status = 200, description = "The options of `navigator.credentials.get`", body = Object),
        (status = 404, description = "This site has no passkeys: it is not reached over TLS", body = Document)
    )
)]
pub async fn challenge_passkey(
    Extract(state): Extract<State>,
    session: Session,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    must_be_ours(&headers)?;
    let site = state.site_for(&headers).ok_or_else(Problem::not_found)?;
    let (asked, kept) = state.app.ask_for_passkey(&site)?;
    sessions::leave(&session, PASSKEY, kept).await?;
    Ok(Json(asked))
}

/// Signs in by a passkey.
#[utoipa::path(
    post, path = "/api/v1/session/passkey", tag = "session",
    operation_id = "sign_in_by_passkey", request_body = Object,
    responses(
        (status = 200, description = "Signed in", body = SessionView),
        (status = 401, description = "The passkey is not known or not believed", body = Document),
        (status = 404, description = "This site has no passkeys", body = Document),
        (status = 429, description = "Too many failed attempts", body = Document)
    )
)]
pub async fn sign_in_by_passkey(
    Extract(state): Extract<State>,
    Network(network): Network,
    session: Session,
    headers: HeaderMap,
    body: Strict<Value>,
) -> Result<Json<SessionView>, Problem> {
    must_be_ours(&headers)?;
    let site = state.site_for(&headers).ok_or_else(Problem::not_found)?;
    let asked: Option<String> = sessions::left(&session, PASSKEY).await?;
    let signed_in = match asked {
        Some(asked) => state.app.sign_in_by_passkey(&site, body.value, &asked).await,
        None => Err(app::Error::Unauthenticated),
    };
    let signed_in = counted(&state, network, signed_in)?;
    sessions::begin(&session, &state.app, &signed_in).await?;
    Ok(Json(view(&signed_in.staff)))
}

/// Key of what the authenticator was asked, within a session.
const PASSKEY: &str = "asked_for_passkey";

/// Refuses a request that a page of another site has made.
pub fn must_be_ours(headers: &HeaderMap) -> Result<(), Problem> {
    if same_origin(headers) {
        return Ok(());
    }
    Err(Problem::new(StatusCode::FORBIDDEN, "cross-origin"))
}

/// Counts a failed sign-in from `network`.
pub fn counted<T>(state: &State, network: IpAddr, done: app::Result<T>) -> Result<T, Problem> {
    if matches!(done, Err(app::Error::Unauthenticated)) {
        state.guesses.take(network)?;
    }
    Ok(done?)
}
