//! The space-time permutation scan: does a place see more events of late than
//! its past and the other places explain? It needs no population.
//!
//! Kulldorff, Heffernan, Hartman, Assunção and Mostashari (2005). A cylinder is
//! a disc around an event and the last days of the period; what is expected in
//! it follows from how many events the disc and the days hold. Its likelihood
//! ratio is compared with the largest when the days are dealt out anew. It
//! sees a new cluster, not a place that has always been bad. People that
//! move, weekdays and a change in how places are written down make clusters
//! too, and so does a summer, unless days are dealt within seasons.

mod cylinders;

use super::dated::Dated;
use super::trials::{Tally, Trials, Watch, run};
use crate::domain::{Plane, SourceTag, Violation};
use cylinders::{Cylinder, Study, Workspace};
use std::collections::HashSet;
use std::ops::ControlFlow;

/// An event of a space-time scan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StEvent {
    /// Where and when.
    pub dated: Dated,
    /// Who counts as one source.
    pub source: SourceTag,
    /// The season, or whatever else days are not dealt across; the same for
    /// all events where that does not matter.
    pub stratum: u32,
}

/// What a space-time scan looks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StScanRule {
    /// The last day of the period, on which every cylinder ends.
    pub end_day: f64,
    /// Days of the period: an event belongs to it when its day is later than
    /// `end_day` less these, and not after it.
    pub window_days: f64,
    /// Largest radius of a disc in metres.
    pub radius_m: f64,
    /// The oldest event of a cylinder is at most this many days older than `end_day`.
    pub days: f64,
    /// The largest share of all events in a disc, and in the days of a cylinder.
    pub max_share: f64,
    /// Fewer events are no cluster.
    pub min_cases: u32,
    /// Events of fewer sources are no cluster. Simulations do not ask for
    /// this, so a p-value is rather too large than too small.
    pub min_sources: usize,
    /// Days from one look at the data to the next.
    pub every_days: f64,
    /// The simulations behind the p-values.
    pub trials: Trials,
}

impl StScanRule {
    /// A year that ends on `end_day`, discs of at most 1 000 m and half of the
    /// events, 60 days, 3 events of 3 sources, a look a week.
    #[must_use]
    pub const fn ending(end_day: f64, trials: Trials) -> Self {
        Self {
            end_day,
            window_days: 365.0,
            radius_m: 1000.0,
            days: 60.0,
            max_share: 0.5,
            min_cases: 3,
            min_sources: 3,
            every_days: 7.0,
            trials,
        }
    }
}

/// A place with more events of late than expected.
#[derive(Debug, Clone, PartialEq)]
pub struct StCluster {
    /// Centre of the disc: the position of an event, recent or not.
    pub centre: Plane,
    /// Distance to the outermost event of the disc in metres.
    pub radius_m: f64,
    /// Its oldest event is this many days older than the last day.
    pub days: f64,
    /// Indices of its events, the nearest to the centre first.
    pub members: Vec<usize>,
    /// Events of the whole period in the disc.
    pub disc_events: u64,
    /// Number of its events.
    pub observed: u64,
    /// Events expected in it.
    pub expected: f64,
    /// Distinct sources of its events.
    pub sources: usize,
    /// `observed / expected` over the same of all else; infinite when nothing else is.
    pub rr: f64,
    /// Logarithm of the likelihood ratio.
    pub llr: f64,
    /// How often chance makes a cylinder as strong anywhere on the map.
    pub p: f64,
    /// Days until chance makes such an alarm once, at one look every
    /// `every_days`: 52 weeks and more are worth a visit.
    pub recurrence_days: f64,
}

/// What a space-time scan found.
#[derive(Debug, Clone, PartialEq)]
pub struct StScan {
    /// Clusters whose discs share no event, the strongest first, down to those
    /// that chance makes every time.
    pub clusters: Vec<StCluster>,
    /// Events in the period.
    pub events: usize,
    /// Simulations that were run: fewer than asked for when they were enough.
    pub simulations: u32,
}

