//! Many tests at once.

/// Benjamini-Hochberg q-values: flagging everything with q ≤ 0.05 makes at
/// most 5 % of the flags false on average, for independent and for positively
/// dependent tests (Benjamini and Hochberg 1995; Benjamini and Yekutieli 2001).
///
/// The order of the answer is the order of `p`; an empty slice gives none. A
/// p-value that is not a number counts as 1. Cost: one sort.
#[must_use]
pub fn q_values(p: &[f64]) -> Vec<f64> {
    let value = |index: usize| if p[index].is_nan() { 1.0 } else { p[index].clamp(0.0, 1.0) };
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| value(a).total_cmp(&value(b)));
    let mut q = vec![1.0; p.len()];
    let mut least = 1.0f64;
    for (rank, &index) in order.iter().enumerate().rev() {
        least = least.min(value(index) * as_f64(p.len()) / as_f64(rank + 1));
        q[index] = least;
    }
    q
}

/// q-values that hold for tests that depend on each other in any way: those of
/// [`q_values`] times 1 + 1/2 + … + 1/n, at most 1 (Benjamini and Yekutieli 2001).
#[must_use]
pub fn q_values_any(p: &[f64]) -> Vec<f64> {
    let harmonic: f64 = (1..=p.len()).map(|rank| 1.0 / as_f64(rank)).sum();
    q_values(p).into_iter().map(|q| (q * harmonic).min(1.0)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a number of tests stays far below 2^53")]
const fn as_f64(value: usize) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_worked_example_of_1995_rejects_its_first_four() {
        // Benjamini and Hochberg 1995, section 4.1: 15 p-values, four rejected.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0,
        ];
        let rejected = q_values(&p).iter().filter(|&&q| q <= 0.05).count();
        assert_eq!(rejected, 4);
    }

    proptest! {
        #[test]
        fn q_is_at_least_p_and_keeps_its_order(p in prop::collection::vec(0.0f64..1.0, 0..50)) {
            let q = q_values(&p);
            for (a, &pa) in p.iter().enumerate() {
                prop_assert!(q[a] >= pa * (1.0 - 1e-12) && q[a] <= 1.0);
                for (b, &pb) in p.iter().enumerate() {
                    prop_assert!(pa > pb || q[a] <= q[b]);
                }
            }
        }
    }
}
