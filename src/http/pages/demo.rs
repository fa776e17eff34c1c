//! `/` of the demonstration: two minutes that show the whole loop.

use super::{Templates, frame::Frame, frame::Name, words};
use crate::http::language::Language;
use fyren_core::domain::Municipality;
use serde::Serialize;

/// The district that has waited longest for a visit.
#[derive(Debug, Clone)]
pub struct Overdue {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Days since the last visit.
    pub days: u32,
    /// What was promised about presence.
    pub promise: String,
}

#[derive(Serialize)]
struct Page<'a> {
    frame: Frame,
    place: Name,
    k: u32,
    delay_days: u16,
    overdue: Option<OverdueView>,
    municipalities: Vec<Choice<'a>>,
}

#[derive(Serialize)]
struct Choice<'a> {
    code: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct OverdueView {
    code: String,
    name: String,
    days: u32,
    promise: String,
    steps: Vec<String>,
}

/// The page. `choices` are codes and names of all municipalities.
///
/// # Errors
/// A fault of the template.
pub fn page(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
    overdue: Option<Overdue>,
    choices: &[(String, String)],
) -> Result<String, minijinja::Error> {
    let mut frame = Frame::new(language, None, "", "demo.page_title", "/");
    frame.synthetic = municipality.synthetic;
    let page = Page {
        frame,
        place: Name::from(municipality),
        k: municipality.policy.k,
        delay_days: municipality.policy.delay_days,
        overdue: overdue.map(|overdue| OverdueView {
            steps: ["demo.overdue_1", "demo.overdue_2", "demo.overdue_3"]
                .iter()
                .map(|key| words::t(language, key, &[("place", &overdue.name)]))
                .collect(),
            code: overdue.code,
            name: overdue.name,
            days: overdue.days,
            promise: overdue.promise,
        }),
        municipalities: choices.iter().map(|(code, name)| Choice { code, name }).collect(),
    };
    templates.render(language, "demo.html", "demo", &page)
}
