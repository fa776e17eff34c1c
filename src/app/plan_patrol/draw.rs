//! Drawing a plan: stops, ways, rounds, and what is said of them.

use super::gather::{Found, Gathered};
use super::plan::{DistrictFloor, Pause, Plan, PlanLimit, Round, Stop, Unmet, Why, WhyHours};
use super::question::{PlanQuestion, Shift, clock};
use super::ways::{Ways, is_no_way};
use crate::app::{Error, Ground, Result};
use fyren_core::analysis::patrol::{
    Candidate, FloorOf, Shift as AtWork, Tour, TourQuestion, TourRound, Travel, Window, tour,
};
use fyren_core::domain::{Mode, Position};
use fyren_core::plane::RoadGraph;
use geo::Contains;
use geo_types::Point;
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// What a visit of a hot spot is worth outside of the hours in which its
/// reports gather, of one within: it still counts, but the plan goes a long way
/// round to come in them.
const OTHER_HOURS: f64 = 0.6;

/// Everything that is known before anything is computed.
pub(super) struct Desk {
    pub ground: Arc<Ground>,
    pub graph: Option<Arc<RoadGraph>>,
    pub question: PlanQuestion,
    pub seed: u32,
    pub shifts: Vec<Shift>,
    pub gathered: Gathered,
    /// First and one past the last day of the reports behind it.
    pub reports: (Date, Date),
    pub limits: Vec<PlanLimit>,
}

/// A mode with the bits of its speed, if that is not the usual one.
type Pace = (Mode, Option<u64>);

impl Desk {
    /// Draws the plan. Costs about a second.
    pub fn draw(self) -> Result<Plan> {
        let (start, span) = period(&self.ground, &self.shifts)?;
        let places: Vec<Position> = self
            .gathered
            .found
            .iter()
            .map(|found| found.spot.at)
            .chain(self.shifts.iter().map(|shift| shift.base.at))
            .collect();
        let ways = Ways { ground: &self.ground, graph: self.graph.clone(), places };
        let (speeds, tables) = self.tables(&ways);
        let nodes = ways.places.len();
        let mut at_work = Vec::new();
        for (index, shift) in self.shifts.iter().enumerate() {
            let table = speeds.iter().position(|pace| *pace == pace_of(shift)).unwrap_or(0);
            at_work.push(AtWork {
                base: self.gathered.found.len() + index,
                from: second(shift.from, start),
                to: second(shift.to, start),
                pause: shift.break_min * 60,
                travel: Travel::new(nodes, &tables[table])?,
            });
        }
        let candidates: Vec<Candidate> =
            self.gathered.found.iter().enumerate().map(|one| self.candidate(one, start)).collect();
        let floors = self.floors(span);
        let at_least: Vec<usize> = floors.iter().map(|floor| floor.at_least as usize).collect();
        let found = tour(&TourQuestion {
            candidates: &candidates,
            shifts: &at_work,
            floors: &at_least,
            coverage_share: self.question.coverage_share,
            seed: self.seed.into(),
            irregularity: self.question.irregularity,
        })?;
        Ok(self.told(&ways, (&found, floors), start, span))
    }

    fn tables(&self, ways: &Ways<'_>) -> (Vec<Pace>, Vec<Vec<u32>>) {
        let mut paces: Vec<Pace> = self.shifts.iter().map(pace_of).collect();
        paces.sort_unstable();
        paces.dedup();
        let table = |(mode, speed): &Pace| ways.table(*mode, speed.map(f64::from_bits));
        let tables = paces.iter().map(table).collect();
        (paces, tables)
    }

