//! A graph as bytes, to be stored: nodes in centimetres, then edges.

use super::{Edge, RoadClass, RoadGraph, centimetres};
use crate::domain::Plane;

/// What the bytes begin with: the form and its version.
const MAGIC: &[u8; 4] = b"FYR1";

const NODE: usize = 16;
const EDGE: usize = 14;

impl RoadGraph {
    /// The graph as bytes that [`RoadGraph::from_bytes`] reads: 16 a node and
    /// 14 an edge, which pack well.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let size = 8 + self.nodes.len() * NODE + self.edges.len() * EDGE;
        let mut out = Vec::with_capacity(size);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&super::number(self.nodes.len()).to_le_bytes());
        for node in &self.nodes {
            out.extend(centimetres(*node).into_iter().flat_map(i64::to_le_bytes));
        }
        for edge in &self.edges {
            out.extend_from_slice(&edge.from.to_le_bytes());
            out.extend_from_slice(&edge.to.to_le_bytes());
            out.extend_from_slice(&edge.length_m.to_le_bytes());
            let class = RoadClass::ALL.iter().position(|class| *class == edge.class);
            out.push(class.and_then(|at| u8::try_from(at).ok()).unwrap_or(0));
            out.push(u8::from(edge.ways[0]) | u8::from(edge.ways[1]) << 1);
        }
        out
    }

    /// The graph behind the bytes; `None` if they are something else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (magic, rest) = bytes.split_at_checked(4)?;
        let (count, rest) = rest.split_first_chunk::<4>()?;
        let count = usize::try_from(u32::from_le_bytes(*count)).ok()?;
        let (nodes, edges) = rest.split_at_checked(count.checked_mul(NODE)?)?;
        if magic != MAGIC || edges.len() % EDGE != 0 {
            return None;
        }
        let nodes: Vec<Plane> = nodes.chunks_exact(NODE).map(node).collect::<Option<_>>()?;
        let edges = edges.chunks_exact(EDGE).map(|bytes| {
            let edge = edge(bytes)?;
            let known = |at: u32| (at as usize) < nodes.len();
            (known(edge.from) && known(edge.to)).then_some(edge)
        });
        let edges = edges.collect::<Option<_>>()?;
        Some(Self::settled(nodes, edges))
    }
}

#[expect(clippy::cast_precision_loss, reason = "1e9 centimetres are exact")]
fn node(bytes: &[u8]) -> Option<Plane> {
    let (east, north) = bytes.split_first_chunk::<8>()?;
    let metres = |bytes: &[u8; 8]| i64::from_le_bytes(*bytes) as f64 / 100.0;
    Some(Plane { east: metres(east), north: metres(north.first_chunk::<8>()?) })
}

fn edge(bytes: &[u8]) -> Option<Edge> {
    let (from, rest) = bytes.split_first_chunk::<4>()?;
    let (to, rest) = rest.split_first_chunk::<4>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let [class, ways] = rest else { return None };
    Some(Edge {
        from: u32::from_le_bytes(*from),
        to: u32::from_le_bytes(*to),
        length_m: f32::from_le_bytes(*length),
        class: *RoadClass::ALL.get(usize::from(*class))?,
        ways: [ways & 1 != 0, ways & 2 != 0],
    })
}
