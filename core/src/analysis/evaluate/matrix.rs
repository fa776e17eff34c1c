//! Symmetric positive definite matrices of a few hundred rows.

/// A symmetric matrix.
pub(super) struct Symmetric {
    size: usize,
    /// Row by row; the lower triangle counts.
    cells: Vec<f64>,
}

/// The lower triangle L of a matrix L·Lᵀ.
pub(super) struct Cholesky {
    size: usize,
    cells: Vec<f64>,
}

impl Symmetric {
    pub(super) fn zero(size: usize) -> Self {
        Self { size, cells: vec![0.0; size * size] }
    }

    /// Adds `weight` times the outer product of a sparse vector with itself.
    pub(super) fn add_outer(&mut self, row: &[(usize, f64)], weight: f64) {
        for &(one, left) in row {
            for &(other, right) in row {
                if other <= one {
                    self.cells[one * self.size + other] += weight * left * right;
                }
            }
        }
    }

    /// Decomposes; `None` where a row is (nearly) a sum of others.
    pub(super) fn cholesky(mut self) -> Option<Cholesky> {
        let size = self.size;
        for row in 0..size {
            let whole = self.cells[row * size + row];
            for column in 0..=row {
                let (above, this) = self.cells.split_at_mut(row * size);
                let left = &this[..column];
                let up = if column == row { None } else { Some(&above[column * size..]) };
                let sum: f64 = match up {
                    Some(up) => left.iter().zip(up).map(|(a, b)| a * b).sum(),
                    None => left.iter().map(|a| a * a).sum(),
                };
                let rest = this[column] - sum;
                this[column] = match up {
                    Some(up) => rest / up[column],
                    None if rest > 1e-11 * whole => rest.sqrt(),
                    None => return None,
                };
            }
        }
        Some(Cholesky { size, cells: self.cells })
    }
}

impl Cholesky {
    /// x with L·Lᵀ·x = `right`.
    pub(super) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let size = self.size;
        let mut x = right.to_vec();
        for row in 0..size {
            let (done, rest) = x.split_at_mut(row);
            let line = &self.cells[row * size..];
            let sum: f64 = line.iter().zip(done.iter()).map(|(a, b)| a * b).sum();
            rest[0] = (rest[0] - sum) / line[row];
        }
        for row in (0..size).rev() {
            x[row] /= self.cells[row * size + row];
            let value = x[row];
            for (column, x) in x.iter_mut().enumerate().take(row) {
                *x -= value * self.cells[row * size + column];
            }
        }
        x
    }

    /// A column of the inverse, which is also its row.
    pub(super) fn inverse_column(&self, column: usize) -> Vec<f64> {
        let mut unit = vec![0.0; self.size];
        unit[column] = 1.0;
        self.solve(&unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_solved_gives_back_the_right_side() {
        let mut matrix = Symmetric::zero(3);
        let rows = [[1.0, 2.0, 0.5], [0.0, 1.0, -1.0], [3.0, 0.0, 1.0], [1.0, 1.0, 1.0]];
        let sparse = |row: &[f64; 3]| row.iter().copied().enumerate().collect::<Vec<_>>();
        for row in &rows {
            matrix.add_outer(&sparse(row), 2.0);
        }
        let wanted = [0.3, -1.2, 4.0];
        let dot = |row: &[f64; 3]| row.iter().zip(wanted).map(|(a, b)| a * b).sum::<f64>();
        let mut right = [0.0; 3];
        for row in &rows {
            for (right, value) in right.iter_mut().zip(row) {
                *right += 2.0 * value * dot(row);
            }
        }
        let found = matrix.cholesky().unwrap().solve(&right);
        for (found, wanted) in found.iter().zip(wanted) {
            assert!((found - wanted).abs() < 1e-12, "{found} {wanted}");
        }
    }

    #[test]
    fn columns_that_say_the_same_are_noticed() {
        let mut matrix = Symmetric::zero(2);
        for value in [1.0, 2.0, 5.0] {
            matrix.add_outer(&[(0, value), (1, 2.0 * value)], 1.0);
        }
        assert!(matrix.cholesky().is_none());
    }
}