    fn candidate(&self, (index, found): (usize, &Found), start: Timestamp) -> Candidate {
        let of_district = |code: &String| {
            self.ground.municipality.districts.iter().position(|one| one.code.0 == *code)
        };
        let unit = found.unit.as_ref();
        let shift = unit.and_then(|unit| self.shifts.iter().position(|s| s.unit == *unit));
        Candidate {
            node: index,
            worth: found.worth,
            service: found.minutes * 60,
            district: found.district.as_ref().and_then(of_district),
            windows: self.windows(found, start),
            must: found.must,
            coverage: found.kind != fyren_core::domain::StopKind::Hotspot,
            shift,
        }
    }

    /// One window for each day on which somebody is at work, and one more where
    /// hours in which the reports of the place gather fall into it.
    fn windows(&self, found: &Found, start: Timestamp) -> Vec<Window> {
        let mut days: Vec<Date> = self.shifts.iter().map(|shift| shift.day).collect();
        days.sort_unstable();
        days.dedup();
        let window = |day: Date| -> Option<(u32, u32)> {
            let shifts = || self.shifts.iter().filter(|shift| shift.day == day);
            let open = shifts().map(|shift| second(shift.from, start)).min()?;
            let close = shifts().map(|shift| second(shift.to, start)).max()?;
            let Some((from, to)) = found.hours else { return Some((open, close)) };
            let last = if to < from { day.tomorrow().ok()? } else { day };
            let from = u32::try_from(clock(&self.ground, day, from, start)?.max(0)).ok()?;
            let to = u32::try_from(clock(&self.ground, last, to, start)?).ok()?;
            let (open, close) = (open.max(from), close.min(to));
            (open <= close).then_some((open, close))
        };
        let hours = found.why.hours.filter(|_| found.hours.is_none());
        let share = if hours.is_some() { OTHER_HOURS } else { 1.0 };
        let mut windows = Vec::new();
        for (number, day) in (0..).zip(days) {
            let Some((open, close)) = window(day) else { continue };
            let hot = hours.iter().flat_map(|hours| self.hot(hours, day, start));
            let hot = hot.map(|(from, to)| (from.max(open), to.min(close)));
            let hot: Vec<(u32, u32)> = hot.filter(|(from, to)| from <= to).collect();
            let at_best = |(open, close)| Window { day: number, open, close, share: 1.0 };
            windows.extend(hot.into_iter().map(at_best));
            windows.push(Window { day: number, open, close, share });
        }
        windows
    }

    /// When the hot hours of a place lie on a day: those that begin on it, and
    /// those of the night before that reach into it.
    fn hot(&self, hours: &WhyHours, day: Date, start: Timestamp) -> Vec<(u32, u32)> {
        let of = |first: Date| {
            let last = if hours.to > hours.from { first } else { first.tomorrow().ok()? };
            let hour = |day: Date, hour: u8| {
                let hour = i8::try_from(hour).ok()?;
                clock(&self.ground, day, Time::new(hour, 0, 0, 0).ok()?, start)
            };
            let (from, to) = (hour(first, hours.from)?, hour(last, hours.to)? - 1);
            Some((u32::try_from(from.max(0)).ok()?, u32::try_from(to).ok()?))
        };
        [day.yesterday().ok(), Some(day)].into_iter().flatten().filter_map(of).collect()
    }

    /// The floor of each district.
    fn floors(&self, (from, to): (Date, Date)) -> Vec<DistrictFloor> {
        let length = i64::from((to - from).get_days());
        let floor = |district: &fyren_core::domain::District| {
            let code = &district.code.0;
            let need = self.gathered.districts.get(code);
            let days_since = need.and_then(|need| need.days_since);
            let asked = self.question.floors.get(code).copied().unwrap_or(self.question.floor);
            let waits = self
                .question
                .max_days_without
                .is_none_or(|most| days_since.is_none_or(|days| days + length > i64::from(most)));
            DistrictFloor {
                district: code.clone(),
                name: district.name.clone(),
                at_least: if waits { asked } else { 0 },
                planned: 0,
                days_since,
            }
        };
        self.ground.municipality.districts.iter().map(floor).collect()
    }

