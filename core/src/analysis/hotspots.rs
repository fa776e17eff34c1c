//! Hot spots: hot cells side by side, merged, ranked and explained.

use super::spot_power::Sight;
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
    /// Its cell that stands out most, by which it is known again.
    pub strongest: usize,
    /// Smallest p-value of its cells.
    pub p: f64,
    /// How often chance makes one of its cells stand out as much, at most:
    /// `p` once for each of them (Bonferroni).
    pub p_anywhere: f64,
    /// The probability that a doubled risk would stand out here, by the window
    /// of the strongest cell.
    pub power: f64,
    /// Smallest q-value of its cells.
    pub q: f64,
    /// Its share of all events that count, 0 to 1.
    pub share_events: f64,
    /// Its share of the ground where events are expected, 0 to 1.
    pub share_area: f64,
    /// The scan cluster that it lies in, where one stands out.
    pub cluster: Option<SpotCluster>,
    /// What may be said of it.
    pub status: HotStatus,
    /// Why it is shown, as a code: what the exposure does not explain.
    pub reason: &'static str,
    /// Indices of all events in it, ascending.
    pub members: Vec<usize>,
}

/// The scan cluster of a spot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpotCluster {
    /// 1 for the strongest cluster of the map; spots may share one.
    pub id: usize,
    /// Logarithm of its likelihood ratio.
    pub llr: f64,
    /// How often chance makes a cluster as strong anywhere on the map.
    pub p: f64,
}

/// Merges flagged cells that touch, together with the cells whose events made
/// the strongest of them stand out, into spots; the smallest p-value first, then the largest
/// excess. Cells that say less and touch a spot are its fringe and left out.
/// Last come those that would be spots if they rested on more: few data are
/// shown as few data. A map that is too small to be tested has none of them.
///
/// The p-value of a spot is that of its strongest window and takes no account
/// of the merging: spots are places to look at, not a test of their own.
/// Count and expectation are chosen by the data too, so a ratio is larger than
/// next year's will be. Cost: flagged cells, and the union of their squares.
#[must_use]
pub fn hotspots(events: &[Sighting], exposure: &Exposure, found: &Hotcells) -> Vec<Hotspot> {
    let mut spots: Vec<Hotspot> = cells_of_spots(exposure, found)
        .into_iter()
        .map(|cells| describe(events, exposure, found, cells))
        .collect();
    let (_, counted_from) = exposure.windows(as_f64(found.counted.len()));
    let sight = Sight::of(found);
    for spot in &mut spots {
        let strongest = found.cells.iter().find(|cell| cell.cell == spot.strongest);
        let expected = strongest.map_or(0.0, |cell| cell.expected);
        spot.power = sight.power(expected, counted_from[spot.strongest], DOUBLED);
    }
    let excess = |spot: &Hotspot| f64::from(spot.count) - spot.expected;
    spots.sort_by(|a, b| {
        let few = |spot: &Hotspot| spot.status == HotStatus::TooFew;
        let by_chance = a.p.total_cmp(&b.p).then(excess(b).total_cmp(&excess(a)));
        few(a).cmp(&few(b)).then(by_chance).then(a.cells.cmp(&b.cells))
    });
    for (index, spot) in spots.iter_mut().enumerate() {
        spot.rank = index + 1;
    }
    spots
}

/// The risk whose sight is told.
const DOUBLED: f64 = 2.0;

/// The grade of cells that would stand out if they rested on more.
const TOO_FEW: u8 = 3;

/// How much a cell says: confirmed, standing out by one test, nearly so, or
/// too little to say.
fn grade(cell: &Hotcell) -> Option<u8> {
    match cell.status {
        HotStatus::Confirmed => Some(0),
        HotStatus::Watch if cell.stands_out => Some(1),
        HotStatus::Watch => Some(2),
        HotStatus::TooFew => Some(TOO_FEW),
        HotStatus::None => None,
    }
}

