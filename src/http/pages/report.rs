//! `/{code}/report`: the one form by which a resident tells about a place.

use super::{
    Templates,
    frame::Frame,
    named_places::{DistrictPlaces, places},
    report_form::{Pause, ReportForm},
    words,
};
use crate::http::language::Language;
use fyren_core::domain::{
    CATEGORIES, Category, CategoryGroup, Detail, Factor, Feeling, Municipality, Violation,
};
use serde::Serialize;

/// Spans of hours that the form offers.
pub(super) const HOURS: [&str; 5] = ["6-12", "12-18", "18-22", "22-02", "02-06"];
/// Sets of weekdays that the form offers.
const WEEKDAYS: [&str; 4] = ["mon,tue,wed,thu", "fri", "sat", "sun"];
/// Seasons that the form offers.
const SEASONS: [&str; 4] = ["spring", "summer", "autumn", "winter"];
/// Groups in the order in which residents need them.
const GROUPS: [CategoryGroup; 7] = [
    CategoryGroup::UnsafePlace,
    CategoryGroup::Traffic,
    CategoryGroup::Disturbance,
    CategoryGroup::Sea,
    CategoryGroup::Elderly,
    CategoryGroup::Safe,
    CategoryGroup::Other,
];
/// Categories whose choice carries a word of advice.
const NOTED: [Category; 6] = [
    Category::DrugActivity,
    Category::DrinkDriving,
    Category::FraudAttempt,
    Category::TheftElderly,
    Category::BoatTheft,
    Category::Casing,
];

/// By which way the form is shown and comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To a resident.
    Resident,
    /// In a frame of an other site.
    Embedded,
    /// To staff, who enter it for somebody.
    Staff,
    /// To the people of a partner, as a short form.
    Partner,
}

/// What the page is asked to show.
#[derive(Debug)]
pub struct Asked<'a> {
    /// What was sent before, if anything.
    pub form: &'a ReportForm,
    /// What is wrong with it.
    pub violations: &'a [Violation],
    /// By which way.
    pub way: Way,
    /// What is said before anything is stored.
    pub pause: Option<Pause>,
    /// Whether photos came that a page cannot keep, and have to be chosen again.
    pub photos_lost: bool,
    /// Key for the next sending.
    pub key: String,
    /// Name of the partner whose people fill it in.
    pub partner: &'a str,
}

impl<'a> Asked<'a> {
    /// The form as it was sent, without complaint.
    pub fn of(form: &'a ReportForm) -> Self {
        Self {
            form,
            violations: &[],
            way: Way::Resident,
            pause: None,
            photos_lost: false,
            key: String::new(),
            partner: "",
        }
    }
}

#[derive(Serialize)]
struct Page<'a> {
    frame: Frame,
    key: String,
    action: String,
    start: u8,
    enter: bool,
    partner: &'a str,
    paper: bool,
    pause: &'static str,
    photos_lost: bool,
    personal: Vec<String>,
    form: Kept<'a>,
    errors: Vec<Fault>,
    places: Vec<DistrictPlaces<'a>>,
    districts: Vec<Choice>,
    groups: Vec<Group>,
    questions: Vec<Question>,
    factors: Vec<Choice>,
    feelings: Vec<Choice>,
    when: Vec<WhenPart>,
    controller: String,
    retention_days: u32,
    retention_decision: &'a str,
}

#[derive(Serialize)]
struct Kept<'a> {
    longitude: &'a str,
    latitude: &'a str,
    locality: &'a str,
    district: &'a str,
    category: &'a str,
    now: &'a str,
    text: &'a str,
    precision: &'a str,
    line: &'a str,
    polygon: &'a str,
    over: bool,
    partner: &'a str,
}

/// What only the categories of one group ask.
#[derive(Serialize)]
struct Question {
    group: &'static str,
    name: &'static str,
    kind: &'static str,
    label: String,
    choices: Vec<Choice>,
}

#[derive(Serialize)]
struct Fault {
    name: &'static str,
    anchor: &'static str,
    message: String,
}

#[derive(Serialize)]
struct Choice {
    code: String,
    name: String,
    chosen: bool,
}

#[derive(Serialize)]
struct Group {
    code: &'static str,
    name: String,
    open: bool,
    categories: Vec<Offered>,
}

#[derive(Serialize)]
struct Offered {
    code: &'static str,
    name: &'static str,
    note: String,
}

#[derive(Serialize)]
struct WhenPart {
    name: &'static str,
    label: String,
    choices: Vec<Choice>,
}

