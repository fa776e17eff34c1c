//! Pairs that are close in place, and which days are close in time.

use super::MOST_PAIRS;
use crate::analysis::cells::{Cells, Nearness};
use crate::analysis::dated::Dated;
use crate::domain::Violation;

/// Simulations side by side: as many comparisons as the processor makes at once.
pub const LANES: usize = 8;

/// For each band of distance and each limit of days the pairs up to that
/// limit, in each lane.
pub type Counts = Vec<Vec<[u64; LANES]>>;

/// Pairs of events within the largest distance.
pub struct Pairs {
    /// For each event and band of distance, where its partners start.
    starts: Vec<usize>,
    /// Events that come later than the event itself.
    partners: Vec<u32>,
    bands: usize,
}

impl Pairs {
    /// The pairs of events that lie in an order of their own.
    pub fn new(events: &[Dated], limits_m: &[f64]) -> Result<Self, Violation> {
        let mut pairs = Self { starts: vec![0], partners: Vec::new(), bands: limits_m.len() };
        let mut lists = lists(events, limits_m)?;
        for list in &mut lists {
            list.sort_unstable();
            for band in 0..limits_m.len() {
                let of_band = list.iter().filter(|&&(of, _)| of == band);
                pairs.partners.extend(of_band.map(|&(_, partner)| partner));
                pairs.starts.push(pairs.partners.len());
            }
        }
        Ok(pairs)
    }

    /// Counts the pairs whose days, dealt to the events, are close.
    pub fn counts(&self, days: &Days, dealt: &[[u32; LANES]]) -> Counts {
        let mut counts = vec![vec![[0; LANES]; days.limits.len()]; self.bands];
        for (event, ranks) in dealt.iter().enumerate() {
            let own = &self.starts[event * self.bands..=(event + 1) * self.bands];
            if own[0] == own[self.bands] {
                continue;
            }
            for (limit, spans) in days.limits.iter().enumerate() {
                let (first, width) = (
                    ranks.map(|r| spans.first[r as usize]),
                    ranks.map(|r| spans.width[r as usize]),
                );
                for (band, ends) in own.windows(2).enumerate() {
                    let close = close(dealt, &self.partners[ends[0]..ends[1]], first, width);
                    let sums = counts[band][limit].iter_mut().zip(close);
                    sums.for_each(|(sum, close)| *sum += u64::from(close));
                }
            }
        }
        counts
    }

    /// Pairs in each band of distance, or up to its end.
    pub fn of_distance(&self, cumulative: bool) -> Vec<u64> {
        let mut numbers = vec![0u64; self.bands];
        for (index, ends) in self.starts.windows(2).enumerate() {
            numbers[index % self.bands] += (ends[1] - ends[0]) as u64;
        }
        if cumulative {
            (1..self.bands).for_each(|band| numbers[band] += numbers[band - 1]);
        }
        numbers
    }
}

/// How many partners have a rank that lies in the lane's span.
fn close(
    dealt: &[[u32; LANES]],
    partners: &[u32],
    first: [u32; LANES],
    width: [u32; LANES],
) -> [u32; LANES] {
    let mut count = [0; LANES];
    for &partner in partners {
        let ranks = &dealt[partner as usize];
        for lane in 0..LANES {
            // Below the first it wraps around and is too wide.
            count[lane] += u32::from(ranks[lane].wrapping_sub(first[lane]) <= width[lane]);
        }
    }
    count
}

/// For each event the later events within the largest distance, each with its band.
fn lists(events: &[Dated], limits_m: &[f64]) -> Result<Vec<Vec<(usize, u32)>>, Violation> {
    let mut lists = vec![Vec::new(); events.len()];
    let farthest = limits_m[limits_m.len() - 1];
    // A band of one spot still needs cells of some size.
    let near = Nearness { eps_m: farthest.max(1e-3), days: f64::INFINITY };
    let cells = Cells::new(events, near)?;
    let mut number = 0;
    for cell in 0..cells.len() {
        for one in cells.span(cell) {
            let from = cells.order[one];
            for other in cells.around(cell).filter(|&other| cells.order[other] > from) {
                let apart = cells.apart(one, other);
                let band = limits_m.iter().position(|limit| apart <= limit * limit);
                if let Some(band) = band {
                    lists[from as usize].push((band, cells.order[other]));
                    number += 1;
                }
            }
        }
        if number > MOST_PAIRS {
            return Err(Violation::new("points", "too_heavy"));
        }
    }
    Ok(lists)
}

/// The days of the events as ranks, so that whether two are close is one
/// comparison of whole numbers, exactly as with the days themselves.
pub struct Days {
    /// The rank of each event's day among the different days.
    pub ranks: Vec<u32>,
    /// For each limit, which ranks are close to each rank.
    limits: Vec<Spans>,
    /// The days of all events, ascending.
    sorted: Vec<f64>,
    upto: Vec<f64>,
}

/// The ranks close to each rank: the first of them and how many follow.
struct Spans {
    first: Vec<u32>,
    width: Vec<u32>,
}

impl Days {
    pub fn new(events: &[Dated], limits: &[f64]) -> Self {
        let mut sorted: Vec<f64> = events.iter().map(|event| event.day).collect();
        sorted.sort_by(f64::total_cmp);
        let mut different = sorted.clone();
        different.dedup();
        let rank = |event: &Dated| narrow(different.partition_point(|&day| day < event.day));
        Self {
            ranks: events.iter().map(rank).collect(),
            limits: limits.iter().map(|&limit| spans(&different, limit)).collect(),
            sorted,
            upto: limits.to_vec(),
        }
    }

    /// Pairs of all events in each band of days, or up to its end.
    pub fn pairs(&self, cumulative: bool) -> Vec<u64> {
        let pairs = |&limit: &f64| {
            let mut first = 0;
            let close = self.sorted.iter().enumerate().map(|(at, day)| {
                first +=
                    self.sorted[first..].iter().take_while(|early| day - *early > limit).count();
                (at - first) as u64
            });
            close.sum()
        };
        let mut numbers: Vec<u64> = self.upto.iter().map(pairs).collect();
        if !cumulative {
            (1..numbers.len()).rev().for_each(|band| numbers[band] -= numbers[band - 1]);
        }
        numbers
    }
}

fn spans(days: &[f64], limit: f64) -> Spans {
    let first: Vec<u32> =
        days.iter().map(|day| narrow(days.partition_point(|early| day - early > limit))).collect();
    let last = days.iter().map(|day| narrow(days.partition_point(|late| late - day <= limit)));
    let width = last.zip(&first).map(|(end, first)| end - 1 - first).collect();
    Spans { first, width }
}

#[expect(clippy::cast_possible_truncation, reason = "far fewer than 2^32 events fit in memory")]
const fn narrow(rank: usize) -> u32 {
    rank as u32
}
