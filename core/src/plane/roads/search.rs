//! The quickest way: to everywhere (Dijkstra, 1959) and to one place (A*, Hart,
//! Nilsson and Raphael, 1968).

use super::{RoadGraph, Travel};
use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};

/// The fastest that anybody goes, in metres a second: what is left takes at
/// least its straight length at this speed.
const FASTEST: f64 = 85.0 / 3.6;

/// A node that waits with the seconds to it.
#[derive(PartialEq)]
struct Waiting {
    order: f64,
    node: u32,
}

impl Eq for Waiting {}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        other.order.total_cmp(&self.order).then_with(|| other.node.cmp(&self.node))
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The quickest way from one node to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Nodes on the way, both ends included.
    pub nodes: Vec<u32>,
    /// Seconds that it takes.
    pub seconds: f64,
}

impl RoadGraph {
    /// Seconds to each node from the nearest of `starts`, infinite where it
    /// takes more than `within` or there is no way. Costs O(n log n).
    ///
    /// # Panics
    /// If a start is no node.
    #[must_use]
    pub fn seconds_from(&self, starts: &[u32], travel: Travel, within: f64) -> Vec<f64> {
        let mut seconds = vec![f64::INFINITY; self.nodes().len()];
        let mut waiting = BinaryHeap::new();
        for start in starts {
            seconds[*start as usize] = 0.0;
            waiting.push(Waiting { order: 0.0, node: *start });
        }
        while let Some(Waiting { order, node }) = waiting.pop() {
            if order > seconds[node as usize] {
                continue;
            }
            for (next, step) in self.steps(node, travel) {
                let reached = order + step;
                if reached < seconds[next as usize] && reached <= within {
                    seconds[next as usize] = reached;
                    waiting.push(Waiting { order: reached, node: next });
                }
            }
        }
        seconds
    }

    /// The quickest way, if there is one. Looks at little more than what lies
    /// between.
    ///
    /// # Panics
    /// If an end is no node.
    #[must_use]
    pub fn route(&self, from: u32, to: u32, travel: Travel) -> Option<Route> {
        let goal = self.nodes()[to as usize];
        let left = |node: u32| {
            let at = self.nodes()[node as usize];
            (goal.east - at.east).hypot(goal.north - at.north) / FASTEST
        };
        // The last step to a node, and the seconds to it.
        let mut best: HashMap<u32, (u32, f64)> = HashMap::from([(from, (from, 0.0))]);
        let mut waiting = BinaryHeap::from([Waiting { order: left(from), node: from }]);
        while let Some(Waiting { order, node }) = waiting.pop() {
            let (_, seconds) = best[&node];
            if node == to {
                return Some(Route { nodes: walked(&best, from, to), seconds });
            }
            if order > seconds + left(node) + 1e-9 {
                continue;
            }
            for (next, step) in self.steps(node, travel) {
                let reached = seconds + step;
                if best.get(&next).is_none_or(|(_, known)| reached < *known) {
                    best.insert(next, (node, reached));
                    waiting.push(Waiting { order: reached + left(next), node: next });
                }
            }
        }
        None
    }
}

fn walked(best: &HashMap<u32, (u32, f64)>, from: u32, to: u32) -> Vec<u32> {
    let mut nodes = vec![to];
    let mut at = to;
    while at != from {
        at = best[&at].0;
        nodes.push(at);
    }
    nodes.reverse();
    nodes
}
