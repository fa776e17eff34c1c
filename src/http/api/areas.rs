//! `/api/v1/areas`: groups of municipalities, such as local police areas, for
//! who has a role in all of their members.

use crate::app::AreaMember;
use crate::http::{
    problem::{Document, Problem},
    state::{AreaName, SignedIn, State},
};
use axum::{Json, extract::State as Extract, http::header::CACHE_CONTROL, response::IntoResponse};
use serde::Serialize;
use utoipa::ToSchema;

/// An area in the list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AreaHead)]
pub struct AreaHead {
    /// Its name.
    name: String,
    /// Codes of its municipalities.
    municipalities: Vec<String>,
}

/// An area as one picture.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AreaPicture)]
pub struct PictureView {
    /// Its name.
    name: String,
    /// Its municipalities, by name.
    municipalities: Vec<MemberView>,
}

/// A municipality within the picture of an area.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AreaMember)]
pub struct MemberView {
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// First local day of the numbers; the last is today.
    from: String,
    /// Reports that count for need.
    reports: i64,
    /// Visits of both contexts.
    visits: i64,
    /// Minutes of them.
    presence_minutes: i64,
    /// Days since the last visit to any district.
    days_since_visit: Option<i64>,
    /// Districts without any visit in these days.
    unvisited: usize,
    /// Districts.
    districts: usize,
    /// Residents, where they are known of every district.
    residents: Option<i64>,
}

impl From<AreaMember> for MemberView {
    fn from(member: AreaMember) -> Self {
        Self {
            code: member.code.to_string(),
            name: member.name,
            from: member.from.to_string(),
            reports: member.reports,
            visits: member.visits,
            presence_minutes: member.presence_minutes,
            days_since_visit: member.days_since_visit,
            unvisited: member.unvisited,
            districts: member.districts,
            residents: member.residents,
        }
    }
}

/// Lists the areas in all of whose municipalities whoever asks has a role that
/// sees presence beside need.
#[utoipa::path(
    get, path = "/api/v1/areas", tag = "layers", operation_id = "list_areas",
    responses(
        (status = 200, description = "The areas, by name; all of them", body = [AreaHead]),
        (status = 401, description = "Not signed in", body = Document)
    )
)]
pub async fn list_areas(
    Extract(state): Extract<State>,
    SignedIn(staff): SignedIn,
) -> Result<impl IntoResponse, Problem> {
    let areas = state.app.areas_of(&staff).await?;
    let head = |area: crate::app::Area| AreaHead {
        name: area.name,
        municipalities: area.municipalities.iter().map(ToString::to_string).collect(),
    };
    let heads: Vec<AreaHead> = areas.into_iter().map(head).collect();
    Ok(([(CACHE_CONTROL, "private, no-store")], Json(heads)))
}

/// One area as one picture: reports and presence of the last 365 days of each
/// municipality, beside each other and never added up.
#[utoipa::path(
    get, path = "/api/v1/areas/{area}", tag = "layers", operation_id = "show_area",
    params(("area" = String, Path, description = "Name of the area")),
    responses(
        (status = 200, description = "The picture", body = PictureView),
        (status = 401, description = "Not signed in", body = Document),
        (status = 404, description = "No such area, or no role in all of it", body = Document)
    )
)]
pub async fn show_area(
    Extract(state): Extract<State>,
    SignedIn(staff): SignedIn,
    AreaName(name): AreaName,
) -> Result<impl IntoResponse, Problem> {
    let picture = state.app.picture_area(&staff, &name).await?;
    let municipalities = picture.members.into_iter().map(MemberView::from).collect();
    let view = PictureView { name: picture.name, municipalities };
    Ok(([(CACHE_CONTROL, "private, no-store")], Json(view)))
}
