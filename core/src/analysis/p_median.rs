//! The p-median: sites that are near to demand on average.

use super::Weighted;
use super::sites::{check_places, distance};
use crate::domain::{Plane, Violation};

/// Sites with the least weighted distance.
#[derive(Debug, Clone, PartialEq)]
pub struct Medians {
    /// The candidates that were chosen, by index, ascending.
    pub chosen: Vec<usize>,
    /// For each place of demand the chosen candidate that serves it.
    pub serves: Vec<usize>,
    /// Weight × metres to the nearest chosen candidate, summed.
    pub objective: f64,
    /// What no choice can be below: the objective itself where it is proven.
    pub bound: f64,
}

/// Chooses the `p` candidates with the least sum of weight × distance to the
/// nearest of them (Hakimi 1964), exactly: Lagrangian bounds (Cornuéjols,
/// Fisher and Nemhauser 1977), exchange of single sites (Teitz and Bart 1968),
/// and branching on what the bounds leave open. After 2 000 branches it gives
/// the best found and the bound that is proven.
///
/// *Weakness:* it may leave a far village to a long way; see
/// [`super::sites`] for floors. Straight lines cross water.
///
/// Cost: some hundred times places × candidates: about 0.1 s for 260 of each.
/// Of equally good choices the one that is found depends on the order of the
/// candidates; its objective does not.
///
/// # Errors
/// Violates `p` or `demand: out_of_range`, `demand` or `candidates: required`
/// where empty and `too_large` beyond [`super::MOST_PLACES`].
pub fn p_median(demand: &[Weighted], candidates: &[Plane], p: usize) -> Result<Medians, Violation> {
    check_places("demand", demand.len())?;
    check_places("candidates", candidates.len())?;
    if !(1..=candidates.len()).contains(&p) {
        return Err(Violation::new("p", "out_of_range"));
    }
    let costs: Vec<Vec<f64>> = candidates
        .iter()
        .map(|&site| demand.iter().map(|d| d.weight * distance(d.at, site)).collect())
        .collect();
    let in_range = |cost: &f64| cost.is_finite() && *cost >= 0.0;
    if !costs.iter().flatten().all(in_range) {
        return Err(Violation::new("demand", "out_of_range"));
    }
    let mut search = Search { costs, p, best: (Vec::new(), f64::INFINITY), branches: 0 };
    search.start();
    let root = Node::root(&search);
    let bound = search.branch(root);
    let (chosen, objective) = search.best.clone();
    let nearest = |place: usize| {
        let cost = |site: &usize| search.costs[*site][place];
        chosen.iter().copied().min_by(|a, b| cost(a).total_cmp(&cost(b))).unwrap_or(0)
    };
    let serves = (0..demand.len()).map(nearest).collect();
    Ok(Medians { chosen, serves, objective, bound: bound.min(objective) })
}

/// Branches after which the best found is given with its bound.
const MOST_BRANCHES: usize = 2000;

struct Search {
    /// Cost by candidate and place of demand.
    costs: Vec<Vec<f64>>,
    p: usize,
    best: (Vec<usize>, f64),
    branches: usize,
}

/// A part of the search: sites that are in, sites that may be, and the price
/// of leaving each place unserved.
#[derive(Clone)]
struct Node {
    open: Vec<usize>,
    free: Vec<usize>,
    prices: Vec<f64>,
}

impl Node {
    fn root(search: &Search) -> Self {
        // What each place pays now is near to what it would pay in the end.
        let (chosen, _) = &search.best;
        let prices = (0..search.costs[0].len())
            .map(|place| {
                chosen.iter().map(|&s| search.costs[s][place]).fold(f64::INFINITY, f64::min)
            })
            .collect();
        Self { open: Vec::new(), free: (0..search.costs.len()).collect(), prices }
    }
}

/// What the sites of a node save at given prices.
struct Relaxed {
    bound: f64,
    /// Free sites, the one that saves most first, with what they save (≤ 0).
    ranked: Vec<(f64, usize)>,
}

impl Search {
    /// Sites one by one, then exchanged one by one while that helps.
    fn start(&mut self) {
        let mut chosen = Vec::new();
        while chosen.len() < self.p {
            let with = |site: usize| {
                let mut tried = chosen.clone();
                tried.push(site);
                (self.cost(&tried), site)
            };
            let rest = (0..self.costs.len()).filter(|site| !chosen.contains(site)).map(with);
            let best = rest.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            chosen.extend(best.map(|(_, site)| site));
        }
        self.exchange(chosen);
    }

