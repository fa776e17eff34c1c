//! Traffic controls: which ones the picture calls for and why, what became of
//! each, and what came of them. Sites and controls within [`NEAR_M`] of each
//! other are one place.

mod log;
mod report;

pub use log::{ControlDraft, ControlStepDraft, ResultDraft};
pub use report::{COMPARED_DAYS, ControlReport, ControlSum, SiteOutcome, sum_of};

use super::{App, Ground, Result, Staff, failure};
use crate::spatial::{Event, Filter};
use fyren_core::analysis::{
    Call, ControlRules, SiteFacts, SpeedSite, call, control_order, dbscan, speed_sites,
};
use fyren_core::domain::{
    Category, CategoryGroup, Context, Control, ControlNumbers, ControlState, EventKind, Flags,
    Layer, Operation, Plane, Position, PublicityClass, SourceTag,
};
use jiff::{SignedDuration, Timestamp, civil::Date, civil::date};
use std::collections::HashSet;
use std::sync::Arc;

/// Metres within which a report, a crash, a school or a control is at a site.
pub const NEAR_M: f64 = 300.0;
/// Days of reports and measurements that count.
pub const YEAR_DAYS: i64 = 365;
/// Days of crashes that count.
const CRASH_DAYS: i64 = 3 * 365;
/// Beginnings of school terms, as month and day.
const TERMS: [(i8, i8); 2] = [(1, 8), (8, 18)];

/// A site with what the rules say of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// By which it is called for.
    pub key: String,
    /// What the place is called.
    pub name: String,
    /// Where.
    pub at: Position,
    /// The district.
    pub district: Option<String>,
    /// The measured v85 and limit, where there are any.
    pub measured: Option<(f64, f64)>,
    /// What is known of it.
    pub facts: SiteFacts,
    /// What the rules say.
    pub call: Call,
}

/// A traffic report as the rules count it.
#[derive(Debug, Clone, Copy)]
struct Said {
    at: Plane,
    source: SourceTag,
    time: Timestamp,
}

/// What the rules look at.
struct Known {
    speeds: Vec<SpeedSite>,
    said: Vec<Said>,
    crashes: Vec<Plane>,
    schools: Vec<(String, Plane)>,
    controls: Vec<Control>,
}

impl App {
    /// Every site with a sign of need, what the rules say of it, and the rules:
    /// those that are called for first.
    ///
    /// # Errors
    /// [`super::Error::Forbidden`] for who does not plan controls: where the
    /// next one may stand is a secret.
    pub async fn control_candidates(
        &self,
        staff: &Staff,
        ground: &Arc<Ground>,
    ) -> Result<(Vec<Candidate>, ControlRules)> {
        staff.must(ground.code(), Operation::LogControl)?;
        let rules = ControlRules::default();
        let known = self.known_traffic(ground).await?;
        let today = self.today(&ground.zone);
        let mut found = known.candidates(ground, today, &rules);
        found.sort_by_key(|candidate| (rank(&candidate.call), control_order(&candidate.facts)));
        Ok((found, rules))
    }

    /// Every control that `staff` may see, the latest first: to the police all,
    /// to others those that are done, since where one is to come is a secret.
    ///
    /// # Errors
    /// [`super::Error::Forbidden`] for a role that sees no controls.
    pub async fn controls(&self, staff: &Staff, ground: &Ground) -> Result<Vec<Control>> {
        staff.must_see(ground.code(), Layer::Controls)?;
        let mut controls = self.police.controls(ground.code()).await.map_err(failure)?;
        if !staff.sees_police(ground.code(), Layer::Controls) {
            controls.retain(|control| control.state() == ControlState::Done);
        }
        Ok(controls)
    }

