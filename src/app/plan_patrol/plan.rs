//! A plan as it is told and kept.

use super::question::PlanQuestion;
use crate::app::layers::answer::hash;
use crate::app::{Error, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Rounds for some shifts, and everything that they rest on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// What was asked, the seed included.
    pub question: PlanQuestion,
    /// First local day.
    pub from: String,
    /// The local day after the last.
    pub to: String,
    /// First day of the reports behind it.
    pub reports_from: String,
    /// The day after the last day of these.
    pub reports_to: String,
    /// How travel is known: `roads` or `detour`.
    pub travel: String,
    /// What each shift does.
    pub rounds: Vec<Round>,
    /// Each district and its floor.
    pub floors: Vec<DistrictFloor>,
    /// Floors that are not met; a plan that is kept has none.
    pub unmet: Vec<Unmet>,
    /// Places that somebody who knows them says not to stop at.
    pub left_out: Vec<LeftOut>,
    /// What the plan does not know or could not do, by code.
    pub limits: Vec<PlanLimit>,
    /// Worth of all visits.
    pub prize: f64,
    /// Share of the visits that goes to coverage.
    pub coverage_share: f64,
    /// Places that were looked at.
    pub candidates: usize,
}

/// What one shift does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Round {
    /// Code of the unit.
    pub unit: String,
    /// Code of the mode.
    pub mode: String,
    /// Begin of the shift.
    #[serde(with = "text")]
    pub from: Timestamp,
    /// End of the shift.
    #[serde(with = "text")]
    pub to: Timestamp,
    /// Leaves its base.
    #[serde(with = "text")]
    pub leave_at: Timestamp,
    /// Is back.
    #[serde(with = "text")]
    pub back_at: Timestamp,
    /// Name of the base.
    pub base: String,
    /// Degrees east of the base.
    pub longitude: f64,
    /// Degrees north of the base.
    pub latitude: f64,
    /// Minutes on the way.
    pub travel_min: u32,
    /// The break, from when to when.
    pub pause: Option<Pause>,
    /// The visits in order.
    pub stops: Vec<Stop>,
    /// The way, as positions.
    pub line: Vec<[f64; 2]>,
}

/// A break at the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pause {
    /// Begin.
    #[serde(with = "text")]
    pub from: Timestamp,
    /// End.
    #[serde(with = "text")]
    pub to: Timestamp,
}

/// One visit of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stop {
    /// The cell by which the place is known again, and vetoed.
    pub key: String,
    /// `hotspot`, `district` or `wish`.
    pub kind: String,
    /// What people call it.
    pub name: String,
    /// Code of its district.
    pub district: Option<String>,
    /// Degrees east.
    pub longitude: f64,
    /// Degrees north.
    pub latitude: f64,
    /// Gets there.
    #[serde(with = "text")]
    pub arrive_at: Timestamp,
    /// Begins.
    #[serde(with = "text")]
    pub start_at: Timestamp,
    /// Leaves.
    #[serde(with = "text")]
    pub leave_at: Timestamp,
    /// What a first visit of the place is worth.
    pub prize: f64,
    /// Why it is in the plan.
    pub why: Why,
}

/// Why a stop is in a plan, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Why {
    /// Reports at the hot spot.
    pub count: Option<i64>,
    /// Reports that were expected there.
    pub expected: Option<f64>,
    /// `confirmed` or `watch`.
    pub status: Option<String>,
    /// The hours in which the reports of the hot spot gather, where they do.
    #[serde(default)]
    pub hours: Option<WhyHours>,
    /// Reports of the district.
    pub reports: Option<i64>,
    /// Whole days from the last visit to the plan's first day; none where
    /// nobody is known to have been there.
    pub days_since: Option<i64>,
    /// Whether the stop serves the district's floor.
    pub floor: bool,
    /// A promise of presence that the district waits for.
    pub promise: Option<(String, String)>,
    /// What whoever wishes for it says.
    pub note: Option<String>,
    /// Code of the unit that wishes for it.
    #[serde(default)]
    pub wished_by: Option<String>,
    /// Whether it must be visited.
    pub must: bool,
    /// The reason for which somebody has moved it, by code.
    pub moved: Option<String>,
    /// A veto whose day of review has come.
    pub review_due: bool,
}