    /// The sum over all places of the cost of the nearest of these sites.
    fn cost(&self, chosen: &[usize]) -> f64 {
        let Some((&first, others)) = chosen.split_first() else { return f64::INFINITY };
        let mut nearest = self.costs[first].clone();
        for &site in others {
            for (nearest, &cost) in nearest.iter_mut().zip(&self.costs[site]) {
                *nearest = nearest.min(cost);
            }
        }
        nearest.iter().sum()
    }

    /// Exchanges single sites while that helps, and keeps what is best.
    fn exchange(&mut self, mut chosen: Vec<usize>) {
        let mut cost = self.cost(&chosen);
        let mut better = true;
        while better {
            better = false;
            for at in 0..chosen.len() {
                for site in 0..self.costs.len() {
                    if chosen.contains(&site) {
                        continue;
                    }
                    let before = std::mem::replace(&mut chosen[at], site);
                    let tried = self.cost(&chosen);
                    if tried < cost * (1.0 - NEGLIGIBLE) {
                        (cost, better) = (tried, true);
                    } else {
                        chosen[at] = before;
                    }
                }
            }
        }
        self.keep(chosen, cost);
    }

    fn keep(&mut self, mut chosen: Vec<usize>, cost: f64) {
        if cost < self.best.1 {
            chosen.sort_unstable();
            self.best = (chosen, cost);
        }
    }

    /// Searches a node and gives a lower bound of what it holds.
    fn branch(&mut self, mut node: Node) -> f64 {
        self.branches += 1;
        let bound = self.tighten(&mut node);
        if bound >= self.enough() || self.branches >= MOST_BRANCHES {
            return bound;
        }
        if node.open.len() == self.p || node.open.len() + node.free.len() <= self.p {
            let mut chosen = node.open;
            chosen.extend(node.free.into_iter().take(self.p - chosen.len()));
            let cost = self.cost(&chosen);
            self.keep(chosen, cost);
            return cost;
        }
        let relaxed = self.relax(&node, None);
        let site = relaxed.ranked[0].1;
        node.free.retain(|&free| free != site);
        let mut with = node.clone();
        with.open.push(site);
        self.branch(with).min(self.branch(node)).max(bound)
    }

    /// A bound from which on a node holds nothing better.
    fn enough(&self) -> f64 {
        self.best.1 * (1.0 - NEGLIGIBLE)
    }

    /// Moves the prices of a node towards their best by subgradient steps and
    /// closes or opens what the bounds decide; gives the best bound.
    fn tighten(&mut self, node: &mut Node) -> f64 {
        let (mut best, mut prices, mut step, mut idle) = (f64::NEG_INFINITY, Vec::new(), 1.5, 0);
        for _ in 0..STEPS {
            let mut served = vec![0.0; node.prices.len()];
            let relaxed = self.relax(node, Some(&mut served));
            if relaxed.bound > best {
                (best, idle) = (relaxed.bound, 0);
                prices.clone_from(&node.prices);
                self.try_sites(node, &relaxed);
                self.decide(node, &relaxed);
            } else {
                idle += 1;
            }
            if best >= self.enough() || node.open.len() + node.free.len() <= self.p {
                break;
            }
            if idle >= 15 {
                (step, idle) = (step * 0.6, 0);
                node.prices.clone_from(&prices);
            }
            let square: f64 = served.iter().map(|served| (1.0 - served) * (1.0 - served)).sum();
            if square < 0.5 || step < 1e-3 {
                break;
            }
            let length = step * (1.0002 * self.best.1 - relaxed.bound) / square;
            for (price, served) in node.prices.iter_mut().zip(&served) {
                *price = (*price + length * (1.0 - served)).max(0.0);
            }
        }
        node.prices = prices;
        best
    }

