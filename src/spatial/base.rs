//! The settled events: columns under a bulk-loaded R*-tree (Beckmann and others
//! 1990; bulk loading after Lee and Lee 2003, as `rstar` does it).

use super::columns::Columns;
use super::filter::{Bounds, Disc};
use super::packed::Fresh;
use fyren_core::domain::{Plane, Position};
use fyren_core::plane::Projection;
use rstar::primitives::GeomWithData;
use rstar::{AABB, Envelope, RTree};

/// A plane position with its row.
pub type Leaf = GeomWithData<[f64; 2], u32>;

/// Events in the order of their identities, and where they are.
#[derive(Default)]
pub struct Base {
    pub columns: Columns,
    tree: RTree<Leaf>,
}

impl Base {
    /// Settles events that come in any order; `leaves` holds the positions of
    /// those that have one. Costs O(n log n).
    pub fn new(mut columns: Columns, mut leaves: Vec<Leaf>) -> Self {
        if !columns.ids.is_sorted() {
            let mut rows: Vec<u32> = (0..to_row(columns.len())).collect();
            rows.sort_unstable_by_key(|row| columns.ids[*row as usize]);
            let mut places = vec![0; rows.len()];
            for (new, old) in (0..).zip(&rows) {
                places[*old as usize] = new;
            }
            columns = columns.ordered(&rows);
            for leaf in &mut leaves {
                leaf.data = places[leaf.data as usize];
            }
        }
        columns.shrink();
        Self { columns, tree: RTree::bulk_load(leaves) }
    }

    /// These events without the rows `hidden`, and with `fresh` ones. Both are
    /// sorted, and no identity comes twice.
    pub fn merged(&self, hidden: &[u32], fresh: &[Fresh]) -> Self {
        let mut columns = Columns::default();
        let mut places = vec![u32::MAX; self.columns.len()];
        let mut leaves = Vec::with_capacity(self.tree.size() + fresh.len());
        let mut fresh = fresh.iter().peekable();
        let mut hidden = hidden.iter().peekable();
        let mut push = |columns: &mut Columns, next: &Fresh| {
            if let Some(Plane { east, north }) = next.plane {
                leaves.push(Leaf::new([east, north], to_row(columns.len())));
            }
            columns.push(&next.packed);
        };
        for (row, place) in places.iter_mut().enumerate() {
            if hidden.next_if(|gone| **gone as usize == row).is_some() {
                continue;
            }
            while let Some(next) = fresh.next_if(|next| next.packed.id < self.columns.ids[row]) {
                push(&mut columns, next);
            }
            *place = to_row(columns.len());
            columns.push(&self.columns.packed(row));
        }
        for next in fresh {
            push(&mut columns, next);
        }
        let kept = self.tree.iter().map(|leaf| (leaf, places[leaf.data as usize]));
        let kept = kept.filter(|(_, place)| *place != u32::MAX);
        leaves.extend(kept.map(|(leaf, place)| Leaf::new(*leaf.geom(), place)));
        Self::new(columns, leaves)
    }

    /// Every position with its row, in no order.
    pub fn leaves(&self) -> impl Iterator<Item = (Plane, usize)> {
        self.tree.iter().map(leaf)
    }

    /// The rows whose position lies in `disc`, in no order.
    pub fn in_disc(&self, disc: Disc) -> impl Iterator<Item = (Plane, usize)> {
        let Plane { east, north } = disc.centre;
        self.tree.locate_within_distance([east, north], disc.radius_m * disc.radius_m).map(leaf)
    }

    /// The rows whose position lies in or near `bounds`, in no order; whoever
    /// asks checks each.
    pub fn near_box(
        &self,
        bounds: Bounds,
        projection: &Projection,
    ) -> impl Iterator<Item = (Plane, usize)> {
        let [low, high] = envelope(bounds, projection);
        self.tree.locate_in_envelope(&AABB::from_corners(low, high)).map(leaf)
    }

    /// Whether `bounds` hold about a quarter of the ground of all positions or
    /// more: then it is quicker to look at every event in order.
    pub fn mostly_in(&self, bounds: Bounds, projection: &Projection) -> bool {
        let ground = self.tree.root().envelope();
        let [low, high] = envelope(bounds, projection);
        let shared = AABB::from_corners(low, high).intersection_area(&ground);
        shared * 4.0 >= ground.area()
    }

    /// Bytes of the tree, as far as they can be told from outside: a node a
    /// position, and a parent to every few.
    pub fn tree_bytes(&self) -> usize {
        self.tree.size() * size_of::<rstar::RTreeNode<Leaf>>() * 5 / 4
    }
}

fn leaf(leaf: &Leaf) -> (Plane, usize) {
    let [east, north] = *leaf.geom();
    (Plane { east, north }, leaf.data as usize)
}

/// Numbers of rows fit 32 bits: 4 billion events of one municipality do not
/// fit the memory of any machine.
#[expect(clippy::cast_possible_truncation, reason = "see above")]
pub const fn to_row(number: usize) -> u32 {
    number as u32
}

/// A box of the plane that covers a box in degrees. Its edges bend in the
/// plane, so they are followed in steps; the margin covers what lies between.
fn envelope(bounds: Bounds, projection: &Projection) -> [[f64; 2]; 2] {
    /// Within this the bend is lost in the margin: a line of 5 km strays less
    /// than a metre.
    const STEP_DEGREES: f64 = 0.045;
    const MOST_STEPS: u32 = 16;
    let (low, high) = (bounds.south_west, bounds.north_east);
    let (width, height) = (high.longitude - low.longitude, high.latitude - low.latitude);
    let mut corners = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
    let steps = (1..MOST_STEPS).find(|steps| f64::from(*steps) * STEP_DEGREES >= width.max(height));
    let steps = steps.unwrap_or(MOST_STEPS);
    for step in 0..=steps {
        let part = f64::from(step) / f64::from(steps);
        let (east, north) = (low.longitude + part * width, low.latitude + part * height);
        let edge = [
            (east, low.latitude),
            (east, high.latitude),
            (low.longitude, north),
            (high.longitude, north),
        ];
        for (longitude, latitude) in edge {
            let at = projection.forward(Position { longitude, latitude });
            corners[0] = [corners[0][0].min(at.east), corners[0][1].min(at.north)];
            corners[1] = [corners[1][0].max(at.east), corners[1][1].max(at.north)];
        }
    }
    let margin = |from: f64, to: f64| (to - from).mul_add(0.01, 1.0);
    let x = margin(corners[0][0], corners[1][0]);
    let y = margin(corners[0][1], corners[1][1]);
    [[corners[0][0] - x, corners[0][1] - y], [corners[1][0] + x, corners[1][1] + y]]
}
