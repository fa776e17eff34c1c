//! What a plan is asked for, and its rules.

use crate::app::{self, Ground, draft};
use fyren_core::domain::{Mode, Position, SpotCell, VetoReason, VetoTerms, Violation, Visit};
use jiff::civil::{Date, Time};
use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Shifts of one plan, at most.
const MOST_SHIFTS: usize = 40;
/// Days between the first and the last shift, at most.
const MOST_DAYS: i32 = 14;
/// Minutes of a shift, least and most.
const SHIFT_MIN: std::ops::RangeInclusive<i64> = 30..=14 * 60;
/// Wishes and moves, at most.
pub(super) const MOST_WISHES: usize = 30;
/// Visits that a district may be asked to get, at most.
const MOST_FLOOR: u32 = 20;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanQuestion {
    /// Who is at work when.
    pub shifts: Vec<ShiftDraft>,
    /// Minutes of a visit.
    pub stop_min: u32,
    /// Visits that each district gets at least.
    pub floor: u32,
    /// The same by district code, where it is another number.
    pub floors: BTreeMap<String, u32>,
    /// Only districts that would be without a visit for longer than so many
    /// days at the end of the plan have a floor.
    pub max_days_without: Option<u32>,
    /// Share of the visits that goes to coverage whatever the reports say.
    pub coverage_share: f64,
    /// How much the worth of a place is shaken.
    pub irregularity: f64,
    /// Same seed, same plan; drawn where none is given.
    pub seed: Option<u32>,
    /// Days of reports before the first shift that say where there is need.
    pub days: u32,
    /// Places that must be visited.
    pub must_visit: Vec<WishDraft>,
    /// Places that somebody wishes for.
    pub wishes: Vec<WishDraft>,
    /// Stops that somebody has moved, each with a reason.
    pub moves: Vec<MoveDraft>,
}

impl Default for PlanQuestion {
    fn default() -> Self {
        Self {
            shifts: Vec::new(),
            stop_min: 12,
            floor: 1,
            floors: BTreeMap::new(),
            max_days_without: None,
            coverage_share: 0.3,
            irregularity: 0.2,
            seed: None,
            days: 365,
            must_visit: Vec::new(),
            wishes: Vec::new(),
            moves: Vec::new(),
        }
    }
}

/// A unit at work.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShiftDraft {
    /// Code of the unit, never a name.
    pub unit: String,
    /// RFC 3339 or local.
    pub from: String,
    /// RFC 3339 or local.
    pub to: String,
    /// Where it begins and ends; the largest place of the municipality without.
    pub base: Option<PlaceAsked>,
    /// Code of a mode; `car` without.
    pub mode: Option<String>,
    /// Minutes of its break.
    pub break_min: u32,
    /// Kilometres an hour, where not what is usual for the mode.
    pub speed_kmh: Option<f64>,
}

/// A place by a named place, a district or a position.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlaceAsked {
    /// Identity of a named place.
    pub locality_id: Option<String>,
    /// Code of a district: its largest place.
    pub district_code: Option<String>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// Degrees north.
    pub latitude: Option<f64>,
}

/// A place that somebody wants to be visited.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WishDraft {
    /// Identity of a wish that stands; none in one of this question alone.
    #[serde(default)]
    pub id: Option<String>,
    /// Code of the unit that wishes.
    #[serde(default)]
    pub unit: Option<String>,
    /// Where.
    pub place: PlaceAsked,
    /// Why, in words; of the place, never of persons.
    pub note: Option<String>,
    /// Minutes of the visit, where not as all others.
    pub minutes: Option<u32>,
    /// Earliest local time of day, `HH:MM`.
    pub earliest: Option<String>,
    /// Latest local time of day, `HH:MM`; before the earliest it is after midnight.
    pub latest: Option<String>,
}

/// A stop that somebody has moved.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MoveDraft {
    /// The key of the stop.
    pub stop: String,
    /// To where, if anywhere else.
    pub longitude: Option<f64>,
    /// To where, if anywhere else.
    pub latitude: Option<f64>,
    /// To which unit, if to one.
    pub unit: Option<String>,
    /// Earliest local time of day, `HH:MM`.
    pub earliest: Option<String>,
    /// Latest local time of day, `HH:MM`.
    pub latest: Option<String>,
    /// Code of the reason, as of a veto.
    pub reason: String,
    /// The same in words.
    pub note: Option<String>,
    /// Local day on which somebody looks again.
    pub review_on: String,
}

/// A shift whose every rule is checked.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shift {
    pub unit: String,
    pub from: Timestamp,
    pub to: Timestamp,
    /// Local day on which it begins.
    pub day: Date,
    pub base: Spot,
    pub mode: Mode,
    pub break_min: u32,
    pub speed_kmh: Option<f64>,
}

