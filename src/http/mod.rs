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
pub mod plan_sheet;
pub mod plan_words;
pub mod problem;
mod query;
mod serve;
mod sessions;
pub mod state;
mod strict;
mod tiles;
mod unchanged;
mod upload;

pub use serve::{Options, build, serve};

use axum::{Json, Router, extract::DefaultBodyLimit, middleware, routing::get};
use sessions::Sessions;
use state::State;
use std::sync::Arc;
use tower::ServiceBuilder;
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
/// Longest file that can be uploaded, in bytes.
const UPLOAD_LIMIT: usize = crate::app::uploads::UPLOAD_LIMIT;
/// Longest form with such a file: borders and words come on top, in bytes.
const UPLOAD_FORM_LIMIT: usize = UPLOAD_LIMIT + (1 << 20);

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
        (name = "moderation", description = "What waits, and what moderators do / Det som väntar, och det som moderatorer gör"),
        (name = "records", description = "Requests for documents, and what is let go by decision / Begäran om allmän handling, och gallring efter beslut"),
        (name = "presence", description = "Visits / Besök"),
        (name = "layers", description = "Named questions as features / Namngivna frågor som objekt"),
        (name = "measures", description = "What is done, and what came of it / Vad som görs, och vad det gav"),
        (name = "releases", description = "What the public may see / Vad allmänheten får se"),
        (name = "plans", description = "Patrol plans, for the police alone / Patrullplaner, bara för polisen"),
        (name = "vetoes", description = "Hot spots that those who know the place say not to act on / Hot spots som den som kan platsen säger ska lämnas"),
        (name = "imports", description = "Files that staff import / Filer som personal läser in"),
        (name = "users", description = "Who may sign in, and by what / Vem som får logga in, och med vad"),
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
        .routes(routes!(api::check::check_text))
        .routes(routes!(api::receipt::read_receipt))
        .routes(routes!(api::mail::ask_for_mail, api::mail::stop_mail))
        .routes(routes!(api::voices::add_voice))
        .routes(routes!(api::loop_facts::read_loop))
        .routes(routes!(api::releases::list_releases))
        .routes(routes!(api::layers::list_layers))
        .routes(routes!(api::layers::show_layer))
        .routes(routes!(api::places::find_places))
        .routes(routes!(api::places::show_owner))
        .routes(routes!(tiles::show_basemap_tile))
        .routes(routes!(tiles::show_tile));
    let staff = OpenApiRouter::new()
        .routes(routes!(api::session::sign_in, api::session::show_session, api::session::sign_out))
        .routes(routes!(api::session::challenge_passkey))
        .routes(routes!(api::session::sign_in_by_passkey))
        .routes(routes!(api::outside::sign_in_outside))
        .routes(routes!(api::account::show_account))
        .routes(routes!(api::account::change_password))
        .routes(routes!(
            api::account::start_one_time,
            api::account::set_one_time,
            api::account::remove_one_time
        ))
        .routes(routes!(api::account::renew_recovery_codes))
        .routes(routes!(api::account::start_passkey))
        .routes(routes!(api::account::save_passkey))
        .routes(routes!(api::account::remove_passkey))
        .routes(routes!(api::account::sign_out_everywhere))
        .routes(routes!(api::users::list_users, api::users::create_user))
        .routes(routes!(api::users::change_user))
        .routes(routes!(api::users::reset_user))
        .routes(routes!(api::users::end_user_sessions))
        .routes(routes!(api::users::issue_token))
        .routes(routes!(api::users::revoke_token))
        .routes(routes!(api::users::demand_second_factor))
        .routes(routes!(api::areas::list_areas))
        .routes(routes!(api::areas::show_area))
        .routes(routes!(api::moderation::read_report))
        .routes(routes!(api::photos::show_photo))
        .routes(routes!(api::moderation::change_status))
        .routes(routes!(api::threads::answer_report))
        .routes(routes!(api::threads::mark_thread_read))
        .routes(routes!(api::threads::list_waiting))
        .routes(routes!(api::moderation::quarantine_report))
        .routes(routes!(api::moderation::merge_report))
        .routes(routes!(api::moderation::mark_duplicate))
        .routes(routes!(api::measures::list_measures, api::measures::create_measure))
        .routes(routes!(api::measures::replace_measure))
        .routes(routes!(api::partners::list_partners, api::partners::add_partner))
        .routes(routes!(api::partners::revoke_partner))
        .routes(routes!(api::embargoes::list_embargoes))
        .routes(routes!(api::embargoes::save_embargo, api::embargoes::lift_embargo))
        .routes(routes!(api::vetoes::list_vetoes, api::vetoes::veto_spot))
        .routes(routes!(api::vetoes::review_veto))
        .routes(routes!(api::releases::preview_release))
        .routes(routes!(api::releases::publish_release))
        .routes(routes!(api::releases::publish_defect, api::releases::withdraw_defect))
        .routes(routes!(api::visits::log_visit))
        .routes(routes!(
            api::presence::list_presence,
            api::presence::tell_presence,
            api::presence::import_presence
        ))
        .routes(routes!(api::presence::list_summaries))
        .routes(routes!(api::visits::read_visit))
        .routes(routes!(api::visits::withdraw_visit))
        .routes(routes!(api::shift::read_shift))
        .routes(routes!(api::controls::list_controls, api::controls::create_control))
        .routes(routes!(api::controls::list_control_candidates))
        .routes(routes!(api::watch::list_watch_areas, api::watch::create_watch_area))
        .routes(routes!(api::watch::replace_watch_area))
        .routes(routes!(api::watch::log_pass))
        .routes(routes!(api::watch::list_bulletins, api::watch::publish_bulletin))
        .routes(routes!(api::calendar::list_calendar, api::calendar::create_calendar_entry))
        .routes(routes!(api::calendar::replace_calendar_entry))
        .routes(routes!(api::figures::list_figures, api::figures::save_figures))
        .routes(routes!(api::controls::report_controls))
        .routes(routes!(api::controls::add_control_step))
        .routes(routes!(api::events::follow_events))
        .routes(routes!(api::analytics::list_methods))
        .routes(routes!(api::analytics::analyse))
        .routes(routes!(api::analytics::plan_sites))
        .routes(routes!(api::plan_tour::plan_patrol))
        .routes(routes!(api::plan_areas::plan_areas))
        .routes(routes!(api::patrol_areas::list_patrol_areas, api::patrol_areas::keep_patrol_areas))
        .routes(routes!(api::patrol_areas::delete_patrol_areas))
        .routes(routes!(api::analytics::follow_run, api::analytics::cancel_run));
    let api = OpenApiRouter::with_openapi(Api::openapi());
    api.merge(anybody).merge(staff).merge(plans()).merge(moderation())
}

