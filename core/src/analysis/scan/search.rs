//! The search: which discs stand out most, in the cases as they are and in
//! simulated ones.

use super::{ScanCluster, Scanner, as_f64, log_likelihood_ratio};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// The cases as they are.
pub(super) struct Seen<'a> {
    pub(super) scanner: &'a Scanner,
    pub(super) cases: &'a [u32],
    pub(super) total: u64,
    pub(super) min_cases: u32,
}

/// A disc by its centre and the number of its areas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    pub(super) llr: f64,
    members: usize,
    centre: usize,
}

impl Eq for Found {}

impl Ord for Found {
    /// The strongest is the largest, then the smallest disc.
    fn cmp(&self, other: &Self) -> Ordering {
        let size = other.members.cmp(&self.members).then(other.centre.cmp(&self.centre));
        self.llr.total_cmp(&other.llr).then(size)
    }
}

impl PartialOrd for Found {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Seen<'_> {
    /// The strongest discs that share no area, strongest first.
    ///
    /// A disc that meets a stronger one is replaced by the best around the same
    /// centre that does not.
    pub(super) fn apart(&self) -> Vec<Found> {
        let (mut taken, mut apart) = (vec![false; self.cases.len()], Vec::new());
        let mut heap: BinaryHeap<Found> =
            (0..self.cases.len()).filter_map(|centre| self.best(centre, &taken)).collect();
        while let Some(found) = heap.pop() {
            let members = &self.scanner.around[found.centre].members[..found.members];
            if members.iter().any(|&area| taken[area as usize]) {
                heap.extend(self.best(found.centre, &taken));
            } else {
                for &area in members {
                    taken[area as usize] = true;
                }
                apart.push(found);
            }
        }
        apart
    }

    /// The strongest disc around a centre that holds no area that is taken.
    fn best(&self, centre: usize, taken: &[bool]) -> Option<Found> {
        let disc = &self.scanner.around[centre];
        let (mut cases, mut best) = (0u64, None);
        for (members, (&area, &share)) in (1..).zip(disc.members.iter().zip(&disc.shares)) {
            if taken[area as usize] {
                break;
            }
            let added = u64::from(self.cases[area as usize]);
            cases += added;
            // Without a new case the disc before was stronger.
            if added > 0 && cases >= u64::from(self.min_cases) {
                let total = as_f64(self.total);
                let llr = log_likelihood_ratio(as_f64(cases), share * total, total);
                if llr > 0.0 {
                    best = best.max(Some(Found { llr, members, centre }));
                }
            }
        }
        best
    }

    pub(super) fn told(&self, found: &Found, p: f64) -> ScanCluster {
        let Scanner { around, order, at, .. } = self.scanner;
        let disc = &around[found.centre];
        let within = &disc.members[..found.members];
        let observed = within.iter().map(|&area| u64::from(self.cases[area as usize])).sum();
        let expected = disc.shares[found.members - 1] * as_f64(self.total);
        let outside = as_f64(self.total - observed) / (as_f64(self.total) - expected);
        let centre = at[found.centre];
        let far = |&area: &u32| {
            let to = at[area as usize];
            (to.east - centre.east).hypot(to.north - centre.north)
        };
        ScanCluster {
            members: within.iter().map(|&area| order[area as usize]).collect(),
            radius: within.iter().map(far).fold(0.0, f64::max),
            observed,
            expected,
            rr: as_f64(observed) / expected / outside,
            llr: found.llr,
            p,
        }
    }
}

/// What a thread needs to simulate.
pub(super) struct Workspace {
    pub(super) cases: Vec<u32>,
    /// For each number of cases the smallest share of a disc that holds so many.
    least: Vec<f64>,
}

impl Workspace {
    pub(super) fn new(areas: usize, total: u64) -> Self {
        let total = usize::try_from(total).unwrap_or(usize::MAX);
        Self { cases: vec![0; areas], least: vec![1.0; total + 1] }
    }

    pub(super) fn simulate(
        &mut self,
        scanner: &Scanner,
        total: u64,
        dice: &mut rand::rngs::ChaCha8Rng,
    ) {
        self.cases.fill(0);
        (0..total).for_each(|_| self.cases[scanner.draw.one(dice)] += 1);
    }

    /// The largest log likelihood ratio of any disc. For a number of cases it
    /// is the larger the less is expected, so the smallest share of each number
    /// is all that has to be kept, and no logarithm is taken disc by disc.
    pub(super) fn largest(&mut self, scanner: &Scanner, total: u64, min_cases: u32) -> f64 {
        self.least.fill(1.0);
        for disc in &scanner.around {
            let mut cases = 0usize;
            for (&area, &share) in disc.members.iter().zip(&disc.shares) {
                // Most areas hold none, and the disc before them was smaller.
                let more = self.cases[area as usize] as usize;
                if more > 0 {
                    cases += more;
                    self.least[cases] = self.least[cases].min(share);
                }
            }
        }
        let total = as_f64(total);
        let ratios = (0u32..).zip(&self.least).skip(min_cases.max(1) as usize);
        ratios
            .map(|(cases, share)| log_likelihood_ratio(f64::from(cases), share * total, total))
            .fold(0.0, f64::max)
    }
}
