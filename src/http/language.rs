//! Which language to answer in, and the message catalogue that Rust and
//! TypeScript share.

use axum::http::{HeaderMap, header};
use std::{collections::HashMap, sync::LazyLock};

/// A language that the catalogue is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Swedish.
    #[default]
    Swedish,
    /// English.
    English,
}

type Catalogue = HashMap<String, String>;

static SWEDISH: LazyLock<Catalogue> =
    LazyLock::new(|| read(include_str!("../../web/src/i18n/sv.json")));
static ENGLISH: LazyLock<Catalogue> =
    LazyLock::new(|| read(include_str!("../../web/src/i18n/en.json")));

fn read(text: &str) -> Catalogue {
    // A catalogue that cannot be read shows keys; the tests refuse it.
    serde_json::from_str(text).unwrap_or_default()
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::Swedish, Self::English];

    /// The code of the language: `sv`, `en`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Swedish => "sv",
            Self::English => "en",
        }
    }

    /// The language of a code such as `sv` or `en-GB`.
    pub fn parse(code: &str) -> Option<Self> {
        match code.get(..2)?.to_ascii_lowercase().as_str() {
            "sv" => Some(Self::Swedish),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The language of a request: the query's `lang`, else the cookie `lang`,
    /// else the first of `Accept-Language` that the catalogue holds, else Swedish.
    pub fn of_request(query: Option<&str>, headers: &HeaderMap) -> Self {
        let asked = query
            .and_then(|q| q.split('&').find_map(|pair| pair.strip_prefix("lang=")))
            .or_else(|| cookie(headers, "lang"))
            .and_then(Self::parse);
        asked.or_else(|| accepted(headers)).unwrap_or_default()
    }

    /// The message of `key`, or the key where there is none.
    pub fn text(self, key: &str) -> String {
        self.message(key).unwrap_or(key).to_owned()
    }

    /// The message of `key`, or that of `other` where there is none.
    pub fn text_or(self, key: &str, other: &str) -> String {
        self.message(key).map_or_else(|| self.text(other), str::to_owned)
    }

    fn message(self, key: &str) -> Option<&'static str> {
        let catalogue: &'static Catalogue = match self {
            Self::Swedish => &SWEDISH,
            Self::English => &ENGLISH,
        };
        catalogue.get(key).map(String::as_str)
    }
}

/// The value of a cookie of the request.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

fn accepted(headers: &HeaderMap) -> Option<Language> {
    let wanted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut ranges: Vec<(f32, &str)> = wanted
        .split(',')
        .map(|range| match range.split_once(";q=") {
            Some((code, q)) => (q.trim().parse().unwrap_or(0.0), code.trim()),
            None => (1.0, range.trim()),
        })
        .filter(|(q, _)| *q > 0.0)
        .collect();
    ranges.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranges.into_iter().find_map(|(_, code)| Language::parse(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn the_query_beats_the_cookie_and_the_cookie_beats_the_browser() {
        let mut both = headers(header::ACCEPT_LANGUAGE, "en");
        assert_eq!(Language::of_request(None, &both), Language::English);
        both.insert(header::COOKIE, "a=b; lang=sv".parse().unwrap());
        assert_eq!(Language::of_request(None, &both), Language::Swedish);
        assert_eq!(Language::of_request(Some("x=1&lang=en"), &both), Language::English);
    }

    #[test]
    fn the_best_weighted_language_that_is_known_is_taken() {
        let wanted = headers(header::ACCEPT_LANGUAGE, "de, sv;q=0.3, en-GB;q=0.8");
        assert_eq!(Language::of_request(None, &wanted), Language::English);
        let unknown = headers(header::ACCEPT_LANGUAGE, "de, en;q=0");
        assert_eq!(Language::of_request(None, &unknown), Language::Swedish);
    }
}
