//! The spatial scan: is there a disc anywhere on the map with more cases than
//! its exposure explains?
//!
//! Kulldorff's Poisson scan (1997): of all discs around the areas, the one
//! whose likelihood ratio is largest, against the largest of maps on which
//! every case falls by chance. One p-value for the whole map, so looking at many
//! discs is paid for. It trusts the exposure and that cases are independent:
//! where guests double the people of a harbour, or one person reports twice, it
//! finds what is not there. Discs also cross water, and a large disc may
//! swallow places that are not conspicuous themselves.

mod search;

use self::search::{Seen, Workspace};
use super::draw::Draw;
use super::trials::{Tally, Trials, Watch, run};
use crate::domain::{Plane, Violation};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use std::ops::ControlFlow;

/// An area of a scan: a cell, a village, a district.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScanArea {
    /// Its centre.
    pub at: Plane,
    /// Cases in it.
    pub count: u32,
    /// What the cases are expected to follow: residents, kilometres, or an
    /// expected number. Only the share of the whole matters.
    pub exposure: f64,
}

/// What a scan looks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScanRule {
    /// The largest share of the exposure in a disc, above 0 and at most 1.
    pub max_share: f64,
    /// Fewer cases are no cluster.
    pub min_cases: u32,
    /// The simulations behind the p-values.
    pub trials: Trials,
}

impl Default for ScanRule {
    fn default() -> Self {
        Self { max_share: 0.25, min_cases: 3, trials: Trials::default() }
    }
}

/// A disc with more cases than expected.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanCluster {
    /// Indices of its areas: the centre, then outwards.
    pub members: Vec<usize>,
    /// Distance from the centre to its outermost area, in the unit of the positions.
    pub radius: f64,
    /// Cases in it.
    pub observed: u64,
    /// Cases expected in it: all cases by its share of the exposure.
    pub expected: f64,
    /// Risk in it over risk outside; infinite when all cases lie in it.
    pub rr: f64,
    /// Logarithm of the likelihood ratio.
    pub llr: f64,
    /// How often chance makes a disc as strong anywhere on the map.
    pub p: f64,
}

/// What a scan found.
#[derive(Debug, Clone, PartialEq)]
pub struct Scan {
    /// Clusters that share no area, the strongest first, down to those that
    /// chance makes every time: the p-value says which count.
    pub clusters: Vec<ScanCluster>,
    /// Simulations that were run: fewer than asked for when they were enough.
    pub simulations: u32,
    /// Cases in areas without exposure: no disc holds them and the total leaves
    /// them out.
    pub unexposed_cases: u64,
}

/// Scans areas for clusters of cases: [`Scanner::new`] and [`Scanner::scan`].
///
/// # Errors
/// As those two.
pub fn scan(areas: &[ScanArea], rule: &ScanRule, watch: Watch<'_>) -> Result<Scan, Violation> {
    // Areas on one spot stay in this order, so that it is no matter how they were given.
    let mut order: Vec<usize> = (0..areas.len()).collect();
    order.sort_by_key(|&area| areas[area].count);
    let sorted = || order.iter().map(|&area| areas[area]);
    let places: Vec<(Plane, f64)> = sorted().map(|area| (area.at, area.exposure)).collect();
    let counts: Vec<u32> = sorted().map(|area| area.count).collect();
    let scanner = Scanner::new(&places, rule.max_share)?;
    let mut found = scanner.scan(&counts, rule.min_cases, rule.trials, watch)?;
    for member in found.clusters.iter_mut().flat_map(|cluster| &mut cluster.members) {
        *member = order[*member];
    }
    Ok(found)
}

/// The discs of a map, ready to be scanned for any number of sets of cases.
///
/// A disc grows from the centre of an area, nearest area first. Areas equally
/// far away enter one by one, those in the south first and then those in the
/// west: so do the peers with a file in that order, and a cluster may be a disc
/// with part of its rim.
#[derive(Debug)]
pub struct Scanner {
    /// The areas with exposure, from south to north and west to east, by their
    /// index; all else here counts in this order, so the answer does not
    /// depend on how the areas were given.
    order: Vec<usize>,
    at: Vec<Plane>,
    areas: usize,
    /// The areas around each centre, and the share of the exposure from the
    /// centre to each of them.
    around: Vec<Disc>,
    draw: Draw,
}

#[derive(Debug)]
struct Disc {
    members: Vec<u32>,
    shares: Vec<f64>,
}

impl Scanner {
    /// The most discs of a map, by rule of thumb: areas × areas × `max_share`.
    pub const MOST_DISCS: usize = 1 << 25;
    /// The most cases.
    pub const MOST_CASES: u64 = 1_000_000;

    /// Prepares the discs around areas given by centre and exposure; areas
    /// without exposure are left out. Cost: one sort of all areas for each.
    ///
    /// # Errors
    /// Violates `maxShare: out_of_range`, `areas: not_finite` for a position
    /// that is no number, `exposure: out_of_range` for a negative one, one that is no
    /// number, or a sum that is not positive, and `areas: too_heavy` above
    /// [`Scanner::MOST_DISCS`]: scan larger cells or a smaller share.
    pub fn new(places: &[(Plane, f64)], max_share: f64) -> Result<Self, Violation> {
        check(places, max_share)?;
        let total: f64 = {
            let mut exposures: Vec<f64> = places.iter().map(|place| place.1).collect();
            exposures.sort_by(f64::total_cmp);
            exposures.iter().sum()
        };
        let order = canonical(places);
        let at: Vec<Plane> = order.iter().map(|&area| places[area].0).collect();
        let shares: Vec<f64> = order.iter().map(|&area| places[area].1 / total).collect();
        let around =
            (0..at.len()).into_par_iter().map(|centre| disc(centre, &at, &shares, max_share));
        let around = around.collect();
        Ok(Self { draw: Draw::new(&shares), order, at, areas: places.len(), around })
    }

