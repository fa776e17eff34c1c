//! Interrupted time series: what changed in level and in slope.

use super::glm::{Fit, Row, as_f64, fit};
use super::{Effect, Z975, two_sided};
use crate::domain::Violation;
use std::f64::consts::TAU;

/// How a series is modelled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ItsDesign {
    /// The first period after the start, from 0.
    pub step_at: usize,
    /// Periods in a year, 12 for months.
    pub season: f64,
    /// Pairs of sine and cosine that describe a year; 1 is one wave.
    pub harmonics: u8,
    /// Periods that still remember one another, for standard errors; 3 is
    /// usual for months.
    pub lag: usize,
}

impl Default for ItsDesign {
    /// Months, one wave a year, a memory of three months, and a start after
    /// two years.
    fn default() -> Self {
        Self { step_at: 24, season: 12.0, harmonics: 1, lag: 3 }
    }
}

/// One coefficient, on the scale of logarithms.
#[derive(Debug, Clone, PartialEq)]
pub struct ItsTerm {
    /// `const`, `t` (trend a period), `step` (change of level), `ramp` (change
    /// of trend), `s1`, `c1`, … (the year).
    pub name: String,
    /// Estimate with robust standard error, interval and p-value.
    pub effect: Effect,
    /// Standard error if counts are Poisson.
    pub se_model: f64,
}

/// An interrupted time series.
#[derive(Debug, Clone, PartialEq)]
pub struct Its {
    /// The coefficients in the order of [`ItsTerm::name`].
    pub terms: Vec<ItsTerm>,
    /// Pearson dispersion: above 1.5 counts are burstier than the model says.
    pub dispersion: f64,
}

/// Models one series of counts as trend, step, ramp and waves of the year
/// (Poisson, logarithmic link; Bernal, Cummins and Gasparrini 2017), with
/// standard errors that allow for neighbouring periods being alike (Newey and
/// West 1987, Bartlett weights).
///
/// *Weakness:* without a control, whatever else changed then counts as the
/// effect; with fewer than some 24 periods trend and season cannot be told
/// apart; robust standard errors of short series are too small.
///
/// Cost: below 0.1 ms for three years of months.
///
/// # Errors
/// Violates `count: too_small` for fewer periods than coefficients and two
/// more or counts too few for an estimate, `stepAt: out_of_range` without two
/// periods on each side, `season: out_of_range` unless above 2.
pub fn interrupted_series(counts: &[u64], design: ItsDesign) -> Result<Its, Violation> {
    let names = names(design.harmonics);
    if counts.len() < names.len() + 2 {
        return Err(Violation::new("count", "too_small"));
    }
    if !(2..=counts.len() - 2).contains(&design.step_at) {
        return Err(Violation::new("stepAt", "out_of_range"));
    }
    if !(design.season.is_finite() && design.season > 2.0) {
        return Err(Violation::new("season", "out_of_range"));
    }
    let rows: Vec<Row> = (0..counts.len()).map(|at| row(at, design)).collect();
    #[expect(clippy::cast_precision_loss, reason = "counts of events stay far below 2^53")]
    let counts: Vec<f64> = counts.iter().map(|&count| count as f64).collect();
    let fit =
        fit(&rows, &counts, names.len()).ok_or_else(|| Violation::new("count", "too_small"))?;
    let term = |(column, name): (usize, String)| {
        let se = newey_west(&fit.pulls(&rows, &counts, column), design.lag);
        let effect = effect(fit.coefficients[column], se);
        ItsTerm { name, effect, se_model: fit.se(column) }
    };
    let terms = names.into_iter().enumerate().map(term).collect();
    Ok(Its { terms, dispersion: Fit::dispersion(&fit, &counts) })
}

fn effect(estimate: f64, se: f64) -> Effect {
    let reach = Z975 * se;
    let p = two_sided(estimate / se);
    Effect { estimate, se, low: estimate - reach, high: estimate + reach, p }
}

fn names(harmonics: u8) -> Vec<String> {
    let waves = (1..=harmonics).flat_map(|wave| [format!("s{wave}"), format!("c{wave}")]);
    ["const", "t", "step", "ramp"].map(str::to_owned).into_iter().chain(waves).collect()
}

fn row(at: usize, design: ItsDesign) -> Row {
    let time = as_f64(at);
    let after = at >= design.step_at;
    let since = if after { time - as_f64(design.step_at) } else { 0.0 };
    let mut values = vec![1.0, time, f64::from(u8::from(after)), since];
    for wave in 1..=design.harmonics {
        let angle = TAU * f64::from(wave) * time / design.season;
        values.extend([angle.sin(), angle.cos()]);
    }
    values.into_iter().enumerate().collect()
}

/// The standard error of a sum whose parts remember `lag` periods.
fn newey_west(pulls: &[f64], lag: usize) -> f64 {
    let together = |apart: usize| -> f64 {
        pulls.iter().zip(pulls.iter().skip(apart)).map(|(one, other)| one * other).sum()
    };
    let weighted =
        |apart: usize| 2.0 * (1.0 - as_f64(apart) / (as_f64(lag) + 1.0)) * together(apart);
    (together(0) + (1..=lag).map(weighted).sum::<f64>()).max(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term<'a>(its: &'a Its, name: &str) -> &'a ItsTerm {
        its.terms.iter().find(|term| term.name == name).unwrap()
    }

    #[test]
    fn a_fall_by_half_is_a_step_and_nothing_else() {
        let counts: Vec<u64> = (0..36).map(|at| if at < 24 { 40 } else { 20 }).collect();
        let found = interrupted_series(&counts, ItsDesign::default()).unwrap();
        assert!((term(&found, "step").effect.estimate - 0.5f64.ln()).abs() < 1e-9);
        assert!(term(&found, "ramp").effect.estimate.abs() < 1e-9);
        assert!(found.dispersion < 1e-9);
    }

    #[test]
    fn a_series_too_short_and_a_step_at_its_end_are_refused() {
        let refused = |number: u64, step_at| {
            let counts: Vec<u64> = (0..number).map(|at| 10 + at % 5).collect();
            interrupted_series(&counts, ItsDesign { step_at, ..ItsDesign::default() }).unwrap_err()
        };
        assert_eq!(refused(7, 4), Violation::new("count", "too_small"));
        assert_eq!(refused(30, 29), Violation::new("stepAt", "out_of_range"));
        assert_eq!(refused(30, 1), Violation::new("stepAt", "out_of_range"));
    }
}
