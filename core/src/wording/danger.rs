//! Words that say that something dangerous is going on.

use regex::Regex;
use std::sync::LazyLock;

/// The lists; their first lines say how to read them.
const LISTS: &str = include_str!("emergency.txt");

struct Lists {
    always: Regex,
    acute: Regex,
    danger: Regex,
    now: Regex,
    habit: Regex,
}

static READ: LazyLock<Lists> = LazyLock::new(|| Lists {
    always: list("always"),
    acute: list("acute"),
    danger: list("danger"),
    now: list("now"),
    habit: list("habit"),
});

/// Whether a text, Swedish or English, seems to tell of a danger that is
/// going on, has just come or is about to: then it should interrupt, and show
/// 112, before anything is sent.
///
/// A sentence that speaks of a habit or of what has been does not count,
/// unless it calls for help. Measured on the texts of `tests/data/wording`.
#[must_use]
pub fn tells_of_danger(text: &str) -> bool {
    let lists = &*READ;
    sentences(text).iter().any(|sentence| {
        let has = |list: &Regex| list.is_match(sentence);
        has(&lists.always)
            || (!has(&lists.habit)
                && (has(&lists.acute) || (has(&lists.danger) && has(&lists.now))))
    })
}

/// Sentences in small letters, words apart by one space.
fn sentences(text: &str) -> Vec<String> {
    let composed = composed(&text.to_lowercase());
    let sentences = composed.split(['.', '!', '?', ';', '\n']);
    sentences
        .map(|sentence| {
            let words = sentence.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
            words.collect::<Vec<_>>().join(" ")
        })
        .filter(|sentence| !sentence.is_empty())
        .collect()
}

/// Letters that some keyboards send as a letter and its sign, as one.
fn composed(text: &str) -> String {
    [("a\u{30a}", "å"), ("a\u{308}", "ä"), ("o\u{308}", "ö"), ("e\u{301}", "é")]
        .iter()
        .fold(text.to_owned(), |text, (apart, one)| text.replace(apart, one))
}

/// One list as one expression that finds any of its patterns between words.
fn list(name: &str) -> Regex {
    let heading = format!("[{name}]");
    let lines = LISTS
        .lines()
        .skip_while(|line| *line != heading)
        .skip(1)
        .take_while(|line| !line.starts_with('['));
    let patterns: Vec<String> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.replace(" ... ", "(?: \\w+){0,4} ").replace('~', "\\w*"))
        .collect();
    let any = patterns.join("|");
    Regex::new(&format!("(?:^| )(?:{any})(?: |$)")).expect("the lists are tested to be expressions")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_going_on_is_found_however_it_is_written() {
        for text in ["HJÄLP!!!", "det  BRINNER\ni huset", "hja\u{308}lp mig", "...help me..."] {
            assert!(tells_of_danger(text), "{text}");
        }
    }

    #[test]
    fn a_habit_and_what_has_been_do_not_interrupt() {
        assert!(tells_of_danger("De slåss just nu."));
        assert!(!tells_of_danger("De slåss ofta just nu på sommaren."));
        assert!(!tells_of_danger("Förra året brann det här."));
        assert!(!tells_of_danger(""));
    }

    #[test]
    fn a_call_for_help_counts_whatever_else_the_sentence_says() {
        assert!(tells_of_danger("Han brukar slå mig, hjälp mig"));
    }

    #[test]
    fn a_habit_in_one_sentence_does_not_silence_an_other() {
        assert!(tells_of_danger("Här är ofta bråk. Nu har en man en kniv!"));
    }
}