    fn told(
        &self,
        ways: &Ways<'_>,
        (found, mut floors): (&Tour, Vec<DistrictFloor>),
        start: Timestamp,
        (from, to): (Date, Date),
    ) -> Plan {
        let mut rounds: Vec<Round> = found
            .rounds
            .iter()
            .enumerate()
            .map(|(index, round)| self.round(ways, (index, round), start))
            .collect();
        let mut stops: Vec<&mut Stop> =
            rounds.iter_mut().flat_map(|round| &mut round.stops).collect();
        stops.sort_by_key(|stop| stop.start_at);
        for stop in stops {
            let of = floors.iter_mut().find(|f| stop.district.as_ref() == Some(&f.district));
            if let Some(floor) = of {
                floor.planned += 1;
                stop.why.floor = floor.planned <= floor.at_least;
            }
        }
        let question = PlanQuestion { seed: Some(self.seed), ..self.question.clone() };
        Plan {
            question,
            from: from.to_string(),
            to: to.to_string(),
            reports_from: self.reports.0.to_string(),
            reports_to: self.reports.1.to_string(),
            travel: if self.graph.is_some() { "roads" } else { "detour" }.to_owned(),
            rounds,
            unmet: self.unmet(found, &floors),
            floors,
            left_out: self.gathered.left_out.clone(),
            limits: self.limits(ways, found),
            prize: (found.prize * 10.0).round() / 10.0,
            coverage_share: (found.coverage_share * 1000.0).round() / 1000.0,
            candidates: self.gathered.found.len(),
        }
    }

    fn round(
        &self,
        ways: &Ways<'_>,
        (index, round): (usize, &TourRound),
        start: Timestamp,
    ) -> Round {
        let shift = &self.shifts[index];
        let moment = |seconds: u32| start + SignedDuration::from_secs(i64::from(seconds));
        let stop = |visit: &fyren_core::analysis::patrol::TourVisit| {
            let found = &self.gathered.found[visit.candidate];
            Stop {
                key: found.key.clone(),
                kind: found.kind.code().to_owned(),
                name: found.spot.name.clone(),
                district: found.district.clone(),
                longitude: found.spot.at.longitude,
                latitude: found.spot.at.latitude,
                arrive_at: moment(visit.arrive),
                start_at: moment(visit.start),
                leave_at: moment(visit.leave),
                prize: (found.worth * 10.0).round() / 10.0,
                why: Why {
                    hours: found.why.hours.map(|hours| WhyHours {
                        met: is_within(&hours, moment(visit.start), &self.ground),
                        ..hours
                    }),
                    ..found.why.clone()
                },
            }
        };
        let base = self.gathered.found.len() + index;
        let mut along = vec![base];
        let mut rest = round.pause;
        for visit in &round.visits {
            if rest.is_some_and(|(from, _)| from < visit.start) {
                // A break that comes first is at the base already.
                if along.len() > 1 {
                    along.push(base);
                }
                rest = None;
            }
            along.push(visit.candidate);
        }
        along.push(base);
        Round {
            unit: shift.unit.clone(),
            mode: shift.mode.code().to_owned(),
            from: shift.from,
            to: shift.to,
            leave_at: moment(round.leave),
            back_at: moment(round.back),
            base: shift.base.name.clone(),
            longitude: shift.base.at.longitude,
            latitude: shift.base.at.latitude,
            travel_min: round.travel.div_ceil(60),
            pause: round.pause.map(|(from, to)| Pause { from: moment(from), to: moment(to) }),
            stops: round.visits.iter().map(stop).collect(),
            line: if round.visits.is_empty() { Vec::new() } else { ways.line(shift.mode, &along) },
        }
    }

