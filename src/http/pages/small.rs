//! The small pages: chooser, sign-in, about, problems, the shell of the staff app.

use super::{Templates, frame::Frame, frame::Name, report::controller};
use crate::http::{language::Language, problem::Problem};
use fyren_core::domain::Municipality;
use serde::Serialize;

#[derive(Serialize)]
struct Chooser {
    frame: Frame,
    municipalities: Vec<Name>,
}

/// `/` with none or several municipalities: the choice among them, as
/// `(code, name, full name)`.
///
/// # Errors
/// A fault of the template.
pub fn chooser(
    templates: Templates,
    language: Language,
    municipalities: Vec<Name>,
) -> Result<String, minijinja::Error> {
    let frame = Frame::new(language, None, "", "chooser.title", "/");
    templates.render(language, "chooser.html", "site", &Chooser { frame, municipalities })
}

/// What the sign-in page shows.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a part of the page that is there or not"
)]
#[derive(Debug, Default, Serialize)]
pub struct SignIn {
    /// The name that was typed.
    pub name: String,
    /// Whether it failed before.
    pub failed: bool,
    /// Whether only the one-time code is missing.
    pub code: bool,
    /// Whether passkeys are possible here.
    pub passkeys: bool,
    /// Whether an identity provider vouches for staff.
    pub provider: bool,
    /// The page of the staff app to go on to, below `/{code}/staff/`.
    pub next: String,
}

#[derive(Serialize)]
struct SignInPage {
    frame: Frame,
    shown: SignIn,
}

/// `/{code}/staff/sign-in`.
///
/// # Errors
/// A fault of the template.
pub fn sign_in(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
    shown: SignIn,
) -> Result<String, minijinja::Error> {
    let path = format!("/{}/staff/sign-in", municipality.code.as_str());
    let frame = Frame::new(language, Some(municipality), "", "sign_in.title", &path);
    templates.render(language, "sign_in.html", "sign_in", &SignInPage { frame, shown })
}

#[derive(Serialize)]
struct StaffPage<'a> {
    frame: Frame,
    user: &'a str,
    role: &'a str,
    may: &'a str,
    time_zone: &'a str,
    embedded: bool,
}

/// Who looks at the staff app.
#[derive(Debug)]
pub struct Viewer<'a> {
    /// Name of the user.
    pub user: &'a str,
    /// Code of the role that counts here.
    pub role: &'a str,
    /// Codes of the operations that the roles here allow, separated by spaces.
    pub may: &'a str,
    /// Whether only the live map is shown, inside the demonstration.
    pub embedded: bool,
    /// Which app of the built site fills the page: `staff` or `shift`.
    pub entry: &'static str,
}

/// `/{code}/staff/`: the shell that the staff app fills.
///
/// # Errors
/// A fault of the template.
pub fn staff(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
    viewer: &Viewer<'_>,
) -> Result<String, minijinja::Error> {
    let path = format!("/{}/staff/", municipality.code.as_str());
    let title = format!("{}.title", viewer.entry);
    let page = StaffPage {
        frame: Frame::new(language, Some(municipality), "", &title, &path),
        user: viewer.user,
        role: viewer.role,
        may: viewer.may,
        time_zone: &municipality.time_zone,
        embedded: viewer.embedded,
    };
    templates.render(language, "staff.html", viewer.entry, &page)
}

#[derive(Serialize)]
struct About<'a> {
    frame: Frame,
    controller: String,
    contacts: Vec<ContactRow<'a>>,
    retention_days: u32,
    retention_decision: &'a str,
    k: u32,
    delay_days: u16,
}

#[derive(Serialize)]
struct ContactRow<'a> {
    role: &'a str,
    value: &'a str,
}

/// `/{code}/about`: who is responsible, what is kept, how it is counted.
///
/// # Errors
/// A fault of the template.
pub fn about(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
) -> Result<String, minijinja::Error> {
    let path = format!("/{}/about", municipality.code.as_str());
    let policy = &municipality.policy;
    let page = About {
        frame: Frame::new(language, Some(municipality), "", "about.title", &path),
        controller: controller(municipality),
        contacts: municipality
            .contacts
            .iter()
            .map(|contact| ContactRow { role: &contact.role, value: &contact.value })
            .collect(),
        retention_days: policy.retention_days,
        retention_decision: &policy.retention_decision,
        k: policy.k,
        delay_days: policy.delay_days,
    };
    templates.render(language, "about.html", "site", &page)
}

#[derive(Serialize)]
struct ProblemPage {
    frame: Frame,
    status: u16,
    title: String,
    detail: String,
}

/// The page of a failed request.
///
/// # Errors
/// A fault of the template.
pub fn problem(
    templates: Templates,
    language: Language,
    problem: &Problem,
    path: &str,
) -> Result<String, minijinja::Error> {
    let family = match problem.status.as_u16() {
        404 | 405 => "not_found",
        401 | 403 => "forbidden",
        429 => "too_many",
        503 | 408 => "unavailable",
        500.. => "bug",
        _ => "invalid",
    };
    let title = format!("problem_page.{family}");
    let page = ProblemPage {
        frame: Frame::new(language, None, "", &title, path),
        status: problem.status.as_u16(),
        title: language.text(&title),
        detail: language.text(&format!("problem.{}", problem.kind)),
    };
    templates.render(language, "problem.html", "site", &page)
}
