//! `/{code}/partner`: the short form by which the people of a partner report.
//! Its token stands behind `#` in the link and so in no log; without scripts the
//! page asks for it.

use super::{
    Templates,
    frame::Frame,
    language::Reader,
    replies::private,
    report::{Asked, Way},
    resident::{self, Sending},
    written,
};
use crate::{
    app,
    http::{
        language::Language,
        problem::Problem,
        state::{Municipal, Network, State},
    },
};
use axum::{
    extract::{Request, State as Extract},
    http::StatusCode,
    response::Response,
};
use fyren_core::domain::{Channel, Municipality};
use serde::Serialize;

#[derive(Serialize)]
struct Page {
    frame: Frame,
    unknown: bool,
}

/// The page that asks for the code of a link.
///
/// # Errors
/// A fault of the template.
pub fn ask(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
    unknown: bool,
) -> Result<String, minijinja::Error> {
    let path = format!("/{}/partner", municipality.code.as_str());
    let frame = Frame::new(language, Some(municipality), "", "partner.title", &path);
    templates.render(language, "partner_ask.html", "site", &Page { frame, unknown })
}

/// `GET /{code}/partner`.
pub async fn show_partner(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
) -> Result<Response, Problem> {
    written(StatusCode::OK, ask(state.templates, language, &ground.municipality, false))
}

/// `POST /{code}/partner`: a code opens the form; the form brings it again.
pub async fn send_partner(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    Network(network): Network,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let received = resident::received(request, &state).await?;
    let form = &received.0;
    let partner = match state.app.partner_by_token(&ground, &form.partner).await {
        Ok(partner) => partner,
        Err(app::Error::NotFound) => {
            state.guesses.take(network)?;
            let page = ask(state.templates, language, &ground.municipality, true);
            return Ok(private(written(StatusCode::NOT_FOUND, page)?));
        }
        Err(other) => return Err(other.into()),
    };
    if form.key.is_empty() {
        let asked = Asked { way: Way::Partner, partner: &partner.name, ..Asked::of(form) };
        return resident::form(&state, language, &ground, (StatusCode::OK, asked)).map(private);
    }
    let sending = Sending {
        way: Way::Partner,
        network: Some(network),
        channel: Some(Channel::Partner),
        partner: Some(partner),
    };
    resident::taken(&state, language, &ground, sending, (&headers, received)).await.map(private)
}
