//! Which language to answer in, and the message catalogue that Rust and
//! TypeScript share.
//!
//! A language is offered when the head of its file says on which day a person
//! has reviewed it: an unreviewed text on when to call 112 is dangerous.
//! Swedish, English and easy Swedish are the house's own.

use axum::http::{HeaderMap, header};
use jiff::civil::Date;
use std::{collections::HashMap, sync::LazyLock};

/// A language that a catalogue is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Swedish.
    #[default]
    Swedish,
    /// English.
    English,
    /// Swedish in short and plain sentences (lättläst); what it does not say
    /// anew is plain in Swedish already.
    EasySwedish,
    /// German.
    German,
    /// Norwegian.
    Norwegian,
    /// Arabic, from right to left.
    Arabic,
    /// Somali.
    Somali,
    /// Ukrainian.
    Ukrainian,
}

/// A catalogue and what the head of its file says.
struct Catalogue {
    messages: HashMap<String, String>,
    reviewed: Option<Date>,
}

macro_rules! catalogues {
    ($($language:ident = $file:literal),+ $(,)?) => {
        impl Language {
            /// Every language that there is a file for, offered or not.
            pub const ALL: &'static [Self] = &[$(Self::$language),+];

            fn catalogue(self) -> &'static Catalogue {
                match self {
                    $(Self::$language => {
                        static READ: LazyLock<Catalogue> = LazyLock::new(|| {
                            read(include_str!(concat!("../../web/src/i18n/", $file, ".json")))
                        });
                        &READ
                    })+
                }
            }

            /// The code of the language: `sv`, `en`, `sv-easy`, …
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$language => $file),+
                }
            }
        }
    };
}

catalogues! {
    Swedish = "sv",
    English = "en",
    EasySwedish = "sv-easy",
    German = "de",
    Norwegian = "no",
    Arabic = "ar",
    Somali = "so",
    Ukrainian = "uk",
}

fn read(text: &str) -> Catalogue {
    // A catalogue that cannot be read shows keys; the tests refuse it.
    let mut messages: HashMap<String, Option<String>> =
        serde_json::from_str(text).unwrap_or_default();
    let reviewed = messages.remove("$reviewed").flatten().and_then(|day| day.parse().ok());
    let said = messages.into_iter().filter_map(|(key, text)| Some((key, text?)));
    Catalogue { messages: said.filter(|(key, _)| !key.starts_with('$')).collect(), reviewed }
}

static OFFERED: LazyLock<Vec<Language>> = LazyLock::new(|| {
    Language::ALL.iter().copied().filter(|language| language.is_offered()).collect()
});

impl Language {
    /// The languages that a reader may choose.
    pub fn offered() -> &'static [Self] {
        &OFFERED
    }

    /// Whether a reader may choose it.
    pub fn is_offered(self) -> bool {
        let own = matches!(self, Self::Swedish | Self::English | Self::EasySwedish);
        own || self.catalogue().reviewed.is_some()
    }

    /// The language as the web knows it: of easy Swedish, Swedish.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::EasySwedish => "sv",
            other => other.code(),
        }
    }

    /// Whether it is written from right to left.
    pub const fn is_right_to_left(self) -> bool {
        matches!(self, Self::Arabic)
    }

    /// What the language calls itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Swedish => "Svenska",
            Self::English => "English",
            Self::EasySwedish => "Lättläst",
            Self::German => "Deutsch",
            Self::Norwegian => "Norsk",
            Self::Arabic => "العربية",
            Self::Somali => "Soomaali",
            Self::Ukrainian => "Українська",
        }
    }

    /// The language whose message stands where this one has none.
    #[must_use]
    pub const fn fallback(self) -> Self {
        match self {
            Self::Swedish | Self::EasySwedish | Self::Norwegian => Self::Swedish,
            _ => Self::English,
        }
    }

    /// The offered language of a code such as `sv`, `sv-easy` or `en-GB`.
    pub fn parse(code: &str) -> Option<Self> {
        let code = code.to_ascii_lowercase();
        let whole = Self::offered().iter().find(|language| language.code() == code);
        let start = match code.get(..2)? {
            "nb" | "nn" => "no",
            start => start,
        };
        whole.or_else(|| Self::offered().iter().find(|language| language.code() == start)).copied()
    }

    /// The language of a request: the query's `lang`, else the cookie `lang`,
    /// else the first of `Accept-Language` that is offered, else Swedish.
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
        let own = self.catalogue().messages.get(key);
        own.or_else(|| self.fallback().catalogue().messages.get(key)).map(String::as_str)
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
mod tests;