/// Groups of cells that say as much as each other and touch none that say more;
/// each with the cells with events around its strongest one: a spot holds at
/// least the events that it is flagged for.
fn cells_of_spots(exposure: &Exposure, found: &Hotcells) -> Vec<Vec<usize>> {
    let by_cell: BTreeMap<usize, &Hotcell> = found.cells.iter().map(|c| (c.cell, c)).collect();
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let mut spots = Vec::new();
    let last = if found.insufficient.is_none() { TOO_FEW } else { TOO_FEW - 1 };
    for step in 0..=last {
        let of_grade = found.cells.iter().filter(|cell| grade(cell) == Some(step));
        let groups = components(exposure, &of_grade.map(|cell| cell.cell).collect());
        let touches = |cell: &usize| {
            taken.contains(cell) || exposure.grid().neighbours(*cell).any(|c| taken.contains(&c))
        };
        let apart: Vec<_> = groups.into_iter().filter(|group| !group.iter().any(touches)).collect();
        let mut members: BTreeSet<usize> = apart.iter().flatten().copied().collect();
        for group in apart {
            let strongest = group.into_iter().min_by(|a, b| by_cell[a].p.total_cmp(&by_cell[b].p));
            let around = strongest.into_iter().flat_map(|cell| exposure.grid().neighbours(cell));
            let seen = |near: &usize| by_cell.get(near).is_some_and(|cell| cell.count > 0);
            members.extend(around.filter(|near| seen(near) && !taken.contains(near)));
        }
        taken.extend(&members);
        spots.extend(components(exposure, &members));
    }
    spots
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
    let results = || found.cells.iter().filter(|result| inside(result.cell));
    let strongest = results().min_by(|a, b| a.p.total_cmp(&b.p));
    let (p, q) = strongest.map_or((1.0, 1.0), |cell| (cell.p, cell.q));
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
        strongest: strongest.map_or(0, |cell| cell.cell),
        p,
        p_anywhere: (p * as_f64(cells.len())).min(1.0),
        power: 0.0,
        q,
        share_events: f64::from(count) / total,
        share_area: as_f64(cells.len()) / as_f64(found.cells.len()),
        cluster: results().filter_map(|result| result.cluster).min().map(|at| SpotCluster {
            id: at + 1,
            llr: found.clusters[at].llr,
            p: found.clusters[at].p,
        }),
        // Declared from the surest on.
        status: results().map(|result| result.status).min().unwrap_or(HotStatus::None),
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
            assert!(spot.cells.contains(&spot.strongest) && spot.p <= spot.p_anywhere);
            // About two are expected in a window: few years would show a doubling.
            assert!(spot.power > 0.0 && spot.power < 0.5, "{}", spot.power);
        }
    }

    #[test]
    fn what_rests_on_too_few_comes_last_and_is_told_as_such() {
        // Three events where next to none is expected.
        let mut weights = vec![1.0; 400];
        for cell in [1, 2, 3, 21, 22, 23, 41, 42, 43] {
            weights[cell] = 1e-3;
        }
        let exposure = Exposure::new(*even().grid(), weights, Basis::Residents).unwrap();
        let mut events = events(&[(330, 14), (22, 3)]);
        let near = |cell: usize| cell != 22 && cell % 20 < 6 && cell / 20 < 5;
        events.retain(|event| !even().grid().cell_of(event.at).is_some_and(near));
        let found = hotcells(&events, &exposure, &HotRule::default()).unwrap();
        let spots = hotspots(&events, &exposure, &found);
        let told: Vec<_> = spots.iter().map(|spot| (spot.rank, spot.status)).collect();
        assert_eq!(told, [(1, HotStatus::Watch), (2, HotStatus::TooFew)]);
        assert!(spots[1].p < spots[0].p, "however little chance explains it");
        assert!(spots[1].cells.contains(&22), "{spots:?}");
    }

    #[test]
    fn one_more_event_in_a_spot_is_one_more_in_its_count() {
        let before = &spots(&events(&[(105, 14)]))[0];
        let after = &spots(&events(&[(105, 15)]))[0];
        assert_eq!(after.count, before.count + 1);
    }
}
