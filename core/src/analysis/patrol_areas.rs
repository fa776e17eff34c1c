//! Dividing a municipality into patrol areas: whole pieces of ground, each
//! area in one part, with about as much work in each.
//!
//! Areas are grown from seeds that lie far apart, the one with the least work
//! first, and then exchange pieces at their borders under simulated annealing
//! as long as every area stays in one part (as in Wang, Kwan and Ma 2014 and
//! in redistricting by Ricca and Simeone 2008). The division is the best that
//! was found, not proven best.

use super::trials::below;
use crate::domain::{Plane, Violation};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

/// Changes that are tried.
const ROUNDS: u32 = 60_000;
/// Temperatures at the start and the end.
const WARM: f64 = 0.05;
const COLD: f64 = 1e-5;
/// What long ways within areas cost beside uneven work.
const WAY: f64 = 0.05;
/// What a border as long as there are pieces costs beside uneven work: enough
/// that areas have no fingers, too little to leave one with much more to do.
const BORDER: f64 = 0.3;
/// The most pieces that are divided.
pub const MOST_PIECES: usize = 3_000;

/// A piece of ground that is not divided further: a district or a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece {
    /// Its middle.
    pub at: Plane,
    /// The work that it makes, from 0 up.
    pub work: f64,
}

/// A division.
#[derive(Debug, Clone, PartialEq)]
pub struct PatrolAreas {
    /// The area of each piece, from 0.
    pub of: Vec<usize>,
    /// The work of each area.
    pub work: Vec<f64>,
    /// By how much the area that is furthest off has more or less work than
    /// the mean, as a share of the mean.
    pub imbalance: f64,
    /// Mean distance in metres of the work from the middle of its area.
    pub spread_m: f64,
}

/// Divides `pieces` into `k` areas. `neighbours` says which pieces touch;
/// islands are joined by the shortest crossing, so that an area may reach over
/// it. The same seed gives the same areas. Costs some 0.1 s for 500 pieces.
///
/// # Errors
/// Violates `k: out_of_range` (1 to the number of pieces), `pieces: required`,
/// `too_large` or `out_of_range`.
pub fn patrol_areas(
    pieces: &[Piece],
    neighbours: &[Vec<usize>],
    k: usize,
    seed: u64,
) -> Result<PatrolAreas, Violation> {
    check(pieces, neighbours, k)?;
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let ground = Ground { pieces, near: joined(pieces, neighbours) };
    let mut division = ground.grown(k, &mut dice);
    ground.evened(&mut division, k, &mut dice);
    Ok(judged(pieces, division, k))
}

/// What may be said of a given division, such as today's districts; `of` is
/// the area of each piece, all below `k`.
///
/// # Panics
/// If `of` has another length than `pieces`, or an area is not below `k`.
#[must_use]
pub fn judged(pieces: &[Piece], of: Vec<usize>, k: usize) -> PatrolAreas {
    let sums = Sums::of(pieces, &of, k);
    let mean = sums.work.iter().sum::<f64>() / count(k);
    let off = sums.work.iter().map(|work| (work - mean).abs()).fold(0.0, f64::max);
    let total: f64 = sums.work.iter().sum();
    let way: f64 =
        pieces.iter().zip(&of).map(|(piece, area)| piece.work * sums.away(*area, piece)).sum();
    PatrolAreas {
        imbalance: if mean > 0.0 { off / mean } else { 0.0 },
        spread_m: if total > 0.0 { way / total } else { 0.0 },
        work: sums.work,
        of,
    }
}

/// In how many parts each area lies: one, unless it reaches over a crossing
/// between pieces that do not touch. `of` is the area of each piece, all below
/// `k`; an area without pieces has no part. Costs O(neighbours).
///
/// # Panics
/// If `of` has another length than `neighbours`, or an area is not below `k`.
#[must_use]
pub fn area_parts(neighbours: &[Vec<usize>], of: &[usize], k: usize) -> Vec<usize> {
    let mut near = vec![Vec::new(); of.len()];
    for (piece, others) in neighbours.iter().enumerate() {
        for other in others.iter().filter(|other| of[**other] == of[piece]) {
            near[piece].push(*other);
            near[*other].push(piece);
        }
    }
    let mut parts = vec![0; k];
    let mut seen = vec![false; of.len()];
    for start in 0..of.len() {
        if seen[start] {
            continue;
        }
        parts[of[start]] += 1;
        let mut waiting = vec![start];
        while let Some(piece) = waiting.pop() {
            if !std::mem::replace(&mut seen[piece], true) {
                waiting.extend(&near[piece]);
            }
        }
    }
    parts
}

