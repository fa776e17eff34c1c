//! Pages for residents and the public, rendered on the server.
//!
//! One file a page: its context and the function that writes it, free of IO.
//! The handlers beside them decode, make one call and encode.

mod base;
mod calendar;
mod demo;
mod district;
mod frame;
mod language;
mod letters;
mod methods;
mod named_places;
mod news;
mod owner;
mod paper;
mod partner;
mod picture;
mod plan_sheet;
mod press;
mod press_picture;
mod promises;
mod public;
#[cfg(test)]
mod reading;
mod receipt;
mod receipt_status;
mod reckon;
mod records;
mod replies;
mod report;
mod report_form;
mod resident;
#[cfg(test)]
mod samples;
mod small;
mod staff;
mod templates;
mod voice;
mod watch;
mod ways;
pub mod words;

pub use letters::show_demo as show_demo_letters;
pub(super) use records::record_archive;
pub(super) use resident::origin;
pub use staff::OUTSIDE;
pub use templates::Templates;

use super::{assets, language::Language, problem::Problem, state::State};
use axum::{
    Router,
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use std::sync::Arc;

/// The pages, grouped by who calls.
pub fn router() -> Router<State> {
    let resident = Router::new()
        .route("/{code}/owner", get(owner::ask_owner).post(owner::show_owner))
        .route("/{code}/receipt", get(replies::ask_receipt).post(replies::show_receipt));
    let resident = resident
        .route("/{code}/receipt/mail", get(replies::back_to_receipt).post(letters::set_mail))
        .route("/{code}/mail/{token}", get(letters::show_link).post(letters::use_link));
    let public = Router::new()
        .route("/", get(public::show_start))
        .route("/{code}", get(public::to_picture))
        .route("/{code}/", get(public::to_picture))
        .route("/{code}/picture", get(public::show_picture))
        .route("/{code}/voice", post(voice::send_voice))
        .route("/{code}/promises", get(public::show_promises))
        .route("/{code}/district/{district}", get(public::show_district))
        .route("/{code}/feed.atom", get(news::show_feed))
        .route("/{code}/district/{district}/feed.atom", get(news::show_feed))
        .route("/{code}/release/{id}", get(press::show_release))
        .route("/{code}/release/{id}/picture.svg", get(press::show_picture))
        .route("/{code}/release/{id}/press.txt", get(press::show_press))
        .route("/{code}/calendar", get(public::show_calendar))
        .route("/{code}/calendar.ics", get(public::show_ical))
        .route("/{code}/watch", get(public::show_watch))
        .route("/{code}/bulletin/{id}", get(public::show_bulletin))
        .route("/{code}/about", get(public::show_about))
        .route("/{code}/methods", get(public::show_methods))
        .route("/{code}/base.json", get(public::show_base))
        .route("/{code}/app.webmanifest", get(public::show_manifest))
        .route("/{code}/paper", get(ways::show_paper))
        .route("/{code}/paper/{place}", get(ways::show_paper))
        .route("/{code}/fraud-sheet", get(ways::show_fraud_sheet));
    let staff = Router::new()
        .route("/{code}/staff", get(staff::to_app))
        .route("/{code}/staff/", get(staff::show_app))
        .route("/{code}/staff/reports/{id}", get(staff::show_app))
        .route("/{code}/staff/shift", get(staff::show_app))
        .route("/{code}/staff/unanswered", get(staff::show_app))
        .route("/{code}/staff/presence", get(staff::show_app))
        .route("/{code}/staff/controls", get(staff::show_app))
        .route("/{code}/staff/queue", get(staff::show_app))
        .route("/{code}/staff/archive", get(staff::show_app))
        .route("/{code}/staff/watch", get(staff::show_app))
        .route("/{code}/staff/measures", get(staff::show_app))
        .route("/{code}/staff/plan", get(staff::show_app))
        .route("/{code}/staff/plans/{id}/sheet", get(plan_sheet::show_sheet))
        .route("/{code}/staff/vetoes", get(staff::show_app))
        .route("/{code}/staff/area", get(staff::show_app))
        .route("/{code}/staff/heard", get(staff::show_app))
        .route("/{code}/staff/patrol-areas", get(staff::show_app))
        .route("/{code}/staff/releases", get(staff::show_app))
        .route("/{code}/staff/import", get(staff::show_app))
        .route("/{code}/staff/weeks", get(staff::show_app))
        .route("/{code}/staff/users", get(staff::show_app))
        .route("/{code}/staff/account", get(staff::show_account))
        .route("/{code}/staff/provider", get(staff::to_provider))
        .route("/{code}/staff/partners", get(staff::show_app))
        .route("/{code}/staff/sign-in", get(staff::show_sign_in).post(staff::sign_in))
        .route("/{code}/staff/sign-out", post(staff::sign_out));
    resident
        .merge(public)
        .merge(staff)
        .layer(axum::middleware::from_fn(language::remember))
        .route("/assets/{*path}", get(assets::asset))
        .route("/sw.js", get(assets::worker))
}

/// The pages of the report, whose form may carry photos.
pub fn report_router(state: &State) -> Router<State> {
    let framed = axum::middleware::from_fn_with_state(Arc::clone(state), ways::framed);
    Router::new()
        .route("/{code}/embed", get(ways::show_embed).post(ways::send_embed))
        .layer(framed)
        .route("/{code}/report", get(resident::show_report).post(resident::send_report))
        .route("/{code}/receipt/reply", get(replies::back_to_receipt).post(replies::send_reply))
        .route("/{code}/r/{place}", get(ways::show_sticker))
        .route("/{code}/partner", get(partner::show_partner).post(partner::send_partner))
        .route("/{code}/staff/enter", get(ways::show_entry).post(ways::send_entry))
        .layer(axum::middleware::from_fn(language::remember))
}

/// A rendered page as a response; a template at fault is a fault of ours.
fn written(
    status: StatusCode,
    page: Result<String, minijinja::Error>,
) -> Result<Response, Problem> {
    let page = page.map_err(|fault| {
        tracing::error!(%fault, "a page cannot be written");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
    })?;
    Ok((status, [(header::CACHE_CONTROL, "no-cache")], Html(page)).into_response())
}

/// The page of a failed request.
pub fn problem_page(problem: &Problem, language: Language, path: &str) -> Response {
    let page = small::problem(Templates, language, problem, path);
    let mut response = match written(problem.status, page) {
        Ok(response) => response,
        Err(_fault) => return super::problem::write(problem, language, path),
    };
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}
