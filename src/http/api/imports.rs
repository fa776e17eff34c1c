//! `M/imports`: staff upload a file, correct how it is understood, try it,
//! import it and take it back.

mod received;
mod view;

use crate::{
    app::{ImportKind, uploads::ImportSettings},
    http::{
        problem::{Document, Problem},
        query::Pairs,
        state::{EventId, Municipal, SignedIn, State},
        strict::Strict,
    },
};
use axum::{
    Json,
    body::Body,
    extract::State as Extract,
    http::{HeaderMap, StatusCode},
};
use fyren_core::domain::Violation;
use received::{Uploader, receive};
use view::{FileForm, Import, Settings};

/// Uploads a file and says how it is understood. Nothing is stored yet.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/imports", tag = "imports",
    operation_id = "upload_file",
    request_body(
        description = "The file as it is, or a form with it",
        content((String = "application/octet-stream"), (FileForm = "multipart/form-data"))
    ),
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("kind" = Option<String>, Query, description = "`reports`, `incidents`, `visits`, `tracks`, `areas`, `exposure`, `speeds` or `surveys`; required unless it stands in a form"),
        ("name" = Option<String>, Query, description = "Name of the file; the data set is named after it")
    ),
    responses(
        (status = 201, description = "The file waits; `failed` where it cannot be understood", body = Import),
        (status = 400, description = "A parameter is unknown or missing, or the form cannot be read", body = Document),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not import", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 409, description = "Too many files wait", body = Document),
        (status = 413, description = "The file is too large", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn upload_file(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    Pairs(pairs): Pairs,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Import>), Problem> {
    let by = Uploader { app: &state.app, staff: &staff, ground: &ground };
    let (kind, file) = receive(by, &pairs, &headers, body).await?;
    let view = state.app.keep_file(&staff, &ground, (kind, file)).await?;
    Ok((StatusCode::CREATED, Json(view.into())))
}

/// Lists imports, the last first: files that wait, and what was imported.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/imports", tag = "imports",
    operation_id = "list_imports",
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("limit" = Option<u32>, Query, description = "How many at most, 1 to 1 000; 20 where it is not given"),
        ("offset" = Option<u32>, Query, description = "How many are passed over")
    ),
    responses(
        (status = 200, description = "The imports", body = [Import]),
        (status = 400, description = "A parameter is unknown", body = Document),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not import", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn list_imports(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    pairs: Pairs,
) -> Result<Json<Vec<Import>>, Problem> {
    let page = pairs.page()?;
    let number = |rows: usize| u32::try_from(rows).unwrap_or(u32::MAX);
    let part = (number(page.limit), number(page.offset));
    let views = state.app.list_imports(&staff, &ground, part).await?;
    Ok(Json(views.into_iter().map(Import::from).collect()))
}

/// Shows an import: how it is understood, how far it is, what it told.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/imports/{id}", tag = "imports",
    operation_id = "read_import",
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("id" = String, Path, description = "Identity of the import")
    ),
    responses(
        (status = 200, description = "The import", body = Import),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not import", body = Document),
        (status = 404, description = "No such import", body = Document)
    )
)]
pub async fn read_import(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
) -> Result<Json<Import>, Problem> {
    Ok(Json(state.app.read_import(&staff, &ground, &id).await?.into()))
}

/// Says how a waiting file is to be understood, and looks at it anew.
#[utoipa::path(
    put, path = "/api/v1/municipalities/{code}/imports/{id}", tag = "imports",
    operation_id = "set_import", request_body = Settings,
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("id" = String, Path, description = "Identity of the import")
    ),
    responses(
        (status = 200, description = "The import; `failed` where it cannot be understood so", body = Import),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not import", body = Document),
        (status = 404, description = "No such import", body = Document),
        (status = 409, description = "It does not wait", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn set_import(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    body: Strict<Settings>,
) -> Result<Json<Import>, Problem> {
    let sent = body.value;
    let kind = ImportKind::parse(&sent.kind);
    let settings = ImportSettings {
        kind: kind.ok_or_else(|| Violation::new("kind", "unknown_value"))?,
        dataset: sent.dataset,
        columns: sent.columns,
        time_zone: sent.time_zone,
        crs: sent.crs,
    };
    Ok(Json(state.app.set_import(&staff, &ground, &id, settings).await?.into()))
}

/// Tries a waiting file: everything but storing. `read_import` tells how far it is.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/imports/{id}/check", tag = "imports",
    operation_id = "check_import",
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("id" = String, Path, description = "Identity of the import")
    ),
    responses(
        (status = 202, description = "It is being tried", body = Import),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not import", body = Document),
        (status = 404, description = "No such import", body = Document),
        (status = 409, description = "It does not wait", body = Document)
    )
)]
pub async fn check_import(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
) -> Result<(StatusCode, Json<Import>), Problem> {
    let view = state.app.check_import(&staff, &ground, &id)?;
    Ok((StatusCode::ACCEPTED, Json(view.into())))
}

/// Imports a waiting file. `read_import` tells how far it is.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/imports/{id}/start", tag = "imports",
    operation_id = "start_import",
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("id" = String, Path, description = "Identity of the import")
    ),
    responses(
        (status = 202, description = "It is being imported", body = Import),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not import", body = Document),
        (status = 404, description = "No such import", body = Document),
        (status = 409, description = "It does not wait", body = Document)
    )
)]
pub async fn start_import(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
) -> Result<(StatusCode, Json<Import>), Problem> {
    let view = state.app.start_import(&staff, &ground, &id)?;
    Ok((StatusCode::ACCEPTED, Json(view.into())))
}

/// Takes a whole import back: every event that it stored.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/imports/{id}/undo", tag = "imports",
    operation_id = "undo_import",
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("id" = String, Path, description = "Identity of the import")
    ),
    responses(
        (status = 200, description = "Nothing of it is stored any more", body = Import),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not import", body = Document),
        (status = 404, description = "No such import", body = Document),
        (status = 409, description = "It runs, or later areas were built on it", body = Document)
    )
)]
pub async fn undo_import(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
) -> Result<Json<Import>, Problem> {
    Ok(Json(state.app.take_import_back(&staff, &ground, &id).await?.into()))
}

/// Gives a waiting file up; what was imported stays.
#[utoipa::path(
    delete, path = "/api/v1/municipalities/{code}/imports/{id}", tag = "imports",
    operation_id = "discard_import",
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("id" = String, Path, description = "Identity of the import")
    ),
    responses(
        (status = 204, description = "The file is gone"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not import", body = Document),
        (status = 404, description = "No such waiting file", body = Document),
        (status = 409, description = "It runs", body = Document)
    )
)]
pub async fn discard_import(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
) -> Result<StatusCode, Problem> {
    state.app.discard_import(&staff, &ground, &id)?;
    Ok(StatusCode::NO_CONTENT)
}
