//! Emerging hot spots: where values gather, period by period, and how that has
//! changed. For comparison with other tools.
//!
//! Gi* of a cube of areas and periods, each with its neighbours in the same
//! period and in the one before, the trend of each area's z (Mann 1945, Kendall
//! 1975) and a name for the pattern (Esri, *Emerging Hot Spot Analysis*, 2014).
//! Tools disagree on the mean that a period is held against ([`CubeMean`]), so
//! that names differ between them. As Gi* it marks where people live; a name
//! rests on whole periods being marked, so that few events name nothing well.

use super::{Neighbours, Trend, mann_kendall, q_values};
use crate::domain::Violation;
use statrs::function::erf::erfc;

crate::domain::code::code_enum! {
    /// What each window of the cube is held against.
    pub enum CubeMean {
        /// The mean and deviation of all areas in all periods: a busy period is
        /// hot nearly everywhere. Usual in geographic information systems.
        Cube = "cube",
        /// Those of all areas in the same period: a busy period is as any other.
        Period = "period",
    }
}

crate::domain::code::code_enum! {
    /// How an area has been hot, or cold, over the periods.
    pub enum Emergence {
        /// In the last period for the first time.
        New = "new",
        /// In the last two or more periods, and never before.
        Consecutive = "consecutive",
        /// In nine of ten periods and the last, ever more so.
        Intensifying = "intensifying",
        /// In nine of ten periods and the last, without a trend.
        Persistent = "persistent",
        /// In nine of ten periods and the last, ever less so.
        Diminishing = "diminishing",
        /// In the last period and now and then before, never the opposite.
        Sporadic = "sporadic",
        /// In the last period, and the opposite in one before.
        Oscillating = "oscillating",
        /// In nine of ten periods, but not in the last.
        Historical = "historical",
    }
}

/// Counts of areas in periods.
#[derive(Debug, Clone, Copy)]
pub struct Cube<'a> {
    /// Counts, all periods of the first area first.
    pub counts: &'a [u32],
    /// Periods of each area.
    pub periods: usize,
    /// The areas beside each, itself left out.
    pub neighbours: &'a Neighbours,
}

/// What is said of one area.
#[derive(Debug, Clone, PartialEq)]
pub struct Emerging {
    /// Standard score of each period, above 0 where high values gather.
    pub z: Vec<f64>,
    /// Two-sided q of each period with account taken of all areas and periods
    /// (Benjamini-Hochberg).
    pub q: Vec<f64>,
    /// The trend of the scores.
    pub trend: Trend,
    /// The pattern of its hot periods, if it has one.
    pub hot: Option<Emergence>,
    /// The pattern of its cold periods, if it has one.
    pub cold: Option<Emergence>,
}

/// The share of periods that is nearly always.
const NEARLY_ALWAYS: f64 = 0.9;

/// The largest p-value of a trend that is one.
const TREND_P: f64 = 0.05;

/// Names the pattern of each area; a period is hot or cold where its q is
/// `largest_q` or less. An area may not have both patterns, as both end in the
/// last period, except a historical one beside another.
///
/// Cost: areas × periods × neighbours, and the pairs of periods of each area.
///
/// # Errors
/// Violates `areas: different_lengths` unless there is one count an area and
/// period, and `periods: too_short` below three.
pub fn emerging(
    cube: Cube<'_>,
    mean: CubeMean,
    largest_q: f64,
) -> Result<Vec<Emerging>, Violation> {
    let Cube { counts, periods, neighbours } = cube;
    if periods < 3 {
        return Err(Violation::new("periods", "too_short"));
    }
    if counts.len() != neighbours.len() * periods {
        return Err(Violation::new("areas", "different_lengths"));
    }
    let z = scores(cube, mean);
    let p: Vec<f64> = z.iter().map(|z| erfc(z.abs() / std::f64::consts::SQRT_2)).collect();
    let q = q_values(&p);
    let of_area = |(z, q): (&[f64], &[f64])| {
        let trend = mann_kendall(z)?;
        let marked = |sign: f64| -> Vec<bool> {
            z.iter().zip(q).map(|(z, q)| z * sign > 0.0 && *q <= largest_q).collect()
        };
        let (hot, cold) = (marked(1.0), marked(-1.0));
        Ok(Emerging {
            z: z.to_vec(),
            q: q.to_vec(),
            trend,
            hot: pattern(&hot, &cold, direction(trend, 1.0)),
            cold: pattern(&cold, &hot, direction(trend, -1.0)),
        })
    };
    z.chunks_exact(periods).zip(q.chunks_exact(periods)).map(of_area).collect()
}

/// Gi* of every area and period, areas first.
fn scores(cube: Cube<'_>, mean: CubeMean) -> Vec<f64> {
    let Cube { counts, periods, neighbours } = cube;
    let areas = neighbours.len();
    let against: Vec<Moments> = match mean {
        CubeMean::Cube => vec![Moments::of(counts.iter()); periods],
        CubeMean::Period => (0..periods)
            .map(|period| Moments::of(counts[period..].iter().step_by(periods)))
            .collect(),
    };
    let mut scores = Vec::with_capacity(counts.len());
    for area in 0..areas {
        let window = |period: usize| {
            let near = neighbours.of(area).iter().map(|&other| other as usize).chain([area]);
            near.fold((0_u64, 0.0), |(sum, number), other| {
                (sum + u64::from(counts[other * periods + period]), number + 1.0)
            })
        };
        for (period, all) in against.iter().enumerate().take(periods) {
            let (mut sum, mut number) = window(period);
            if let Some(before) = period.checked_sub(1) {
                let (more, others) = window(before);
                (sum, number) = (sum + more, number + others);
            }
            scores.push(all.z(as_f64(sum), number));
        }
    }
    scores
}

