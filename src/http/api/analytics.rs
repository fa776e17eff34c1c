//! `M/analytics`: the methods as questions, and the runs that compute them.

use super::layers::{caching, note};
use crate::{
    app::{
        self, Ground, Staff,
        analytics::{Analysis, Method, Progress, Question, parse_question},
        layers::{Format, LayerAnswer, Representation, etag},
    },
    http::{
        negotiated::Negotiated,
        problem::{Document, Problem},
        query::Pairs,
        state::{MaybeStaff, MethodName, Municipal, RunId, State},
        strict::Strict,
    },
};
use axum::{
    Json,
    body::Body,
    extract::State as Extract,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use fyren_core::domain::{Audience, Role, may_see};
use serde::{Deserialize, Serialize};
use std::{convert::Infallible, sync::Arc};
use utoipa::ToSchema;

/// Seconds after which a run may be asked about again.
const ASK_AGAIN: u64 = 2;

/// A method in the list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MethodView {
    /// Its name.
    name: &'static str,
    /// The parameters that it takes.
    parameters: Vec<&'static str>,
    /// Where it is, relative to the server; `.csv` beside it.
    href: String,
}

/// A question that is still being computed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunView {
    /// Its identity.
    id: String,
    /// The method.
    method: &'static str,
    /// `running`.
    state: &'static str,
    /// Simulations that are done.
    done: u32,
    /// Of how many; 0 where the method does not count.
    of: u32,
    /// Where to ask for the answer, and what to delete to end it.
    status_url: String,
}

/// The methods that whoever asks may use.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/analytics", tag = "analytics",
    operation_id = "list_methods", params(("code" = String, Path, description = "Municipality code")),
    responses(
        (status = 200, description = "Every method that may be asked", body = [MethodView]),
        (status = 404, description = "No such municipality", body = Document)
    )
)]
pub async fn list_methods(
    Municipal(ground): Municipal,
    MaybeStaff(staff): MaybeStaff,
) -> Json<Vec<MethodView>> {
    let roles = roles(staff.as_deref(), &ground).unwrap_or_default();
    let may = |method: &&Method| roles.iter().any(|role| may_see(*role, method.layer()));
    let views = Method::ALL.iter().filter(may).map(|method| MethodView {
        name: method.code(),
        parameters: method.parameters(),
        href: format!("/api/v1/municipalities/{}/analytics/{}", ground.code(), method.code()),
    });
    Json(views.collect())
}

