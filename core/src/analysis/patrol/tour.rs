//! Rounds over several shifts: places that may be visited more than once,
//! breaks, a floor for each district, and a share of the visits that is spent
//! on coverage whatever the reports say.

use super::vary::vary;
use super::{CoverFloor, Patrol, PatrolSearch, Stop, Travel, Unit, plan_patrol};
use crate::analysis::trials::below;
use crate::domain::Violation;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// What each further visit of a place within a plan is worth, as a share of
/// the one before.
const AGAIN: f64 = 0.5;
/// Changes that are tried in a plan of few stops and of many.
const ROUNDS: [u32; 2] = [4_000, 20_000];
/// How often is searched again, where a plan with more coverage has more
/// visits in all, and so needs more coverage.
const PASSES: usize = 3;
/// Changes times stops: about a second of one core.
const EFFORT: u32 = 4_000_000;

/// A place where a visit would be worth its time.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Its node in the tables of travel.
    pub node: usize,
    /// What a first visit is worth, from 0 up.
    pub worth: f64,
    /// Seconds that a visit takes.
    pub service: u32,
    /// Its district, by index.
    pub district: Option<usize>,
    /// When it may be visited, once a day.
    pub windows: Vec<Window>,
    /// Whether it must be visited at least once.
    pub must: bool,
    /// Whether it is there for the sake of its district and not of its reports.
    pub coverage: bool,
    /// The only shift in which it may be visited, if not any.
    pub shift: Option<usize>,
}

/// When a place may be visited.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Of windows of one day at most one is used.
    pub day: u32,
    /// Earliest second at which a visit may begin.
    pub open: u32,
    /// Latest second at which a visit may begin.
    pub close: u32,
    /// What a visit in it is worth, of the worth of the place.
    pub share: f64,
}

/// One unit at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift<'a> {
    /// Node where it begins and ends.
    pub base: usize,
    /// Leaves at the earliest.
    pub from: u32,
    /// Is back at the latest.
    pub to: u32,
    /// Seconds of its break at the base, in the middle third of the shift; 0
    /// for none.
    pub pause: u32,
    /// How fast it moves.
    pub travel: Travel<'a>,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TourQuestion<'a> {
    /// Where units may stop.
    pub candidates: &'a [Candidate],
    /// Who is at work when.
    pub shifts: &'a [Shift<'a>],
    /// Visits that each district must get, by index.
    pub floors: &'a [usize],
    /// Share of the visits that goes to places of coverage, 0 to 1.
    pub coverage_share: f64,
    /// Same seed, same plan.
    pub seed: u64,
    /// How much the worth of a stop is shaken, 0 to 0.9.
    pub irregularity: f64,
}

/// One visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TourVisit {
    /// The candidate, by index.
    pub candidate: usize,
    /// Gets there.
    pub arrive: u32,
    /// Begins.
    pub start: u32,
    /// Leaves.
    pub leave: u32,
}

/// What one shift does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TourRound {
    /// Leaves its base.
    pub leave: u32,
    /// Its visits in order.
    pub visits: Vec<TourVisit>,
    /// From when to when it has its break.
    pub pause: Option<(u32, u32)>,
    /// Is back at its base.
    pub back: u32,
    /// Seconds on the way.
    pub travel: u32,
}

/// What a floor is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FloorOf {
    /// Visits of a district, by index.
    District(usize),
    /// A candidate that must be visited, by index.
    Candidate(usize),
    /// The break of a shift, by index.
    Pause(usize),
    /// The share of coverage.
    Coverage,
}

/// A floor that the plan does not meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnmetFloor {
    /// What it is about.
    pub of: FloorOf,
    /// Visits that are missing.
    pub missing: usize,
    /// Whether it is proven that no plan meets it.
    pub out_of_reach: bool,
}

/// The best rounds that were found.
#[derive(Debug, Clone, PartialEq)]
pub struct Tour {
    /// What each shift does, by shift.
    pub rounds: Vec<TourRound>,
    /// Worth of all visits.
    pub prize: f64,
    /// Floors that are not met. Where there are any the plan is refused: it is
    /// then the nearest that was found.
    pub unmet: Vec<UnmetFloor>,
    /// Share of the visits that went to places of coverage.
    pub coverage_share: f64,
}

/// A question laid out as stops and floors.
struct Laid<'a> {
    stops: Vec<Stop>,
    /// The candidate of each stop; a break has none.
    of: Vec<Option<usize>>,
    units: Vec<Unit<'a>>,
    floors: Vec<(FloorOf, CoverFloor)>,
}

/// Plans rounds. The same seed gives the same plan, whatever the number of
/// threads. Costs about a second of one core, up to four times that where the
/// share of coverage has to be enforced.
///
/// # Errors
/// As [`plan_patrol`]; `coverageShare: out_of_range`, `floor: out_of_range`
/// for a district that no floor is given for.
pub fn tour(question: &TourQuestion<'_>) -> Result<Tour, Violation> {
    if !(0.0..=1.0).contains(&question.coverage_share) {
        return Err(Violation::new("coverageShare", "out_of_range"));
    }
    let known = |district: usize| district < question.floors.len();
    if !question.candidates.iter().all(|candidate| candidate.district.is_none_or(known)) {
        return Err(Violation::new("floor", "out_of_range"));
    }
    let mut laid = Laid::of(question);
    let of_coverage = |stop: &usize| {
        laid.of[*stop].is_some_and(|candidate| question.candidates[candidate].coverage)
    };
    let stops: Vec<usize> = (0..laid.stops.len()).filter(of_coverage).collect();
    let mut found = solved(question, &laid)?;
    let mut asked = 0;
    for _ in 0..PASSES {
        let visits = found.rounds.iter().map(|round| round.visits.len()).sum();
        // Of places of coverage there may be fewer than would be wanted.
        let wanted = least(question.coverage_share, visits).min(stops.len());
        if covered(question, &found) >= wanted || wanted <= asked {
            break;
        }
        asked = wanted;
        laid.floors.retain(|(of, _)| *of != FloorOf::Coverage);
        let floor = CoverFloor { stops: stops.clone(), at_least: wanted };
        laid.floors.push((FloorOf::Coverage, floor));
        found = solved(question, &laid)?;
    }
    Ok(found)
}