/// The page with the form.
///
/// # Errors
/// A fault of the template.
pub fn page(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
    asked: Asked<'_>,
) -> Result<String, minijinja::Error> {
    let form = asked.form;
    let way = match asked.way {
        Way::Resident => "report",
        Way::Embedded => "embed",
        Way::Staff => "staff/enter",
        Way::Partner => "partner",
    };
    let path = format!("/{}/{way}", municipality.code.as_str());
    let chosen = |codes: &[String]| codes.to_vec();
    let mut frame = Frame::new(language, Some(municipality), "report", "report.page_title", &path);
    frame.embedded = asked.way == Way::Embedded;
    let chosen_before = !form.locality.is_empty() || !form.district.is_empty();
    let page = Page {
        frame,
        start: if chosen_before && asked.violations.is_empty() { 2 } else { 1 },
        enter: asked.way == Way::Staff,
        partner: asked.partner,
        paper: form.channel == "paper",
        action: path,
        key: asked.key,
        photos_lost: asked.photos_lost,
        pause: match asked.pause {
            None => "",
            Some(Pause::Now) => "now",
            Some(Pause::Danger) => "danger",
            Some(Pause::Personal(_)) => "personal",
        },
        personal: match &asked.pause {
            Some(Pause::Personal(flags)) => {
                flags.iter().map(|flag| language.text(&format!("flag.{flag}"))).collect()
            }
            _ => Vec::new(),
        },
        form: Kept {
            longitude: &form.longitude,
            latitude: &form.latitude,
            locality: &form.locality,
            district: &form.district,
            category: &form.category,
            now: &form.now,
            text: &form.text,
            precision: &form.precision,
            line: &form.line,
            polygon: &form.polygon,
            over: form.over == "yes",
            partner: &form.partner,
        },
        questions: questions(language, &form.details),
        errors: faults(language, asked.violations),
        places: places(language, municipality),
        districts: municipality
            .districts
            .iter()
            .map(|d| Choice { code: d.code.0.clone(), name: d.name.clone(), chosen: false })
            .collect(),
        groups: groups(language, &form.category),
        factors: choices(language, "factor", Factor::ALL.iter().map(|f| f.code()), &form.factors),
        feelings: choices(
            language,
            "feeling",
            Feeling::ALL.iter().map(|f| f.code()),
            std::slice::from_ref(&form.feeling),
        ),
        when: vec![
            part(language, "hours", &HOURS, &chosen(&form.hours)),
            part(language, "weekdays", &WEEKDAYS, &chosen(&form.weekdays)),
            part(language, "season", &SEASONS, &chosen(&form.season)),
        ],
        controller: controller(municipality),
        retention_days: municipality.policy.retention_days,
        retention_decision: &municipality.policy.retention_decision,
    };
    let (template, entry) = match asked.way {
        Way::Partner => ("partner.html", "site"),
        _ => ("report.html", "report"),
    };
    templates.render(language, template, entry, &page)
}

/// Who is responsible: the contact `controller`, else the municipality itself.
pub(super) fn controller(municipality: &Municipality) -> String {
    let named = municipality.contacts.iter().find(|contact| contact.role == "controller");
    named.map_or_else(|| municipality.full_name.clone(), |contact| contact.value.clone())
}

fn faults(language: Language, violations: &[Violation]) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    for violation in violations {
        let (name, anchor) = match violation.field.split('.').next().unwrap_or_default() {
            "category" => ("category", "category"),
            "text" => ("text", "text"),
            field if field.starts_with("photos") => ("photos", "photos"),
            "when" | "now" => ("now", "now"),
            _ => ("place", "locality"),
        };
        if faults.iter().any(|fault| fault.name == name) {
            continue;
        }
        let message = match (name, violation.rule) {
            ("place", "required") => words::t(language, "report.need_place", &[]),
            ("category", "required") => words::t(language, "report.need_category", &[]),
            (_, rule) => language.text(&format!("violation.{rule}")),
        };
        faults.push(Fault { name, anchor, message });
    }
    faults
}

fn groups(language: Language, chosen: &str) -> Vec<Group> {
    GROUPS
        .iter()
        .map(|group| {
            // An employee's incident is told by staff, not by residents.
            let of_group =
                CATEGORIES.iter().filter(|c| c.group() == *group && **c != Category::StaffIncident);
            Group {
                code: group.code(),
                name: language.text(&format!("group.{group}")),
                open: of_group.clone().any(|category| category.code() == chosen),
                categories: of_group.map(|category| offered(language, *category)).collect(),
            }
        })
        .collect()
}

fn offered(language: Language, category: Category) -> Offered {
    let note = NOTED.contains(&category).then(|| language.text(&format!("note.{category}")));
    Offered {
        code: category.code(),
        name: words::pick(language, category.names()),
        note: note.unwrap_or_default(),
    }
}

fn choices<'c>(
    language: Language,
    family: &str,
    codes: impl Iterator<Item = &'c str>,
    chosen: &[String],
) -> Vec<Choice> {
    codes
        .map(|code| Choice {
            code: code.to_owned(),
            name: language.text(&format!("{family}.{code}")),
            chosen: chosen.iter().any(|c| c == code),
        })
        .collect()
}

fn questions(language: Language, chosen: &[String]) -> Vec<Question> {
    use Detail::{
        AtDoor, BoatWatch, ByMessage, ByPhone, CodesGiven, MoneyLost, NeighbourWatch, NothingLost,
        OtherWay,
    };
    let question = |group: CategoryGroup, name, kind, answers: &[Detail]| Question {
        group: group.code(),
        name,
        kind,
        label: language.text(&format!("report.ask_{name}")),
        choices: choices(language, "detail", answers.iter().map(|d| d.code()), chosen),
    };
    vec![
        question(CategoryGroup::Elderly, "way", "radio", &[ByPhone, AtDoor, ByMessage, OtherWay]),
        question(CategoryGroup::Elderly, "loss", "radio", &[NothingLost, MoneyLost, CodesGiven]),
        question(CategoryGroup::Other, "watch", "checkbox", &[BoatWatch, NeighbourWatch]),
    ]
}

fn part(language: Language, name: &'static str, codes: &[&str], chosen: &[String]) -> WhenPart {
    WhenPart {
        name,
        label: language.text(&format!("report.{name}")),
        choices: choices(language, name, codes.iter().copied(), chosen),
    }
}
