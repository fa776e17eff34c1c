//! `M/users` and `M/access-policy`: who may sign in, and by what.

use super::paths::InMunicipality;
use crate::{
    app::{ManagedUser, RolesDraft, last_day},
    http::{
        problem::{Document, Problem},
        state::{EventId, Municipal, SignedIn, State, TokenHash},
        strict::Strict,
    },
};
use axum::{Json, extract::State as Extract, http::StatusCode};
use data_encoding::HEXLOWER;
use fyren_core::domain::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The users of a municipality and what can be chosen for them.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Users {
    /// Users with a role here, by name; whole, without pages.
    items: Vec<UserRow>,
    /// Roles that can be given.
    roles: Vec<&'static str>,
    /// Areas for which they can be given.
    areas: Vec<String>,
    /// Roles here that demand a second factor.
    second_factor: Vec<&'static str>,
}

/// A user.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserRow {
    /// Identity.
    id: String,
    /// Name to sign in with.
    name: String,
    /// Whether the user may sign in.
    active: bool,
    /// The roles here.
    roles: Vec<RoleRow>,
    /// Whether the account reaches where you do not; it can then only be signed out.
    elsewhere: bool,
    /// Whether one-time codes are set up.
    one_time: bool,
    /// How many passkeys there are.
    passkeys: usize,
    /// Tokens of programs.
    tokens: Vec<TokenRow>,
}

/// A role, and the area that it holds for.
#[derive(Serialize, ToSchema)]
pub struct RoleRow {
    /// Role.
    role: &'static str,
    /// Area; none for this municipality alone.
    area: Option<String>,
}

/// A token of a program.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenRow {
    /// Its hash.
    id: String,
    /// What it is for.
    label: String,
    /// The day on which it stops; none for never.
    ends_on: Option<String>,
    /// The last day that it was used.
    last_used_on: Option<String>,
}

impl From<ManagedUser> for UserRow {
    fn from(user: ManagedUser) -> Self {
        let roles = user.roles.into_iter().map(|(role, area)| RoleRow { role: role.code(), area });
        let tokens = user.tokens.into_iter().map(|token| TokenRow {
            id: HEXLOWER.encode(&token.hash.0),
            label: token.label,
            ends_on: last_day(token.expires).map(|day| day.to_string()),
            last_used_on: token.last_used.map(|day| day.to_string()),
        });
        Self {
            id: user.id.to_string(),
            name: user.name,
            active: user.active,
            roles: roles.collect(),
            elsewhere: user.elsewhere,
            one_time: user.one_time,
            passkeys: user.passkeys,
            tokens: tokens.collect(),
        }
    }
}

/// Lists the users of one's own context with a role in the municipality.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/users", tag = "users", operation_id = "list_users",
    params(InMunicipality),
    responses(
        (status = 200, description = "The users", body = Users),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not manage users", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn list_users(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
) -> Result<Json<Users>, Problem> {
    let known = state.app.list_users(&staff, &ground).await?;
    Ok(Json(Users {
        items: known.users.into_iter().map(UserRow::from).collect(),
        roles: known.roles.into_iter().map(Role::code).collect(),
        areas: known.areas,
        second_factor: known.second_factor.into_iter().map(Role::code).collect(),
    }))
}

/// A user to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// Name to sign in with: a function, not a person.
    name: String,
    /// Roles, at least one.
    roles: Vec<String>,
    /// Area for which they hold; this municipality alone where it is left out.
    #[serde(default)]
    area: Option<String>,
}

/// A first password, told once.
#[derive(Serialize, ToSchema)]
pub struct FirstPassword {
    /// Identity of the user.
    id: String,
    /// The password.
    password: String,
}

/// Makes a user.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/users", tag = "users",
    operation_id = "create_user", params(InMunicipality), request_body = NewUser,
    responses(
        (status = 201, description = "Made; the password is told once", body = FirstPassword),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not manage users", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 409, description = "The name is taken", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn create_user(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    body: Strict<NewUser>,
) -> Result<(StatusCode, Json<FirstPassword>), Problem> {
    let NewUser { name, roles, area } = body.value;
    let draft = RolesDraft { roles, area };
    let (id, password) = state.app.create_user(&staff, &ground, &name, &draft).await?;
    Ok((StatusCode::CREATED, Json(FirstPassword { id: id.to_string(), password })))
}

/// What a user may be here.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangedUser {
    /// Roles; without any the user has nothing to do here any more.
    roles: Vec<String>,
    /// Area for which they hold; this municipality alone where it is left out.
    #[serde(default)]
    area: Option<String>,
    /// Whether the user may sign in.
    active: bool,
}

