//! Rings put together from the ways of a relation, and holes put into them.

use geo::Contains;
use geo_types::{Coord, LineString, MultiPolygon, Point, Polygon};
use std::collections::HashMap;

/// Lines with equal ends joined as far as they go, in their own direction or,
/// where `turn` is true, in any. Rings end where they begin.
pub fn joined<T: Copy + Eq + std::hash::Hash>(lines: &[Vec<T>], turn: bool) -> Vec<Vec<T>> {
    let mut at: HashMap<T, Vec<usize>> = HashMap::new();
    for (number, line) in lines.iter().enumerate() {
        if let (Some(first), Some(last)) = (line.first(), line.last()) {
            at.entry(*first).or_default().push(number);
            if turn && first != last {
                at.entry(*last).or_default().push(number);
            }
        }
    }
    let mut used = vec![false; lines.len()];
    let mut chains = Vec::new();
    // Ends that nothing leads to come first, so that no chain begins half way.
    let mut leads: HashMap<T, usize> = HashMap::new();
    for line in lines {
        if let Some(last) = line.last() {
            *leads.entry(*last).or_default() += 1;
        }
    }
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(|number| lines[*number].first().is_some_and(|at| leads.contains_key(at)));
    for start in order {
        if used[start] || lines[start].len() < 2 {
            continue;
        }
        used[start] = true;
        let mut chain = lines[start].clone();
        while chain.first() != chain.last() {
            let Some(end) = chain.last().copied() else { break };
            let next = at.get(&end).and_then(|near| near.iter().find(|number| !used[**number]));
            let Some(next) = next.copied() else { break };
            used[next] = true;
            if lines[next].first() == Some(&end) {
                chain.extend_from_slice(&lines[next][1..]);
            } else {
                chain.extend(lines[next].iter().rev().skip(1));
            }
        }
        chains.push(chain);
    }
    chains
}

/// Rings of chains of which parts are missing: open ends are led straight to
/// the nearest other end, which closes them in the end. Beside them the length
/// of what was led so, in degrees.
pub fn bridged(chains: Vec<LineString>) -> (Vec<LineString>, f64) {
    let (mut rings, open): (Vec<_>, Vec<_>) = chains.into_iter().partition(LineString::is_closed);
    let mut open: Vec<Vec<Coord>> = open.into_iter().map(|chain| chain.0).collect();
    let mut length = 0.0;
    let Some(mut ring) = open.pop() else { return (rings, length) };
    while let Some(end) = ring.last().copied() {
        let away =
            |at: Option<&Coord>| at.map_or(f64::INFINITY, |at| (at.x - end.x).hypot(at.y - end.y));
        let nearest = open.iter().enumerate().map(|(number, chain)| {
            let (first, last) = (away(chain.first()), away(chain.last()));
            (first.min(last), number, last < first)
        });
        let Some((gap, number, turned)) = nearest.min_by(|a, b| a.0.total_cmp(&b.0)) else { break };
        let mut next = open.swap_remove(number);
        if turned {
            next.reverse();
        }
        length += gap;
        ring.append(&mut next);
    }
    if let (Some(first), Some(last)) = (ring.first().copied(), ring.last().copied()) {
        length += (first.x - last.x).hypot(first.y - last.y);
        ring.push(first);
    }
    rings.push(LineString::new(ring));
    (rings, length)
}

/// Areas of closed `outer` rings with the `inner` ones that lie in them.
pub fn areas(outer: Vec<LineString>, inner: Vec<LineString>) -> MultiPolygon {
    let closed = |ring: &LineString| ring.0.len() > 3 && ring.is_closed();
    let mut areas: Vec<Polygon> =
        outer.into_iter().filter(&closed).map(|ring| Polygon::new(ring, Vec::new())).collect();
    for hole in inner.into_iter().filter(closed) {
        let inside = hole.0.first().map(|at| Point::from(*at));
        let home = areas.iter_mut().find(|area| {
            inside.is_some_and(|at| area.contains(&at))
                || hole.0.iter().skip(1).any(|at| area.contains(&Point::from(*at)))
        });
        if let Some(home) = home {
            home.interiors_push(hole);
        }
    }
    MultiPolygon(areas)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_in_any_order_and_direction_become_one_ring() {
        let ways = [vec![1, 2, 3], vec![5, 4, 3], vec![1, 6, 5]];
        let rings = joined(&ways, true);
        assert_eq!(rings.len(), 1);
        assert_eq!((rings[0].len(), rings[0].first()), (7, rings[0].last()));
    }

    #[test]
    fn coast_keeps_its_direction_and_begins_where_it_begins() {
        let ways = [vec![3, 4, 5], vec![1, 2, 3], vec![9, 3]];
        let mut chains = joined(&ways, false);
        chains.sort();
        assert_eq!(chains.len(), 2, "a way against the direction is not turned");
        assert!(chains.contains(&vec![1, 2, 3, 4, 5]) || chains.contains(&vec![9, 3, 4, 5]));
    }

    #[test]
    fn a_ring_with_missing_parts_is_closed_by_straight_lines() {
        let south: LineString = vec![(0.0, 0.0), (4.0, 0.0)].into();
        let north: LineString = vec![(0.0, 3.0), (4.0, 3.0)].into();
        let (rings, missing) = bridged(vec![south, north]);
        assert_eq!((rings.len(), rings[0].0.len(), rings[0].is_closed()), (1, 5, true));
        assert!((missing - 6.0).abs() < 1e-12);
    }

    #[test]
    fn a_hole_goes_into_the_area_around_it() {
        let square = |at: f64, side: f64| -> LineString {
            vec![(at, at), (at + side, at), (at + side, at + side), (at, at + side), (at, at)]
                .into()
        };
        let open: LineString = vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)].into();
        let areas =
            areas(vec![square(0.0, 1.0), square(10.0, 10.0), open], vec![square(12.0, 2.0)]);
        assert_eq!(areas.0.len(), 2);
        assert_eq!((areas.0[0].interiors().len(), areas.0[1].interiors().len()), (0, 1));
    }
}
