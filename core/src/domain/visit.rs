//! Presence: one unit, one place, one span of time. Never a trail, never a name.

use super::{Context, Id, Located, MunicipalityCode, Seq, SourceTag, Violation};
use jiff::Timestamp;

super::code::code_enum! {
    /// What kind of guardian was there.
    pub enum UnitKind {
        /// Area police (områdespolis).
        AreaPolice = "area_police",
        /// Other police.
        Police = "police",
        /// Municipal field workers.
        Fieldworkers = "fieldworkers",
        /// Guards.
        Guards = "guards",
        /// A boat watch.
        BoatWatch = "boat_watch",
        /// A neighbourhood watch.
        NeighbourhoodWatch = "neighbourhood_watch",
        /// A school's, housing company's or other partner's staff.
        Partner = "partner",
        /// A harbour watch or harbour master.
        HarbourWatch = "harbour_watch",
        /// A night walk of grown-ups.
        NightWalk = "night_walk",
    }
}

impl UnitKind {
    /// The context whose store keeps this unit's visits.
    #[must_use]
    pub const fn context(self) -> Context {
        match self {
            Self::AreaPolice | Self::Police => Context::Police,
            _ => Context::Municipal,
        }
    }
}

super::code::code_enum! {
    /// How the unit was there.
    pub enum Mode {
        /// On foot.
        Foot = "foot",
        /// By bicycle.
        Bicycle = "bicycle",
        /// By car.
        Car = "car",
        /// By boat.
        Boat = "boat",
        /// In a mobile office.
        MobileOffice = "mobile_office",
    }
}

super::code::code_enum! {
    /// Why the unit was there.
    pub enum Purpose {
        /// To be seen and to talk.
        Presence = "presence",
        /// To follow up a report.
        FollowUp = "follow_up",
        /// Traffic control on speed.
        TrafficControl = "traffic_control",
        /// Traffic control on drink and drugs.
        SobrietyControl = "sobriety_control",
        /// Action against narcotics.
        Narcotics = "narcotics",
        /// At a school.
        School = "school",
        /// A meeting on boat or neighbourhood watch, fraud, or with parents.
        Meeting = "meeting",
        /// A mobile office.
        MobileOffice = "mobile_office",
        /// An event.
        Event = "event",
        /// A safety walk.
        SafetyWalk = "safety_walk",
    }
}

super::code::code_enum! {
    /// What the unit did.
    pub enum Tactic {
        /// Talked with people.
        Talk = "talk",
        /// Visible walk.
        Walk = "walk",
        /// Information handed out.
        Information = "information",
        /// Speed measured.
        Speed = "speed",
        /// Breath tests.
        BreathTest = "breath_test",
        /// Contact with young people.
        Youth = "youth",
        /// Contact with the elderly.
        Elderly = "elderly",
        /// Look over harbour or boats.
        Harbour = "harbour",
    }
}

super::code::code_enum! {
    /// What the unit saw.
    pub enum Seen {
        /// Nothing to note.
        Nothing = "nothing",
        /// A defect of the place.
        Defect = "defect",
        /// Disorder.
        Disorder = "disorder",
        /// A crime, handled elsewhere.
        Crime = "crime",
    }
}

super::code::code_enum! {
    /// About how many people the unit talked with: a band, since nobody counts.
    pub enum ContactBand {
        /// Nobody.
        Nobody = "nobody",
        /// 1 to 5.
        Few = "few",
        /// 6 to 20.
        Some = "some",
        /// More than 20.
        Many = "many",
    }
}

/// One visit as it is kept. A correction is a new visit that `corrects` an
/// earlier one; the earlier one stays.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// Random identity.
    pub id: Id,
    /// Position in the feed; `Seq(0)` before it is stored.
    pub seq: Seq,
    /// Where it belongs.
    pub municipality: MunicipalityCode,
    /// Code of the unit, never a name.
    pub unit: String,
    /// Kind of the unit.
    pub unit_kind: UnitKind,
    /// Where; one place a visit.
    pub located: Located,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended, later than it began, at most 24 hours.
    pub ended_at: Timestamp,
    /// How.
    pub mode: Mode,
    /// Why.
    pub purpose: Purpose,
    /// What was done.
    pub tactics: Vec<Tactic>,
    /// What was seen.
    pub seen: Option<Seen>,
    /// About how many people were talked with.
    pub contacts: Option<ContactBand>,
    /// The visit that this one corrects.
    pub corrects: Option<Id>,
    /// Whether this correction says that there was no such visit: neither it
    /// nor the one that it corrects counts.
    pub withdrawn: bool,
    /// The unit as a source.
    pub source_tag: SourceTag,
    /// Whether the simulator made it.
    pub synthetic: bool,
}

impl Visit {
    /// Checks the rules that hold between the fields of a visit.
    ///
    /// # Errors
    /// Violates `unit: code_form` (1 to 20 of letters, digits, `-`),
    /// `endedAt: not_after_start` or `endedAt: too_long`.
    pub fn check(unit: &str, started_at: Timestamp, ended_at: Timestamp) -> Result<(), Violation> {
        Self::check_unit(unit)?;
        let seconds = ended_at.as_second() - started_at.as_second();
        if seconds <= 0 {
            return Err(Violation::new("endedAt", "not_after_start"));
        }
        if seconds > 24 * 3600 {
            return Err(Violation::new("endedAt", "too_long"));
        }
        Ok(())
    }

    /// Checks the code of a unit.
    ///
    /// # Errors
    /// Violates `unit: code_form` (1 to 20 of letters, digits, `-`).
    pub fn check_unit(unit: &str) -> Result<(), Violation> {
        let form = (1..=20).contains(&unit.chars().count())
            && unit.chars().all(|c| c.is_alphanumeric() || c == '-');
        if form { Ok(()) } else { Err(Violation::new("unit", "code_form")) }
    }

    /// Length in whole minutes, rounded up.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        let seconds = self.ended_at.as_second() - self.started_at.as_second();
        u32::try_from((seconds + 59) / 60).unwrap_or(0)
    }
}
