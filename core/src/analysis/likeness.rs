//! How alike two reports are by place, time and words: what a moderator is
//! shown side by side. Nothing is merged by it.

use super::repeats::{lasts, said_once};
use crate::domain::{Category, Plane};
use jiff::Timestamp;

/// What is compared of two reports.
#[derive(Debug, Clone, PartialEq)]
pub struct Described {
    /// Where.
    pub at: Plane,
    /// Radius in metres within which the true place lies.
    pub precision_m: f64,
    /// What about.
    pub category: Category,
    /// When it happened, where that is known, else when the report arrived.
    pub time: Timestamp,
    /// [`content_words`] of its text; empty without one.
    pub words: Vec<u64>,
}

/// How alike two reports are, each part from 0 (nothing in common) to 1 (the same).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// By place.
    pub place: f64,
    /// By time.
    pub time: f64,
    /// By words; `None` where one of the two has none.
    pub text: Option<f64>,
    /// Altogether.
    pub whole: f64,
}

impl Likeness {
    /// Whether the two are worth a look side by side.
    #[must_use]
    pub fn is_proposed(&self) -> bool {
        self.whole >= PROPOSED
    }
}

/// Places further apart have nothing in common, in metres beyond what both
/// pins may be off.
const REACH_M: f64 = 90.0;
/// A place that is vaguer, in metres, is none to compare.
const VAGUE_M: f64 = 150.0;
/// What lasts is the same thing for so many days, what happens for so many hours.
const LASTING_DAYS: f64 = 90.0;
const HAPPENING_HOURS: f64 = 36.0;
/// Shares of place, time and words in the whole.
const SHARES: [f64; 3] = [0.5, 0.2, 0.3];
/// From here on two reports are worth a look.
const PROPOSED: f64 = 0.5;
/// Reports of two categories are compared only where their words are as alike as this.
const OTHER_CATEGORY_WORDS: f64 = 0.5;
/// Letters of a word that count: its beginning, so that endings do not.
const STEM: usize = 5;

/// Words of both languages that say nothing of what a report is about.
const EMPTY_WORDS: &str = " och att det den som har med för till från inte var där här när man \
    men också mycket väldigt lite bara kan ska skulle blir blev finns fanns ett en vid på av är \
    the and that this with for from not was were there here when very much only can should has \
    have are you they it its by at on of is in ";

/// The words of a text that say what it is about, as sorted numbers: those of
/// three letters or more, by their first five letters.
#[must_use]
pub fn content_words(text: &str) -> Vec<u64> {
    let lower = text.to_lowercase();
    let mut words: Vec<u64> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() >= 3 && !EMPTY_WORDS.contains(&format!(" {word} ")))
        .map(|word| super::arrivals::fnv(&word.chars().take(STEM).collect::<String>()))
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// How alike two reports are; `None` where they have nothing in common: other
/// things, places too far apart or too vague, times too far apart, safe places
/// and what has no category of its own.
///
/// Place and time fall linearly to 0 at their reach; words are compared by
/// the coefficient of Dice (1945). Costs the words of both.
#[must_use]
pub fn likeness(a: &Described, b: &Described) -> Option<Likeness> {
    if a.precision_m.max(b.precision_m) > VAGUE_M || said_once(a.category) || said_once(b.category)
    {
        return None;
    }
    let text = (!a.words.is_empty() && !b.words.is_empty()).then(|| dice(&a.words, &b.words));
    let other = a.category != b.category;
    if other
        && (a.category.group() != b.category.group()
            || text.is_none_or(|alike| alike < OTHER_CATEGORY_WORDS))
    {
        return None;
    }
    let metres = (a.at.east - b.at.east).hypot(a.at.north - b.at.north);
    let reach = REACH_M.max(a.precision_m.hypot(b.precision_m));
    let place = 1.0 - metres / reach;
    let hours = (a.time - b.time).total(jiff::Unit::Hour).unwrap_or(f64::MAX).abs();
    let span = if lasts(a.category) { LASTING_DAYS * 24.0 } else { HAPPENING_HOURS };
    let time = 1.0 - hours / span;
    if place <= 0.0 || time <= 0.0 {
        return None;
    }
    let [by_place, by_time, by_words] = SHARES;
    let known = by_place * place + by_time * time;
    let whole = text.map_or(known / (by_place + by_time), |text| known + by_words * text);
    Some(Likeness { place, time, text, whole })
}

/// Twice what two sorted lists share, of the length of both.
fn dice(a: &[u64], b: &[u64]) -> f64 {
    let shared = a.iter().filter(|word| b.binary_search(word).is_ok()).count();
    #[expect(clippy::cast_precision_loss, reason = "the words of a text are few")]
    let (shared, both) = ((2 * shared) as f64, (a.len() + b.len()) as f64);
    shared / both
}

#[cfg(test)]
mod tests;
