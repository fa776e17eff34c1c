//! `M/layers`: named questions, answered as features.

use crate::{
    app::{
        self, Ground, Staff,
        layers::{Format, LAYERS, LayerRequest, Representation, etag, parameters, parse_query},
    },
    http::{
        negotiated::Negotiated,
        problem::{Document, Problem},
        query::Pairs,
        state::{LayerName, MaybeStaff, Municipal, State},
        unchanged,
    },
};
use axum::{
    Json,
    body::Body,
    extract::State as Extract,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use fyren_core::domain::{Audience, Layer, may_see};
use serde::Serialize;
use std::{convert::Infallible, sync::Arc};
use utoipa::ToSchema;

/// A layer in the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct LayerView {
    /// Its name.
    name: &'static str,
    /// `public` or `staff`.
    audience: &'static str,
    /// The parameters that it takes.
    parameters: Vec<&'static str>,
    /// Where it is, relative to the server; `.csv` beside it.
    href: String,
}

/// The layers that whoever asks may see, whole.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/layers", tag = "layers",
    operation_id = "list_layers", params(("code" = String, Path, description = "Municipality code")),
    responses(
        (status = 200, description = "Every layer that may be seen", body = [LayerView]),
        (status = 404, description = "No such municipality", body = Document)
    )
)]
pub async fn list_layers(
    Municipal(ground): Municipal,
    MaybeStaff(staff): MaybeStaff,
) -> Json<Vec<LayerView>> {
    let roles = staff.as_ref().map_or(&[][..], |staff| staff.roles_in(ground.code()));
    let seen = LAYERS.iter().filter(|layer| {
        layer.audience() == Audience::Public || roles.iter().any(|role| may_see(*role, **layer))
    });
    let views = seen.map(|layer| LayerView {
        name: layer.code(),
        audience: match layer.audience() {
            Audience::Public => "public",
            Audience::Staff => "staff",
        },
        parameters: parameters(*layer),
        href: format!("/api/v1/municipalities/{}/layers/{layer}", ground.code()),
    });
    Json(views.collect())
}

/// One layer, whole: GeoJSON, or CSV with `.csv` behind the name.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/layers/{layer}", tag = "layers",
    operation_id = "show_layer",
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("layer" = String, Path, description = "Name of the layer, with .csv for CSV"),
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
        ("crs" = Option<String>, Query, description = "EPSG:3006, EPSG:3007, …"),
        ("limit" = Option<usize>, Query, description = "At most so many; all without"),
        ("offset" = Option<usize>, Query, description = "So many are passed over")
    ),
    responses(
        (status = 200, description = "A feature collection, or CSV", content(
            (String = "application/geo+json"), (String = "text/csv"))),
        (status = 304, description = "Nothing has changed"),
        (status = 400, description = "A parameter is unknown or malformed", body = Document),
        (status = 401, description = "A layer of staff, and nobody has signed in", body = Document),
        (status = 403, description = "The role may not see this layer", body = Document),
        (status = 404, description = "No such municipality or layer, or no role in it", body = Document),
        (status = 503, description = "The index is still loading", body = Document)
    )
)]
pub async fn show_layer(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    MaybeStaff(staff): MaybeStaff,
    LayerName(name): LayerName,
    pairs: Pairs,
    negotiated: Negotiated,
) -> Result<Response, Problem> {
    let (layer, format) = named(&name).ok_or_else(Problem::not_found)?;
    let query = parse_query(layer, &pairs.0, &ground.zone).map_err(app::Error::BadParameter);
    // Who may not see a layer learns nothing about its parameters either.
    let roles = staff.as_ref().map(|staff| staff.roles_in(ground.code()).to_vec());
    app::layers::admit(layer, roles.as_deref())?;
    let today = state.app.today(&ground.zone);
    let request = LayerRequest { ground: Arc::clone(&ground), layer, roles, query: query?, today };
    let prepared = state.app.layers.prepare(request).await?;
    note(&state, &ground, staff.as_deref(), layer).await?;
    let tag = etag(
        prepared.version(),
        Representation {
            format,
            encoding: negotiated.encoding,
            language: negotiated.language.code(),
            build: env!("CARGO_PKG_VERSION"),
        },
    );
    let kept = caching(prepared.audience(), &tag)?;
    if negotiated.client_has(&tag) {
        return Ok(unchanged::unchanged(kept));
    }
    let pieces = prepared.answer().await?.pieces(format);
    let body = Body::from_stream(stream::iter(pieces.map(Ok::<_, Infallible>)));
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()))];
    Ok((kept, kind, body).into_response())
}

/// The layer and the format that a name such as `reports.csv` means.
fn named(name: &str) -> Option<(Layer, Format)> {
    match name.strip_suffix(".csv") {
        Some(name) => Layer::parse(name).map(|layer| (layer, Format::Csv)),
        None => Layer::parse(name).map(|layer| (layer, Format::GeoJson)),
    }
}

/// Notes in the audit log that a layer of staff is read.
pub(in crate::http) async fn note(
    state: &State,
    ground: &Ground,
    staff: Option<&Staff>,
    layer: Layer,
) -> Result<(), Problem> {
    match (layer.audience(), staff) {
        (Audience::Staff, Some(staff)) => {
            Ok(state.app.note_read(staff, ground.code(), layer).await?)
        }
        _ => Ok(()),
    }
}

/// What caches may do with an answer.
pub(in crate::http) fn caching(audience: Audience, tag: &str) -> Result<HeaderMap, Problem> {
    let (control, vary) = match audience {
        Audience::Public => (
            "public, max-age=60, stale-while-revalidate=600",
            "Accept-Encoding, Accept-Language, Cookie",
        ),
        Audience::Staff => ("private, no-cache", "Authorization, Cookie, Accept-Encoding"),
    };
    let tag = HeaderValue::from_str(tag)
        .map_err(|error| Problem::from(app::Error::Bug(error.to_string())))?;
    Ok(HeaderMap::from_iter([
        (header::ETAG, tag),
        (header::CACHE_CONTROL, HeaderValue::from_static(control)),
        (header::VARY, HeaderValue::from_static(vary)),
    ]))
}
