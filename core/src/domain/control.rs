//! Traffic controls: called for by the picture, done, moved or lapsed, each
//! with why here and why now. A control that was done is a visit, too.

use super::{DistrictCode, Id, MunicipalityCode, Position, Purpose, Role, Violation};
use jiff::{Timestamp, civil::Date};

super::code::code_enum! {
    /// What is controlled.
    pub enum ControlKind {
        /// Speed.
        Speed = "speed",
        /// Drink and drugs.
        Sobriety = "sobriety",
        /// Belts and telephones.
        BeltPhone = "belt_phone",
        /// The vehicles themselves.
        Vehicle = "vehicle",
    }
}

impl ControlKind {
    /// The purpose of the visit that a control of this kind is.
    #[must_use]
    pub const fn purpose(self) -> Purpose {
        match self {
            Self::Sobriety => Purpose::SobrietyControl,
            _ => Purpose::TrafficControl,
        }
    }
}

super::code::code_enum! {
    /// Why a control is here.
    pub enum WhyHere {
        /// The measured v85 lies over the limit.
        OverLimit = "over_limit",
        /// Several sources have reported it.
        Sources = "sources",
        /// Crashes.
        Crashes = "crashes",
        /// A school is near.
        School = "school",
        /// It was asked for in a dialogue.
        Request = "request",
        /// Whoever knows the place says so.
        LocalKnowledge = "local_knowledge",
    }
}

impl WhyHere {
    /// Whether it rests on something other than what people have said.
    #[must_use]
    pub const fn is_measured(self) -> bool {
        matches!(self, Self::OverLimit | Self::Crashes)
    }
}

super::code::code_enum! {
    /// Why a control is now.
    pub enum WhyNow {
        /// It was long ago, or never.
        DaysSince = "days_since",
        /// School begins.
        SchoolStart = "school_start",
        /// At this hour most is reported or measured.
        HotHours = "hot_hours",
        /// Something is on.
        Event = "event",
        /// To see whether something has changed.
        FollowUp = "follow_up",
    }
}

super::code::code_enum! {
    /// What a driver or vehicle broke.
    pub enum Breach {
        /// Too fast.
        Speeding = "speeding",
        /// Drink.
        Alcohol = "alcohol",
        /// Drugs.
        Drugs = "drugs",
        /// No licence to drive.
        Licence = "licence",
        /// No belt.
        Belt = "belt",
        /// A telephone in the hand.
        Phone = "phone",
        /// A fault of the vehicle.
        Vehicle = "vehicle",
        /// Something else.
        Other = "other",
    }
}

super::code::code_enum! {
    /// Why a control was not done on its day.
    pub enum NotDone {
        /// No unit could be spared.
        NoUnit = "no_unit",
        /// The weather.
        Weather = "weather",
        /// Road works or a closed road.
        Road = "road",
        /// The picture calls for it no more.
        NoLongerCalled = "no_longer_called",
        /// A measurement comes first.
        MeasureFirst = "measure_first",
        /// Something else.
        Other = "other",
    }
}

/// The three numbers that explain why a site is a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ControlNumbers {
    /// How far the measured v85 lies over the limit, in km/h; `None` where
    /// nothing was measured.
    pub over_kmh: Option<f64>,
    /// Distinct sources of traffic reports there in a year.
    pub sources: u32,
    /// Days since the last control there; `None` without one.
    pub days_since: Option<u32>,
}

/// What came of a control.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlResult {
    /// The visit that it is.
    pub visit: Id,
    /// The local day.
    pub on: Date,
    /// How long, in minutes.
    pub minutes: u32,
    /// Vehicles that were measured or passed.
    pub vehicles: u32,
    /// Drivers or vehicles that were checked.
    pub checked: u32,
    /// Breaches by kind, each kind once.
    pub breaches: Vec<(Breach, u32)>,
    /// The v85 before it, in km/h.
    pub v85_before: Option<f64>,
    /// The v85 after it, in km/h.
    pub v85_after: Option<f64>,
}

