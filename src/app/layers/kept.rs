//! Computed answers, kept by least recent use.

use super::answer::Built;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Answers that are kept.
const ANSWERS: usize = 32;

/// Computed answers by their version, the latest used first.
#[derive(Default)]
pub struct Kept(Mutex<VecDeque<(String, Built)>>);

impl Kept {
    /// The answer with this version.
    pub fn take(&self, version: &str) -> Option<Built> {
        let mut kept = self.lock();
        let at = kept.iter().position(|(known, _)| known == version)?;
        let found = kept.remove(at)?;
        let built = found.1.clone();
        kept.push_front(found);
        Some(built)
    }

    /// Keeps an answer, and forgets the one that was not used for longest.
    pub fn keep(&self, version: String, built: Built) {
        let mut kept = self.lock();
        kept.retain(|(known, _)| *known != version);
        kept.push_front((version, built));
        kept.truncate(ANSWERS);
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(String, Built)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::rows::Rows;
    use super::*;

    #[test]
    fn the_answer_that_was_not_used_for_longest_is_forgotten() {
        let kept = Kept::default();
        let built = || Rows::new(&[]).built(Vec::new());
        for n in 0..ANSWERS {
            kept.keep(n.to_string(), built());
        }
        assert!(kept.take("0").is_some());
        kept.keep("new".to_owned(), built());
        assert!(kept.take("0").is_some() && kept.take("new").is_some());
        assert!(kept.take("1").is_none());
    }
}
