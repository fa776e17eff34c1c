//! Hot cells: where more events were seen than the exposure explains.

use super::{Basis, Exposure, Neighbours, Tail, local_poisson};
use crate::domain::{Plane, SourceTag, Violation};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;

/// An event with who told of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sighting {
    /// Where.
    pub at: Plane,
    /// Who counts as one source.
    pub source: SourceTag,
    /// When; when it was received, where that is not known.
    pub time: Timestamp,
}

/// When a cell is worth watching.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HotRule {
    /// What counts are measured against.
    pub tail: Tail,
    /// Largest q-value that is flagged.
    pub largest_q: f64,
    /// Fewest events in a window that is flagged.
    pub least_events: u64,
    /// Fewest distinct sources in a window that is flagged.
    pub least_sources: u32,
    /// Fewest events on a map that is tested at all.
    pub least_total: u64,
    /// Days in which one source counts once in a cell.
    pub repeat_days: i64,
}

impl Default for HotRule {
    /// q ≤ 0.05, an expectation that may be off by a fifth where the map is
    /// uneven, at least 5 events from 3 sources, on a map of at least 50, one
    /// source a cell and 30 days.
    fn default() -> Self {
        Self {
            tail: Tail::Auto { variation: 0.2 },
            largest_q: 0.05,
            least_events: 5,
            least_sources: 3,
            least_total: 50,
            repeat_days: 30,
        }
    }
}

crate::domain::code::code_enum! {
    /// What may be said of a cell or a spot.
    pub enum HotStatus {
        /// More than the exposure explains: look, and ask those who know it.
        Watch = "watch",
        /// It would stand out, but rests on too few events or sources.
        TooFew = "too_few",
        /// Nothing that chance does not explain. Not: safe.
        None = "none",
    }
}

/// What the test says of one cell of the domain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hotcell {
    /// Index in the grid.
    pub cell: usize,
    /// Events in the cell itself that count.
    pub count: u32,
    /// Events in the cell and the up to eight around it.
    pub observed: u64,
    /// Events expected there.
    pub expected: f64,
    /// `observed / expected`.
    pub ratio: f64,
    /// Distinct sources of the observed events.
    pub sources: u32,
    /// The probability of so many or more by chance.
    pub p: f64,
    /// The same with account taken of the number of cells.
    pub q: f64,
    /// What may be said of it.
    pub status: HotStatus,
}

/// What the test says of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Hotcells {
    /// Every cell where events are expected, in the order of the grid.
    pub cells: Vec<Hotcell>,
    /// What the expectation rests on.
    pub basis: Basis,
    /// The tail that was used: never `Auto`.
    pub tail: Tail,
    /// Pearson dispersion over cells: about 1 where events come one by one.
    pub dispersion: f64,
    /// Indices of the events that count, ascending.
    pub counted: Vec<usize>,
    /// Events left out as repetitions by one source.
    pub repeated: usize,
    /// Events left out because they lie where none is expected (at sea).
    pub outside: usize,
    /// The rule that failed, where the map is too small to be tested:
    /// `total_below_least`. Then no cell is flagged.
    pub insufficient: Option<&'static str>,
    /// The cell of each event, `None` outside.
    pub cell_of_event: Vec<Option<usize>>,
}

