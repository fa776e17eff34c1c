//! What everybody may read: the picture, the promises, each district, the base map.

use super::{
    base, calendar, demo, district, frame::Name, language::Reader, methods, picture, promises,
    small, watch, written,
};
use crate::http::{
    problem::Problem,
    state::{Municipal, State},
};
use axum::{
    Json,
    extract::{Path, State as Extract},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use sha2::{Digest, Sha256};

/// `GET /`: the only municipality, else the choice among them.
pub async fn show_start(
    Extract(state): Extract<State>,
    Reader(language): Reader,
) -> Result<Response, Problem> {
    let all = state.app.municipalities().await?;
    if state.demo {
        let code = state.app.demo_municipality().await?;
        let ground = state.app.ground(code.as_str()).await?;
        let waited = state.app.longest_without_visit(&ground).await?;
        let overdue = waited.map(|(code, name, days)| demo::Overdue {
            code,
            name,
            days,
            promise: language.text("demo.overdue_promise"),
        });
        let choices = state.app.choices();
        let page = demo::page(state.templates, language, &ground.municipality, overdue, &choices);
        return written(StatusCode::OK, page);
    }
    if let [only] = &all[..] {
        return Ok(Redirect::to(&format!("/{}/picture", only.code)).into_response());
    }
    let names = all
        .into_iter()
        .map(|m| Name { code: m.code.to_string(), name: m.name, full_name: m.full_name })
        .collect();
    written(StatusCode::OK, small::chooser(state.templates, language, names))
}

/// `GET /{code}`.
pub async fn to_picture(Municipal(ground): Municipal) -> Redirect {
    Redirect::to(&format!("/{}/picture", ground.code()))
}

/// `GET /{code}/picture`.
pub async fn show_picture(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
) -> Result<Response, Problem> {
    let facts = state.app.read_loop(&ground).await?;
    let page = picture::page(state.templates, language, &ground.municipality, &facts);
    written(StatusCode::OK, page)
}

/// `GET /{code}/promises`.
pub async fn show_promises(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
) -> Result<Response, Problem> {
    let facts = state.app.read_loop(&ground).await?;
    let page = promises::page(state.templates, language, &ground.municipality, &facts);
    written(StatusCode::OK, page)
}

/// `GET /{code}/district/{district}`.
pub async fn show_district(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let municipality = &ground.municipality;
    let found = municipality.districts.iter().find(|district| district.code.0 == code);
    let found = found.ok_or_else(Problem::not_found)?;
    let facts = state.app.read_loop(&ground).await?;
    let today = state.app.today(&ground.zone);
    let page = district::page(state.templates, language, (municipality, found), (&facts, today));
    written(StatusCode::OK, page)
}

/// `GET /{code}/calendar`.
pub async fn show_calendar(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
) -> Result<Response, Problem> {
    let entries = state.app.calendar(&ground).await?;
    let told = (&entries[..], state.app.clock.now());
    written(StatusCode::OK, calendar::page(state.templates, language, &ground.municipality, told))
}

/// `GET /{code}/calendar.ics`, for anybody's own calendar.
pub async fn show_ical(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
) -> Result<Response, Problem> {
    let entries = state.app.calendar(&ground).await?;
    let kind = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")];
    Ok((kind, calendar::as_ical(language, &ground.municipality, &entries)).into_response())
}

/// `GET /{code}/watch`.
pub async fn show_watch(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
) -> Result<Response, Problem> {
    let (areas, bulletins) =
        (state.app.watch_areas(&ground).await?, state.app.bulletins(&ground).await?);
    let told = (&areas[..], &bulletins[..], state.app.today(&ground.zone));
    written(StatusCode::OK, watch::page(state.templates, language, &ground.municipality, told))
}

/// `GET /{code}/bulletin/{id}`: one bulletin, to be printed.
pub async fn show_bulletin(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (areas, bulletins) =
        (state.app.watch_areas(&ground).await?, state.app.bulletins(&ground).await?);
    let found = bulletins.iter().find(|bulletin| bulletin.id.to_string() == id);
    let found = found.ok_or_else(Problem::not_found)?;
    let told = (&areas[..], found, state.app.today(&ground.zone));
    let page = watch::bulletin_page(state.templates, language, &ground.municipality, told);
    written(StatusCode::OK, page)
}

/// `GET /{code}/about`.
pub async fn show_about(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
) -> Result<Response, Problem> {
    written(StatusCode::OK, small::about(state.templates, language, &ground.municipality))
}

/// `GET /{code}/methods`.
pub async fn show_methods(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
) -> Result<Response, Problem> {
    written(StatusCode::OK, methods::page(state.templates, language, &ground.municipality))
}

/// `GET /{code}/app.webmanifest`: what a telephone needs to keep the report at hand.
pub async fn show_manifest(Municipal(ground): Municipal) -> Response {
    let code = ground.code();
    let manifest = serde_json::json!({
        "name": format!("Fyren {}", ground.municipality.name),
        "short_name": "Fyren",
        "start_url": format!("/{code}/report"),
        "scope": format!("/{code}/"),
        "display": "standalone",
        "background_color": "#FBFAF7",
        "theme_color": "#0B4F6C",
        "icons": [{ "src": "/assets/mark.svg", "sizes": "any", "type": "image/svg+xml" }],
    });
    let kind = [(header::CONTENT_TYPE, "application/manifest+json")];
    (kind, manifest.to_string()).into_response()
}

/// `GET /{code}/base.json`, with an `ETag` over its bytes.
pub async fn show_base(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let head = state.app.basemap(ground.code()).await?;
    let basemap = head.as_deref().map(base::Basemap::of);
    let document = base::document(&ground.municipality, basemap.as_ref());
    let bytes = document.to_string();
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes)[..16]);
    let etag = format!("\"{hash}\"");
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|seen| seen == etag.as_str());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Json(document).into_response()
    };
    let head = response.headers_mut();
    head.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        head.insert(header::ETAG, etag);
    }
    Ok(response)
}
