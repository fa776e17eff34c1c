//! Getis-Ord Gi and Gi*, and the local Moran: for comparison with other tools.
//!
//! They ask whether high values lie beside each other, not whether they are
//! higher than expected. On counts they mark where people live: something on
//! every one of 500 maps with equal risk for everybody, and on rates on 82 % of
//! them (`docs/methods.md`). Cells where nobody is make every village stand out.
//! Few events break the normal distribution that p rests on.

use super::windows::window_sums;
use super::{Weights, q_values};
use crate::domain::Violation;
use statrs::function::erf::erfc;

/// Gi or Gi* of one area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalG {
    /// The standardised statistic: above 0 where high values gather. 0 where
    /// nothing can be said: no variation, no neighbours (Gi), or all areas in
    /// one window.
    pub z: f64,
    /// Two-sided, by the normal distribution.
    pub p: f64,
    /// The same with account taken of the number of areas (Benjamini-Hochberg).
    pub q: f64,
    /// Areas in its window besides itself.
    pub neighbours: u32,
}

/// Gi* (Getis and Ord 1992; Ord and Getis 1995): an area with those that count
/// for it, itself with weight 1 where `weights` give it none, against the mean
/// of all areas.
///
/// Any weights will do. Cost: the weights, an error function an area and one sort.
///
/// # Errors
/// Violates `areas: different_lengths` unless there is one value an area of
/// `weights`, and `value: not_finite` for a value that is no number.
pub fn getis_ord_star(values: &[f64], weights: &Weights) -> Result<Vec<LocalG>, Violation> {
    let sums = Sums::of(values, weights)?;
    let own = weights.with_self();
    let window = |area: usize| Window::of(area, &own, &sums.centred);
    let of_area = |area: usize| {
        let window = window(area);
        (window.z(0.0, sums.squares / sums.number, sums.number), window.neighbours)
    };
    Ok(told((0..values.len()).map(of_area)))
}

/// Gi: the areas that count for an area, itself left out, against the mean of
/// all other areas (Ord and Getis 1995).
///
/// # Errors
/// As [`getis_ord_star`].
pub fn getis_ord(values: &[f64], weights: &Weights) -> Result<Vec<LocalG>, Violation> {
    let sums = Sums::of(values, weights)?;
    let of_area = |area: usize| {
        let window = Window::of_others(area, weights, &sums.centred);
        let (own, others) = (sums.centred[area], sums.number - 1.0);
        let mean = -own / others;
        let variance = (sums.squares - own * own) / others - mean * mean;
        (window.z(mean, variance, others), window.neighbours)
    };
    Ok(told((0..values.len()).map(of_area)))
}

/// [`getis_ord_star`] of a grid with equal weights: each cell of the domain
/// with the up to eight around it in the domain. Cells outside the domain get
/// z = 0 and p = q = 1 and are not counted.
///
/// Cost: four additions a cell in place of a walk over its neighbours.
///
/// # Errors
/// Violates `areas: different_lengths` unless values and domain fill the same
/// whole rows of `columns`, and `value: not_finite` for a value of the domain
/// that is no number.
pub fn getis_ord_star_grid(
    columns: usize,
    values: &[f64],
    domain: &[bool],
) -> Result<Vec<LocalG>, Violation> {
    if columns == 0 || values.len() != domain.len() || !values.len().is_multiple_of(columns) {
        return Err(Violation::new("areas", "different_lengths"));
    }
    let cells: Vec<usize> = (0..values.len()).filter(|&cell| domain[cell]).collect();
    let sums = Sums::centred(cells.iter().map(|&cell| values[cell]).collect())?;
    let (mut centred, mut present) = (vec![0.0; values.len()], vec![0u32; values.len()]);
    for (&cell, value) in cells.iter().zip(&sums.centred) {
        centred[cell] = *value;
        present[cell] = 1;
    }
    let near = window_sums(columns, 1, &centred);
    let present = window_sums(columns, 1, &present);
    let of_cell = |&cell: &usize| {
        let weight = f64::from(present[cell]);
        let window = Window {
            sum: near[cell],
            weight,
            squares: weight,
            neighbours: present[cell].saturating_sub(1),
        };
        (window.z(0.0, sums.squares / sums.number, sums.number), window.neighbours)
    };
    let found = told(cells.iter().map(of_cell));
    let mut all = vec![LocalG { z: 0.0, p: 1.0, q: 1.0, neighbours: 0 }; values.len()];
    for (cell, found) in cells.into_iter().zip(found) {
        all[cell] = found;
    }
    Ok(all)
}

