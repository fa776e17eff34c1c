//! `/{code}/district/{district}`: you said – we did – did it change?

use super::{
    Templates,
    frame::Frame,
    news::{self, both, published_on},
    promises::change_text,
    words,
};
use crate::{
    app::{DefectFact, DistrictFollowUp, LoopFacts, Said},
    http::language::Language,
};
use fyren_core::domain::{Category, District, Measure, Municipality, ReportStatus};
use jiff::civil::Date;
use serde::Serialize;

#[derive(Serialize)]
struct Page {
    frame: Frame,
    name: String,
    facts: String,
    as_of: String,
    feed: String,
    said: Vec<Dated>,
    measures: Vec<MeasureRow>,
    defects: String,
    mended: Vec<DefectRow>,
    presence: Vec<QuarterRow>,
    both: String,
    changed: Vec<Dated>,
    promises: Vec<VerdictRow>,
}

/// Sentences with the day and the organisation that signs them.
#[derive(Serialize, Default)]
struct Dated {
    lines: Vec<String>,
    on: String,
    by: String,
    anchor: String,
    link: String,
}

#[derive(Serialize)]
struct MeasureRow {
    anchor: String,
    problem: String,
    action: String,
    owner: String,
    decided_on: String,
    due_on: String,
    status: String,
}

#[derive(Serialize)]
struct DefectRow {
    name: &'static str,
    status: String,
    done: bool,
    on: String,
    owner: String,
}

#[derive(Serialize)]
struct QuarterRow {
    label: String,
    share: u32,
    visits: u32,
}

#[derive(Serialize)]
struct VerdictRow {
    anchor: String,
    title: String,
    text: String,
    on: String,
    by: String,
    link: String,
}

/// Windows that are shown, the latest first.
const WINDOWS: usize = 4;

/// The page.
///
/// # Errors
/// A fault of the template.
pub fn page(
    templates: Templates,
    language: Language,
    (municipality, district): (&Municipality, &District),
    (facts, today): (&LoopFacts, Date),
) -> Result<String, minijinja::Error> {
    let path = format!("/{}/district/{}", municipality.code.as_str(), district.code.0);
    let mut frame = Frame::new(language, Some(municipality), "", "picture.page_title", &path);
    frame.title.clone_from(&district.name);
    let follow = facts.in_district(&district.code);
    let page = Page {
        feed: format!("{path}/feed.atom"),
        frame,
        name: district.name.clone(),
        facts: district.residents.map_or_else(String::new, |n| {
            words::t(language, "district.residents", &[("n", &n.to_string())])
        }),
        as_of: words::day(language, today),
        said: said(language, municipality, (facts, &follow)),
        measures: follow.measures.iter().map(|measure| measure_row(language, measure)).collect(),
        defects: defects(language, &follow),
        mended: follow.defects.iter().map(|defect| defect_row(language, defect)).collect(),
        presence: quarters(language, &follow),
        both: both(language, municipality),
        changed: changed(language, municipality, (facts, &follow)),
        promises: verdicts(language, municipality, (facts, today)),
    };
    templates.render(language, "district.html", "site", &page)
}

