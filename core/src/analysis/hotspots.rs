//! Hot spots: hot cells side by side, merged, ranked and explained.

use super::{Exposure, HotStatus, Hotcell, Hotcells, Interval, Sighting, exact_interval};
use crate::plane::Extent;
use geo::{MapCoords, unary_union};
use geo_types::{Coord, MultiPolygon, Polygon, Rect, coord};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A place with more events than the exposure explains.
#[derive(Debug, Clone, PartialEq)]
pub struct Hotspot {
    /// 1 for the one that chance explains least.
    pub rank: usize,
    /// Its cells in the grid, ascending.
    pub cells: Vec<usize>,
    /// Its ground in the plane: the union of its cells.
    pub shape: MultiPolygon<f64>,
    /// Events in it that count: one source a cell and 30 days.
    pub count: u32,
    /// All events in it, repetitions included.
    pub events: u32,
    /// Distinct sources of the events that count.
    pub sources: u32,
    /// Events expected in it.
    pub expected: f64,
    /// `count / expected`.
    pub ratio: f64,
    /// Exact 95 % interval of the mean behind `count`.
    pub interval: Interval,
    /// Smallest p-value of its cells.
    pub p: f64,
    /// Smallest q-value of its cells.
    pub q: f64,
    /// Its share of all events that count, 0 to 1.
    pub share_events: f64,
    /// Its share of the ground where events are expected, 0 to 1.
    pub share_area: f64,
    /// What may be said of it.
    pub status: HotStatus,
    /// Why it is shown, as a code: what the exposure does not explain.
    pub reason: &'static str,
    /// Indices of all events in it, ascending.
    pub members: Vec<usize>,
}

/// Merges flagged cells that touch, together with the cells whose events made
/// the strongest of them stand out, into spots; the smallest p-value first, then the largest
/// excess.
///
/// The p-value of a spot is that of its strongest window and takes no account
/// of the merging: spots are places to look at, not a test of their own.
/// Count and expectation are chosen by the data too, so a ratio is larger than
/// next year's will be. Cost: flagged cells, and the union of their squares.
#[must_use]
pub fn hotspots(events: &[Sighting], exposure: &Exposure, found: &Hotcells) -> Vec<Hotspot> {
    let members = cells_of_spots(exposure, found);
    let mut spots: Vec<Hotspot> = components(exposure, &members)
        .into_iter()
        .map(|cells| describe(events, exposure, found, cells))
        .collect();
    let excess = |spot: &Hotspot| f64::from(spot.count) - spot.expected;
    spots.sort_by(|a, b| {
        let by_chance = a.p.total_cmp(&b.p).then(excess(b).total_cmp(&excess(a)));
        by_chance.then(a.cells.cmp(&b.cells))
    });
    for (index, spot) in spots.iter_mut().enumerate() {
        spot.rank = index + 1;
    }
    spots
}

/// Flagged cells, and of each group of them the cells with events around its
/// strongest one: a spot holds at least the events that it is flagged for.
fn cells_of_spots(exposure: &Exposure, found: &Hotcells) -> BTreeSet<usize> {
    let by_cell: BTreeMap<usize, &Hotcell> = found.cells.iter().map(|c| (c.cell, c)).collect();
    let flagged = found.cells.iter().filter(|cell| cell.status == HotStatus::Watch);
    let mut members: BTreeSet<usize> = flagged.map(|cell| cell.cell).collect();
    for group in components(exposure, &members.clone()) {
        let strongest = group.into_iter().min_by(|a, b| by_cell[a].p.total_cmp(&by_cell[b].p));
        let around = strongest.into_iter().flat_map(|cell| exposure.grid().neighbours(cell));
        members.extend(around.filter(|near| by_cell.get(near).is_some_and(|cell| cell.count > 0)));
    }
    members
}

/// Groups of cells that touch by an edge or a corner.
fn components(exposure: &Exposure, members: &BTreeSet<usize>) -> Vec<Vec<usize>> {
    let mut left = members.clone();
    let mut groups = Vec::new();
    while let Some(start) = left.pop_first() {
        let (mut group, mut open) = (Vec::new(), vec![start]);
        while let Some(cell) = open.pop() {
            group.push(cell);
            open.extend(exposure.grid().neighbours(cell).filter(|near| left.remove(near)));
        }
        group.sort_unstable();
        groups.push(group);
    }
    groups
}

