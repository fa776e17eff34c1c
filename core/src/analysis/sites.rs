//! Where to stand: sites that cover the most demand, with a floor for every
//! village and, where wanted, cover for when one is away.

use super::Weighted;
use super::covering::{Covering, least_sites, solve};
use crate::domain::{Plane, Violation};

crate::domain::code::code_enum! {
    /// What sites are chosen for.
    pub enum SiteGoal {
        /// As much demand as possible within reach of at least one site
        /// (Church and ReVelle 1974).
        Cover = "cover",
        /// The same, where demand within reach of two sites counts twice
        /// (backup coverage, Hogan and ReVelle 1986; Curtin and others 2010).
        Backup = "backup",
    }
}

/// A place that must be near a site whatever its demand: few reports are no
/// reason for no presence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Floor {
    /// Where, such as the middle of a village.
    pub at: Plane,
    /// How near a site must be, in metres.
    pub radius_m: f64,
}

/// What sites are asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SitesProblem<'a> {
    /// Demand by place; weights from 0 up.
    pub demand: &'a [Weighted],
    /// Where a site may be.
    pub candidates: &'a [Plane],
    /// Number of sites.
    pub p: usize,
    /// How far a site reaches in metres, in a straight line.
    pub radius_m: f64,
    /// What must be near.
    pub floors: &'a [Floor],
    /// What counts.
    pub goal: SiteGoal,
}

/// Chosen sites.
#[derive(Debug, Clone, PartialEq)]
pub struct Sites {
    /// The candidates that were chosen, by index, ascending.
    pub chosen: Vec<usize>,
    /// The demand within reach of each of them, in the same order.
    pub covers: Vec<f64>,
    /// What counts, summed.
    pub objective: f64,
    /// What no choice can exceed: the objective itself where it is proven best.
    pub bound: f64,
    /// Share of the demand within reach of at least one site, 0 to 1.
    pub share: f64,
    /// Share of the demand within reach of two or more, 0 to 1.
    pub share_twice: f64,
    /// What the floors cost: the best objective without them, less this one.
    pub floor_cost: f64,
}

/// Why no sites can be chosen, and what comes nearest.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SitesRefusal {
    /// The question itself is not well put.
    #[error("{0}")]
    Invalid(#[from] Violation),
    /// No candidate lies near enough to a floor.
    #[error("floor {floor} has its nearest candidate {nearest_m:.0} m away")]
    FloorOutOfReach {
        /// Index of the floor.
        floor: usize,
        /// Distance to the nearest candidate: the radius that would do.
        nearest_m: f64,
    },
    /// The floors need more sites than there are to be.
    #[error("the floors need {least} sites")]
    FloorsNeedMore {
        /// The fewest sites that meet every floor.
        least: usize,
    },
}

impl SitesRefusal {
    /// The rule that is broken, for a form.
    #[must_use]
    pub fn violation(&self) -> Violation {
        match self {
            Self::Invalid(violation) => violation.clone(),
            Self::FloorOutOfReach { .. } => Violation::new("floors", "floor_out_of_reach"),
            Self::FloorsNeedMore { .. } => Violation::new("p", "floors_need_more"),
        }
    }
}

/// The most candidates, and the most places of demand, that a choice is made
/// among; coarser cells bring more below it.
pub const MOST_PLACES: usize = 2000;

