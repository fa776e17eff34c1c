//! Reports: hot places, new ones, scattered ones, duplicates, safe places and one burst.

use super::dice::Dice;
use super::prior::{PRIORS, Prior, Rhythm, factors};
use super::{Simulation, Village};
use crate::domain::{
    Category, Factor, Feeling, Hours, LocalityId, Plane, ReportStatus, Seasons, SourceTag,
    TimePrecision, Weekdays, When,
};
use jiff::{Timestamp, ToSpan};

/// Reports of the one burst, within five hours at one place.
pub const BURST_REPORTS: usize = 30;

/// Sources of the one burst.
pub const BURST_SOURCES: usize = 6;

/// Where a simulated report lies, in the municipality's plane.
#[derive(Debug, Clone, PartialEq)]
pub enum SimulatedPlace {
    /// A pin, off by up to so many metres.
    Pin(Plane, f64),
    /// A stretch.
    Line(Vec<Plane>),
    /// A place of the gazetteer, by its number among the villages.
    Village(usize),
}

/// A report that nobody has sent.
#[derive(Debug, Clone, PartialEq)]
pub struct SimulatedReport {
    /// Where.
    pub place: SimulatedPlace,
    /// What about.
    pub category: Category,
    /// When it happened or happens.
    pub when: When,
    /// Why it feels as it does.
    pub factors: Vec<Factor>,
    /// How it feels.
    pub feeling: Feeling,
    /// When it arrived.
    pub received: Timestamp,
    /// Who counts as its source.
    pub source: SourceTag,
    /// Where it stands.
    pub status: ReportStatus,
    /// The earlier report that it repeats, by its number among all.
    pub duplicate_of: Option<usize>,
    /// Whether it belongs to the burst, which quarantine should catch.
    pub burst: bool,
}

/// A place that is reported again and again.
struct HotPlace {
    at: Plane,
    village: usize,
    /// What is reported there, most of the time.
    usual: usize,
    weight: f64,
    /// A stretch of this length in metres, instead of a point.
    stretch_m: Option<f64>,
}

/// Share of reports at hot places, and of those that are about its usual thing.
const AT_HOT_PLACES: f64 = 0.6;
const USUAL_THING: f64 = 0.7;

/// Share of reports that repeat an earlier one at the same place.
const DUPLICATES: f64 = 0.08;

pub(super) fn reports(
    plan: &Simulation<'_>,
    [mut dice, mut of_new]: [Dice; 2],
) -> Vec<SimulatedReport> {
    let dice = &mut dice;
    let hot = hot_places(plan, dice);
    let regulars: Vec<SourceTag> =
        (0..=plan.per_year / 10).map(|_| SourceTag::from_bits(dice.bits())).collect();
    let mut reports = Vec::new();
    for year in 0..plan.years {
        for _ in 0..plan.per_year {
            reports.push(report(plan, dice, &hot, &regulars, year));
        }
    }
    reports.extend(burst(plan, dice, &hot));
    for (number, (village, many)) in plan.new_places.iter().enumerate() {
        let Some(place) = new_place(plan, &mut of_new, village, number) else { continue };
        reports
            .extend((0..*many).map(|_| report_at(plan, &mut of_new, Some(&place), (&regulars, 0))));
    }
    reports.sort_by_key(|report| report.received);
    link_duplicates(&mut reports, dice);
    reports
}

/// One to two hot places in each of the larger villages.
fn hot_places(plan: &Simulation<'_>, dice: &mut Dice) -> Vec<HotPlace> {
    let mut hot = Vec::new();
    for (village, place) in plan.villages.iter().enumerate().take(8) {
        let many = if place.residents > 1000.0 { 3 } else { 1 };
        for nth in 0..many {
            // Lighting, bushes, gatherings, speeding, rowdiness by turns.
            let usual = [0, 1, 2, 4, 3][(hot.len() + nth) % 5];
            hot.push(HotPlace {
                at: on_land(plan, dice, place.centre, place.spread_m * 0.6),
                village,
                usual,
                weight: place.residents.sqrt() / f64::from(u32::try_from(nth + 1).unwrap_or(1)),
                stretch_m: (nth == 1).then_some(250.0),
            });
        }
    }
    hot
}

/// A place within a village that is in nobody's mind yet.
fn new_place(
    plan: &Simulation<'_>,
    dice: &mut Dice,
    village: &LocalityId,
    number: usize,
) -> Option<HotPlace> {
    let at = plan.villages.iter().position(|known| known.id == *village)?;
    let Village { centre, spread_m, .. } = plan.villages[at];
    Some(HotPlace {
        at: on_land(plan, dice, centre, spread_m * 0.6),
        village: at,
        // Gatherings, rowdiness, lighting by turns.
        usual: [2, 3, 0][number % 3],
        weight: 1.0,
        stretch_m: None,
    })
}

