//! Names of persons, guessed at.

use regex::{Captures, Regex};
use std::{collections::HashSet, ops::Range, sync::LazyLock};

/// Common first names and surnames of people in Sweden, one a line.
static KNOWN: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("names.txt").lines().filter(|l| !l.starts_with('#')).collect());

/// A word that begins with a capital, and one more behind it.
static CAPITAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(\p{Lu}\p{Ll}+)(?:'s|s)?(?:[ -](\p{Lu}\p{Ll}+))?\b").expect("is tested")
});
/// Words after which a capital is a name.
static TOLD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:\b(?:heter|hette|hette nog|kallas|kallad|vid namn|named|called|name is|herr|fru|Herr|Fru|Mr|Mrs|Ms|familjen|Familjen|mvh|Mvh)\.?) (\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)?)",
    )
    .expect("is tested")
});
/// Words that often stand before a name at the beginning of a sentence, and are none themselves.
const BEFORE: [&str; 61] = [
    "All", "And", "Ask", "At", "Att", "Av", "Bara", "Both", "But", "Både", "By", "Call", "Contact",
    "Där", "Då", "En", "Enligt", "For", "From", "Fråga", "Från", "För", "Grannen", "Har", "Hej",
    "Hos", "Här", "Hälsa", "Idag", "If", "Igår", "In", "Is", "Jag", "Kontakta", "Med", "Men",
    "Mejla", "Min", "Nu", "När", "Och", "Om", "On", "Our", "Prata", "Ring", "Sedan", "Som", "Såg",
    "Tacka", "Tala", "Tell", "The", "Till", "Vid", "When", "With", "Även", "Är", "Åt",
];
/// Endings of surnames that no place in the register has.
const ENDINGS: [&str; 12] = [
    "sson", "ssons", "qvist", "kvist", "gren", "lund", "ström", "blad", "stedt", "vall", "mark",
    "ovic",
];

/// Where what look like names stand.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let told = TOLD.captures_iter(text).filter_map(|parts| parts.get(1)).map(|seen| seen.range());
    let known = capitals(text).filter_map(|parts| {
        let whole = parts.get(0)?;
        let (first, second) = (parts.get(1)?.as_str(), parts.get(2).map(|word| word.as_str()));
        let named =
            is_known(first) || second.is_some_and(|word| is_known(word) || is_surname(word));
        (named || first.ends_with("sson")).then(|| whole.range())
    });
    told.chain(known).collect()
}

/// Words with a capital, two at a time; one that only leads to a name is passed over.
fn capitals(text: &str) -> impl Iterator<Item = Captures<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let parts = CAPITAL.captures_at(text, from)?;
            let first = parts.get(1)?;
            // "Ask" is a first name, too: before a surname it stays.
            let leads = BEFORE.contains(&first.as_str())
                && parts.get(2).is_some_and(|second| !is_surname(second.as_str()));
            from = if leads { first.end() } else { parts.get(0)?.end() };
            if !leads {
                return Some(parts);
            }
        }
    })
}

fn is_known(word: &str) -> bool {
    KNOWN.contains(word) || word.strip_suffix('s').is_some_and(|stem| KNOWN.contains(stem))
}

fn is_surname(word: &str) -> bool {
    ENDINGS.iter().any(|ending| word.ends_with(ending) && word.len() > ending.len() + 1)
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn a_common_name_a_surname_and_a_told_name_are_found() {
        for text in ["Fråga Lars om det", "Det var Vera Lindqvist", "Han heter Xerxes", "Annas båt"]
        {
            assert_eq!(find(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn the_word_before_a_name_is_no_part_of_it() {
        for (text, name) in [
            ("Fråga Lars om båten", "Lars"),
            ("Ring Vera Lindqvist. Där bor hon", "Vera Lindqvist"),
            ("Ask Peter about it", "Peter"),
            ("Xerxes Lindqvist såg det", "Xerxes Lindqvist"),
            ("Vid Hunnebostrand såg Anna det", "Anna"),
        ] {
            let found: Vec<&str> = find(text).into_iter().map(|at| &text[at]).collect();
            assert_eq!(found, [name], "{text}");
        }
    }

    #[test]
    fn places_and_first_words_are_not_taken_for_names() {
        for text in ["Vid Hunnebostrand är det mörkt", "Lampan är trasig", "Sotenäs kommun"] {
            assert_eq!(find(text).len(), 0, "{text}");
        }
    }
}
