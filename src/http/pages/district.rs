//! `/{code}/district/{district}`: you said – we did – did it change?

use super::{Templates, frame::Frame, promises::change_text, words};
use crate::{
    app::{DistrictFollowUp, LoopFacts, Said},
    http::language::Language,
};
use fyren_core::domain::{Category, District, Measure, Municipality};
use serde::Serialize;

#[derive(Serialize)]
struct Page {
    frame: Frame,
    name: String,
    facts: String,
    said: Vec<String>,
    measures: Vec<MeasureRow>,
    defects: String,
    presence: Vec<QuarterRow>,
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
struct QuarterRow {
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
    let follow = facts.in_district(&district.code);
    let page = Page {
        frame,
        name: district.name.clone(),
        facts: district.residents.map_or_else(String::new, |n| {
            words::t(language, "district.residents", &[("n", &n.to_string())])
        }),
        said: said(language, &follow.said),
        measures: follow.measures.iter().map(|measure| measure_row(language, measure)).collect(),
        defects: defects(language, &follow),
        presence: quarters(language, &follow),
        changed: changed(language, &follow),
    };
    templates.render(language, "district.html", "site", &page)
}

/// At most four windows, the latest first; of the first also what is named.
fn said(language: Language, said: &[Said]) -> Vec<String> {
    let shown = said.iter().filter(|said| said.reports.is_some() || said.safe.is_some()).take(4);
    let mut lines = Vec::new();
    for (at, said) in shown.enumerate() {
        let period = words::span(language, said.window.from, said.window.to);
        let rows = [("district.said_band", said.reports), ("district.said_safe", said.safe)];
        for (key, band) in rows {
            let Some(band) = band.map(words::band) else { continue };
            let values = [("band", band.as_str()), ("period", period.as_str())];
            lines.push(words::t(language, key, &values));
        }
        if at == 0 && !said.categories.is_empty() {
            let named = said.categories.iter().map(|(category, band)| {
                let name = words::pick(language, Category::names(*category));
                format!("{name} ({})", words::band(*band))
            });
            let list = named.collect::<Vec<_>>().join(", ");
            lines.push(words::t(language, "district.said_categories", &[("list", &list)]));
        }
    }
    if lines.is_empty() { vec![language.text("picture.too_few")] } else { lines }
}

fn defects(language: Language, follow: &DistrictFollowUp<'_>) -> String {
    let all = follow.mended + follow.open;
    if all == 0 {
        return String::new();
    }
    let (mended, all) = (follow.mended.to_string(), all.to_string());
    words::t(language, "district.defects", &[("mended", &mended), ("all", &all)])
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

fn quarters(language: Language, follow: &DistrictFollowUp<'_>) -> Vec<QuarterRow> {
    let most = follow.presence.iter().map(|p| p.visits).max().unwrap_or_default().max(1);
    let row = |p: &&crate::app::Presence| QuarterRow {
        label: words::span(language, p.window.from, p.window.to),
        share: p.visits.saturating_mul(100) / most,
        visits: p.visits,
    };
    follow.presence.iter().map(row).collect()
}

/// What the published numbers say, and what was judged of each measure.
fn changed(language: Language, follow: &DistrictFollowUp<'_>) -> Vec<String> {
    let judged = follow.measures.iter().filter_map(|measure| measure.outcome.as_ref());
    let judged =
        judged.map(|(swedish, english)| words::pick(language, (swedish, english)).to_owned());
    std::iter::once(change_text(language, &follow.change)).chain(judged).collect()
}
