//! `/{code}/report`: the one form by which a resident tells about a place.

use super::{Templates, frame::Frame, report_form::ReportForm, words};
use crate::http::language::Language;
use fyren_core::domain::{
    CATEGORIES, Category, CategoryGroup, Factor, Feeling, LocalityKind, Municipality, Violation,
};
use serde::Serialize;

/// Spans of hours that the form offers.
const HOURS: [&str; 5] = ["6-12", "12-18", "18-22", "22-02", "02-06"];
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

/// What the page is asked to show.
#[derive(Debug)]
pub struct Asked<'a> {
    /// What was sent before, if anything.
    pub form: &'a ReportForm,
    /// What is wrong with it.
    pub violations: &'a [Violation],
    /// Key for the next sending.
    pub key: String,
}

#[derive(Serialize)]
struct Page<'a> {
    frame: Frame,
    key: String,
    stop: bool,
    form: Kept<'a>,
    errors: Vec<Fault>,
    places: Vec<DistrictPlaces<'a>>,
    districts: Vec<Choice>,
    groups: Vec<Group>,
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
}

#[derive(Serialize)]
struct Fault {
    name: &'static str,
    anchor: &'static str,
    message: String,
}

#[derive(Serialize)]
struct DistrictPlaces<'a> {
    district: &'a str,
    places: Vec<NamedPlace<'a>>,
}

#[derive(Serialize)]
struct NamedPlace<'a> {
    id: &'a str,
    name: &'a str,
    kind: String,
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
    let path = format!("/{}/report", municipality.code.as_str());
    let chosen = |codes: &[String]| codes.to_vec();
    let page = Page {
        frame: Frame::new(language, Some(municipality), "report", "report.page_title", &path),
        key: asked.key,
        stop: form.is_now(),
        form: Kept {
            longitude: &form.longitude,
            latitude: &form.latitude,
            locality: &form.locality,
            district: &form.district,
            category: &form.category,
            now: &form.now,
            text: &form.text,
        },
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
    templates.render(language, "report.html", "report", &page)
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

fn places(language: Language, municipality: &Municipality) -> Vec<DistrictPlaces<'_>> {
    let mut groups: Vec<DistrictPlaces<'_>> = municipality
        .districts
        .iter()
        .map(|district| DistrictPlaces {
            district: &district.name,
            places: municipality
                .localities
                .iter()
                .filter(|locality| locality.district.as_ref() == Some(&district.code))
                .map(|locality| named(language, locality))
                .collect(),
        })
        .collect();
    let stray = municipality.localities.iter().filter(|locality| {
        !municipality.districts.iter().any(|d| locality.district.as_ref() == Some(&d.code))
    });
    groups.push(DistrictPlaces {
        district: &municipality.name,
        places: stray.map(|locality| named(language, locality)).collect(),
    });
    groups.retain(|group| !group.places.is_empty());
    for group in &mut groups {
        group.places.sort_by_key(|place| (!place.kind.is_empty(), place.name));
    }
    groups
}

fn named(language: Language, locality: &fyren_core::domain::Locality) -> NamedPlace<'_> {
    let settled =
        matches!(locality.kind, LocalityKind::Town | LocalityKind::Village | LocalityKind::Hamlet);
    let kind = if settled || locality.kind == LocalityKind::Locality {
        String::new()
    } else {
        language.text(&format!("kind.{}", locality.kind))
    };
    NamedPlace { id: &locality.id.0, name: &locality.name, kind }
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

fn part(language: Language, name: &'static str, codes: &[&str], chosen: &[String]) -> WhenPart {
    WhenPart {
        name,
        label: language.text(&format!("report.{name}")),
        choices: choices(language, name, codes.iter().copied(), chosen),
    }
}
