//! The same report by other ways: a sticker's code, a municipality's own site,
//! paper, and staff who enter it for somebody.

use super::{
    language::Reader,
    paper::{self, Sheet},
    report::{Asked, Way},
    report_form::ReportForm,
    resident::{self, Sending},
    written,
};
use crate::{
    app,
    http::{
        language::Language,
        problem::Problem,
        state::{Municipal, Network, SignedIn, State},
    },
};
use axum::{
    extract::{Path, Request, State as Extract},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use fyren_core::domain::{Category, Channel, DistrictCode, Municipality, Operation};

/// `GET /{code}/r/{place}`: the form with the place of a sticker filled in. A
/// sticker may outlive its place: then the place is asked for.
pub async fn show_sticker(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    Path((_, place)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let form = at_place(&ground.municipality, &place);
    resident::form(&state, language, &ground, (StatusCode::OK, Asked::of(&form)))
}

/// A form in which a named place or a district is chosen, if there is one of that name.
fn at_place(municipality: &Municipality, place: &str) -> ReportForm {
    let mut form = ReportForm::default();
    let code = DistrictCode(place.to_owned());
    if municipality.localities.iter().any(|locality| locality.id.0 == place) {
        place.clone_into(&mut form.locality);
    } else if municipality.districts.iter().any(|district| district.code == code) {
        place.clone_into(&mut form.district);
    }
    form
}

/// `GET /{code}/embed`: the form for a frame on the municipality's own site.
pub async fn show_embed(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
) -> Result<Response, Problem> {
    let blank = ReportForm::default();
    let asked = Asked { way: Way::Embedded, ..Asked::of(&blank) };
    resident::form(&state, language, &ground, (StatusCode::OK, asked))
}

/// `POST /{code}/embed`.
pub async fn send_embed(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    Network(network): Network,
    request: Request,
) -> Result<Response, Problem> {
    let sending =
        Sending { way: Way::Embedded, network: Some(network), channel: None, partner: None };
    resident::send(&state, language, &ground, sending, request).await
}

/// Lets the pages of the configured sites show an answer in a frame.
pub async fn framed(Extract(state): Extract<State>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let policy = format!(
        "default-src 'self'; img-src 'self' data: blob:; worker-src 'self'; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'self' {}",
        state.embed_for.join(" ")
    );
    if let Ok(policy) = HeaderValue::from_str(policy.trim_end()) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// `GET /{code}/staff/enter`: the form for staff who enter a report for
/// somebody on the phone or from paper.
pub async fn show_entry(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
) -> Result<Response, Problem> {
    staff.must(ground.code(), Operation::SubmitTrainedReport)?;
    let blank = ReportForm::default();
    let asked = Asked { way: Way::Staff, ..Asked::of(&blank) };
    resident::form(&state, language, &ground, (StatusCode::OK, asked))
}

/// `POST /{code}/staff/enter`: by whom it came in is recorded as its channel.
pub async fn send_entry(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    request: Request,
) -> Result<Response, Problem> {
    staff.must(ground.code(), Operation::SubmitTrainedReport)?;
    let sending =
        Sending { way: Way::Staff, network: None, channel: Some(Channel::Phone), partner: None };
    resident::send(&state, language, &ground, sending, request).await
}

/// `GET /{code}/paper` and `GET /{code}/paper/{place}`: the form on A4.
pub async fn show_paper(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    headers: HeaderMap,
    Path(parts): Path<std::collections::HashMap<String, String>>,
) -> Result<Response, Problem> {
    let municipality = &ground.municipality;
    let place = parts.get("place").map(String::as_str).unwrap_or_default();
    let form = at_place(municipality, place);
    if !place.is_empty() && form == ReportForm::default() {
        return Err(Problem::not_found());
    }
    let way = if place.is_empty() { "report".to_owned() } else { format!("r/{place}") };
    let address = format!("{}/{}/{way}", resident::origin(&state, &headers), ground.code());
    let named = resident::place_words(&ground, &form);
    let place = if place.is_empty() { "" } else { &named };
    written(StatusCode::OK, paper::form(state.templates, language, municipality, place, &address))
}

/// `GET /{code}/fraud-sheet`: the sheet of this month on frauds, in large type.
pub async fn show_fraud_sheet(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let municipality = &ground.municipality;
    let facts = state.app.read_loop(&ground).await?;
    let sheet = Sheet {
        today: state.app.today(&ground.zone),
        reported: reported(language, &facts),
        address: format!("{}/{}/report", resident::origin(&state, &headers), ground.code()),
    };
    written(StatusCode::OK, paper::fraud_sheet(state.templates, language, municipality, &sheet))
}

/// What the newest release of districts says of frauds in the whole
/// municipality or a district, as the band of its sources and its span.
fn reported(language: Language, facts: &app::LoopFacts) -> Option<(String, String)> {
    let tells = |release: &&fyren_core::domain::Release| !release.districts.is_empty();
    let newest = facts.releases.iter().filter(tells).max_by_key(|release| release.window.to)?;
    let band = newest
        .districts
        .iter()
        .find(|row| row.district.is_none() && row.category == Some(Category::FraudAttempt))?;
    let span = super::words::span(language, newest.window.from, newest.window.to);
    Some((super::words::band(band.band?), span))
}