    /// Number of areas that it was made for.
    #[must_use]
    pub const fn areas(&self) -> usize {
        self.areas
    }

    /// Scans one set of cases, a count an area.
    ///
    /// Cost of a simulation: one step a disc and one random number a case.
    ///
    /// # Errors
    /// Violates `areas: different_lengths` unless there is one count an area,
    /// `count: too_heavy` above [`Scanner::MOST_CASES`], `simulations` or
    /// `enough: out_of_range`, and `run: cancelled` when the watch breaks off.
    pub fn scan(
        &self,
        counts: &[u32],
        min_cases: u32,
        trials: Trials,
        watch: Watch<'_>,
    ) -> Result<Scan, Violation> {
        let trials = trials.check()?;
        if counts.len() != self.areas {
            return Err(Violation::new("areas", "different_lengths"));
        }
        let cases: Vec<u32> = self.order.iter().map(|&area| counts[area]).collect();
        let total: u64 = cases.iter().map(|&count| u64::from(count)).sum();
        if total > Self::MOST_CASES {
            return Err(Violation::new("count", "too_heavy"));
        }
        let seen = Seen { scanner: self, cases: &cases, total, min_cases };
        let found = seen.apart();
        let mut tallies: Vec<Tally> =
            found.iter().map(|disc| Tally::new(disc.llr, trials)).collect();
        let mut simulations = 0;
        if !found.is_empty() {
            let workspace = || Workspace::new(self.order.len(), total);
            let simulate = |dice: &mut _, workspace: &mut Workspace| {
                workspace.simulate(self, total, dice);
                workspace.largest(self, total, min_cases)
            };
            run(trials, watch, workspace, simulate, |largest| {
                simulations += 1;
                for tally in &mut tallies {
                    tally.add(largest);
                }
                // The strongest is reached last.
                if tallies[0].settled() {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            })?;
        }
        let all: u64 = counts.iter().map(|&count| u64::from(count)).sum();
        Ok(Scan {
            clusters: found
                .iter()
                .zip(&tallies)
                .map(|(disc, tally)| seen.told(disc, tally.p()))
                .collect(),
            simulations,
            unexposed_cases: all - total,
        })
    }
}

/// Kulldorff's log likelihood ratio of `cases` of `total` where `expected` are
/// expected; 0 unless there are more than expected.
pub(super) fn log_likelihood_ratio(cases: f64, expected: f64, total: f64) -> f64 {
    if cases <= expected {
        return 0.0;
    }
    let outside = total - cases;
    let within = cases * (cases / expected).ln();
    if outside > 0.0 { within + outside * (outside / (total - expected)).ln() } else { within }
}

fn check(places: &[(Plane, f64)], max_share: f64) -> Result<(), Violation> {
    if !(max_share > 0.0 && max_share <= 1.0) {
        return Err(Violation::new("maxShare", "out_of_range"));
    }
    if !places.iter().all(|(at, _)| at.east.is_finite() && at.north.is_finite()) {
        return Err(Violation::new("areas", "not_finite"));
    }
    let sum: f64 = places.iter().map(|place| place.1).sum();
    if !(places.iter().all(|place| place.1 >= 0.0) && sum.is_finite() && sum > 0.0) {
        return Err(Violation::new("exposure", "out_of_range"));
    }
    let exposed = as_f64(places.iter().filter(|place| place.1 > 0.0).count() as u64);
    if exposed * exposed * max_share > as_f64(Scanner::MOST_DISCS as u64) {
        return Err(Violation::new("areas", "too_heavy"));
    }
    Ok(())
}

/// The areas with exposure from south to north, west to east.
fn canonical(places: &[(Plane, f64)]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..places.len()).filter(|&area| places[area].1 > 0.0).collect();
    order.sort_by(|&a, &b| {
        let ((a, exposure_a), (b, exposure_b)) = (places[a], places[b]);
        let position = a.north.total_cmp(&b.north).then(a.east.total_cmp(&b.east));
        position.then(exposure_a.total_cmp(&exposure_b))
    });
    order
}

/// Positions that differ by less are one: a micrometre, what rounding leaves.
pub(super) const SAME_M: f64 = 1e-6;

/// The areas around a centre, up to the largest share.
fn disc(centre: usize, at: &[Plane], shares: &[f64], max_share: f64) -> Disc {
    let from = at[centre];
    let mut near: Vec<(f64, u32)> = at
        .iter()
        .zip(0u32..)
        .map(|(to, area)| ((to.east - from.east).hypot(to.north - from.north), area))
        .collect();
    near.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    for ring in near.chunk_by_mut(|a, b| b.0 - a.0 <= SAME_M) {
        ring.sort_unstable_by_key(|&(_, area)| (area as usize != centre, area));
    }
    let mut share = 0.0;
    let upto = near.iter().map_while(|&(_, area)| {
        share += shares[area as usize];
        // What is too large by rounding alone is not.
        (share <= max_share + 1e-12).then_some((area, share))
    });
    let (members, shares) = upto.unzip();
    Disc { members, shares }
}

#[expect(clippy::cast_precision_loss, reason = "counts of cases stay far below 2^53")]
const fn as_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
