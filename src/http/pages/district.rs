//! `/{code}/district/{district}`: you said – we did – did it change?

use super::{Templates, frame::Frame, picture::is_total, words};
use crate::{app::LoopFacts, http::language::Language};
use fyren_core::domain::{District, Measure, Municipality, ReleaseKind};
use serde::Serialize;

#[derive(Serialize)]
struct Page {
    frame: Frame,
    name: String,
    facts: String,
    said: Vec<String>,
    measures: Vec<MeasureRow>,
    presence: Vec<MonthRow>,
    changed: Vec<String>,
}

#[derive(Serialize)]
struct MeasureRow {
    problem: String,
    action: String,
    owner: String,
    due_on: String,
    status: String,
}

#[derive(Serialize)]
struct MonthRow {
    label: String,
    share: u32,
    visits: u32,
}

/// The page.
///
/// # Errors
/// A fault of the template.
pub fn page(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
    district: &District,
    facts: &LoopFacts,
) -> Result<String, minijinja::Error> {
    let path = format!("/{}/district/{}", municipality.code.as_str(), district.code.0);
    let mut frame = Frame::new(language, Some(municipality), "", "picture.page_title", &path);
    frame.title.clone_from(&district.name);
    let measures: Vec<&Measure> = facts
        .measures
        .iter()
        .filter(|measure| measure.district.as_ref().is_none_or(|code| *code == district.code))
        .collect();
    let page = Page {
        frame,
        name: district.name.clone(),
        facts: district.residents.map_or_else(String::new, |n| {
            words::t(language, "district.residents", &[("n", &n.to_string())])
        }),
        said: said(language, district, facts),
        measures: measures.iter().map(|measure| measure_row(language, measure)).collect(),
        presence: months(language, district, facts),
        changed: changed(language, &measures),
    };
    templates.render(language, "district.html", "site", &page)
}

fn said(language: Language, district: &District, facts: &LoopFacts) -> Vec<String> {
    let mut releases: Vec<_> =
        facts.releases.iter().filter(|r| r.kind == ReleaseKind::QuarterDistricts).collect();
    releases.sort_by_key(|release| std::cmp::Reverse(release.window.to));
    let lines: Vec<String> = releases
        .iter()
        .take(4)
        .filter_map(|release| {
            let mut rows = release.districts.iter().filter(|row| is_total(row));
            let row = rows.find(|row| row.district.as_ref() == Some(&district.code))?;
            let period = words::span(language, release.window.from, release.window.to);
            let band = words::band(row.band?);
            let values = [("band", band.as_str()), ("period", period.as_str())];
            Some(words::t(language, "district.said_band", &values))
        })
        .collect();
    if lines.is_empty() { vec![language.text("picture.too_few")] } else { lines }
}

fn measure_row(language: Language, measure: &Measure) -> MeasureRow {
    let pair = |(swedish, english): &(String, String)| {
        words::pick(language, (swedish, english)).to_owned()
    };
    MeasureRow {
        problem: pair(&measure.problem),
        action: pair(&measure.action),
        owner: measure.owner.clone(),
        due_on: words::day(language, measure.due_on),
        status: language.text(&format!("measure.{}", measure.status)),
    }
}

fn months(language: Language, district: &District, facts: &LoopFacts) -> Vec<MonthRow> {
    let rows: Vec<_> = facts.presence.iter().filter(|p| p.district == district.code).collect();
    let most = rows.iter().map(|p| p.visits).max().unwrap_or_default().max(1);
    rows.iter()
        .rev()
        .take(6)
        .rev()
        .map(|p| MonthRow {
            label: words::month(language, p.month),
            share: p.visits.saturating_mul(100) / most,
            visits: p.visits,
        })
        .collect()
}

fn changed(language: Language, measures: &[&Measure]) -> Vec<String> {
    let outcomes: Vec<String> = measures
        .iter()
        .filter_map(|measure| measure.outcome.as_ref())
        .map(|(swedish, english)| words::pick(language, (swedish, english)).to_owned())
        .collect();
    if outcomes.is_empty() { vec![language.text("district.changed_unknown")] } else { outcomes }
}
