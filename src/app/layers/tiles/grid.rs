//! The squares of a tile, in which events are counted.

use crate::spatial::Spot;
use fyren_core::domain::Position;
use fyren_core::plane::{TILE_UNITS, Tile};

/// Squares along a side: eight pixels of a map.
const SIDE: usize = 64;

/// What a square holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cell {
    /// How many events.
    pub count: u32,
    /// Where its first event came from.
    pub part: usize,
    /// Whether all came from there and have one category.
    pub alike: bool,
    /// The number of the category of its first event there.
    pub category: u16,
    sums: [i64; 2],
}

/// The edges of a tile, in 1e-7 degrees.
pub struct Frame {
    north: i64,
    south: i64,
    west: i64,
    /// Columns in 1e-7 degree.
    columns: f64,
}

impl Frame {
    /// The edges of `tile`.
    pub fn new(tile: Tile) -> Self {
        let extent = tile.extent(0.0);
        let [west, east] = [extent.west, extent.east].map(fixed);
        let [north, south] = [extent.north, extent.south].map(fixed);
        Self { north, south, west, columns: side() / to_f64(east - west) }
    }

    /// Whether a position lies in the tile: half open, so that each lies in
    /// one tile.
    pub fn holds(&self, at: [i32; 2]) -> bool {
        self.column(at).is_some()
    }

    fn column(&self, at: [i32; 2]) -> Option<usize> {
        let [longitude, latitude] = at.map(i64::from);
        if latitude > self.north || latitude <= self.south || longitude < self.west {
            return None;
        }
        let column = index(to_f64(longitude - self.west) * self.columns);
        (column < SIDE).then_some(column)
    }
}

/// The squares of one tile, row by row from the north.
pub struct Cells<'f> {
    frame: &'f Frame,
    /// The northern edge of each row and the southern edge of the last, in
    /// 1e-7 degrees.
    edges: [i64; SIDE + 1],
    squares: Vec<Cell>,
    side: usize,
}

impl<'f> Cells<'f> {
    /// Empty squares of `tile`, whose edges are `frame`.
    pub fn new(tile: Tile, frame: &'f Frame) -> Self {
        let mut edges = [0; SIDE + 1];
        for (edge, down) in edges.iter_mut().zip(0_u16..) {
            let units = f64::from(down) * TILE_UNITS / side();
            *edge = fixed(tile.position([0.0, units]).latitude);
        }
        let squares = vec![Cell::default(); SIDE * SIDE];
        Self { frame, edges, squares, side: SIDE }
    }

    /// Counts an event that lies in the tile; any other is not counted.
    pub fn add(&mut self, part: usize, spot: Spot) {
        let Some(at) = self.cell_of(spot.at) else { return };
        let cell = &mut self.squares[at];
        if cell.count == 0 {
            *cell = Cell { part, alike: true, category: spot.category, ..*cell };
        }
        cell.alike &= cell.part == part && cell.category == spot.category;
        cell.count += 1;
        for (sum, degrees) in cell.sums.iter_mut().zip(spot.at) {
            *sum += i64::from(degrees);
        }
    }

    /// The squares that hold something, in order.
    pub fn filled(&self) -> impl Iterator<Item = &Cell> {
        self.squares.iter().filter(|cell| cell.count > 0)
    }

    /// Puts four squares into one; `false` where there is only one left.
    pub fn coarsen(&mut self) -> bool {
        if self.side == 1 {
            return false;
        }
        let side = self.side / 2;
        let mut cells = vec![Cell::default(); side * side];
        for (at, cell) in self.squares.iter().enumerate().filter(|(_, cell)| cell.count > 0) {
            let into = &mut cells[at / self.side / 2 * side + at % self.side / 2];
            into.absorb(cell);
        }
        (self.squares, self.side) = (cells, side);
        true
    }

