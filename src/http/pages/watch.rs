//! `/{code}/watch` and `/{code}/bulletin/{id}`: people who watch a place
//! together, and what they are told, on screen and on paper.

use super::{Templates, frame::Frame, words};
use crate::http::language::Language;
use fyren_core::domain::{Bulletin, Municipality, WatchArea};
use jiff::civil::Date;
use serde::Serialize;

#[derive(Serialize)]
struct Page {
    frame: Frame,
    areas: Vec<AreaRow>,
    bulletins: Vec<BulletinRow>,
}

#[derive(Serialize)]
struct AreaRow {
    name: String,
    kind: String,
    status: String,
    active: bool,
    members: Option<String>,
    contacts: String,
    since: Option<String>,
}

#[derive(Serialize)]
struct BulletinRow {
    id: String,
    title: String,
    paragraphs: Vec<String>,
    area: String,
    sender: String,
    published_on: String,
    news: bool,
}

#[derive(Serialize)]
struct BulletinPage {
    frame: Frame,
    bulletin: BulletinRow,
}

/// The page of all areas and bulletins, as of `today`.
///
/// # Errors
/// A fault of the template.
pub fn page(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
    (areas, bulletins, today): (&[WatchArea], &[Bulletin], Date),
) -> Result<String, minijinja::Error> {
    let path = format!("/{}/watch", municipality.code.as_str());
    let page = Page {
        frame: Frame::new(language, Some(municipality), "", "watch.title", &path),
        areas: areas.iter().map(|area| area_row(language, area)).collect(),
        bulletins: bulletins.iter().map(|one| bulletin_row(language, areas, one, today)).collect(),
    };
    templates.render(language, "watch.html", "site", &page)
}

/// One bulletin on its own, to be printed and put up.
///
/// # Errors
/// A fault of the template.
pub fn bulletin_page(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
    (areas, bulletin, today): (&[WatchArea], &Bulletin, Date),
) -> Result<String, minijinja::Error> {
    let path = format!("/{}/bulletin/{}", municipality.code.as_str(), bulletin.id);
    let mut frame = Frame::new(language, Some(municipality), "", "watch.title", &path);
    let bulletin = bulletin_row(language, areas, bulletin, today);
    frame.title.clone_from(&bulletin.title);
    templates.render(language, "bulletin.html", "site", &BulletinPage { frame, bulletin })
}

fn area_row(language: Language, area: &WatchArea) -> AreaRow {
    let contacts = area.contacts.iter();
    let contacts = contacts.map(|contact| language.text(&format!("watch_contact.{contact}")));
    AreaRow {
        name: area.name.clone(),
        kind: language.text(&format!("watch_kind.{}", area.kind)),
        status: language.text(&format!("watch_status.{}", area.status)),
        active: area.status == fyren_core::domain::WatchStatus::Active,
        members: area
            .members
            .map(|n| words::t(language, "watch.members", &[("n", &n.to_string())])),
        contacts: contacts.collect::<Vec<_>>().join(", "),
        since: area
            .started_on
            .map(|day| words::t(language, "watch.since", &[("date", &words::day(language, day))])),
    }
}

fn bulletin_row(
    language: Language,
    areas: &[WatchArea],
    bulletin: &Bulletin,
    today: Date,
) -> BulletinRow {
    let area = bulletin.area.and_then(|id| areas.iter().find(|area| area.id == id));
    let text = words::pick(language, (&bulletin.text.0, &bulletin.text.1));
    BulletinRow {
        id: bulletin.id.to_string(),
        title: words::pick(language, (&bulletin.title.0, &bulletin.title.1)).to_owned(),
        paragraphs: text
            .split('\n')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect(),
        area: area.map_or_else(|| language.text("watch.every_area"), |area| area.name.clone()),
        sender: language.text(&format!("watch_sender.{}", sender(bulletin))),
        published_on: words::day(language, bulletin.published_on),
        news: bulletin.until > today,
    }
}

/// The organisation behind the function that sent a bulletin.
const fn sender(bulletin: &Bulletin) -> &'static str {
    match bulletin.sender.context() {
        fyren_core::domain::Context::Police => "police",
        fyren_core::domain::Context::Municipal => "municipality",
    }
}