fn report(
    plan: &Simulation<'_>,
    dice: &mut Dice,
    hot: &[HotPlace],
    regulars: &[SourceTag],
    years_ago: u32,
) -> SimulatedReport {
    let spot = if dice.chance(AT_HOT_PLACES) { dice.weighted(hot, |h| h.weight) } else { None };
    report_at(plan, dice, spot, (regulars, years_ago))
}

/// A report of `spot`, or else of anywhere.
fn report_at(
    plan: &Simulation<'_>,
    dice: &mut Dice,
    spot: Option<&HotPlace>,
    (regulars, years_ago): (&[SourceTag], u32),
) -> SimulatedReport {
    let usual = spot.filter(|_| dice.chance(USUAL_THING)).map(|spot| &PRIORS[spot.usual]);
    let anything = dice.weighted(&PRIORS, |prior| prior.share);
    let prior = usual.or(anything).unwrap_or(&PRIORS[0]);
    let at = moment(plan, dice, prior.rhythm, years_ago);
    let place = place(plan, dice, spot, at);
    let known = dice.chance(0.25);
    let source = dice.weighted(regulars, |_| 1.0).copied().filter(|_| known);
    let received = later(at, dice.between(0, 3 * 24 * 3600), plan.now);
    SimulatedReport {
        place,
        category: prior.category,
        when: when(dice, prior.rhythm, at),
        factors: factors(prior.category).iter().copied().filter(|_| dice.chance(0.7)).collect(),
        feeling: feeling(dice, prior),
        received,
        source: source.unwrap_or_else(|| SourceTag::from_bits(dice.bits())),
        status: status(plan, dice, received),
        duplicate_of: None,
        burst: false,
    }
}

fn place(
    plan: &Simulation<'_>,
    dice: &mut Dice,
    spot: Option<&HotPlace>,
    at: Timestamp,
) -> SimulatedPlace {
    if let Some(spot) = spot {
        let from = on_land(plan, dice, spot.at, 30.0);
        let stretch = spot.stretch_m.filter(|_| dice.chance(0.25));
        let to = stretch.map(|metres| on_land(plan, dice, from, metres / 2.0));
        return match to {
            Some(to) if far_enough(from, to) => SimulatedPlace::Line(vec![from, to]),
            _ => SimulatedPlace::Pin(from, 25.0),
        };
    }
    let people = |(_, village): &(usize, &Village)| {
        let month = at.to_zoned(plan.zone.clone()).month();
        if (6..=8).contains(&month) { village.summer } else { village.residents }
    };
    let all: Vec<(usize, &Village)> = plan.villages.iter().enumerate().collect();
    let Some((number, village)) = dice.weighted(&all, people) else {
        return SimulatedPlace::Village(0);
    };
    if dice.chance(0.1) {
        return SimulatedPlace::Village(*number);
    }
    SimulatedPlace::Pin(on_land(plan, dice, village.centre, village.spread_m), 25.0)
}

fn far_enough(a: Plane, b: Plane) -> bool {
    (a.east - b.east).hypot(a.north - b.north) > 20.0
}

/// A point around `centre` that is on land; the centre itself after 40 throws.
pub(super) fn on_land(
    plan: &Simulation<'_>,
    dice: &mut Dice,
    centre: Plane,
    spread_m: f64,
) -> Plane {
    let mut throws = (0..40).map(|_| dice.around(centre, spread_m));
    throws.find(|at| (plan.on_land)(*at)).unwrap_or(centre)
}

/// A moment of the year that ended `years_ago` years before now, in the rhythm.
fn moment(plan: &Simulation<'_>, dice: &mut Dice, rhythm: Rhythm, years_ago: u32) -> Timestamp {
    const YEAR_S: i64 = 365 * 24 * 3600;
    let end = plan.now.as_second() - i64::from(years_ago) * YEAR_S;
    let mut at = plan.now;
    for _ in 0..400 {
        at = Timestamp::from_second(dice.between(end - YEAR_S, end) / 60 * 60).unwrap_or(plan.now);
        let local = at.to_zoned(plan.zone.clone());
        let weight = rhythm.month(local.month())
            * rhythm.weekday(local.weekday().to_monday_zero_offset())
            * rhythm.hour(local.hour());
        if dice.chance(weight / 140.0) {
            break;
        }
    }
    at
}

