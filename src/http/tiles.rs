//! `/tiles`: layers as vector tiles, to the same eyes as their GeoJSON.

use super::{
    api::layers::{caching, note},
    negotiated::Negotiated,
    problem::{Document, Problem},
    query::Pairs,
    state::{MaybeStaff, Municipal, State, TilePlace},
    unchanged,
};
use crate::app::{
    self, basemap_tag,
    layers::{LayerRequest, parse_tile_query, tile_tag},
};
use axum::{
    extract::State as Extract,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use fyren_core::domain::{Audience, Layer};
use std::sync::Arc;

/// Media type of a vector tile.
const MEDIA_TYPE: &str = "application/vnd.mapbox-vector-tile";

/// One tile of a layer, under 100 kB whatever it holds. A tile of few events
/// has each of them with all its fields; one of many has a feature for each
/// square of the tile, whose `count` says how many it stands for.
#[utoipa::path(
    get, path = "/tiles/{code}/{layer}/{z}/{x}/{y}", tag = "layers",
    operation_id = "show_tile",
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("layer" = String, Path, description = "Name of the layer, which is also the name of the layer in the tile"),
        ("z" = String, Path, description = "Zoom, 0 to 22"),
        ("x" = String, Path, description = "Column"),
        ("y" = String, Path, description = "Row, with .mvt behind it"),
        ("from" = Option<String>, Query, description = "First local day, inclusive"),
        ("to" = Option<String>, Query, description = "Local day after the last, exclusive"),
        ("hours" = Option<String>, Query, description = "Half-open and wrapping: 22-04"),
        ("weekdays" = Option<String>, Query, description = "fri,sat"),
        ("season" = Option<String>, Query, description = "spring, summer, autumn, winter"),
        ("category" = Option<String>, Query, description = "Codes separated by commas"),
        ("source" = Option<String>, Query, description = "Source classes separated by commas"),
        ("district" = Option<String>, Query, description = "Codes separated by commas"),
        ("square" = Option<u8>, Query, description = "Of reports, incidents and visits: width in pixels (8, 16, 32, 64; 8 without) of the squares in which many are counted")
    ),
    responses(
        (status = 200, description = "A vector tile; an empty one has no bytes", content_type = "application/vnd.mapbox-vector-tile", body = Vec<u8>),
        (status = 304, description = "Nothing has changed"),
        (status = 400, description = "No such tile, or a parameter is unknown or malformed", body = Document),
        (status = 401, description = "A layer of staff, and nobody has signed in", body = Document),
        (status = 403, description = "The role may not see this layer", body = Document),
        (status = 404, description = "No such municipality or layer, or no role in it", body = Document),
        (status = 503, description = "The index is still loading", body = Document)
    )
)]
pub async fn show_tile(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    MaybeStaff(staff): MaybeStaff,
    place: TilePlace,
    pairs: Pairs,
    negotiated: Negotiated,
) -> Result<Response, Problem> {
    let layer = Layer::parse(&place.layer).ok_or_else(Problem::not_found)?;
    // Who may not see a layer learns nothing about its parameters either.
    let roles = staff.as_ref().map(|staff| staff.roles_in(ground.code()).to_vec());
    app::layers::admit(layer, roles.as_deref())?;
    let tile = place.tile()?;
    let query =
        parse_tile_query(layer, &pairs.0, &ground.zone).map_err(app::Error::BadParameter)?;
    let today = state.app.today(&ground.zone);
    let request = LayerRequest { ground: Arc::clone(&ground), layer, roles, query, today };
    let prepared = state.app.layers.prepare(request).await?;
    note(&state, &ground, staff.as_deref(), layer).await?;
    let encoding = negotiated.encoding;
    let tag = tile_tag(prepared.version(), tile, encoding, env!("CARGO_PKG_VERSION"));
    let kept = caching(prepared.audience(), &tag)?;
    if negotiated.client_has(&tag) {
        return Ok(unchanged::unchanged(kept));
    }
    let headers = described(kept, encoding);
    if let Some(bytes) = prepared.kept_tile(&tag) {
        return Ok(unchanged::ready(headers, bytes));
    }
    Ok((headers, prepared.tile(tile, encoding, tag).await?).into_response())
}

/// The headers of a packed tile.
fn described(mut headers: HeaderMap, encoding: &'static str) -> HeaderMap {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    if encoding != "identity" {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    headers
}

/// One tile of the base map: land, coast, water, streets, buildings and names,
/// whatever of it the municipality has imported. Empty where nothing is.
#[utoipa::path(
    get, path = "/tiles/{code}/basemap/{z}/{x}/{y}", tag = "layers",
    operation_id = "show_basemap_tile",
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("z" = String, Path, description = "Zoom, 8 to 15"),
        ("x" = String, Path, description = "Column"),
        ("y" = String, Path, description = "Row, with .mvt behind it"),
        ("v" = Option<String>, Query, description = "The version, so that a new base map has a new address")
    ),
    responses(
        (status = 200, description = "A vector tile; an empty one has no bytes", content_type = "application/vnd.mapbox-vector-tile", body = Vec<u8>),
        (status = 304, description = "Nothing has changed"),
        (status = 400, description = "No such tile", body = Document),
        (status = 404, description = "No such municipality, or no base map", body = Document)
    )
)]
pub async fn show_basemap_tile(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    place: TilePlace,
    negotiated: Negotiated,
) -> Result<Response, Problem> {
    let tile = place.tile()?;
    let head = state.app.basemap(ground.code()).await?.ok_or_else(Problem::not_found)?;
    let encoding = negotiated.encoding;
    let tag = basemap_tag(&ground, &head, tile, encoding);
    let mut kept = caching(Audience::Public, &tag)?;
    let long = HeaderValue::from_static("public, max-age=86400, stale-while-revalidate=604800");
    kept.insert(header::CACHE_CONTROL, long);
    kept.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if negotiated.client_has(&tag) {
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    let bytes = state.app.basemap_tile(ground.code(), tile, encoding, &tag).await?;
    Ok((described(kept, encoding), bytes).into_response())
}
