//! A server in process, and the requests that tests make of it.

use axum::{
    Router,
    body::Body,
    http::{Method, Request, Response, StatusCode, header},
};
use fyren::{
    app::{App, DemoLogin, NewMunicipality, Parts},
    clock::Fixed,
    config::ServeArgs,
    http::Options,
    identity::open_secrets,
};
use fyren_core::domain::{MunicipalityCode, Role};
use serde_json::Value;
use std::sync::Arc;
use tower::ServiceExt;

/// The moment at which every test begins: a Sunday noon in November.
pub const NOW: &str = "2026-11-22T12:00:00Z";

/// A server with Sotenäs and one log-in a role.
pub struct Server {
    pub app: Arc<App>,
    pub clock: Arc<Fixed>,
    router: Router,
    logins: Vec<DemoLogin>,
    _stop: tokio::sync::watch::Sender<bool>,
    _folder: tempfile::TempDir,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The rules that a problem names, as `field: rule`.
    pub fn violations(&self) -> Vec<String> {
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        let broken = problem["violations"].as_array().cloned().unwrap_or_default();
        broken
            .iter()
            .map(|v| format!("{}: {}", v["field"].as_str().unwrap(), v["rule"].as_str().unwrap()))
            .collect()
    }
}

impl Server {
    pub async fn start() -> Self {
        Self::with_args(&["--rate-limit", "off"]).await
    }

    /// A server whose process serves `context` alone.
    pub async fn of_context(context: fyren_core::domain::Context) -> Self {
        Self::with(&["--rate-limit", "off"], Some(context)).await
    }

    pub async fn with_args(args: &[&str]) -> Self {
        Self::with(args, None).await
    }

    async fn with(args: &[&str], only: Option<fyren_core::domain::Context>) -> Self {
        let (mut app, clock, folder) = Self::open(NOW).await;
        if let Some(context) = only {
            app.serve_only(context);
        }
        let code = MunicipalityCode::parse("1427").unwrap();
        let new =
            NewMunicipality { code: code.clone(), name: None, boundary: None, time_zone: None };
        app.add_municipality("test", new).await.unwrap();
        app.open_to_demo(&code).await.unwrap();
        Self::serve(args, app, clock, folder).await
    }

    /// The demonstration as it is filled at `now`.
    pub async fn of_demonstration(now: &str) -> Self {
        let (app, clock, folder) = Self::open(now).await;
        app.prepare_demo(300).await.unwrap();
        Self::serve(&["--rate-limit", "off"], app, clock, folder).await
    }

    async fn open(now: &str) -> (App, Arc<Fixed>, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| format!("sqlite://{}", folder.path().join(name).display());
        let clock = Arc::new(Fixed::at(now.parse().unwrap()));
        let dice = Arc::clone(&clock);
        let secrets = open_secrets(&folder.path().join("test.secrets"), 2026, &|bytes| {
            fyren::clock::Random::fill(dice.as_ref(), bytes);
        });
        let parts = Parts {
            database: file("test.db"),
            police_database: file("test-police.db"),
            clock: Arc::clone(&clock) as Arc<dyn fyren::clock::Clock>,
            random: Arc::clone(&clock) as Arc<dyn fyren::clock::Random>,
            secrets: secrets.unwrap(),
        };
        (App::open(parts).await.unwrap(), clock, folder)
    }

    async fn serve(args: &[&str], app: App, clock: Arc<Fixed>, folder: tempfile::TempDir) -> Self {
        #[derive(clap::Parser)]
        struct Line {
            #[command(flatten)]
            serve: ServeArgs,
        }
        let line = <Line as clap::Parser>::parse_from(std::iter::once(&"test").chain(args));
        let app = Arc::new(app);
        let logins = app.demo_logins().await.unwrap();
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let options = Options::new(line.serve, false).unwrap();
        let router = fyren::http::build(Arc::clone(&app), &options, stopped);
        Self { app, clock, router, logins, _stop: stop, _folder: folder }
    }

    pub fn token(&self, role: Role) -> &str {
        &self.logins.iter().find(|login| login.role == role).unwrap().token
    }

    pub fn login(&self, role: Role) -> &DemoLogin {
        self.logins.iter().find(|login| login.role == role).unwrap()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response: Response<Body> = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// The status of an answer that is not read to its end.
    pub async fn status(&self, request: Request<Body>) -> StatusCode {
        self.router.clone().oneshot(request).await.unwrap().status()
    }

    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(request(Method::GET, path, headers, Body::empty())).await
    }

    pub async fn get_as(&self, role: Role, path: &str) -> Answer {
        let bearer = format!("Bearer {}", self.token(role));
        self.get(path, &[("authorization", &bearer)]).await
    }

    pub async fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.send(request(Method::POST, path, &all, Body::from(body.to_owned()))).await
    }

    pub async fn send_as(&self, role: Role, method: Method, path: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.token(role));
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        self.send(request(method, path, &headers, Body::from(body.to_string()))).await
    }

    pub async fn post_as(&self, role: Role, path: &str, key: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.token(role));
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", key)];
        self.post(path, &headers, &body.to_string()).await
    }
}

pub fn request(method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "test");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body).unwrap()
}