fn describe(
    events: &[Sighting],
    exposure: &Exposure,
    found: &Hotcells,
    cells: Vec<usize>,
) -> Hotspot {
    let inside = |cell: usize| cells.binary_search(&cell).is_ok();
    let is_member = |event: &usize| found.cell_of_event[*event].is_some_and(inside);
    let members: Vec<usize> = (0..events.len()).filter(is_member).collect();
    let counted: Vec<usize> = found.counted.iter().copied().filter(is_member).collect();
    let sources: HashSet<_> = counted.iter().map(|&event| events[event].source).collect();
    let results = found.cells.iter().filter(|result| inside(result.cell));
    let least = |a: (f64, f64), b: (f64, f64)| (a.0.min(b.0), a.1.min(b.1));
    let (p, q) = results.map(|result| (result.p, result.q)).fold((1.0, 1.0), least);
    let total = as_f64(found.counted.len());
    let share: f64 = cells.iter().map(|&cell| exposure.shares()[cell]).sum();
    let (count, expected) = (number(counted.len()), share * total);
    Hotspot {
        rank: 0,
        shape: union(exposure, &cells),
        count,
        events: number(members.len()),
        sources: number(sources.len()),
        expected,
        ratio: f64::from(count) / expected,
        interval: exact_interval(u64::from(count)),
        p,
        q,
        share_events: f64::from(count) / total,
        share_area: as_f64(cells.len()) / as_f64(found.cells.len()),
        status: HotStatus::Watch,
        reason: exposure.basis().reason(),
        members,
        cells,
    }
}

/// The union of cells, with corners to the millimetre.
fn union(exposure: &Exposure, cells: &[usize]) -> MultiPolygon<f64> {
    let square = |&cell: &usize| -> Polygon<f64> {
        let Extent { west, south, east, north } = exposure.grid().cell_extent(cell);
        Rect::new(coord! { x: west, y: south }, coord! { x: east, y: north }).to_polygon()
    };
    let squares: Vec<_> = cells.iter().map(square).collect();
    let millimetres = |value: f64| (value * 1e3).round() / 1e3;
    unary_union(&squares).map_coords(|at| Coord { x: millimetres(at.x), y: millimetres(at.y) })
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "a number of events stays far below 2^53")]
const fn as_f64(value: usize) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Basis, HotRule, hotcells};
    use crate::domain::{Plane, SourceTag};
    use crate::plane::Grid;
    use geo::{Area, Validation};
    use jiff::Timestamp;

    fn even() -> Exposure {
        let grid = Grid::new(Plane { east: 0.0, north: 0.0 }, 250.0, 20, 20).unwrap();
        Exposure::new(grid, vec![1.0; 400], Basis::Residents).unwrap()
    }

    /// Events by sources of their own, `number` in each cell.
    fn events(cells: &[(usize, usize)]) -> Vec<Sighting> {
        let background = (0..400).step_by(6).map(|cell| (cell, 1));
        let places = background.chain(cells.iter().copied());
        let places = places.flat_map(|(cell, number)| std::iter::repeat_n(cell, number));
        (0u64..)
            .zip(places)
            .map(|(source, cell)| Sighting {
                at: even().grid().centre(cell),
                source: SourceTag::from_bits(source << 1),
                time: Timestamp::UNIX_EPOCH,
            })
            .collect()
    }

    fn spots(events: &[Sighting]) -> Vec<Hotspot> {
        let found = hotcells(events, &even(), &HotRule::default()).unwrap();
        hotspots(events, &even(), &found)
    }

    #[test]
    fn an_even_map_has_no_hot_spot() {
        assert!(spots(&events(&[])).is_empty());
    }

    #[test]
    fn two_busy_places_are_two_spots_the_busier_first() {
        let events = events(&[(105, 14), (330, 25)]);
        let found = spots(&events);
        assert_eq!(found.len(), 2);
        for (spot, (rank, cell, count)) in found.iter().zip([(1, 330, 25), (2, 105, 14)]) {
            assert_eq!(spot.rank, rank);
            assert!(spot.cells.contains(&cell));
            // The busy cell's own events, and at most those of its surroundings.
            assert!((count..count + 5).contains(&spot.count), "{spot:?}");
            assert_eq!(spot.members.len(), spot.events as usize);
            assert_eq!(spot.sources, spot.count);
            assert!(spot.interval.low > spot.expected && spot.interval.high > f64::from(count));
            assert!(spot.shape.is_valid());
            let ground = 62_500.0 * as_f64(spot.cells.len());
            assert!((spot.shape.unsigned_area() - ground).abs() < 1e-6);
            assert!((spot.share_area - as_f64(spot.cells.len()) / 400.0).abs() < 1e-12);
            assert_eq!(spot.reason, "more_than_residents_explain");
        }
    }

    #[test]
    fn one_more_event_in_a_spot_is_one_more_in_its_count() {
        let before = &spots(&events(&[(105, 14)]))[0];
        let after = &spots(&events(&[(105, 15)]))[0];
        assert_eq!(after.count, before.count + 1);
    }
}
