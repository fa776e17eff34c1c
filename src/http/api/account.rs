//! `/api/v1/account`: what proves who somebody is, in their own hands.

use super::session::must_be_ours;
use crate::http::{
    problem::{Document, Problem},
    sessions::{self, fault},
    state::{EventId, SignedIn, State},
    strict::Strict,
};
use axum::{
    Json,
    extract::State as Extract,
    http::{HeaderMap, StatusCode},
};
use qrcode::{EcLevel, QrCode, render::svg};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower_sessions::Session;
use utoipa::ToSchema;

/// Keys of half-done work within a session.
const ONE_TIME: &str = "one_time";
const PASSKEY: &str = "new_passkey";

/// What an account has to prove who it is.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own on the wire")]
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Name to sign in with.
    name: String,
    /// Whether a password is set.
    password: bool,
    /// Whether one-time codes are set up.
    one_time: bool,
    /// Recovery codes that are not used.
    recovery_left: u32,
    /// Passkeys, the oldest first.
    passkeys: Vec<PasskeyRow>,
    /// Whether this site can have passkeys at all: it is reached over TLS.
    passkeys_possible: bool,
    /// Whether a role of the account demands a second factor.
    demanded: bool,
    /// Whether the present session rests on more than a password.
    strong: bool,
    /// Whether the sign-in is recent enough to change any of this.
    fresh: bool,
}

/// A passkey as its owner sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyRow {
    /// Identity.
    id: String,
    /// What its owner calls it.
    label: String,
    /// The day that it was made.
    made_on: String,
    /// The last day that it was used.
    last_used_on: Option<String>,
}

/// Shows what the account has.
#[utoipa::path(
    get, path = "/api/v1/account", tag = "session", operation_id = "show_account",
    responses(
        (status = 200, description = "What the account has", body = Account),
        (status = 401, description = "Not signed in", body = Document)
    )
)]
pub async fn show_account(
    Extract(state): Extract<State>,
    SignedIn(staff): SignedIn,
    session: Session,
    headers: HeaderMap,
) -> Result<Json<Account>, Problem> {
    let account = state.app.account(&staff).await?;
    let passkeys = account.passkeys.into_iter().map(|key| PasskeyRow {
        id: key.id,
        label: key.label,
        made_on: key.made_on.to_string(),
        last_used_on: key.last_used_on.map(|day| day.to_string()),
    });
    Ok(Json(Account {
        name: account.name,
        password: account.password,
        one_time: account.one_time,
        recovery_left: account.recovery_left,
        passkeys: passkeys.collect(),
        passkeys_possible: state.site_for(&headers).is_some(),
        demanded: account.demanded,
        strong: account.strong,
        fresh: sessions::must_be_fresh(&session, &state.app).await.is_ok(),
    }))
}

/// The present password and a new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The present one.
    present: String,
    /// The new one, 12 characters or more.
    new: String,
}