/// The fewest of `visits` that are a share of them.
fn least(share: f64, visits: usize) -> usize {
    (0..=visits).find(|number| ratio(*number, visits) >= share).unwrap_or(visits)
}

#[expect(clippy::cast_precision_loss, reason = "some hundred visits")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

fn covered(question: &TourQuestion<'_>, tour: &Tour) -> usize {
    let visits = tour.rounds.iter().flat_map(|round| &round.visits);
    visits.filter(|visit| question.candidates[visit.candidate].coverage).count()
}

impl<'a> Laid<'a> {
    fn of(question: &TourQuestion<'a>) -> Self {
        let units = question.shifts.iter().map(|shift| Unit {
            base: shift.base,
            from: shift.from,
            to: shift.to,
            travel: shift.travel,
        });
        let mut laid =
            Self { stops: Vec::new(), of: Vec::new(), units: units.collect(), floors: Vec::new() };
        let mut districts = vec![Vec::new(); question.floors.len()];
        // Chance says which of a place's days is its first, so that nobody can
        // count on one.
        let mut dice = ChaCha8Rng::seed_from_u64(question.seed);
        for (index, candidate) in question.candidates.iter().enumerate() {
            let stops = laid.add(index, candidate, &mut dice);
            if let Some(district) = candidate.district {
                districts[district].extend(&stops);
            }
            if candidate.must {
                let floor = CoverFloor { stops, at_least: 1 };
                laid.floors.push((FloorOf::Candidate(index), floor));
            }
        }
        let floors = districts.into_iter().zip(question.floors).enumerate();
        for (district, (stops, &at_least)) in floors.filter(|(_, (_, at_least))| **at_least > 0) {
            laid.floors.push((FloorOf::District(district), CoverFloor { stops, at_least }));
        }
        for (index, shift) in question.shifts.iter().enumerate().filter(|(_, s)| s.pause > 0) {
            let third = (shift.to.saturating_sub(shift.from)) / 3;
            let stop = Stop {
                node: shift.base,
                prize: 0.0,
                service: shift.pause,
                open: shift.from + third,
                close: shift.from + 2 * third,
                unit: Some(index),
                apart: None,
            };
            let floor = CoverFloor { stops: vec![laid.stops.len()], at_least: 1 };
            laid.floors.push((FloorOf::Pause(index), floor));
            laid.stops.push(stop);
            laid.of.push(None);
        }
        laid
    }

    /// Adds a stop for each window of a candidate and gives their indices.
    fn add(&mut self, index: usize, candidate: &Candidate, dice: &mut ChaCha8Rng) -> Vec<usize> {
        let mut days: Vec<u32> = Vec::new();
        for window in &candidate.windows {
            if !days.contains(&window.day) {
                days.push(window.day);
            }
        }
        for at in (1..days.len()).rev() {
            days.swap(at, below(at + 1, dice));
        }
        let mut worth = candidate.worth;
        let first = self.stops.len();
        for day in days {
            let apart = Some(self.stops.len());
            for window in candidate.windows.iter().filter(|window| window.day == day) {
                self.stops.push(Stop {
                    node: candidate.node,
                    prize: worth * window.share,
                    service: candidate.service,
                    open: window.open,
                    close: window.close,
                    unit: candidate.shift,
                    apart,
                });
                self.of.push(Some(index));
            }
            worth *= AGAIN;
        }
        (first..self.stops.len()).collect()
    }
}

fn solved(question: &TourQuestion<'_>, laid: &Laid<'_>) -> Result<Tour, Violation> {
    let floors: Vec<CoverFloor> = laid.floors.iter().map(|(_, floor)| floor.clone()).collect();
    let patrol = Patrol { stops: &laid.stops, units: &laid.units, floors: &floors };
    let stops = u32::try_from(laid.stops.len()).unwrap_or(u32::MAX).max(1);
    let rounds = (EFFORT / stops).clamp(ROUNDS[0], ROUNDS[1]);
    let search = PatrolSearch { seed: question.seed, rounds, irregularity: question.irregularity };
    let plan = plan_patrol(&patrol, search)?;
    let rounds: Vec<TourRound> = plan
        .rounds
        .iter()
        .enumerate()
        .map(|(unit, calls)| vary(&patrol, (unit, calls), question.seed, &laid.of))
        .collect();
    let unmet = plan.unmet.iter().map(|unmet| UnmetFloor {
        of: laid.floors[unmet.floor].0,
        missing: unmet.missing,
        out_of_reach: unmet.out_of_reach,
    });
    let mut tour = Tour { rounds, prize: plan.prize, unmet: unmet.collect(), coverage_share: 0.0 };
    let visits = tour.rounds.iter().map(|round| round.visits.len()).sum();
    tour.coverage_share = if visits == 0 { 0.0 } else { ratio(covered(question, &tour), visits) };
    Ok(tour)
}
