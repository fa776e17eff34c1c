//! Parts of the year as files write them.

use super::number;
use super::words::plain;
use fyren_core::domain::{Months, Violation};

/// The beginnings of the names of months, in Swedish and English.
const NAMES: [&[&str]; 12] = [
    &["jan"],
    &["feb"],
    &["mar"],
    &["apr"],
    &["maj", "may"],
    &["jun"],
    &["jul"],
    &["aug"],
    &["sep"],
    &["okt", "oct"],
    &["nov"],
    &["dec"],
];

/// The month that a word names, January being 0: `juli`, `July`, `m7`, `7`.
pub fn month(word: &str) -> Option<usize> {
    let word = plain(word);
    let digits = word.strip_prefix('m').unwrap_or(&word);
    if let Ok(number @ 1..=12) = digits.parse::<usize>() {
        return Some(number - 1);
    }
    let letters = word.len() >= 3 && word.chars().all(char::is_alphabetic);
    NAMES.iter().position(|names| letters && names.iter().any(|name| word.starts_with(name)))
}

/// The columns of all twelve months, where a table has them by name.
pub fn columns(names: &[String]) -> Option<[usize; 12]> {
    let mut found = [None; 12];
    for (at, name) in names.iter().enumerate() {
        let short = name.chars().count() <= 9 && !name.starts_with(|c: char| c.is_ascii_digit());
        if let Some(month) = month(name).filter(|_| short) {
            found[month].get_or_insert(at);
        }
    }
    let all: Vec<usize> = found.into_iter().flatten().collect();
    all.try_into().ok()
}

/// The factors of twelve columns: shares, or per cent where any is beyond ten
/// or says so. What is empty is none.
///
/// # Errors
/// `season` with the rules of a number or of [`Months::new`].
pub fn factors(values: [Option<&str>; 12]) -> Result<Months, Violation> {
    let mut factors = [0.0; 12];
    let mut percent = false;
    for (factor, value) in factors.iter_mut().zip(values) {
        let Some(value) = value else { continue };
        let value = value.trim();
        percent |= value.ends_with('%');
        *factor = read(value.trim_end_matches('%'))?;
    }
    if percent || factors.iter().any(|factor| (Months::MOST..=100.0).contains(factor)) {
        factors = factors.map(|factor| factor / 100.0);
    }
    Months::new(factors)
}

/// A part of the year in words: months and spans of them (`jun-aug`, `6-8`,
/// `maj, juli`), seasons (`summer`, `höst`), `all` and `hela året`, or months
/// with a factor (`jun=0.5 jul=1`).
///
/// # Errors
/// Violates `season: season_code`, or the rules of [`Months::new`].
pub fn parse(text: &str) -> Result<Months, Violation> {
    let wrong = || Violation::new("season", "season_code");
    if ["all", "aret", "helaret", "helaaret", "aretrunt", "year", "allyear", "wholeyear"]
        .contains(&plain(text).as_str())
    {
        return Ok(Months::ALL);
    }
    let text = text.replace(['–', '—'], "-").replace(" - ", "-");
    let mut factors = [0.0; 12];
    // Behind a `=` a comma is that of a number.
    let marks: &[char] = if text.contains('=') { &[';', ' '] } else { &[',', ';', ' ', '/'] };
    for part in text.split(marks).filter(|part| !part.is_empty()) {
        let part = part.trim_end_matches(',');
        let (span, factor) = match part.split_once(['=', ':']) {
            Some((span, factor)) => (span, read(factor)?),
            None => (part, 1.0),
        };
        let (first, last) = span_of(span).ok_or_else(wrong)?;
        for step in 0..=(last + 12 - first) % 12 {
            factors[(first + step) % 12] = factor;
        }
    }
    Months::new(factors).map_err(|broken| match broken.rule {
        "all_zero" if text.trim().is_empty() => wrong(),
        _ => broken,
    })
}

fn span_of(span: &str) -> Option<(usize, usize)> {
    match plain(span).as_str() {
        "spring" | "var" | "varen" => return Some((2, 4)),
        "summer" | "sommar" | "sommaren" => return Some((5, 7)),
        "autumn" | "fall" | "host" | "hosten" => return Some((8, 10)),
        "winter" | "vinter" | "vintern" => return Some((11, 1)),
        _ => {}
    }
    match span.split_once('-') {
        Some((first, last)) => Some((month(first)?, month(last)?)),
        None => month(span).map(|only| (only, only)),
    }
}

fn read(text: &str) -> Result<f64, Violation> {
    number::parse(text).map_err(|rule| Violation::new("season", rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full(text: &str) -> Vec<usize> {
        let months = parse(text).unwrap();
        (0..12).filter(|month| months.factors()[*month] > 0.0).map(|month| month + 1).collect()
    }

    #[test]
    fn parts_of_the_year_are_read_in_swedish_and_english() {
        for text in ["jun-aug", "6-8", "juni – augusti", "sommar", "Summer", "jun, jul, aug"] {
            assert_eq!(full(text), [6, 7, 8], "{text}");
        }
        assert_eq!(full("dec-feb"), [1, 2, 12]);
        assert_eq!(full("vår höst"), [3, 4, 5, 9, 10, 11]);
        assert_eq!(full("Hela året").len(), 12);
        let some = parse("jun=0,5;jul=1").unwrap();
        assert!((some.factors()[5] - 0.5).abs() < 1e-12 && (some.factors()[6] - 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_no_part_of_the_year_says_so() {
        for text in ["", "when it is warm", "13", "jun-"] {
            assert_eq!(parse(text).map_err(|broken| broken.rule), Err("season_code"), "{text}");
        }
    }

    #[test]
    fn twelve_columns_are_shares_or_per_cent() {
        let names: Vec<String> = ["namn", "jan", "feb", "mars", "april", "maj", "juni", "juli"]
            .iter()
            .chain(&["augusti", "sept", "okt", "nov", "dec", "bäddar"])
            .map(|name| (*name).to_owned())
            .collect();
        assert_eq!(columns(&names).map(|found| (found[0], found[11])), Some((1, 12)));
        assert_eq!(columns(&names[..9]), None);
        let mut values = [Some("20"); 12];
        values[6] = Some("95 %");
        let months = factors(values).unwrap();
        assert!((months.factors()[0] - 0.2).abs() < 1e-12);
        assert!((months.factors()[6] - 0.95).abs() < 1e-12);
        assert_eq!(factors([None; 12]).unwrap_err().rule, "all_zero");
    }
}
