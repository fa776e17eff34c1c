//! How the pages read: plain Swedish by its LIX, languages to choose from, and
//! pages from right to left.

use super::samples::pages;
use crate::http::language::Language;
use std::collections::BTreeMap;

/// Pages that residents and the public read. Methods are a reference, and the
/// demonstration and signing in are not theirs.
const PUBLIC: [&str; 16] = [
    "report",
    "report-errors",
    "report-stop",
    "report-danger",
    "report-personal",
    "paper",
    "fraud-sheet",
    "receipt",
    "receipt-ask",
    "picture",
    "picture-empty",
    "promises",
    "promises-empty",
    "district",
    "about",
    "problem",
];

/// What a page says: the text of its main part, a full stop behind every block.
fn said(page: &str) -> String {
    let main = page.split("<main").nth(1).and_then(|rest| rest.split("</main>").next());
    let main = main.unwrap_or_else(|| page.split("<body").nth(1).unwrap_or_default());
    let mut text = String::new();
    let mut rest = main;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = tag.split_once('>').unwrap_or((tag, ""));
        let name: String =
            tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        let inline = ["a", "b", "strong", "em", "span", "small", "kbd", "br", "sup", "time"];
        text.push_str(if inline.contains(&name.as_str()) { " " } else { ". " });
        rest = after;
        for hidden in ["script", "style", "svg"] {
            if name == hidden && !tag.starts_with('/') {
                let end = format!("</{hidden}>");
                rest = rest.split_once(&end).map_or("", |(_, after)| after);
            }
        }
    }
    text.push_str(rest);
    text.replace("&amp;", "&").replace("&quot;", "\"").replace("&#x27;", "'")
}

/// LIX (Björnsson 1968): words a sentence, and the share of words of more than
/// six letters in percent. Numbers are no words.
fn lix(text: &str) -> f64 {
    let (mut words, mut long, mut sentences) = (0_u32, 0_u32, 0_u32);
    for sentence in text.split(['.', '!', '?', ':']) {
        let of_it: Vec<usize> = sentence
            .split(|c: char| !c.is_alphabetic() && c != '-')
            .filter(|word| word.chars().any(char::is_alphabetic))
            .map(|word| word.chars().count())
            .collect();
        sentences += u32::from(!of_it.is_empty());
        words += u32::try_from(of_it.len()).unwrap();
        long += u32::try_from(of_it.iter().filter(|letters| **letters > 6).count()).unwrap();
    }
    let words = f64::from(words);
    words / f64::from(sentences) + 100.0 * f64::from(long) / words
}

fn lix_of(language: Language) -> BTreeMap<&'static str, f64> {
    pages(language)
        .into_iter()
        .filter(|(name, _)| PUBLIC.contains(name))
        .map(|(name, page)| (name, lix(&said(&page.unwrap()))))
        .collect()
}

#[test]
fn lix_is_counted_as_its_inventor_counts_it() {
    // Ten words in two sentences, two of them of more than six letters.
    let text = "Lampan vid bryggan lyser inte. Kommunen ska laga den snart.";
    assert!((lix(text) - (5.0 + 20.0)).abs() < 1e-9, "{}", lix(text));
    assert_eq!(said("<main><p>A <b>b</b></p><script>no</script></main>").matches("no").count(), 0);
}

#[test]
fn every_page_that_residents_read_is_plain_swedish() {
    let measured = lix_of(Language::Swedish);
    for (name, lix) in &measured {
        println!("LIX {lix:.1} {name}");
    }
    assert_eq!(measured.len(), PUBLIC.len(), "{measured:?}");
    let hard: Vec<_> = measured.iter().filter(|(_, lix)| **lix > 40.0).collect();
    assert!(hard.is_empty(), "LIX above 40: {hard:?}");
}

#[test]
fn easy_swedish_is_easier_than_swedish_on_the_whole() {
    let (plain, easy) = (lix_of(Language::Swedish), lix_of(Language::EasySwedish));
    let mean = |of: &BTreeMap<&str, f64>| of.values().sum::<f64>() / 16.0;
    println!("LIX {:.1} in Swedish, {:.1} in easy Swedish", mean(&plain), mean(&easy));
    assert!(mean(&easy) + 2.0 < mean(&plain), "{easy:?}");
    let harder: Vec<_> = easy.iter().filter(|(name, lix)| **lix > plain[*name] + 1.0).collect();
    assert!(harder.is_empty(), "{harder:?}");
}

#[test]
fn every_page_offers_each_reviewed_language_and_no_other() {
    for (name, page) in pages(Language::Swedish) {
        let page = page.unwrap();
        if !page.contains("class=\"nav\"") {
            continue;
        }
        for language in Language::ALL.iter().filter(|one| **one != Language::Swedish) {
            let link = format!("?lang={}\"", language.code());
            assert_eq!(page.contains(&link), language.is_offered(), "{name}: {}", language.code());
        }
    }
}

#[test]
fn a_page_in_arabic_goes_from_right_to_left_and_no_other_does() {
    for language in Language::ALL.iter().copied() {
        for (name, page) in pages(language) {
            let right_to_left = page.unwrap().contains("dir=\"rtl\"");
            let named = format!("{name} in {}", language.code());
            assert_eq!(right_to_left, language == Language::Arabic, "{named}");
        }
    }
}

/// Sides of a box that do not turn with the direction of the writing.
const SIDES: [&str; 9] = [
    "margin-left",
    "margin-right",
    "padding-left",
    "padding-right",
    "border-left",
    "border-right",
    "text-align: left",
    "text-align: right",
    "float: left",
];

#[test]
fn the_styles_of_public_pages_know_starts_and_ends_and_no_left_and_right() {
    let styles = [
        ("base", include_str!("../../../web/src/styles/base.css")),
        ("frame", include_str!("../../../web/src/styles/frame.css")),
        ("pages", include_str!("../../../web/src/styles/pages.css")),
        ("parts", include_str!("../../../web/src/styles/parts.css")),
        ("report", include_str!("../../../web/src/styles/report.css")),
    ];
    for (name, style) in styles {
        for line in style.lines() {
            let plain = line.trim();
            let fixed = SIDES.iter().any(|side| plain.starts_with(side))
                || plain.starts_with("left:")
                || plain.starts_with("right:");
            assert!(!fixed, "{name}.css: {plain}");
        }
    }
}
