//! Making words of a text unreadable.

use super::personal_data;
use crate::domain::{TextFlag, Violation};
use std::ops::Range;

/// What stands in place of words that were made unreadable; always as long, so
/// that it tells nothing of them.
pub const MASK: &str = "▮▮▮";

/// The text with each span, in characters, replaced by [`MASK`]. Spans may
/// overlap and touch; each run of them becomes one mask.
///
/// # Errors
/// Violates `spans: required` without any span, `spans: out_of_range` for one
/// that is empty or ends behind the text.
pub fn mask(text: &str, spans: &[Range<usize>]) -> Result<String, Violation> {
    if spans.is_empty() {
        return Err(Violation::new("spans", "required"));
    }
    let characters = text.chars().count();
    if spans.iter().any(|span| span.start >= span.end || span.end > characters) {
        return Err(Violation::new("spans", "out_of_range"));
    }
    let hidden = |at: usize| spans.iter().any(|span| span.contains(&at));
    let mut masked = String::with_capacity(text.len());
    for (at, letter) in text.chars().enumerate() {
        if !hidden(at) {
            masked.push(letter);
        } else if at == 0 || !hidden(at - 1) {
            masked.push_str(MASK);
        }
    }
    Ok(masked)
}

/// The text with every piece of personal data that is found made unreadable.
#[must_use]
pub fn masked(text: &str) -> String {
    let spans: Vec<Range<usize>> =
        personal_spans(text).into_iter().map(|(span, _kind)| span).collect();
    mask(text, &spans).unwrap_or_else(|_nothing_found| text.to_owned())
}

/// Every piece of personal data that is found, in characters, with what it seems to be.
#[must_use]
pub fn personal_spans(text: &str) -> Vec<(Range<usize>, TextFlag)> {
    let found = personal_data(text).into_iter();
    let span = |at: &Range<usize>| characters(text, at.start)..characters(text, at.end);
    found.map(|found| (span(&found.at), found.kind)).collect()
}

/// How many characters stand before a byte.
fn characters(text: &str, byte: usize) -> usize {
    text[..byte].chars().count()
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "a list of one span is meant")]
mod tests {
    use super::*;

    #[test]
    fn spans_are_characters_and_neighbours_become_one() {
        assert_eq!(mask("Åke åt lök", &[0..3]).unwrap(), "▮▮▮ åt lök");
        assert_eq!(mask("Åke åt lök", &[0..3, 3..6]).unwrap(), "▮▮▮ lök");
        assert_eq!(mask("abc", &[0..3]).unwrap(), mask("abcdefgh", &[0..8]).unwrap());
    }

    #[test]
    fn a_span_outside_the_text_is_refused() {
        for spans in [vec![], vec![2..2], vec![0..4]] {
            assert!(mask("abc", &spans).is_err(), "{spans:?}");
        }
    }

    #[test]
    fn what_points_out_a_person_is_masked_and_the_place_stays() {
        let text = "Ring Lars på 070-174 06 05 om lampan vid Smögenbron";
        let said = masked(text);
        assert!(said.contains("lampan vid Smögenbron") && said.contains(MASK), "{said}");
        assert!(!said.contains("Lars") && !said.contains("070"), "{said}");
        assert_eq!(masked("Lampan är trasig"), "Lampan är trasig");
    }
}