/// Tests each cell with those around it against its share of all events.
///
/// One source counts once in a cell and `repeat_days` (the first of each run
/// is kept), so that one busy reporter is one voice. The answer depends on the
/// set of events, not on their order, except for the indices it gives.
/// Cost: one sort of the events, and the local test.
///
/// # Errors
/// As [`local_poisson`], which cannot happen for an [`Exposure`].
pub fn hotcells(
    events: &[Sighting],
    exposure: &Exposure,
    rule: &HotRule,
) -> Result<Hotcells, Violation> {
    let cell_of_event: Vec<_> = events.iter().map(|event| exposure.cell_of(event.at)).collect();
    let inside = cell_of_event.iter().flatten().count();
    let counted = one_voice(events, &cell_of_event, rule.repeat_days);
    let grid = exposure.grid();
    let mut counts = vec![0u32; grid.len()];
    for cell in counted.iter().filter_map(|&event| cell_of_event[event]) {
        counts[cell] += 1;
    }
    let domain: Vec<usize> = (0..grid.len()).filter(|&c| exposure.shares()[c] > 0.0).collect();
    let positions: Vec<_> = domain.iter().map(|&cell| position(exposure, cell)).collect();
    let neighbours = Neighbours::queen(&positions);
    let total = as_f64(counted.len());
    let seen: Vec<u32> = domain.iter().map(|&cell| counts[cell]).collect();
    let expected: Vec<f64> = domain.iter().map(|&c| exposure.shares()[c] * total).collect();
    let test = local_poisson(&seen, &expected, &neighbours, rule.tail)?;

    let enough = counted.len() as u64 >= rule.least_total;
    let sources = sources_of_windows(events, &cell_of_event, &counted, &domain, &neighbours);
    let row = |area: usize| {
        let (found, sources) = (&test.areas[area], sources[area]);
        let supported =
            enough && found.observed >= rule.least_events && sources >= rule.least_sources;
        let status = match (found.q <= rule.largest_q, supported) {
            (true, true) => HotStatus::Watch,
            (true, false) => HotStatus::TooFew,
            (false, _) => HotStatus::None,
        };
        Hotcell {
            cell: domain[area],
            count: seen[area],
            observed: found.observed,
            expected: found.expected,
            ratio: found.ratio,
            sources,
            p: found.p,
            q: found.q,
            status,
        }
    };
    Ok(Hotcells {
        cells: (0..domain.len()).map(row).collect(),
        basis: exposure.basis(),
        tail: test.tail,
        dispersion: test.dispersion,
        repeated: inside - counted.len(),
        outside: events.len() - inside,
        insufficient: (!enough).then_some("total_below_least"),
        counted,
        cell_of_event,
    })
}

/// The events that count: of each source in each cell the first, and then the
/// first that is `repeat_days` or more after the last one kept.
fn one_voice(events: &[Sighting], cells: &[Option<usize>], repeat_days: i64) -> Vec<usize> {
    let key = |index: usize| (cells[index], events[index].source, events[index].time);
    let mut order: Vec<usize> = (0..events.len()).filter(|&i| cells[i].is_some()).collect();
    order.sort_by_key(|&index| (key(index), index));
    let pause = SignedDuration::from_hours(24 * repeat_days);
    let mut kept: Vec<usize> = Vec::with_capacity(order.len());
    for index in order {
        let (cell, source, time) = key(index);
        let repeats = kept.last().is_some_and(|&last| {
            let (last_cell, last_source, last_time) = key(last);
            (last_cell, last_source) == (cell, source) && time.duration_since(last_time) < pause
        });
        if !repeats {
            kept.push(index);
        }
    }
    kept.sort_unstable();
    kept
}

/// Distinct sources in each window of the domain.
fn sources_of_windows(
    events: &[Sighting],
    cells: &[Option<usize>],
    counted: &[usize],
    domain: &[usize],
    neighbours: &Neighbours,
) -> Vec<u32> {
    let mut of_area: Vec<Vec<SourceTag>> = vec![Vec::new(); domain.len()];
    for &event in counted {
        if let Some(area) = cells[event].and_then(|cell| domain.binary_search(&cell).ok()) {
            of_area[area].push(events[event].source);
        }
    }
    (0..domain.len())
        .map(|area| {
            let near = neighbours.of(area).iter().flat_map(|&other| &of_area[other as usize]);
            let distinct: HashSet<_> = near.chain(&of_area[area]).collect();
            u32::try_from(distinct.len()).unwrap_or(u32::MAX)
        })
        .collect()
}

fn position(exposure: &Exposure, cell: usize) -> (i64, i64) {
    let (column, row) = exposure.grid().column_row(cell);
    #[expect(clippy::cast_possible_wrap, reason = "a grid has at most 2^24 cells")]
    let signed = (column as i64, row as i64);
    signed
}

