//! What only a demonstration serves: the planner's seat without a password, the
//! lineup of maps, and any municipality in seconds.

use super::{
    pages,
    problem::Problem,
    sessions,
    state::{Municipal, State, same_origin},
};
use crate::app::{self, NewMunicipality};
use axum::{
    Json, Router,
    extract::{Form, RawQuery, State as Extract},
    http::{HeaderMap, StatusCode},
    response::Redirect,
    routing::{get, post},
};
use fyren_core::domain::{MunicipalityCode, Role, Violation};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

/// The routes, for a demonstration alone.
pub fn router() -> Router<State> {
    Router::new()
        .route("/demo/maps.json", get(line_up_maps))
        .route("/demo/letters", get(pages::show_demo_letters))
        .route("/demo/municipality", post(choose_municipality))
        .route("/{code}/staff/demo", get(take_the_planners_seat))
}

/// One small map: cells as `[column, row, step]`.
#[derive(Serialize)]
struct MapView {
    id: usize,
    cells: Vec<(usize, usize, u8)>,
}

/// The lineup as the page draws it.
#[derive(Serialize)]
struct LineupView {
    columns: usize,
    rows: usize,
    maps: Vec<MapView>,
    real: usize,
    reports: usize,
    marked: Vec<(usize, usize)>,
}

/// Seed of the lineup: the same maps at every start on the same reports.
const SEED: u64 = 1427;

/// `GET /demo/maps.json`.
async fn line_up_maps(Extract(state): Extract<State>) -> Result<Json<LineupView>, Problem> {
    let first = state.app.demo_municipality().await?;
    let ground = state.app.ground(first.as_str()).await?;
    let today = state.app.today(&ground.zone);
    let lineup = state.app.layers.heat_lineup(&ground, today, SEED).await?;
    Ok(Json(LineupView {
        columns: lineup.columns,
        rows: lineup.rows,
        maps: lineup
            .maps
            .into_iter()
            .enumerate()
            .map(|(id, cells)| MapView { id, cells })
            .collect(),
        real: lineup.real,
        reports: lineup.reports,
        marked: lineup.marked,
    }))
}

/// Which municipality to add.
#[derive(Deserialize)]
struct Choice {
    code: String,
}

/// `POST /demo/municipality`: adds any of Sweden's and goes to its picture.
async fn choose_municipality(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    Form(choice): Form<Choice>,
) -> Result<Redirect, Problem> {
    if !same_origin(&headers) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "cross-origin"));
    }
    let code = MunicipalityCode::parse(&choice.code)?;
    let known = state.app.municipalities().await?.iter().any(|summary| summary.code == code);
    if !known {
        let new =
            NewMunicipality { code: code.clone(), name: None, boundary: None, time_zone: None };
        state.app.add_municipality("demo", new).await.map_err(|failure| match failure {
            app::FileFailure::App(error) => Problem::from(error),
            app::FileFailure::File(_) => Problem::from(Violation::new("code", "unknown_value")),
        })?;
    }
    state.app.open_to_demo(&code).await?;
    Ok(Redirect::to(&format!("/{code}/picture")))
}

/// `GET /{code}/staff/demo`: signs the visitor in as the demonstration's
/// planner, so that the start page can show the planner's map, or a plan for
/// the district that is `due`.
async fn take_the_planners_seat(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    session: Session,
    RawQuery(query): RawQuery,
) -> Result<Redirect, Problem> {
    let planner = state.app.take_demo_seat(Role::PolicePlanner).await?;
    sessions::begin(&session, &state.app, &planner).await?;
    let fields: Vec<(String, String)> =
        serde_urlencoded::from_str(&query.unwrap_or_default()).unwrap_or_default();
    let plain = |text: &&str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let field = |wanted: &str| {
        let found = fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
        found.filter(plain).unwrap_or_default()
    };
    let (root, language) = (format!("/{}/staff/", ground.code()), field("lang"));
    Ok(Redirect::to(&match field("due") {
        "" => format!("{root}?embedded=1&lang={language}"),
        district => format!("{root}plan?due={district}&lang={language}"),
    }))
}
