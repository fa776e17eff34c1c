//! Squares of the Web Mercator map, as every web map numbers them.

use super::Extent;
use crate::domain::{Position, Violation};
use std::f64::consts::PI;

/// Units across a tile, in which its geometry is written.
pub const TILE_UNITS: f64 = 4096.0;

/// One square of the map: column `x` from the west, row `y` from the north, of
/// the 2^z × 2^z squares of zoom `z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tile {
    z: u8,
    x: u32,
    y: u32,
}

impl Tile {
    /// The deepest zoom: a tile is 10 m wide at the equator.
    pub const DEEPEST: u8 = 22;

    /// The tile with these numbers.
    ///
    /// # Errors
    /// Violates `z`, `x` or `y` with `out_of_range`.
    pub fn new(z: u8, x: u32, y: u32) -> Result<Self, Violation> {
        if z > Self::DEEPEST {
            return Err(Violation::new("z", "out_of_range"));
        }
        for (field, number) in [("x", x), ("y", y)] {
            if number >> z != 0 {
                return Err(Violation::new(field, "out_of_range"));
            }
        }
        Ok(Self { z, x, y })
    }

    /// The tile with these numbers as texts.
    ///
    /// # Errors
    /// As [`Tile::new`], and `number_form` for a text that is no whole number.
    pub fn parse(z: &str, x: &str, y: &str) -> Result<Self, Violation> {
        let number = |field: &'static str, text: &str| {
            let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            if !plain {
                return Err(Violation::new(field, "number_form"));
            }
            text.parse::<u32>().map_err(|_large| Violation::new(field, "out_of_range"))
        };
        let (z, x, y) = (number("z", z)?, number("x", x)?, number("y", y)?);
        let z = u8::try_from(z).map_err(|_large| Violation::new("z", "out_of_range"))?;
        Self::new(z, x, y)
    }

    /// The tile of zoom `z` that a position lies in; positions beyond 85° of
    /// latitude lie in the last row.
    #[must_use]
    pub fn at(z: u8, position: Position) -> Self {
        let z = z.min(Self::DEEPEST);
        let across = f64::from(1_u32 << z);
        let [x, y] = mercator(position);
        let number = |part: f64| whole((part * across).floor().clamp(0.0, across - 1.0));
        Self { z, x: number(x), y: number(y) }
    }

    /// Zoom.
    #[must_use]
    pub const fn z(self) -> u8 {
        self.z
    }

    /// Column, from the west.
    #[must_use]
    pub const fn x(self) -> u32 {
        self.x
    }

    /// Row, from the north.
    #[must_use]
    pub const fn y(self) -> u32 {
        self.y
    }

    /// Where a position lies in this tile, in its units: right and down from
    /// its north-western corner, outside it too.
    #[must_use]
    pub fn place(self, position: Position) -> [f64; 2] {
        let across = f64::from(1_u32 << self.z);
        let [x, y] = mercator(position);
        [
            (x * across - f64::from(self.x)) * TILE_UNITS,
            (y * across - f64::from(self.y)) * TILE_UNITS,
        ]
    }

    /// [`Tile::place`] for the many positions of one tile.
    #[must_use]
    pub fn placer(self) -> Placer {
        /// From here on the fourth term is less than 1e-4 of a unit.
        const SHALLOWEST: u8 = 10;
        if self.z < SHALLOWEST {
            return Placer { tile: self, near: None };
        }
        let middle = self.position([TILE_UNITS / 2.0, TILE_UNITS / 2.0]);
        let (tangent, secant) = {
            let latitude = middle.latitude.to_radians();
            (latitude.tan(), latitude.cos().recip())
        };
        let degree = 1_f64.to_radians();
        let around = f64::from(1_u32 << self.z) * TILE_UNITS;
        let first = -around / (2.0 * PI) * secant * degree;
        let second = first * tangent * degree / 2.0;
        let third = first * (tangent * tangent + secant * secant) * degree * degree / 6.0;
        Placer {
            tile: self,
            near: Some(Near { middle, right: around / 360.0, down: [first, second, third] }),
        }
    }

    /// The position at a place given in units.
    #[must_use]
    pub fn position(self, [right, down]: [f64; 2]) -> Position {
        let across = f64::from(1_u32 << self.z);
        let x = (f64::from(self.x) + right / TILE_UNITS) / across;
        let y = (f64::from(self.y) + down / TILE_UNITS) / across;
        Position {
            longitude: x * 360.0 - 180.0,
            latitude: (PI * (1.0 - 2.0 * y)).sinh().atan().to_degrees(),
        }
    }

    /// West, south, east and north in degrees, `margin` units wider on each side.
    #[must_use]
    pub fn extent(self, margin: f64) -> Extent {
        let north_west = self.position([-margin, -margin]);
        let south_east = self.position([TILE_UNITS + margin, TILE_UNITS + margin]);
        Extent {
            west: north_west.longitude,
            south: south_east.latitude,
            east: south_east.longitude,
            north: north_west.latitude,
        }
    }

    /// Metres on the ground of one unit in the middle of the tile.
    #[must_use]
    pub fn unit_m(self) -> f64 {
        const EQUATOR_M: f64 = 40_075_016.686;
        let middle = self.position([TILE_UNITS / 2.0, TILE_UNITS / 2.0]).latitude;
        let across = f64::from(1_u32 << self.z) * TILE_UNITS;
        EQUATOR_M / across * middle.to_radians().cos()
    }
}