/// The hours of the day in which the reports of a place gather.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WhyHours {
    /// First local hour, 0 to 23.
    pub from: u8,
    /// The local hour after the last, 0 to 23.
    pub to: u8,
    /// Reports in them.
    pub count: u32,
    /// Reports of a known hour.
    pub of: u32,
    /// Whether the visit begins in them.
    pub met: bool,
}

/// A district and its floor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DistrictFloor {
    /// Code.
    pub district: String,
    /// Name.
    pub name: String,
    /// Visits that it must get.
    pub at_least: u32,
    /// Visits that it gets.
    pub planned: u32,
    /// Days since the last visit.
    pub days_since: Option<i64>,
}

/// A floor that is not met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Unmet {
    /// The field of the question that asks for it.
    pub field: String,
    /// What it is about, in words.
    pub name: String,
    /// Visits that are missing.
    pub missing: u32,
    /// Whether no plan can meet it.
    pub out_of_reach: bool,
}

/// A place that is not in the plan because somebody says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LeftOut {
    /// The cell of the place.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// Code of the reason.
    pub reason: String,
    /// The same in words.
    pub note: Option<String>,
    /// Local day on which somebody looks again.
    pub review_on: String,
}

/// Something that the plan does not know or could not do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanLimit {
    /// `no_roads`, `over_water`, `no_way`, `coverage_below`, `no_hotspots`, `moves_due`.
    pub rule: String,
    /// How many places or percent it is about.
    pub number: u32,
}

impl Round {
    /// Minutes of the whole shift.
    #[must_use]
    pub fn shift_min(&self) -> i64 {
        minutes(self.from, self.to)
    }

    /// Minutes of the shift that are neither spent at a stop, nor on the way,
    /// nor in the break.
    #[must_use]
    pub fn idle_min(&self) -> i64 {
        let stops: i64 = self.stops.iter().map(|stop| minutes(stop.start_at, stop.leave_at)).sum();
        let pause = self.pause.map_or(0, |pause| minutes(pause.from, pause.to));
        (self.shift_min() - stops - pause - i64::from(self.travel_min)).max(0)
    }

    /// Whether so much of the shift is idle that whoever plans should hear of
    /// it: an hour at least, and a quarter of the shift.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        let idle = self.idle_min();
        idle >= 60 && idle * 4 >= self.shift_min()
    }
}

impl Plan {
    /// Whether every place that was looked at is in the plan.
    #[must_use]
    pub fn has_every_place(&self) -> bool {
        let keys: BTreeSet<&str> = self.stops().map(|(_, _, stop)| &stop.key[..]).collect();
        keys.len() >= self.candidates
    }

    /// Every stop with its round and its place in it, from 1.
    pub fn stops(&self) -> impl Iterator<Item = (&Round, usize, &Stop)> {
        self.rounds.iter().flat_map(|round| {
            round.stops.iter().enumerate().map(move |(at, stop)| (round, at + 1, stop))
        })
    }

    /// A hash of what is planned: whoever decides a plan says with it which.
    #[must_use]
    pub fn digest(&self) -> String {
        let planned = serde_json::to_vec(&(&self.question.seed, &self.rounds, &self.floors));
        hash(&[&planned.unwrap_or_default()])
    }

    /// The document as it is kept.
    pub(super) fn document(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|fault| Error::Bug(fault.to_string()))
    }

    /// Reads a kept document.
    pub(in crate::app) fn read(document: &str) -> Result<Self> {
        serde_json::from_str(document).map_err(|fault| Error::Bug(format!("a plan: {fault}")))
    }
}

fn minutes(from: Timestamp, to: Timestamp) -> i64 {
    to.duration_since(from).as_mins()
}

/// Instants as RFC 3339.
mod text {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(at)
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Timestamp, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}
