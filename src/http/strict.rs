//! A JSON body read strictly: every fault names its field and its rule.

use super::problem::Problem;
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{StatusCode, header},
};
use fyren_core::domain::Violation;
use serde::de::DeserializeOwned;

/// The decoded body beside its bytes (whose hash tells repeated requests from
/// altered ones).
#[derive(Debug)]
pub struct Strict<T> {
    /// The decoded value.
    pub value: T,
    /// The bytes as they came.
    pub bytes: Bytes,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Strict<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| {
                let kind = value.split(';').next().unwrap_or_default().trim();
                kind.eq_ignore_ascii_case("application/json") || kind.ends_with("+json")
            });
        if !json {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json"));
        }
        let bytes = body(request, state).await?;
        let value = parse(&bytes)?;
        Ok(Self { value, bytes })
    }
}

/// The whole body, within the limit that the router sets.
pub async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Problem::too_large()
        } else {
            Problem::malformed()
        }
    })
}

/// Decodes `bytes`.
///
/// # Errors
/// `malformed` (400) where it is not JSON; `invalid` (422) naming the field
/// where it is JSON of another shape, has unknown, doubled or missing fields or
/// numbers that no computer holds.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut decoder = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut decoder).map_err(|fault| {
        let path = fault.path().to_string();
        explain(bytes, &path, fault.inner())
    })?;
    decoder.end().map_err(|_trailing| Problem::malformed())?;
    Ok(value)
}

fn explain(bytes: &[u8], path: &str, fault: &serde_json::Error) -> Problem {
    let path = if path == "." { "" } else { path };
    let text = fault.to_string();
    if fault.is_data() {
        let quoted = || text.split('`').nth(1).unwrap_or_default();
        let inner = |rule| {
            // The path may or may not end in the key itself.
            let name = quoted();
            let field = match path.rsplit_once('.') {
                Some((_, last)) if last == name => path.to_owned(),
                _ if path == name || path.is_empty() => name.to_owned(),
                _ => format!("{path}.{name}"),
            };
            Problem::invalid(vec![Violation::new(field, rule)])
        };
        return if text.starts_with("unknown field") {
            inner("unknown_field")
        } else if text.starts_with("duplicate field") {
            inner("duplicate_field")
        } else if text.starts_with("missing field") {
            inner("required")
        } else {
            let field = if path.is_empty() { "body" } else { path };
            Problem::invalid(vec![Violation::new(field, "wrong_type")])
        };
    }
    if !path.is_empty() {
        if text.starts_with("number out of range") {
            return Problem::invalid(vec![Violation::new(path, "out_of_range")]);
        }
        if not_a_number(bytes, fault) {
            return Problem::invalid(vec![Violation::new(path, "not_finite")]);
        }
    }
    Problem::malformed()
}

/// Whether the text at the fault is one of the words that JavaScript and
/// Python write for what is no number.
fn not_a_number(bytes: &[u8], fault: &serde_json::Error) -> bool {
    let line = bytes.split(|b| *b == b'\n').nth(fault.line().saturating_sub(1)).unwrap_or_default();
    let from = fault.column().saturating_sub(2);
    let rest = line.get(from..).unwrap_or_default();
    [&b"NaN"[..], b"Infinity"]
        .iter()
        .any(|word| rest.windows(word.len()).take(4).any(|w| w == *word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only decoding is tested")]
        inner: Inner,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only decoding is tested")]
        longitude: f64,
    }

    fn fault(text: &str) -> (u16, Vec<(String, &'static str)>) {
        let problem = parse::<Outer>(text.as_bytes()).unwrap_err();
        let broken = problem.violations.into_iter().map(|v| (v.field, v.rule)).collect();
        (problem.status.as_u16(), broken)
    }

    #[test]
    fn an_unknown_field_is_named_with_its_path() {
        let (status, broken) = fault(r#"{"inner":{"longitude":1,"x":2}}"#);
        assert_eq!((status, &broken[..]), (422, &[("inner.x".to_owned(), "unknown_field")][..]));
        assert_eq!(fault(r#"{"y":1}"#).1, [("y".to_owned(), "unknown_field")]);
    }

    #[test]
    fn a_doubled_and_a_missing_field_are_named() {
        let (status, broken) = fault(r#"{"inner":{"longitude":1,"longitude":2}}"#);
        assert_eq!(
            (status, broken[0].clone()),
            (422, ("inner.longitude".into(), "duplicate_field"))
        );
        assert_eq!(fault("{}").1, [("inner".to_owned(), "required")]);
    }

    #[test]
    fn numbers_that_are_none_name_their_field() {
        assert_eq!(fault(r#"{"inner":{"longitude":NaN}}"#).1[0].1, "not_finite");
        assert_eq!(fault(r#"{"inner":{"longitude":-Infinity}}"#).1[0].1, "not_finite");
        let (status, broken) = fault(r#"{"inner":{"longitude":1e400}}"#);
        assert_eq!((status, broken[0].clone()), (422, ("inner.longitude".into(), "out_of_range")));
        assert_eq!(fault(r#"{"inner":{"longitude":"1"}}"#).1[0].1, "wrong_type");
    }

    #[test]
    fn broken_json_and_trailing_text_are_malformed() {
        for text in ["", "{", r#"{"inner":{"longitude":1}} x"#, r#"{"inner":"\ud800"}"#] {
            assert_eq!(fault(text).0, 400, "{text}");
        }
    }

    #[test]
    fn a_thousand_brackets_are_refused_without_harm() {
        let deep = format!("{{\"inner\":{}", "[".repeat(100_000));
        assert_eq!(fault(&deep).0 / 100, 4);
    }
}
