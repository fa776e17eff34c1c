//! How the web says it: routes, pages, extractors, problems.

pub mod api;
mod assets;
mod demo;
mod encoding;
mod finish;
pub mod language;
pub mod limit;
mod negotiated;
mod oversize;
pub mod pages;
pub mod problem;
mod query;
mod serve;
mod sessions;
pub mod state;
mod strict;

pub use serve::{Options, build, serve};

use axum::{Json, Router, middleware, routing::get};
use sessions::Sessions;
use state::State;
use std::{sync::Arc, time::Duration};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate, SizeAbove},
    },
    limit::RequestBodyLimitLayer,
};
use tower_sessions::{Expiry, SessionManagerLayer, cookie::SameSite};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Longest body of a request, in bytes: a report with a long line fits many times.
const BODY_LIMIT: usize = 256 * 1024;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Fyren",
        description = "One shared, honest situational picture for a municipality and its area police. / \
                       En gemensam, ärlig lägesbild för en kommun och dess områdespolis.",
        license(name = "EUPL-1.2", identifier = "EUPL-1.2")
    ),
    tags(
        (name = "reports", description = "Residents report, and get an answer / Invånare rapporterar och får svar"),
        (name = "presence", description = "Visits / Besök"),
        (name = "layers", description = "Named questions as features / Namngivna frågor som objekt"),
        (name = "releases", description = "What the public may see / Vad allmänheten får se"),
        (name = "session", description = "Signing in / Inloggning"),
        (name = "server", description = "The server itself / Servern själv")
    )
)]
struct Api;

/// The JSON interface, grouped by who calls.
fn api() -> OpenApiRouter<State> {
    let anybody = OpenApiRouter::new()
        .routes(routes!(api::info::healthz))
        .routes(routes!(api::info::readyz))
        .routes(routes!(api::info::api_info))
        .routes(routes!(api::info::list_municipalities))
        .routes(routes!(api::info::show_municipality))
        .routes(routes!(api::categories::list_categories))
        .routes(routes!(api::reports::submit_report))
        .routes(routes!(api::receipt::read_receipt))
        .routes(routes!(api::layers::list_layers))
        .routes(routes!(api::layers::show_layer));
    let staff = OpenApiRouter::new()
        .routes(routes!(api::session::sign_in, api::session::show_session, api::session::sign_out))
        .routes(routes!(api::moderation::read_report))
        .routes(routes!(api::moderation::change_status))
        .routes(routes!(api::moderation::quarantine_report))
        .routes(routes!(api::releases::preview_release))
        .routes(routes!(api::releases::publish_release))
        .routes(routes!(api::releases::publish_defect, api::releases::withdraw_defect))
        .routes(routes!(api::visits::log_visit))
        .routes(routes!(api::events::follow_events));
    OpenApiRouter::with_openapi(Api::openapi()).merge(anybody).merge(staff)
}

/// The description of the JSON interface (`OpenAPI` 3.1). A copy lies in
/// `web/src/api/openapi.json`, from which the types of the front end are made.
pub fn openapi() -> utoipa::openapi::OpenApi {
    api().into_openapi()
}

/// Every route of the server, with what each request and answer passes through.
pub fn router(state: State) -> Router {
    let (routes, openapi) = api().split_for_parts();
    let openapi = Arc::new(openapi);
    let document = get(move || {
        let openapi = Arc::clone(&openapi);
        async move { Json((*openapi).clone()) }
    });
    let compressible = SizeAbove::new(64)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("text/event-stream"))
        .and(NotForContentType::const_new("font/"));
    let pages = if state.demo { pages::router().merge(demo::router()) } else { pages::router() };
    routes
        .merge(pages)
        .route("/api/v1/openapi.json", document)
        .fallback(api::info::nothing_here)
        .layer(session_layer(&state))
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(middleware::from_fn(|request, next| oversize::refuse(BODY_LIMIT, request, next)))
        .layer(CatchPanicLayer::custom(|_| {
            axum::response::IntoResponse::into_response(problem::Problem::new(
                axum::http::StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
            ))
        }))
        .layer(middleware::from_fn(finish::problems))
        .layer(CompressionLayer::new().compress_when(compressible))
        .layer(middleware::from_fn(finish::security))
        .layer(middleware::from_fn(encoding::choose))
        .with_state(state)
}

/// Sessions of staff: a cookie that scripts cannot read, bound to this host
/// over TLS, ended after eight idle hours.
fn session_layer(state: &State) -> SessionManagerLayer<Sessions> {
    let name = if state.secure { "__Host-fyren" } else { "fyren" };
    SessionManagerLayer::new(Sessions(Arc::clone(&state.app)))
        .with_name(name)
        .with_secure(state.secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(
            time::Duration::try_from(IDLE).unwrap_or(time::Duration::HOUR),
        ))
}

const IDLE: Duration = Duration::from_hours(8);
