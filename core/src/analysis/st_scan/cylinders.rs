//! Discs around events, the last days of a period, and what is in both.

use super::{MOST_ST_EVENTS, MOST_ST_PAIRS, StEvent, StScanRule, as_f64};
use crate::analysis::cells::{Cells, Nearness};
use crate::analysis::dated::{Dated, check_finite, order};
use crate::analysis::scan::{SAME_M, log_likelihood_ratio};
use crate::analysis::trials::shuffle;
use crate::domain::{Plane, SourceTag, Violation};
use rand::rngs::ChaCha8Rng;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap, HashSet};

/// The rank of a day that no cylinder reaches.
const OLD: u32 = u32::MAX;

/// The events of a period, in an order that does not depend on how they were given.
pub struct Study {
    /// Where each event stood among those given.
    pub index: Vec<usize>,
    sources: Vec<SourceTag>,
    /// How recent each event is: 0 for the most recent day, [`OLD`] for days
    /// that no cylinder reaches.
    pub ranks: Vec<u32>,
    /// The age in days of each rank.
    pub ages: Vec<f64>,
    /// The stratum of each event, counted from 0.
    strata: Vec<u32>,
    /// The events of each stratum.
    of_stratum: Vec<Vec<u32>>,
    /// For each rank and stratum the share of the stratum's events that are so recent.
    shares: Vec<f64>,
    pub discs: Vec<Disc>,
}

/// The events around a centre, nearest first.
pub struct Disc {
    pub centre: Plane,
    pub members: Vec<u32>,
    /// After how many members a full disc ends, and its radius.
    rings: Vec<(u32, f64)>,
}

impl Disc {
    /// The radius of the full disc that holds so many events.
    pub fn radius_of(&self, events: usize) -> f64 {
        self.rings.iter().find(|ring| ring.0 as usize == events).map_or(0.0, |ring| ring.1)
    }
}

/// A cylinder with more events than expected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cylinder {
    pub llr: f64,
    /// Events in its disc.
    pub events: usize,
    /// Rank of its oldest day.
    pub rank: u32,
    pub disc: usize,
}

impl Eq for Cylinder {}

impl Ord for Cylinder {
    /// The strongest is the largest, then the smallest disc.
    fn cmp(&self, other: &Self) -> Ordering {
        let size = other.events.cmp(&self.events).then(other.disc.cmp(&self.disc));
        self.llr.total_cmp(&other.llr).then(size)
    }
}

impl PartialOrd for Cylinder {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What a thread needs to simulate.
pub struct Workspace {
    ranks: Vec<u32>,
    deck: Vec<u32>,
    /// For each number of events the least that any cylinder expects with so many.
    least: Vec<f64>,
    recent: Vec<u32>,
    in_disc: Vec<f64>,
}

impl Study {
    pub fn new(events: &[StEvent], rule: &StScanRule) -> Result<Self, Violation> {
        let all: Vec<Dated> = events.iter().map(|event| event.dated).collect();
        check_finite(&all)?;
        let age = |event: usize| rule.end_day - events[event].dated.day;
        let within = |&event: &usize| age(event) >= 0.0 && age(event) < rule.window_days;
        let mut index: Vec<usize> = (0..events.len()).filter(within).collect();
        if index.len() > MOST_ST_EVENTS {
            return Err(Violation::new("points", "too_heavy"));
        }
        index.sort_by(|&a, &b| {
            let other =
                (events[a].stratum, events[a].source).cmp(&(events[b].stratum, events[b].source));
            order(&events[a].dated, &events[b].dated).then(other)
        });
        let places: Vec<Dated> = index.iter().map(|&event| events[event].dated).collect();
        let largest = as_f64(index.len() as u64) * rule.max_share;
        let discs = discs(&places, rule.radius_m, largest)?;
        let ages: Vec<f64> = index.iter().map(|&event| age(event)).collect();
        let recent = recent_ages(&ages, rule.days, largest);
        let rank = |age: &f64| {
            let rank = recent.partition_point(|recent| recent < age);
            if rank < recent.len() { narrow(rank) } else { OLD }
        };
        let ranks: Vec<u32> = ages.iter().map(rank).collect();
        let (strata, of_stratum) = strata(index.iter().map(|&event| events[event].stratum));
        let shares = shares(&ranks, recent.len(), &of_stratum);
        let sources = index.iter().map(|&event| events[event].source).collect();
        Ok(Self { index, sources, ranks, ages: recent, strata, of_stratum, shares, discs })
    }

    pub fn workspace(&self) -> Workspace {
        let recent = self.ranks.iter().filter(|&&rank| rank != OLD).count();
        Workspace {
            ranks: self.ranks.clone(),
            deck: Vec::with_capacity(self.ranks.len()),
            least: vec![0.0; recent + 1],
            recent: Vec::with_capacity(recent),
            in_disc: vec![0.0; self.of_stratum.len()],
        }
    }