/// The local Moran of one area (Anselin 1995).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalMoran {
    /// Above 0 where the area and those around it differ from the mean in the
    /// same direction.
    pub i: f64,
    /// 1 high among high, 2 low among high, 3 low among low, 4 high among low.
    pub quadrant: u8,
}

/// The local Moran of each area by weights as they stand; peers standardise
/// them first ([`Weights::row_standardised`]). The variance divides by the
/// number of areas less one as esda does; spdep divides by their number.
///
/// # Errors
/// As [`getis_ord_star`].
pub fn local_moran(values: &[f64], weights: &Weights) -> Result<Vec<LocalMoran>, Violation> {
    let sums = Sums::of(values, weights)?;
    let variance = sums.squares / (sums.number - 1.0);
    let of_area = |area: usize| {
        let (own, near) = (sums.centred[area], Window::of(area, weights, &sums.centred).sum);
        let quadrant = match (own > 0.0, near > 0.0) {
            (true, true) => 1,
            (false, true) => 2,
            (false, false) => 3,
            (true, false) => 4,
        };
        LocalMoran { i: if variance > 0.0 { own * near / variance } else { 0.0 }, quadrant }
    };
    Ok((0..values.len()).map(of_area).collect())
}

/// Values less their mean; all 0 where nothing varies.
pub(super) fn centred(values: &[f64]) -> Result<Vec<f64>, Violation> {
    Ok(Sums::centred(values.to_vec())?.centred)
}

/// Values less their mean, the sum of their squares and their number.
struct Sums {
    centred: Vec<f64>,
    squares: f64,
    number: f64,
}

impl Sums {
    fn of(values: &[f64], weights: &Weights) -> Result<Self, Violation> {
        if values.len() != weights.len() {
            return Err(Violation::new("areas", "different_lengths"));
        }
        Self::centred(values.to_vec())
    }

    fn centred(mut values: Vec<f64>) -> Result<Self, Violation> {
        if !values.iter().all(|value| value.is_finite()) {
            return Err(Violation::new("value", "not_finite"));
        }
        #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^53 areas fit in memory")]
        let number = values.len() as f64;
        let mean = values.iter().sum::<f64>() / number;
        let largest = values.iter().map(|value| value.abs()).fold(0.0, f64::max);
        for value in &mut values {
            *value -= mean;
        }
        let squares: f64 = values.iter().map(|value| value * value).sum();
        // What rounding leaves of values that are all alike is no variation.
        if squares <= number * (1e-13 * largest).powi(2) {
            return Ok(Self { centred: vec![0.0; values.len()], squares: 0.0, number });
        }
        Ok(Self { centred: values, squares, number })
    }
}

/// What counts for one area.
struct Window {
    sum: f64,
    weight: f64,
    squares: f64,
    neighbours: u32,
}

impl Window {
    fn of(area: usize, weights: &Weights, values: &[f64]) -> Self {
        let mut window = Self::of_others(area, weights, values);
        for (_, weight) in weights.of(area).filter(|(other, _)| *other == area) {
            window.add(values[area], weight);
        }
        window
    }

    fn of_others(area: usize, weights: &Weights, values: &[f64]) -> Self {
        let mut window = Self { sum: 0.0, weight: 0.0, squares: 0.0, neighbours: 0 };
        for (other, weight) in weights.of(area).filter(|(other, _)| *other != area) {
            window.add(values[other], weight);
            window.neighbours += 1;
        }
        window
    }

    fn add(&mut self, value: f64, weight: f64) {
        self.sum += weight * value;
        self.weight += weight;
        self.squares += weight * weight;
    }

    /// The sum less what is expected, over its standard deviation when values
    /// of this mean and variance fall on `number` areas by chance.
    fn z(&self, mean: f64, variance: f64, number: f64) -> f64 {
        let spread = (number * self.squares - self.weight * self.weight) / (number - 1.0);
        if variance > 0.0 && spread > 1e-12 {
            (self.sum - self.weight * mean) / (variance * spread).sqrt()
        } else {
            0.0
        }
    }
}