/// What was done with a control.
#[derive(Debug, Clone, PartialEq)]
pub enum ControlAct {
    /// The picture calls for it, by this day.
    Called(Date),
    /// It was moved to another day.
    Moved(Date, NotDone),
    /// It lapsed.
    Lapsed(NotDone),
    /// It was done.
    Done(ControlResult),
}

/// One step on the way of a control; none is ever changed.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlStep {
    /// When it was noted.
    pub at: Timestamp,
    /// In which role.
    pub by: Role,
    /// What.
    pub act: ControlAct,
}

super::code::code_enum! {
    /// Where a control stands.
    pub enum ControlState {
        /// It is on the list.
        Due = "due",
        /// It was moved, and is on the list.
        Moved = "moved",
        /// It lapsed.
        Lapsed = "lapsed",
        /// It was done.
        Done = "done",
    }
}

/// A traffic control with everything that happened to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    /// Random identity.
    pub id: Id,
    /// Where it belongs.
    pub municipality: MunicipalityCode,
    /// What is controlled.
    pub kind: ControlKind,
    /// What the place is called.
    pub site: String,
    /// Where; one place a control.
    pub at: Position,
    /// The district.
    pub district: Option<DistrictCode>,
    /// Why here; never empty.
    pub why_here: Vec<WhyHere>,
    /// Why now; never empty.
    pub why_now: Vec<WhyNow>,
    /// The numbers on the day when it was called for.
    pub numbers: ControlNumbers,
    /// The steps, the first of which calls for it or does it.
    pub steps: Vec<ControlStep>,
}

impl Control {
    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> ControlState {
        match self.steps.last().map(|step| &step.act) {
            Some(ControlAct::Done(_)) => ControlState::Done,
            Some(ControlAct::Lapsed(_)) => ControlState::Lapsed,
            Some(ControlAct::Moved(..)) => ControlState::Moved,
            Some(ControlAct::Called(_)) | None => ControlState::Due,
        }
    }

    /// The day for which the picture called for it; `None` for one that was
    /// done without.
    #[must_use]
    pub fn called_for(&self) -> Option<Date> {
        self.steps.iter().find_map(|step| match &step.act {
            ControlAct::Called(day) => Some(*day),
            _ => None,
        })
    }

    /// The day on which it is due, was done, or was due when it lapsed.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        self.steps.iter().rev().find_map(|step| match &step.act {
            ControlAct::Called(day) | ControlAct::Moved(day, _) => Some(*day),
            ControlAct::Done(result) => Some(result.on),
            ControlAct::Lapsed(_) => None,
        })
    }

    /// What came of it.
    #[must_use]
    pub fn result(&self) -> Option<&ControlResult> {
        self.steps.iter().find_map(|step| match &step.act {
            ControlAct::Done(result) => Some(result),
            _ => None,
        })
    }

    /// Whether it rests on what people have said alone, with no speed measured
    /// there before it or by it.
    #[must_use]
    pub fn is_unmeasured(&self) -> bool {
        let measured = self.result().is_some_and(|result| result.v85_before.is_some());
        !measured
            && self.numbers.over_kmh.is_none()
            && !self.why_here.iter().any(|why| why.is_measured())
    }

    /// Checks that it says why here and why now, and what it is called.
    ///
    /// # Errors
    /// Violates `whyHere` or `whyNow: required`, `name: required` or `too_long`.
    pub fn check(&self) -> Result<(), Violation> {
        if self.why_here.is_empty() {
            return Err(Violation::new("whyHere", "required"));
        }
        if self.why_now.is_empty() {
            return Err(Violation::new("whyNow", "required"));
        }
        if self.site.trim().is_empty() {
            return Err(Violation::new("name", "required"));
        }
        if self.site.chars().count() > 80 {
            return Err(Violation::new("name", "too_long"));
        }
        Ok(())
    }
}

