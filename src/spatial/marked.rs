//! Which rows answer a question, as bits: an eighth of a byte a row, so that
//! who walks the tree asks a cache and not six columns.

/// Rows, each marked or not.
pub struct Marked(Vec<u64>);

impl Marked {
    /// Marks of so many rows: those of which `holds` is true, asked in order.
    pub fn of(rows: usize, holds: impl Fn(usize) -> bool) -> Self {
        let word = |first: usize| {
            let bits = first..rows.min(first + 64);
            bits.fold(0, |word, row| word | u64::from(holds(row)) << (row - first))
        };
        Self((0..rows).step_by(64).map(word).collect())
    }

    /// Takes the mark of a row away.
    pub fn clear(&mut self, row: usize) {
        self.0[row / 64] &= !(1 << (row % 64));
    }

    /// Whether a row is marked.
    pub fn holds(&self, row: usize) -> bool {
        self.0[row / 64] >> (row % 64) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_those_that_were_asked_for_less_those_taken_away() {
        let mut marked = Marked::of(130, |row| row % 3 == 0);
        marked.clear(129);
        let found: Vec<usize> = (0..130).filter(|row| marked.holds(*row)).collect();
        let wanted: Vec<usize> = (0..129).step_by(3).collect();
        assert_eq!(found, wanted);
        assert!(Marked::of(0, |_| true).0.is_empty());
    }
}
