//! What a resident asks for: the form, and the way of a report.

use super::{
    language::Reader,
    receipt::{self, Sent, Shown, district_name},
    report::{self, Asked},
    report_form::ReportForm,
    written,
};
use crate::{
    app::{
        self, Ground, ReceiptKey, ReportDraft, Sender,
        draft::{PlaceDraft, WhenDraft},
    },
    http::{
        language::Language,
        problem::Problem,
        state::{Municipal, Network, State, Web},
    },
};
use axum::{
    body::Bytes,
    extract::State as Extract,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use fyren_core::domain::{Category, Channel, DistrictCode, LocalityId, Position, Violation};

/// `GET /{code}/report`.
pub async fn show_report(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
) -> Result<Response, Problem> {
    form(&state, language, &ground, (StatusCode::OK, &ReportForm::default(), &[]))
}

/// `POST /{code}/report`: the same use case as the JSON interface.
pub async fn send_report(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    Network(network): Network,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let sent = ReportForm::parse(&body);
    if sent.is_now() {
        // What is going on never becomes a report: 112 first.
        return form(&state, language, &ground, (StatusCode::OK, &sent, &[]));
    }
    state.limiter.take(network)?;
    let draft = match draft(&sent) {
        Ok(draft) => draft,
        Err(violation) => return refused(&state, language, &ground, &sent, &[violation]),
    };
    let sender = Sender {
        key: sent.key.clone(),
        body: body.to_vec(),
        token: Some(sent.source.clone()).filter(|token| plain(token)),
        network: state.limiter.limits().then_some(network),
        channel: if sent.source.is_empty() { Channel::Form } else { Channel::Web },
    };
    match state.app.submit_report(&ground, &draft, sender).await {
        Ok(taken) => ticket(&state, language, &ground, (&headers, &sent, &taken)),
        Err(app::Error::Invalid(broken)) => refused(&state, language, &ground, &sent, &broken),
        Err(other) => Err(other.into()),
    }
}

/// Whether a token has the form that the header `Fyren-Source` asks for.
fn plain(token: &str) -> bool {
    (1..=128).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic())
}

fn refused(
    state: &Web,
    language: Language,
    ground: &Ground,
    sent: &ReportForm,
    broken: &[Violation],
) -> Result<Response, Problem> {
    form(state, language, ground, (StatusCode::UNPROCESSABLE_ENTITY, sent, broken))
}

fn form(
    state: &Web,
    language: Language,
    ground: &Ground,
    (status, form, violations): (StatusCode, &ReportForm, &[Violation]),
) -> Result<Response, Problem> {
    // A refused form may change, and a changed one needs a key of its own.
    let key = state.app.form_key();
    let asked = Asked { form, violations, key };
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
        feeling: word(&form.feeling),
        text: word(&form.text),
    })
}

/// The pin, else the named place, else the district.
fn place(form: &ReportForm) -> Result<Option<PlaceDraft>, Violation> {
    if !form.longitude.is_empty() || !form.latitude.is_empty() {
        let degrees = |text: &str, field: &str| {
            text.parse().map_err(|_no_number| Violation::new(field, "not_finite"))
        };
        return Ok(Some(PlaceDraft::Point {
            longitude: degrees(&form.longitude, "place.longitude")?,
            latitude: degrees(&form.latitude, "place.latitude")?,
            precision_m: None,
        }));
    }
    let named = [
        (&form.locality, PlaceDraft::Locality as fn(String) -> PlaceDraft),
        (&form.district, PlaceDraft::District as fn(String) -> PlaceDraft),
    ];
    Ok(named.into_iter().find(|(text, _)| !text.is_empty()).map(|(text, way)| way(text.clone())))
}

fn ticket(
    state: &Web,
    language: Language,
    ground: &Ground,
    (headers, sent, taken): (&HeaderMap, &ReportForm, &app::Receipt),
) -> Result<Response, Problem> {
    let status_url = format!("{}/{}/receipt#{}", origin(state, headers), ground.code(), taken.code);
    let shown = Shown::Sent(Sent {
        code: &taken.code,
        short_code: &taken.short_code,
        status_url: &status_url,
        category: Category::parse(&sent.category).unwrap_or(Category::Other).names(),
        place: &place_words(ground, sent),
        on_water: taken.warnings.iter().any(|warning| warning.rule == "on_water"),
    });
    let page = receipt::page(state.templates, language, &ground.municipality, shown);
    Ok(private(written(StatusCode::CREATED, page)?))
}

/// The public address of this server, as the operator or else the request says it.
fn origin(state: &Web, headers: &HeaderMap) -> String {
    if !state.public_url.is_empty() {
        return state.public_url.clone();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    format!("{}://{host}", if state.secure { "https" } else { "http" })
}

fn place_words(ground: &Ground, sent: &ReportForm) -> String {
    let municipality = &ground.municipality;
    let pin = || -> Option<&str> {
        let (longitude, latitude) = (sent.longitude.parse().ok()?, sent.latitude.parse().ok()?);
        let code = ground.geofence.district(Position { longitude, latitude })?;
        district_name(municipality, code)
    };
    let locality = || {
        let id = LocalityId(sent.locality.clone());
        municipality.localities.iter().find(|l| l.id == id).map(|l| l.name.as_str())
    };
    let district = || district_name(municipality, &DistrictCode(sent.district.clone()));
    pin().or_else(locality).or_else(district).unwrap_or(&municipality.name).to_owned()
}

/// `GET /{code}/receipt`: asks for the code.
pub async fn ask_receipt(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
) -> Result<Response, Problem> {
    let page = receipt::page(state.templates, language, &ground.municipality, Shown::Ask(false));
    written(StatusCode::OK, page)
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
    let code = fields.into_iter().find_map(|(name, value)| (name == "code").then_some(value));
    let found = match ReceiptKey::parse(&code.unwrap_or_default()) {
        Some(key) => state.app.read_receipt(&key).await,
        None => Err(app::Error::NotFound),
    };
    let municipality = &ground.municipality;
    let (status, page) = match &found {
        Ok(view) if view.report.municipality == *ground.code() => {
            let shown = Shown::Status(&view.report, &view.history);
            (StatusCode::OK, receipt::page(state.templates, language, municipality, shown))
        }
        Ok(_) | Err(app::Error::NotFound) => {
            state.guesses.take(network)?;
            let shown = Shown::Ask(true);
            (StatusCode::NOT_FOUND, receipt::page(state.templates, language, municipality, shown))
        }
        Err(_) => return Err(found.err().map_or_else(Problem::not_found, Problem::from)),
    };
    Ok(private(written(status, page)?))
}

fn private(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