/// The number, mean and deviation of counts.
#[derive(Debug, Clone, Copy)]
struct Moments {
    number: f64,
    mean: f64,
    deviation: f64,
}

impl Moments {
    fn of<'a>(counts: impl Iterator<Item = &'a u32>) -> Self {
        let (number, sum, squares) = counts.fold((0.0, 0, 0), |(number, sum, squares), &count| {
            (number + 1.0, sum + u64::from(count), squares + u64::from(count).pow(2))
        });
        let mean = as_f64(sum) / number;
        let variance = as_f64(squares) / number - mean * mean;
        Self { number, mean, deviation: variance.max(0.0).sqrt() }
    }

    /// The score of a sum over `window` values; 0 where nothing can be said.
    fn z(self, sum: f64, window: f64) -> f64 {
        let spread = window * (self.number - window) / (self.number - 1.0);
        let deviation = self.deviation * spread.max(0.0).sqrt();
        if deviation > 0.0 { (sum - window * self.mean) / deviation } else { 0.0 }
    }
}

/// 1 for a trend toward `sign`, −1 for one away from it, 0 for none.
fn direction(trend: Trend, sign: f64) -> i8 {
    match (trend.p <= TREND_P, trend.z * sign > 0.0) {
        (false, _) => 0,
        (true, true) => 1,
        (true, false) => -1,
    }
}

/// The name of the periods that are `marked`, some of the others being the
/// `opposite`.
fn pattern(marked: &[bool], opposite: &[bool], direction: i8) -> Option<Emergence> {
    let number = marked.iter().filter(|marked| **marked).count();
    let nearly_always = as_f64(number as u64) >= NEARLY_ALWAYS * as_f64(marked.len() as u64);
    let last = marked.iter().rev().take_while(|marked| **marked).count();
    Some(match (last > 0, nearly_always) {
        (false, true) => Emergence::Historical,
        (false, false) => return None,
        (true, true) if direction > 0 => Emergence::Intensifying,
        (true, true) if direction < 0 => Emergence::Diminishing,
        (true, true) => Emergence::Persistent,
        (true, false) if number == 1 => Emergence::New,
        (true, false) if number == last => Emergence::Consecutive,
        (true, false) if opposite.contains(&true) => Emergence::Oscillating,
        (true, false) => Emergence::Sporadic,
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
const fn as_f64(value: u64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn named(periods: &str, direction: i8) -> Option<&'static str> {
        let is = |wanted: char| periods.chars().map(|mark| mark == wanted).collect::<Vec<_>>();
        pattern(&is('h'), &is('c'), direction).map(Emergence::code)
    }

    #[test]
    fn each_pattern_has_the_name_that_other_tools_give_it() {
        for (periods, direction, name) in [
            ("..........", 0, None),
            ("...hhh....", 0, None),
            (".........h", 0, Some("new")),
            (".......hhh", 0, Some("consecutive")),
            ("hhhhhhhhhh", 0, Some("persistent")),
            ("h.hhhhhhhh", 1, Some("intensifying")),
            ("h.hhhhhhhh", -1, Some("diminishing")),
            ("hhhhhhhhh.", 1, Some("historical")),
            ("..hh...h.h", 1, Some("sporadic")),
            ("..hc...h.h", 0, Some("oscillating")),
            ("..c......h", 0, Some("new")),
        ] {
            assert_eq!(named(periods, direction), name, "{periods}");
        }
    }

    fn row(areas: i64) -> Neighbours {
        Neighbours::queen(&(0..areas).map(|column| (column, 0)).collect::<Vec<_>>())
    }

    #[test]
    fn a_place_that_becomes_busy_is_new_and_an_even_map_names_nothing() {
        let neighbours = row(40);
        let mut counts = vec![1; 400];
        let cube = |counts: &[u32]| {
            emerging(Cube { counts, periods: 10, neighbours: &neighbours }, CubeMean::Cube, 0.05)
        };
        assert!(
            cube(&counts).unwrap().iter().all(|area| area.hot.is_none() && area.cold.is_none())
        );
        for area in 19..22 {
            counts[area * 10 + 9] = 40;
        }
        let found = cube(&counts).unwrap();
        assert_eq!(found[20].hot, Some(Emergence::New));
        assert_eq!(found[5].hot, None);
    }

    #[test]
    fn a_cube_of_two_periods_or_with_a_hole_is_refused() {
        let neighbours = row(4);
        let refused = |counts: &[u32], periods| {
            emerging(Cube { counts, periods, neighbours: &neighbours }, CubeMean::Period, 0.05)
        };
        assert_eq!(refused(&[1; 8], 2).unwrap_err(), Violation::new("periods", "too_short"));
        assert_eq!(refused(&[1; 11], 3).unwrap_err(), Violation::new("areas", "different_lengths"));
    }

    proptest! {
        #[test]
        fn twice_the_counts_have_the_same_scores(
            counts in prop::collection::vec(0u32..20, 60),
        ) {
            let neighbours = row(12);
            let doubled: Vec<u32> = counts.iter().map(|count| 2 * count).collect();
            for mean in CubeMean::ALL {
                let of = |counts: &[u32]| {
                    emerging(Cube { counts, periods: 5, neighbours: &neighbours }, *mean, 0.05)
                };
                let (once, twice) = (of(&counts).unwrap(), of(&doubled).unwrap());
                for (one, other) in once.iter().zip(&twice) {
                    for (z, same) in one.z.iter().zip(&other.z) {
                        prop_assert!((z - same).abs() < 1e-9);
                    }
                    prop_assert_eq!((one.hot, one.cold), (other.hot, other.cold));
                }
            }
        }
    }
}
