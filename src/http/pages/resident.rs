//! What a resident asks for: the form, and the way of a report.

use super::{
    language::Reader,
    receipt::{self, Sent, Shown, district_name},
    replies::private,
    report::{self, Asked, Way},
    report_form::ReportForm,
    written,
};
use crate::{
    app::{
        self, Ground, ReportDraft, Sender,
        draft::{PlaceDraft, WhenDraft},
    },
    http::{
        language::Language,
        problem::Problem,
        state::{Municipal, Network, State, Web},
        strict, upload,
    },
};
use axum::{
    extract::{RawQuery, Request, State as Extract},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use fyren_core::domain::{
    Category, Channel, Detail, DistrictCode, LocalityId, Partner, Position, Violation,
};
use std::net::IpAddr;

/// `GET /{code}/report`; a link may choose what it is about, as a form does.
pub async fn show_report(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let blank = ReportForm::begun(query.unwrap_or_default().as_bytes());
    form(&state, language, &ground, (StatusCode::OK, Asked::of(&blank)))
}

/// `POST /{code}/report`: the same use case as the JSON interface.
pub async fn send_report(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    Network(network): Network,
    request: Request,
) -> Result<Response, Problem> {
    let sending =
        Sending { way: Way::Resident, network: Some(network), channel: None, partner: None };
    send(&state, language, &ground, sending, request).await
}

/// By which way a form comes back.
pub(super) struct Sending {
    /// The way.
    pub way: Way,
    /// The network prefix of whoever sends; none for staff.
    pub network: Option<IpAddr>,
    /// The channel, where the form may say it.
    pub channel: Option<Channel>,
    /// The partner whose people send it.
    pub partner: Option<Partner>,
}

/// Takes a form: asks back, refuses it or gives the ticket.
pub(super) async fn send(
    state: &State,
    language: Language,
    ground: &Ground,
    sending: Sending,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let received = received(request, state).await?;
    taken(state, language, ground, sending, (&headers, received)).await
}

/// A form, its bytes to tell repetitions by, and its photos.
pub(super) type Received = (ReportForm, Vec<u8>, Vec<Vec<u8>>);

/// Takes a form that was read.
pub(super) async fn taken(
    state: &Web,
    language: Language,
    ground: &Ground,
    sending: Sending,
    (headers, (sent, body, photos)): (&HeaderMap, Received),
) -> Result<Response, Problem> {
    let Sending { way, network, channel, partner } = sending;
    let name = partner.as_ref().map_or("", |partner| partner.name.as_str()).to_owned();
    let asked = Asked { way, partner: &name, ..Asked::of(&sent) };
    if let Some(pause) = sent.pause() {
        let photos_lost = !photos.is_empty();
        let asked = Asked { pause: Some(pause), photos_lost, ..asked };
        return form(state, language, ground, (StatusCode::OK, asked));
    }
    if let Some(network) = network {
        state.limiter.take(network)?;
    }
    let draft = match draft(&sent) {
        Ok(draft) => ReportDraft { photos, ..draft },
        Err(violation) => return refused(state, language, ground, (asked, &[violation])),
    };
    let own = if sent.source.is_empty() { Channel::Form } else { Channel::Web };
    let said = Channel::parse(&sent.channel).filter(|c| *c == Channel::Paper);
    let sender = Sender {
        key: sent.key.clone(),
        body,
        token: Some(sent.source.clone()).filter(|token| plain(token) && channel.is_none()),
        network: network.filter(|_| state.limiter.limits()),
        channel: channel.map_or(own, |channel| said.unwrap_or(channel)),
        partner,
    };
    match state.app.submit_report(ground, &draft, sender).await {
        Ok(taken) => {
            let embedded = way == Way::Embedded;
            ticket(state, language, ground, (headers, &sent, &taken, embedded)).await
        }
        Err(app::Error::Invalid(broken)) => refused(state, language, ground, (asked, &broken)),
        Err(other) => Err(other.into()),
    }
}

/// The form of a request.
pub(super) async fn received(request: Request, state: &State) -> Result<Received, Problem> {
    if !upload::is_upload(request.headers()) {
        let body = strict::body(request, state).await?;
        return Ok((ReportForm::parse(&body), body.to_vec(), Vec::new()));
    }
    let (parts, body) = request.into_parts();
    let form = upload::read(&parts.headers, body).await?;
    let bytes = form.canonical();
    Ok((ReportForm::of_fields(form.fields), bytes, form.photos))
}

/// Whether a token has the form that the header `Fyren-Source` asks for.
fn plain(token: &str) -> bool {
    (1..=128).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic())
}

