//! `/{code}/methods`: each method in everyday words. The English words are
//! those of `docs/methods.md`; a test holds the two together.

use super::{Templates, frame::Frame};
use crate::http::language::Language;
use fyren_core::domain::Municipality;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// A text in both languages.
#[derive(Deserialize)]
struct Both {
    sv: String,
    en: String,
}

/// What is said of a method.
#[derive(Deserialize)]
struct Words {
    id: String,
    name: Both,
    says: Both,
    needs: Both,
    cannot: Both,
    weak: Both,
}

static WORDS: LazyLock<Vec<Words>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../web/pages/methods.json")).unwrap_or_default()
});

#[derive(Serialize)]
struct Page {
    frame: Frame,
    methods: Vec<Method>,
}

#[derive(Serialize)]
struct Method {
    id: &'static str,
    name: &'static str,
    says: &'static str,
    needs: &'static str,
    cannot: &'static str,
    weak: &'static str,
}

impl Both {
    fn of(&self, language: Language) -> &str {
        match language.fallback() {
            Language::Swedish => &self.sv,
            _ => &self.en,
        }
    }
}

/// The page.
///
/// # Errors
/// A fault of the template.
pub fn page(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
) -> Result<String, minijinja::Error> {
    let path = format!("/{}/methods", municipality.code.as_str());
    let method = |words: &'static Words| Method {
        id: &words.id,
        name: words.name.of(language),
        says: words.says.of(language),
        needs: words.needs.of(language),
        cannot: words.cannot.of(language),
        weak: words.weak.of(language),
    };
    let page = Page {
        frame: Frame::new(language, Some(municipality), "", "methods.title", &path),
        methods: WORDS.iter().map(method).collect(),
    };
    templates.render(language, "methods.html", "site", &page)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARD: &str = include_str!("../../../docs/methods.md");

    #[test]
    fn the_page_and_the_method_card_say_the_same() {
        assert!(WORDS.len() >= 15, "the words can be read");
        for words in WORDS.iter() {
            for (what, text) in [
                ("In everyday words", &words.says),
                ("It needs", &words.needs),
                ("It can not say", &words.cannot),
                ("Its weakness", &words.weak),
            ] {
                let line = format!("- *{what}:* {}\n", text.en);
                assert!(CARD.contains(&line), "docs/methods.md lacks, of {}: {line}", words.id);
            }
        }
    }

    #[test]
    fn the_swedish_words_are_easy_to_read() {
        for words in WORDS.iter() {
            let text = [&words.says, &words.needs, &words.cannot, &words.weak].map(|t| &*t.sv);
            let (text, marks) = (text.join(" "), ['.', '?', '!']);
            let all: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
            let all: Vec<&str> = all.into_iter().filter(|word| !word.is_empty()).collect();
            let long = all.iter().filter(|word| word.chars().count() > 6).count();
            let sentences = text.matches(marks).count();
            let lix = all.len() / sentences + 100 * long / all.len();
            assert!(lix <= 40, "{} has LIX {lix}", words.id);
        }
    }
}
