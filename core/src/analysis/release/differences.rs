//! Subtraction: what could be told by comparing published numbers.
//!
//! Numbers are treated as if they were exact and as if everybody knew which
//! events they count; published bands say far less. Two families of disjoint
//! numbers are compared three ways: each number with the numbers of the other
//! family that it holds, touches or nearly equals, and each patch of numbers
//! that hang together with the patch that it hangs together with. An event set
//! that is left over is *light* if it rests on 1 to k-1 distinct sources.

use super::ReleaseEvent;
use super::pieces::{Family, Piece};
use std::collections::BTreeSet;

const NOBODY: usize = usize::MAX;

/// The events that numbers count, and how many sources are enough.
#[derive(Clone, Copy)]
pub(super) struct Audit<'a> {
    pub events: &'a [ReleaseEvent],
    pub k: u32,
}

impl Audit<'_> {
    /// The number of `new`, by index, that should not be published because
    /// some comparison with `others` leaves a light rest; `None` if none does.
    /// Costs O(n log n) for each family of `others`.
    pub fn offender(&self, new: &[Piece], others: &[Family]) -> Option<usize> {
        let joined = self.joined(others);
        others.iter().chain([&joined]).find_map(|other| {
            self.lonely(new, other)
                .or_else(|| self.lonely_other(new, other))
                .or_else(|| self.lonely_patch(new, other))
        })
    }

    /// The largest numbers of all `others` that share no event.
    fn joined(&self, others: &[Family]) -> Family {
        let mut all: Vec<&Piece> = others.iter().flatten().collect();
        all.sort_by_key(|piece| std::cmp::Reverse(piece.events.len()));
        let mut taken = vec![false; self.events.len()];
        let mut family = Family::new();
        for piece in all {
            if piece.events.iter().all(|event| !taken[*event]) {
                piece.events.iter().for_each(|event| taken[*event] = true);
                family.push(piece.clone());
            }
        }
        family
    }

    /// A new number that, less the numbers of `other`, is light.
    fn lonely(&self, new: &[Piece], other: &[Piece]) -> Option<usize> {
        let owner = self.owners(other);
        new.iter().position(|piece| {
            companions(piece, other, &owner).iter().any(|near| self.is_light(&[piece], near))
        })
    }

    /// The lightest new number of those that, taken from a number of `other`,
    /// leave it light.
    fn lonely_other(&self, new: &[Piece], other: &[Piece]) -> Option<usize> {
        let owner = self.owners(new);
        other.iter().find_map(|piece| {
            let sets = companions(piece, new, &owner);
            let near =
                sets.iter().find(|near| !near.is_empty() && self.is_light(&[piece], near))?;
            self.lightest(new, near)
        })
    }

    /// The lightest new number of a patch that differs from its counterpart by
    /// a light rest.
    fn lonely_patch(&self, new: &[Piece], other: &[Piece]) -> Option<usize> {
        let owner = self.owners(other);
        patches(new, other, &owner).iter().find_map(|(ours, theirs)| {
            let light = !theirs.is_empty() && self.is_light(ours, theirs);
            if light { self.lightest(new, ours) } else { None }
        })
    }

    fn lightest(&self, new: &[Piece], among: &[&Piece]) -> Option<usize> {
        let lightest = among.iter().min_by_key(|piece| self.sources(&piece.events))?;
        new.iter().position(|piece| piece.key == lightest.key)
    }

    /// Whether the events of either side but not of both rest on 1 to k-1 sources.
    fn is_light(&self, ours: &[&Piece], theirs: &[&Piece]) -> bool {
        let union = |pieces: &[&Piece]| -> BTreeSet<usize> {
            pieces.iter().flat_map(|piece| piece.events.iter().copied()).collect()
        };
        let rest: Vec<usize> = union(ours).symmetric_difference(&union(theirs)).copied().collect();
        let sources = self.sources(&rest);
        0 < sources && sources < self.k as usize
    }

    /// Distinct sources behind `events`.
    pub fn sources(&self, events: &[usize]) -> usize {
        events.iter().map(|event| self.events[*event].source).collect::<BTreeSet<_>>().len()
    }

    /// For each event the number of `family` that counts it.
    fn owners(&self, family: &[Piece]) -> Vec<usize> {
        let mut owner = vec![NOBODY; self.events.len()];
        for (at, piece) in family.iter().enumerate() {
            piece.events.iter().for_each(|event| owner[*event] = at);
        }
        owner
    }
}

/// The numbers of `other` that lie within `piece`, that touch it, and that lie
/// mostly within it.
fn companions<'a>(piece: &Piece, other: &'a [Piece], owner: &[usize]) -> [Vec<&'a Piece>; 3] {
    let mut shared = std::collections::BTreeMap::new();
    for event in &piece.events {
        if owner[*event] != NOBODY {
            *shared.entry(owner[*event]).or_insert(0_usize) += 1;
        }
    }
    let pick = |keep: fn(usize, usize) -> bool| {
        let chosen = shared.iter().filter(|(at, count)| keep(**count, other[**at].events.len()));
        chosen.map(|(at, _)| &other[*at]).collect()
    };
    [pick(|count, size| count == size), pick(|_, _| true), pick(|count, size| 2 * count > size)]
}

type Patch<'a> = (Vec<&'a Piece>, Vec<&'a Piece>);

/// Numbers of both families that hang together by shared events.
fn patches<'a>(new: &'a [Piece], other: &'a [Piece], owner: &[usize]) -> Vec<Patch<'a>> {
    let mut root: Vec<usize> = (0..new.len() + other.len()).collect();
    let find = |root: &mut Vec<usize>, mut at: usize| {
        while root[at] != at {
            root[at] = root[root[at]];
            at = root[at];
        }
        at
    };
    for (at, piece) in new.iter().enumerate() {
        for event in piece.events.iter().filter(|event| owner[**event] != NOBODY) {
            let (a, b) = (find(&mut root, at), find(&mut root, new.len() + owner[*event]));
            root[a.max(b)] = a.min(b);
        }
    }
    let mut patches = std::collections::BTreeMap::<usize, Patch<'a>>::new();
    for (at, piece) in new.iter().enumerate() {
        patches.entry(find(&mut root, at)).or_default().0.push(piece);
    }
    for (at, piece) in other.iter().enumerate() {
        patches.entry(find(&mut root, new.len() + at)).or_default().1.push(piece);
    }
    patches.into_values().filter(|(ours, _)| !ours.is_empty()).collect()
}
