//! Land from coastlines: land lies on the left of each (OpenStreetMap wiki,
//! natural=coastline), and the box closes what leaves it.

use super::rings::areas;
use geo::{Contains, Winding};
use geo_types::{Coord, LineString, MultiPolygon, Point, Rect};

/// The land of `frame`, and how many ends of coast within it had to be led to
/// its edge; `None` where no coast crosses it.
pub fn land(chains: &[LineString], frame: Rect) -> (Option<MultiPolygon>, usize) {
    let (mut pieces, mut rings, mut gaps) = (Vec::new(), Vec::new(), 0);
    for chain in chains {
        let inside = chain.0.iter().filter(|at| holds(frame, **at)).count();
        if inside == chain.0.len() && chain.is_closed() {
            rings.push(chain.clone());
        } else {
            pieces.extend(cut(chain, frame));
        }
    }
    for piece in &mut pieces {
        gaps += lead_out(piece, frame);
    }
    if pieces.is_empty() && rings.is_empty() {
        return (None, 0);
    }
    let (islands, lagoons): (Vec<_>, Vec<_>) = rings.into_iter().partition(Winding::is_ccw);
    let mut outer = closed(&pieces, frame);
    // Without any coast that crosses the frame it is all land around a lagoon,
    // or all sea around islands.
    let all_land = outer.is_empty()
        && lagoons.iter().any(|lagoon| !islands.iter().any(|island| within(lagoon, island)));
    if all_land {
        outer.push(frame.to_polygon().exterior().clone());
    }
    outer.extend(islands);
    (Some(areas(outer, lagoons)), gaps)
}

fn within(ring: &LineString, around: &LineString) -> bool {
    let around = geo_types::Polygon::new(around.clone(), Vec::new());
    ring.0.first().is_some_and(|at| around.contains(&Point::from(*at)))
}

fn holds(frame: Rect, at: Coord) -> bool {
    (frame.min().x..=frame.max().x).contains(&at.x)
        && (frame.min().y..=frame.max().y).contains(&at.y)
}

/// The pieces of a chain inside the frame, in its direction.
fn cut(chain: &LineString, frame: Rect) -> Vec<Vec<Coord>> {
    let mut points = chain.0.clone();
    if chain.is_closed() {
        // A ring begins outside, so that no piece is cut at its seam.
        points.pop();
        let outside = points.iter().position(|at| !holds(frame, *at)).unwrap_or(0);
        points.rotate_left(outside);
        points.extend(points.first().copied());
    }
    let mut pieces: Vec<Vec<Coord>> = Vec::new();
    let mut open = false;
    for pair in points.windows(2) {
        let Some((from, to, left)) = part(pair[0], pair[1], frame) else {
            open = false;
            continue;
        };
        match pieces.last_mut() {
            Some(piece) if open => piece.push(to),
            _ => pieces.push(vec![from, to]),
        }
        open = !left;
    }
    pieces
}

/// The part of a segment in the frame, and whether it leaves there (Liang and
/// Barsky, 1984).
fn part(from: Coord, to: Coord, frame: Rect) -> Option<(Coord, Coord, bool)> {
    let (mut first, mut last) = (0.0_f64, 1.0_f64);
    let step = Coord { x: to.x - from.x, y: to.y - from.y };
    for (at, step, low, high) in [
        (from.x, step.x, frame.min().x, frame.max().x),
        (from.y, step.y, frame.min().y, frame.max().y),
    ] {
        if step.abs() < f64::EPSILON {
            if at < low || at > high {
                return None;
            }
            continue;
        }
        let (a, b) = ((low - at) / step, (high - at) / step);
        first = first.max(a.min(b));
        last = last.min(a.max(b));
    }
    let at = |part: f64| Coord { x: step.x.mul_add(part, from.x), y: step.y.mul_add(part, from.y) };
    (first < last).then(|| {
        let begin = if first > 0.0 { at(first) } else { from };
        let end = if last < 1.0 { at(last) } else { to };
        (begin, end, last < 1.0)
    })
}

/// Leads ends within the frame straight to its nearest edge; how many.
fn lead_out(piece: &mut Vec<Coord>, frame: Rect) -> usize {
    let mut gaps = 0;
    if let Some(edge) = piece.first().and_then(|at| nearest_edge(*at, frame)) {
        piece.insert(0, edge);
        gaps += 1;
    }
    if let Some(edge) = piece.last().and_then(|at| nearest_edge(*at, frame)) {
        piece.push(edge);
        gaps += 1;
    }
    gaps
}

/// The nearest point of the edge; `None` for a point on it.
fn nearest_edge(at: Coord, frame: Rect) -> Option<Coord> {
    let (low, high) = (frame.min(), frame.max());
    let edges = [
        (at.x - low.x, Coord { x: low.x, y: at.y }),
        (high.x - at.x, Coord { x: high.x, y: at.y }),
        (at.y - low.y, Coord { x: at.x, y: low.y }),
        (high.y - at.y, Coord { x: at.x, y: high.y }),
    ];
    let nearest = edges.into_iter().min_by(|a, b| a.0.total_cmp(&b.0))?;
    (nearest.0 > 1e-9).then_some(nearest.1)
}