fn refused(
    state: &Web,
    language: Language,
    ground: &Ground,
    (asked, broken): (Asked<'_>, &[Violation]),
) -> Result<Response, Problem> {
    let asked = Asked { violations: broken, ..asked };
    form(state, language, ground, (StatusCode::UNPROCESSABLE_ENTITY, asked))
}

/// The page with the form, under a key of its own.
pub(super) fn form(
    state: &Web,
    language: Language,
    ground: &Ground,
    (status, asked): (StatusCode, Asked<'_>),
) -> Result<Response, Problem> {
    // A refused form may change, and a changed one needs a key of its own.
    let asked = Asked { key: state.app.form_key(), ..asked };
    written(status, report::page(state.templates, language, &ground.municipality, asked))
}

fn draft(form: &ReportForm) -> Result<ReportDraft, Violation> {
    let word = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let joined = |words: &[String]| word(&words.join(","));
    let when = match (joined(&form.hours), joined(&form.weekdays), joined(&form.season)) {
        (None, None, None) => WhenDraft::Unstated,
        (hours, weekdays, season) => WhenDraft::Recurring { hours, weekdays, season },
    };
    Ok(ReportDraft {
        category: form.category.clone(),
        place: place(form)?,
        when,
        factors: form.factors.clone(),
        details: details(form),
        feeling: word(&form.feeling),
        text: word(&form.text),
        photos: Vec::new(),
    })
}

/// The answers to what the chosen category asks; those to an other one, which
/// stay in a form when the choice changes, say nothing.
fn details(form: &ReportForm) -> Vec<String> {
    let asked = |code: &&String| {
        let (category, detail) = (Category::parse(&form.category), Detail::parse(code));
        category.zip(detail).is_none_or(|(category, detail)| detail.is_asked_by(category))
    };
    form.details.iter().filter(asked).cloned().collect()
}

/// The drawn shape, else the pin, else the named place, else the district.
fn place(form: &ReportForm) -> Result<Option<PlaceDraft>, Violation> {
    if !form.line.is_empty() {
        return Ok(Some(PlaceDraft::Line(corners(&form.line, "place.line")?)));
    }
    if !form.polygon.is_empty() {
        return Ok(Some(PlaceDraft::Polygon(corners(&form.polygon, "place.polygon")?)));
    }
    if !form.longitude.is_empty() || !form.latitude.is_empty() {
        let precision_m = match form.precision.as_str() {
            "" => None,
            text => Some(degrees(text, "place.precisionM")?.max(1.0)),
        };
        return Ok(Some(PlaceDraft::Point {
            longitude: degrees(&form.longitude, "place.longitude")?,
            latitude: degrees(&form.latitude, "place.latitude")?,
            precision_m,
        }));
    }
    let named = [
        (&form.locality, PlaceDraft::Locality as fn(String) -> PlaceDraft),
        (&form.district, PlaceDraft::District as fn(String) -> PlaceDraft),
    ];
    Ok(named.into_iter().find(|(text, _)| !text.is_empty()).map(|(text, way)| way(text.clone())))
}

/// A number as people write it, with a point or a comma.
fn degrees(text: &str, field: &str) -> Result<f64, Violation> {
    let text = text.trim().replace(',', ".");
    text.parse().map_err(|_no_number| Violation::new(field, "not_finite"))
}

fn corners(text: &str, field: &str) -> Result<Vec<[f64; 2]>, Violation> {
    let corner = |pair: &str| {
        let (longitude, latitude) = pair.split_once(',')?;
        Some([longitude.parse().ok()?, latitude.parse().ok()?])
    };
    let corners: Option<Vec<[f64; 2]>> = text.split_whitespace().map(corner).collect();
    corners.ok_or_else(|| Violation::new(field, "not_finite"))
}

async fn ticket(
    state: &Web,
    language: Language,
    ground: &Ground,
    (headers, sent, taken, embedded): (&HeaderMap, &ReportForm, &app::Receipt, bool),
) -> Result<Response, Problem> {
    let status_url = format!("{}/{}/receipt#{}", origin(state, headers), ground.code(), taken.code);
    let category = Category::parse(&sent.category).unwrap_or(Category::Other);
    let owner = match position(ground, sent) {
        Some(at) => Some(state.app.owner(ground, at, Some(category)).await?),
        None => None,
    };
    let shown = Shown::Sent(Sent {
        code: &taken.code,
        short_code: &taken.short_code,
        status_url: &status_url,
        category: category.names(),
        owner: owner.as_ref().map(|answer| answer.owner.as_str()),
        place: &place_words(ground, sent),
        embedded,
        on_water: taken.warnings.iter().any(|warning| warning.rule == "on_water"),
    });
    let page = receipt::page(state.templates, language, &ground.municipality, shown);
    Ok(private(written(StatusCode::CREATED, page)?))
}

/// The public address of this server, as the operator or else the request says it.
pub(in crate::http) fn origin(state: &Web, headers: &HeaderMap) -> String {
    if !state.public_url.is_empty() {
        return state.public_url.clone();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    format!("{}://{host}", if state.secure { "https" } else { "http" })
}

/// Where the pin or the named place is.
fn position(ground: &Ground, sent: &ReportForm) -> Option<Position> {
    let number = |text: &str| degrees(text, "place").ok();
    let pin = || Position::parse(number(&sent.longitude)?, number(&sent.latitude)?).ok();
    let named = || {
        let all = &ground.municipality.localities;
        all.iter().find(|l| l.id.0 == sent.locality).map(|l| l.position)
    };
    pin().or_else(named)
}

pub(super) fn place_words(ground: &Ground, sent: &ReportForm) -> String {
    let municipality = &ground.municipality;
    let pin = || -> Option<&str> {
        let code = ground.geofence.district(position(ground, sent)?)?;
        district_name(municipality, code)
    };
    let locality = || {
        let id = LocalityId(sent.locality.clone());
        municipality.localities.iter().find(|l| l.id == id).map(|l| l.name.as_str())
    };
    let district = || district_name(municipality, &DistrictCode(sent.district.clone()));
    locality().or_else(pin).or_else(district).unwrap_or(&municipality.name).to_owned()
}