/// A place with what people call it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spot {
    pub at: Position,
    pub name: String,
}

/// Hours of a day in which a visit may begin.
pub(super) type HoursOfDay = (Time, Time);

impl PlanQuestion {
    /// The shifts, everything checked that can be without the picture. `today`
    /// is the local day on which is asked.
    ///
    /// # Errors
    /// Violations by the path of the field.
    pub(super) fn check(&self, ground: &Ground, today: Date) -> app::Result<Vec<Shift>> {
        let numbers = [
            ("stopMin", (1..=240).contains(&self.stop_min)),
            ("floor", self.floor <= MOST_FLOOR),
            ("coverageShare", (0.0..=1.0).contains(&self.coverage_share)),
            ("irregularity", (0.0..=0.9).contains(&self.irregularity)),
            ("days", (1..=3_650).contains(&self.days)),
            ("maxDaysWithout", self.max_days_without.is_none_or(|days| days <= 3_650)),
            ("mustVisit", self.must_visit.len() <= MOST_WISHES),
            ("wishes", self.wishes.len() <= MOST_WISHES),
            ("moves", self.moves.len() <= MOST_WISHES),
        ];
        if let Some((field, _)) = numbers.into_iter().find(|(_, fine)| !fine) {
            return Err(Violation::new(field, "out_of_range").into());
        }
        for (code, number) in &self.floors {
            let known = ground.municipality.districts.iter().any(|d| d.code.0 == *code);
            if !known || *number > MOST_FLOOR {
                let rule = if known { "out_of_range" } else { "unknown_value" };
                return Err(Violation::new(format!("floors.{code}"), rule).into());
            }
        }
        for (at, one) in self.moves.iter().enumerate() {
            one.check(ground, today).map_err(|broken| broken.within(&format!("moves[{at}]")))?;
        }
        Ok(self.shifts(ground)?)
    }

    fn shifts(&self, ground: &Ground) -> Result<Vec<Shift>, Violation> {
        match self.shifts.len() {
            0 => return Err(Violation::new("shifts", "required")),
            1..=MOST_SHIFTS => {}
            _ => return Err(Violation::new("shifts", "too_large")),
        }
        let check = |(at, shift): (usize, &ShiftDraft)| {
            shift.check(ground).map_err(|broken| broken.within(&format!("shifts[{at}]")))
        };
        let shifts: Vec<Shift> =
            self.shifts.iter().enumerate().map(check).collect::<Result<_, _>>()?;
        for (at, shift) in shifts.iter().enumerate() {
            let clash = shifts[..at].iter().any(|other| {
                other.unit == shift.unit && other.from < shift.to && shift.from < other.to
            });
            if clash {
                return Err(Violation::new(format!("shifts[{at}]"), "overlaps"));
            }
        }
        let days = shifts.iter().map(|shift| shift.day);
        let span = days.clone().min().zip(days.max()).map_or(0, |(a, b)| (b - a).get_days());
        if span >= MOST_DAYS { Err(Violation::new("shifts", "too_long")) } else { Ok(shifts) }
    }
}

impl ShiftDraft {
    fn check(&self, ground: &Ground) -> Result<Shift, Violation> {
        let from = draft::instant(&self.from, &ground.zone, "from")?;
        let to = draft::instant(&self.to, &ground.zone, "to")?;
        Visit::check(&self.unit, from, to).map_err(|broken| match broken.field.as_str() {
            "endedAt" => Violation::new("to", broken.rule),
            _ => broken,
        })?;
        let minutes = (to.as_second() - from.as_second()) / 60;
        if !SHIFT_MIN.contains(&minutes) {
            return Err(Violation::new("to", "out_of_range"));
        }
        if i64::from(self.break_min) > minutes / 3 {
            return Err(Violation::new("breakMin", "out_of_range"));
        }
        if self.speed_kmh.is_some_and(|speed| !(1.0..=130.0).contains(&speed)) {
            return Err(Violation::new("speedKmh", "out_of_range"));
        }
        let mode = self.mode.as_deref().unwrap_or(Mode::Car.code());
        let mode = Mode::parse(mode).ok_or_else(|| Violation::new("mode", "unknown_value"))?;
        let base = match &self.base {
            Some(base) => base.spot(ground).map_err(|broken| broken.within("base"))?,
            None => largest(ground, None).ok_or_else(|| Violation::new("base", "required"))?,
        };
        let day = from.to_zoned(ground.zone.clone()).date();
        let (break_min, speed_kmh) = (self.break_min, self.speed_kmh);
        Ok(Shift { unit: self.unit.clone(), from, to, day, base, mode, break_min, speed_kmh })
    }
}