/// How far along the edge of the frame a point lies: 0 to 4, counter-clockwise
/// from the south-west.
fn along(at: Coord, frame: Rect) -> f64 {
    let x = (at.x - frame.min().x) / frame.width();
    let y = (at.y - frame.min().y) / frame.height();
    let edges =
        [(y.abs(), x), ((1.0 - x).abs(), 1.0 + y), ((1.0 - y).abs(), 3.0 - x), (x.abs(), 4.0 - y)];
    let nearest = edges.into_iter().min_by(|a, b| a.0.total_cmp(&b.0));
    nearest.map_or(0.0, |(_, along)| along).rem_euclid(4.0)
}

/// Rings of land: where a coast leaves the frame, its edge is followed with
/// land on the left to where the next coast comes in.
fn closed(pieces: &[Vec<Coord>], frame: Rect) -> Vec<LineString> {
    let ends = |piece: &Vec<Coord>| {
        let place = |at: Option<&Coord>| at.map_or(0.0, |at| along(*at, frame));
        (place(piece.first()), place(piece.last()))
    };
    let ends: Vec<(f64, f64)> = pieces.iter().map(ends).collect();
    let mut used = vec![false; pieces.len()];
    let mut rings = Vec::new();
    for start in 0..pieces.len() {
        if used[start] {
            continue;
        }
        let (mut ring, mut now) = (Vec::new(), start);
        loop {
            used[now] = true;
            ring.extend_from_slice(&pieces[now]);
            let leaves = ends[now].1;
            let ahead = |number: usize| (ends[number].0 - leaves).rem_euclid(4.0);
            let waiting = (0..pieces.len()).filter(|number| !used[*number] || *number == start);
            let Some(next) = waiting.min_by(|a, b| ahead(*a).total_cmp(&ahead(*b))) else { break };
            ring.extend(corners(leaves, ahead(next), frame));
            if next == start {
                break;
            }
            now = next;
        }
        ring.extend(ring.first().copied());
        rings.push(LineString::new(ring));
    }
    rings
}

/// The corners of the frame on the way of length `ahead` from `leaves`.
fn corners(leaves: f64, ahead: f64, frame: Rect) -> Vec<Coord> {
    let (low, high) = (frame.min(), frame.max());
    let all = [low, Coord { x: high.x, y: low.y }, high, Coord { x: low.x, y: high.y }];
    let mut found: Vec<(f64, Coord)> = all
        .into_iter()
        .zip([0.0, 1.0, 2.0, 3.0])
        .map(|(corner, at): (Coord, f64)| ((at - leaves).rem_euclid(4.0), corner))
        .filter(|(way, _)| *way > 0.0 && *way < ahead)
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.into_iter().map(|(_, corner)| corner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Area, Validation};

    fn frame() -> Rect {
        Rect::new((0.0, 0.0), (10.0, 10.0))
    }

    fn area(chains: &[Vec<(f64, f64)>]) -> (f64, usize) {
        let chains: Vec<LineString> = chains.iter().cloned().map(LineString::from).collect();
        let (land, gaps) = land(&chains, frame());
        let land = land.unwrap();
        assert!(land.is_valid(), "{land:?}");
        (land.unsigned_area(), gaps)
    }

    #[test]
    fn land_lies_on_the_left_of_a_coast_that_crosses_the_frame() {
        let north = vec![(-1.0, 4.0), (11.0, 4.0)];
        assert_eq!(area(&[north]), (60.0, 0));
        let south = vec![(11.0, 4.0), (-1.0, 4.0)];
        assert_eq!(area(std::slice::from_ref(&south)), (40.0, 0));
        let sound = vec![(-1.0, 7.0), (11.0, 7.0)];
        assert_eq!(area(&[south, sound]), (70.0, 0));
    }

    #[test]
    fn islands_stand_in_the_sea_and_lagoons_in_land() {
        let island = vec![(2.0, 2.0), (4.0, 2.0), (4.0, 4.0), (2.0, 4.0), (2.0, 2.0)];
        assert_eq!(area(std::slice::from_ref(&island)), (4.0, 0));
        let lagoon: Vec<_> = island.iter().rev().copied().collect();
        assert_eq!(area(&[lagoon]), (96.0, 0));
    }

    #[test]
    fn an_island_cut_by_the_frame_is_cut_and_a_loose_end_is_told() {
        let cut = vec![(8.0, 2.0), (12.0, 2.0), (12.0, 4.0), (8.0, 4.0), (8.0, 2.0)];
        assert_eq!(area(&[cut]), (4.0, 0));
        assert_eq!(area(&[vec![(-1.0, 4.0), (9.0, 4.0)]]), (60.0, 1));
        assert_eq!(land(&[], frame()), (None, 0));
    }
}
