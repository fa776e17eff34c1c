//! The local window test: does an area, with those around it, have more events
//! than expected?
//!
//! On 500 simulated maps with equal risk for every inhabitant this test with
//! Benjamini-Hochberg marked something on 2.6 % of the maps; Getis-Ord Gi* on
//! counts marked something on all of them (`docs/methods.md`).

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
    if counts.len() != expected.len() || counts.len() != neighbours.len() {
        return Err(Violation::new("areas", "different_lengths"));
    }
    if !expected.iter().all(|value| value.is_finite() && *value >= 0.0) {
        return Err(Violation::new("expected", "out_of_range"));
    }
    let dispersion = pearson_dispersion(counts, expected);
    let tail = tail.settled(dispersion);
    let wide: Vec<u64> = counts.iter().map(|&count| u64::from(count)).collect();
    let observed = neighbours.window_sums(&wide);
    let windows = neighbours.window_sums(expected);
    let tested: Vec<usize> = (0..counts.len()).filter(|&area| expected[area] > 0.0).collect();
    let p: Vec<f64> =
        tested.iter().map(|&area| tail.at_least(observed[area], windows[area])).collect();
    let q = q_values(&p);

    let untested = |area: usize| LocalResult {
        observed: observed[area],
        expected: windows[area],
        ratio: ratio(observed[area], windows[area]),
        p: 1.0,
        q: 1.0,
    };
    let mut areas: Vec<LocalResult> = (0..counts.len()).map(untested).collect();
    for ((&area, &p), &q) in tested.iter().zip(&p).zip(&q) {
        areas[area] = LocalResult { p, q, ..areas[area] };
    }
    Ok(LocalTest { areas, tail, dispersion })
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