/// Chooses sites by integer programming (branch and bound over the linear
/// relaxation), exactly; after 20 000 branches it gives the best found and the
/// bound that is proven. Of equally good choices always the same one is given,
/// whatever the order of demand and candidates.
///
/// *Weakness:* straight lines cross water and walls; reach is all or nothing;
/// and demand that rests on reports repeats who reports.
///
/// Cost: some 10 ms for 300 candidates and places, 1 s for 2 000; twice that
/// with floors.
///
/// # Errors
/// [`SitesRefusal`] with the nearest that is feasible; violates `p`,
/// `radiusM`, `demand` or `floors: out_of_range`, `demand` or `candidates:
/// required` where empty and `too_large` beyond [`MOST_PLACES`].
pub fn sites(problem: &SitesProblem<'_>) -> Result<Sites, SitesRefusal> {
    check(problem)?;
    let covering = Covering::of(problem);
    if let Some(floor) = covering.floors.iter().position(Vec::is_empty) {
        let floor_at = problem.floors[floor].at;
        let distances = problem.candidates.iter().map(|&at| distance(floor_at, at));
        let nearest_m = distances.fold(f64::INFINITY, f64::min);
        return Err(SitesRefusal::FloorOutOfReach { floor, nearest_m });
    }
    let least = least_sites(&covering)?;
    if least > problem.p {
        return Err(SitesRefusal::FloorsNeedMore { least });
    }
    let (chosen, bound) = solve(&covering)?;
    let objective = covering.value(&chosen);
    let free = if problem.floors.is_empty() {
        objective
    } else {
        covering.value(&solve(&covering.without_floors())?.0)
    };
    Ok(described(problem, &covering, (chosen, bound.max(objective)), free - objective))
}

/// What there is to say of a choice.
fn described(
    problem: &SitesProblem<'_>,
    covering: &Covering,
    (chosen, bound): (Vec<usize>, f64),
    floor_cost: f64,
) -> Sites {
    let total = covering.total();
    let share = |times| if total > 0.0 { covering.covered(&chosen, times) / total } else { 0.0 };
    let (share_once, share_twice) = (share(1), share(2));
    let objective = covering.value(&chosen);
    let mut chosen: Vec<usize> = chosen.iter().map(|&site| covering.order[site]).collect();
    chosen.sort_unstable();
    let within = |site: Plane| {
        let near = problem.demand.iter().filter(|d| distance(d.at, site) <= problem.radius_m);
        near.map(|demand| demand.weight).sum()
    };
    let covers = chosen.iter().map(|&site| within(problem.candidates[site])).collect();
    Sites { chosen, covers, objective, bound, share: share_once, share_twice, floor_cost }
}

fn check(problem: &SitesProblem<'_>) -> Result<(), Violation> {
    check_places("demand", problem.demand.len())?;
    check_places("candidates", problem.candidates.len())?;
    let finite = |at: Plane| at.east.is_finite() && at.north.is_finite();
    let reach = |metres: f64| metres.is_finite() && metres > 0.0;
    let rules = [
        ("p", (1..=problem.candidates.len()).contains(&problem.p)),
        ("radiusM", reach(problem.radius_m)),
        ("demand", problem.demand.iter().all(|d| d.is_number() && d.weight >= 0.0)),
        ("candidates", problem.candidates.iter().all(|&at| finite(at))),
        ("floors", problem.floors.iter().all(|floor| finite(floor.at) && reach(floor.radius_m))),
    ];
    rules
        .iter()
        .find(|(_, holds)| !holds)
        .map_or(Ok(()), |(field, _)| Err(Violation::new(*field, "out_of_range")))
}

/// Refuses no place and too many.
pub(super) fn check_places(field: &str, number: usize) -> Result<(), Violation> {
    match number {
        0 => Err(Violation::new(field, "required")),
        1..=MOST_PLACES => Ok(()),
        _ => Err(Violation::new(field, "too_large")),
    }
}

