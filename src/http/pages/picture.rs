//! `/{code}/picture`: what was promised and done, then the picture, then each district.

use super::{
    Templates,
    frame::Frame,
    promises::done_text,
    receipt::district_name,
    reckon::{nearest_place, share_of},
    words,
};
use crate::{
    app::{LoopFacts, is_closed},
    http::language::Language,
};
use fyren_core::{
    domain::{
        Band, Municipality, Plane, PromiseTarget, Release, ReleaseDistrict, ReleaseGroup,
        ReleaseKind, ReportStatus,
    },
    plane::{CellId, Projection},
};
use serde::Serialize;

#[derive(Serialize)]
struct Page {
    frame: Frame,
    headline: String,
    headline_note: String,
    facts: Vec<Fact>,
    promises: Vec<MiniPromise>,
    presence: Vec<PresenceRow>,
    presence_period: String,
    k: u32,
    delay_days: u16,
    period: String,
    cells: Vec<CellRow>,
    districts: Vec<DistrictCard>,
    defects: Vec<DefectRow>,
    shares: Vec<Share>,
    /// The same map as a picture, for a page without scripts.
    drawn: Option<String>,
    feed: String,
}

/// A release with a picture and a text to share.
#[derive(Serialize)]
struct Share {
    label: String,
    link: String,
}

#[derive(Serialize)]
struct Fact {
    number: u32,
    text: String,
}

#[derive(Serialize)]
struct MiniPromise {
    slug: String,
    text: String,
    target: bool,
    share: u32,
    done_text: String,
}

#[derive(Serialize)]
struct PresenceRow {
    code: String,
    name: String,
    share: u32,
    visits: u32,
    hours: u32,
}

#[derive(Serialize)]
struct CellRow {
    id: String,
    near: String,
    size: u32,
    band: String,
}

#[derive(Serialize)]
struct DistrictCard {
    code: String,
    name: String,
    sentence: String,
    window: String,
}

#[derive(Serialize)]
struct DefectRow {
    /// Its identity, where a voice can still be added.
    open: Option<String>,
    category: &'static str,
    district: String,
    state: String,
    done: bool,
}

/// The page.
///
/// # Errors
/// A fault of the template.
pub fn page(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
    facts: &LoopFacts,
) -> Result<String, minijinja::Error> {
    let path = format!("/{}/picture", municipality.code.as_str());
    let cells = facts.newest(ReleaseKind::YearCells);
    let (headline, headline_note) = headline(language, municipality, facts);
    let page = Page {
        frame: Frame::new(language, Some(municipality), "picture", "picture.page_title", &path),
        headline,
        headline_note,
        facts: numbers(language, facts),
        promises: mini_promises(language, facts),
        presence: presence(municipality, facts),
        presence_period: presence_period(language, facts),
        k: municipality.policy.k,
        delay_days: municipality.policy.delay_days,
        period: cells.map(|release| window(language, release)).unwrap_or_default(),
        cells: cells.map(|release| cell_rows(municipality, release)).unwrap_or_default(),
        districts: districts(language, municipality, facts),
        defects: defects(language, municipality, facts),
        shares: shares(language, municipality, facts),
        drawn: cells
            .map(|release| format!("/{}/release/{}/picture.svg", municipality.code, release.id.0)),
        feed: format!("/{}/feed.atom", municipality.code.as_str()),
    };
    templates.render(language, "picture.html", "picture", &page)
}

/// The newest release of each kind.
fn shares(language: Language, municipality: &Municipality, facts: &LoopFacts) -> Vec<Share> {
    let kinds = [ReleaseKind::MonthTotal, ReleaseKind::QuarterDistricts, ReleaseKind::YearCells];
    let newest = kinds.into_iter().filter_map(|kind| facts.newest(kind));
    let share = |release: &Release| Share {
        label: window(language, release),
        link: format!("/{}/release/{}", municipality.code, release.id.0),
    };
    newest.map(share).collect()
}

fn window(language: Language, release: &Release) -> String {
    words::span(language, release.window.from, release.window.to)
}

