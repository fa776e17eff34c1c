//! How long it takes from each of some places to each other by the roads.

use super::{RoadGraph, Travel};
use crate::domain::Plane;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Metres a second over open ground, from a place to the road and back: 5 km/h.
const OFF_ROAD: f64 = 5.0 / 3.6;

/// Where a place meets the roads.
#[derive(Clone, Copy)]
struct Door {
    node: u32,
    /// Seconds on foot between the place and the road.
    walk: f64,
}

impl RoadGraph {
    /// Seconds from each place (rows) to each other (columns), infinite where
    /// there is no way: to the nearest road on foot, along the roads in their
    /// allowed direction, and on foot to the place. Costs one search of the
    /// graph a place, side by side.
    #[must_use]
    pub fn table(&self, places: &[Plane], travel: Travel) -> Vec<f64> {
        let door = |at: &Plane| {
            let (node, away) = self.nearest(*at, travel)?;
            Some(Door { node, walk: away / OFF_ROAD })
        };
        let doors: &[Option<Door>] = &places.iter().map(door).collect::<Vec<_>>();
        let row = |from: usize| {
            let reached = doors[from].map(|door| self.until(door.node, travel, doors));
            (0..places.len()).map(move |to| match (doors[from], doors[to], &reached) {
                _ if from == to => 0.0,
                (Some(a), Some(b), Some(reached)) => a.walk + reached[to] + b.walk,
                _ => f64::INFINITY,
            })
        };
        (0..places.len()).into_par_iter().flat_map_iter(row).collect()
    }

    /// Seconds from a node to each door; stops when all have been reached.
    fn until(&self, start: u32, travel: Travel, doors: &[Option<Door>]) -> Vec<f64> {
        let mut seconds = vec![f64::INFINITY; self.nodes().len()];
        let mut is_door = vec![false; self.nodes().len()];
        let mut left = 0;
        for door in doors.iter().flatten() {
            left += usize::from(!is_door[door.node as usize]);
            is_door[door.node as usize] = true;
        }
        seconds[start as usize] = 0.0;
        // Times above 0 are in the order of their bits.
        let mut waiting = BinaryHeap::from([Reverse((0.0_f64.to_bits(), start))]);
        while let Some(Reverse((bits, node))) = waiting.pop() {
            let order = f64::from_bits(bits);
            if order > seconds[node as usize] {
                continue;
            }
            if std::mem::take(&mut is_door[node as usize]) {
                left -= 1;
                if left == 0 {
                    break;
                }
            }
            for (next, step) in self.steps(node, travel) {
                let reached = order + step;
                if reached < seconds[next as usize] {
                    seconds[next as usize] = reached;
                    waiting.push(Reverse((reached.to_bits(), next)));
                }
            }
        }
        let at = |door: &Option<Door>| door.map_or(f64::INFINITY, |d| seconds[d.node as usize]);
        doors.iter().map(at).collect()
    }
}
