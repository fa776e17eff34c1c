//! `POST` and `DELETE /api/v1/session`: signing in and out.

use crate::{
    app,
    http::{
        problem::{Document, Problem},
        sessions::fault,
        state::{MaybeStaff, Network, SESSION_USER, State, same_origin},
        strict::Strict,
    },
};
use axum::{
    Json,
    extract::State as Extract,
    http::{HeaderMap, StatusCode},
};
use serde::{Deserialize, Serialize};
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
        (status = 401, description = "Name, password or code is wrong", body = Document),
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
    if !same_origin(&headers) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "cross-origin"));
    }
    let SignIn { name, password, totp } = body.value;
    let staff = match state.app.sign_in(&name, &password, totp.as_deref()).await {
        Err(app::Error::Unauthenticated) => {
            state.guesses.take(network)?;
            return Err(app::Error::Unauthenticated.into());
        }
        other => other?,
    };
    session.cycle_id().await.map_err(fault)?;
    session.insert(SESSION_USER, staff.user().to_string()).await.map_err(fault)?;
    Ok(Json(view(&staff)))
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
    session: Session,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    if !same_origin(&headers) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "cross-origin"));
    }
    let user: Option<String> = session.get(SESSION_USER).await.map_err(fault)?;
    if let Some(user) = user {
        state.app.forget_staff(&user);
    }
    session.flush().await.map_err(fault)?;
    Ok(StatusCode::NO_CONTENT)
}
