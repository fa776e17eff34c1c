//! Hot cells: where more events were seen than the exposure explains.

use super::local_poisson::{Windows, seen, tested};
use super::trials::{Trials, Watch};
use super::voices::one_voice;
use super::{Basis, Exposure, ScanCluster, Scanner, Tail, pearson_dispersion};
use crate::domain::{Plane, SourceTag, Violation};
use jiff::Timestamp;
use rayon::prelude::*;

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
    /// Largest q-value that stands out.
    pub largest_q: f64,
    /// Largest q-value that is worth watching although it does not stand out.
    pub largest_watch_q: f64,
    /// Largest p-value of a scan cluster that stands out.
    pub largest_cluster_p: f64,
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
    /// q ≤ 0.05, q ≤ 0.20 to watch, clusters of p ≤ 0.05, an expectation that
    /// may be off by a fifth where the map is uneven, at least 5 events from 3 sources, on a map of at least 50, one
    /// source a cell and 30 days.
    fn default() -> Self {
        Self {
            tail: Tail::Auto { variation: 0.2 },
            largest_q: 0.05,
            largest_watch_q: 0.2,
            largest_cluster_p: 0.05,
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
        /// More than the exposure explains by two tests of different kind,
        /// against an exposure that knows guests or the place's own history.
        Confirmed = "confirmed",
        /// More than the exposure explains by one test, or nearly so: look, and
        /// ask those who know it.
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
    /// Whether one of the tests marks it, enough events or not.
    pub stands_out: bool,
    /// The scan cluster that it lies in, by its place in [`Hotcells::clusters`].
    pub cluster: Option<usize>,
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
    /// What makes a cell stand out.
    pub rule: HotRule,
    /// Pearson dispersion over cells: about 1 where events come one by one.
    pub dispersion: f64,
    /// Scan clusters that stand out, the strongest first, with cells of the
    /// grid as members; none before [`Hotcells::confirm`].
    pub clusters: Vec<ScanCluster>,
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
/// Nothing is confirmed by this test alone: [`Hotcells::confirm`].
/// Cost: one sort of the events, and the local test.
///
/// # Errors
/// None yet: an [`Exposure`] has been checked.
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
    let total = as_f64(counted.len());
    let expected: Vec<f64> = exposure.shares().iter().map(|share| share * total).collect();
    let tail = tail_of(exposure.basis(), rule.tail, pearson_dispersion(&counts, &expected));
    let (windows, counted_from) = exposure.windows(total);
    let windows =
        Windows { observed: seen(grid.columns(), &counts), expected: windows, counted_from };
    let test = tested(&counts, &expected, windows, tail);
    let sources = sources_of_windows(events, &cell_of_event, &counted, exposure);
    let enough = counted.len() as u64 >= rule.least_total;
    let row = |cell: usize| {
        let (found, sources) = (&test.areas[cell], sources[cell]);
        let mut row = Hotcell {
            cell,
            count: counts[cell],
            observed: found.observed,
            expected: found.expected,
            ratio: found.ratio,
            sources,
            p: found.p,
            q: found.q,
            stands_out: found.q <= rule.largest_q,
            cluster: None,
            status: HotStatus::None,
        };
        row.status = rule.status(&row, exposure.basis(), enough);
        row
    };
    let domain = (0..grid.len()).filter(|&cell| exposure.shares()[cell] > 0.0);
    Ok(Hotcells {
        cells: domain.map(row).collect(),
        basis: exposure.basis(),
        tail: test.tail,
        rule: *rule,
        dispersion: test.dispersion,
        clusters: Vec::new(),
        repeated: inside - counted.len(),
        outside: events.len() - inside,
        insufficient: (!enough).then_some("total_below_least"),
        counted,
        cell_of_event,
    })
}

/// The tail that a rule leaves on a map of this dispersion. An expectation with
/// guests in it is never exact; an own history knows from its events how sure
/// it is, so that an uneven map is no reason to doubt it more.
fn tail_of(basis: Basis, tail: Tail, dispersion: f64) -> Tail {
    match (basis, tail) {
        (Basis::OwnHistory, Tail::Auto { .. }) => Tail::Poisson,
        _ => tail.settled(dispersion).at_least_uncertain(basis.least_variation()),
    }
}

impl HotRule {
    /// What may be said of a cell.
    fn status(&self, cell: &Hotcell, basis: Basis, enough: bool) -> HotStatus {
        let by_both = cell.q <= self.largest_q && cell.cluster.is_some();
        let supported =
            enough && cell.observed >= self.least_events && cell.sources >= self.least_sources;
        match (cell.stands_out || cell.q <= self.largest_watch_q, supported) {
            (true, true) if by_both && basis.confirms() => HotStatus::Confirmed,
            (true, true) => HotStatus::Watch,
            (true, false) => HotStatus::TooFew,
            (false, _) => HotStatus::None,
        }
    }
}

impl Exposure {
    /// The discs of the cells of the domain up to `max_share` of all people (a
    /// tenth is usual), ready for [`Hotcells::confirm`]. It takes a second for
    /// some thousand cells and does for every map of this exposure.
    ///
    /// # Errors
    /// As [`Scanner::new`].
    pub fn scanner(&self, max_share: f64) -> Result<Scanner, Violation> {
        let cells =
            (0..self.grid().len()).map(|cell| (self.grid().centre(cell), self.shares()[cell]));
        Scanner::new(&cells.collect::<Vec<_>>(), max_share)
    }
}

impl Hotcells {
    /// The second opinion: Kulldorff's scan of the same counts. A cell that
    /// stands out by the local test (its own p with account taken of all cells)
    /// and lies in a cluster that stands out (one p-value for the whole map) is
    /// confirmed where the exposure allows it ([`Basis::confirms`]).
    ///
    /// Both tests share the events, so that they are not independent; what both
    /// say is surer than what one says. A map that is too small is not scanned.
    /// Cost: the simulations.
    ///
    /// # Errors
    /// As [`Scanner::scan`]; the scanner must be that of the same exposure.
    pub fn confirm(
        self,
        scanner: &Scanner,
        rule: &HotRule,
        trials: Trials,
        watch: Watch<'_>,
    ) -> Result<Self, Violation> {
        if self.insufficient.is_some() {
            return Ok(self);
        }
        let found = scanner.scan(&self.cases(scanner.areas())?, LEAST_CASES, trials, watch)?;
        Ok(self.confirmed_by(&found.clusters, rule))
    }

    /// The cases of each cell of the grid, as the scanner of the same exposure
    /// takes them: all that [`Hotcells::confirm`] reads of a map.
    ///
    /// # Errors
    /// Violates `areas: different_lengths` for a scanner of fewer areas.
    pub fn cases(&self, areas: usize) -> Result<Vec<u32>, Violation> {
        let mut counts = vec![0u32; areas];
        for cell in &self.cells {
            let count = counts.get_mut(cell.cell);
            *count.ok_or_else(|| Violation::new("areas", "different_lengths"))? = cell.count;
        }
        Ok(counts)
    }

    /// What [`Hotcells::confirm`] makes of the clusters that a scan of
    /// [`Hotcells::cases`] has found, for whoever has kept them.
    #[must_use]
    pub fn confirmed_by(mut self, clusters: &[ScanCluster], rule: &HotRule) -> Self {
        let stands_out = |cluster: &&ScanCluster| cluster.p <= rule.largest_cluster_p;
        self.clusters = clusters.iter().filter(stands_out).cloned().collect();
        for cell in &mut self.cells {
            let holds = |cluster: &ScanCluster| cluster.members.contains(&cell.cell);
            cell.cluster = self.clusters.iter().position(holds);
            cell.stands_out |= cell.cluster.is_some();
            cell.status = rule.status(cell, self.basis, true);
        }
        self
    }
}

/// Fewer cases are no cluster of [`Hotcells::confirm`].
pub const LEAST_CASES: u32 = 3;

/// Distinct sources in each window of the grid.
fn sources_of_windows(
    events: &[Sighting],
    cells: &[Option<usize>],
    counted: &[usize],
    exposure: &Exposure,
) -> Vec<u32> {
    let grid = exposure.grid();
    let mut of_cell: Vec<Vec<SourceTag>> = vec![Vec::new(); grid.len()];
    for &event in counted {
        if let Some(cell) = cells[event] {
            of_cell[cell].push(events[event].source);
        }
    }
    of_cell.par_iter_mut().for_each(sort_out);
    let distinct = |cell: usize| {
        let near = grid.neighbours(cell).chain([cell]).flat_map(|other| &of_cell[other]);
        let mut near: Vec<SourceTag> = near.copied().collect();
        sort_out(&mut near);
        u32::try_from(near.len()).unwrap_or(u32::MAX)
    };
    (0..grid.len()).into_par_iter().map(distinct).collect()
}

/// Leaves each source once.
fn sort_out(sources: &mut Vec<SourceTag>) {
    sources.sort_unstable();
    sources.dedup();
}

#[expect(clippy::cast_precision_loss, reason = "a number of events stays far below 2^53")]
const fn as_f64(value: usize) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests;
