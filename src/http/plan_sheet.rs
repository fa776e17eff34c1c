//! A patrol plan on paper, in navigation and in calendars: the same words for
//! all of them.

use super::language::Language;
use super::pages::words::t;
use super::plan_words::{hour, idle, limit, reason, shift};
use crate::app::Ground;
use crate::app::plan_patrol::{KeptView, Plan, Round};
use crate::app::print::{Sheet, SheetMap, SheetRound, SheetRow};
use crate::encode::{Outing, OutingStop};
use fyren_core::domain::Position;
use jiff::tz::TimeZone;

/// Width and height of the map of a sheet, in millimetres.
const MAP_MM: (f64, f64) = (178.0, 84.0);

/// The sheet of a kept plan, of all units or of one.
pub fn sheet(language: Language, ground: &Ground, view: &KeptView, unit: Option<&str>) -> Sheet {
    let plan = &view.plan;
    let day = |text: &str| text.parse().map(|day| super::pages::words::day(language, day));
    let made = view.kept.steps.first().map(|step| step.at.to_zoned(ground.zone.clone()).date());
    let made = made.map(|made| super::pages::words::day(language, made)).unwrap_or_default();
    let from = day(&plan.reports_from).unwrap_or_default();
    let id = view.kept.id.to_string();
    let values = [("id", &id[..8]), ("day", &made[..]), ("from", &from[..])];
    Sheet {
        language: language.code(),
        title: format!("{} {}", language.text("plan.sheet"), ground.municipality.name),
        secrecy: language.text("plan.sheet_secret"),
        made: t(language, "plan.sheet_made", &values),
        heads: ["plan.sheet_time", "plan.sheet_no", "plan.sheet_place", "plan.sheet_done"]
            .map(|key| language.text(key)),
        rounds: rounds(plan, unit).map(|round| one(language, ground, plan, round)).collect(),
    }
}

fn rounds<'a>(plan: &'a Plan, unit: Option<&'a str>) -> impl Iterator<Item = &'a Round> {
    plan.rounds.iter().filter(move |round| unit.is_none_or(|unit| unit == round.unit))
}

fn one(language: Language, ground: &Ground, plan: &Plan, round: &Round) -> SheetRound {
    let zone = &ground.zone;
    let base = [round.longitude, round.latitude];
    let mut marks = vec![(base, String::new())];
    let stops = round.stops.iter().enumerate();
    marks.extend(stops.map(|(at, s)| ([s.longitude, s.latitude], (at + 1).to_string())));
    let land = ground.municipality.land.as_ref();
    let mode = language.text(&format!("mode.{}", round.mode));
    let floors = plan.floors.iter().filter(|floor| floor.at_least > 0);
    let floors = floors.map(|floor| format!("{} {}/{}", floor.name, floor.planned, floor.at_least));
    let floors = floors.collect::<Vec<_>>().join(", ");
    let mut notes = vec![t(language, "plan.sheet_floors", &[("floors", &floors)])];
    notes.extend(idle(language, round));
    notes.extend(plan.limits.iter().map(|one| limit(language, one)));
    let number = round.stops.len().to_string();
    let about = [("n", &number[..]), ("place", &round.base)];
    SheetRound {
        heading: t(language, "plan.round", &[("unit", &round.unit)]),
        lead: format!("{}. {mode}.", shift(language, round, zone)),
        map: SheetMap::of(land, std::slice::from_ref(&round.line), &marks, MAP_MM),
        map_text: t(language, "plan.sheet_map", &about),
        rows: rows(language, zone, plan, round),
        notes,
    }
}

/// What happens in order: out, stops, the break where it falls, and home.
pub fn rows(language: Language, zone: &TimeZone, plan: &Plan, round: &Round) -> Vec<SheetRow> {
    let way = |at, key: &str, values: &[(&str, &str)]| SheetRow {
        time: hour(at, zone),
        mark: String::new(),
        place: t(language, key, values),
        reason: String::new(),
    };
    let base = [("place", &round.base[..])];
    let mut rows = Vec::new();
    let mut pause = round.pause;
    let rest = |rows: &mut Vec<SheetRow>, from, to| {
        let to = hour(to, zone);
        rows.push(way(from, "plan.rest", &[("to", &to), ("place", &round.base)]));
    };
    if let Some(first) = pause.take_if(|pause| pause.to <= round.leave_at) {
        rest(&mut rows, first.from, first.to);
    }
    rows.push(way(round.leave_at, "plan.leaves", &base));
    for (at, stop) in round.stops.iter().enumerate() {
        if let Some(before) = pause.take_if(|pause| pause.from < stop.start_at) {
            rest(&mut rows, before.from, before.to);
        }
        rows.push(SheetRow {
            time: hour(stop.start_at, zone),
            mark: (at + 1).to_string(),
            place: stop.name.clone(),
            reason: reason(language, plan, stop),
        });
    }
    if let Some(after) = pause {
        rest(&mut rows, after.from, after.to);
    }
    rows.push(way(round.back_at, "plan.back", &base));
    rows
}

/// The rounds of a kept plan for other programs.
pub fn outings(language: Language, view: &KeptView, unit: Option<&str>) -> Vec<Outing> {
    let outing = |round: &Round| {
        let stop = |(at, stop): (usize, &crate::app::plan_patrol::Stop)| OutingStop {
            uid: format!("{}-{}-{}@fyren", view.kept.id, round.unit, at + 1),
            at: Position { longitude: stop.longitude, latitude: stop.latitude },
            name: stop.name.clone(),
            reason: reason(language, &view.plan, stop),
            from: stop.start_at,
            to: stop.leave_at,
        };
        let line = round.line.iter();
        Outing {
            name: t(language, "plan.round", &[("unit", &round.unit)]),
            stops: round.stops.iter().enumerate().map(stop).collect(),
            line: line
                .map(|[longitude, latitude]| Position {
                    longitude: *longitude,
                    latitude: *latitude,
                })
                .collect(),
        }
    };
    rounds(&view.plan, unit).map(outing).collect()
}