fn later(at: Timestamp, seconds: i64, limit: Timestamp) -> Timestamp {
    at.saturating_add(seconds.seconds()).map_or(limit, |later| later.min(limit))
}

fn when(dice: &mut Dice, rhythm: Rhythm, at: Timestamp) -> When {
    let kind = dice.unit();
    if kind < 0.35 {
        let (from, length) = rhythm.span();
        let hours = (0..length).fold(0, |bits, step| bits | 1 << ((from + step) % 24));
        return When::Recurring {
            hours: Hours::from_bits(hours),
            weekdays: Weekdays::from_bits(rhythm.weekdays()),
            seasons: Seasons::from_bits(rhythm.seasons()),
        };
    }
    if kind < 0.55 {
        return When::Unknown;
    }
    let precision = if kind < 0.75 { TimePrecision::Hour } else { TimePrecision::Minute };
    When::Instant { at, precision }
}

fn feeling(dice: &mut Dice, prior: &Prior) -> Feeling {
    if prior.category == Category::SafePlace {
        return Feeling::Safe;
    }
    let choices = [(Feeling::Uneasy, 5.0), (Feeling::Unsafe, 3.0), (Feeling::Avoid, 1.0)];
    dice.weighted(&choices, |(_, weight)| *weight).map_or(Feeling::Uneasy, |(feeling, _)| *feeling)
}

/// Where a report stands by its age: nearly all are answered within two months.
fn status(plan: &Simulation<'_>, dice: &mut Dice, received: Timestamp) -> ReportStatus {
    let days = (plan.now.as_second() - received.as_second()) / (24 * 3600);
    let choices: &[(ReportStatus, f64)] = match days {
        0..=2 => &[(ReportStatus::Received, 1.0)],
        3..=20 => &[(ReportStatus::Triaged, 3.0), (ReportStatus::InProgress, 2.0)],
        21..=60 => &[
            (ReportStatus::InProgress, 3.0),
            (ReportStatus::Planned, 3.0),
            (ReportStatus::Done, 4.0),
        ],
        _ => &[
            (ReportStatus::Done, 6.0),
            (ReportStatus::NotDone, 1.5),
            (ReportStatus::Referred, 1.5),
            (ReportStatus::Planned, 1.0),
        ],
    };
    let one = dice.weighted(choices, |(_, weight)| *weight);
    one.map_or(ReportStatus::Received, |(status, _)| *status)
}

/// Many reports of few sources within five hours at one place, ten days before now.
fn burst(plan: &Simulation<'_>, dice: &mut Dice, hot: &[HotPlace]) -> Vec<SimulatedReport> {
    let Some(target) = hot.last() else { return Vec::new() };
    let centre = on_land(plan, dice, plan.villages[target.village].centre, 150.0);
    let start = plan.now.as_second() - 10 * 24 * 3600;
    let sources: Vec<_> = (0..BURST_SOURCES).map(|_| SourceTag::from_bits(dice.bits())).collect();
    let one = |nth: usize| {
        let second = start + dice.between(0, 5 * 3600);
        let received = Timestamp::from_second(second).unwrap_or(plan.now);
        SimulatedReport {
            place: SimulatedPlace::Pin(on_land(plan, dice, centre, 15.0), 25.0),
            category: Category::Gathering,
            when: When::Unknown,
            factors: vec![Factor::People],
            feeling: Feeling::Unsafe,
            received,
            source: sources[nth % BURST_SOURCES],
            status: ReportStatus::Received,
            duplicate_of: None,
            burst: true,
        }
    };
    (0..BURST_REPORTS).map(one).collect()
}

/// Lets some reports repeat the nearest earlier one of the same category.
fn link_duplicates(reports: &mut [SimulatedReport], dice: &mut Dice) {
    const MONTH_S: i64 = 30 * 24 * 3600;
    for at in 1..reports.len() {
        if reports[at].burst || !dice.chance(3.0 * DUPLICATES) {
            continue;
        }
        let repeats = |earlier: &SimulatedReport| {
            let (SimulatedPlace::Pin(a, _), SimulatedPlace::Pin(b, _)) =
                (&earlier.place, &reports[at].place)
            else {
                return false;
            };
            let age = reports[at].received.as_second() - earlier.received.as_second();
            earlier.category == reports[at].category
                && !earlier.burst
                && earlier.duplicate_of.is_none()
                && age < MONTH_S
                && (a.east - b.east).hypot(a.north - b.north) < 150.0
        };
        reports[at].duplicate_of = (0..at).rev().find(|number| repeats(&reports[*number]));
    }
}
