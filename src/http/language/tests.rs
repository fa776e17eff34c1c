//! Which language is chosen, which is offered, and what each has to say.

use super::*;
use std::collections::BTreeSet;

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
    assert_eq!(Language::of_request(Some("lang=sv-easy"), &both), Language::EasySwedish);
    assert_eq!(Language::of_request(Some("lang=sv-SE"), &both), Language::Swedish);
}

#[test]
fn the_best_weighted_language_that_is_known_is_taken() {
    let wanted = headers(header::ACCEPT_LANGUAGE, "de, sv;q=0.3, en-GB;q=0.8");
    assert_eq!(Language::of_request(None, &wanted), Language::English);
    let unknown = headers(header::ACCEPT_LANGUAGE, "de, en;q=0");
    assert_eq!(Language::of_request(None, &unknown), Language::Swedish);
}

#[test]
fn a_language_that_nobody_has_reviewed_can_neither_be_chosen_nor_served() {
    let hidden: Vec<Language> =
        Language::ALL.iter().copied().filter(|language| !language.is_offered()).collect();
    for language in &hidden {
        let code = language.code();
        assert_eq!(Language::parse(code), None, "{code}");
        assert!(!Language::offered().contains(language), "{code}");
        let cookie = headers(header::COOKIE, &format!("lang={code}"));
        let browser = headers(header::ACCEPT_LANGUAGE, code);
        let asked = [
            Language::of_request(Some(&format!("lang={code}")), &HeaderMap::new()),
            Language::of_request(None, &cookie),
            Language::of_request(None, &browser),
        ];
        assert!(asked.iter().all(|found| *found == Language::Swedish), "{code}: {asked:?}");
    }
    for own in [Language::Swedish, Language::English, Language::EasySwedish] {
        assert!(Language::offered().contains(&own));
    }
}

#[test]
fn a_day_in_the_head_of_its_file_is_what_makes_a_language_reviewed() {
    assert!(read(r#"{"$reviewed":"2026-11-30","a.b":"x"}"#).reviewed.is_some());
    for head in [r#"{"$reviewed":null}"#, r#"{"$reviewed":"soon"}"#, r#"{"$reviewed":""}"#, "{}"] {
        assert!(read(head).reviewed.is_none(), "{head}");
    }
    let read = read(r#"{"$reviewed":null,"$name":"X","a.b":"x"}"#);
    assert_eq!(read.messages.keys().collect::<Vec<_>>(), ["a.b"], "the head is no message");
}

/// Families of messages that only staff and those who look at the
/// demonstration read.
const STAFF: &[&str] = &[
    "account",
    "users",
    "weeks",
    "area",
    "areas",
    "told",
    "dose",
    "heard",
    "staff",
    "moderate",
    "queue",
    "archive",
    "retention",
    "records",
    "imports",
    "veto",
    "release",
    "demo",
    "spot",
    "measures",
    "brush",
    "clock",
    "mask",
    "flag",
    "sign_in",
    "hidden",
    "quarantine",
    "publicity",
    "enter",
    "word",
    "theme",
    "role",
    "shift",
    "plan",
    "thread",
    "mail",
    "visit",
    "control",
    "user",
    "audit",
    "methods",
    "problem",
    "tactic",
    "unanswered",
    "contacts",
    "waits",
    "wish",
];

/// The messages that residents and the public read.
fn public_keys() -> BTreeSet<&'static str> {
    let keys = Language::Swedish.catalogue().messages.keys().map(String::as_str);
    keys.filter(|key| !STAFF.contains(&key.split('.').next().unwrap_or_default())).collect()
}

fn holes(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

#[test]
fn no_catalogue_has_a_key_or_a_hole_that_the_swedish_has_not() {
    let swedish = &Language::Swedish.catalogue().messages;
    assert!(swedish.len() > 800, "{} messages", swedish.len());
    for language in Language::ALL {
        for (key, text) in &language.catalogue().messages {
            let Some(model) = swedish.get(key) else { panic!("{}: {key}", language.code()) };
            assert_eq!(holes(text), holes(model), "{}: {key}", language.code());
        }
    }
}

#[test]
fn a_reviewed_language_says_everything_that_residents_read() {
    for language in Language::ALL.iter().filter(|language| language.catalogue().reviewed.is_some())
    {
        let own = &language.catalogue().messages;
        let missing: Vec<&str> =
            public_keys().into_iter().filter(|key| !own.contains_key(*key)).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", language.code());
    }
}

#[test]
fn every_language_in_waiting_says_when_to_call_112() {
    for language in Language::ALL.iter().filter(|language| language.fallback() != **language) {
        let said = |key: &str| language.catalogue().messages.get(key);
        if *language == Language::EasySwedish {
            continue;
        }
        for key in
            ["emergency.call_112", "emergency.now", "report.stop_title", "report.danger_over"]
        {
            assert!(said(key).is_some(), "{}: {key}", language.code());
        }
        assert!(said("emergency.call_112").is_some_and(|text| text.contains("112")));
    }
}

/// Sentences of a message with their words; what is filled in counts as one word.
fn sentences(text: &str) -> Vec<Vec<&str>> {
    text.split(['.', '?', '!', ':', ';', '–'])
        .map(|sentence| {
            let words = sentence.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '{');
            words.filter(|word| word.chars().any(char::is_alphanumeric)).collect()
        })
        .filter(|words: &Vec<&str>| !words.is_empty())
        .collect()
}

/// Whether a message is easy as it stands: sentences of twelve words at most,
/// and no word of more than fourteen letters.
fn is_easy(text: &str) -> bool {
    sentences(text)
        .iter()
        .all(|words| words.len() <= 12 && words.iter().all(|word| word.chars().count() <= 14))
}

#[test]
fn easy_swedish_says_anew_whatever_is_not_easy_in_swedish() {
    let (swedish, easy) =
        (&Language::Swedish.catalogue().messages, &Language::EasySwedish.catalogue().messages);
    let hard: Vec<String> = public_keys()
        .into_iter()
        // Names of those who gave the map are as long as they are.
        .filter(|key| !key.ends_with(".credits"))
        .filter(|key| !is_easy(easy.get(*key).unwrap_or(&swedish[*key])))
        .map(|key| format!("{key}: {}", easy.get(key).unwrap_or(&swedish[key])))
        .collect();
    assert!(hard.is_empty(), "missing in sv-easy.json or not easy: {hard:#?}");
}
