//! Pages for residents and the public, rendered on the server.
//!
//! One file a page: its context and the function that writes it, free of IO.
//! The handlers beside them decode, make one call and encode.

mod base;
mod demo;
mod district;
mod frame;
mod language;
mod picture;
mod promises;
mod public;
mod receipt;
mod reckon;
mod report;
mod report_form;
mod resident;
#[cfg(test)]
mod samples;
mod small;
mod staff;
mod templates;
mod words;

pub use templates::Templates;

use super::{assets, language::Language, problem::Problem, state::State};
use axum::{
    Router,
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};

/// The pages, grouped by who calls.
pub fn router() -> Router<State> {
    let resident = Router::new()
        .route("/{code}/report", get(resident::show_report).post(resident::send_report))
        .route("/{code}/receipt", get(resident::ask_receipt).post(resident::show_receipt));
    let public = Router::new()
        .route("/", get(public::show_start))
        .route("/{code}", get(public::to_picture))
        .route("/{code}/", get(public::to_picture))
        .route("/{code}/picture", get(public::show_picture))
        .route("/{code}/promises", get(public::show_promises))
        .route("/{code}/district/{district}", get(public::show_district))
        .route("/{code}/about", get(public::show_about))
        .route("/{code}/base.json", get(public::show_base));
    let staff = Router::new()
        .route("/{code}/staff", get(staff::to_app))
        .route("/{code}/staff/", get(staff::show_app))
        .route("/{code}/staff/sign-in", get(staff::show_sign_in).post(staff::sign_in))
        .route("/{code}/staff/sign-out", post(staff::sign_out));
    resident
        .merge(public)
        .merge(staff)
        .layer(axum::middleware::from_fn(language::remember))
        .route("/assets/{*path}", get(assets::asset))
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