impl ControlResult {
    /// Checks that no more were checked than passed, that breaches were found
    /// on those, and that speeds can be.
    ///
    /// # Errors
    /// Violates `result.minutes`, `result.checked`, `result.breaches`,
    /// `result.v85BeforeKmh` or `result.v85AfterKmh: out_of_range`.
    pub fn check(&self) -> Result<(), Violation> {
        let broken = |field: &str| Err(Violation::new(field, "out_of_range"));
        if !(1..=24 * 60).contains(&self.minutes) {
            return broken("result.minutes");
        }
        if self.checked > self.vehicles || self.vehicles > 1_000_000 {
            return broken("result.checked");
        }
        if self.breaches.iter().any(|(_, number)| *number > self.vehicles) {
            return broken("result.breaches");
        }
        let speed = |kmh: Option<f64>| kmh.is_none_or(|kmh| (1.0..=300.0).contains(&kmh));
        if !speed(self.v85_before) {
            return broken("result.v85BeforeKmh");
        }
        if !speed(self.v85_after) {
            return broken("result.v85AfterKmh");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn result() -> ControlResult {
        ControlResult {
            visit: Id::from_bits(9),
            on: date(2026, 11, 20),
            minutes: 45,
            vehicles: 120,
            checked: 20,
            breaches: vec![(Breach::Speeding, 7)],
            v85_before: None,
            v85_after: None,
        }
    }

    fn control(acts: Vec<ControlAct>) -> Control {
        let at = "2026-11-10T10:00:00Z".parse().unwrap();
        let step = |act| ControlStep { at, by: Role::PolicePlanner, act };
        Control {
            id: Id::from_bits(1),
            municipality: MunicipalityCode::parse("1427").unwrap(),
            kind: ControlKind::Speed,
            site: "Väjern".into(),
            at: Position { longitude: 11.26, latitude: 58.36 },
            district: None,
            why_here: vec![WhyHere::Sources],
            why_now: vec![WhyNow::DaysSince],
            numbers: ControlNumbers { over_kmh: None, sources: 4, days_since: None },
            steps: acts.into_iter().map(step).collect(),
        }
    }

    #[test]
    fn a_control_stands_where_its_last_step_left_it() {
        let day = date(2026, 11, 15);
        let called = control(vec![ControlAct::Called(day)]);
        assert_eq!((called.state(), called.day()), (ControlState::Due, Some(day)));
        let later = date(2026, 11, 18);
        let moved = ControlAct::Moved(later, NotDone::Weather);
        let moved = control(vec![ControlAct::Called(day), moved]);
        assert_eq!((moved.state(), moved.day()), (ControlState::Moved, Some(later)));
        assert_eq!(moved.called_for(), Some(day), "the day that it was called for stays");
        let lapsed = control(vec![ControlAct::Called(day), ControlAct::Lapsed(NotDone::NoUnit)]);
        assert_eq!((lapsed.state(), lapsed.day()), (ControlState::Lapsed, Some(day)));
        let done = control(vec![ControlAct::Done(result())]);
        assert_eq!((done.state(), done.called_for()), (ControlState::Done, None));
    }

    #[test]
    fn a_control_of_complaints_is_unmeasured_until_a_speed_is_known() {
        assert!(control(vec![ControlAct::Done(result())]).is_unmeasured());
        let measured = ControlResult { v85_before: Some(52.0), ..result() };
        assert!(!control(vec![ControlAct::Done(measured)]).is_unmeasured());
        let over = Control { why_here: vec![WhyHere::OverLimit], ..control(vec![]) };
        assert!(!over.is_unmeasured());
    }

    #[test]
    fn a_control_says_why_and_what_it_found_can_be() {
        let nowhere = Control { why_here: Vec::new(), ..control(Vec::new()) };
        assert_eq!(nowhere.check(), Err(Violation::new("whyHere", "required")));
        let never = Control { why_now: Vec::new(), ..control(Vec::new()) };
        assert_eq!(never.check(), Err(Violation::new("whyNow", "required")));
        assert_eq!(result().check(), Ok(()));
        let more = ControlResult { checked: 121, ..result() };
        assert_eq!(more.check(), Err(Violation::new("result.checked", "out_of_range")));
        let odd = ControlResult { breaches: vec![(Breach::Phone, 121)], ..result() };
        assert_eq!(odd.check(), Err(Violation::new("result.breaches", "out_of_range")));
        let fast = ControlResult { v85_after: Some(f64::NAN), ..result() };
        assert_eq!(fast.check(), Err(Violation::new("result.v85AfterKmh", "out_of_range")));
    }
}
