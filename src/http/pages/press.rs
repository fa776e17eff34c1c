//! `/{code}/release/{id}`: a picture and a text to share for each release, out of nothing but
//! the release itself.

use super::{
    Templates,
    frame::Frame,
    language::Reader,
    news::published_on,
    press_picture::{band_of, svg},
    resident::origin,
    words, written,
};
use crate::{
    app::Ground,
    http::{
        language::Language,
        problem::Problem,
        state::{Municipal, State},
    },
};
use axum::{
    extract::{Path, State as Extract},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use fyren_core::domain::{Band, Municipality, Release, ReleaseGroup, ReleaseKind};
use serde::Serialize;

#[derive(Serialize)]
struct Page {
    frame: Frame,
    headline: String,
    alt: String,
    text: String,
    base: String,
    language: &'static str,
}

/// `GET /{code}/release/{id}`.
pub async fn show_release(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let release = found(&state, &ground, &id).await?;
    let origin = origin(&state, &headers);
    let page = page(state.templates, language, &ground.municipality, (&release, &origin));
    written(StatusCode::OK, page)
}

/// `GET /{code}/release/{id}/picture.svg`.
pub async fn show_picture(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let release = found(&state, &ground, &id).await?;
    let picture = svg(language, &ground.municipality, &release);
    Ok(file(picture, "image/svg+xml"))
}

/// `GET /{code}/release/{id}/press.txt`.
pub async fn show_press(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let release = found(&state, &ground, &id).await?;
    let origin = origin(&state, &headers);
    let text = press_text(language, &ground.municipality, (&release, &origin));
    Ok(file(text, "text/plain; charset=utf-8"))
}

/// The release of this municipality with this hash; a defect is none to share.
async fn found(state: &State, ground: &Ground, id: &str) -> Result<Release, Problem> {
    let facts = state.app.read_loop(ground).await?;
    let release = facts.releases.iter().find(|release| release.id.0 == id);
    let release = release.filter(|release| release.kind != ReleaseKind::Defect);
    release.cloned().ok_or_else(Problem::not_found)
}

/// A file that may be kept: a release never changes, the words about it may.
fn file(body: String, kind: &'static str) -> Response {
    let mut response = body.into_response();
    let head = response.headers_mut();
    head.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    head.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    response
}

/// The page.
///
/// # Errors
/// A fault of the template.
pub fn page(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
    (release, origin): (&Release, &str),
) -> Result<String, minijinja::Error> {
    let base = format!("/{}/release/{}", municipality.code.as_str(), release.id.0);
    let period = words::span(language, release.window.from, release.window.to);
    let values = [("place", municipality.name.as_str()), ("period", period.as_str())];
    let page = Page {
        frame: Frame::new(language, Some(municipality), "", "press.page_title", &base),
        headline: words::t(language, "press.headline", &values),
        alt: words::t(language, "press.alt", &values),
        text: press_text(language, municipality, (release, origin)),
        base,
        language: language.code(),
    };
    templates.render(language, "press.html", "site", &page)
}

/// The text to share.
fn press_text(
    language: Language,
    municipality: &Municipality,
    (release, origin): (&Release, &str),
) -> String {
    let period = words::span(language, release.window.from, release.window.to);
    let values = [("place", municipality.name.as_str()), ("period", period.as_str())];
    let day = words::day(language, published_on(municipality, release));
    let signed = [("who", municipality.full_name.as_str()), ("date", day.as_str())];
    let link = format!("{origin}/{}/picture", municipality.code);
    let k = release.k.to_string();
    let mut parts = vec![
        words::t(language, "press.headline", &values),
        words::t(language, "press.dateline", &signed),
        sentences(language, municipality, release).join("\n"),
        words::t(language, "press.rule", &[("k", &k)]),
        words::t(language, "press.done", &[("link", &link)]),
    ];
    if release.synthetic {
        parts.push(language.text("press.synthetic"));
    }
    parts.join("\n\n") + "\n"
}

/// What a release says.
pub fn sentences(
    language: Language,
    municipality: &Municipality,
    release: &Release,
) -> Vec<String> {
    let mut said = Vec::new();
    let whole = |group: ReleaseGroup| {
        let rows = release.districts.iter().filter(|row| row.district.is_none());
        let row = rows.into_iter().find(|row| row.group == group && row.category.is_none());
        row.and_then(|row| row.band)
    };
    let totals = [("press.total", ReleaseGroup::Reports), ("press.total_safe", ReleaseGroup::Safe)];
    for (key, group) in totals {
        said.extend(whole(group).map(|band| banded(language, key, band)));
    }
    let mut few = Vec::new();
    let by_district = release.districts.iter().any(|row| row.district.is_some());
    for district in municipality.districts.iter().filter(|_| by_district) {
        match band_of(release, district) {
            None => few.push(district.name.as_str()),
            Some(band) => {
                let band = words::band(band);
                let values = [("name", district.name.as_str()), ("band", band.as_str())];
                said.push(words::t(language, "press.district", &values));
            }
        }
    }
    let cells = release.cells.iter().filter(|cell| cell.group == ReleaseGroup::Reports).count();
    if cells > 0 {
        let (n, k) = (cells.to_string(), release.k.to_string());
        said.push(words::t(language, "press.cells", &[("n", &n), ("k", &k)]));
    }
    if said.is_empty() {
        return vec![language.text("press.nothing")];
    }
    if !few.is_empty() {
        said.push(words::t(language, "press.too_few", &[("list", &few.join(", "))]));
    }
    said
}

fn banded(language: Language, key: &str, band: Band) -> String {
    words::t(language, key, &[("band", &words::band(band))])
}
