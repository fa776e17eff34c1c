//! The only failure that leaves the house: `application/problem+json` (RFC 9457).

use super::language::Language;
use crate::app;
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use fyren_core::domain::Violation;
use serde::Serialize;

/// A failure on the wire. Built from an [`app::Error`], or from a rejection
/// before a use case was reached; made into a response at the last step, when
/// language and address are known.
#[derive(Debug, Clone)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Last part of the documented `type`, stable.
    pub kind: &'static str,
    /// Broken rules, for forms.
    pub violations: Vec<Violation>,
    /// Seconds to wait, for 429 and 503.
    pub retry_after: Option<u64>,
    /// Methods that are allowed, for 405.
    pub allow: Option<HeaderValue>,
    /// Events that were asked for, and the most that the method takes.
    pub too_much: Option<Box<(usize, usize)>>,
    /// The nearest patrol plan, where none meets every floor.
    pub nearest: Option<Box<serde_json::Value>>,
}

impl Problem {
    /// A problem of this status and kind, with nothing more to say.
    pub const fn new(status: StatusCode, kind: &'static str) -> Self {
        Self {
            status,
            kind,
            violations: Vec::new(),
            retry_after: None,
            allow: None,
            too_much: None,
            nearest: None,
        }
    }

    /// Nothing is at this address.
    pub const fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found")
    }

    /// The body is not well-formed.
    pub const fn malformed() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed")
    }

    /// The body is larger than allowed.
    pub const fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large")
    }

    /// The body breaks rules (422).
    pub const fn invalid(violations: Vec<Violation>) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            kind: "invalid",
            violations,
            retry_after: None,
            allow: None,
            too_much: None,
            nearest: None,
        }
    }

    /// A parameter of the query breaks a rule (400).
    pub const fn bad_parameter(violations: Vec<Violation>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            kind: "bad-parameter",
            violations,
            retry_after: None,
            allow: None,
            too_much: None,
            nearest: None,
        }
    }

    /// The document for `instance` in `language`.
    pub fn document(&self, language: Language, instance: &str) -> Document {
        Document {
            kind: format!("/problems/{}", self.kind),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            detail: language.text_or(&format!("problem.{}", self.kind), "problem.conflict"),
            instance: instance.to_owned(),
            violations: self
                .violations
                .iter()
                .map(|v| Broken {
                    field: v.field.clone(),
                    rule: v.rule.to_owned(),
                    message: language.text_or(&format!("violation.{}", v.rule), "violation.other"),
                })
                .collect(),
            found: self.too_much.as_ref().map(|much| much.0),
            limit: self.too_much.as_ref().map(|much| much.1),
            alternative: self.too_much.as_ref().map(|much| format!("sample={}", much.1)),
            nearest: self.nearest.as_deref().cloned(),
        }
    }
}

/// A problem as it is written.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct Document {
    /// Stable address of the kind of problem, relative to the server.
    #[serde(rename = "type")]
    kind: String,
    /// The status in words.
    title: String,
    /// The status.
    status: u16,
    /// What happened and what to do, in the reader's language.
    detail: String,
    /// The path that was asked for.
    instance: String,
    /// Broken rules.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    violations: Vec<Broken>,
    /// For `too-much`: events that were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<usize>,
    /// For `too-much`: the most events that the method takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<usize>,
    /// For `too-much`: the parameter that asks for a sample of so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    alternative: Option<String>,
    /// For `infeasible`: the nearest patrol plan that was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    nearest: Option<serde_json::Value>,
}

/// One broken rule as it is written.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Violation)]
pub struct Broken {
    /// The field, such as `place.longitude`.
    field: String,
    /// The rule by its code.
    rule: String,
    /// The rule in the reader's language.
    message: String,
}

impl From<app::Error> for Problem {
    fn from(error: app::Error) -> Self {
        use app::Error as E;
        match error {
            E::Invalid(violations) => Self::invalid(violations),
            E::BadParameter(violations) => Self::bad_parameter(violations),
            E::Unauthenticated => Self::new(StatusCode::UNAUTHORIZED, "unauthenticated"),
            E::CodeNeeded => Self::new(StatusCode::UNAUTHORIZED, "code-needed"),
            E::SecondFactorNeeded => Self::new(StatusCode::FORBIDDEN, "second-factor-needed"),
            E::SignInAgain => Self::new(StatusCode::FORBIDDEN, "sign-in-again"),
            E::Forbidden => Self::new(StatusCode::FORBIDDEN, "forbidden"),
            E::NotFound => Self::not_found(),
            E::Conflict(kind) => Self::new(StatusCode::CONFLICT, kind),
            E::TooMany { retry_after } => Self {
                retry_after: Some(retry_after),
                ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many")
            },
            E::Unavailable { retry_after } => Self {
                retry_after: Some(retry_after),
                ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable")
            },
            E::TooMuch { found, limit } => Self {
                too_much: Some(Box::new((found, limit))),
                ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "too-much")
            },
            E::Infeasible(plan) => super::api::plan_tour::infeasible(&plan),
            E::Bug(reason) => {
                tracing::error!(reason, "internal fault");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
            }
        }
    }
}

impl From<Violation> for Problem {
    fn from(violation: Violation) -> Self {
        Self::invalid(vec![violation])
    }
}

impl IntoResponse for Problem {
    /// An empty response that carries the problem as an extension: `finish`
    /// writes the document once it knows language and address.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes `problem` as the response to a request for `instance`.
pub fn write(problem: &Problem, language: Language, instance: &str) -> Response {
    let body = Json(problem.document(language, instance));
    let mut response = (problem.status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = problem.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(allow) = &problem.allow {
        headers.insert(header::ALLOW, allow.clone());
    }
    if problem.status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}