fn check(pieces: &[Piece], neighbours: &[Vec<usize>], k: usize) -> Result<(), Violation> {
    let fine = |piece: &Piece| {
        piece.at.east.is_finite()
            && piece.at.north.is_finite()
            && piece.work.is_finite()
            && piece.work >= 0.0
    };
    let known = neighbours.len() == pieces.len()
        && neighbours.iter().flatten().all(|piece| *piece < pieces.len());
    let rules = [
        ("pieces", "required", !pieces.is_empty()),
        ("pieces", "too_large", pieces.len() <= MOST_PIECES),
        ("pieces", "out_of_range", pieces.iter().all(fine) && known),
        ("k", "out_of_range", (1..=pieces.len()).contains(&k)),
    ];
    match rules.into_iter().find(|(.., holds)| !holds) {
        Some((field, rule, _)) => Err(Violation::new(field, rule)),
        None => Ok(()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "some thousand pieces")]
fn count(number: usize) -> f64 {
    number as f64
}

fn metres(a: Plane, b: Plane) -> f64 {
    (a.east - b.east).hypot(a.north - b.north)
}

/// Work, and the sum of places weighted by it, of each area.
struct Sums {
    work: Vec<f64>,
    east: Vec<f64>,
    north: Vec<f64>,
    pieces: Vec<f64>,
}

/// What a piece without work weighs when the middle of an area is sought.
const LIGHT: f64 = 1e-6;

impl Sums {
    fn of(pieces: &[Piece], of: &[usize], k: usize) -> Self {
        let empty = || vec![0.0; k];
        let mut sums = Self { work: empty(), east: empty(), north: empty(), pieces: empty() };
        for (piece, area) in pieces.iter().zip(of) {
            sums.add(*area, piece);
        }
        sums
    }

    fn add(&mut self, area: usize, piece: &Piece) {
        let weight = piece.work + LIGHT;
        self.work[area] += piece.work;
        self.east[area] += weight * piece.at.east;
        self.north[area] += weight * piece.at.north;
        self.pieces[area] += 1.0;
    }

    fn away(&self, area: usize, piece: &Piece) -> f64 {
        let weight = self.work[area] + LIGHT * self.pieces[area];
        let middle = Plane { east: self.east[area] / weight, north: self.north[area] / weight };
        metres(middle, piece.at)
    }
}

/// Neighbours in both directions, and the shortest crossings between parts
/// that do not touch.
fn joined(pieces: &[Piece], neighbours: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut near = vec![Vec::new(); pieces.len()];
    let link = |near: &mut Vec<Vec<usize>>, a: usize, b: usize| {
        if a != b && !near[a].contains(&b) {
            near[a].push(b);
            near[b].push(a);
        }
    };
    for (piece, others) in neighbours.iter().enumerate() {
        for other in others {
            link(&mut near, piece, *other);
        }
    }
    loop {
        let reached = reachable(&near, 0, |_| true);
        let (inside, outside): (Vec<usize>, Vec<usize>) =
            (0..pieces.len()).partition(|piece| reached[*piece]);
        let pairs = inside.iter().flat_map(|a| outside.iter().map(move |b| (*a, *b)));
        let long = |(a, b): &(usize, usize)| metres(pieces[*a].at, pieces[*b].at);
        match pairs.min_by(|a, b| long(a).total_cmp(&long(b)).then(a.cmp(b))) {
            Some((a, b)) => link(&mut near, a, b),
            None => break,
        }
    }
    for others in &mut near {
        others.sort_unstable();
    }
    near
}

/// Which pieces can be reached from `start` over those that `may` be entered.
fn reachable(near: &[Vec<usize>], start: usize, may: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut reached = vec![false; near.len()];
    reached[start] = true;
    let mut waiting = vec![start];
    while let Some(piece) = waiting.pop() {
        for next in &near[piece] {
            if !reached[*next] && may(*next) {
                reached[*next] = true;
                waiting.push(*next);
            }
        }
    }
    reached
}

/// What an area has to do, as a share of an even one, and the moments of where
/// it lies, in reaches: its cost follows from these alone, so that a piece that
/// goes and comes back costs nothing.
#[derive(Clone, Copy, Default)]
struct Load {
    work: f64,
    weight: f64,
    east: f64,
    north: f64,
    square: f64,
}

impl Load {
    fn of(work: f64, weight: f64, (east, north): (f64, f64)) -> Self {
        let square = weight * (east * east + north * north);
        Self { work, weight, east: weight * east, north: weight * north, square }
    }

    fn add(&mut self, other: &Self, sign: f64) {
        self.work += sign * other.work;
        self.weight += sign * other.weight;
        self.east += sign * other.east;
        self.north += sign * other.north;
        self.square += sign * other.square;
    }

    /// Uneven work, and the squared way of all of it from its middle.
    fn cost(&self) -> f64 {
        let middle = (self.east * self.east + self.north * self.north) / self.weight;
        (self.work - 1.0).powi(2) + WAY * (self.square - middle)
    }
}

struct Ground<'a> {
    pieces: &'a [Piece],
    near: Vec<Vec<usize>>,
}

