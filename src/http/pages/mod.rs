//! Pages for residents and the public, rendered on the server.

use super::{language::Language, problem::Problem};
use axum::response::Response;

/// The pages' templates.
#[derive(Debug, Default)]
pub struct Templates;

/// The page of a failed request.
pub fn problem_page(problem: &Problem, language: Language, path: &str) -> Response {
    super::problem::write(problem, language, path)
}