/// Changes the password; every other session of the account ends.
#[utoipa::path(
    put, path = "/api/v1/account/password", tag = "session", operation_id = "change_password",
    request_body = NewPassword,
    responses(
        (status = 204, description = "Changed"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 409, description = "The account signs in without a password", body = Document),
        (status = 422, description = "The present password is wrong, or the new one too short", body = Document)
    )
)]
pub async fn change_password(
    Extract(state): Extract<State>,
    SignedIn(staff): SignedIn,
    session: Session,
    body: Strict<NewPassword>,
) -> Result<StatusCode, Problem> {
    let NewPassword { present, new } = body.value;
    state.app.change_password(&staff, present, new).await?;
    sessions::go_on(&session, &state.app, &staff, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One-time codes that hold only once a code has been shown.
#[derive(Serialize, ToSchema)]
pub struct StartedCodes {
    /// The secret, to be typed where no camera is at hand.
    secret: String,
    /// What an authenticator reads.
    uri: String,
    /// The same as a picture (SVG).
    qr: String,
}

/// Begins to set up one-time codes.
#[utoipa::path(
    post, path = "/api/v1/account/one-time", tag = "session", operation_id = "start_one_time",
    responses(
        (status = 200, description = "The secret, until a code of it is shown", body = StartedCodes),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The sign-in is too old (`sign-in-again`)", body = Document)
    )
)]
pub async fn start_one_time(
    Extract(state): Extract<State>,
    SignedIn(staff): SignedIn,
    session: Session,
) -> Result<Json<StartedCodes>, Problem> {
    sessions::must_be_fresh(&session, &state.app).await?;
    let started = state.app.start_one_time(&staff)?;
    sessions::leave(&session, ONE_TIME, &started.stored).await?;
    let qr = QrCode::with_error_correction_level(started.address.as_bytes(), EcLevel::M);
    let qr = qr.map(|code| code.render::<svg::Color<'_>>().quiet_zone(true).build());
    let qr = qr.unwrap_or_default();
    Ok(Json(StartedCodes { secret: started.typed, uri: started.address, qr }))
}

/// A code that the authenticator shows.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShownCode {
    /// Six digits.
    code: String,
}

/// Recovery codes, told once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryCodes {
    /// Ten codes; each opens once.
    recovery_codes: Vec<String>,
}

/// Sets up one-time codes; every other session of the account ends.
#[utoipa::path(
    put, path = "/api/v1/account/one-time", tag = "session", operation_id = "set_one_time",
    request_body = ShownCode,
    responses(
        (status = 200, description = "Set up; the recovery codes are told once", body = RecoveryCodes),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The sign-in is too old (`sign-in-again`)", body = Document),
        (status = 409, description = "Nothing was begun", body = Document),
        (status = 422, description = "The code is wrong", body = Document)
    )
)]
pub async fn set_one_time(
    Extract(state): Extract<State>,
    SignedIn(staff): SignedIn,
    session: Session,
    body: Strict<ShownCode>,
) -> Result<Json<RecoveryCodes>, Problem> {
    sessions::must_be_fresh(&session, &state.app).await?;
    let begun: Option<String> = session.get(ONE_TIME).await.map_err(fault)?;
    let begun = begun.ok_or(Problem::new(StatusCode::CONFLICT, "nothing-begun"))?;
    let recovery_codes = state.app.set_one_time(&staff, &begun, &body.value.code).await?;
    sessions::left::<String>(&session, ONE_TIME).await?;
    sessions::go_on(&session, &state.app, &staff, true).await?;
    Ok(Json(RecoveryCodes { recovery_codes }))
}

/// Removes one-time codes and recovery codes; every other session ends.
#[utoipa::path(
    delete, path = "/api/v1/account/one-time", tag = "session", operation_id = "remove_one_time",
    responses(
        (status = 204, description = "Removed"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The sign-in is too old (`sign-in-again`)", body = Document)
    )
)]
pub async fn remove_one_time(
    Extract(state): Extract<State>,
    SignedIn(staff): SignedIn,
    session: Session,
) -> Result<StatusCode, Problem> {
    sessions::must_be_fresh(&session, &state.app).await?;
    state.app.remove_one_time(&staff).await?;
    sessions::go_on(&session, &state.app, &staff, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives fresh recovery codes; earlier ones open nothing any more.
#[utoipa::path(
    post, path = "/api/v1/account/recovery-codes", tag = "session",
    operation_id = "renew_recovery_codes",
    responses(
        (status = 200, description = "The codes, told once", body = RecoveryCodes),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The sign-in is too old (`sign-in-again`)", body = Document),
        (status = 409, description = "No one-time codes are set up", body = Document)
    )
)]
pub async fn renew_recovery_codes(
    Extract(state): Extract<State>,
    SignedIn(staff): SignedIn,
    session: Session,
) -> Result<Json<RecoveryCodes>, Problem> {
    sessions::must_be_fresh(&session, &state.app).await?;
    let recovery_codes = state.app.renew_recovery_codes(&staff).await?;
    Ok(Json(RecoveryCodes { recovery_codes }))
}

