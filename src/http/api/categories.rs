//! `GET M/categories`: what a report can be about.

use crate::http::state::Municipal;
use axum::Json;
use fyren_core::domain::CATEGORIES;
use serde::Serialize;
use utoipa::ToSchema;

/// A name in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub struct Names {
    /// Swedish.
    sv: &'static str,
    /// English.
    en: &'static str,
}

impl Names {
    /// The name in Swedish and English.
    pub const fn new(sv: &'static str, en: &'static str) -> Self {
        Self { sv, en }
    }
}

/// One category.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CategoryView {
    /// Stable code.
    code: &'static str,
    /// Part of the form that it stands in.
    group: &'static str,
    /// Name.
    name: Names,
    /// How far it may reach the public: `points`, `aggregate`, `coarse`, `staff` or `never`.
    publicity: &'static str,
    /// Whether only the district of such a report is kept.
    district_only: bool,
}

/// Every category, whole, in the order of the form.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/categories", tag = "reports",
    operation_id = "list_categories", params(("code" = String, Path, description = "Municipality code")),
    responses(
        (status = 200, description = "Every category", body = [CategoryView]),
        (status = 404, description = "No such municipality", body = crate::http::problem::Document)
    )
)]
pub async fn list_categories(_municipality: Municipal) -> Json<Vec<CategoryView>> {
    let views = CATEGORIES.iter().map(|category| {
        let (sv, en) = category.names();
        CategoryView {
            code: category.code(),
            group: category.group().code(),
            name: Names::new(sv, en),
            publicity: category.publicity().code(),
            district_only: category.district_only(),
        }
    });
    Json(views.collect())
}
