//! The fixed lattice in SWEREF 99 TM.

use crate::domain::Plane;

/// Edges in metres, smallest first; each the double of the one before.
pub(super) const SIZES: [u32; 6] = [100, 200, 400, 800, 1600, 3200];

/// One cell: its south-west corner is (column × size, row × size).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Cell {
    pub size: u32,
    pub column: i32,
    pub row: i32,
}

impl Cell {
    /// The cell of edge `size` that holds `at`.
    pub fn of(at: Plane, size: u32) -> Self {
        let index = |metres: f64| {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "metres of a projection are below 10^7, and the cast saturates"
            )]
            let whole = (metres / f64::from(size)).floor() as i32;
            whole
        };
        Self { size, column: index(at.east), row: index(at.north) }
    }

    /// The cell of edge `size`, a multiple of this one's, that holds this one.
    pub fn ancestor(self, size: u32) -> Self {
        let times = i32::try_from(size / self.size).unwrap_or(i32::MAX);
        Self { size, column: self.column.div_euclid(times), row: self.row.div_euclid(times) }
    }

    /// Reads what [`Self::id`] writes, for the edges of the lattice.
    pub fn parse(id: &str) -> Option<Self> {
        let mut parts = id.split('/');
        let size = parts.next()?.parse().ok().filter(|size| SIZES.contains(size))?;
        let column = parts.next()?.parse().ok()?;
        let row = parts.next()?.parse().ok()?;
        parts.next().is_none().then_some(Self { size, column, row })
    }

    /// `{size}/{column}/{row}`.
    pub fn id(self) -> String {
        format!("{}/{}/{}", self.size, self.column, self.row)
    }
}
