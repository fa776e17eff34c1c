//! Linear combinations: what adding and subtracting any published numbers leaves.
//!
//! A combination of numbers that leaves something to 1 to k-1 sources is a light
//! vector of the space that the numbers span over the events. It is searched as
//! a code word of low weight is, by information sets (Prange 1962): brought to
//! row echelon form with its pivots on a basis that meets the support of a
//! vector once, the space shows that vector as a row. The basis is taken from
//! the events of sources in a random order, so that the events of the last few
//! sources are left to the rows.

use super::differences::Audit;
use super::pieces::{Family, Piece};
use crate::domain::SourceTag;
use rand::{SeedableRng, rngs::ChaCha8Rng, seq::SliceRandom};
use std::collections::{BTreeMap, BTreeSet};

/// Bases that are tried where that is cheap, as it is for a small municipality.
const MOST_ROUNDS: usize = 512;

/// Steps of elimination that a search may cost, about a second. Fewer bases
/// are tried for many numbers, none for more than about 1 000, of which only
/// the comparisons of `differences` hold.
const MOST_STEPS: usize = 2_000_000_000;

/// The prime modulo which is counted.
const P: u64 = 2_147_483_647;

/// Events that the same numbers count.
struct Atom {
    sources: BTreeSet<SourceTag>,
    /// Indices of the numbers that count it.
    counted_by: Vec<usize>,
}

/// The lightest of the numbers `new`, by index, that take part in a
/// combination with `others` which rests on 1 to k-1 sources.
pub(super) fn offender(audit: &Audit<'_>, new: &[Piece], others: &[Family]) -> Option<usize> {
    let pieces: Vec<&Piece> = new.iter().chain(others.iter().flatten()).collect();
    let mut atoms = atoms(audit, &pieces);
    if atoms.iter().all(|atom| atom.counted_by.len() == 1) {
        return None;
    }
    let steps = pieces.len().pow(2) * (pieces.len() + atoms.len());
    let mut order: Vec<SourceTag> = sources_of(&atoms).into_iter().collect();
    let mut random = ChaCha8Rng::seed_from_u64(0);
    (0..MOST_ROUNDS.min(MOST_STEPS / steps)).find_map(|_| {
        order.shuffle(&mut random);
        let place: BTreeMap<SourceTag, usize> = order.iter().copied().zip(0..).collect();
        atoms.sort_by_cached_key(|atom| atom.sources.iter().map(|source| place[source]).min());
        light_row(audit, &atoms, pieces.len())
            .into_iter()
            .flatten()
            .filter(|at| *at < new.len())
            .min_by_key(|at| (audit.sources(&new[*at].events), *at))
    })
}

fn sources_of(atoms: &[Atom]) -> BTreeSet<SourceTag> {
    atoms.iter().flat_map(|atom| atom.sources.iter().copied()).collect()
}

fn atoms(audit: &Audit<'_>, pieces: &[&Piece]) -> Vec<Atom> {
    let mut counted_by: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, piece) in pieces.iter().enumerate() {
        for event in &piece.events {
            counted_by.entry(*event).or_default().push(at);
        }
    }
    let mut atoms: BTreeMap<Vec<usize>, BTreeSet<SourceTag>> = BTreeMap::new();
    for (event, counted_by) in counted_by {
        atoms.entry(counted_by).or_default().insert(audit.events[event].source);
    }
    atoms.into_iter().map(|(counted_by, sources)| Atom { sources, counted_by }).collect()
}

/// The numbers of a row of the echelon form that rests on 1 to k-1 sources.
fn light_row(audit: &Audit<'_>, atoms: &[Atom], numbers: usize) -> Option<Vec<usize>> {
    let width = atoms.len();
    let rows = echelon(atoms, numbers);
    rows.into_iter().find_map(|row| {
        let support = row[..width].iter().zip(atoms).filter(|(value, _)| **value != 0);
        let sources: BTreeSet<_> = support.flat_map(|(_, atom)| &atom.sources).collect();
        let light = !sources.is_empty() && sources.len() < audit.k as usize;
        light.then(|| (0..numbers).filter(|at| row[width + at] != 0).collect())
    })
}

/// The reduced row echelon form of numbers by atoms, each row followed by the
/// combination of numbers that it is.
fn echelon(atoms: &[Atom], numbers: usize) -> Vec<Vec<u64>> {
    let width = atoms.len();
    let mut rows = vec![vec![0_u64; width + numbers]; numbers];
    for (column, atom) in atoms.iter().enumerate() {
        atom.counted_by.iter().for_each(|number| rows[*number][column] = 1);
    }
    for (number, row) in rows.iter_mut().enumerate() {
        row[width + number] = 1;
    }
    let mut done = 0;
    for column in 0..width {
        let Some(pivot) = (done..numbers).find(|at| rows[*at][column] != 0) else { continue };
        rows.swap(done, pivot);
        let lead = scaled(&rows[done], inverse(rows[done][column]));
        for (at, row) in rows.iter_mut().enumerate() {
            if at != done && row[column] != 0 {
                let times = P - row[column];
                row.iter_mut().zip(&lead).for_each(|(value, from)| {
                    *value = (*value + times * from) % P;
                });
            }
        }
        rows[done] = lead;
        done += 1;
    }
    rows.truncate(done);
    rows
}

fn scaled(row: &[u64], by: u64) -> Vec<u64> {
    row.iter().map(|value| value * by % P).collect()
}

/// The inverse modulo [`P`], by Fermat.
fn inverse(value: u64) -> u64 {
    let (mut result, mut base, mut exponent) = (1, value, P - 2);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % P;
        }
        base = base * base % P;
        exponent >>= 1;
    }
    result
}