/// What the police plan.
fn plans() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(api::plans::list_plans, api::plans::keep_plan))
        .routes(routes!(api::plans::show_current_plans))
        .routes(routes!(api::plan_letters::list_sheet_recipients))
        .routes(routes!(api::plan_letters::send_plan_sheet))
        .routes(routes!(api::plan_wishes::list_stop_wishes, api::plan_wishes::wish_for_stop))
        .routes(routes!(api::plan_wishes::end_stop_wish))
        .routes(routes!(api::plans::show_plan, api::plans::change_plan))
        .routes(routes!(api::plan_files::show_plan_file))
}

/// What moderators do, and public records.
fn moderation() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(api::wishes::list_watch_wishes))
        .routes(routes!(api::wishes::add_wish_step))
        .routes(routes!(api::queue::review_queue))
        .routes(routes!(api::queue::act_on_reports))
        .routes(routes!(api::redactions::list_redactions, api::redactions::redact_report))
        .routes(routes!(api::redactions::redacted_original))
        .routes(routes!(api::forwards::list_forwards, api::forwards::forward_report))
        .routes(routes!(api::forwards::close_forward))
        .routes(routes!(api::templates::answer_templates))
        .routes(routes!(
            api::templates::save_answer_template,
            api::templates::delete_answer_template
        ))
        .routes(routes!(api::records::record_requests, api::records::open_request))
        .routes(routes!(api::records::record_request))
        .routes(routes!(api::records::review_record))
        .routes(routes!(api::records::close_request))
        .routes(routes!(api::records::export_request))
        .routes(routes!(api::retention::show_retention))
        .routes(routes!(api::retention::save_decision))
        .routes(routes!(api::retention::run_retention))
}

