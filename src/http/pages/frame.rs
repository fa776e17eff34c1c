//! What every page shows around its own: title, municipality, language.

use super::words;
use crate::http::language::Language;
use fyren_core::domain::Municipality;
use serde::Serialize;

/// A municipality as the frame names it.
#[derive(Debug, Clone, Serialize)]
#[expect(clippy::struct_field_names, reason = "the words of the contract")]
pub struct Name {
    /// Code in addresses.
    pub code: String,
    /// Short name.
    pub name: String,
    /// Full name.
    pub full_name: String,
}

impl From<&Municipality> for Name {
    fn from(municipality: &Municipality) -> Self {
        Self {
            code: municipality.code.as_str().to_owned(),
            name: municipality.name.clone(),
            full_name: municipality.full_name.clone(),
        }
    }
}

/// A language that the reader may switch to.
#[derive(Debug, Clone, Serialize)]
pub struct OtherLanguage {
    /// As the web knows it.
    pub tag: &'static str,
    /// What it calls itself.
    pub name: &'static str,
    /// Address that switches.
    pub url: String,
}

/// The frame of one page.
#[derive(Debug, Clone, Serialize)]
pub struct Frame {
    /// Title of the page.
    pub title: String,
    /// Which entry of the main menu this is: `report`, `picture`, `promises` or none.
    pub section: &'static str,
    /// The municipality that the page is about.
    pub municipality: Option<Name>,
    /// Whether the page shows synthetic data and has to say so.
    pub synthetic: bool,
    /// Whether the page stands in a frame of an other site, without head and foot.
    pub embedded: bool,
    /// The languages to switch to.
    pub other_languages: Vec<OtherLanguage>,
}

impl Frame {
    /// The frame of a page of `municipality` whose address is `path`.
    pub fn new(
        language: Language,
        municipality: Option<&Municipality>,
        section: &'static str,
        title: &str,
        path: &str,
    ) -> Self {
        let others = Language::offered().iter().filter(|other| **other != language);
        let other = |other: &Language| OtherLanguage {
            tag: other.tag(),
            name: other.name(),
            url: format!("{path}?lang={}", other.code()),
        };
        Self {
            title: words::t(language, title, &[]),
            section,
            municipality: municipality.map(Name::from),
            synthetic: municipality.is_some_and(|m| m.synthetic),
            embedded: false,
            other_languages: others.map(other).collect(),
        }
    }
}
