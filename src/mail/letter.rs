//! How a letter is written: from the one catalogue, as plain text and as the least HTML.

use fyren_core::domain::{Letter, LetterKind};
use std::{collections::HashMap, sync::LazyLock};

type Catalogue = HashMap<String, String>;

static SWEDISH: LazyLock<Catalogue> =
    LazyLock::new(|| read(include_str!("../../web/src/i18n/sv.json")));
static ENGLISH: LazyLock<Catalogue> =
    LazyLock::new(|| read(include_str!("../../web/src/i18n/en.json")));

fn read(text: &str) -> Catalogue {
    // A catalogue that cannot be read shows keys; a test of it fails.
    serde_json::from_str(text).unwrap_or_default()
}

/// Where the links of a letter lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// What the letter asks to open.
    pub open: String,
    /// Where letters are stopped; none for an office, whose operator decides.
    pub stop: Option<String>,
}

/// A letter that can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// Where letters are stopped.
    pub stop: Option<String>,
    /// A PDF that goes with it, by the name of its file.
    pub attachment: Option<(String, Vec<u8>)>,
}

/// Writes a letter of the municipality called `place`.
pub fn write(letter: &Letter, place: &str, links: &Links) -> Written {
    let details = letter.details.lines().filter_map(|line| line.split_once('='));
    let values: Vec<(&str, &str)> = details.chain([("place", place)]).collect();
    let say = |key: &str| said(&letter.language, key, &values);
    let kind = letter.kind;
    let mut parts = vec![say(&format!("mail.{kind}_text"))];
    let button = say(&format!("mail.{kind}_open"));
    if matches!(kind, LetterKind::Answered | LetterKind::Asked) {
        parts.push(say("mail.with_code"));
    }
    let sender = say("mail.sender");
    let stop = links.stop.as_ref().filter(|_| kind != LetterKind::Confirm);
    let ending = stop.map(|address| (say("mail.stop"), address));
    let subject = say(&format!("mail.{kind}_subject"));
    let stopping = ending.as_ref().map(|(words, address)| format!("{words}: {address}\n"));
    let body = parts.join("\n\n");
    let text = format!(
        "{body}\n\n{button}:\n{}\n\n-- \n{sender}\n{}",
        links.open,
        stopping.unwrap_or_default()
    );
    let paragraphs = parts.iter().map(|part| escaped(part)).collect::<Vec<_>>().join("</p><p>");
    let foot = ending.as_ref().map_or_else(String::new, |(words, address)| {
        format!(" <a href=\"{}\">{}</a>", escaped(address), escaped(words))
    });
    let html = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head>\
         <body><p>{paragraphs}</p><p><a href=\"{}\">{}</a></p><hr><p><small>{}{foot}</small></p></body></html>",
        letter.language,
        escaped(&subject),
        escaped(&links.open),
        escaped(&button),
        escaped(&sender),
    );
    Written { subject, text, html, stop: links.stop.clone(), attachment: None }
}

/// What the file of a route sheet is called.
pub fn sheet_name(language: &str) -> String {
    said(language, "mail.sheet_file", &[])
}

fn said(language: &str, key: &str, values: &[(&str, &str)]) -> String {
    let catalogue = if language == "en" { &ENGLISH } else { &SWEDISH };
    let text = catalogue.get(key).map_or(key, String::as_str).to_owned();
    values.iter().fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use fyren_core::domain::MunicipalityCode;

    fn letter(kind: LetterKind, language: &str) -> Letter {
        Letter {
            id: "l".to_owned(),
            municipality: MunicipalityCode::parse("1427").unwrap(),
            address: "a@example.org".to_owned(),
            nonce: None,
            kind,
            language: language.to_owned(),
            details: "n=3\noverdue=2\ndays=7\nlist=Lampor, 2026-11-01".to_owned(),
            queued_hour: jiff::Timestamp::UNIX_EPOCH,
            attempts: 0,
        }
    }

    #[test]
    fn every_letter_is_written_in_both_languages_without_a_hole() {
        let links = Links {
            open: "https://a.se/1427/receipt".to_owned(),
            stop: Some("https://a.se/1427/mail/t".to_owned()),
        };
        for kind in LetterKind::ALL {
            for language in ["sv", "en"] {
                let written = write(&letter(*kind, language), "Sot & <näs>", &links);
                let all = format!("{} {} {}", written.subject, written.text, written.html);
                assert!(!all.contains("mail.") && !all.contains('{'), "{kind} {language}: {all}");
                assert!(written.text.contains(&links.open) && written.html.contains(&links.open));
                assert!(!written.html.contains("<näs>"), "what is filled in is escaped");
                assert!(!all.contains("a@example.org"), "an address is no text");
                let confirms = *kind == LetterKind::Confirm;
                assert_eq!(written.text.contains("/mail/t\n"), !confirms, "{kind}");
            }
        }
    }
}