/// Replaces what a user may be here; every session of the user ends.
#[utoipa::path(
    put, path = "/api/v1/municipalities/{code}/users/{id}", tag = "users",
    operation_id = "change_user", request_body = ChangedUser,
    params(InMunicipality, ("id" = String, Path, description = "Identity of the user")),
    responses(
        (status = 204, description = "Changed"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not manage users", body = Document),
        (status = 404, description = "No such user with a role here", body = Document),
        (status = 409, description = "One's own account, or one that reaches further", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn change_user(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    body: Strict<ChangedUser>,
) -> Result<StatusCode, Problem> {
    let ChangedUser { roles, area, active } = body.value;
    let draft = RolesDraft { roles, area };
    state.app.change_user(&staff, &ground, &id, (&draft, active)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a fresh first password and takes away every other proof.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/users/{id}/reset", tag = "users",
    operation_id = "reset_user",
    params(InMunicipality, ("id" = String, Path, description = "Identity of the user")),
    responses(
        (status = 200, description = "The password, told once", body = FirstPassword),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not manage users", body = Document),
        (status = 404, description = "No such user with a role here", body = Document),
        (status = 409, description = "One's own account, or one that reaches further", body = Document)
    )
)]
pub async fn reset_user(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
) -> Result<Json<FirstPassword>, Problem> {
    let password = state.app.reset_user(&staff, &ground, &id).await?;
    Ok(Json(FirstPassword { id, password }))
}

/// Ends every session of a user.
#[utoipa::path(
    delete, path = "/api/v1/municipalities/{code}/users/{id}/sessions", tag = "users",
    operation_id = "end_user_sessions",
    params(InMunicipality, ("id" = String, Path, description = "Identity of the user")),
    responses(
        (status = 204, description = "Ended"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not manage users", body = Document),
        (status = 404, description = "No such user with a role here", body = Document),
        (status = 409, description = "One's own account", body = Document)
    )
)]
pub async fn end_user_sessions(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
) -> Result<StatusCode, Problem> {
    state.app.end_user_sessions(&staff, &ground, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A token to be issued.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for, 1 to 64 characters.
    label: String,
    /// Days for which it holds, 1 to 366.
    days: u16,
}

/// A token, told once.
#[derive(Serialize, ToSchema)]
pub struct IssuedToken {
    /// The token.
    token: String,
}

/// Issues a token for a program that acts as the user.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/users/{id}/tokens", tag = "users",
    operation_id = "issue_token", request_body = NewToken,
    params(InMunicipality, ("id" = String, Path, description = "Identity of the user")),
    responses(
        (status = 201, description = "The token, told once", body = IssuedToken),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not manage users", body = Document),
        (status = 404, description = "No such user with a role here", body = Document),
        (status = 409, description = "One's own account, or one that reaches further", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn issue_token(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    body: Strict<NewToken>,
) -> Result<(StatusCode, Json<IssuedToken>), Problem> {
    let NewToken { label, days } = body.value;
    let token = state.app.issue_user_token(&staff, &ground, &id, (&label, days)).await?;
    Ok((StatusCode::CREATED, Json(IssuedToken { token })))
}

/// Takes back a token.
#[utoipa::path(
    delete, path = "/api/v1/municipalities/{code}/users/{id}/tokens/{token}", tag = "users",
    operation_id = "revoke_token",
    params(
        InMunicipality, ("id" = String, Path, description = "Identity of the user"),
        ("token" = String, Path, description = "Hash of the token")
    ),
    responses(
        (status = 204, description = "Taken back"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not manage users", body = Document),
        (status = 404, description = "No such user or token", body = Document),
        (status = 409, description = "One's own account, or one that reaches further", body = Document)
    )
)]
pub async fn revoke_token(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    TokenHash(hash): TokenHash,
) -> Result<StatusCode, Problem> {
    state.app.revoke_user_token(&staff, &ground, (&id, &hash)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Roles that demand a second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AccessPolicy {
    /// Roles of one's own context; a password alone does not open them.
    second_factor: Vec<String>,
}

/// Sets which roles demand a second factor here.
#[utoipa::path(
    put, path = "/api/v1/municipalities/{code}/access-policy", tag = "users",
    operation_id = "demand_second_factor", params(InMunicipality), request_body = AccessPolicy,
    responses(
        (status = 204, description = "Set"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not manage users", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 422, description = "A role of the other context, or none", body = Document)
    )
)]
pub async fn demand_second_factor(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    body: Strict<AccessPolicy>,
) -> Result<StatusCode, Problem> {
    state.app.demand_second_factor(&staff, &ground, &body.value.second_factor).await?;
    Ok(StatusCode::NO_CONTENT)
}
