//! `M/reports/{id}/photos/{position}`: what staff see of a report's photos.

use crate::http::{
    problem::{Document, Problem},
    state::{EventId, Municipal, PhotoPlace, SignedIn, State},
};
use axum::{
    extract::State as Extract,
    http::header,
    response::{IntoResponse, Response},
};

/// Shows one photo of a report, without any metadata; the read is noted in the
/// audit log. Photos are never public.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/reports/{id}/photos/{position}", tag = "reports",
    operation_id = "show_photo",
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("id" = String, Path, description = "Identity of the report"),
        ("position" = u32, Path, description = "0 for the first photo")
    ),
    responses(
        (status = 200, description = "The photo", body = Vec<u8>, content_type = "image/jpeg"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not read reports", body = Document),
        (status = 404, description = "No such report or photo", body = Document)
    )
)]
pub async fn show_photo(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    PhotoPlace(position): PhotoPlace,
) -> Result<Response, Problem> {
    let photo = state.app.show_photo(&staff, &ground, &id, position).await?;
    let head = [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "private, no-store")];
    Ok((head, photo.jpeg).into_response())
}
