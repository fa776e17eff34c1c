//! The local window test: does an area, with those around it, have more events
//! than expected?
//!
//! On 500 simulated maps with equal risk for every inhabitant this test with
//! Benjamini-Hochberg marked something on 2.6 % of the maps; Getis-Ord Gi* on
//! counts marked something on all of them (`docs/methods.md`).

use super::windows::window_sums;
use super::{Neighbours, Tail, q_values};
use crate::domain::Violation;

/// What the test says of one area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalResult {
    /// Events in the area and its neighbours.
    pub observed: u64,
    /// Events expected there.
    pub expected: f64,
    /// `observed / expected`; 1 where nothing is expected and nothing seen.
    pub ratio: f64,
    /// The probability of so many or more by chance.
    pub p: f64,
    /// The same with account taken of the number of areas (Benjamini-Hochberg).
    pub q: f64,
}

/// What the test says of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalTest {
    /// One result an area, in their order.
    pub areas: Vec<LocalResult>,
    /// The tail that was used: never `Auto`.
    pub tail: Tail,
    /// Pearson dispersion of the map: about 1 for a Poisson map.
    pub dispersion: f64,
}

/// Tests each area with its neighbours against what is expected there; areas
/// where nothing is expected are not tested and get p = q = 1.
///
/// Windows overlap: areas side by side light up together and are one finding.
/// Cost: the neighbours, one tail probability an area and one sort.
///
/// # Errors
/// Violates `areas: different_lengths` unless there is one count, one
/// expected number and one list of neighbours an area, and
/// `expected: out_of_range` for a negative number or one that is not finite.
pub fn local_poisson(
    counts: &[u32],
    expected: &[f64],
    neighbours: &Neighbours,
    tail: Tail,
) -> Result<LocalTest, Violation> {
    if counts.len() != neighbours.len() {
        return Err(Violation::new("areas", "different_lengths"));
    }
    check(counts, expected)?;
    let wide: Vec<u64> = counts.iter().map(|&count| u64::from(count)).collect();
    let windows = Windows::exact(neighbours.window_sums(&wide), neighbours.window_sums(expected));
    Ok(tested(counts, expected, windows, tail))
}

/// [`local_poisson`] of a grid, row by row: each cell with the up to eight
/// around it. The same numbers, for four additions a cell.
///
/// # Errors
/// As [`local_poisson`], and `areas: different_lengths` unless the cells fill
/// whole rows of `columns`.
pub fn local_poisson_grid(
    columns: usize,
    counts: &[u32],
    expected: &[f64],
    tail: Tail,
) -> Result<LocalTest, Violation> {
    if columns == 0 || !counts.len().is_multiple_of(columns) {
        return Err(Violation::new("areas", "different_lengths"));
    }
    check(counts, expected)?;
    let windows = Windows::exact(seen(columns, counts), window_sums(columns, 1, expected));
    Ok(tested(counts, expected, windows, tail))
}

fn check(counts: &[u32], expected: &[f64]) -> Result<(), Violation> {
    if counts.len() != expected.len() {
        return Err(Violation::new("areas", "different_lengths"));
    }
    if !expected.iter().all(|value| value.is_finite() && *value >= 0.0) {
        return Err(Violation::new("expected", "out_of_range"));
    }
    Ok(())
}

/// The events in the window of each cell of a grid.
pub(super) fn seen(columns: usize, counts: &[u32]) -> Vec<u64> {
    let wide: Vec<u64> = counts.iter().map(|&count| u64::from(count)).collect();
    window_sums(columns, 1, &wide)
}

/// The window of each area.
pub(super) struct Windows {
    /// Events in it.
    pub observed: Vec<u64>,
    /// Events expected in it.
    pub expected: Vec<f64>,
    /// Events that the expected number was counted from; infinite where it is known.
    pub counted_from: Vec<f64>,
}

impl Windows {
    fn exact(observed: Vec<u64>, expected: Vec<f64>) -> Self {
        Self { counted_from: vec![f64::INFINITY; observed.len()], observed, expected }
    }
}

/// Tests windows around areas with counts and expected numbers of their own.
pub(super) fn tested(counts: &[u32], expected: &[f64], windows: Windows, tail: Tail) -> LocalTest {
    let dispersion = pearson_dispersion(counts, expected);
    let tail = tail.settled(dispersion);
    let tested: Vec<usize> = (0..counts.len()).filter(|&area| expected[area] > 0.0).collect();
    let at_least = |&area: &usize| {
        let (observed, expected) = (windows.observed[area], windows.expected[area]);
        tail.at_least_after(observed, expected, windows.counted_from[area])
    };
    let p: Vec<f64> = tested.iter().map(at_least).collect();
    let q = q_values(&p);
    let untested = |(observed, expected)| LocalResult {
        observed,
        expected,
        ratio: ratio(observed, expected),
        p: 1.0,
        q: 1.0,
    };
    let all = windows.observed.into_iter().zip(windows.expected);
    let mut areas: Vec<LocalResult> = all.map(untested).collect();
    for ((&area, &p), &q) in tested.iter().zip(&p).zip(&q) {
        areas[area] = LocalResult { p, q, ..areas[area] };
    }
    LocalTest { areas, tail, dispersion }
}

