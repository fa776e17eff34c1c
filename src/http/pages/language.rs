//! The reader's language: asked for in the address, then remembered.

use crate::http::language::Language;
use axum::{
    extract::{FromRequestParts, Request},
    http::{HeaderValue, header, request::Parts},
    middleware::Next,
    response::Response,
};

/// The language to answer in.
pub struct Reader(pub Language);

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(Language::of_request(parts.uri.query(), &parts.headers)))
    }
}

/// Keeps a language that the address asks for in a cookie of its own. It says
/// nothing about the reader but the language that they chose.
pub async fn remember(request: Request, next: Next) -> Response {
    let asked = request
        .uri()
        .query()
        .and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("lang=")))
        .and_then(Language::parse);
    let mut response = next.run(request).await;
    if let Some(language) = asked {
        let cookie = format!("lang={}; Path=/; Max-Age=31536000; SameSite=Lax", language.code());
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}
