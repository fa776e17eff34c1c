//! What was done beside what came of it. The two are never one number, and
//! places are never ranked by what was caught there.

use super::{App, Ground, Known, Result, Said, Staff, near};
use crate::app::failure;
use fyren_core::domain::{
    Breach, Control, ControlAct, ControlKind, ControlState, Layer, NotDone, Plane, Purpose,
    SourceTag, SpeedHour,
};
use jiff::{SignedDuration, Timestamp, civil::Date};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// Days before and after a control in which speeds and reports are compared.
pub const COMPARED_DAYS: i64 = 28;

/// What was done in a period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ControlSum {
    /// Controls that the picture called for, by a day of the period that has come.
    pub called: u32,
    /// Of these, done.
    pub done: u32,
    /// Of these, moved and not done yet.
    pub moved: u32,
    /// Of these, lapsed.
    pub lapsed: u32,
    /// Of these, neither.
    pub open: u32,
    /// Controls that were done without having been called for.
    pub beside: u32,
}

/// Output and outcome of a period.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ControlReport {
    /// What was called for and done.
    pub sum: ControlSum,
    /// Minutes of all controls that were done.
    pub minutes: u32,
    /// Vehicles that passed.
    pub vehicles: u32,
    /// Drivers or vehicles that were checked.
    pub checked: u32,
    /// Breaches by kind.
    pub breaches: BTreeMap<Breach, u32>,
    /// Outcome, one row a control that was done, the latest first.
    pub outcomes: Vec<SiteOutcome>,
}

/// What changed around one control.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteOutcome {
    /// What the place is called.
    pub site: String,
    /// The district.
    pub district: Option<String>,
    /// What was controlled.
    pub kind: ControlKind,
    /// The local day.
    pub on: Date,
    /// The v85 before, as it was noted, else as it was measured near by.
    pub v85_before: Option<f64>,
    /// The v85 after.
    pub v85_after: Option<f64>,
    /// Distinct sources of traffic reports within 300 m before it.
    pub sources_before: u32,
    /// And after it; `None` until as many days have passed.
    pub sources_after: Option<u32>,
}

impl App {
    /// Output beside outcome of the controls of a period, both days included.
    ///
    /// # Errors
    /// [`super::super::Error::Forbidden`] for a role that sees no controls.
    pub async fn report_controls(
        &self,
        staff: &Staff,
        ground: &Arc<Ground>,
        (from, to): (Date, Date),
    ) -> Result<ControlReport> {
        staff.must_see(ground.code(), Layer::Controls)?;
        let known = self.known_traffic(ground).await?;
        let hours = self.municipal.speed_hours(ground.code(), None, None).await.map_err(failure)?;
        let around = Around { ground, known: &known, hours: &hours, now: self.clock.now() };
        let today = self.today(&ground.zone);
        let mut report = ControlReport {
            sum: sum_of(&known.controls, (from, to.min(today)), |_| true),
            ..ControlReport::default()
        };
        for control in &known.controls {
            let Some(result) = control.result().filter(|r| from <= r.on && r.on <= to) else {
                continue;
            };
            report.minutes += result.minutes;
            report.vehicles += result.vehicles;
            report.checked += result.checked;
            for (kind, number) in &result.breaches {
                *report.breaches.entry(*kind).or_default() += number;
            }
            report.outcomes.push(around.outcome(control, result.on));
        }
        report.outcomes.sort_by(|a, b| b.on.cmp(&a.on).then_with(|| a.site.cmp(&b.site)));
        Ok(report)
    }
}

/// The sum over the controls with these purposes, both days included.
pub fn sum_of(
    controls: &[Control],
    (from, to): (Date, Date),
    counts: impl Fn(Purpose) -> bool,
) -> ControlSum {
    let mut sum = ControlSum::default();
    for control in controls.iter().filter(|control| counts(control.kind.purpose())) {
        let Some(day) = control.called_for() else {
            let done = control.result().is_some_and(|r| from <= r.on && r.on <= to);
            sum.beside += u32::from(done);
            continue;
        };
        // One that is done before its day counts from then on.
        let day = control.result().map_or(day, |result| day.min(result.on));
        if day < from || day > to || is_off(control) {
            continue;
        }
        sum.called += 1;
        match control.state() {
            ControlState::Done => sum.done += 1,
            ControlState::Moved => sum.moved += 1,
            ControlState::Lapsed => sum.lapsed += 1,
            ControlState::Due => sum.open += 1,
        }
    }
    sum
}

/// Whether the picture calls for it no more, so that nothing was missed.
fn is_off(control: &Control) -> bool {
    let last = control.steps.last().map(|step| &step.act);
    matches!(last, Some(ControlAct::Lapsed(NotDone::NoLongerCalled)))
}

/// What lies around controls.
struct Around<'a> {
    ground: &'a Ground,
    known: &'a Known,
    hours: &'a [SpeedHour],
    now: Timestamp,
}

