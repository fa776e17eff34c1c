//! Which of a day's reports look coordinated: they are put aside, never deleted.
//!
//! Many people at one event are no attack: each of them tells it once or twice,
//! at their own pace, in their own words, from their own networks. What gives a
//! campaign away is what it has to save: devices, so that a few sources say the
//! same thing again and again or turn up together at several places; time, so
//! that reports come like clockwork; words; and networks. Each rule needs
//! several reports, and none looks at what a report says is wrong.

use crate::domain::{Plane, QuarantineReason, SourceTag};
use std::collections::{BTreeMap, BTreeSet};

/// A report of the last day as it arrived. Kept in memory only.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    /// Where; `None` where only an area is known.
    pub at: Option<Plane>,
    /// Who counts as its source.
    pub source: SourceTag,
    /// The network prefix that it came from, as a number; `None` where unknown.
    pub network: Option<u64>,
    /// When, in seconds of any clock.
    pub second: i64,
    /// [`wording`] of its text.
    pub wording: Vec<u64>,
}

crate::domain::code::code_enum! {
    /// What gave a group of reports away.
    pub enum Pattern {
        /// A few sources that each report one place again and again.
        RepeatedSources = "repeated_sources",
        /// One source with more reports than a walk explains.
        OneSource = "one_source",
        /// The same sources together at several places.
        SameCompany = "same_company",
        /// One network behind nearly all reports of a place.
        OneNetwork = "one_network",
        /// Reports of a place like clockwork.
        Clockwork = "clockwork",
        /// One wording.
        SameText = "same_text",
    }
}

/// A report that should be put aside, and what was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suspicion {
    /// Its index among the arrivals.
    pub arrival: usize,
    /// What gave it away.
    pub pattern: Pattern,
    /// Reports of the group.
    pub reports: usize,
    /// Sources of the group.
    pub sources: usize,
}

impl Suspicion {
    /// The reason under which it is put aside.
    #[must_use]
    pub const fn reason(&self) -> QuarantineReason {
        match self.pattern {
            Pattern::SameText => QuarantineReason::SameText,
            _ => QuarantineReason::Burst,
        }
    }
}

/// Reports this near to the first of a place are of that place, in metres.
const PLACE_M: f64 = 150.0;
/// Reports of one place by one source from which it repeats itself.
const REPEATS: usize = 4;
/// Sources that repeat themselves at one place, at least.
const REPEATERS: usize = 3;
/// So many repeaters are suspicious in however large a crowd.
const MANY_REPEATERS: usize = 5;
/// Reports of one source in a day: of one place, and of all.
const ONE_SOURCE: (usize, usize) = (8, 15);
/// Sources that are together at two places.
const COMPANY: usize = 4;
/// Reports of a place from which its networks and its rhythm are looked at.
const CROWD: usize = 10;
/// Reports of one wording.
const SAME_TEXT: usize = 5;
/// Words below which a text is too short to be a wording.
const WORDS: usize = 6;

/// The three-word sequences of a text as sorted numbers; empty for a text of
/// fewer than six words, which people choose alike.
#[must_use]
pub fn wording(text: &str) -> Vec<u64> {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.len() < WORDS {
        return Vec::new();
    }
    let mut sequences: Vec<u64> = words.windows(3).map(|three| fnv(&three.join(" "))).collect();
    sequences.sort_unstable();
    sequences.dedup();
    sequences
}

/// FNV-1a (Fowler, Noll and Vo 1991).
pub(super) fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The reports of one day that look coordinated, by index, each with the first
/// pattern that gave it away. The same arrivals give the same answer. Costs
/// n log n beside n times the number of places.
#[must_use]
pub fn suspicious(arrivals: &[Arrival]) -> Vec<Suspicion> {
    let places = places(arrivals);
    let mut found: BTreeMap<usize, Suspicion> = BTreeMap::new();
    let mut note = |pattern: Pattern, group: Vec<usize>| {
        let sources = sources(arrivals, &group).len();
        for arrival in &group {
            let seen = Suspicion { arrival: *arrival, pattern, reports: group.len(), sources };
            found.entry(*arrival).or_insert(seen);
        }
    };
    for place in &places {
        note(Pattern::RepeatedSources, repeaters(arrivals, place));
        note(Pattern::OneNetwork, one_network(arrivals, place));
        note(Pattern::Clockwork, clockwork(arrivals, place));
    }
    let all: Vec<usize> = (0..arrivals.len()).collect();
    for (within, most) in
        places.iter().map(|place| (place, ONE_SOURCE.0)).chain([(&all, ONE_SOURCE.1)])
    {
        for reports in by_source(arrivals, within).into_values() {
            note(Pattern::OneSource, if reports.len() >= most { reports } else { Vec::new() });
        }
    }
    for group in company(arrivals, &places) {
        note(Pattern::SameCompany, group);
    }
    for group in same_text(arrivals) {
        note(Pattern::SameText, group);
    }
    found.into_values().collect()
}

fn sources(arrivals: &[Arrival], of: &[usize]) -> BTreeSet<SourceTag> {
    of.iter().map(|at| arrivals[*at].source).collect()
}

fn by_source(arrivals: &[Arrival], of: &[usize]) -> BTreeMap<SourceTag, Vec<usize>> {
    let mut groups: BTreeMap<SourceTag, Vec<usize>> = BTreeMap::new();
    for at in of {
        groups.entry(arrivals[*at].source).or_default().push(*at);
    }
    groups
}

