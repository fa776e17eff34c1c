//! `M/plans/{id}/FILE`: a kept plan on paper, in navigation and in calendars.

use super::plan_views::PlanView;
use crate::app;
use crate::app::plan_patrol::KeptView;
use crate::encode::{calendar, gpx};
use crate::http::{
    negotiated::Negotiated,
    plan_sheet::{outings, sheet},
    problem::{Document, Problem},
    query::Pairs,
    state::{Municipal, PlanFile, SignedIn, State},
};
use axum::{
    extract::State as Extract,
    http::header,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use utoipa::IntoParams;

/// Which file of which plan.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only the description of the interface reads it")]
pub struct OneFile {
    /// Municipality code
    code: String,
    /// Identity of the plan
    id: String,
    /// `sheet.pdf`, `plan.gpx`, `plan.ics` or `plan.geojson`
    file: String,
}

/// A kept plan as a file: a tagged PDF to print, GPX 1.1 for navigation, an
/// iCalendar, or GeoJSON; with `unit` the rounds of one unit alone.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/plans/{id}/{file}", tag = "plans",
    operation_id = "show_plan_file", params(OneFile, super::plans::OfUnit),
    responses(
        (status = 200, description = "The file", content(
            (String = "application/pdf"), (String = "application/gpx+xml"),
            (String = "text/calendar"), (String = "application/geo+json"))),
        (status = 400, description = "A parameter is unknown", body = Document),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role does not see plans", body = Document),
        (status = 404, description = "No such plan or file", body = Document)
    )
)]
pub async fn show_plan_file(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    PlanFile { id, file }: PlanFile,
    negotiated: Negotiated,
    mut pairs: Pairs,
) -> Result<Response, Problem> {
    let unit = pairs.take("unit");
    pairs.done()?;
    let mut view = state.app.plan(&staff, &ground, &id).await?;
    let language = negotiated.language;
    let made = view.kept.steps.first().map_or(Timestamp::UNIX_EPOCH, |step| step.at);
    let name = format!("{} {}", language.text("plan.title"), view.plan.from);
    let of_unit = |view: &KeptView| outings(language, view, unit.as_deref());
    let (kind, bytes) = match file.as_str() {
        "sheet.pdf" => {
            let sheet = sheet(language, &ground, &view, unit.as_deref());
            ("application/pdf", state.app.print_sheet(sheet).await?)
        }
        "plan.gpx" => {
            let bug = |fault: Box<dyn std::error::Error>| app::Error::Bug(fault.to_string());
            let written = gpx(&name, made, &of_unit(&view)).map_err(|fault| bug(fault.into()))?;
            ("application/gpx+xml", written)
        }
        "plan.ics" => {
            let written = calendar(&name, made, &of_unit(&view));
            ("text/calendar; charset=utf-8", written.into_bytes())
        }
        "plan.geojson" => {
            view.plan.rounds.retain(|round| unit.as_deref().is_none_or(|unit| unit == round.unit));
            let written = serde_json::to_vec(&PlanView::kept(&view));
            let written = written.map_err(|fault| app::Error::Bug(fault.to_string()))?;
            ("application/geo+json", written)
        }
        _ => return Err(Problem::not_found()),
    };
    let named = format!("attachment; filename=\"{}-{file}\"", view.plan.from);
    let about = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, named),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((about, bytes).into_response())
}