    /// Floors that are not met; the share of coverage is said as a limit.
    fn unmet(&self, found: &Tour, floors: &[DistrictFloor]) -> Vec<Unmet> {
        let unmet = |unmet: &fyren_core::analysis::patrol::UnmetFloor| {
            let (field, name) = match unmet.of {
                FloorOf::District(at) => {
                    (format!("floors.{}", floors[at].district), floors[at].name.clone())
                }
                FloorOf::Candidate(at) => {
                    ("mustVisit".to_owned(), self.gathered.found[at].spot.name.clone())
                }
                FloorOf::Pause(at) => {
                    (format!("shifts[{at}].breakMin"), self.shifts[at].unit.clone())
                }
                FloorOf::Coverage => return None,
            };
            let missing = u32::try_from(unmet.missing).unwrap_or(u32::MAX);
            Some(Unmet { field, name, missing, out_of_reach: unmet.out_of_reach })
        };
        found.unmet.iter().filter_map(unmet).collect()
    }

    fn limits(&self, ways: &Ways<'_>, found: &Tour) -> Vec<PlanLimit> {
        let mut limits = self.limits.clone();
        let mut add = |rule: &str, number: usize| {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            limits.push(PlanLimit { rule: rule.to_owned(), number });
        };
        if self.graph.is_none() {
            add("no_roads", 0);
            match self.over_water() {
                0 => {}
                places => add("over_water", places),
            }
        } else {
            match self.without_way(ways) {
                0 => {}
                places => add("no_way", places),
            }
        }
        if self.gathered.hotspots == 0 {
            add("no_hotspots", 0);
        }
        if found.coverage_share + 1e-9 < self.question.coverage_share {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a share in percent"
            )]
            add("coverage_below", (found.coverage_share * 100.0).round() as usize);
        }
        limits
    }

    /// Places on another part of the land than the first base.
    fn over_water(&self) -> usize {
        let Some(land) = &self.ground.municipality.land else { return 0 };
        let part = |at: Position| {
            let point = Point::new(at.longitude, at.latitude);
            land.iter().position(|part| part.contains(&point))
        };
        let Some(home) = self.shifts.first().and_then(|shift| part(shift.base.at)) else {
            return 0;
        };
        let away = |found: &&Found| part(found.spot.at).is_some_and(|other| other != home);
        self.gathered.found.iter().filter(away).count()
    }

    /// Places that no shift has a way to.
    fn without_way(&self, ways: &Ways<'_>) -> usize {
        let (_, tables) = self.tables(ways);
        let (places, nodes) = (self.gathered.found.len(), ways.places.len());
        let reached = |place: usize| {
            tables
                .iter()
                .any(|table| (places..nodes).any(|base| !is_no_way(table[base * nodes + place])))
        };
        (0..places).filter(|place| !reached(*place)).count()
    }
}

/// The first moment of the first day, and the days that the shifts touch.
fn period(ground: &Ground, shifts: &[Shift]) -> Result<(Timestamp, (Date, Date))> {
    let outside = || Error::Bug("a shift outside of the calendar".into());
    let first = shifts.iter().map(|shift| shift.day).min().ok_or_else(outside)?;
    let last = shifts.iter().map(|shift| shift.to).max().ok_or_else(outside)?;
    let last = last.to_zoned(ground.zone.clone()).date();
    let after = last.tomorrow().map_err(|_end| outside())?;
    let start = crate::app::layers::query::start_of(first, &ground.zone).ok_or_else(outside)?;
    Ok((start, (first, after)))
}

/// Whether a visit that begins `at` begins in the hours.
fn is_within(hours: &WhyHours, at: Timestamp, ground: &Ground) -> bool {
    let hour = u8::try_from(at.to_zoned(ground.zone.clone()).hour()).unwrap_or_default();
    if hours.from < hours.to {
        (hours.from..hours.to).contains(&hour)
    } else {
        hour >= hours.from || hour < hours.to
    }
}

fn pace_of(shift: &Shift) -> Pace {
    (shift.mode, shift.speed_kmh.map(f64::to_bits))
}

fn second(at: Timestamp, start: Timestamp) -> u32 {
    u32::try_from(at.as_second() - start.as_second()).unwrap_or(0)
}