    /// The bound at the prices of a node; into `served`, how many of its best
    /// sites would serve each place.
    fn relax(&self, node: &Node, served: Option<&mut Vec<f64>>) -> Relaxed {
        let saves = |site: usize| -> f64 {
            let costs = self.costs[site].iter().zip(&node.prices);
            costs.map(|(cost, price)| (cost - price).min(0.0)).sum()
        };
        let mut ranked: Vec<(f64, usize)> =
            node.free.iter().map(|&site| (saves(site), site)).collect();
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let more = (self.p - node.open.len()).min(ranked.len());
        let bound = node.prices.iter().sum::<f64>()
            + node.open.iter().map(|&site| saves(site)).sum::<f64>()
            + ranked[..more].iter().map(|(saved, _)| saved).sum::<f64>();
        if let Some(served) = served {
            let chosen = node.open.iter().chain(ranked[..more].iter().map(|(_, site)| site));
            for &site in chosen {
                let costs = self.costs[site].iter().zip(&node.prices);
                for (served, (cost, price)) in served.iter_mut().zip(costs) {
                    *served += f64::from(u8::from(cost < price));
                }
            }
        }
        Relaxed { bound, ranked }
    }

    /// Keeps the sites that a bound would choose, if they are the best yet.
    fn try_sites(&mut self, node: &Node, relaxed: &Relaxed) {
        let mut chosen = node.open.clone();
        chosen.extend(relaxed.ranked.iter().map(|(_, site)| site).take(self.p - chosen.len()));
        let cost = self.cost(&chosen);
        if cost < self.best.1 {
            self.exchange(chosen);
        }
    }

    /// Closes sites that no better choice can hold, opens those that every one
    /// must.
    fn decide(&self, node: &mut Node, relaxed: &Relaxed) {
        let more = self.p - node.open.len();
        if more == 0 || relaxed.ranked.len() <= more {
            return;
        }
        let (last, next) = (relaxed.ranked[more - 1].0, relaxed.ranked[more].0);
        let enough = self.enough();
        let closes = |saved: f64| relaxed.bound - last + saved >= enough;
        let opens = |saved: f64| relaxed.bound - saved + next >= enough;
        node.free.clear();
        for (rank, &(saved, site)) in relaxed.ranked.iter().enumerate() {
            if rank < more && opens(saved) {
                node.open.push(site);
            } else if rank < more || !closes(saved) {
                node.free.push(site);
            }
        }
    }
}

/// Subgradient steps in one node.
const STEPS: usize = 600;

/// A share of the cost below which choices count as equally good.
const NEGLIGIBLE: f64 = 1e-12;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_site_for_three_places_in_a_row_is_the_middle_one() {
        let at = |east| Plane { east, north: 0.0 };
        let demand = [0.0, 500.0, 900.0].map(|east| Weighted { at: at(east), weight: 2.0 });
        let candidates = [at(0.0), at(500.0), at(900.0)];
        let found = p_median(&demand, &candidates, 1).unwrap();
        assert_eq!((found.chosen, found.serves), (vec![1], vec![1, 1, 1]));
        assert!((found.objective - 1800.0).abs() < 1e-9);
    }

    #[test]
    fn more_sites_than_candidates_are_refused() {
        let at = Plane { east: 0.0, north: 0.0 };
        let refused = p_median(&[Weighted { at, weight: 1.0 }], &[at], 2);
        assert_eq!(refused, Err(Violation::new("p", "out_of_range")));
        let nobody =
            p_median(&[Weighted { at, weight: -1.0 }], &[Plane { east: 5.0, north: 0.0 }], 1);
        assert_eq!(nobody, Err(Violation::new("demand", "out_of_range")));
    }

    proptest! {
        #[test]
        fn no_choice_of_three_is_nearer(
            places in prop::collection::vec((0.0f64..900.0, 0.0f64..900.0, 1u8..9), 4..11),
        ) {
            let demand: Vec<Weighted> = places
                .iter()
                .map(|&(east, north, w)| Weighted { at: Plane { east, north }, weight: f64::from(w) })
                .collect();
            let candidates: Vec<Plane> = demand.iter().map(|demand| demand.at).collect();
            let found = p_median(&demand, &candidates, 3).unwrap();
            let cost = |sites: [usize; 3]| -> f64 {
                let nearest = |d: &Weighted| {
                    sites.iter().map(|&s| distance(d.at, candidates[s])).fold(f64::INFINITY, f64::min)
                };
                demand.iter().map(|d| d.weight * nearest(d)).sum()
            };
            let number = places.len();
            let choices = (0..number)
                .flat_map(|a| (0..a).flat_map(move |b| (0..b).map(move |c| [a, b, c])));
            let best = choices.map(cost).fold(f64::INFINITY, f64::min);
            prop_assert!((found.objective - best).abs() < 1e-6, "{} of {best}", found.objective);
            prop_assert!(found.bound <= found.objective && found.bound > best - 1e-6);
        }
    }
}
