//! Densities month by month, so that any window is a sum and a new event
//! costs one patch.

use super::splat::{Splat, UNITS, as_f64};
use super::{Kernel, Sums, Surface, Weighted};
use crate::domain::Violation;
use crate::plane::Grid;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ops::Range;

/// The exact densities of one grid and kernel by key (a source and a category,
/// say) and month, and of each four and each sixteen months together.
///
/// A density is linear: that of a window is the sum of its months, that of
/// several keys the sum of theirs. Values are whole multiples of 2⁻⁴⁰ of the
/// kernel's peak, so a structure that events have come to and gone from is, bit
/// for bit, the one that is rebuilt from those that are left, in any order.
///
/// Only tiles of 32 × 32 cells that an event reaches are kept: 8 kB each, three
/// times over. A year over villages on cells of 100 m is about 2 MB a key.
///
/// *Weakness:* months are whole; a window that starts within one needs
/// [`super::density`] for its ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Monthly<K> {
    grid: Grid,
    kernel: Kernel,
    series: BTreeMap<K, Series>,
}

/// Months in one stretch, coarsest first.
const STRETCHES: [i32; 3] = [16, 4, 1];

/// Edge of a tile in cells.
const TILE: usize = 32;

/// What belongs to one key: by stretch its tiles.
#[derive(Debug, Clone, PartialEq, Default)]
struct Series {
    stretches: [BTreeMap<i32, Tiles>; STRETCHES.len()],
    weight: f64,
}

/// Units of the cells of each tile that holds any.
type Tiles = BTreeMap<usize, Vec<i64>>;

impl<K: Ord + Clone + Sync> Monthly<K> {
    /// Densities without events.
    #[must_use]
    pub const fn new(grid: Grid, kernel: Kernel) -> Self {
        Self { grid, kernel, series: BTreeMap::new() }
    }

    /// The grid.
    #[must_use]
    pub const fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The kernel.
    #[must_use]
    pub const fn kernel(&self) -> Kernel {
        self.kernel
    }

    /// Adds an event to a month, counted from any fixed one (year × 12 + month,
    /// say); the same event with its weight negated takes it away.
    ///
    /// Cost: three times the cells within reach of the kernel, below 0.1 ms. An
    /// event whose position or weight is not a number, or that reaches no cell,
    /// adds nothing and weighs nothing.
    ///
    /// # Errors
    /// Violates `points: too_heavy` when the events of this key together weigh
    /// [`Sums::HEAVIEST`] or more; then it has not been added.
    pub fn add(&mut self, key: &K, month: i32, event: Weighted) -> Result<(), Violation> {
        if !event.is_number() {
            return Ok(());
        }
        let weight = self.series.get(key).map_or(0.0, |series| series.weight) + event.weight;
        if weight.abs() >= Sums::HEAVIEST || event.weight.abs() >= Sums::HEAVIEST {
            return Err(Violation::new("points", "too_heavy"));
        }
        let splat = Splat::new(&self.grid, self.kernel, event);
        if splat.is_nothing() {
            return Ok(());
        }
        let across = self.grid.columns().div_ceil(TILE);
        let series = self.series.entry(key.clone()).or_default();
        series.weight = weight;
        for (months, stretches) in STRETCHES.iter().zip(&mut series.stretches) {
            let index = month.div_euclid(*months);
            let tiles = stretches.entry(index).or_default();
            lay(&splat, across, tiles);
            if tiles.is_empty() {
                stretches.remove(&index);
            }
        }
        if series.stretches.iter().all(BTreeMap::is_empty) {
            self.series.remove(key);
        }
        Ok(())
    }

    /// How many tiles of 8 kB are kept. Cost: keys × stretches.
    #[must_use]
    pub fn tiles(&self) -> usize {
        let all = self.series.values().flat_map(|series| &series.stretches);
        all.flat_map(BTreeMap::values).map(BTreeMap::len).sum()
    }

