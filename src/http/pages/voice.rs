//! `/{code}/voice`: "I feel it too", without scripts.

use super::{Templates, frame::Frame, language::Reader, written};
use crate::http::{
    language::Language,
    problem::Problem,
    state::{Municipal, Network, State},
};
use axum::{body::Bytes, extract::State as Extract, http::StatusCode, response::Response};
use fyren_core::domain::Municipality;
use serde::Serialize;

#[derive(Serialize)]
struct Page {
    frame: Frame,
    new: bool,
}

/// The page that thanks for a voice.
///
/// # Errors
/// A fault of the template.
pub fn page(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
    new: bool,
) -> Result<String, minijinja::Error> {
    let path = format!("/{}/picture", municipality.code.as_str());
    let frame = Frame::new(language, Some(municipality), "picture", "voice.title", &path);
    templates.render(language, "voice.html", "site", &Page { frame, new })
}

/// `POST /{code}/voice`.
pub async fn send_voice(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    Network(network): Network,
    body: Bytes,
) -> Result<Response, Problem> {
    state.limiter.take(network)?;
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&body).unwrap_or_default();
    let defect = fields.into_iter().find_map(|(name, value)| (name == "defect").then_some(value));
    let network = state.limiter.limits().then_some(network);
    let sender = (None, network);
    let new = state.app.add_voice(&ground, &defect.unwrap_or_default(), sender).await?;
    written(StatusCode::OK, page(state.templates, language, &ground.municipality, new))
}