impl Ground<'_> {
    /// Areas grown from seeds, the one with the least work first.
    fn grown(&self, k: usize, dice: &mut ChaCha8Rng) -> Vec<usize> {
        const NONE: usize = usize::MAX;
        let number = self.pieces.len();
        let mut seeds = vec![below(number, dice)];
        while seeds.len() < k {
            let off = |piece: &usize| {
                let away = seeds.iter().map(|s| metres(self.pieces[*s].at, self.pieces[*piece].at));
                away.fold(f64::INFINITY, f64::min)
            };
            let rest = (0..number).filter(|piece| !seeds.contains(piece));
            let far = rest.max_by(|a, b| off(a).total_cmp(&off(b)).then(b.cmp(a)));
            seeds.extend(far);
        }
        let mut of = vec![NONE; number];
        let mut work = vec![0.0; k];
        for (area, seed) in seeds.iter().enumerate() {
            (of[*seed], work[area]) = (area, self.pieces[*seed].work);
        }
        for _ in k..number {
            let mut order: Vec<usize> = (0..k).collect();
            order.sort_by(|a, b| work[*a].total_cmp(&work[*b]).then(a.cmp(b)));
            let next = order.into_iter().find_map(|area| {
                let home = self.pieces[seeds[area]].at;
                let free = (0..number).filter(|piece| {
                    of[*piece] == NONE && self.near[*piece].iter().any(|other| of[*other] == area)
                });
                let long = |piece: &usize| metres(home, self.pieces[*piece].at);
                let best = free.min_by(|a, b| long(a).total_cmp(&long(b)).then(a.cmp(b)))?;
                Some((area, best))
            });
            // All pieces hang together, so that one always borders an area.
            let Some((area, piece)) = next else { break };
            of[piece] = area;
            work[area] += self.pieces[piece].work;
        }
        of
    }

    /// Exchanges pieces at borders until work is even and areas are compact.
    fn evened(&self, of: &mut Vec<usize>, k: usize, dice: &mut ChaCha8Rng) {
        let total: f64 = self.pieces.iter().map(|piece| piece.work).sum();
        if total <= 0.0 || k == 1 {
            return;
        }
        let mean = total / count(k);
        let number = count(self.pieces.len());
        let reach = self.reach();
        let home = self.pieces[0].at;
        let loads: Vec<Load> = self
            .pieces
            .iter()
            .map(|piece| {
                let work = piece.work / mean;
                let (east, north) =
                    ((piece.at.east - home.east) / reach, (piece.at.north - home.north) / reach);
                Load::of(work, work + 1.0 / number, (east, north))
            })
            .collect();
        let mut areas = vec![Load::default(); k];
        let mut size = vec![0_usize; k];
        for (load, area) in loads.iter().zip(of.iter()) {
            areas[*area].add(load, 1.0);
            size[*area] += 1;
        }
        let (mut best, mut cost) = ((0.0, of.clone()), 0.0);
        for round in 0..ROUNDS {
            let piece = below(self.pieces.len(), dice);
            let from = of[piece];
            let others: Vec<usize> = self.near[piece]
                .iter()
                .map(|near| of[*near])
                .filter(|area| *area != from)
                .collect();
            if others.is_empty() || size[from] == 1 {
                continue;
            }
            let to = others[below(others.len(), dice)];
            let (mut less, mut more) = (areas[from], areas[to]);
            less.add(&loads[piece], -1.0);
            more.add(&loads[piece], 1.0);
            let touching = |area| count(others.iter().filter(|other| **other == area).count());
            let border = count(self.near[piece].len() - others.len()) - touching(to);
            let change = less.cost() + more.cost() - areas[from].cost() - areas[to].cost()
                + BORDER * border / number;
            let warm = WARM * (COLD / WARM).powf(f64::from(round) / f64::from(ROUNDS));
            let luck = dice.random::<f64>().max(f64::MIN_POSITIVE).ln();
            if -change <= warm * luck || !self.holds_without(of, piece) {
                continue;
            }
            (areas[from], areas[to]) = (less, more);
            (size[from], size[to], of[piece]) = (size[from] - 1, size[to] + 1, to);
            cost += change;
            if cost < best.0 - 1e-12 {
                best = (cost, of.clone());
            }
        }
        *of = best.1;
    }

    /// The mean distance of pieces from their common middle: what a way is
    /// measured by.
    fn reach(&self) -> f64 {
        let all = vec![0; self.pieces.len()];
        let sums = Sums::of(self.pieces, &all, 1);
        let away: f64 = self.pieces.iter().map(|piece| sums.away(0, piece)).sum();
        (away / count(self.pieces.len())).max(1.0)
    }

    /// Whether the area of a piece is still in one part without it.
    fn holds_without(&self, of: &[usize], piece: usize) -> bool {
        let area = of[piece];
        let own = |other: usize| other != piece && of[other] == area;
        let Some(start) = self.near[piece].iter().copied().find(|other| own(*other)) else {
            return false;
        };
        let reached = reachable(&self.near, start, own);
        (0..of.len()).all(|other| !own(other) || reached[other])
    }
}

#[cfg(test)]
mod tests;
