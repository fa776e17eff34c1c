//! Sums over square windows of a grid.

use std::ops::AddAssign;

/// The value of each cell and of those up to `radius` columns and rows away,
/// summed; the grid's edge cuts windows off. Values lie row by row.
///
/// Rows first, then columns: 2 × (2 × `radius` + 1) additions a cell, in
/// slices. Nothing is subtracted, so that far larger values elsewhere leave no
/// rounding behind.
///
/// # Panics
/// If `columns` is 0 or the values do not fill whole rows.
pub(super) fn window_sums<T>(columns: usize, radius: usize, values: &[T]) -> Vec<T>
where
    T: Copy + AddAssign,
{
    assert!(columns > 0 && values.len().is_multiple_of(columns), "whole rows");
    let mut along = values.to_vec();
    let rows = values.chunks_exact(columns).zip(along.chunks_exact_mut(columns));
    rows.for_each(|(from, into)| add_shifted(from, into, 1, radius));
    let mut across = along.clone();
    add_shifted(&along, &mut across, columns, radius);
    across
}

/// Adds to each value those up to `radius` steps before and after it.
fn add_shifted<T: Copy + AddAssign>(from: &[T], into: &mut [T], step: usize, radius: usize) {
    for shift in (1..=radius).map(|steps| steps * step).take_while(|&shift| shift < from.len()) {
        let rest = from.len() - shift;
        into[..rest].iter_mut().zip(&from[shift..]).for_each(|(into, from)| *into += *from);
        into[shift..].iter_mut().zip(&from[..rest]).for_each(|(into, from)| *into += *from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_window_holds_what_lies_around_a_cell_and_in_the_grid(
            columns in 1usize..9, rows in 1usize..9, radius in 0usize..5, seed in 1u64..1000,
        ) {
            let values: Vec<u64> =
                (1..=columns as u64 * rows as u64).map(|n| n * n * seed % 101).collect();
            let found = window_sums(columns, radius, &values);
            for (cell, found) in found.into_iter().enumerate() {
                let (column, row) = (cell % columns, cell / columns);
                let near = |&other: &usize| {
                    (other % columns).abs_diff(column) <= radius
                        && (other / columns).abs_diff(row) <= radius
                };
                let known: u64 = (0..values.len()).filter(near).map(|other| values[other]).sum();
                prop_assert_eq!(found, known);
            }
        }
    }
}
