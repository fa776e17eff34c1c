//! Visits of the area police, field workers, guards and a boat watch.

use super::dice::Dice;
use super::reports::on_land;
use super::shifts::{Shift, shifts};
use super::{Simulation, Village};
use crate::domain::{LocalityId, Mode, Plane, Purpose, Seen, Tactic, UnitKind};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};

/// A visit that nobody has made.
#[derive(Debug, Clone, PartialEq)]
pub struct SimulatedVisit {
    /// Code of the unit.
    pub unit: &'static str,
    /// Kind of the unit.
    pub unit_kind: UnitKind,
    /// Where, in the municipality's plane.
    pub at: Plane,
    /// Start.
    pub started: Timestamp,
    /// End.
    pub ended: Timestamp,
    /// How.
    pub mode: Mode,
    /// Why.
    pub purpose: Purpose,
    /// What was done.
    pub tactics: Vec<Tactic>,
    /// What was seen.
    pub seen: Seen,
}

pub(super) fn visits(plan: &Simulation<'_>, dice: &mut Dice) -> Vec<SimulatedVisit> {
    let today = plan.now.to_zoned(plan.zone.clone()).date();
    let days = i64::from(plan.years) * 365;
    let mut visits = Vec::new();
    for shift in shifts() {
        for ago in (0..days).rev() {
            let day = today.saturating_sub(ago.days());
            for _ in 0..shift.stops {
                visits.extend(stop(plan, dice, &shift, day));
            }
        }
    }
    for (id, days) in plan.last_visits {
        visits.extend(last_visit(plan, dice, id, *days));
    }
    visits.sort_by_key(|visit| visit.started);
    visits
}

fn stop(
    plan: &Simulation<'_>,
    dice: &mut Dice,
    shift: &Shift,
    day: Date,
) -> Option<SimulatedVisit> {
    let on_duty = (shift.months.0..=shift.months.1).contains(&day.month())
        && shift.weekdays & (1 << day.weekday().to_monday_zero_offset()) != 0;
    if !on_duty || !dice.chance(shift.chance) {
        return None;
    }
    let summer = (6..=8).contains(&day.month());
    let reach = shift.villages.min(plan.villages.len());
    // Presence follows people less than in proportion: small places count too.
    let people = |v: &Village| (if summer { v.summer } else { v.residents }).sqrt();
    let village = dice.weighted(&plan.villages[..reach], people)?;
    if is_later_than_last(plan, village, day) {
        return None;
    }
    visit(plan, dice, shift, village, day)
}

fn visit(
    plan: &Simulation<'_>,
    dice: &mut Dice,
    shift: &Shift,
    village: &Village,
    day: Date,
) -> Option<SimulatedVisit> {
    let hour = i8::try_from(dice.between(shift.hours.0, shift.hours.1)).ok()?;
    let minute = i8::try_from(dice.between(0, 60)).ok()?;
    let started = day.at(hour, minute, 0, 0).to_zoned(plan.zone.clone()).ok()?.timestamp();
    let length = SignedDuration::from_mins(dice.between(shift.minutes.0, shift.minutes.1));
    let ended = started.checked_add(length).ok()?;
    let seen = [(Seen::Nothing, 8.0), (Seen::Defect, 1.0), (Seen::Disorder, 1.0)];
    (ended <= plan.now).then(|| SimulatedVisit {
        unit: shift.unit,
        unit_kind: shift.kind,
        at: on_land(plan, dice, village.centre, 60.0),
        started,
        ended,
        mode: shift.mode,
        purpose: shift.purpose,
        tactics: shift.tactics.to_vec(),
        seen: dice.weighted(&seen, |(_, w)| *w).map_or(Seen::Nothing, |(seen, _)| *seen),
    })
}

/// Whether a village of the same district has had its last visit before `day`.
fn is_later_than_last(plan: &Simulation<'_>, village: &Village, day: Date) -> bool {
    let today = plan.now.to_zoned(plan.zone.clone()).date();
    plan.last_visits.iter().any(|(id, ago)| {
        let named = plan.villages.iter().find(|v| v.id == *id);
        let same = named.is_some_and(|named| {
            named.id == village.id || named.district.is_some() && named.district == village.district
        });
        same && day >= today.saturating_sub(i64::from(*ago).days())
    })
}

fn last_visit(
    plan: &Simulation<'_>,
    dice: &mut Dice,
    id: &LocalityId,
    ago: u16,
) -> Option<SimulatedVisit> {
    let village = plan.villages.iter().find(|village| village.id == *id)?;
    let today = plan.now.to_zoned(plan.zone.clone()).date();
    let presence = shifts()[0];
    visit(plan, dice, &presence, village, today.saturating_sub(i64::from(ago).days()))
}
