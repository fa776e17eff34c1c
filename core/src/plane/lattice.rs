//! The fixed lattice of public releases: six nested sizes of square cells in
//! SWEREF 99 TM, the same for ever and for every municipality.

use super::Extent;
use crate::domain::Plane;
use geo_types::{Polygon, Rect, coord};

/// The edge of a lattice cell; each is twice the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CellSize {
    /// 100 metres.
    M100,
    /// 200 metres.
    M200,
    /// 400 metres.
    M400,
    /// 800 metres.
    M800,
    /// 1 600 metres.
    M1600,
    /// 3 200 metres.
    M3200,
}

impl CellSize {
    /// Every size, the smallest first.
    pub const ALL: [Self; 6] =
        [Self::M100, Self::M200, Self::M400, Self::M800, Self::M1600, Self::M3200];

    /// The edge in metres.
    #[must_use]
    pub const fn metres(self) -> u32 {
        match self {
            Self::M100 => 100,
            Self::M200 => 200,
            Self::M400 => 400,
            Self::M800 => 800,
            Self::M1600 => 1600,
            Self::M3200 => 3200,
        }
    }

    /// The size with this edge in metres.
    #[must_use]
    pub fn of_metres(metres: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.metres() == metres)
    }

    /// The next larger size; `None` above 3 200 m.
    #[must_use]
    pub const fn larger(self) -> Option<Self> {
        match self {
            Self::M100 => Some(Self::M200),
            Self::M200 => Some(Self::M400),
            Self::M400 => Some(Self::M800),
            Self::M800 => Some(Self::M1600),
            Self::M1600 => Some(Self::M3200),
            Self::M3200 => None,
        }
    }
}

/// One cell of the lattice, written `{size}/{column}/{row}`; its south-west
/// corner is (column × size, row × size) in SWEREF 99 TM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellId {
    /// Edge.
    pub size: CellSize,
    /// Cells east of the origin.
    pub column: i32,
    /// Cells north of the origin.
    pub row: i32,
}

impl CellId {
    /// The cell of this size that holds a point of SWEREF 99 TM (west and
    /// south edges included); `None` for a point that is no number or further
    /// than 200 000 km away.
    #[must_use]
    pub fn at(point: Plane, size: CellSize) -> Option<Self> {
        let edge = f64::from(size.metres());
        Some(Self {
            size,
            column: whole((point.east / edge).floor())?,
            row: whole((point.north / edge).floor())?,
        })
    }

    /// Parses exactly what [`std::fmt::Display`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('/');
        let size = CellSize::of_metres(parts.next()?.parse().ok()?)?;
        let cell =
            Self { size, column: parts.next()?.parse().ok()?, row: parts.next()?.parse().ok()? };
        (parts.next().is_none() && cell.to_string() == text).then_some(cell)
    }

    /// The cell of the next larger size that holds this one.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        self.size.larger().map(|size| Self {
            size,
            column: self.column.div_euclid(2),
            row: self.row.div_euclid(2),
        })
    }

    /// The ground of this cell.
    #[must_use]
    pub fn extent(self) -> Extent {
        let edge = f64::from(self.size.metres());
        let (west, south) = (f64::from(self.column) * edge, f64::from(self.row) * edge);
        Extent { west, south, east: west + edge, north: south + edge }
    }

    /// The ground of this cell as a counter-clockwise square (x = east).
    #[must_use]
    pub fn polygon(self) -> Polygon<f64> {
        let Extent { west, south, east, north } = self.extent();
        Rect::new(coord! { x: west, y: south }, coord! { x: east, y: north }).to_polygon()
    }
}

impl std::fmt::Display for CellId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.size.metres(), self.column, self.row)
    }
}

fn whole(value: f64) -> Option<i32> {
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    let number = value as i32;
    (value.abs() < 2e9).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Area, Contains, Point};
    use proptest::prelude::*;

    #[test]
    fn kungshamn_bus_station_lies_in_the_cell_of_its_coordinates() {
        let at = Plane { east: 280_614.227, north: 6_475_068.243 };
        let cell = CellId::at(at, CellSize::M100).unwrap();
        assert_eq!(cell.to_string(), "100/2806/64750");
        assert_eq!(cell.parent().unwrap().to_string(), "200/1403/32375");
        assert_eq!(CellId { size: CellSize::M3200, column: 1, row: 1 }.parent(), None);
    }

    #[test]
    fn other_spellings_of_a_cell_are_refused() {
        for text in ["", "100/1", "100/1/2/3", "150/1/2", "100/01/2", "100/+1/2", "100/1/2 "] {
            assert_eq!(CellId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_cell_is_a_counter_clockwise_square() {
        let square = CellId { size: CellSize::M400, column: -1, row: 2 }.polygon();
        assert!((square.signed_area() - 160_000.0).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn every_parent_holds_the_point_of_its_child(
            east in -4e5f64..1e6, north in -1e5f64..8e6, size in 0usize..6,
        ) {
            let point = Plane { east, north };
            let mut cell = CellId::at(point, CellSize::ALL[size]);
            while let Some(at) = cell {
                prop_assert_eq!(CellId::parse(&at.to_string()), Some(at));
                prop_assert_eq!(CellId::at(point, at.size), Some(at));
                prop_assert!(at.extent().contains(point));
                if let Some(parent) = at.parent() {
                    prop_assert!(parent.polygon().contains(&Point::new(
                        f64::midpoint(at.extent().west, at.extent().east),
                        f64::midpoint(at.extent().south, at.extent().north),
                    )));
                }
                cell = at.parent();
            }
        }
    }
}