pub(super) fn distance(from: Plane, to: Plane) -> f64 {
    (from.east - to.east).hypot(from.north - to.north)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn place(east: f64) -> Plane {
        Plane { east, north: 0.0 }
    }

    fn demand(places: &[(f64, f64)]) -> Vec<Weighted> {
        places.iter().map(|&(east, weight)| Weighted { at: place(east), weight }).collect()
    }

    fn problem<'a>(demand: &'a [Weighted], candidates: &'a [Plane], p: usize) -> SitesProblem<'a> {
        SitesProblem { demand, candidates, p, radius_m: 100.0, floors: &[], goal: SiteGoal::Cover }
    }

    #[test]
    fn a_floor_draws_a_site_to_a_silent_village_and_says_what_that_costs() {
        let demand = demand(&[(0.0, 10.0), (1000.0, 4.0), (5000.0, 1.0)]);
        let candidates = [place(0.0), place(1000.0), place(5000.0)];
        let asked = problem(&demand, &candidates, 2);
        let free = sites(&asked).unwrap();
        assert_eq!((free.chosen, free.floor_cost), (vec![0, 1], 0.0));
        let floors = [Floor { at: place(5100.0), radius_m: 150.0 }];
        let held = sites(&SitesProblem { floors: &floors, ..asked }).unwrap();
        assert_eq!(held.chosen, [0, 2]);
        assert_eq!(held.covers, [10.0, 1.0]);
        assert!((held.floor_cost - 3.0).abs() < 1e-9 && (held.objective - 11.0).abs() < 1e-9);
    }

    #[test]
    fn a_floor_that_cannot_be_met_says_what_would_do() {
        let demand = demand(&[(0.0, 10.0)]);
        let candidates = [place(0.0), place(1000.0), place(5000.0)];
        let floor = |east| Floor { at: place(east), radius_m: 150.0 };
        let asked = problem(&demand, &candidates, 2);
        let far = [floor(0.0), floor(3000.0)];
        let refused = sites(&SitesProblem { floors: &far, ..asked });
        assert_eq!(refused, Err(SitesRefusal::FloorOutOfReach { floor: 1, nearest_m: 2000.0 }));
        let many = [floor(0.0), floor(1000.0), floor(5000.0)];
        let refused = sites(&SitesProblem { floors: &many, ..asked }).unwrap_err();
        assert_eq!(refused, SitesRefusal::FloorsNeedMore { least: 3 });
        assert_eq!(refused.violation(), Violation::new("p", "floors_need_more"));
    }

    #[test]
    fn backup_puts_two_sites_where_most_demand_is() {
        let demand = demand(&[(0.0, 10.0), (1000.0, 4.0)]);
        let candidates = [place(-20.0), place(20.0), place(1000.0)];
        let asked = problem(&demand, &candidates, 2);
        let backup = sites(&SitesProblem { goal: SiteGoal::Backup, ..asked }).unwrap();
        assert_eq!(backup.chosen, [0, 1]);
        assert!((backup.objective - 20.0).abs() < 1e-9);
        assert!((backup.share_twice - 10.0 / 14.0).abs() < 1e-12);
    }

    #[test]
    fn a_question_without_sense_is_refused() {
        let demand = demand(&[(0.0, 10.0)]);
        let candidates = [place(0.0)];
        let refused = |problem: SitesProblem<'_>| sites(&problem).unwrap_err().violation();
        let asked = problem(&demand, &candidates, 1);
        assert_eq!(refused(problem(&demand, &candidates, 2)).field, "p");
        assert_eq!(refused(SitesProblem { radius_m: f64::NAN, ..asked }).field, "radiusM");
        assert_eq!(refused(problem(&[], &candidates, 1)), Violation::new("demand", "required"));
        let many = vec![place(0.0); MOST_PLACES + 1];
        let large = Violation::new("candidates", "too_large");
        assert_eq!(refused(problem(&demand, &many, 1)), large);
    }

    proptest! {
        #[test]
        fn no_choice_of_two_covers_more_and_order_does_not_matter(
            places in prop::collection::vec((0.0f64..600.0, 1u8..9), 2..9),
        ) {
            let places: Vec<_> = places.iter().map(|&(at, w)| (at, f64::from(w))).collect();
            let demand = demand(&places);
            let candidates: Vec<Plane> = demand.iter().map(|demand| demand.at).collect();
            let asked = problem(&demand, &candidates, 2);
            let found = sites(&asked).unwrap();
            let covered = |sites: [usize; 2]| -> f64 {
                let near = |d: &&Weighted| sites.iter().any(|&s| distance(d.at, candidates[s]) <= 100.0);
                demand.iter().filter(near).map(|demand| demand.weight).sum()
            };
            let pairs = (0..places.len()).flat_map(|a| (0..a).map(move |b| [a, b]));
            let best = pairs.map(covered).fold(0.0, f64::max);
            prop_assert!((found.objective - best).abs() < 1e-9, "{} of {best}", found.objective);
            let turned: Vec<Weighted> = demand.iter().rev().copied().collect();
            let again = sites(&SitesProblem { demand: &turned, ..asked }).unwrap();
            prop_assert_eq!(found.chosen, again.chosen);
        }
    }
}