/// What the page says first: where most sources are and what they tell of,
/// else what was promised.
fn headline(
    language: Language,
    municipality: &Municipality,
    facts: &LoopFacts,
) -> (String, String) {
    if let Some(said) = most_told(language, municipality, facts) {
        return said;
    }
    let place = [("place", municipality.name.as_str())];
    if facts.promises.is_empty() {
        return (
            words::t(language, "picture.headline_empty", &place),
            words::t(language, "picture.headline_empty_note", &[]),
        );
    }
    let n = facts.promises.len().to_string();
    let values = [("n", n.as_str()), place[0]];
    (words::t(language, "picture.headline_done", &values), String::new())
}

fn most_told(
    language: Language,
    municipality: &Municipality,
    facts: &LoopFacts,
) -> Option<(String, String)> {
    let release = facts.newest(ReleaseKind::QuarterDistricts)?;
    let totals = release.districts.iter().filter(|row| is_total(row) && row.district.is_some());
    let (row, band) = alone_at_the_top(totals)?;
    let code = row.district.as_ref()?;
    let name = district_name(municipality, code)?;
    let of_category = release.districts.iter().filter(|row| {
        row.group == ReleaseGroup::Reports
            && row.category.is_some()
            && row.district.as_ref() == Some(code)
    });
    let category = alone_at_the_top(of_category).and_then(|(row, _)| row.category);
    let sentence = match category {
        Some(category) => {
            let what = words::pick(language, category.names()).to_lowercase();
            let values = [("district", name), ("what", what.as_str())];
            words::t(language, "picture.headline_category", &values)
        }
        None => words::t(language, "picture.headline", &[("district", name)]),
    };
    let (band, period) = (words::band(band), window(language, release));
    let values = [("band", band.as_str()), ("period", period.as_str())];
    Some((sentence, words::t(language, "picture.headline_note", &values)))
}

/// Whether a row counts every releasable report of its district.
pub(super) fn is_total(row: &ReleaseDistrict) -> bool {
    row.group == ReleaseGroup::Reports && row.category.is_none()
}

/// The row of the highest band. Two rows that share it: nothing stands out, so
/// nothing is claimed.
fn alone_at_the_top<'r>(
    rows: impl Iterator<Item = &'r ReleaseDistrict> + Clone,
) -> Option<(&'r ReleaseDistrict, Band)> {
    let banded = rows.filter_map(|row| Some((row, row.band?)));
    let top = banded.clone().map(|(_, band)| band).max()?;
    let mut highest = banded.filter(|(_, band)| *band == top);
    let first = highest.next()?;
    highest.next().is_none().then_some(first)
}

fn numbers(language: Language, facts: &LoopFacts) -> Vec<Fact> {
    let fact = |number: u32, key: &str| Fact {
        number,
        text: words::t(language, key, &[("n", &number.to_string())]),
    };
    let visits = facts.presence.iter().fold(0_u32, |sum, p| sum.saturating_add(p.visits));
    let mended = facts.defects.iter().filter(|d| d.status == ReportStatus::Done).count();
    let mut numbers = vec![
        fact(visits, "picture.fact_visits"),
        fact(u32::try_from(mended).unwrap_or(u32::MAX), "picture.fact_mended"),
        fact(facts.answers.answered, "picture.fact_answers"),
    ];
    numbers.retain(|fact| fact.number > 0);
    if let Some(days) = facts.answers.median_days {
        numbers.push(fact(days, "picture.fact_days"));
    }
    numbers
}

fn mini_promises(language: Language, facts: &LoopFacts) -> Vec<MiniPromise> {
    let newest = facts.promises.iter().map(|counted| counted.promise.to).max();
    facts
        .promises
        .iter()
        .filter(|counted| Some(counted.promise.to) == newest)
        .map(|counted| {
            let promise = &counted.promise;
            let share = counted.output.counted.and_then(|done| share_of(&promise.target, done));
            MiniPromise {
                slug: promise.slug.clone(),
                text: words::pick(language, (&promise.text.0, &promise.text.1)).to_owned(),
                target: matches!(promise.target, PromiseTarget::AtLeast(_)),
                share: share.unwrap_or_default(),
                done_text: done_text(language, counted),
            }
        })
        .collect()
}