    /// Deals the days out anew within each stratum.
    pub fn deal(&self, workspace: &mut Workspace, dice: &mut ChaCha8Rng) {
        let Workspace { ranks, deck, .. } = workspace;
        for members in &self.of_stratum {
            deck.clear();
            deck.extend(members.iter().map(|&event| self.ranks[event as usize]));
            shuffle(deck, dice);
            for (&event, &rank) in members.iter().zip(deck.iter()) {
                ranks[event as usize] = rank;
            }
        }
    }

    /// The largest log likelihood ratio of any cylinder with the days as they
    /// are dealt. With so many events it is the larger the less is expected, so
    /// the least of each number is all that has to be kept.
    pub fn largest(&self, workspace: &mut Workspace, min_cases: u32) -> f64 {
        let Workspace { ranks, least, recent, in_disc, .. } = workspace;
        least.fill(f64::INFINITY);
        for disc in &self.discs {
            self.grow(disc, ranks, (recent, in_disc), |from, recent, in_disc, _| {
                for (&rank, least) in recent[from..].iter().zip(&mut least[from + 1..]) {
                    *least = least.min(self.expected_in(in_disc, rank));
                }
                true
            });
        }
        let total = as_f64(self.index.len() as u64);
        let ratios = (0u32..).zip(least.iter()).skip(min_cases.max(1) as usize);
        let ratio =
            |(cases, &least): (u32, &f64)| log_likelihood_ratio(f64::from(cases), least, total);
        ratios.map(ratio).fold(0.0, f64::max)
    }

    /// The strongest cylinders whose discs share no event, strongest first.
    pub fn apart(&self, rule: &StScanRule) -> Vec<Cylinder> {
        let (mut taken, mut apart) = (vec![false; self.index.len()], Vec::new());
        let mut heap: BinaryHeap<Cylinder> =
            (0..self.discs.len()).filter_map(|disc| self.best(disc, &taken, rule)).collect();
        while let Some(found) = heap.pop() {
            let members = &self.discs[found.disc].members[..found.events];
            if members.iter().any(|&event| taken[event as usize]) {
                heap.extend(self.best(found.disc, &taken, rule));
            } else {
                for &event in members {
                    taken[event as usize] = true;
                }
                apart.push(found);
            }
        }
        apart
    }

    /// Events expected in a disc and the days up to a rank.
    pub fn expected(&self, disc: &[u32], rank: u32) -> f64 {
        let mut in_disc = vec![0.0; self.of_stratum.len()];
        for &event in disc {
            in_disc[self.strata[event as usize] as usize] += 1.0;
        }
        self.expected_in(&in_disc, rank)
    }

    #[inline]
    fn expected_in(&self, in_disc: &[f64], rank: u32) -> f64 {
        let strata = in_disc.len();
        let shares = &self.shares[rank as usize * strata..][..strata];
        in_disc.iter().zip(shares).map(|(events, share)| events * share).sum()
    }

    /// The strongest cylinder around a centre that holds no event that is taken.
    fn best(&self, at: usize, taken: &[bool], rule: &StScanRule) -> Option<Cylinder> {
        let (disc, total) = (&self.discs[at], as_f64(self.index.len() as u64));
        let mut best: Option<Cylinder> = None;
        let (mut recent, mut in_disc) = (Vec::new(), vec![0.0; self.of_stratum.len()]);
        let (mut checked, least) = (0, rule.min_cases.max(1) as usize);
        self.grow(
            disc,
            &self.ranks,
            (&mut recent, &mut in_disc),
            |from, recent, in_disc, events| {
                if disc.members[checked..events].iter().any(|&event| taken[event as usize]) {
                    return false;
                }
                checked = events;
                for (cases, &rank) in (1..).zip(recent).skip(from.max(least - 1)) {
                    let cases = as_f64(cases);
                    let llr = log_likelihood_ratio(cases, self.expected_in(in_disc, rank), total);
                    let found = Cylinder { llr, events, rank, disc: at };
                    let stronger = llr > 0.0 && best.is_none_or(|best| found > best);
                    if stronger
                        && self.sources_of(&disc.members[..events], rank) >= rule.min_sources
                    {
                        best = Some(found);
                    }
                }
                true
            },
        );
        best
    }

    fn sources_of(&self, disc: &[u32], rank: u32) -> usize {
        let recent = disc.iter().filter(|&&event| self.ranks[event as usize] <= rank);
        recent.map(|&event| self.sources[event as usize]).collect::<HashSet<_>>().len()
    }

