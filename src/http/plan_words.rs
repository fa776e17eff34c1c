//! A patrol plan in words: why each stop is in it, and what the plan does not
//! know. The same for the interface, the pages, the sheet and the shell.

use super::language::Language;
use super::pages::words::{t, tenth};
use crate::app::plan_patrol::{Plan, PlanLimit, Round, Stop};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Why a stop is in a plan: a sentence or two with their numbers.
pub fn reason(language: Language, plan: &Plan, stop: &Stop) -> String {
    let why = &stop.why;
    let mut said = Vec::new();
    if let (Some(count), Some(expected)) = (why.count, why.expected) {
        let expected = tenth(language, expected);
        let days = plan.question.days.to_string();
        let sure = why.status.as_deref().unwrap_or("watch");
        let values = [("n", &count.to_string()[..]), ("expected", &expected), ("days", &days)];
        said.push(t(language, &format!("plan.why_{sure}"), &values));
    }
    if let Some(hours) = &why.hours {
        let span = format!("{:02}–{:02}", hours.from, if hours.to == 0 { 24 } else { hours.to });
        let key = if hours.met { "plan.why_hours" } else { "plan.why_hours_other" };
        let (count, of) = (hours.count.to_string(), hours.of.to_string());
        said.push(t(language, key, &[("count", &count), ("of", &of), ("hours", &span)]));
    }
    if let (Some(note), Some(unit)) = (&why.note, &why.wished_by) {
        said.push(t(language, "plan.why_wish_by", &[("note", note), ("unit", unit)]));
    } else if let Some(note) = &why.note {
        said.push(t(language, "plan.why_wish", &[("note", note)]));
    } else if stop.kind == "wish" {
        let key = if why.must { "plan.why_must" } else { "plan.why_wished" };
        said.push(language.text(key));
    }
    let district = plan.floors.iter().find(|floor| Some(&floor.district) == stop.district.as_ref());
    // At a hot spot the visits of its own place count, else those of the district.
    let named = district.filter(|_| stop.kind != "hotspot");
    let place = named.map_or(&stop.name, |district| &district.name);
    said.push(match why.days_since {
        Some(0) => t(language, "plan.why_today", &[("place", place)]),
        Some(days) => t(language, "plan.why_days", &[("n", &days.to_string()), ("place", place)]),
        None => t(language, "plan.why_never", &[("place", place)]),
    });
    if let Some(reports) = why.reports {
        let days = plan.question.days.to_string();
        said.push(t(language, "plan.why_reports", &[("n", &reports.to_string()), ("days", &days)]));
    }
    if let Some(floor) = district.filter(|floor| why.floor && floor.at_least > 0) {
        said.push(t(language, "plan.why_floor", &[("n", &floor.at_least.to_string())]));
    }
    if let Some((swedish, english)) = &why.promise {
        let promise = super::pages::words::pick(language, (swedish, english));
        said.push(t(language, "plan.why_promise", &[("promise", promise)]));
    }
    if let Some(moved) = &why.moved {
        let moved = language.text(&format!("veto.{moved}"));
        said.push(t(language, "plan.why_moved", &[("reason", &moved)]));
    }
    if why.review_due {
        said.push(language.text("plan.why_review"));
    }
    said.join(" ")
}

/// What a plan does not know or could not do, in a sentence.
pub fn limit(language: Language, limit: &PlanLimit) -> String {
    t(language, &format!("plan.limit_{}", limit.rule), &[("n", &limit.number.to_string())])
}

/// How much of a shift is without a stop, where that is much.
pub fn idle(language: Language, round: &Round) -> Option<String> {
    let (free, shift) = (long(round.idle_min()), long(round.shift_min()));
    round.is_idle().then(|| t(language, "plan.idle", &[("free", &free), ("shift", &shift)]))
}

/// The same with its cause, for whoever plans.
pub fn idle_why(language: Language, plan: &Plan, round: &Round) -> Option<String> {
    let key = if plan.has_every_place() { "plan.idle_all" } else { "plan.idle_rest" };
    Some(format!("{} {}", idle(language, round)?, language.text(key)))
}

/// Minutes as people say them: `4 h 51 min`.
fn long(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => format!("{rest} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, rest) => format!("{hours} h {rest} min"),
    }
}

/// A moment as people say it here: `18:05`.
pub fn hour(at: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_zoned(zone.clone());
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// A shift as people say it: `ti 1 december, 14:00–22:00`.
pub fn shift(language: Language, round: &Round, zone: &TimeZone) -> String {
    let day = round.from.to_zoned(zone.clone()).date();
    let day = super::pages::words::day(language, day);
    format!("{day}, {}–{}", hour(round.from, zone), hour(round.to, zone))
}
