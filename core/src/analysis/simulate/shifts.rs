//! The calendars of the units that visit.

use crate::domain::{Mode, Purpose, Tactic, UnitKind};

/// When and how often a unit goes out.
#[derive(Clone, Copy)]
pub(super) struct Shift {
    pub unit: &'static str,
    pub kind: UnitKind,
    pub mode: Mode,
    pub purpose: Purpose,
    pub tactics: &'static [Tactic],
    /// First and last month of the year.
    pub months: (i8, i8),
    /// Bits from Monday.
    pub weekdays: u8,
    /// Hours of the start, half-open.
    pub hours: (i64, i64),
    /// Probability of each stop on such a day, and stops.
    pub chance: f64,
    pub stops: u8,
    /// Minutes, from and to.
    pub minutes: (i64, i64),
    /// Only so many of the largest villages.
    pub villages: usize,
}

/// Every unit's calendar, the area police's presence first. Most stops of the
/// area police last the 10 to 16 minutes after which disorder was seen to stay
/// away longest (Koper 1995).
pub(super) fn shifts() -> Vec<Shift> {
    let police = police();
    police.into_iter().chain(civil(police)).collect()
}

fn police() -> [Shift; 6] {
    let presence = Shift {
        unit: "OP-1",
        kind: UnitKind::AreaPolice,
        mode: Mode::Car,
        purpose: Purpose::Presence,
        tactics: &[Tactic::Walk, Tactic::Talk],
        months: (1, 12),
        weekdays: 0b011_1111,
        hours: (14, 22),
        chance: 0.55,
        stops: 3,
        minutes: (8, 19),
        villages: usize::MAX,
    };
    let speed = Shift {
        unit: "OP-2",
        purpose: Purpose::TrafficControl,
        tactics: &[Tactic::Speed],
        hours: (7, 18),
        weekdays: 0b001_1111,
        chance: 0.055,
        stops: 1,
        minutes: (30, 61),
        ..presence
    };
    let sobriety = Shift {
        purpose: Purpose::SobrietyControl,
        tactics: &[Tactic::BreathTest],
        weekdays: 0b111_0000,
        hours: (19, 24),
        chance: 0.05,
        ..speed
    };
    let office = Shift {
        purpose: Purpose::MobileOffice,
        mode: Mode::MobileOffice,
        tactics: &[Tactic::Talk, Tactic::Information],
        weekdays: 0b000_0010,
        hours: (12, 15),
        chance: 0.85,
        stops: 1,
        minutes: (90, 151),
        villages: 2,
        ..presence
    };
    let narcotics = Shift {
        purpose: Purpose::Narcotics,
        tactics: &[Tactic::Youth],
        weekdays: 0b011_0000,
        chance: 0.03,
        stops: 1,
        minutes: (60, 121),
        villages: 4,
        ..presence
    };
    let meeting = Shift {
        purpose: Purpose::Meeting,
        tactics: &[Tactic::Information, Tactic::Elderly],
        weekdays: 0b000_1111,
        hours: (17, 19),
        chance: 0.016,
        stops: 1,
        minutes: (60, 91),
        villages: 6,
        ..presence
    };
    [presence, speed, sobriety, office, narcotics, meeting]
}

fn civil([presence, ..]: [Shift; 6]) -> [Shift; 3] {
    let field = Shift {
        unit: "FALT-1",
        kind: UnitKind::Fieldworkers,
        mode: Mode::Foot,
        tactics: &[Tactic::Youth, Tactic::Walk],
        weekdays: 0b011_0000,
        hours: (19, 23),
        chance: 0.7,
        stops: 2,
        minutes: (15, 46),
        villages: 6,
        ..presence
    };
    let guards = Shift {
        unit: "VAKT-1",
        kind: UnitKind::Guards,
        tactics: &[Tactic::Walk],
        months: (6, 8),
        weekdays: 0b111_1111,
        hours: (20, 24),
        chance: 0.6,
        minutes: (10, 31),
        villages: 3,
        ..field
    };
    let boats = Shift {
        unit: "BAT-1",
        kind: UnitKind::BoatWatch,
        mode: Mode::Boat,
        tactics: &[Tactic::Harbour],
        months: (5, 9),
        weekdays: 0b111_0000,
        hours: (20, 24),
        chance: 0.5,
        stops: 1,
        minutes: (60, 181),
        ..field
    };
    [field, guards, boats]
}
