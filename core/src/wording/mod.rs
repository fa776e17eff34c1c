//! What a text says that cannot wait, or that it should not say: danger, and persons.
//!
//! Lists of patterns, no learning: a text gives the same answer on every
//! machine, and why it does can be read in a file. Nothing is kept.

mod danger;
mod mask;
mod names;
mod numbers;
mod persons;

#[cfg(test)]
mod corpus;

pub use danger::tells_of_danger;
pub use mask::{MASK, mask, masked, personal_spans};
pub use persons::{Finding, personal_data};

use crate::domain::TextFlag;

/// What a text should be looked at for, each at most once, in the order of
/// [`TextFlag::ALL`]. Costs some ten microseconds a sentence.
#[must_use]
pub fn flags(text: &str) -> Vec<TextFlag> {
    let persons = personal_data(text);
    let found = |flag: TextFlag| match flag {
        TextFlag::Danger => tells_of_danger(text),
        kind => persons.iter().any(|finding| finding.kind == kind),
    };
    TextFlag::ALL.iter().copied().filter(|flag| found(*flag)).collect()
}
