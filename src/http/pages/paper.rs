//! What is printed: the report's form on A4, and the month's sheet on frauds.

use super::{Templates, frame::Frame, receipt::qr, words};
use crate::http::language::Language;
use fyren_core::domain::{CATEGORIES, Category, CategoryGroup, Factor, Municipality};
use jiff::civil::Date;
use serde::Serialize;

/// What the sheet on frauds says.
#[derive(Debug)]
pub struct Sheet {
    /// The day on which it is printed.
    pub today: Date,
    /// The band of sources and the span of the newest release that tells of frauds.
    pub reported: Option<(String, String)>,
    /// Where to report.
    pub address: String,
}

#[derive(Serialize)]
struct Form<'a> {
    frame: Frame,
    place: &'a str,
    address: &'a str,
    qr: Option<String>,
    groups: Vec<Group>,
    factors: Vec<String>,
    hours: Vec<String>,
    return_to: &'a str,
}

#[derive(Serialize)]
struct Group {
    name: String,
    categories: Vec<&'static str>,
}

#[derive(Serialize)]
struct FraudSheet<'a> {
    frame: Frame,
    month: String,
    reported: Option<&'a (String, String)>,
    address: &'a str,
    qr: Option<String>,
}

/// The form on one sheet of A4, for `place` where it is not empty; its QR code
/// leads to `address`.
///
/// # Errors
/// A fault of the template.
pub fn form(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
    place: &str,
    address: &str,
) -> Result<String, minijinja::Error> {
    let path = format!("/{}/paper", municipality.code.as_str());
    let kept = |category: &&Category| {
        !matches!(category, Category::StaffIncident | Category::DrugActivity)
    };
    let group = |group: CategoryGroup| Group {
        name: language.text(&format!("group.{group}")),
        categories: CATEGORIES
            .iter()
            .filter(|category| category.group() == group)
            .filter(kept)
            .map(|category| words::pick(language, category.names()))
            .collect(),
    };
    let contact = municipality.contacts.iter().find(|contact| contact.role == "post");
    let page = Form {
        frame: Frame::new(language, Some(municipality), "", "paper.title", &path),
        place,
        address,
        qr: qr(address),
        groups: [
            CategoryGroup::UnsafePlace,
            CategoryGroup::Traffic,
            CategoryGroup::Disturbance,
            CategoryGroup::Sea,
            CategoryGroup::Safe,
        ]
        .map(group)
        .into(),
        factors: Factor::ALL.iter().map(|f| language.text(&format!("factor.{f}"))).collect(),
        hours: super::report::HOURS.map(|code| language.text(&format!("hours.{code}"))).into(),
        return_to: contact.map_or(&municipality.full_name, |contact| &contact.value),
    };
    templates.render(language, "paper.html", "site", &page)
}

/// The sheet of the month on frauds, in 18 points, for the board of a library
/// or the bag of home care.
///
/// # Errors
/// A fault of the template.
pub fn fraud_sheet(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
    sheet: &Sheet,
) -> Result<String, minijinja::Error> {
    let path = format!("/{}/fraud-sheet", municipality.code.as_str());
    let page = FraudSheet {
        frame: Frame::new(language, Some(municipality), "", "fraud.sheet_title", &path),
        month: words::month(language, sheet.today),
        reported: sheet.reported.as_ref(),
        address: &sheet.address,
        qr: qr(&sheet.address),
    };
    templates.render(language, "fraud_sheet.html", "site", &page)
}
