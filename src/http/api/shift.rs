//! `M/shift`: what the page of a shift shows, in one answer that a telephone keeps.

use super::paths::InMunicipality;
use super::visits::VisitDetail;
use crate::{
    app::{GOAL_DAYS, NextStop, Shift},
    http::{
        problem::{Document, Problem},
        query::Pairs,
        state::{Municipal, SignedIn, State},
    },
};
use axum::{Json, extract::State as Extract};
use fyren_core::domain::Violation;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

/// A shift.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Shift)]
pub struct ShiftView {
    /// The local day.
    today: String,
    /// Days after which a district without a visit is overdue.
    goal_days: i64,
    /// What the unit logged in the last 18 hours, the earliest first.
    logged: Vec<VisitDetail>,
    /// Where presence is due, the most pressing first.
    next: Vec<StopView>,
}

/// A place where presence is due.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NextStop)]
pub struct StopView {
    /// Key of the hot spot, or code of the district.
    key: String,
    /// Its name.
    name: String,
    /// District code.
    district: Option<String>,
    /// Degrees east of where to go.
    longitude: f64,
    /// Degrees north.
    latitude: f64,
    /// `overdue` (a district without a visit for longer than `goalDays`),
    /// `hot_spot` or `waiting`.
    because: &'static str,
    /// Whole days since the last visit; `null` where none is known.
    days_since_visit: Option<i64>,
    /// Reports there that have not ended; `null` to a role that sees none.
    open_reports: Option<usize>,
    /// Who owns what is done there, else who answers for the place.
    owner: Option<String>,
    /// Rank of the hot spot.
    rank: Option<i64>,
    /// Reports of the hot spot's period, or of the district.
    count: Option<i64>,
    /// Sources of a hot spot's reports.
    sources: Option<i64>,
}

impl From<NextStop> for StopView {
    fn from(stop: NextStop) -> Self {
        let NextStop { key, name, district, at, because, days_since, open_reports, owner, .. } =
            stop;
        let six = |degrees: f64| (degrees * 1e6).round() / 1e6;
        Self {
            key,
            name,
            district,
            longitude: six(at.longitude),
            latitude: six(at.latitude),
            because: because.code(),
            days_since_visit: days_since,
            open_reports,
            owner,
            rank: stop.rank,
            count: stop.count,
            sources: stop.sources,
        }
    }
}

/// Whose shift.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only the description of the interface reads it")]
pub struct OfUnit {
    /// Code of the unit; without it nothing that was logged is told
    unit: Option<String>,
}

/// Shows a shift: what a unit logged in the last 18 hours and no longer, and
/// where presence is due.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/shift", tag = "presence",
    operation_id = "read_shift", params(InMunicipality, OfUnit),
    responses(
        (status = 200, description = "The shift", body = ShiftView),
        (status = 400, description = "An unknown parameter", body = Document),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role logs no visits", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn read_shift(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    pairs: Pairs,
) -> Result<Json<ShiftView>, Problem> {
    let unit = asked_unit(&pairs)?;
    let Shift { logged, next } = state.app.read_shift(&staff, &ground, unit).await?;
    Ok(Json(ShiftView {
        today: state.app.today(&ground.zone).to_string(),
        goal_days: GOAL_DAYS,
        logged: logged.into_iter().map(|visit| VisitDetail::new(visit, &ground)).collect(),
        next: next.into_iter().map(StopView::from).collect(),
    }))
}

fn asked_unit(pairs: &Pairs) -> Result<Option<&str>, Problem> {
    match &pairs.0[..] {
        [] => Ok(None),
        [(name, unit)] if name == "unit" => Ok(Some(unit)),
        [(name, _), ..] if name != "unit" => {
            Err(Problem::bad_parameter(vec![Violation::new(name.as_str(), "unknown_parameter")]))
        }
        _ => Err(Problem::bad_parameter(vec![Violation::new("unit", "repeated_parameter")])),
    }
}