    async fn known_traffic(&self, ground: &Arc<Ground>) -> Result<Known> {
        let now = self.clock.now();
        let since = |days: i64| now.checked_sub(SignedDuration::from_hours(24 * days)).ok();
        let hours = self.municipal.speed_hours(ground.code(), since(YEAR_DAYS), None).await;
        let projection = ground.geofence.projection();
        let schools = ground.municipality.localities.iter().filter(|place| {
            let name = place.name.to_lowercase();
            name.contains("skola") || name.contains("school")
        });
        Ok(Known {
            speeds: speed_sites(&hours.map_err(failure)?),
            said: self.traffic_reports(ground, since(YEAR_DAYS)).await?,
            crashes: self.crashes(ground, since(CRASH_DAYS)).await?,
            schools: schools
                .map(|place| (place.name.clone(), projection.forward(place.position)))
                .collect(),
            controls: self.police.controls(ground.code()).await.map_err(failure)?,
        })
    }

    async fn traffic_reports(&self, ground: &Ground, from: Option<Timestamp>) -> Result<Vec<Said>> {
        let asked = |category: &&Category| {
            category.group() == CategoryGroup::Traffic
                && category.publicity() != PublicityClass::Never
        };
        let filter = Filter {
            kinds: vec![EventKind::Report],
            categories: Category::ALL.iter().filter(asked).map(|c| c.code().to_owned()).collect(),
            without: Flags::QUARANTINED.with(Flags::MERGED).with(Flags::DUPLICATE),
            from,
            ..Filter::default()
        };
        let projection = ground.geofence.projection();
        let said = |report: Event<'_>| {
            (report.precision_m <= NEAR_M).then_some(())?;
            Some(Said {
                at: projection.forward(report.position?),
                source: report.source_tag,
                time: report.start.unwrap_or(report.received_hour),
            })
        };
        self.gather(ground, Context::Municipal, &filter, said).await
    }

    async fn crashes(&self, ground: &Ground, from: Option<Timestamp>) -> Result<Vec<Plane>> {
        let filter = Filter {
            kinds: vec![EventKind::Incident],
            without: Flags::CORRECTED,
            from,
            ..Filter::default()
        };
        let projection = ground.geofence.projection();
        let crash = |incident: Event<'_>| {
            let word = incident.category.to_lowercase();
            let is_one =
                ["olycka", "accident", "crash", "collision"].iter().any(|w| word.contains(w));
            (is_one && incident.precision_m <= NEAR_M).then_some(())?;
            Some(projection.forward(incident.position?))
        };
        self.gather(ground, Context::Municipal, &filter, crash).await
    }
}

fn near(a: Plane, b: Plane) -> bool {
    (a.east - b.east).hypot(a.north - b.north) <= NEAR_M
}

/// Who is told first: what is called for, what has to be measured, the others.
const fn rank(call: &Call) -> u8 {
    match call {
        Call::Called(..) => 0,
        Call::MeasureFirst(_) => 1,
        Call::Listed(_) => 2,
        Call::Resting(_) => 3,
        Call::Nothing => 4,
    }
}

/// Days since the last term began.
fn days_into_term(today: Date) -> Option<u32> {
    let starts = [today.year() - 1, today.year()]
        .into_iter()
        .flat_map(|year| TERMS.map(|(month, day)| date(year, month, day)));
    let last = starts.filter(|start| *start <= today).max()?;
    u32::try_from((today - last).get_days()).ok()
}

impl Known {
    fn candidates(&self, ground: &Ground, today: Date, rules: &ControlRules) -> Vec<Candidate> {
        let term = days_into_term(today);
        let places = self.places(ground).into_iter();
        let found = places.map(|(key, name, at, speed)| {
            let facts = self.facts(ground, at, speed, today);
            let position = ground.geofence.projection().inverse(at);
            Candidate {
                key,
                name,
                at: position,
                district: ground.geofence.district(position).map(|code| code.0.clone()),
                measured: speed.and_then(|site| site.v85_kmh.zip(site.limit_kmh)),
                call: call(&facts, term, rules),
                facts,
            }
        });
        found.filter(|candidate| candidate.call != Call::Nothing).collect()
    }