impl Around<'_> {
    fn outcome(&self, control: &Control, on: Date) -> SiteOutcome {
        let at = self.ground.geofence.projection().forward(control.at);
        let start = on.to_zoned(self.ground.zone.clone()).map(|day| day.timestamp());
        let start = start.unwrap_or(self.now);
        let days = |days: i64| start.saturating_add(SignedDuration::from_hours(24 * days));
        let (Ok(before), Ok(after), Ok(end)) =
            (days(-COMPARED_DAYS), days(1), days(1 + COMPARED_DAYS))
        else {
            return bare(control, on);
        };
        let noted = control.result();
        SiteOutcome {
            v85_before: noted
                .and_then(|result| result.v85_before)
                .or_else(|| self.measured(at, before, start)),
            v85_after: noted
                .and_then(|result| result.v85_after)
                .or_else(|| self.measured(at, after, end)),
            sources_before: self.sources(at, before, start),
            sources_after: (end <= self.now).then(|| self.sources(at, after, end)),
            ..bare(control, on)
        }
    }

    /// The v85 near a place and within a time, weighted by vehicles.
    fn measured(&self, at: Plane, from: Timestamp, to: Timestamp) -> Option<f64> {
        let projection = self.ground.geofence.projection();
        let (mut sum, mut weight) = (0.0, 0.0);
        for hour in self.hours.iter().filter(|hour| from <= hour.start && hour.start < to) {
            let here = hour.position.is_some_and(|there| near(projection.forward(there), at));
            if let (true, Some(v85)) = (here, hour.v85_kmh) {
                sum += v85 * f64::from(hour.count);
                weight += f64::from(hour.count);
            }
        }
        (weight > 0.0).then(|| sum / weight)
    }

    fn sources(&self, at: Plane, from: Timestamp, to: Timestamp) -> u32 {
        let within = |said: &&Said| from <= said.time && said.time < to && near(said.at, at);
        let sources: HashSet<SourceTag> =
            self.known.said.iter().filter(within).map(|said| said.source).collect();
        u32::try_from(sources.len()).unwrap_or(u32::MAX)
    }
}

/// A row of which nothing but the control is known.
fn bare(control: &Control, on: Date) -> SiteOutcome {
    SiteOutcome {
        site: control.site.clone(),
        district: control.district.as_ref().map(|code| code.0.clone()),
        kind: control.kind,
        on,
        v85_before: None,
        v85_after: None,
        sources_before: 0,
        sources_after: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fyren_core::domain::{
        ControlNumbers, ControlStep, Id, MunicipalityCode, Position, Role, WhyHere, WhyNow,
    };
    use jiff::civil::date;

    fn control(acts: Vec<ControlAct>) -> Control {
        let at = "2026-05-01T10:00:00Z".parse().unwrap();
        Control {
            id: Id::from_bits(1),
            municipality: MunicipalityCode::parse("1427").unwrap(),
            kind: ControlKind::Speed,
            site: "Väjern".into(),
            at: Position { longitude: 11.26, latitude: 58.36 },
            district: None,
            why_here: vec![WhyHere::OverLimit],
            why_now: vec![WhyNow::DaysSince],
            numbers: ControlNumbers::default(),
            steps: acts.into_iter().map(|act| ControlStep { at, by: Role::Officer, act }).collect(),
        }
    }

    #[test]
    fn the_picture_calls_for_four_and_two_are_done() {
        use fyren_core::domain::ControlResult;
        let done = |on| {
            ControlAct::Done(ControlResult {
                visit: Id::from_bits(2),
                on,
                minutes: 30,
                vehicles: 10,
                checked: 5,
                breaches: Vec::new(),
                v85_before: None,
                v85_after: None,
            })
        };
        let day = |d| ControlAct::Called(date(2026, 5, d));
        let controls = [
            control(vec![day(3), done(date(2026, 5, 3))]),
            control(vec![day(9), done(date(2026, 5, 12))]),
            control(vec![day(10), ControlAct::Moved(date(2026, 6, 2), NotDone::Weather)]),
            control(vec![day(12), ControlAct::Lapsed(NotDone::NoUnit)]),
            control(vec![day(30)]),
            control(vec![day(4), ControlAct::Lapsed(NotDone::NoLongerCalled)]),
            control(vec![done(date(2026, 5, 6))]),
        ];
        let until = (date(2026, 5, 1), date(2026, 5, 20));
        let sum = sum_of(&controls, until, |_| true);
        let expected = ControlSum { called: 4, done: 2, moved: 1, lapsed: 1, open: 0, beside: 1 };
        assert_eq!(sum, expected);
        assert_eq!(
            sum_of(&controls, until, |p| p == Purpose::SobrietyControl),
            ControlSum::default()
        );
    }
}
