//! Streets as a graph of plain arrays: how far it is, and how long it takes,
//! on foot and by car.

mod bytes;
mod search;
mod table;

pub use search::Route;

use crate::domain::Plane;
use rstar::RTree;
use rstar::primitives::GeomWithData;
use std::collections::HashMap;

crate::domain::code::code_enum! {
    /// What kind of road an edge is.
    pub enum RoadClass {
        /// A motorway or a trunk road.
        Motorway = "motorway",
        /// A primary or secondary road.
        Main = "main",
        /// A tertiary road.
        Middle = "middle",
        /// A residential street.
        Minor = "minor",
        /// A street for people on foot.
        Pedestrian = "pedestrian",
        /// A driveway, an alley.
        Service = "service",
        /// A farm or forest road.
        Track = "track",
        /// Steps.
        Steps = "steps",
        /// A footpath or a cycleway.
        Path = "path",
        /// A ferry.
        Ferry = "ferry",
    }
}

/// How somebody moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Travel {
    /// At 5 km/h, everywhere but on motorways and in any direction.
    OnFoot,
    /// At a speed by class, where cars may go.
    ByCar,
}

impl Travel {
    /// Metres a second on a road; `None` where one may not go. Speeds by car
    /// are what is driven on average, stops included, not what is allowed.
    #[must_use]
    pub const fn speed(self, class: RoadClass) -> Option<f64> {
        let kilometres = match (self, class) {
            (_, RoadClass::Ferry) => 10.0,
            (Self::OnFoot, RoadClass::Motorway) => return None,
            (Self::OnFoot, RoadClass::Steps) => 3.0,
            (Self::OnFoot, _) => 5.0,
            (Self::ByCar, RoadClass::Motorway) => 85.0,
            (Self::ByCar, RoadClass::Main) => 60.0,
            (Self::ByCar, RoadClass::Middle) => 45.0,
            (Self::ByCar, RoadClass::Minor) => 30.0,
            (Self::ByCar, RoadClass::Service | RoadClass::Track) => 15.0,
            (Self::ByCar, RoadClass::Pedestrian | RoadClass::Steps | RoadClass::Path) => {
                return None;
            }
        };
        Some(kilometres / 3.6)
    }
}

/// A stretch of road as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    /// Its course, in metres; it meets others where they share a point.
    pub course: Vec<Plane>,
    /// Its class.
    pub class: RoadClass,
    /// Whether it may be driven along its course, and against it.
    pub ways: [bool; 2],
}

/// One edge, between two nodes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// The node at its beginning.
    pub from: u32,
    /// The node at its end.
    pub to: u32,
    /// Metres.
    pub length_m: f32,
    /// Its class.
    pub class: RoadClass,
    /// Whether it may be driven from beginning to end, and back.
    pub ways: [bool; 2],
}

/// Nodes and edges. Every bend of a road is a node, so that the nearest node
/// is the nearest place on a road to within half a stretch.
#[derive(Debug)]
pub struct RoadGraph {
    nodes: Vec<Plane>,
    edges: Vec<Edge>,
    /// Where each node's edges begin in `near`.
    first: Vec<u32>,
    /// Edges by node, each twice.
    near: Vec<u32>,
    tree: RTree<GeomWithData<[f64; 2], u32>>,
}

impl RoadGraph {
    /// The graph of `stretches`. Points within a centimetre are one node.
    /// Costs O(n log n).
    #[must_use]
    pub fn of(stretches: impl IntoIterator<Item = Stretch>) -> Self {
        let (mut nodes, mut edges) = (Vec::new(), Vec::new());
        let mut known: HashMap<[i64; 2], u32> = HashMap::new();
        for stretch in stretches {
            let mut before = None;
            for at in &stretch.course {
                let node = *known.entry(centimetres(*at)).or_insert_with(|| {
                    nodes.push(*at);
                    number(nodes.len() - 1)
                });
                if let Some(from) = before.filter(|from| *from != node) {
                    let length_m = metres(nodes[from as usize], *at);
                    let (class, ways) = (stretch.class, stretch.ways);
                    edges.push(Edge { from, to: node, length_m, class, ways });
                }
                before = Some(node);
            }
        }
        Self::settled(nodes, edges)
    }

    fn settled(nodes: Vec<Plane>, edges: Vec<Edge>) -> Self {
        let mut first = vec![0_u32; nodes.len() + 1];
        for edge in &edges {
            first[edge.from as usize + 1] += 1;
            first[edge.to as usize + 1] += 1;
        }
        for at in 1..first.len() {
            first[at] += first[at - 1];
        }
        let mut next = first.clone();
        let mut near = vec![0; edges.len() * 2];
        for (edge, at) in edges.iter().zip(0_u32..) {
            for node in [edge.from, edge.to] {
                near[next[node as usize] as usize] = at;
                next[node as usize] += 1;
            }
        }
        let leaf = |(at, node): (&Plane, u32)| GeomWithData::new([at.east, at.north], node);
        let tree = RTree::bulk_load(nodes.iter().zip(0..).map(leaf).collect());
        Self { nodes, edges, first, near, tree }
    }

    /// Where the nodes are.
    #[must_use]
    pub fn nodes(&self) -> &[Plane] {
        &self.nodes
    }

    /// The edges.
    #[must_use]
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// Kilometres of road in all.
    #[must_use]
    pub fn length_km(&self) -> f64 {
        self.edges.iter().map(|edge| f64::from(edge.length_m)).sum::<f64>() / 1_000.0
    }

    /// The nearest node that one can leave in this way of moving, and how many
    /// metres away it is. Costs O(log n) where roads are near.
    #[must_use]
    pub fn nearest(&self, at: Plane, travel: Travel) -> Option<(u32, f64)> {
        self.tree
            .nearest_neighbor_iter_with_distance_2(&[at.east, at.north])
            .find(|(leaf, _)| {
                self.edges_of(leaf.data).any(|edge| travel.speed(edge.class).is_some())
            })
            .map(|(leaf, squared)| (leaf.data, squared.sqrt()))
    }

    fn edges_of(&self, node: u32) -> impl Iterator<Item = &Edge> {
        let range = self.first[node as usize] as usize..self.first[node as usize + 1] as usize;
        self.near[range].iter().map(|edge| &self.edges[*edge as usize])
    }

    /// The nodes that can be reached from `node` in one step, and the seconds
    /// that it takes.
    fn steps(&self, node: u32, travel: Travel) -> impl Iterator<Item = (u32, f64)> {
        self.edges_of(node).filter_map(move |edge| {
            let forward = edge.from == node;
            let (other, way) =
                if forward { (edge.to, edge.ways[0]) } else { (edge.from, edge.ways[1]) };
            let allowed = way || travel == Travel::OnFoot;
            let speed = travel.speed(edge.class).filter(|_| allowed)?;
            Some((other, f64::from(edge.length_m) / speed))
        })
    }
}

fn centimetres(at: Plane) -> [i64; 2] {
    [at.east, at.north].map(whole)
}

#[expect(clippy::cast_possible_truncation, reason = "planes are some 1e7 metres wide")]
fn whole(metres: f64) -> i64 {
    (metres * 100.0).round() as i64
}

#[expect(clippy::cast_possible_truncation, reason = "a stretch needs no more than 24 bits")]
fn metres(from: Plane, to: Plane) -> f32 {
    (to.east - from.east).hypot(to.north - from.north) as f32
}

/// Numbers of nodes fit 32 bits: no municipality has 4 billion bends.
#[expect(clippy::cast_possible_truncation, reason = "see above")]
const fn number(at: usize) -> u32 {
    at as u32
}

#[cfg(test)]
mod tests;