impl PlaceAsked {
    /// Where it is, within the municipality.
    pub(super) fn spot(&self, ground: &Ground) -> Result<Spot, Violation> {
        if let Some(id) = &self.locality_id {
            let found = ground.municipality.localities.iter().find(|one| one.id.0 == *id);
            let found = found.ok_or_else(|| Violation::new("localityId", "unknown_value"))?;
            return Ok(Spot { at: found.position, name: found.name.clone() });
        }
        if let Some(code) = &self.district_code {
            let known = ground.municipality.districts.iter().any(|d| d.code.0 == *code);
            let found = largest(ground, Some(code)).filter(|_| known);
            return found.ok_or_else(|| Violation::new("districtCode", "unknown_value"));
        }
        let longitude = self.longitude.ok_or_else(|| Violation::new("longitude", "required"))?;
        let latitude = self.latitude.ok_or_else(|| Violation::new("latitude", "required"))?;
        let at = inside(ground, longitude, latitude)?;
        Ok(Spot { at, name: name_near(ground, at) })
    }
}

impl WishDraft {
    /// The hours that it may be visited in.
    pub(super) fn hours(&self) -> Result<Option<HoursOfDay>, Violation> {
        hours(self.earliest.as_deref(), self.latest.as_deref())
    }
}

impl MoveDraft {
    fn check(&self, ground: &Ground, today: Date) -> Result<(), Violation> {
        SpotCell::parse(&self.stop).map_err(|broken| Violation::new("stop", broken.rule))?;
        self.place(ground)?;
        self.hours()?;
        let reason = VetoReason::parse(&self.reason)
            .ok_or_else(|| Violation::new("reason", "unknown_value"))?;
        let day = self.review_on.parse();
        let review_on = day.map_err(|_unreadable| Violation::new("reviewOn", "date_form"))?;
        let note = draft::text("note", self.note.as_deref())?;
        let terms = VetoTerms { reason, note, review_on };
        // A plan of an earlier day is drawn again with what held then.
        terms.check(today.min(review_on.yesterday().unwrap_or(review_on)))
    }

    /// Whether somebody has to look again before it counts any longer.
    pub(super) fn is_due(&self, today: Date) -> bool {
        self.review_on.parse::<Date>().is_ok_and(|day| day <= today)
    }

    pub(super) fn place(&self, ground: &Ground) -> Result<Option<Position>, Violation> {
        let at = self.longitude.zip(self.latitude);
        at.map(|(longitude, latitude)| inside(ground, longitude, latitude)).transpose()
    }

    pub(super) fn hours(&self) -> Result<Option<HoursOfDay>, Violation> {
        hours(self.earliest.as_deref(), self.latest.as_deref())
    }
}

fn inside(ground: &Ground, longitude: f64, latitude: f64) -> Result<Position, Violation> {
    let at = Position::parse(longitude, latitude)?;
    if ground.geofence.contains(at) {
        Ok(at)
    } else {
        Err(Violation::new("longitude", "outside_municipality"))
    }
}

fn hours(from: Option<&str>, to: Option<&str>) -> Result<Option<HoursOfDay>, Violation> {
    let time = |field: &str, text: &str| {
        let read = text.parse::<Time>().ok().filter(|_| text.len() == 5);
        read.ok_or_else(|| Violation::new(field, "time_form"))
    };
    if from.is_none() && to.is_none() {
        return Ok(None);
    }
    let from = from.map_or(Ok(Time::midnight()), |text| time("earliest", text))?;
    let to = to.map_or(Ok(Time::constant(23, 59, 0, 0)), |text| time("latest", text))?;
    Ok(Some((from, to)))
}

/// What people would call a place: the nearest named one.
pub(super) fn name_near(ground: &Ground, at: Position) -> String {
    let near = ground.nearest_locality(at);
    near.map_or_else(|| ground.municipality.name.clone(), |near| near.name.clone())
}

/// The largest place of the municipality, or of one district.
pub(super) fn largest(ground: &Ground, district: Option<&str>) -> Option<Spot> {
    let within = |at: Position| {
        district.is_none_or(|code| ground.geofence.district(at).is_some_and(|d| d.0 == code))
    };
    let places = ground.municipality.localities.iter().filter(|one| within(one.position));
    let best = places.max_by_key(|one| (one.residents, one.weight, std::cmp::Reverse(&one.id.0)));
    best.map(|one| Spot { at: one.position, name: one.name.clone() })
}

/// A time of day on a local day, in seconds after `start`.
pub(super) fn clock(ground: &Ground, day: Date, time: Time, start: Timestamp) -> Option<i64> {
    let at = day.to_datetime(time).to_zoned(ground.zone.clone()).ok()?.timestamp();
    let second = at.round(Unit::Second).ok()?.as_second();
    Some(second - start.as_second())
}
