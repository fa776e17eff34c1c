//! What the holder of a receipt asks and says on the private page, without scripts.

use super::{
    language::Reader,
    receipt::{self, Shown},
    receipt_status::{self, Asked},
    report_form::ReportForm,
    written,
};
use crate::{
    app::{self, Ground, ReceiptKey, ReceiptView, ReplyDraft},
    http::{
        language::Language,
        problem::Problem,
        state::{Municipal, Network, State},
        strict, upload,
    },
};
use axum::{
    body::Bytes,
    extract::{Request, State as Extract},
    http::{HeaderValue, StatusCode, header},
    response::{Redirect, Response},
};
use fyren_core::domain::Violation;
use std::net::IpAddr;

/// `GET /{code}/receipt`: asks for the code.
pub async fn ask_receipt(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
) -> Result<Response, Problem> {
    let page = receipt::page(state.templates, language, &ground.municipality, Shown::Ask(false));
    written(StatusCode::OK, page)
}

/// `GET /{code}/receipt/reply`: nothing is there to be read.
pub async fn back_to_receipt(Municipal(ground): Municipal) -> Redirect {
    Redirect::to(&format!("/{}/receipt", ground.code()))
}

/// `POST /{code}/receipt`: the way of the report behind a code.
pub async fn show_receipt(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    Network(network): Network,
    body: Bytes,
) -> Result<Response, Problem> {
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&body).unwrap_or_default();
    let code = field(&fields, "code");
    match opened(&state, &ground, &code).await? {
        Some(view) => {
            let asked = Asked { code, ..Asked::default() };
            status(&state, language, &ground, (StatusCode::OK, &view, asked)).await
        }
        None => unknown(&state, language, &ground, network),
    }
}

/// `POST /{code}/receipt/reply`: the same use case as the JSON interface.
pub async fn send_reply(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    Network(network): Network,
    request: Request,
) -> Result<Response, Problem> {
    state.limiter.take(network)?;
    let sent = received(request, &state).await?;
    let code = field(&sent.fields, "code");
    let Some(view) = opened(&state, &ground, &code).await? else {
        return unknown(&state, language, &ground, network);
    };
    let kind = match (field(&sent.fields, "kind"), field(&sent.fields, "asked")) {
        (kind, asked) if kind.is_empty() => asked,
        (kind, _) => kind,
    };
    let text = field(&sent.fields, "text");
    let (over, anyway) = (field(&sent.fields, "over"), field(&sent.fields, "anyway"));
    let said = ReportForm { text: text.clone(), over, anyway, ..ReportForm::default() };
    let photos_lost = !sent.photos.is_empty();
    let back = |code| Asked {
        code,
        text: text.clone(),
        kind: kind.clone(),
        over: said.over == "yes",
        photos_lost,
        ..Asked::default()
    };
    if let Some(pause) = said.pause() {
        let asked = Asked { pause: Some(pause), ..back(code) };
        return status(&state, language, &ground, (StatusCode::OK, &view, asked)).await;
    }
    let key = ReceiptKey::parse(&code).ok_or_else(Problem::not_found)?;
    let draft = ReplyDraft { kind: kind.clone(), text: Some(text.clone()), photos: sent.photos };
    let id = field(&sent.fields, "key");
    let violations = match state.app.reply_to_answer(&key, &draft, (&id, &sent.bytes)).await {
        Ok(()) => {
            let view = match state.app.read_receipt(&key).await {
                Err(app::Error::NotFound) => return gone(&state, language, &ground),
                found => found?,
            };
            let done = match kind.as_str() {
                "solved" => "solved",
                "not_solved" => "not_solved",
                "withdrawn" => "withdrawn",
                _ => "reply",
            };
            let asked = Asked { code, done: Some(done), ..Asked::default() };
            return status(&state, language, &ground, (StatusCode::CREATED, &view, asked)).await;
        }
        Err(app::Error::Invalid(violations)) => violations,
        Err(app::Error::Conflict("too_many_photos")) => {
            vec![Violation::new("photos", "too_many_photos_in_all")]
        }
        Err(other) => return Err(other.into()),
    };
    let asked = Asked { violations, ..back(code) };
    status(&state, language, &ground, (StatusCode::UNPROCESSABLE_ENTITY, &view, asked)).await
}

/// The page of a report that was taken back and erased.
fn gone(state: &State, language: Language, ground: &Ground) -> Result<Response, Problem> {
    let page = receipt::page(state.templates, language, &ground.municipality, Shown::Gone);
    Ok(private(written(StatusCode::CREATED, page)?))
}

/// A form as it was sent, and its bytes to tell repetitions by.
struct Sent {
    fields: Vec<(String, String)>,
    bytes: Vec<u8>,
    photos: Vec<Vec<u8>>,
}

async fn received(request: Request, state: &State) -> Result<Sent, Problem> {
    if !upload::is_upload(request.headers()) {
        let body = strict::body(request, state).await?;
        let fields = serde_urlencoded::from_bytes(&body).unwrap_or_default();
        return Ok(Sent { fields, bytes: body.to_vec(), photos: Vec::new() });
    }
    let (parts, body) = request.into_parts();
    let form = upload::read(&parts.headers, body).await?;
    Ok(Sent { bytes: form.canonical(), fields: form.fields, photos: form.photos })
}

/// The last value of a field, trimmed; the button that was pressed comes last.
pub(super) fn field(fields: &[(String, String)], name: &str) -> String {
    let found = fields.iter().rev().find(|(field, _)| field == name);
    found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
}

/// The report of this municipality behind a code; `None` for a wrong code, an
/// unknown one and one of an other municipality alike.
pub(super) async fn opened(
    state: &State,
    ground: &Ground,
    code: &str,
) -> Result<Option<ReceiptView>, Problem> {
    let Some(key) = ReceiptKey::parse(code) else { return Ok(None) };
    match state.app.read_receipt(&key).await {
        Ok(view) => Ok(Some(view).filter(|view| view.report.municipality == *ground.code())),
        Err(app::Error::NotFound) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

/// The page of a code that leads nowhere; such look-ups are throttled.
pub(super) fn unknown(
    state: &State,
    language: Language,
    ground: &Ground,
    network: IpAddr,
) -> Result<Response, Problem> {
    state.guesses.take(network)?;
    let page = receipt::page(state.templates, language, &ground.municipality, Shown::Ask(true));
    Ok(private(written(StatusCode::NOT_FOUND, page)?))
}

/// The private page, its forms under a key of their own.
pub(super) async fn status(
    state: &State,
    language: Language,
    ground: &Ground,
    (code, view, asked): (StatusCode, &ReceiptView, Asked),
) -> Result<Response, Problem> {
    let asked = Asked { key: state.app.form_key(), ..asked };
    let key = ReceiptKey::parse(&asked.code).ok_or_else(Problem::not_found)?;
    let letters = (state.mail, state.app.mail_state(&key).await?);
    let municipality = &ground.municipality;
    let page =
        receipt_status::page(state.templates, language, municipality, view, (&asked, letters));
    Ok(private(written(code, page)?))
}

/// The same response, kept by nobody.
pub(super) fn private(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
