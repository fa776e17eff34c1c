//! What every handler can reach, and the extractors built on it.

use super::{limit::Limiter, pages::Templates, problem::Problem};
use crate::app::{App, Ground, Staff};
use axum::{
    extract::{ConnectInfo, FromRequestParts, Path},
    http::{HeaderMap, Method, header, request::Parts},
};
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};
use tower_sessions::Session;

/// The state of the server.
pub struct Web {
    /// The use cases.
    pub app: Arc<App>,
    /// Limits sending.
    pub limiter: Limiter,
    /// Limits failed look-ups and sign-ins.
    pub guesses: Limiter,
    /// The pages.
    pub templates: Templates,
    /// Whether the demonstration's own pages are served.
    pub demo: bool,
    /// Whether cookies are for TLS only.
    pub secure: bool,
    /// Address under which the public reaches this server, without a slash at its end.
    pub public_url: String,
    /// Turns true when the server stops.
    pub stopping: tokio::sync::watch::Receiver<bool>,
}

/// The state as the router carries it.
pub type State = Arc<Web>;

/// Key of the user's id within a session.
pub const SESSION_USER: &str = "user";

/// The municipality that the address names.
pub struct Municipal(pub Arc<Ground>);

impl FromRequestParts<State> for Municipal {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let code = part_of_path(parts, state, "code").await?;
        Ok(Self(state.app.ground(&code).await?))
    }
}

/// The identity that the address names.
pub struct EventId(pub String);

impl FromRequestParts<State> for EventId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        part_of_path(parts, state, "id").await.map(Self)
    }
}

/// The calendar year that the address names.
pub struct Year(pub i16);

impl FromRequestParts<State> for Year {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let year = part_of_path(parts, state, "year").await?;
        let year = year.parse().ok().filter(|year| (1900..=2200).contains(year));
        year.map(Self).ok_or_else(Problem::not_found)
    }
}

/// The layer that the address names.
pub struct LayerName(pub String);

impl FromRequestParts<State> for LayerName {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        part_of_path(parts, state, "layer").await.map(Self)
    }
}

async fn part_of_path(parts: &mut Parts, state: &State, name: &str) -> Result<String, Problem> {
    let path = Path::<HashMap<String, String>>::from_request_parts(parts, state).await;
    let mut path = path.map_err(|_no_path| Problem::not_found())?;
    path.0.remove(name).ok_or_else(Problem::not_found)
}

/// Who has signed in, if anybody.
pub struct MaybeStaff(pub Option<Arc<Staff>>);

impl FromRequestParts<State> for MaybeStaff {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
            let token = value.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
            return match token {
                Some(token) => Ok(Self(Some(state.app.staff_by_token(token).await?))),
                None => Ok(Self(None)),
            };
        }
        let Some(session) = parts.extensions.get::<Session>() else { return Ok(Self(None)) };
        let user: Option<String> =
            session.get(SESSION_USER).await.map_err(super::sessions::fault)?;
        let Some(user) = user else { return Ok(Self(None)) };
        if !matches!(parts.method, Method::GET | Method::HEAD) && !same_origin(&parts.headers) {
            return Err(Problem::new(axum::http::StatusCode::FORBIDDEN, "cross-origin"));
        }
        let key = session.id().map(|id| id.to_string()).unwrap_or_default();
        Ok(Self(state.app.staff_by_user(&user, &key).await?))
    }
}

/// Whoever has signed in; 401 where nobody has.
pub struct SignedIn(pub Arc<Staff>);

impl FromRequestParts<State> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let MaybeStaff(staff) = MaybeStaff::from_request_parts(parts, state).await?;
        staff.map(Self).ok_or_else(|| crate::app::Error::Unauthenticated.into())
    }
}

/// The network prefix that a request comes from.
pub struct Network(pub IpAddr);

impl FromRequestParts<State> for Network {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &State,
    ) -> Result<Self, std::convert::Infallible> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(address)| address.ip());
        Ok(Self(state.limiter.prefix(peer, &parts.headers)))
    }
}

/// Whether a request that changes something comes from our own pages, as far
/// as the browser says.
pub fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin.split("://").nth(1) == Some(host),
        (Some(_), None) => false,
        (None, _) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(k, v)| (header::HeaderName::from_static(k), v.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_page_of_an_other_site_cannot_act_for_somebody_signed_in() {
        assert!(!same_origin(&headers(&[("sec-fetch-site", "cross-site")])));
        assert!(!same_origin(&headers(&[("origin", "https://evil.example"), ("host", "a.se")])));
        assert!(!same_origin(&headers(&[("origin", "null"), ("host", "a.se")])));
        assert!(same_origin(&headers(&[("origin", "https://a.se"), ("host", "a.se")])));
        assert!(same_origin(&headers(&[("host", "a.se")])));
    }
}