/// The Pearson dispersion of counts against expected numbers: the mean of
/// (count − expected)² / expected over areas where something is expected, one
/// area less in the denominator. Near 1 for independent events; 1 below two areas.
#[must_use]
pub fn pearson_dispersion(counts: &[u32], expected: &[f64]) -> f64 {
    let areas = counts.iter().zip(expected).filter(|(_, expected)| **expected > 0.0);
    let (sum, number) = areas.fold((0.0, 0.0), |(sum, number), (&count, &expected)| {
        (sum + (f64::from(count) - expected).powi(2) / expected, number + 1.0)
    });
    if number > 1.0 { sum / (number - 1.0) } else { 1.0 }
}

#[expect(clippy::cast_precision_loss, reason = "counts of events stay far below 2^53")]
fn ratio(observed: u64, expected: f64) -> f64 {
    if observed == 0 && expected <= 0.0 { 1.0 } else { observed as f64 / expected }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(areas: usize) -> Neighbours {
        Neighbours::queen(&(0..10).take(areas).map(|column| (column, 0)).collect::<Vec<_>>())
    }

    #[test]
    fn twenty_where_two_are_expected_stand_out_and_the_far_end_does_not() {
        let found = local_poisson(&[20, 0, 1, 2], &[0.7; 4], &row(4), Tail::Poisson).unwrap();
        assert_eq!(found.areas[0].observed, 20);
        assert!(found.areas[0].q < 1e-9 && found.areas[3].q > 0.1);
    }

    #[test]
    fn where_nothing_is_expected_nothing_is_tested() {
        let found = local_poisson(&[9, 0, 0], &[0.0, 0.5, 0.5], &row(3), Tail::Poisson).unwrap();
        assert!(found.areas[0].p >= 1.0 && found.areas[0].q >= 1.0);
        assert!(found.areas[1].p < 1e-5, "its neighbour sees the nine events");
    }

    #[test]
    fn a_map_as_even_as_chance_stays_with_poisson_and_an_uneven_one_does_not() {
        let auto = Tail::Auto { variation: 0.5 };
        let even = local_poisson(&[2, 4, 3, 3], &[3.0; 4], &row(4), auto).unwrap();
        assert_eq!(even.tail.code(), "poisson");
        let uneven = local_poisson(&[0, 12, 0, 0], &[3.0; 4], &row(4), auto).unwrap();
        assert_eq!(uneven.tail.code(), "nb");
        assert!((uneven.dispersion - 12.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn a_grid_has_the_same_numbers_the_fast_way(
            columns in 1u32..9,
            cells in prop::collection::vec((0u32..9, 0.0f64..3.0), 9..90),
            variation in 0.1f64..0.5,
        ) {
            let wide = columns as usize;
            let cells = &cells[..cells.len() / wide * wide];
            let counts: Vec<u32> = cells.iter().map(|cell| cell.0).collect();
            // A part of the cells lies where nothing is expected.
            let expected: Vec<f64> = cells.iter().map(|cell| (cell.1 - 0.5).max(0.0)).collect();
            let position = |cell| (i64::from(cell % columns), i64::from(cell / columns));
            let positions: Vec<_> = (0u32..).take(cells.len()).map(position).collect();
            let tail = Tail::Auto { variation };
            let known = local_poisson(&counts, &expected, &Neighbours::queen(&positions), tail);
            let known = known.unwrap();
            let found = local_poisson_grid(wide, &counts, &expected, tail).unwrap();
            prop_assert_eq!(found.tail, known.tail);
            for (found, known) in found.areas.iter().zip(known.areas) {
                prop_assert_eq!(found.observed, known.observed);
                prop_assert!((found.expected - known.expected).abs() < 1e-12);
                prop_assert!((found.q - known.q).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn lists_of_different_lengths_and_negative_expectations_are_refused() {
        let tail = Tail::Poisson;
        assert_eq!(
            local_poisson(&[1], &[1.0, 2.0], &row(2), tail),
            Err(Violation::new("areas", "different_lengths"))
        );
        assert_eq!(
            local_poisson(&[1, 1], &[1.0, -2.0], &row(2), tail),
            Err(Violation::new("expected", "out_of_range"))
        );
    }
}
