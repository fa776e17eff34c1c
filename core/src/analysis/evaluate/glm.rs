//! Poisson regression with a logarithmic link.

use super::matrix::{Cholesky, Symmetric};

/// The columns of one observation that are not 0, with their values.
pub(super) type Row = Vec<(usize, f64)>;

/// A fitted model.
pub(super) struct Fit {
    pub(super) coefficients: Vec<f64>,
    /// The expected count of each observation.
    pub(super) means: Vec<f64>,
    information: Cholesky,
}

/// Steps after which a fit has failed; eight are usual.
const STEPS: usize = 100;

/// Fits by iteratively reweighted least squares (Nelder and Wedderburn 1972)
/// until the deviance stands still to 1e-13. `None` where a column is a sum of
/// others or a coefficient has no finite value. Cost: a step is observations ×
/// columns² of a row and a third of the cube of all columns.
pub(super) fn fit(rows: &[Row], counts: &[f64], columns: usize) -> Option<Fit> {
    let mean = counts.iter().sum::<f64>() / as_f64(counts.len());
    let mut means: Vec<f64> = counts.iter().map(|count| 0.5 * (count + mean)).collect();
    if !means.iter().all(|mean| *mean > 0.0) {
        return None;
    }
    let mut last = f64::INFINITY;
    for _ in 0..STEPS {
        let (coefficients, information) = step(rows, counts, &means, columns)?;
        means = rows.iter().map(|row| dot(row, &coefficients).clamp(-300.0, 300.0).exp()).collect();
        let deviance = deviance(counts, &means);
        if (deviance - last).abs() <= 1e-13 * (deviance + 0.1) {
            // Beyond e^20 a coefficient runs away: nothing was counted there.
            let finite = coefficients.iter().all(|value| value.abs() < 20.0 + mean.ln().abs());
            return finite.then_some(Fit { coefficients, means, information });
        }
        last = deviance;
    }
    None
}

fn step(
    rows: &[Row],
    counts: &[f64],
    means: &[f64],
    columns: usize,
) -> Option<(Vec<f64>, Cholesky)> {
    let mut information = Symmetric::zero(columns);
    let mut right = vec![0.0; columns];
    for ((row, count), mean) in rows.iter().zip(counts).zip(means) {
        information.add_outer(row, *mean);
        let working = mean * mean.ln() + count - mean;
        for &(column, value) in row {
            right[column] += value * working;
        }
    }
    let information = information.cholesky()?;
    Some((information.solve(&right), information))
}

fn deviance(counts: &[f64], means: &[f64]) -> f64 {
    let one = |(count, mean): (&f64, &f64)| {
        let log = if *count > 0.0 { count * (count / mean).ln() } else { 0.0 };
        2.0 * (log - (count - mean))
    };
    counts.iter().zip(means).map(one).sum()
}

impl Fit {
    /// The standard error of a coefficient where the model holds.
    pub(super) fn se(&self, column: usize) -> f64 {
        self.information.inverse_column(column)[column].max(0.0).sqrt()
    }

    /// The Pearson dispersion: 1 for counts that are as uneven as the model
    /// says, more where they are more so.
    pub(super) fn dispersion(&self, counts: &[f64]) -> f64 {
        let parts = counts.iter().zip(&self.means).map(|(y, mean)| (y - mean).powi(2) / mean);
        let free = counts.len().saturating_sub(self.coefficients.len()).max(1);
        parts.sum::<f64>() / as_f64(free)
    }

    /// What each observation pulls at a coefficient: the scores, through the
    /// inverse of the information.
    pub(super) fn pulls(&self, rows: &[Row], counts: &[f64], column: usize) -> Vec<f64> {
        let inverse = self.information.inverse_column(column);
        let pull = |((row, count), mean): ((&Row, &f64), &f64)| dot(row, &inverse) * (count - mean);
        rows.iter().zip(counts).zip(&self.means).map(pull).collect()
    }
}

fn dot(row: &Row, values: &[f64]) -> f64 {
    row.iter().map(|&(column, value)| value * values[column]).sum()
}

#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^53 observations fit in memory")]
pub(super) const fn as_f64(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_groups_have_the_logarithms_of_their_means() {
        let rows: Vec<Row> = vec![vec![(0, 1.0)], vec![(0, 1.0)], vec![(0, 1.0), (1, 1.0)]];
        let counts = [4.0, 6.0, 20.0];
        let fit = fit(&rows, &counts, 2).unwrap();
        assert!((fit.coefficients[0] - 5f64.ln()).abs() < 1e-9);
        assert!((fit.coefficients[1] - 4f64.ln()).abs() < 1e-9);
        assert!((fit.se(1) - (0.1_f64 + 0.05).sqrt()).abs() < 1e-9);
    }

    #[test]
    fn a_group_without_a_count_has_no_fit() {
        let rows: Vec<Row> = vec![vec![(0, 1.0)], vec![(0, 1.0), (1, 1.0)]];
        assert!(fit(&rows, &[4.0, 0.0], 2).is_none());
        assert!(fit(&rows, &[0.0, 0.0], 2).is_none());
    }
}