    /// The density of the months from `months.start` to before `months.end` of
    /// all keys that are `wanted`, in events per square metre of the whole
    /// window ([`Surface::per_km2_year`] makes it yearly).
    ///
    /// Cost: cells × the stretches that make up the window, at most 12 and one
    /// for each 16 months, for each key.
    #[must_use]
    pub fn density(&self, months: Range<i32>, wanted: impl Fn(&K) -> bool) -> Surface {
        let chosen: Vec<&Tiles> = self
            .series
            .iter()
            .filter(|(key, _)| wanted(key))
            .flat_map(|(_, series)| series.within(&months))
            .collect();
        let columns = self.grid.columns();
        let mut values = vec![0.0; self.grid.len()];
        let unit = self.kernel.peak() / UNITS;
        values.par_chunks_mut(columns * TILE).enumerate().for_each(|(strip, out)| {
            let across = columns.div_ceil(TILE);
            for tile in 0..across {
                let Some(units) = summed(&chosen, strip * across + tile) else { continue };
                for (line, out) in units.chunks_exact(TILE).zip(out.chunks_exact_mut(columns)) {
                    for (out, &units) in out[tile * TILE..].iter_mut().zip(line) {
                        *out = as_f64(units) * unit;
                    }
                }
            }
        });
        Surface { grid: self.grid, values }
    }

    /// The largest difference between the cells of two structures in any
    /// month, four or sixteen months, as a share of the largest value: 0 for one
    /// that has been kept up to date and one that has been rebuilt. Structures
    /// of another grid or kernel differ infinitely.
    #[must_use]
    pub fn drift(&self, rebuilt: &Self) -> f64 {
        if self.grid != rebuilt.grid || self.kernel != rebuilt.kernel {
            return f64::INFINITY;
        }
        let (mut most, mut worst) = (0.0_f64, 0.0_f64);
        for (one, other) in [(self, rebuilt), (rebuilt, self)] {
            for (key, series) in &one.series {
                for (level, stretches) in series.stretches.iter().enumerate() {
                    for (index, tiles) in stretches {
                        let same = other.tiles_of(key, level, *index);
                        let (value, off) = difference(tiles, same);
                        (most, worst) = (most.max(value), worst.max(off));
                    }
                }
            }
        }
        if worst > 0.0 { worst / most } else { 0.0 }
    }

    fn tiles_of(&self, key: &K, level: usize, index: i32) -> Option<&Tiles> {
        self.series.get(key)?.stretches[level].get(&index)
    }
}

impl Series {
    /// The fewest stretches that make up a window, empty ones left out.
    fn within(&self, months: &Range<i32>) -> Vec<&Tiles> {
        let [.., single] = &self.stretches;
        let (Some((&first, _)), Some((&last, _))) =
            (single.first_key_value(), single.last_key_value())
        else {
            return Vec::new();
        };
        let (mut month, end) = (months.start.max(first), months.end.min(last + 1));
        let mut found = Vec::new();
        while month < end {
            let fits = |stretch: i32| month.rem_euclid(stretch) == 0 && month + stretch <= end;
            let level = STRETCHES.iter().position(|&stretch| fits(stretch));
            let level = level.unwrap_or(STRETCHES.len() - 1);
            found.extend(self.stretches[level].get(&month.div_euclid(STRETCHES[level])));
            month += STRETCHES[level];
        }
        found
    }
}

/// Adds an event to the tiles that it reaches; those that are empty then go.
fn lay(splat: &Splat, across: usize, tiles: &mut Tiles) {
    let reached = |cells: &Range<usize>| cells.start / TILE..cells.end.div_ceil(TILE);
    if splat.columns.is_empty() {
        return;
    }
    for strip in reached(&splat.rows) {
        for column in reached(&splat.columns) {
            let tile = strip * across + column;
            let units = tiles.entry(tile).or_insert_with(|| vec![0; TILE * TILE]);
            for (line, out) in units.chunks_exact_mut(TILE).enumerate() {
                let row = strip * TILE + line;
                if splat.rows.contains(&row) {
                    splat.add(row, column * TILE, out);
                }
            }
            if units.iter().all(|&units| units == 0) {
                tiles.remove(&tile);
            }
        }
    }
}

/// The sum of one tile over all that have it.
fn summed(chosen: &[&Tiles], tile: usize) -> Option<Vec<i64>> {
    let mut found = chosen.iter().filter_map(|tiles| tiles.get(&tile));
    let mut sum = found.next()?.clone();
    for units in found {
        for (sum, &units) in sum.iter_mut().zip(units) {
            *sum = sum.wrapping_add(units);
        }
    }
    Some(sum)
}

