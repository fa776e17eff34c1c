//! An attacker who knows more than anybody can: the exact number behind every
//! published band, and which events each number counts. Written apart from the
//! product's own code, by geometry and dates alone.

use crate::world::World;
use fyren_core::analysis::release::ReleaseEvent;
use fyren_core::domain::{
    Category, Flags, PublicityClass, Release, ReleaseCell, ReleaseDistrict, ReleaseGroup, SourceTag,
};
use std::collections::BTreeSet;

/// Every published number as the set of events that it counts.
pub fn numbers(world: &World, releases: &[Release]) -> Vec<BTreeSet<usize>> {
    let mut numbers = Vec::new();
    for release in releases {
        numbers.extend(release.cells.iter().map(|cell| cell_events(world, release, cell)));
        let shown = release.districts.iter().filter(|row| row.band.is_some());
        numbers.extend(shown.map(|row| district_events(world, release, row)));
    }
    numbers
}

/// Distinct sources behind events.
pub fn sources(world: &World, events: &BTreeSet<usize>) -> BTreeSet<SourceTag> {
    events.iter().map(|at| world.events[*at].source).collect()
}

/// A set of 1 to k-1 sources on which some linear combination of the numbers
/// rests entirely, if there is any.
///
/// Such a combination exists exactly if the matrix of numbers by events loses
/// rank when the events of those sources are left out.
pub fn isolated(world: &World, numbers: &[BTreeSet<usize>]) -> Option<BTreeSet<SourceTag>> {
    let counted: BTreeSet<usize> = numbers.iter().flatten().copied().collect();
    let everybody: Vec<SourceTag> = sources(world, &counted).into_iter().collect();
    let rank_without = |few: &BTreeSet<SourceTag>| {
        let kept = counted.iter().filter(|at| !few.contains(&world.events[**at].source));
        let columns: BTreeSet<Vec<bool>> =
            kept.map(|at| numbers.iter().map(|n| n.contains(at)).collect()).collect();
        rank(columns.into_iter().collect())
    };
    let whole = rank_without(&BTreeSet::new());
    let most = (world.k as usize - 1).min(everybody.len());
    subsets(&everybody, most).find(|few| rank_without(few) < whole)
}

/// Subsets of exactly `size` elements: a smaller set isolates no more.
fn subsets(of: &[SourceTag], size: usize) -> impl Iterator<Item = BTreeSet<SourceTag>> {
    let count = of.len();
    (0_u32..1 << count)
        .filter(move |mask| mask.count_ones() as usize == size)
        .map(move |mask| (0..count).filter(|at| mask & (1 << at) != 0).map(|at| of[at]).collect())
}

/// Rank of a 0/1 matrix modulo a large prime.
fn rank(rows: Vec<Vec<bool>>) -> usize {
    const P: u64 = 2_147_483_647;
    let mut rows: Vec<Vec<u64>> =
        rows.into_iter().map(|row| row.into_iter().map(u64::from).collect()).collect();
    let width = rows.first().map_or(0, Vec::len);
    let mut rank = 0;
    for column in 0..width {
        let Some(pivot) = (rank..rows.len()).find(|at| rows[*at][column] != 0) else { continue };
        rows.swap(rank, pivot);
        let inverse = power(rows[rank][column], P - 2, P);
        let lead = rows[rank].clone();
        for row in rows.iter_mut().skip(rank + 1).filter(|row| row[column] != 0) {
            let times = row[column] * inverse % P;
            for (value, from) in row.iter_mut().zip(&lead).skip(column) {
                *value = (*value + (P - times) * from) % P;
            }
        }
        rank += 1;
    }
    rank
}

fn power(mut base: u64, mut exponent: u64, modulus: u64) -> u64 {
    let mut result = 1;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % modulus;
        }
        base = base * base % modulus;
        exponent >>= 1;
    }
    result
}

fn common(event: &ReleaseEvent, release: &Release, group: ReleaseGroup) -> bool {
    let safe = event.category == Category::SafePlace;
    release.window.from <= event.day
        && event.day < release.window.to
        && safe == (group == ReleaseGroup::Safe)
        && !event.flags.has(Flags::QUARANTINED)
}

fn on_a_map(event: &ReleaseEvent) -> bool {
    matches!(event.category.publicity(), PublicityClass::Points | PublicityClass::Aggregate)
}

fn cell_events(world: &World, release: &Release, cell: &ReleaseCell) -> BTreeSet<usize> {
    let inside = |event: &ReleaseEvent, cell: &ReleaseCell| {
        let mut parts = cell.cell_id.split('/').map(|part| part.parse::<f64>().unwrap());
        let (size, column, row) =
            (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        event.at.is_some_and(|at| {
            size >= 2.0 * event.precision_m
                && (column * size..(column + 1.0) * size).contains(&at.east)
                && (row * size..(row + 1.0) * size).contains(&at.north)
        })
    };
    let smaller = |event: &ReleaseEvent| {
        release.cells.iter().any(|other| {
            other.size_m < cell.size_m && other.group == cell.group && inside(event, other)
        })
    };
    let counts = |event: &ReleaseEvent| {
        common(event, release, cell.group)
            && on_a_map(event)
            && inside(event, cell)
            && !smaller(event)
    };
    (0..world.events.len()).filter(|at| counts(&world.events[*at])).collect()
}

fn district_events(world: &World, release: &Release, row: &ReleaseDistrict) -> BTreeSet<usize> {
    let counts = |event: &ReleaseEvent| {
        let coarse = event.category.publicity() == PublicityClass::Coarse;
        common(event, release, row.group)
            && (on_a_map(event) || coarse && row.district.is_some())
            && row.district.as_ref().is_none_or(|code| event.district.as_ref() == Some(code))
            && row.category.is_none_or(|category| event.category == category)
    };
    (0..world.events.len()).filter(|at| counts(&world.events[*at])).collect()
}
