//! What every answer gets on its way out: problem documents, security headers.

use super::{
    language::Language,
    problem::{self, Problem},
};
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};

/// Writes the problem of a failed request, whoever refused it: a use case, an
/// extractor, the router or a layer below.
pub async fn problems(request: Request, next: Next) -> Response {
    let language = Language::of_request(request.uri().query(), request.headers());
    let path = request.uri().path().to_owned();
    let wants_page = !machine(&path) && accepts_html(request.headers());
    let response = next.run(request).await;
    let Some(problem) = problem_of(&response) else { return response };
    if wants_page {
        return super::pages::problem_page(&problem, language, &path);
    }
    problem::write(&problem, language, &path)
}

fn machine(path: &str) -> bool {
    ["/api/", "/tiles/", "/ogc/", "/wfs", "/open311/", "/assets/", "/healthz", "/readyz"]
        .iter()
        .any(|root| path.starts_with(root))
}

fn accepts_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("text/html"))
}

/// The problem that a response carries, or that its bare status says.
fn problem_of(response: &Response) -> Option<Problem> {
    if let Some(problem) = response.extensions().get::<Problem>() {
        return Some(problem.clone());
    }
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return None;
    }
    let written = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        kind == "application/problem+json" || kind.as_bytes().starts_with(b"text/html")
    });
    if written {
        return None;
    }
    let kind = match status {
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::METHOD_NOT_ALLOWED => "method-not-allowed",
        StatusCode::PAYLOAD_TOO_LARGE => "too-large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "not-json",
        StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE => "unavailable",
        StatusCode::TOO_MANY_REQUESTS => "too-many",
        _ if status.is_server_error() => "internal",
        _ => "malformed",
    };
    let mut problem = Problem::new(status, kind);
    problem.allow = response.headers().get(header::ALLOW).cloned();
    problem.retry_after = (kind == "unavailable").then_some(2);
    Some(problem)
}

const HEADERS: [(HeaderName, &str); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "geolocation=(self), camera=(), microphone=()"),
    (header::VARY, "Accept-Language, Cookie"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; img-src 'self' data: blob:; worker-src 'self'; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
    ),
];

/// Adds the security headers that a handler has not set itself.
pub async fn security(request: Request, next: Next) -> Response {
    let machine = machine(request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        // The languages of machine-readable answers are told by their handlers.
        let theirs = machine && name == header::VARY;
        if !(theirs || headers.contains_key(&name)) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}