    /// The square of a position.
    fn cell_of(&self, at: [i32; 2]) -> Option<usize> {
        let column = self.frame.column(at)?;
        let latitude = i64::from(at[1]);
        let Frame { north, south, .. } = *self.frame;
        // Rows are almost evenly high: the guess is right or one beside.
        let part = to_f64(north - latitude) / to_f64(north - south);
        let mut row = index(part * side()).min(SIDE - 1);
        while latitude > self.edges[row] {
            row -= 1;
        }
        while latitude <= self.edges[row + 1] {
            row += 1;
        }
        Some(row * SIDE + column)
    }
}

impl Cell {
    /// The mean of its positions.
    pub fn middle(&self) -> Position {
        let mean = |sum: i64| to_f64(sum) / f64::from(self.count.max(1)) / 1e7;
        Position { longitude: mean(self.sums[0]), latitude: mean(self.sums[1]) }
    }

    fn absorb(&mut self, other: &Self) {
        if self.count == 0 {
            *self = *other;
            return;
        }
        self.alike &= other.alike && (self.part, self.category) == (other.part, other.category);
        self.count += other.count;
        self.sums = [0, 1].map(|axis| self.sums[axis] + other.sums[axis]);
    }
}

const fn side() -> f64 {
    64.0
}

#[expect(clippy::cast_possible_truncation, reason = "180e7 fits")]
fn fixed(degrees: f64) -> i64 {
    (degrees * 1e7).round() as i64
}

#[expect(clippy::cast_precision_loss, reason = "sums of 4 billion positions keep 1e-3 of a metre")]
const fn to_f64(value: i64) -> f64 {
    value as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "callers pass what is not negative, and compare with the side"
)]
const fn index(value: f64) -> usize {
    value as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn world() -> Tile {
        Tile::new(0, 0, 0).unwrap()
    }

    fn spot(longitude: f64, latitude: f64) -> Spot {
        let [x, y] = [longitude, latitude].map(|at| i32::try_from(fixed(at)).unwrap());
        Spot { at: [x, y], row: 0, category: 0 }
    }

    proptest! {
        #[test]
        fn each_position_is_counted_in_one_tile_of_every_zoom(
            longitude in -179.9..179.9_f64, latitude in -84.9..84.9_f64, z in 1_u8..=18,
        ) {
            let at = spot(longitude, latitude);
            let home = Tile::at(z, Position { longitude, latitude });
            let near = |number: u32| number.saturating_sub(1)..(number + 2).min(1 << z);
            let mut counted = 0;
            for (x, y) in near(home.x()).flat_map(|x| near(home.y()).map(move |y| (x, y))) {
                let tile = Tile::new(z, x, y).unwrap();
                let frame = Frame::new(tile);
                let mut cells = Cells::new(tile, &frame);
                cells.add(0, at);
                let held = cells.filled().map(|cell| cell.count as usize).sum::<usize>();
                prop_assert_eq!(held, usize::from(frame.holds(at.at)));
                counted += held;
            }
            prop_assert_eq!(counted, 1);
        }

        #[test]
        fn coarser_squares_hold_as_many_in_the_same_middle(
            places in prop::collection::vec((11.2..11.3_f64, 58.3..58.4_f64), 1..40),
        ) {
            let frame = Frame::new(world());
            let mut cells = Cells::new(world(), &frame);
            for (longitude, latitude) in &places {
                cells.add(0, spot(*longitude, *latitude));
            }
            while cells.coarsen() {}
            let all: Vec<&Cell> = cells.filled().collect();
            prop_assert_eq!(all.len(), 1);
            prop_assert_eq!(all[0].count as usize, places.len());
            let mean = places.iter().map(|at| at.0).sum::<f64>() / f64::from(all[0].count);
            prop_assert!((all[0].middle().longitude - mean).abs() < 1e-6);
        }
    }

    #[test]
    fn a_category_is_told_only_where_all_share_it() {
        let frame = Frame::new(world());
        let mut cells = Cells::new(world(), &frame);
        cells.add(0, spot(11.0, 58.0));
        cells.add(0, spot(11.0, 58.0));
        assert!(cells.filled().all(|cell| cell.alike && cell.count == 2));
        cells.add(0, Spot { category: 1, ..spot(11.0, 58.0) });
        assert!(cells.filled().all(|cell| !cell.alike && cell.count == 3));
    }
}