fn told(areas: impl Iterator<Item = (f64, u32)>) -> Vec<LocalG> {
    let two_sided = |z: f64| erfc(z.abs() / std::f64::consts::SQRT_2);
    let of_area = |(z, neighbours)| LocalG { z, p: two_sided(z), q: 1.0, neighbours };
    let mut found: Vec<LocalG> = areas.map(of_area).collect();
    let p: Vec<f64> = found.iter().map(|area| area.p).collect();
    for (area, q) in found.iter_mut().zip(q_values(&p)) {
        area.q = q;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Neighbours;
    use proptest::prelude::*;

    fn square(edge: i64) -> Weights {
        let cells: Vec<_> = (0..edge * edge).map(|cell| (cell % edge, cell / edge)).collect();
        Weights::binary(&Neighbours::queen(&cells))
    }

    #[test]
    fn high_values_that_gather_stand_out_and_even_ones_say_nothing() {
        let mut values = vec![1.0; 64];
        for cell in [9, 10, 17, 18] {
            values[cell] = 9.0;
        }
        let found = getis_ord_star(&values, &square(8)).unwrap();
        assert!(found[9].z > 4.0 && found[9].q < 0.01 && found[63].z < 0.0);
        for even in getis_ord_star(&[0.1; 64], &square(8)).unwrap() {
            assert!(even.z.abs() <= 0.0 && even.p >= 1.0);
        }
    }

    #[test]
    fn an_area_alone_has_no_gi_but_a_gi_star() {
        let alone = Weights::from_pairs(4, &[(0, 1, 1.0), (1, 0, 1.0)]).unwrap();
        let values = [1.0, 2.0, 3.0, 9.0];
        let gi = getis_ord(&values, &alone).unwrap()[3];
        assert!(gi.z.abs() <= 0.0 && gi.neighbours == 0);
        assert!(getis_ord_star(&values, &alone).unwrap()[3].z > 1.0);
    }

    #[test]
    fn a_value_that_is_no_number_and_lists_of_different_lengths_are_refused() {
        let mut values = vec![1.0; 4];
        let refused = |values: &[f64]| getis_ord_star(values, &square(2)).unwrap_err();
        assert_eq!(refused(&values[1..]), Violation::new("areas", "different_lengths"));
        values[2] = f64::NAN;
        assert_eq!(refused(&values), Violation::new("value", "not_finite"));
        let grid = |columns| getis_ord_star_grid(columns, &[1.0; 6], &[true; 6]);
        assert_eq!(grid(4).unwrap_err(), Violation::new("areas", "different_lengths"));
        assert!(grid(0).is_err() && grid(3).is_ok());
    }

    proptest! {
        #[test]
        fn a_grid_has_the_numbers_of_its_neighbours(
            columns in 2u32..8,
            cells in prop::collection::vec((0.0f64..50.0, prop::bool::weighted(0.8)), 8..60),
        ) {
            let wide = columns as usize;
            let cells = &cells[..cells.len() / wide * wide];
            let (values, domain): (Vec<f64>, Vec<bool>) = cells.iter().copied().unzip();
            let inside: Vec<usize> = (0..cells.len()).filter(|&cell| domain[cell]).collect();
            let numbered = (0u32..).zip(&domain).filter(|(_, inside)| **inside);
            let position = |(cell, _)| (i64::from(cell % columns), i64::from(cell / columns));
            let positions: Vec<(i64, i64)> = numbered.map(position).collect();
            let weights = Weights::binary(&Neighbours::queen(&positions));
            let known: Vec<f64> = inside.iter().map(|&cell| values[cell]).collect();
            let known = getis_ord_star(&known, &weights).unwrap();
            let found = getis_ord_star_grid(wide, &values, &domain).unwrap();
            for (&cell, known) in inside.iter().zip(known) {
                prop_assert!((found[cell].z - known.z).abs() < 1e-8, "{:?} {known:?}", found[cell]);
                prop_assert!((found[cell].q - known.q).abs() < 1e-8);
                prop_assert_eq!(found[cell].neighbours, known.neighbours);
            }
        }

        #[test]
        fn adding_a_constant_and_stretching_changes_no_z(
            values in prop::collection::vec(0.0f64..9.0, 36), add in -1e3f64..1e3, by in 0.1f64..50.0,
        ) {
            let moved: Vec<f64> = values.iter().map(|value| add + by * value).collect();
            for star in [getis_ord_star, getis_ord] {
                let (here, there) = (star(&values, &square(6)).unwrap(), star(&moved, &square(6)).unwrap());
                for (here, there) in here.into_iter().zip(there) {
                    prop_assert!((here.z - there.z).abs() < 1e-7, "{here:?} {there:?}");
                }
            }
        }
    }
}
