//! In which form a client wants an answer, and whether it has it already.

use super::{encoding::Encoding, language::Language};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use std::convert::Infallible;

/// What was agreed about the form of an answer.
#[derive(Debug, Clone)]
pub struct Negotiated {
    /// The content encoding.
    pub encoding: &'static str,
    /// The language.
    pub language: Language,
    known: Vec<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Negotiated {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self {
            encoding: parts.extensions.get::<Encoding>().map_or("identity", |chosen| chosen.0),
            language: Language::of_request(parts.uri.query(), &parts.headers),
            known: known(&parts.headers),
        })
    }
}

impl Negotiated {
    /// Whether `If-None-Match` names `tag` (RFC 9110, section 13.1.2).
    pub fn client_has(&self, tag: &str) -> bool {
        self.known.iter().any(|known| known == "*" || known == tag)
    }
}

fn known(headers: &HeaderMap) -> Vec<String> {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/").to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client_has(value: &str, tag: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, value.parse().unwrap());
        let known = known(&headers);
        Negotiated { encoding: "br", language: Language::Swedish, known }.client_has(tag)
    }

    #[test]
    fn one_of_several_tags_is_enough_and_an_other_is_not() {
        assert!(client_has(r#""a", W/"b""#, r#""b""#));
        assert!(client_has("*", r#""b""#));
        assert!(!client_has(r#""a""#, r#""b""#));
    }
}
