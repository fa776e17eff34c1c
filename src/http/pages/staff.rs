//! Doors of the staff app: signing in and out, and the shell.

use super::{
    language::Reader,
    small::{self, SignIn, Viewer},
    written,
};
use crate::{
    app,
    http::{
        problem::Problem,
        sessions::fault,
        state::{MaybeStaff, Municipal, Network, SESSION_USER, State, same_origin},
    },
};
use axum::{
    body::Bytes,
    extract::{RawQuery, State as Extract},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use tower_sessions::Session;

/// `GET /{code}/staff`.
pub async fn to_app(Municipal(ground): Municipal) -> Redirect {
    Redirect::to(&format!("/{}/staff/", ground.code()))
}

/// `GET /{code}/staff/`: the app, or the way to signing in.
pub async fn show_app(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    MaybeStaff(staff): MaybeStaff,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let Some(staff) = staff else {
        return Ok(Redirect::to(&format!("/{}/staff/sign-in", ground.code())).into_response());
    };
    let role = staff.roles_in(ground.code()).first().ok_or(app::Error::Forbidden)?;
    let embedded = query.is_some_and(|query| query.split('&').any(|pair| pair == "embedded=1"));
    let viewer = Viewer { user: staff.name(), role: role.code(), embedded };
    let page = small::staff(state.templates, language, &ground.municipality, &viewer);
    written(StatusCode::OK, page)
}

/// `GET /{code}/staff/sign-in`.
pub async fn show_sign_in(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
) -> Result<Response, Problem> {
    let page = small::sign_in(state.templates, language, &ground.municipality, SignIn::default());
    written(StatusCode::OK, page)
}

/// `POST /{code}/staff/sign-in`, without scripts.
pub async fn sign_in(
    Extract(state): Extract<State>,
    (Reader(language), Municipal(ground), Network(network)): (Reader, Municipal, Network),
    session: Session,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    if !same_origin(&headers) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "cross-origin"));
    }
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&body).unwrap_or_default();
    let field = |name: &str| fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    match state.app.sign_in(field("name"), field("password"), None).await {
        Ok(staff) => {
            session.cycle_id().await.map_err(fault)?;
            session.insert(SESSION_USER, staff.user().to_string()).await.map_err(fault)?;
            Ok(Redirect::to(&format!("/{}/staff/", ground.code())).into_response())
        }
        Err(app::Error::Unauthenticated) => {
            state.guesses.take(network)?;
            let name = field("name").to_owned();
            let shown = SignIn { name, failed: true };
            let page = small::sign_in(state.templates, language, &ground.municipality, shown);
            written(StatusCode::UNAUTHORIZED, page)
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST /{code}/staff/sign-out`.
pub async fn sign_out(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    session: Session,
    headers: HeaderMap,
) -> Result<Redirect, Problem> {
    if !same_origin(&headers) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "cross-origin"));
    }
    let user: Option<String> = session.get(SESSION_USER).await.map_err(fault)?;
    if let Some(user) = user {
        state.app.forget_staff(&user);
    }
    session.flush().await.map_err(fault)?;
    Ok(Redirect::to(&format!("/{}/staff/sign-in", ground.code())))
}
