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
    /// Code of the language to switch to.
    pub other_language: &'static str,
    /// Address that switches.
    pub other_language_url: String,
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
        let other = match language {
            Language::Swedish => Language::English,
            Language::English => Language::Swedish,
        };
        Self {
            title: words::t(language, title, &[]),
            section,
            municipality: municipality.map(Name::from),
            synthetic: municipality.is_some_and(|m| m.synthetic),
            other_language: other.code(),
            other_language_url: format!("{path}?lang={}", other.code()),
        }
    }
}