    /// Sites where a speed was measured; schools and groups of reports that are
    /// at none of these.
    fn places(&self, ground: &Ground) -> Vec<(String, String, Plane, Option<&SpeedSite>)> {
        let projection = ground.geofence.projection();
        let mut places: Vec<(String, String, Plane, Option<&SpeedSite>)> = self
            .speeds
            .iter()
            .filter_map(|site| {
                let at = projection.forward(site.position?);
                Some((format!("speed:{}", site.site), site.site.clone(), at, Some(site)))
            })
            .collect();
        let free = |places: &[(String, String, Plane, Option<&SpeedSite>)], at: Plane| {
            !places.iter().any(|(_, _, place, _)| near(*place, at))
        };
        for (name, at) in &self.schools {
            if free(&places, *at) {
                places.push((format!("school:{name}"), name.clone(), *at, None));
            }
        }
        for at in self.grouped() {
            if free(&places, at) {
                let there = projection.inverse(at);
                let named = ground.nearest_locality(there).map(|place| place.name.clone());
                #[expect(clippy::cast_possible_truncation, reason = "a plane has < 2^31 metres")]
                let key = format!("reports:{}:{}", at.east.round() as i64, at.north.round() as i64);
                places.push((key, named.unwrap_or_default(), at, None));
            }
        }
        places
    }

    /// The middle of each group of traffic reports.
    fn grouped(&self) -> Vec<Plane> {
        let points: Vec<Plane> = self.said.iter().map(|said| said.at).collect();
        let Ok(grouping) = dbscan(&points, NEAR_M / 2.0, 2) else { return Vec::new() };
        (0..grouping.groups)
            .map(|group| {
                let of = points.iter().zip(&grouping.labels);
                let own: Vec<&Plane> =
                    of.filter(|(_, label)| **label == Some(group)).map(|(at, _)| at).collect();
                let mut east: Vec<f64> = own.iter().map(|at| at.east).collect();
                let mut north: Vec<f64> = own.iter().map(|at| at.north).collect();
                east.sort_by(f64::total_cmp);
                north.sort_by(f64::total_cmp);
                Plane { east: east[east.len() / 2], north: north[north.len() / 2] }
            })
            .collect()
    }

    fn facts(
        &self,
        ground: &Ground,
        at: Plane,
        speed: Option<&SpeedSite>,
        today: Date,
    ) -> SiteFacts {
        let here = self.said.iter().filter(|said| near(said.at, at));
        let sources: HashSet<SourceTag> = here.map(|said| said.source).collect();
        let crashes = self.crashes.iter().filter(|crash| near(**crash, at)).count();
        let projection = ground.geofence.projection();
        let controls: Vec<&Control> = self
            .controls
            .iter()
            .filter(|control| near(projection.forward(control.at), at))
            .collect();
        let listed =
            |control: &&Control| matches!(control.state(), ControlState::Due | ControlState::Moved);
        let done = controls.iter().filter_map(|control| Some((control.result()?.on, *control)));
        let last = done.max_by_key(|(day, _)| *day);
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        SiteFacts {
            numbers: ControlNumbers {
                over_kmh: speed.and_then(SpeedSite::over_kmh),
                sources: count(sources.len()),
                days_since: last
                    .and_then(|(day, _)| u32::try_from((today - day).get_days().max(0)).ok()),
            },
            crashes: count(crashes),
            by_school: self.schools.iter().any(|(_, school)| near(*school, at)),
            unmeasured_before: last.is_some_and(|(_, control)| control.is_unmeasured()),
            listed: controls.iter().any(listed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_begins_in_january_and_in_august() {
        assert_eq!(days_into_term(date(2026, 8, 18)), Some(0));
        assert_eq!(days_into_term(date(2026, 8, 17)), Some(221));
        assert_eq!(days_into_term(date(2026, 1, 7)), Some(142));
        assert_eq!(days_into_term(date(2026, 1, 20)), Some(12));
    }
}