/// Places positions in one tile: near its middle by the first terms of the
/// series of the projection, which costs neither a sine nor a logarithm.
#[derive(Debug, Clone, Copy)]
pub struct Placer {
    tile: Tile,
    near: Option<Near>,
}

/// The series around the middle of a tile, in units a degree, square degree
/// and cubic degree.
#[derive(Debug, Clone, Copy)]
struct Near {
    middle: Position,
    right: f64,
    down: [f64; 3],
}

impl Placer {
    /// As [`Tile::place`], within 1e-3 of a unit for a position in the tile.
    #[must_use]
    #[inline]
    #[expect(clippy::suboptimal_flops, reason = "where no instruction fuses them it is a call")]
    pub fn place(&self, position: Position) -> [f64; 2] {
        let Some(Near { middle, right, down: [first, second, third] }) = self.near else {
            return self.tile.place(position);
        };
        let north = position.latitude - middle.latitude;
        [
            TILE_UNITS / 2.0 + (position.longitude - middle.longitude) * right,
            TILE_UNITS / 2.0 + north * (first + north * (second + north * third)),
        ]
    }
}

/// A position as parts of the whole map, from its north-western corner.
fn mercator(position: Position) -> [f64; 2] {
    /// Where the square map ends.
    const LAST: f64 = 85.051_128_779_806_59;
    let sine = position.latitude.clamp(-LAST, LAST).to_radians().sin();
    // asinh(tan φ), in half of the time.
    let north = ((1.0 + sine) / (1.0 - sine)).ln() / 2.0;
    [(position.longitude + 180.0) / 360.0, (1.0 - north / PI) / 2.0]
}

/// A whole number from 0 up to 2^22.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
const fn whole(value: f64) -> u32 {
    value as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn kungshamn_lies_in_the_tile_that_other_maps_say() {
        // Computed by the same formula in Python.
        let kungshamn = Position { longitude: 11.2494, latitude: 58.3614 };
        assert_eq!(Tile::at(12, kungshamn), Tile::new(12, 2175, 1225).unwrap());
        assert_eq!(Tile::at(0, kungshamn), Tile::new(0, 0, 0).unwrap());
    }

    #[test]
    fn numbers_that_name_no_tile_say_which_is_wrong() {
        let refused = |z, x, y| {
            let violation = Tile::parse(z, x, y).unwrap_err();
            (violation.field, violation.rule)
        };
        assert_eq!(refused("23", "0", "0"), ("z".to_owned(), "out_of_range"));
        assert_eq!(refused("300", "0", "0"), ("z".to_owned(), "out_of_range"));
        assert_eq!(refused("3", "8", "0"), ("x".to_owned(), "out_of_range"));
        assert_eq!(refused("3", "0", "99999999999"), ("y".to_owned(), "out_of_range"));
        for text in ["", "-1", "+1", "1.0", " 1", "x"] {
            assert_eq!(refused("3", "1", text), ("y".to_owned(), "number_form"), "{text:?}");
        }
        assert_eq!(Tile::parse("3", "7", "0").unwrap(), Tile::new(3, 7, 0).unwrap());
    }

    proptest! {
        #[test]
        fn many_are_placed_where_each_is(
            longitude in -179.9..179.9_f64, latitude in -85.0..85.0_f64,
            right in 0.0..=TILE_UNITS, down in 0.0..=TILE_UNITS, z in 0..=Tile::DEEPEST,
        ) {
            let tile = Tile::at(z, Position { longitude, latitude });
            let position = tile.position([right, down]);
            let placed = tile.placer().place(position);
            for (placed, exact) in placed.into_iter().zip(tile.place(position)) {
                prop_assert!((placed - exact).abs() < 1e-3, "{placed} for {exact}");
            }
        }

        #[test]
        fn a_place_in_a_tile_is_the_position_again(
            longitude in -179.9..179.9_f64, latitude in -85.0..85.0_f64, z in 0..=Tile::DEEPEST,
        ) {
            let position = Position { longitude, latitude };
            let tile = Tile::at(z, position);
            let [right, down] = tile.place(position);
            prop_assert!((-1e-3..=TILE_UNITS + 1e-3).contains(&right));
            prop_assert!((-1e-3..=TILE_UNITS + 1e-3).contains(&down));
            let again = tile.position([right, down]);
            prop_assert!((again.longitude - longitude).abs() < 1e-9);
            prop_assert!((again.latitude - latitude).abs() < 1e-9);
        }
    }
}