/// At most four windows, the latest first; of the first also what is named.
fn said(
    language: Language,
    municipality: &Municipality,
    (facts, follow): (&LoopFacts, &DistrictFollowUp<'_>),
) -> Vec<Dated> {
    let shown = follow.said.iter().filter(|said| said.reports.is_some() || said.safe.is_some());
    let dated = shown.take(WINDOWS).enumerate().filter_map(|(at, said)| {
        let release = facts.releases.iter().find(|release| release.id == said.release)?;
        let mut told = said.clone();
        if at > 0 {
            told.categories.clear();
        }
        Some(Dated {
            lines: said_lines(language, &[told]),
            on: words::day(language, published_on(municipality, release)),
            by: municipality.full_name.clone(),
            anchor: news::anchor(release),
            link: format!("/{}/release/{}", municipality.code, release.id.0),
        })
    });
    let dated: Vec<Dated> = dated.collect();
    if dated.is_empty() {
        let lines = vec![language.text("picture.too_few")];
        return vec![Dated { lines, ..Dated::default() }];
    }
    dated
}

/// What releases say about the district, in sentences.
pub(super) fn said_lines(language: Language, said: &[Said]) -> Vec<String> {
    let mut lines = Vec::new();
    for said in said {
        let period = words::span(language, said.window.from, said.window.to);
        let rows = [("district.said_band", said.reports), ("district.said_safe", said.safe)];
        for (key, band) in rows {
            let Some(band) = band.map(words::band) else { continue };
            let values = [("band", band.as_str()), ("period", period.as_str())];
            lines.push(words::t(language, key, &values));
        }
        if !said.categories.is_empty() {
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
    let all = follow.defects.len();
    if all == 0 {
        return String::new();
    }
    let (mended, all) = (follow.mended.to_string(), all.to_string());
    words::t(language, "district.defects", &[("mended", &mended), ("all", &all)])
}

fn defect_row(language: Language, defect: &DefectFact) -> DefectRow {
    DefectRow {
        name: words::pick(language, defect.category.names()),
        status: language.text(&format!("status.{}", defect.status)),
        done: defect.status == ReportStatus::Done,
        on: words::day(language, defect.published_on),
        owner: defect.owner.clone(),
    }
}

fn measure_row(language: Language, measure: &Measure) -> MeasureRow {
    let pair = |(swedish, english): &(String, String)| {
        words::pick(language, (swedish, english)).to_owned()
    };
    MeasureRow {
        anchor: format!("measure-{}", measure.id),
        problem: pair(&measure.problem),
        action: pair(&measure.action),
        owner: measure.owner.clone(),
        decided_on: words::day(language, measure.decided_on),
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

/// What the published numbers say, what was judged of each measure by its
/// owner, and what residents said of what was done.
fn changed(
    language: Language,
    municipality: &Municipality,
    (facts, follow): (&LoopFacts, &DistrictFollowUp<'_>),
) -> Vec<Dated> {
    let by = || municipality.full_name.clone();
    let latest = follow.said.first().and_then(|said| {
        let release = facts.releases.iter().find(|release| release.id == said.release)?;
        Some(words::day(language, published_on(municipality, release)))
    });
    let numbers = Dated {
        lines: vec![change_text(language, &follow.change)],
        on: latest.unwrap_or_default(),
        by: by(),
        ..Dated::default()
    };
    let judged = follow.measures.iter().filter_map(|measure| {
        let (swedish, english) = measure.outcome.as_ref()?;
        Some(Dated {
            lines: vec![words::pick(language, (swedish, english)).to_owned()],
            on: words::day(language, measure.due_on),
            by: measure.owner.clone(),
            ..Dated::default()
        })
    });
    let residents = facts.quarters.and_then(|quarters| {
        let lines = verdict_lines(language, facts);
        let on = words::day(language, quarters.to);
        (!lines.is_empty()).then(|| Dated { lines, on, by: by(), ..Dated::default() })
    });
    std::iter::once(numbers).chain(judged).chain(residents).collect()
}

/// How many residents of the municipality said that it is solved, or not, in
/// whole fives and from k on.
fn verdict_lines(language: Language, facts: &LoopFacts) -> Vec<String> {
    let verdicts = facts.verdicts;
    let told = [("solved", verdicts.solved), ("not_solved", verdicts.not_solved)];
    let line = |(word, count): (&str, Option<u32>)| {
        let count = count?.to_string();
        Some(words::t(language, &format!("district.residents_{word}"), &[("count", &count)]))
    };
    told.into_iter().filter_map(line).collect()
}

fn verdicts(
    language: Language,
    municipality: &Municipality,
    (facts, today): (&LoopFacts, Date),
) -> Vec<VerdictRow> {
    let items = news::items(language, municipality, None, (facts, today));
    let promises = items.into_iter().filter(|item| item.anchor.starts_with("promise-"));
    let row = |item: news::Item| VerdictRow {
        anchor: item.anchor,
        title: item.title,
        text: item.text,
        on: words::day(language, item.on),
        by: item.by,
        link: String::new(),
    };
    promises.take(WINDOWS).map(row).collect()
}
