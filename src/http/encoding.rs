//! Which content encoding to answer in.
//!
//! The choice is made once, before anything else: the request goes on with the
//! one encoding that was chosen, so that an `ETag` that names it is true of the
//! bytes that leave.

use axum::{
    extract::Request,
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// The encoding chosen for a request: a token of `Content-Encoding`, or
/// `identity`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding(pub &'static str);

/// In the order of our preference where the client is indifferent.
const OFFERED: [&str; 3] = ["zstd", "br", "gzip"];

/// Chooses the encoding of the answer and leaves it as the request's only one.
pub async fn choose(mut request: Request, next: Next) -> Response {
    let accepted = request
        .headers()
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect::<Vec<_>>()
        .join(",");
    let encoding = best(&accepted);
    request.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static(encoding.0));
    request.extensions_mut().insert(encoding);
    next.run(request).await
}

fn best(accepted: &str) -> Encoding {
    let quality = |token: &str| {
        let named = |wanted: &str| {
            accepted.split(',').find_map(|range| {
                let (name, parameters) = range.split_once(';').unwrap_or((range, ""));
                name.trim().eq_ignore_ascii_case(wanted).then(|| {
                    parameters.trim().strip_prefix("q=").map_or(1.0, |q| q.parse().unwrap_or(0.0))
                })
            })
        };
        named(token).or_else(|| named("*")).unwrap_or(0.0_f32)
    };
    let mut chosen = Encoding("identity");
    let mut highest = 0.0;
    for token in OFFERED {
        if quality(token) > highest {
            highest = quality(token);
            chosen = Encoding(token);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_decides_and_we_break_ties() {
        assert_eq!(best("gzip, deflate, br, zstd").0, "zstd");
        assert_eq!(best("gzip, br").0, "br");
        assert_eq!(best("gzip;q=1.0, br;q=0.5").0, "gzip");
        assert_eq!(best("br;q=0, gzip;q=0").0, "identity");
        assert_eq!(best("").0, "identity");
        assert_eq!(best("*").0, "zstd");
    }
}
