//! The built site, embedded: scripts, styles, fonts and the map.

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, fmt::Write, sync::LazyLock};

#[derive(RustEmbed)]
#[folder = "web/dist"]
struct Dist;

/// The addresses that a page loads for one entry of the site; empty where the
/// site was not built, and the pages then work without style.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Module scripts.
    pub scripts: Vec<String>,
    /// Style sheets.
    pub styles: Vec<String>,
    /// The font that every page is set in: asked for at once, so that no line
    /// breaks anew when it comes.
    pub fonts: Vec<String>,
}

/// One file of the manifest that the build writes.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Built {
    file: String,
    css: Vec<String>,
    imports: Vec<String>,
}

static MANIFEST: LazyLock<HashMap<String, Built>> = LazyLock::new(|| {
    Dist::get("manifest.json")
        .and_then(|file| serde_json::from_slice(&file.data).ok())
        .unwrap_or_default()
});

/// The font of Swedish and English text; others are fetched when a letter asks.
const FONT: &str = "source-sans-3-latin-wght-normal.woff2";

/// What a page of this entry (`site`, `report`, `staff`, …) loads.
pub fn entry(name: &str) -> Entry {
    let mut entry = Entry::default();
    let mut waiting = vec![format!("src/entry/{name}.ts")];
    let mut seen = Vec::new();
    while let Some(key) = waiting.pop() {
        let Some(built) = MANIFEST.get(&key) else { continue };
        if entry.scripts.is_empty() {
            entry.scripts.push(format!("/assets/{}", built.file));
        }
        entry.styles.extend(built.css.iter().map(|file| format!("/assets/{file}")));
        seen.push(key);
        waiting.extend(built.imports.iter().filter(|import| !seen.contains(import)).cloned());
    }
    if !entry.styles.is_empty() {
        let own = MANIFEST.iter().find(|(source, _)| source.ends_with(FONT));
        entry.fonts.extend(own.map(|(_, built)| format!("/assets/{}", built.file)));
    }
    // What is shared comes first, so that a page's own rules win.
    entry.styles.reverse();
    entry.styles.dedup();
    entry
}

/// `GET /assets/{*path}`. Files whose name carries a hash never change.
pub async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let Some(file) = Dist::get(&path).filter(|_| !path.starts_with('.')) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let etag = etag(&file.metadata.sha256_hash());
    let hashed = path.rsplit_once('.').is_some_and(|(stem, _)| carries_hash(stem));
    let cache = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|seen| seen == etag.as_str());
    let head = [(header::ETAG, etag), (header::CACHE_CONTROL, cache.to_owned())];
    if known {
        return (StatusCode::NOT_MODIFIED, head).into_response();
    }
    let kind = [(header::CONTENT_TYPE, file.metadata.mimetype().to_owned())];
    let mut response = (head, kind, file.data).into_response();
    if path == WIDGET {
        let theirs = [
            ("cross-origin-resource-policy", "cross-origin"),
            ("access-control-allow-origin", "*"),
        ];
        for (name, value) in theirs {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

/// `GET /sw.js`: the service worker, at the root that it works for.
pub async fn worker(headers: HeaderMap) -> Response {
    asset(Path("sw.js".to_owned()), headers).await
}

/// The one file that other sites may load.
const WIDGET: &str = "fyren-report.js";

/// Whether the name ends in `-` and the eight characters of a hash.
fn carries_hash(stem: &str) -> bool {
    stem.len().checked_sub(9).is_some_and(|at| stem.as_bytes()[at] == b'-')
}

fn etag(hash: &[u8; 32]) -> String {
    hash[..16].iter().fold(String::from("\""), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    }) + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_that_was_not_built_is_not_found() {
        for path in ["missing.js", ".gitkeep", "../Cargo.toml"] {
            let response = asset(Path(path.to_owned()), HeaderMap::new()).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn an_unknown_entry_loads_nothing() {
        assert_eq!(entry("no-such-entry"), Entry::default());
    }
}
