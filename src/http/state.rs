//! What every handler can reach, and the extractors built on it.

use super::{limit::Limiter, pages::Templates, problem::Problem, sessions, unchanged::Answered};
use crate::app::{App, Ground, GroupGrant, Provider, Site, Staff};
use axum::{
    extract::{ConnectInfo, FromRequestParts, Path},
    http::{HeaderMap, Method, header, request::Parts},
};
use fyren_core::plane::Tile;
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
    /// Conditional requests that were answered a moment ago.
    pub answered: Answered,
    /// The pages.
    pub templates: Templates,
    /// Whether the demonstration's own pages are served.
    pub demo: bool,
    /// What becomes of letters.
    pub mail: MailMode,
    /// Whether cookies are for TLS only.
    pub secure: bool,
    /// Address under which the public reaches this server, without a slash at its end.
    pub public_url: String,
    /// The site that passkeys are bound to, where browsers give any.
    pub site: Option<Site>,
    /// The identity provider and what its groups may be here.
    pub provider: Option<(Provider, Vec<GroupGrant>)>,
    /// Sites whose pages may show the form in a frame.
    pub embed_for: Vec<String>,
    /// Turns true when the server stops.
    pub stopping: tokio::sync::watch::Receiver<bool>,
}

/// What becomes of letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailMode {
    /// None are written: no mail server is set.
    Off,
    /// They are shown in place of being sent: a demonstration without a mail server.
    Shown,
    /// They are sent.
    Sent,
}

/// The state as the router carries it.
pub type State = Arc<Web>;

impl Web {
    /// The site that passkeys are bound to for a request: the one of the public
    /// address, or this machine by its name where no address was given.
    pub fn site_for(&self, headers: &HeaderMap) -> Option<std::borrow::Cow<'_, Site>> {
        use std::borrow::Cow;
        if let Some(site) = &self.site {
            return Some(Cow::Borrowed(site));
        }
        let host = headers.get(header::HOST)?.to_str().ok()?;
        let here = self.public_url.is_empty() && host.split(':').next() == Some("localhost");
        if here { Site::new(&format!("http://{host}")).map(Cow::Owned) } else { None }
    }
}

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

/// The name of an area that the address names.
pub struct AreaName(pub String);

impl FromRequestParts<State> for AreaName {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        part_of_path(parts, state, "area").await.map(Self)
    }
}

/// The hash of a token that the address names.
pub struct TokenHash(pub String);

impl FromRequestParts<State> for TokenHash {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        part_of_path(parts, state, "token").await.map(Self)
    }
}

/// The question to an owner that the address names.
pub struct ForwardPlace {
    /// Identity of the report.
    pub report: String,
    /// Identity of the question.
    pub forward: String,
}

impl FromRequestParts<State> for ForwardPlace {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let report = part_of_path(parts, state, "id").await?;
        Ok(Self { report, forward: part_of_path(parts, state, "forward").await? })
    }
}

/// The document of a request that the address names.
pub struct RecordPlace {
    /// Identity of the request.
    pub request: String,
    /// Identity of the report.
    pub report: String,
}

impl FromRequestParts<State> for RecordPlace {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let request = part_of_path(parts, state, "id").await?;
        Ok(Self { request, report: part_of_path(parts, state, "report").await? })
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

/// The layer and the tile that the address names.
pub struct TilePlace {
    /// The name of the layer.
    pub layer: String,
    numbers: [String; 3],
}

impl TilePlace {
    /// The tile.
    ///
    /// # Errors
    /// A bad parameter `z`, `x` or `y`.
    pub fn tile(&self) -> Result<Tile, Problem> {
        let [z, x, y] = &self.numbers;
        Tile::parse(z, x, y).map_err(|violation| Problem::bad_parameter(vec![violation]))
    }
}

impl FromRequestParts<State> for TilePlace {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let path = Path::<HashMap<String, String>>::from_request_parts(parts, state).await;
        let mut path = path.map_err(|_no_path| Problem::not_found())?;
        let mut part = |name: &str| path.0.remove(name).unwrap_or_default();
        let [z, x, y] = ["z", "x", "y"].map(&mut part);
        let y = y.strip_suffix(".mvt").ok_or_else(Problem::not_found)?.to_owned();
        Ok(Self { layer: part("layer"), numbers: [z, x, y] })
    }
}

/// The position of a photo that the address names.
pub struct PhotoPlace(pub u32);

impl FromRequestParts<State> for PhotoPlace {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let text = part_of_path(parts, state, "position").await?;
        text.parse().map(Self).map_err(|_no_number| Problem::not_found())
    }
}

/// The plan and the file of it that the address names.
pub struct PlanFile {
    /// Identity of the plan.
    pub id: String,
    /// Name of the file.
    pub file: String,
}

impl FromRequestParts<State> for PlanFile {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let id = part_of_path(parts, state, "id").await?;
        Ok(Self { id, file: part_of_path(parts, state, "file").await? })
    }
}

/// The method that the address names.
pub struct MethodName(pub String);

impl FromRequestParts<State> for MethodName {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        part_of_path(parts, state, "method").await.map(Self)
    }
}

/// The run that the address names.
pub struct RunId(pub String);

impl FromRequestParts<State> for RunId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        part_of_path(parts, state, "id").await.map(Self)
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
        let Some(kept) = sessions::kept(session, &state.app).await? else { return Ok(Self(None)) };
        if !matches!(parts.method, Method::GET | Method::HEAD) && !same_origin(&parts.headers) {
            return Err(Problem::new(axum::http::StatusCode::FORBIDDEN, "cross-origin"));
        }
        Ok(Self(sessions::staff(session, &state.app, &kept).await?))
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