/// The largest value of some tiles and their largest difference from others.
fn difference(tiles: &Tiles, others: Option<&Tiles>) -> (f64, f64) {
    let (mut most, mut worst) = (0_u64, 0_u64);
    for (tile, units) in tiles {
        let other = others.and_then(|others| others.get(tile));
        for (cell, &units) in units.iter().enumerate() {
            most = most.max(units.unsigned_abs());
            worst = worst.max(units.abs_diff(other.map_or(0, |other| other[cell])));
        }
    }
    (as_f64(most.cast_signed()), as_f64(worst.cast_signed()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::density;
    use crate::domain::Plane;
    use proptest::prelude::*;

    fn grid() -> Grid {
        Grid::new(Plane { east: 280_000.0, north: 6_470_000.0 }, 100.0, 75, 50).unwrap()
    }

    fn event((x, y): (f64, f64)) -> Weighted {
        Weighted { at: Plane { east: 280_000.0 + x, north: 6_470_000.0 + y }, weight: 1.0 }
    }

    fn kept(events: &[(u8, i32, (f64, f64))]) -> Monthly<u8> {
        let mut monthly = Monthly::new(grid(), Kernel::default());
        for &(key, month, offset) in events {
            monthly.add(&key, month, event(offset)).unwrap();
        }
        monthly
    }

    fn events() -> impl Strategy<Value = Vec<(u8, i32, (f64, f64))>> {
        let place = (-500.0f64..8000.0, -500.0f64..5500.0);
        prop::collection::vec((0u8..3, -20i32..60, place), 1..40)
    }

    #[test]
    fn an_event_outside_the_grid_leaves_no_tile_behind() {
        let monthly = kept(&[(0, 3, (-9000.0, 100.0)), (0, 3, (100.0, 90_000.0))]);
        assert_eq!(monthly.tiles(), 0);
        assert_eq!(monthly, Monthly::new(grid(), Kernel::default()));
    }

    #[test]
    fn too_much_weight_is_refused_and_not_added() {
        let mut monthly = kept(&[(0, 3, (500.0, 500.0))]);
        let before = monthly.clone();
        let heavy = Weighted { weight: Sums::HEAVIEST, ..event((500.0, 500.0)) };
        let refused = monthly.add(&0, 3, heavy);
        assert_eq!(refused, Err(Violation::new("points", "too_heavy")));
        assert_eq!(monthly, before);
    }

    #[test]
    fn a_forgotten_event_is_drift_and_so_is_another_kernel() {
        let all = kept(&[(0, 3, (500.0, 500.0)), (1, 4, (900.0, 900.0))]);
        let some = kept(&[(0, 3, (500.0, 500.0))]);
        assert!(all.drift(&some) > 0.9 && some.drift(&all) > 0.9);
        assert!(all.drift(&Monthly::new(grid(), Kernel::quartic(500.0).unwrap())).is_infinite());
    }

    proptest! {
        #[test]
        fn a_window_is_the_density_of_its_events(
            events in events(), start in -30i32..60, length in 0i32..90, key in 0u8..3,
        ) {
            let months = start..start + length;
            let found = kept(&events).density(months.clone(), |k| *k != key);
            let inside = events.iter().filter(|(k, month, _)| *k != key && months.contains(month));
            let points: Vec<Weighted> = inside.map(|(.., offset)| event(*offset)).collect();
            prop_assert_eq!(found, density(&grid(), Kernel::default(), &points).unwrap());
        }

        #[test]
        fn what_is_added_and_removed_is_what_is_rebuilt(events in events(), stay in 0usize..40) {
            let stay = stay.min(events.len());
            let mut monthly = kept(&events);
            for &(key, month, offset) in &events[stay..] {
                let gone = Weighted { weight: -1.0, ..event(offset) };
                monthly.add(&key, month, gone).unwrap();
            }
            let mut left = events[..stay].to_vec();
            left.reverse();
            let rebuilt = kept(&left);
            prop_assert!(monthly.drift(&rebuilt) <= 0.0);
            prop_assert_eq!(monthly, rebuilt);
        }
    }
}
