//! Personal data in a free text: numbers, addresses, plates, names.

use super::{names, numbers};
use crate::domain::TextFlag;
use regex::{Match, Regex};
use std::{ops::Range, sync::LazyLock};

/// Something in a text that points out a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it seems to be.
    pub kind: TextFlag,
    /// Where it stands, in bytes of the text.
    pub at: Range<usize>,
}

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($text).expect("the patterns are tested"));
    };
}

pattern!(PERSONAL, r"\b((?:19|20)?\d{6})( ?[-+–] ?| )?(\d{4})\b");
pattern!(PHONE, r"(?:\+\d{1,3}|\b00\d{2}|\b0)[ ()/–-]{0,3}(?:\d[ ()/–-]{0,3}){5,11}\b");
pattern!(DATE, r"^\d{1,2}[-/]\d{1,2}[-/](?:19|20)\d{2}$|^0\d(?: [0-3]\d){2,3}$");
pattern!(
    EMAIL,
    r"(?i)[\w.+%-]+ ?(?:@|[\[(] ?(?:at|a) ?[\])]|\bsnabel-?a\b) ?[\w-]+(?:(?: ?\. ?| punkt | dot )[\w-]+)*(?:\.| punkt | dot )[a-z]{2,}|[\w.+%-]+ at [\w-]+ dot [a-z]{2,}"
);
pattern!(PLATE, r"\b[A-HJ-PR-UW-Z]{3}[ -]?\d{2}[0-9A-HJ-NPR-UW-Z]\b");
pattern!(
    SPOKEN_PLATE,
    r"(?i)\b[a-hj-pr-uw-z]{3}\d{2}[0-9a-hj-npr-uw-z]\b|(?:\breg\w*|\bplates?|\bskylt\w*|\bbil(?:en)?|\bcar|\btraktor\w*|\bmoped\w*)\W+(?:(?:nr|no|number|nummer|med|with|plate|är|var|is|was|reg)\W+){0,3}([a-hj-pr-uw-z]{3}[ -]?\d{2}[0-9a-hj-npr-uw-z])\b"
);

/// Words of three letters that stand before numbers and are no plates.
const NO_PLATES: [&str; 5] = ["sms", "tel", "sos", "nov", "rum"];

/// Every piece of personal data that is found, from left to right.
///
/// A personnummer or samordningsnummer must have a day of the calendar, and
/// its check digit unless a hyphen stands where one is written. Names are
/// guessed at by common first names, endings of surnames and the words before
/// them, and are missed or seen in error more often than the others; both are
/// measured on the texts of `tests/data/wording`.
#[must_use]
pub fn personal_data(text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |kind, at: Range<usize>| {
        let taken = |finding: &Finding| finding.at.start < at.end && at.start < finding.at.end;
        if !found.iter().any(taken) {
            found.push(Finding { kind, at });
        }
    };
    EMAIL.find_iter(text).for_each(|seen| add(TextFlag::Email, seen.range()));
    PERSONAL
        .captures_iter(text)
        .filter_map(|parts| personal_number(&parts))
        .for_each(|seen| add(TextFlag::PersonalNumber, seen.range()));
    PHONE.find_iter(text).filter(is_phone).for_each(|seen| add(TextFlag::Phone, seen.range()));
    let plates = PLATE.find_iter(text).chain(spoken_plates(text));
    plates.filter(is_plate).for_each(|seen| add(TextFlag::Plate, seen.range()));
    for at in names::find(text) {
        add(TextFlag::Name, at);
    }
    found.sort_by_key(|finding| finding.at.start);
    found
}

fn personal_number<'t>(parts: &regex::Captures<'t>) -> Option<Match<'t>> {
    let whole = parts.get(0)?;
    let date = parts.get(1)?.as_str();
    let digits = |text: &str| -> Vec<u8> { text.bytes().map(|byte| byte - b'0').collect() };
    let mut ten = digits(&date[date.len() - 6..]);
    ten.extend(digits(parts.get(3)?.as_str()));
    let hyphen = parts.get(2).is_some_and(|sign| sign.as_str() != " ");
    numbers::is_personal(&ten, !hyphen).then_some(whole)
}

fn is_phone(seen: &Match<'_>) -> bool {
    let digits = seen.as_str().bytes().filter(u8::is_ascii_digit).count();
    (8..=14).contains(&digits) && !DATE.is_match(seen.as_str())
}

fn spoken_plates(text: &str) -> impl Iterator<Item = Match<'_>> {
    SPOKEN_PLATE.captures_iter(text).filter_map(|parts| parts.get(1).or_else(|| parts.get(0)))
}

fn is_plate(seen: &Match<'_>) -> bool {
    let letters: String = seen.as_str().chars().take(3).collect();
    !NO_PLATES.contains(&letters.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TextFlag> {
        personal_data(text).into_iter().map(|finding| finding.kind).collect()
    }

    #[test]
    fn a_finding_says_where_it_stands() {
        let text = "Skriv till a@example.se tack";
        let found = personal_data(text);
        assert_eq!(found.len(), 1);
        assert_eq!(&text[found[0].at.clone()], "a@example.se");
    }

    #[test]
    fn numbers_that_everybody_may_know_are_no_personal_data() {
        for text in ["Ring 112", "114 14", "SMS 112", "väg 162", "2026-07-12", "kl 01-03", "1177"]
        {
            assert_eq!(kinds(text), [], "{text}");
        }
    }

    #[test]
    fn one_piece_is_found_once() {
        assert_eq!(kinds("850312-9805"), [TextFlag::PersonalNumber]);
        assert_eq!(kinds("070-174 06 05"), [TextFlag::Phone]);
    }

    #[test]
    fn letters_of_several_bytes_do_no_harm() {
        assert_eq!(kinds("åäö 😀 ÅÄÖ\u{301} é@é"), []);
    }
}
