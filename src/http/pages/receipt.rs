//! `/{code}/receipt`: the ticket that a resident keeps, and the page that asks for it.

use super::{Templates, frame::Frame, words};
use crate::http::language::Language;
use fyren_core::domain::{Municipality, Report, StatusChange};
use qrcode::{EcLevel, QrCode, render::svg};
use serde::Serialize;

/// What the page shows.
#[derive(Debug)]
pub enum Shown<'a> {
    /// The question for a code; `true` after a code that leads nowhere.
    Ask(bool),
    /// The ticket of a report that was just sent.
    Sent(Sent<'a>),
    /// The way of a report so far.
    Status(&'a Report, &'a [StatusChange]),
}

/// A report that was just sent.
#[derive(Debug)]
pub struct Sent<'a> {
    /// The receipt.
    pub code: &'a str,
    /// Four words that open the same page for a time.
    pub short_code: &'a str,
    /// Address that carries the code behind `#`.
    pub status_url: &'a str,
    /// What it is about, as the resident chose it.
    pub category: (&'static str, &'static str),
    /// The place in words.
    pub place: &'a str,
    /// Whether the place lies on water.
    pub on_water: bool,
}

#[derive(Serialize)]
struct Page {
    frame: Frame,
    unknown: bool,
    ticket: Option<Ticket>,
}

#[derive(Serialize)]
struct Ticket {
    just_sent: bool,
    category: String,
    place: String,
    on_water: bool,
    code: String,
    words: Vec<String>,
    qr: Option<String>,
    steps: Vec<Step>,
}

#[derive(Serialize)]
struct Step {
    done: bool,
    title: String,
    at: String,
    text: String,
}

/// The page.
///
/// # Errors
/// A fault of the template.
pub fn page(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
    shown: Shown<'_>,
) -> Result<String, minijinja::Error> {
    let path = format!("/{}/receipt", municipality.code.as_str());
    let (unknown, ticket) = match shown {
        Shown::Ask(unknown) => (unknown, None),
        Shown::Sent(sent) => (false, Some(sent_ticket(language, &sent))),
        Shown::Status(report, history) => {
            (false, Some(status_ticket(language, municipality, report, history)))
        }
    };
    let frame = Frame::new(language, Some(municipality), "", "receipt.page_title", &path);
    templates.render(language, "receipt.html", "receipt", &Page { frame, unknown, ticket })
}

fn sent_ticket(language: Language, sent: &Sent<'_>) -> Ticket {
    let step = |name: &str, done| Step {
        done,
        title: language.text(&format!("receipt.step_{name}")),
        at: String::new(),
        text: language.text(&format!("receipt.step_{name}_text")),
    };
    Ticket {
        just_sent: true,
        category: words::pick(language, sent.category).to_owned(),
        place: sent.place.to_owned(),
        on_water: sent.on_water,
        code: sent.code.to_owned(),
        words: sent.short_code.split(['-', ' ']).map(str::to_owned).collect(),
        qr: qr(sent.status_url),
        steps: vec![step("received", true), step("read", false), step("answer", false)],
    }
}

/// The address as a QR code; black on white whatever the theme, as readers want it.
fn qr(address: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
    let image = code.render::<svg::Color<'_>>().min_dimensions(160, 160).build();
    // The declaration of a whole document has no place inside a page.
    image.find("<svg").map(|at| image[at..].to_owned())
}

fn status_ticket(
    language: Language,
    municipality: &Municipality,
    report: &Report,
    history: &[StatusChange],
) -> Ticket {
    let zone = jiff::tz::TimeZone::get(&municipality.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let day = |at: jiff::Timestamp| words::day(language, at.to_zoned(zone.clone()).date());
    let arrived = Step {
        done: true,
        title: language.text("status.received"),
        at: day(report.received_hour),
        text: String::new(),
    };
    let later = history.iter().map(|change| Step {
        done: true,
        title: language.text(&format!("status.{}", change.status)),
        at: day(change.at_hour),
        text: change.answer.as_ref().map_or_else(String::new, |answer| {
            let values = [("organisation", change.organisation.as_str()), ("text", answer)];
            words::t(language, "receipt.answer_from", &values)
        }),
    });
    let district = report.district().and_then(|code| district_name(municipality, code));
    Ticket {
        just_sent: false,
        category: words::pick(language, report.category.names()).to_owned(),
        place: district.unwrap_or(&municipality.name).to_owned(),
        on_water: false,
        code: String::new(),
        words: Vec::new(),
        qr: None,
        steps: std::iter::once(arrived).chain(later).collect(),
    }
}

/// The name of a district.
pub(super) fn district_name<'m>(
    municipality: &'m Municipality,
    code: &fyren_core::domain::DistrictCode,
) -> Option<&'m str> {
    municipality.districts.iter().find(|d| d.code == *code).map(|d| d.name.as_str())
}