    /// Lets a disc grow ring by ring. Whenever it has got recent events, `see`
    /// is given the first place at which its ranks have changed, the ranks of its recent
    /// events in ascending order, its events in each stratum and their number;
    /// the disc stops when it answers `false`. Without a new recent event, or
    /// with days in which the disc saw none, a cylinder is never the strongest.
    #[inline]
    fn grow(
        &self,
        disc: &Disc,
        ranks: &[u32],
        (recent, in_disc): (&mut Vec<u32>, &mut [f64]),
        mut see: impl FnMut(usize, &[u32], &[f64], usize) -> bool,
    ) {
        recent.clear();
        in_disc.fill(0.0);
        let mut start = 0;
        for &(end, _) in &disc.rings {
            let end = end as usize;
            let mut from = usize::MAX;
            for &event in &disc.members[start..end] {
                in_disc[self.strata[event as usize] as usize] += 1.0;
                let rank = ranks[event as usize];
                if rank != OLD {
                    let place = recent.partition_point(|&other| other <= rank);
                    recent.insert(place, rank);
                    from = from.min(place);
                }
            }
            start = end;
            if from != usize::MAX && !see(from, recent, in_disc, end) {
                return;
            }
        }
    }
}

/// The discs around the different places of events.
fn discs(places: &[Dated], radius_m: f64, largest: f64) -> Result<Vec<Disc>, Violation> {
    let cells = Cells::new(places, Nearness { eps_m: radius_m, days: f64::INFINITY })?;
    let mut discs: Vec<(u32, Disc)> = Vec::new();
    let mut pairs = 0;
    for cell in 0..cells.len() {
        for centre in cells.span(cell) {
            let event = cells.order[centre];
            // Events of one place lie side by side in the order of the study.
            if event > 0 && places[event as usize - 1].at == places[event as usize].at {
                continue;
            }
            let near = cells
                .around(cell)
                .map(|other| (cells.apart(centre, other).sqrt(), cells.order[other]));
            let disc = disc(
                places[event as usize].at,
                near.filter(|near| near.0 <= radius_m).collect(),
                largest,
            );
            pairs += disc.members.len();
            discs.push((event, disc));
        }
        if pairs > MOST_ST_PAIRS {
            return Err(Violation::new("points", "too_heavy"));
        }
    }
    discs.sort_by_key(|disc| disc.0);
    Ok(discs.into_iter().map(|disc| disc.1).collect())
}

fn disc(centre: Plane, mut near: Vec<(f64, u32)>, largest: f64) -> Disc {
    near.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let (mut rings, mut end) = (Vec::new(), 0);
    for ring in near.chunk_by(|a, b| b.0 - a.0 <= SAME_M) {
        end += narrow(ring.len());
        if f64::from(end) > largest {
            break;
        }
        rings.push((end, ring.last().map_or(0.0, |last| last.0)));
    }
    let held = rings.last().map_or(0, |ring| ring.0 as usize);
    // Within a ring the canonical order, whatever rounding made of the distances.
    let mut start = 0;
    for &(end, _) in &rings {
        near[start..end as usize].sort_unstable_by_key(|near| near.1);
        start = end as usize;
    }
    Disc { centre, members: near[..held].iter().map(|near| near.1).collect(), rings }
}

/// The different ages that a cylinder may reach, ascending.
fn recent_ages(ages: &[f64], days: f64, largest: f64) -> Vec<f64> {
    let mut sorted: Vec<f64> = ages.iter().copied().filter(|age| *age <= days).collect();
    sorted.sort_by(f64::total_cmp);
    let (mut recent, mut number) = (Vec::new(), 0);
    for same in sorted.chunk_by(|a, b| a.total_cmp(b).is_eq()) {
        number += same.len() as u64;
        if as_f64(number) > largest {
            break;
        }
        recent.push(same[0]);
    }
    recent
}

fn strata(given: impl Iterator<Item = u32>) -> (Vec<u32>, Vec<Vec<u32>>) {
    let mut events: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (event, stratum) in (0u32..).zip(given) {
        events.entry(stratum).or_default().push(event);
    }
    let number = events.values().map(Vec::len).sum();
    let mut strata = vec![0; number];
    for (stratum, members) in (0u32..).zip(events.values()) {
        for &event in members {
            strata[event as usize] = stratum;
        }
    }
    (strata, events.into_values().collect())
}

fn shares(ranks: &[u32], number: usize, of_stratum: &[Vec<u32>]) -> Vec<f64> {
    let mut shares = vec![0.0; number * of_stratum.len()];
    for (stratum, members) in of_stratum.iter().enumerate() {
        let mut in_rank = vec![0u64; number];
        for &event in members {
            if let Some(count) = in_rank.get_mut(ranks[event as usize] as usize) {
                *count += 1;
            }
        }
        let mut upto = 0;
        for (rank, count) in in_rank.iter().enumerate() {
            upto += count;
            shares[rank * of_stratum.len() + stratum] = as_f64(upto) / as_f64(members.len() as u64);
        }
    }
    shares
}

#[expect(clippy::cast_possible_truncation, reason = "far fewer than 2^32 events fit in memory")]
const fn narrow(number: usize) -> u32 {
    number as u32
}