/// The answer of a method: `GeoJSON`, or CSV with `.csv` behind the name. What
/// takes longer than some seconds goes on as a run.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/analytics/{method}", tag = "analytics",
    operation_id = "analyse",
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("method" = String, Path, description = "Name of the method, with .csv for CSV"),
        ("from" = Option<String>, Query, description = "First local day, inclusive"),
        ("to" = Option<String>, Query, description = "Local day after the last, exclusive"),
        ("hours" = Option<String>, Query, description = "Half-open and wrapping: 22-04"),
        ("weekdays" = Option<String>, Query, description = "fri,sat"),
        ("season" = Option<String>, Query, description = "spring, summer, autumn, winter"),
        ("category" = Option<String>, Query, description = "Codes separated by commas"),
        ("source" = Option<String>, Query, description = "Source classes separated by commas"),
        ("district" = Option<String>, Query, description = "Codes separated by commas"),
        ("bbox" = Option<String>, Query, description = "west,south,east,north in degrees"),
        ("area" = Option<String>, Query, description = "A saved patrol area, SET-NUMBER, for police roles"),
        ("crs" = Option<String>, Query, description = "EPSG:3006, EPSG:3007, …")
    ),
    responses(
        (status = 200, description = "A feature collection with method, version, params, n, \
            window, source, seed, limits and insufficient; or CSV", content(
            (String = "application/geo+json"), (String = "text/csv"))),
        (status = 202, description = "It takes longer; ask at statusUrl", body = RunView),
        (status = 304, description = "Nothing has changed"),
        (status = 400, description = "A parameter is unknown or malformed", body = Document),
        (status = 401, description = "Nobody has signed in", body = Document),
        (status = 403, description = "The role may not ask this", body = Document),
        (status = 404, description = "No such municipality or method, or no role in it", body = Document),
        (status = 409, description = "Somebody has ended the run", body = Document),
        (status = 422, description = "More events than the method takes; `alternative` says how \
            to ask for a sample", body = Document),
        (status = 503, description = "The queue is full, or the index is still loading", body = Document)
    )
)]
pub async fn analyse(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    MaybeStaff(staff): MaybeStaff,
    MethodName(name): MethodName,
    pairs: Pairs,
    negotiated: Negotiated,
) -> Result<Response, Problem> {
    let (method, format) = named(&name).ok_or_else(Problem::not_found)?;
    let roles = roles(staff.as_deref(), &ground);
    // Who may not ask learns nothing about the parameters either.
    app::layers::admit(method.layer(), roles.as_deref())?;
    let query = parse_question(method, &pairs.0, &ground.zone).map_err(app::Error::BadParameter)?;
    let today = state.app.today(&ground.zone);
    let question = Question { ground: Arc::clone(&ground), method, roles, query, today };
    let asked = state.app.ask(question).await?;
    note(&state, &ground, staff.as_deref(), method.layer()).await?;
    let tag = etag(
        &format!("{}{:?}", asked.version(), pairs.0),
        Representation {
            format,
            encoding: negotiated.encoding,
            language: negotiated.language.code(),
            build: env!("CARGO_PKG_VERSION"),
        },
    );
    let kept = caching(Audience::Staff, &tag)?;
    if negotiated.client_has(&tag) {
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    Ok(match state.app.analyse(asked).await? {
        Analysis::Ready(answer) => (kept, written(*answer, format)).into_response(),
        Analysis::Running(progress) => running(&ground, &progress),
    })
}

/// What sites are wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SitesWanted {
    /// Number of sites, 1 to 50; 6 without.
    p: Option<u64>,
    /// How far a site reaches in metres; 750 without.
    radius_m: Option<f64>,
    /// Whether every village must be near a site, as without.
    floor: Option<bool>,
    /// How near in metres; 1 500 without.
    floor_m: Option<f64>,
    /// Whether reports within reach of two sites count twice.
    backup: Option<bool>,
    /// First local day of the reports.
    from: Option<String>,
    /// Local day after the last.
    to: Option<String>,
    /// Categories of the reports, separated by commas.
    category: Option<String>,
    /// Hours of the reports: 22-04.
    hours: Option<String>,
}

impl SitesWanted {
    /// The same as the parameters of a question.
    fn pairs(self) -> Vec<(String, String)> {
        [
            ("p", self.p.map(|value| value.to_string())),
            ("radiusM", self.radius_m.map(|value| value.to_string())),
            ("floor", self.floor.map(|value| value.to_string())),
            ("floorM", self.floor_m.map(|value| value.to_string())),
            ("backup", self.backup.map(|value| value.to_string())),
            ("from", self.from),
            ("to", self.to),
            ("category", self.category),
            ("hours", self.hours),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
    }
}

/// Where to stand so that most reports, and every village, are within reach.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/analytics/plan/sites", tag = "analytics",
    operation_id = "plan_sites", request_body = SitesWanted,
    params(("code" = String, Path, description = "Municipality code")),
    responses(
        (status = 200, description = "The sites as points, with objective, bound and what the \
            floor costs", content((String = "application/geo+json"))),
        (status = 202, description = "It takes longer; ask at statusUrl", body = RunView),
        (status = 401, description = "Nobody has signed in", body = Document),
        (status = 403, description = "The role may not ask this", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 422, description = "The body breaks a rule, or the floor cannot be met", body = Document),
        (status = 503, description = "The queue is full, or the index is still loading", body = Document)
    )
)]
pub async fn plan_sites(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    MaybeStaff(staff): MaybeStaff,
    wanted: Strict<SitesWanted>,
) -> Result<Response, Problem> {
    ask_by_body(&state, &ground, staff.as_deref(), (Method::Sites, wanted.value.pairs())).await
}