/// Begins to make a passkey.
#[utoipa::path(
    post, path = "/api/v1/account/passkeys/challenge", tag = "session",
    operation_id = "start_passkey",
    responses(
        (status = 200, description = "The options of `navigator.credentials.create`", body = Object),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The sign-in is too old (`sign-in-again`)", body = Document),
        (status = 404, description = "This site has no passkeys: it is not reached over TLS", body = Document)
    )
)]
pub async fn start_passkey(
    Extract(state): Extract<State>,
    SignedIn(staff): SignedIn,
    session: Session,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    sessions::must_be_fresh(&session, &state.app).await?;
    let site = state.site_for(&headers).ok_or_else(Problem::not_found)?;
    let (asked, kept) = state.app.start_passkey(&staff, &site).await?;
    sessions::leave(&session, PASSKEY, kept).await?;
    Ok(Json(asked))
}

/// A passkey that the browser has made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MadePasskey {
    /// What its owner calls it, 1 to 64 characters.
    label: String,
    /// What the browser answered.
    #[schema(value_type = Object)]
    answer: Value,
}

/// Keeps a passkey.
#[utoipa::path(
    post, path = "/api/v1/account/passkeys", tag = "session", operation_id = "save_passkey",
    request_body = MadePasskey,
    responses(
        (status = 201, description = "Kept"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The sign-in is too old (`sign-in-again`)", body = Document),
        (status = 404, description = "This site has no passkeys", body = Document),
        (status = 409, description = "Nothing was begun, or the passkey is known", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn save_passkey(
    Extract(state): Extract<State>,
    SignedIn(staff): SignedIn,
    session: Session,
    headers: HeaderMap,
    body: Strict<MadePasskey>,
) -> Result<StatusCode, Problem> {
    sessions::must_be_fresh(&session, &state.app).await?;
    let site = state.site_for(&headers).ok_or_else(Problem::not_found)?;
    let begun: Option<String> = sessions::left(&session, PASSKEY).await?;
    let begun = begun.ok_or(Problem::new(StatusCode::CONFLICT, "nothing-begun"))?;
    let MadePasskey { label, answer } = body.value;
    state.app.save_passkey(&staff, &site, (answer, &label), &begun).await?;
    sessions::go_on(&session, &state.app, &staff, true).await?;
    Ok(StatusCode::CREATED)
}

/// Removes a passkey; every other session of the account ends.
#[utoipa::path(
    delete, path = "/api/v1/account/passkeys/{id}", tag = "session",
    operation_id = "remove_passkey",
    params(("id" = String, Path, description = "Identity of the passkey")),
    responses(
        (status = 204, description = "Removed"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The sign-in is too old (`sign-in-again`)", body = Document),
        (status = 404, description = "The account has no such passkey", body = Document)
    )
)]
pub async fn remove_passkey(
    Extract(state): Extract<State>,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    session: Session,
) -> Result<StatusCode, Problem> {
    sessions::must_be_fresh(&session, &state.app).await?;
    state.app.remove_passkey(&staff, &id).await?;
    sessions::go_on(&session, &state.app, &staff, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Signs out everywhere, here too.
#[utoipa::path(
    delete, path = "/api/v1/account/sessions", tag = "session",
    operation_id = "sign_out_everywhere",
    responses(
        (status = 204, description = "Every session of the account has ended"),
        (status = 401, description = "Not signed in", body = Document)
    )
)]
pub async fn sign_out_everywhere(
    Extract(state): Extract<State>,
    SignedIn(staff): SignedIn,
    session: Session,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    must_be_ours(&headers)?;
    state.app.sign_out_everywhere(&staff).await?;
    session.flush().await.map_err(fault)?;
    Ok(StatusCode::NO_CONTENT)
}