#[expect(clippy::cast_precision_loss, reason = "a number of events stays far below 2^53")]
const fn as_f64(value: usize) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane::Grid;
    use proptest::prelude::*;

    /// Twenty by twenty cells of 250 m, all alike.
    fn even() -> Exposure {
        let grid = Grid::new(Plane { east: 0.0, north: 0.0 }, 250.0, 20, 20).unwrap();
        Exposure::new(grid, vec![1.0; 400], Basis::UniformLand).unwrap()
    }

    fn sighting(cell: usize, source: u64, day: i64) -> Sighting {
        Sighting {
            at: even().grid().centre(cell),
            source: SourceTag::from_bits(source << 1),
            time: Timestamp::from_second(86_400 * day).unwrap(),
        }
    }

    /// One event by its own source in every sixth cell: 67 events.
    fn background() -> Vec<Sighting> {
        (0..400).step_by(6).zip(1000..).map(|(cell, source)| sighting(cell, source, 5)).collect()
    }

    fn tested(extra: impl IntoIterator<Item = Sighting>) -> Hotcells {
        let events: Vec<_> = background().into_iter().chain(extra).collect();
        hotcells(&events, &even(), &HotRule::default()).unwrap()
    }

    fn status(found: &Hotcells, cell: usize) -> HotStatus {
        found.cells.iter().find(|result| result.cell == cell).unwrap().status
    }

    #[test]
    fn twelve_people_in_one_cell_are_worth_watching() {
        let found = tested((0..12).map(|source| sighting(210, source, 9)));
        assert_eq!(status(&found, 210), HotStatus::Watch);
        assert_eq!(status(&found, 0), HotStatus::None);
        assert_eq!((found.repeated, found.outside, found.insufficient), (0, 0, None));
    }

    #[test]
    fn one_person_who_tells_of_a_place_forty_times_in_a_month_is_one_voice() {
        let found = tested((0..40).map(|_| sighting(210, 1, 9)));
        assert_eq!(status(&found, 210), HotStatus::None);
        assert_eq!(found.repeated, 39);
    }

    #[test]
    fn one_person_over_years_is_too_few_however_often_they_tell() {
        let found = tested((0..24).map(|index| sighting(210, 1, 40 * index)));
        assert_eq!(status(&found, 210), HotStatus::TooFew);
        assert_eq!(found.repeated, 0);
    }

    #[test]
    fn a_voice_counts_again_after_thirty_days_and_not_a_day_before() {
        let days = [0, 29, 30, 59, 60, 61];
        let found = tested(days.map(|day| sighting(210, 1, day)));
        assert_eq!(found.repeated, 3);
    }

    #[test]
    fn a_map_of_forty_events_is_not_tested() {
        // Thirty at one place and ten at another, against an even spread.
        let places = (0..40).map(|source| sighting(if source < 30 { 210 } else { 15 }, source, 9));
        let events: Vec<_> = places.collect();
        let found = hotcells(&events, &even(), &HotRule::default()).unwrap();
        assert_eq!(found.insufficient, Some("total_below_least"));
        assert_eq!(status(&found, 210), HotStatus::TooFew);
    }

    #[test]
    fn what_lies_outside_is_counted_and_not_tested() {
        let at = Plane { east: -10.0, north: 30.0 };
        let found = tested([Sighting { at, ..sighting(0, 1, 1) }]);
        assert_eq!(found.outside, 1);
    }

    proptest! {
        #[test]
        fn the_order_of_events_changes_nothing(
            places in prop::collection::vec((0usize..400, 0u64..9, 0i64..90), 1..80),
        ) {
            let mut events = background();
            events.extend(places.into_iter().map(|(cell, source, day)| sighting(cell, source, day)));
            let rule = HotRule::default();
            let there = hotcells(&events, &even(), &rule).unwrap();
            events.reverse();
            let back = hotcells(&events, &even(), &rule).unwrap();
            prop_assert_eq!(there.cells, back.cells);
            prop_assert_eq!(there.repeated, back.repeated);
        }
    }
}