/// The answer of a method whose parameters stood in the body.
pub(super) async fn ask_by_body(
    state: &State,
    ground: &Arc<Ground>,
    staff: Option<&Staff>,
    (method, pairs): (Method, Vec<(String, String)>),
) -> Result<Response, Problem> {
    let roles = roles(staff, ground);
    app::layers::admit(method.layer(), roles.as_deref())?;
    let query = parse_question(method, &pairs, &ground.zone).map_err(app::Error::Invalid)?;
    let today = state.app.today(&ground.zone);
    let question = Question { ground: Arc::clone(ground), method, roles, query, today };
    let asked = state.app.ask(question).await?;
    note(state, ground, staff, method.layer()).await?;
    let private = [(header::CACHE_CONTROL, "private, no-store")];
    Ok(match state.app.analyse(asked).await.map_err(in_body)? {
        Analysis::Ready(answer) => (private, written(*answer, Format::GeoJson)).into_response(),
        Analysis::Running(progress) => running(ground, &progress),
    })
}

/// What a method refuses stood in the body and not in the address.
fn in_body(error: app::Error) -> app::Error {
    match error {
        app::Error::BadParameter(broken) => app::Error::Invalid(broken),
        other => other,
    }
}

/// The answer of a run that took longer, or how far it has come.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/analytics/runs/{id}", tag = "analytics",
    operation_id = "follow_run",
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("id" = String, Path, description = "Identity of the run")
    ),
    responses(
        (status = 200, description = "The answer", content((String = "application/geo+json"))),
        (status = 202, description = "Still running", body = RunView),
        (status = 401, description = "Nobody has signed in", body = Document),
        (status = 404, description = "No such run for these eyes; ask the method again", body = Document),
        (status = 409, description = "Somebody has ended the run", body = Document)
    )
)]
pub async fn follow_run(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    MaybeStaff(staff): MaybeStaff,
    RunId(id): RunId,
) -> Result<Response, Problem> {
    let roles = roles(staff.as_deref(), &ground);
    let whole =
        parse_question(Method::Clusters, &[], &ground.zone).map_err(app::Error::BadParameter)?;
    let analysis = state.app.follow_run(&ground, roles.as_deref(), &id, &whole).await?;
    let private = [(header::CACHE_CONTROL, "private, no-store")];
    Ok(match analysis {
        Analysis::Ready(answer) => (private, written(*answer, Format::GeoJson)).into_response(),
        Analysis::Running(progress) => running(&ground, &progress),
    })
}

/// Ends a run.
#[utoipa::path(
    delete, path = "/api/v1/municipalities/{code}/analytics/runs/{id}", tag = "analytics",
    operation_id = "cancel_run",
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("id" = String, Path, description = "Identity of the run")
    ),
    responses(
        (status = 204, description = "It ends before its next simulations"),
        (status = 401, description = "Nobody has signed in", body = Document),
        (status = 404, description = "No such run for these eyes", body = Document)
    )
)]
pub async fn cancel_run(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    MaybeStaff(staff): MaybeStaff,
    RunId(id): RunId,
) -> Result<StatusCode, Problem> {
    state.app.cancel_run(&ground, roles(staff.as_deref(), &ground).as_deref(), &id)?;
    Ok(StatusCode::NO_CONTENT)
}

fn roles(staff: Option<&Staff>, ground: &Ground) -> Option<Vec<Role>> {
    staff.map(|staff| staff.roles_in(ground.code()).to_vec())
}

/// The method and the format that a name such as `clusters.csv` means.
fn named(name: &str) -> Option<(Method, Format)> {
    match name.strip_suffix(".csv") {
        Some(name) => Method::parse(name).map(|method| (method, Format::Csv)),
        None => Method::parse(name).map(|method| (method, Format::GeoJson)),
    }
}

fn written(answer: LayerAnswer, format: Format) -> Response {
    let pieces = answer.pieces(format);
    let body = Body::from_stream(stream::iter(pieces.map(Ok::<_, Infallible>)));
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()))];
    (kind, body).into_response()
}

fn running(ground: &Ground, progress: &Progress) -> Response {
    let Progress { id, method, done, of } = progress;
    let status_url = format!("/api/v1/municipalities/{}/analytics/runs/{id}", ground.code());
    let mut headers = HeaderMap::new();
    headers.insert(header::RETRY_AFTER, HeaderValue::from(ASK_AGAIN));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.extend(HeaderValue::from_str(&status_url).map(|url| (header::LOCATION, url)));
    let view = RunView {
        id: id.clone(),
        method: method.code(),
        state: "running",
        done: *done,
        of: *of,
        status_url,
    };
    (StatusCode::ACCEPTED, headers, Json(view)).into_response()
}
