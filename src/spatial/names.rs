//! Texts that many events share, kept once.

use std::collections::HashMap;
use std::sync::Arc;

/// The name of every text after the 65 535th; nobody has that many categories,
/// and a file made to try loses their words, not its events.
const OVERFLOW: &str = "other";

/// Texts by number, from 0 in the order of their first use.
#[derive(Debug, Clone, Default)]
pub struct Names {
    texts: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u16>,
}

impl Names {
    /// The number of `text`, a new one if it is new.
    pub fn intern(&mut self, text: &str) -> u16 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let Ok(number) = u16::try_from(self.texts.len()) else { return u16::MAX };
        let last = number == u16::MAX;
        let text: Arc<str> = Arc::from(if last { OVERFLOW } else { text });
        self.texts.push(Arc::clone(&text));
        self.numbers.insert(text, number);
        number
    }

    /// The number of `text`, if it has one.
    pub fn number(&self, text: &str) -> Option<u16> {
        self.numbers.get(text).copied()
    }

    /// The text of a number.
    pub fn text(&self, number: u16) -> &str {
        self.texts.get(usize::from(number)).map_or("", |text| text)
    }

    /// How many texts there are.
    pub const fn len(&self) -> usize {
        self.texts.len()
    }

    /// Interns every text of `other` that is new.
    pub fn learn(&mut self, other: &Self) {
        for text in &other.texts {
            self.intern(text);
        }
    }

    /// Whether `other` knows every text of this one.
    pub fn known_to(&self, other: &Self) -> bool {
        self.texts.iter().all(|text| other.numbers.contains_key(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_number_and_its_spelling() {
        let mut names = Names::default();
        assert_eq!(names.intern("lighting"), 0);
        assert_eq!(names.intern("Snöröjning"), 1);
        assert_eq!(names.intern("lighting"), 0);
        assert_eq!(names.text(1), "Snöröjning");
    }

    #[test]
    fn more_texts_than_numbers_read_as_other() {
        let mut names = Names::default();
        for n in 0..70_000 {
            names.intern(&n.to_string());
        }
        assert_eq!(names.text(names.number("65534").unwrap()), "65534");
        assert_eq!(names.intern("69999"), u16::MAX);
        assert_eq!(names.text(u16::MAX), "other");
    }
}
