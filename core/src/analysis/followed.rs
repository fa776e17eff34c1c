//! What came of plans: of the visits that were planned somewhere, how many were made.

/// A visit that was planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedVisit {
    /// The area, by its index.
    pub area: usize,
    /// When a visit may have begun to count for it, both ends included, in
    /// seconds on any clock: its shift and not its minute, since a round that
    /// is driven the other way round is driven.
    pub within: (i64, i64),
}

/// A visit that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MadeVisit {
    /// The area, by its index.
    pub area: usize,
    /// When it began, in seconds on the same clock.
    pub at: i64,
}

/// What was planned in an area, and what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Followed {
    /// Visits that were planned.
    pub planned: u32,
    /// Of these, as many as were made.
    pub given: u32,
}

impl Followed {
    /// Planned visits that were not made.
    #[must_use]
    pub const fn missed(&self) -> u32 {
        self.planned - self.given
    }
}

/// What came of the planned visits of each area: the largest number of them to
/// which a visit of the area can be put, each visit to one. Indices that are
/// not below `areas` are left out. Cost: two sorts, and plans times plans of an
/// area.
#[must_use]
pub fn followed(areas: usize, planned: &[PlannedVisit], made: &[MadeVisit]) -> Vec<Followed> {
    let mut found = vec![Followed::default(); areas];
    for (area, found) in found.iter_mut().enumerate() {
        let mut open: Vec<(i64, i64)> =
            planned.iter().filter(|one| one.area == area).map(|one| one.within).collect();
        found.planned = u32::try_from(open.len()).unwrap_or(u32::MAX);
        let mut times: Vec<i64> =
            made.iter().filter(|one| one.area == area).map(|one| one.at).collect();
        times.sort_unstable();
        // The visit that came first goes to the plan that ends first (Glover 1967).
        open.sort_unstable_by_key(|(_, to)| *to);
        for at in times {
            if let Some(which) = open.iter().position(|(from, to)| (*from..=*to).contains(&at)) {
                open.remove(which);
                found.given += 1;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn planned(area: usize, from: i64, to: i64) -> PlannedVisit {
        PlannedVisit { area, within: (from, to) }
    }

    #[test]
    fn a_visit_counts_for_one_plan_of_its_area_and_shift() {
        let plans = [planned(0, 0, 100), planned(0, 0, 100), planned(1, 0, 100), planned(2, 0, 9)];
        let made = [(0, 50), (1, 200), (0, 300), (7, 5)].map(|(area, at)| MadeVisit { area, at });
        let found = followed(3, &plans, &made);
        assert_eq!(found[0], Followed { planned: 2, given: 1 });
        assert_eq!((found[1].given, found[1].missed()), (0, 1), "it came after the shift");
        assert_eq!(found[2].missed(), 1);
        assert_eq!(followed(1, &[], &made)[0], Followed::default(), "no plan, nothing missed");
    }

    /// The most plans to which visits can be put, by trying.
    fn most(plans: &[(i64, i64)], times: &[i64]) -> u32 {
        let Some((&(from, to), rest)) = plans.split_first() else { return 0 };
        let mut best = most(rest, times);
        for (index, at) in times.iter().enumerate() {
            if (from..=to).contains(at) {
                let mut left = times.to_vec();
                left.remove(index);
                best = best.max(1 + most(rest, &left));
            }
        }
        best
    }

    proptest! {
        #[test]
        fn as_many_plans_are_followed_as_can_be(
            plans in prop::collection::vec((0_i64..20, 0_i64..10), 0..5),
            times in prop::collection::vec(0_i64..30, 0..5),
        ) {
            let spans: Vec<(i64, i64)> = plans.iter().map(|(from, long)| (*from, from + long)).collect();
            let plans: Vec<_> = spans.iter().map(|(from, to)| planned(0, *from, *to)).collect();
            let made: Vec<_> = times.iter().map(|at| MadeVisit { area: 0, at: *at }).collect();
            let found = followed(1, &plans, &made)[0];
            prop_assert_eq!(found.given, most(&spans, &times));
            prop_assert_eq!(found.given + found.missed(), u32::try_from(plans.len()).unwrap());
        }
    }
}