/// Reports, whose bodies may hold photos.
fn reports() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(api::reports::submit_report))
        .routes(routes!(api::threads::reply_to_answer))
}

/// Imports, whose bodies may be long.
fn imports() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(api::imports::upload_file, api::imports::list_imports))
        .routes(routes!(
            api::imports::read_import,
            api::imports::set_import,
            api::imports::discard_import
        ))
        .routes(routes!(api::imports::check_import))
        .routes(routes!(api::imports::start_import))
        .routes(routes!(api::imports::undo_import))
}

/// The description of the JSON interface (`OpenAPI` 3.1). A copy lies in
/// `web/src/api/openapi.json`, from which the types of the front end are made.
pub fn openapi() -> utoipa::openapi::OpenApi {
    api().merge(reports()).merge(imports()).into_openapi()
}

/// Every route of the server, with what each request and answer passes through.
pub fn router(state: State) -> Router {
    let (routes, _) = api().split_for_parts();
    let (imports, _) = imports().split_for_parts();
    let imports = with_forms(imports, UPLOAD_LIMIT, UPLOAD_FORM_LIMIT);
    let (reports, _) = reports().split_for_parts();
    let reports = reports.merge(pages::report_router(&state));
    let reports = with_forms(reports, BODY_LIMIT, upload::PHOTO_FORM_BYTES);
    let openapi = Arc::new(openapi());
    let document = get(move || {
        let openapi = Arc::clone(&openapi);
        async move { Json((*openapi).clone()) }
    });
    let compressible = SizeAbove::new(64)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("text/event-stream"))
        .and(NotForContentType::const_new("font/"));
    let pages = if state.demo { pages::router().merge(demo::router()) } else { pages::router() };
    let routes = routes
        .merge(pages)
        .route("/api/v1/openapi.json", document)
        .fallback(api::info::nothing_here);
    let routes = bounded(routes, BODY_LIMIT).merge(imports).merge(reports);
    // Around all routes at once: layers on each of them are copied, one into
    // the other, for every request.
    let around = ServiceBuilder::new()
        .layer(middleware::from_fn_with_state(Arc::clone(&state), unchanged::at_once))
        .layer(middleware::from_fn(encoding::choose))
        .layer(middleware::from_fn(finish::security))
        .layer(CompressionLayer::new().compress_when(compressible))
        .layer(middleware::from_fn(finish::problems))
        .layer(CatchPanicLayer::custom(|_| {
            axum::response::IntoResponse::into_response(problem::Problem::new(
                axum::http::StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
            ))
        }))
        .layer(session_layer(&state));
    Router::new().fallback_service(around.service(routes.with_state(state)))
}

/// Routes whose bodies have at most `limit` bytes.
fn bounded(routes: Router<State>, limit: usize) -> Router<State> {
    routes
        .layer(RequestBodyLimitLayer::new(limit))
        .layer(middleware::from_fn(move |request, next| oversize::refuse(limit, request, next)))
}

/// Routes whose bodies have at most `limit` bytes, and forms with files in them
/// at most `form`.
fn with_forms(routes: Router<State>, limit: usize, form: usize) -> Router<State> {
    routes.layer(RequestBodyLimitLayer::new(form)).layer(DefaultBodyLimit::max(BODY_LIMIT)).layer(
        middleware::from_fn(move |request: axum::extract::Request, next| {
            let limit = if upload::is_upload(request.headers()) { form } else { limit };
            oversize::refuse(limit, request, next)
        }),
    )
}

/// Sessions of staff: a cookie that scripts cannot read, bound to this host
/// over TLS, forgotten by the browser when it idles.
fn session_layer(state: &State) -> SessionManagerLayer<Sessions> {
    let name = if state.secure { "__Host-fyren" } else { "fyren" };
    SessionManagerLayer::new(Sessions(Arc::clone(&state.app)))
        .with_name(name)
        .with_secure(state.secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(time::Duration::seconds(i64::from(sessions::IDLE_S))))
}