/// Arrivals by place: each joins the first place whose first report is near.
fn places(arrivals: &[Arrival]) -> Vec<Vec<usize>> {
    let mut places: Vec<(Plane, Vec<usize>)> = Vec::new();
    for (at, arrival) in arrivals.iter().enumerate() {
        let Some(here) = arrival.at else { continue };
        let near = |(first, _): &&mut (Plane, Vec<usize>)| {
            (first.east - here.east).hypot(first.north - here.north) <= PLACE_M
        };
        match places.iter_mut().find(near) {
            Some((_, members)) => members.push(at),
            None => places.push((here, vec![at])),
        }
    }
    places.into_iter().map(|(_, members)| members).collect()
}

/// The reports of those who repeat themselves, where they carry the place.
fn repeaters(arrivals: &[Arrival], place: &[usize]) -> Vec<usize> {
    let repeats: Vec<Vec<usize>> =
        by_source(arrivals, place).into_values().filter(|of| of.len() >= REPEATS).collect();
    let theirs: usize = repeats.iter().map(Vec::len).sum();
    let carry = 3 * theirs >= place.len() || repeats.len() >= MANY_REPEATERS;
    if repeats.len() < REPEATERS || !carry {
        return Vec::new();
    }
    repeats.concat()
}

/// The reports of the network that four of five reports of a crowd came from,
/// unless it is behind reports elsewhere too.
fn one_network(arrivals: &[Arrival], place: &[usize]) -> Vec<usize> {
    let mut networks: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for at in place {
        if let Some(network) = arrivals[*at].network {
            networks.entry(network).or_default().push(*at);
        }
    }
    let Some((network, largest)) = networks.into_iter().max_by_key(|(_, of)| of.len()) else {
        return Vec::new();
    };
    let most = largest.len() >= CROWD && 5 * largest.len() >= 4 * place.len();
    // A network that is everywhere is a carrier's or a proxy's.
    let all = arrivals.iter().filter(|arrival| arrival.network == Some(network)).count();
    if most && 2 * (all - largest.len()) <= largest.len() { largest } else { Vec::new() }
}

/// The reports of a crowd whose gaps vary by less than three tenths of their
/// mean: people who come by themselves leave gaps that vary as much as the mean.
fn clockwork(arrivals: &[Arrival], place: &[usize]) -> Vec<usize> {
    if place.len() < CROWD {
        return Vec::new();
    }
    let mut seconds: Vec<i64> = place.iter().map(|at| arrivals[*at].second).collect();
    seconds.sort_unstable();
    let gaps: Vec<i64> = seconds.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let count = i64::try_from(gaps.len()).unwrap_or(i64::MAX);
    let (sum, squares) = gaps.iter().fold((0_i64, 0_i64), |(sum, squares), gap| {
        (sum + gap, squares.saturating_add(gap.saturating_mul(*gap)))
    });
    // variance / mean² < 0.09, in whole numbers.
    let spread = i128::from(count) * i128::from(squares) - i128::from(sum) * i128::from(sum);
    let even = sum > 0 && 100 * spread < 9 * i128::from(sum) * i128::from(sum);
    if even { place.to_vec() } else { Vec::new() }
}

/// For two places that the same sources carry, the reports of those sources.
fn company(arrivals: &[Arrival], places: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let here: Vec<BTreeSet<SourceTag>> =
        places.iter().map(|place| sources(arrivals, place)).collect();
    let mut groups = Vec::new();
    for (a, b) in pairs(&here) {
        let both: BTreeSet<SourceTag> = here[a].intersection(&here[b]).copied().collect();
        let carried = 2 * both.len() >= here[a].len().min(here[b].len());
        if both.len() >= COMPANY && carried {
            let theirs = |at: &&usize| both.contains(&arrivals[**at].source);
            groups.push(places[a].iter().chain(&places[b]).filter(theirs).copied().collect());
        }
    }
    groups
}

/// Pairs of places that share a source.
fn pairs(here: &[BTreeSet<SourceTag>]) -> BTreeSet<(usize, usize)> {
    let mut visited: BTreeMap<SourceTag, Vec<usize>> = BTreeMap::new();
    for (place, sources) in here.iter().enumerate() {
        for source in sources {
            visited.entry(*source).or_default().push(place);
        }
    }
    let each = visited.values().flat_map(|places| {
        let after = |at: usize| places.iter().skip(at + 1);
        places.iter().enumerate().flat_map(move |(at, a)| after(at).map(move |b| (*a, *b)))
    });
    each.collect()
}

/// Groups of reports of one wording: those that share their first or last
/// sequence (`MinHash`, Broder 1997) and eight of ten sequences with the first.
fn same_text(arrivals: &[Arrival]) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<(bool, u64), Vec<usize>> = BTreeMap::new();
    for (at, arrival) in arrivals.iter().enumerate() {
        for (last, key) in [(false, arrival.wording.first()), (true, arrival.wording.last())] {
            if let Some(key) = key {
                groups.entry((last, *key)).or_default().push(at);
            }
        }
    }
    let alike = |group: Vec<usize>| -> Vec<usize> {
        let model = &arrivals[group[0]].wording;
        group.into_iter().filter(|at| is_alike(model, &arrivals[*at].wording)).collect()
    };
    groups.into_values().map(alike).filter(|group| group.len() >= SAME_TEXT).collect()
}

/// Whether two wordings share eight of ten sequences (Jaccard).
fn is_alike(a: &[u64], b: &[u64]) -> bool {
    let shared = a.iter().filter(|sequence| b.binary_search(sequence).is_ok()).count();
    10 * shared >= 8 * (a.len() + b.len() - shared)
}

#[cfg(test)]
mod tests;