fn presence(municipality: &Municipality, facts: &LoopFacts) -> Vec<PresenceRow> {
    let totals: Vec<_> =
        municipality.districts.iter().map(|d| (d, facts.presence_in(&d.code))).collect();
    let most = totals.iter().map(|(_, (visits, _))| *visits).max().unwrap_or_default();
    if most == 0 {
        return Vec::new();
    }
    totals
        .into_iter()
        .map(|(district, (visits, minutes))| PresenceRow {
            code: district.code.0.clone(),
            name: district.name.clone(),
            share: visits.saturating_mul(100) / most,
            visits,
            hours: (minutes + 30) / 60,
        })
        .collect()
}

fn presence_period(language: Language, facts: &LoopFacts) -> String {
    let first = facts.presence.iter().map(|p| p.window.from).min();
    let end = facts.presence.iter().map(|p| p.window.to).max();
    first.zip(end).map_or_else(String::new, |(first, end)| words::span(language, first, end))
}

fn cell_rows(municipality: &Municipality, release: &Release) -> Vec<CellRow> {
    let mut cells: Vec<_> =
        release.cells.iter().filter(|cell| cell.group == ReleaseGroup::Reports).collect();
    cells.sort_by(|a, b| (b.band, a.size_m, &a.cell_id).cmp(&(a.band, b.size_m, &b.cell_id)));
    cells
        .into_iter()
        .map(|cell| CellRow {
            id: cell.cell_id.clone(),
            near: centre(&cell.cell_id).map_or_else(
                || municipality.name.clone(),
                |(longitude, latitude)| nearest_place(municipality, longitude, latitude),
            ),
            size: cell.size_m,
            band: words::band(cell.band),
        })
        .collect()
}

/// The middle of a lattice cell in degrees.
fn centre(cell_id: &str) -> Option<(f64, f64)> {
    let extent = CellId::parse(cell_id)?.extent();
    let middle = Plane {
        east: f64::midpoint(extent.west, extent.east),
        north: f64::midpoint(extent.south, extent.north),
    };
    let position = Projection::sweref99_tm().inverse(middle);
    Some((position.longitude, position.latitude))
}

fn districts(
    language: Language,
    municipality: &Municipality,
    facts: &LoopFacts,
) -> Vec<DistrictCard> {
    let release = facts.newest(ReleaseKind::QuarterDistricts);
    municipality
        .districts
        .iter()
        .map(|district| {
            let band: Option<Band> = release.and_then(|release| {
                let row = release
                    .districts
                    .iter()
                    .find(|row| is_total(row) && row.district.as_ref() == Some(&district.code));
                row.and_then(|row| row.band)
            });
            DistrictCard {
                code: district.code.0.clone(),
                name: district.name.clone(),
                sentence: band.map_or_else(
                    || language.text("picture.too_few"),
                    |band| {
                        let band = words::band(band);
                        words::t(language, "picture.district_band", &[("band", band.as_str())])
                    },
                ),
                window: release
                    .filter(|_| band.is_some())
                    .map(|r| window(language, r))
                    .unwrap_or_default(),
            }
        })
        .collect()
}

fn defects(language: Language, municipality: &Municipality, facts: &LoopFacts) -> Vec<DefectRow> {
    facts
        .defects
        .iter()
        .map(|defect| DefectRow {
            open: (!is_closed(defect.status)).then(|| defect.id.to_string()),
            category: words::pick(language, defect.category.names()),
            district: defect
                .district
                .as_ref()
                .and_then(|code| district_name(municipality, code))
                .unwrap_or(&municipality.name)
                .to_owned(),
            state: language.text(&format!("status.{}", defect.status)),
            done: defect.status == ReportStatus::Done,
        })
        .collect()
}
