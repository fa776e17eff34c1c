//! `/{code}/calendar`: what is held in the open, as a page and for anybody's own
//! calendar.

use super::{Templates, frame::Frame, words};
use crate::{
    encode::{Held, ical},
    http::language::Language,
};
use fyren_core::domain::{CalendarEntry, CalendarStatus, District, Municipality};
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

#[derive(Serialize)]
struct Page {
    frame: Frame,
    coming: Vec<Month>,
    held: Vec<Row>,
}

#[derive(Serialize)]
struct Month {
    name: String,
    entries: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    day: String,
    weekday: &'static str,
    time: String,
    title: String,
    kind: String,
    place: String,
    district: Option<String>,
    organiser: String,
    cancelled: bool,
    visitors: Option<String>,
}

/// Entries that were held and are told, at most.
const HELD: usize = 12;

/// The page, as of `now`.
///
/// # Errors
/// A fault of the template.
pub fn page(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
    (entries, now): (&[CalendarEntry], Timestamp),
) -> Result<String, minijinja::Error> {
    let path = format!("/{}/calendar", municipality.code.as_str());
    let frame = Frame::new(language, Some(municipality), "", "calendar.title", &path);
    let zone = TimeZone::get(&municipality.time_zone).unwrap_or(TimeZone::UTC);
    let row = |entry: &CalendarEntry| row(language, municipality, &zone, entry);
    let mut coming: Vec<Month> = Vec::new();
    for entry in entries.iter().filter(|e| e.ends_at > now && e.status != CalendarStatus::Held) {
        let name = words::month(language, entry.starts_at.to_zoned(zone.clone()).date());
        match coming.last_mut().filter(|month| month.name == name) {
            Some(month) => month.entries.push(row(entry)),
            None => coming.push(Month { name, entries: vec![row(entry)] }),
        }
    }
    let held = entries.iter().rev().filter(|entry| entry.status == CalendarStatus::Held);
    let page = Page { frame, coming, held: held.take(HELD).map(row).collect() };
    templates.render(language, "calendar.html", "site", &page)
}

fn row(
    language: Language,
    municipality: &Municipality,
    zone: &TimeZone,
    entry: &CalendarEntry,
) -> Row {
    let (from, to) = (entry.starts_at.to_zoned(zone.clone()), entry.ends_at.to_zoned(zone.clone()));
    let known = |code: &str| municipality.districts.iter().find(|d: &&District| d.code.0 == code);
    Row {
        day: words::day(language, from.date()),
        weekday: words::weekday(language, from.date()),
        time: format!("{}–{}", from.strftime("%H:%M"), to.strftime("%H:%M")),
        title: words::pick(language, (&entry.title.0, &entry.title.1)).to_owned(),
        kind: language.text(&format!("calendar_kind.{}", entry.kind)),
        place: entry.place.clone(),
        district: entry
            .district
            .as_ref()
            .and_then(|code| known(&code.0))
            .map(|district| district.name.clone()),
        organiser: entry.organiser.clone(),
        cancelled: entry.status == CalendarStatus::Cancelled,
        visitors: entry
            .visitors
            .map(|n| words::t(language, "calendar.visitors", &[("n", &n.to_string())])),
    }
}

/// The same for anybody's own calendar.
pub fn as_ical(
    language: Language,
    municipality: &Municipality,
    entries: &[CalendarEntry],
) -> String {
    let held = entries.iter().map(|entry| Held {
        uid: format!("{}@{}.fyren", entry.id, municipality.code.as_str()),
        starts_at: entry.starts_at,
        ends_at: entry.ends_at,
        changed_at: entry.changed_at,
        revision: entry.revision,
        summary: words::pick(language, (&entry.title.0, &entry.title.1)).to_owned(),
        location: Some(entry.place.clone()),
        at: None,
        description: entry.organiser.clone(),
        cancelled: entry.status == CalendarStatus::Cancelled,
    });
    let name = words::t(language, "calendar.name", &[("name", &municipality.name)]);
    ical(&name, &held.collect::<Vec<_>>())
}
