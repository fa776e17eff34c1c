//! Synthetic reports and visits for any municipality, from a seed.
//!
//! Nothing here tells of a person or of anything that has happened: places come
//! from the gazetteer, numbers from the seed and the priors of `prior`. The
//! same plan gives the same drafts. A plan of 120 reports a year is a small
//! municipality as it is, one of 300 a municipality that asks for reports.

mod dice;
mod prior;
mod reports;
mod shifts;
mod villages;
mod visits;

pub use reports::{BURST_REPORTS, BURST_SOURCES, SimulatedPlace, SimulatedReport};
pub use villages::{Village, villages_of};
pub use visits::SimulatedVisit;

use crate::domain::{LocalityId, Plane};
use dice::Dice;
use jiff::{Timestamp, tz::TimeZone};

/// What to make.
#[derive(Clone, Copy)]
pub struct Simulation<'a> {
    /// What decides everything that is left to chance.
    pub seed: u64,
    /// Reports in each year, beside one burst of [`BURST_REPORTS`] and the new places.
    pub per_year: u32,
    /// Years that end at `now`.
    pub years: u32,
    /// The end of the last day; nothing is later.
    pub now: Timestamp,
    /// The municipality's time zone.
    pub zone: &'a TimeZone,
    /// Where people are; at least one.
    pub villages: &'a [Village],
    /// Whether a point is on land and in the municipality.
    pub on_land: &'a (dyn Fn(Plane) -> bool + Sync),
    /// Villages whose last visit ended on the local day this many days ago.
    pub last_visits: &'a [(LocalityId, u16)],
    /// Villages with a place that nobody told of before the last year, and how
    /// many reports of that year tell of it, beside [`Self::per_year`].
    pub new_places: &'a [(LocalityId, u32)],
}

/// What was made, in the order of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulated {
    /// Reports, by the hour of arrival.
    pub reports: Vec<SimulatedReport>,
    /// Visits, by their start.
    pub visits: Vec<SimulatedVisit>,
}

/// Makes reports and visits. Costs a few microseconds a report.
#[must_use]
pub fn simulate(plan: &Simulation<'_>) -> Simulated {
    if plan.villages.is_empty() {
        return Simulated { reports: Vec::new(), visits: Vec::new() };
    }
    Simulated {
        // Each with dice of its own: a new place leaves everything else as it was.
        reports: reports::reports(plan, [1, 3].map(|stream| Dice::of(plan.seed, stream))),
        visits: visits::visits(plan, &mut Dice::of(plan.seed, 2)),
    }
}

#[cfg(test)]
mod tests;
