//! `/{code}/receipt`: the ticket that a resident keeps, and the page that asks for it.

use super::{Templates, frame::Frame, words};
use crate::http::language::Language;
use fyren_core::domain::Municipality;
use qrcode::{EcLevel, QrCode, render::svg};
use serde::Serialize;

/// What the page shows.
#[derive(Debug)]
pub enum Shown<'a> {
    /// The question for a code; `true` after a code that leads nowhere.
    Ask(bool),
    /// That a report was taken back and nothing is left of it.
    Gone,
    /// The ticket of a report that was just sent.
    Sent(Sent<'a>),
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
    /// Who is responsible there, where that is known.
    pub owner: Option<&'a str>,
    /// The place in words.
    pub place: &'a str,
    /// Whether the ticket stands in a frame of an other site.
    pub embedded: bool,
    /// Whether the place lies on water.
    pub on_water: bool,
}

#[derive(Serialize)]
struct Page {
    frame: Frame,
    unknown: bool,
    gone: bool,
    ticket: Option<Ticket>,
}

#[derive(Serialize)]
struct Ticket {
    category: String,
    place: String,
    on_water: bool,
    owner: String,
    code: String,
    words: Vec<String>,
    qr: Option<String>,
    steps: Vec<Step>,
}

#[derive(Serialize)]
struct Step {
    done: bool,
    title: String,
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
    let embedded = matches!(&shown, Shown::Sent(sent) if sent.embedded);
    let (unknown, gone) = (matches!(shown, Shown::Ask(true)), matches!(shown, Shown::Gone));
    let ticket = match shown {
        Shown::Ask(_) | Shown::Gone => None,
        Shown::Sent(sent) => Some(sent_ticket(language, &sent)),
    };
    let mut frame = Frame::new(language, Some(municipality), "", "receipt.page_title", &path);
    frame.embedded = embedded;
    let page = Page { frame, unknown, gone, ticket };
    templates.render(language, "receipt.html", "receipt", &page)
}

fn sent_ticket(language: Language, sent: &Sent<'_>) -> Ticket {
    let step = |name: &str, done| Step {
        done,
        title: language.text(&format!("receipt.step_{name}")),
        text: language.text(&format!("receipt.step_{name}_text")),
    };
    Ticket {
        category: words::pick(language, sent.category).to_owned(),
        place: sent.place.to_owned(),
        on_water: sent.on_water,
        owner: sent.owner.unwrap_or_default().to_owned(),
        code: sent.code.to_owned(),
        words: sent.short_code.split(['-', ' ']).map(str::to_owned).collect(),
        qr: qr(sent.status_url),
        steps: vec![step("received", true), step("read", false), step("answer", false)],
    }
}

/// The address as a QR code; black on white whatever the theme, as readers want it.
pub(super) fn qr(address: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
    let image = code.render::<svg::Color<'_>>().min_dimensions(160, 160).build();
    // The declaration of a whole document has no place inside a page.
    image.find("<svg").map(|at| image[at..].to_owned())
}

/// The name of a district.
pub(super) fn district_name<'m>(
    municipality: &'m Municipality,
    code: &fyren_core::domain::DistrictCode,
) -> Option<&'m str> {
    municipality.districts.iter().find(|d| d.code == *code).map(|d| d.name.as_str())
}
