//! Letters by e-mail: asked for on the receipt's page, confirmed and stopped by the link of a
//! letter, and in a demonstration shown in place of being sent.

use super::{
    Templates,
    frame::Frame,
    language::Reader,
    receipt_status::Asked,
    replies::{field, opened, private, status, unknown},
    resident::origin,
    written,
};
use crate::{
    app::{self, MailState, ReceiptKey, Written},
    http::{
        language::Language,
        problem::Problem,
        state::{MailMode, Municipal, Network, State},
    },
};
use axum::{
    body::Bytes,
    extract::{Path, State as Extract},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use fyren_core::domain::Municipality;
use serde::Serialize;

#[derive(Serialize)]
struct LinkPage<'a> {
    frame: Frame,
    /// `confirm`, `confirmed`, `stop` or `gone`.
    state: &'static str,
    action: &'a str,
}

#[derive(Serialize)]
struct DemoPage {
    frame: Frame,
    letters: Vec<LetterRow>,
}

#[derive(Serialize)]
struct LetterRow {
    to: String,
    subject: String,
    text: String,
    link: String,
}

/// `POST /{code}/receipt/mail`: asks for letters, or stops them.
pub async fn set_mail(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    Network(network): Network,
    body: Bytes,
) -> Result<Response, Problem> {
    state.limiter.take(network)?;
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&body).unwrap_or_default();
    let code = field(&fields, "code");
    let (Some(view), Some(key)) = (opened(&state, &ground, &code).await?, ReceiptKey::parse(&code))
    else {
        return unknown(&state, language, &ground, network);
    };
    if state.mail == MailMode::Off {
        return Err(Problem::new(StatusCode::CONFLICT, "mail_off"));
    }
    let address = field(&fields, "address");
    let (done, asked) = if field(&fields, "do") == "stop" {
        (state.app.stop_mail(&key).await, "mail_stopped")
    } else {
        (state.app.ask_for_mail(&key, &address, language.code()).await, "mail")
    };
    let (status_code, asked) = match done {
        Ok(()) => (StatusCode::OK, Asked { code, done: Some(asked), ..Asked::default() }),
        Err(app::Error::Invalid(mail_errors)) => {
            let asked = Asked { code, address, mail_errors, ..Asked::default() };
            (StatusCode::UNPROCESSABLE_ENTITY, asked)
        }
        Err(other) => return Err(other.into()),
    };
    status(&state, language, &ground, (status_code, &view, asked)).await
}

/// `GET /{code}/mail/{token}`: what the link of a letter leads to. Looking
/// changes nothing, since programs look at links, too.
pub async fn show_link(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    Path((_, token)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let shown = match state.app.mail_link(ground.code(), &token).await? {
        MailState::None => "gone",
        MailState::Waiting => "confirm",
        MailState::On => "stop",
    };
    link_page(state.templates, language, &ground.municipality, (shown, &token))
}

/// `POST /{code}/mail/{token}`: confirms, or stops; a mail program's one click
/// (RFC 8058) stops.
pub async fn use_link(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    Path((_, token)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Problem> {
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&body).unwrap_or_default();
    let shown = if field(&fields, "do") == "confirm" {
        match state.app.confirm_mail(ground.code(), &token).await {
            Ok(()) => "confirmed",
            Err(app::Error::NotFound) => "gone",
            Err(other) => return Err(other.into()),
        }
    } else {
        state.app.stop_mail_link(ground.code(), &token).await?;
        "gone"
    };
    link_page(state.templates, language, &ground.municipality, (shown, &token))
}

fn link_page(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
    (state, token): (&'static str, &str),
) -> Result<Response, Problem> {
    Ok(private(written(StatusCode::OK, link(templates, language, municipality, (state, token)))?))
}

/// The page of a letter's link.
///
/// # Errors
/// A fault of the template.
pub fn link(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
    (state, token): (&'static str, &str),
) -> Result<String, minijinja::Error> {
    let action = format!("/{}/mail/{token}", municipality.code.as_str());
    let frame = Frame::new(language, Some(municipality), "", "letters.page_title", &action);
    let page = LinkPage { frame, state, action: &action };
    templates.render(language, "letters.html", "site", &page)
}

/// `GET /demo/letters`: what would have been sent.
pub async fn show_demo(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let letters = state.app.waiting_letters(&origin(&state, &headers)).await?;
    Ok(private(written(StatusCode::OK, demo(state.templates, language, letters))?))
}

/// The page of letters that would have been sent.
///
/// # Errors
/// A fault of the template.
pub fn demo(
    templates: Templates,
    language: Language,
    letters: Vec<(String, Written)>,
) -> Result<String, minijinja::Error> {
    let frame = Frame::new(language, None, "", "letters.demo_title", "/demo/letters");
    let row = |(to, letter): (String, Written)| {
        let link = letter.text.lines().find(|line| line.starts_with("http")).unwrap_or_default();
        let link = link.to_owned();
        LetterRow { to, subject: letter.subject, text: letter.text, link }
    };
    let page = DemoPage { frame, letters: letters.into_iter().map(row).collect() };
    templates.render(language, "letters_demo.html", "site", &page)
}
