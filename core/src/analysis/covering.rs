//! Covering as an integer programme.

use super::Weighted;
use super::sites::{SiteGoal, SitesProblem, distance};
use crate::domain::{Plane, Violation};
use microlp::{
    ComparisonOp, LinearExpr, OptimizationDirection, Problem, SolveOptions, Stats, Variable,
};
use std::collections::BTreeMap;

/// Which candidates cover what, in an order of their own: by place, so that
/// the answer does not depend on the order they came in.
pub(super) struct Covering {
    /// The index that each candidate came with.
    pub(super) order: Vec<usize>,
    /// For each floor the candidates near enough.
    pub(super) floors: Vec<Vec<usize>>,
    /// Demand by the candidates within reach.
    demand: Vec<(Vec<usize>, f64)>,
    sites: usize,
    most: u8,
}

impl Covering {
    pub(super) fn of(problem: &SitesProblem<'_>) -> Self {
        let mut order: Vec<usize> = (0..problem.candidates.len()).collect();
        order.sort_by(|&one, &other| {
            by_place(problem.candidates[one], problem.candidates[other]).then(one.cmp(&other))
        });
        let near = |at: Plane, reach: f64| -> Vec<usize> {
            let is_near = |site: &usize| distance(at, problem.candidates[order[*site]]) <= reach;
            (0..order.len()).filter(is_near).collect()
        };
        let mut demand: Vec<&Weighted> = problem.demand.iter().collect();
        demand.sort_by(|one, other| {
            by_place(one.at, other.at).then(one.weight.total_cmp(&other.weight))
        });
        let mut merged = BTreeMap::new();
        for one in demand {
            *merged.entry(near(one.at, problem.radius_m)).or_insert(0.0) += one.weight;
        }
        let floors = problem.floors.iter().map(|floor| near(floor.at, floor.radius_m)).collect();
        let most = match problem.goal {
            SiteGoal::Cover => 1,
            SiteGoal::Backup => 2,
        };
        Self { floors, order, demand: merged.into_iter().collect(), sites: problem.p, most }
    }

    pub(super) fn without_floors(&self) -> Self {
        Self { floors: Vec::new(), order: self.order.clone(), demand: self.demand.clone(), ..*self }
    }

    /// All demand.
    pub(super) fn total(&self) -> f64 {
        self.demand.iter().map(|(_, weight)| weight).sum()
    }

    /// The demand within reach of at least `times` of the chosen sites.
    pub(super) fn covered(&self, chosen: &[usize], times: usize) -> f64 {
        let is_covered =
            |near: &[usize]| near.iter().filter(|site| chosen.contains(site)).count() >= times;
        let weights = self.demand.iter().filter(|(near, _)| is_covered(near));
        // A sum of nothing would be −0.
        weights.fold(0.0, |sum, (_, weight)| sum + weight)
    }

    /// What a choice is worth.
    pub(super) fn value(&self, chosen: &[usize]) -> f64 {
        (1..=usize::from(self.most)).map(|times| self.covered(chosen, times)).sum()
    }
}

fn by_place(one: Plane, other: Plane) -> std::cmp::Ordering {
    one.east.total_cmp(&other.east).then(one.north.total_cmp(&other.north))
}

/// The best choice and what is proven to bound every choice.
pub(super) fn solve(covering: &Covering) -> Result<(Vec<usize>, f64), Violation> {
    let mut problem = Problem::new(OptimizationDirection::Maximize);
    let sites = binaries(&mut problem, covering.order.len(), 0.0);
    for (near, weight) in covering.demand.iter().filter(|(near, _)| !near.is_empty()) {
        // How often it is covered: integral by itself where the sites are.
        let times = problem.add_var(*weight, (0.0, f64::from(covering.most)));
        let mut row = sum_of(&sites, near.iter().copied());
        row.add(times, -1.0);
        problem.add_constraint(row, ComparisonOp::Ge, 0.0);
    }
    add_floors(&mut problem, &sites, covering);
    let all = sum_of(&sites, 0..sites.len());
    problem.add_constraint(all, ComparisonOp::Eq, as_f64(covering.sites));
    let (chosen, stats) = best(&problem, &sites)?;
    Ok((chosen, stats.best_bound.unwrap_or(f64::INFINITY)))
}

/// The fewest sites that meet every floor.
pub(super) fn least_sites(covering: &Covering) -> Result<usize, Violation> {
    if covering.floors.is_empty() {
        return Ok(0);
    }
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let sites = binaries(&mut problem, covering.order.len(), 1.0);
    add_floors(&mut problem, &sites, covering);
    best(&problem, &sites).map(|(chosen, _)| chosen.len())
}

fn binaries(problem: &mut Problem, number: usize, worth: f64) -> Vec<Variable> {
    (0..number).map(|_| problem.add_binary_var(worth)).collect()
}

fn add_floors(problem: &mut Problem, sites: &[Variable], covering: &Covering) {
    for near in &covering.floors {
        let row = sum_of(sites, near.iter().copied());
        problem.add_constraint(row, ComparisonOp::Ge, 1.0);
    }
}

fn sum_of(sites: &[Variable], chosen: impl Iterator<Item = usize>) -> LinearExpr {
    let mut sum = LinearExpr::empty();
    for site in chosen {
        sum.add(sites[site], 1.0);
    }
    sum
}

/// Branches after which the best found is given with its bound.
const MOST_BRANCHES: u64 = 20_000;

/// Solves; whoever calls has made sure that there is a solution.
fn best(problem: &Problem, sites: &[Variable]) -> Result<(Vec<usize>, Stats), Violation> {
    let mut options = SolveOptions::default();
    options.node_limit = Some(MOST_BRANCHES);
    let unsolved = || Violation::new("candidates", "too_large");
    let outcome = problem.solve_with(options).ok().ok_or_else(unsolved)?;
    let stats = outcome.stats();
    let solution = outcome.into_solution().ok().ok_or_else(unsolved)?;
    let chosen = (0..sites.len()).filter(|&site| solution.var_value(sites[site]) > 0.5).collect();
    Ok((chosen, stats))
}

#[expect(clippy::cast_precision_loss, reason = "at most 2 000 sites")]
const fn as_f64(number: usize) -> f64 {
    number as f64
}
