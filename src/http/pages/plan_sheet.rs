//! A patrol plan as a sheet for the glove box.

use super::{Templates, frame::Frame, language::Reader, written};
use crate::app::print::Sheet;
use crate::http::language::Language;
use crate::http::plan_sheet;
use crate::http::problem::Problem;
use crate::http::query::Pairs;
use crate::http::state::{EventId, Municipal, SignedIn, State};
use axum::extract::State as Extract;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use fyren_core::domain::Municipality;
use serde::Serialize;

#[derive(Serialize)]
struct Page<'a> {
    frame: Frame,
    sheet: &'a Sheet,
    maps: Vec<String>,
    pdf: &'a str,
}

/// The page; `pdf` is where the same lies as a file.
///
/// # Errors
/// A fault of the template.
pub fn page(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
    sheet: &Sheet,
    (path, pdf): (&str, &str),
) -> Result<String, minijinja::Error> {
    let maps = sheet.rounds.iter().map(|round| round.map.svg()).collect();
    let frame = Frame::new(language, Some(municipality), "", "plan.sheet", path);
    templates.render(language, "plan_sheet.html", "site", &Page { frame, sheet, maps, pdf })
}

/// `GET /{code}/staff/plans/{id}/sheet`, of all units or of one.
pub async fn show_sheet(
    Extract(state): Extract<State>,
    (Reader(language), Municipal(ground)): (Reader, Municipal),
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    mut pairs: Pairs,
) -> Result<Response, Problem> {
    let view = state.app.plan(&staff, &ground, &id).await?;
    let unit = pairs.take("unit");
    let sheet = plan_sheet::sheet(language, &ground, &view, unit.as_deref());
    let code = ground.code();
    let path = format!("/{code}/staff/plans/{id}/sheet");
    let pdf =
        format!("/api/v1/municipalities/{code}/plans/{id}/sheet.pdf?lang={}", language.code());
    let page = page(state.templates, language, &ground.municipality, &sheet, (&path, &pdf));
    let mut response = written(StatusCode::OK, page)?;
    let private = HeaderValue::from_static("private, no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, private);
    Ok(response)
}