/// The most events of a period.
pub const MOST_ST_EVENTS: usize = 20_000;
/// The most pairs of an event and a disc around another.
pub const MOST_ST_PAIRS: usize = 1 << 25;

/// Scans for places where events have become more frequent.
///
/// Discs are full: events equally far from a centre (to a micrometre) enter
/// together. Equal likelihood ratios go to the disc with fewer events, then to
/// the one in the south. Cost of a simulation: one step a pair within the
/// radius, and for each recent event of a disc one a more distant recent day.
/// The order of the events does not matter.
///
/// # Errors
/// Violates `points: not_finite`; `endDay`, `windowDays`, `radiusM`, `days`,
/// `everyDays` or `maxShare: out_of_range`; `points: too_heavy` above
/// [`MOST_ST_EVENTS`] or [`MOST_ST_PAIRS`] (take a shorter period or a smaller
/// radius); `simulations` or `enough: out_of_range`; and `run: cancelled` when
/// the watch breaks off.
pub fn st_scan(
    events: &[StEvent],
    rule: &StScanRule,
    watch: Watch<'_>,
) -> Result<StScan, Violation> {
    let trials = rule.trials.check()?;
    check(rule)?;
    let study = Study::new(events, rule)?;
    let found = study.apart(rule);
    let mut tallies: Vec<Tally> = found.iter().map(|one| Tally::new(one.llr, trials)).collect();
    let mut simulations = 0;
    if !found.is_empty() {
        let simulate = |dice: &mut _, workspace: &mut Workspace| {
            study.deal(workspace, dice);
            study.largest(workspace, rule.min_cases)
        };
        run(
            trials,
            watch,
            || study.workspace(),
            simulate,
            |largest| {
                simulations += 1;
                for tally in &mut tallies {
                    tally.add(largest);
                }
                // The strongest is reached last.
                if tallies[0].settled() {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            },
        )?;
    }
    let told = |(cylinder, tally): (&Cylinder, &Tally)| tell(&study, events, rule, cylinder, tally);
    Ok(StScan {
        clusters: found.iter().zip(&tallies).map(told).collect(),
        events: study.index.len(),
        simulations,
    })
}

fn check(rule: &StScanRule) -> Result<(), Violation> {
    let positive = |value: f64, field: &'static str| {
        let sound = value.is_finite() && value > 0.0;
        if sound { Ok(()) } else { Err(Violation::new(field, "out_of_range")) }
    };
    if !rule.end_day.is_finite() {
        return Err(Violation::new("endDay", "out_of_range"));
    }
    positive(rule.window_days, "windowDays")?;
    positive(rule.radius_m, "radiusM")?;
    positive(rule.days + 1.0, "days")?;
    positive(rule.every_days, "everyDays")?;
    positive(rule.max_share, "maxShare")?;
    if rule.days < 0.0 || rule.max_share > 1.0 {
        let field = if rule.days < 0.0 { "days" } else { "maxShare" };
        return Err(Violation::new(field, "out_of_range"));
    }
    Ok(())
}

fn tell(
    study: &Study,
    events: &[StEvent],
    rule: &StScanRule,
    found: &Cylinder,
    tally: &Tally,
) -> StCluster {
    let disc = &study.discs[found.disc];
    let within = &disc.members[..found.events];
    let recent = within.iter().filter(|&&event| study.ranks[event as usize] <= found.rank);
    let members: Vec<usize> = recent.map(|&event| study.index[event as usize]).collect();
    let sources: HashSet<SourceTag> = members.iter().map(|&event| events[event].source).collect();
    let (observed, total) = (members.len() as u64, study.index.len() as u64);
    let expected = study.expected(within, found.rank);
    let outside = as_f64(total - observed) / (as_f64(total) - expected);
    let p = tally.p();
    StCluster {
        centre: disc.centre,
        radius_m: disc.radius_of(found.events),
        days: study.ages[found.rank as usize],
        disc_events: within.len() as u64,
        observed,
        expected,
        sources: sources.len(),
        rr: as_f64(observed) / expected / outside,
        llr: found.llr,
        p,
        recurrence_days: rule.every_days / p,
        members,
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of events stay far below 2^53")]
const fn as_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
