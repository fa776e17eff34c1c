//! Doors of the staff app: signing in and out, and the shell.

use super::{
    language::Reader,
    small::{self, SignIn, Viewer},
    written,
};
use crate::{
    app,
    http::{
        api::session::must_be_ours,
        language::Language,
        problem::Problem,
        sessions::{self, fault},
        state::{MaybeStaff, Municipal, Network, State},
    },
};
use axum::{
    body::Bytes,
    extract::{OriginalUri, RawQuery, State as Extract},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use fyren_core::domain::{Operation, may_do};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

/// `GET /{code}/staff`.
pub async fn to_app(Municipal(ground): Municipal) -> Redirect {
    Redirect::to(&format!("/{}/staff/", ground.code()))
}

/// `GET /{code}/staff/` and each page of the app, or the way to signing in and back.
pub async fn show_app(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    MaybeStaff(staff): MaybeStaff,
    uri: OriginalUri,
) -> Result<Response, Problem> {
    let root = format!("/{}/staff/", ground.code());
    let Some(staff) = staff else {
        let next = uri.path().strip_prefix(&root).filter(|next| !next.is_empty());
        let next = next.map_or_else(String::new, |next| format!("?next={next}"));
        return Ok(Redirect::to(&format!("{root}sign-in{next}")).into_response());
    };
    if staff.roles_in(ground.code()).is_empty() {
        if staff.is_withheld(ground.code()) {
            return Ok(Redirect::to(&format!("{root}account")).into_response());
        }
        return Err(Problem::not_found());
    }
    // The map of an area is there for who has all of it; to others it is not.
    if uri.path() == format!("{root}area") {
        let areas = state.app.areas_of(&staff).await?;
        let whole = |area: &app::Area| {
            area.municipalities.len() > 1 && area.municipalities.contains(ground.code())
        };
        if !areas.iter().any(whole) {
            return Err(Problem::not_found());
        }
    }
    let embedded =
        uri.query().is_some_and(|query| query.split('&').any(|pair| pair == "embedded=1"));
    // A page for a telephone without a net is an app of its own.
    let entry = if uri.path() == format!("{root}shift") { "shift" } else { "staff" };
    shell(&state, language, &ground, &staff, (embedded, entry))
}

/// `GET /{code}/staff/account`: what proves who somebody is; open also to a role
/// that is withheld until a second factor is set up.
pub async fn show_account(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    MaybeStaff(staff): MaybeStaff,
) -> Result<Response, Problem> {
    let Some(staff) = staff else {
        let way = format!("/{}/staff/sign-in?next=account", ground.code());
        return Ok(Redirect::to(&way).into_response());
    };
    if staff.roles_in(ground.code()).is_empty() && !staff.is_withheld(ground.code()) {
        return Err(Problem::not_found());
    }
    shell(&state, language, &ground, &staff, (false, "staff"))
}

/// The shell of the staff app for whoever looks.
fn shell(
    state: &State,
    language: Language,
    ground: &app::Ground,
    staff: &app::Staff,
    (embedded, entry): (bool, &'static str),
) -> Result<Response, Problem> {
    let roles = staff.roles_in(ground.code());
    let allowed = |operation: &&Operation| roles.iter().any(|role| may_do(*role, **operation));
    let may: Vec<&str> = Operation::ALL.iter().filter(allowed).map(|o| o.code()).collect();
    let may = may.join(" ");
    let role = roles.first().map_or("", |role| role.code());
    let viewer = Viewer { user: staff.name(), role, may: &may, embedded, entry };
    written(StatusCode::OK, small::staff(state.templates, language, &ground.municipality, &viewer))
}

/// `GET /{code}/staff/sign-in`.
pub async fn show_sign_in(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let next = next_of(&query.unwrap_or_default());
    let shown = SignIn { next, ..ways(&state, &headers) };
    let page = small::sign_in(state.templates, language, &ground.municipality, shown);
    written(StatusCode::OK, page)
}

/// The ways to sign in beside the password.
fn ways(state: &State, headers: &HeaderMap) -> SignIn {
    SignIn {
        passkeys: state.site_for(headers).is_some(),
        provider: state.provider.is_some(),
        ..SignIn::default()
    }
}

/// `GET /{code}/staff/provider`: to the identity provider.
pub async fn to_provider(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    RawQuery(query): RawQuery,
    session: Session,
) -> Result<Redirect, Problem> {
    let (provider, _) = state.provider.as_ref().ok_or_else(Problem::not_found)?;
    let (url, flow) = state.app.start_outside(provider).await?;
    let next = next_of(&query.unwrap_or_default());
    let back = format!("/{}/staff/{next}", ground.code());
    sessions::leave(&session, OUTSIDE, (flow, back)).await?;
    Ok(Redirect::to(&url))
}

/// Keys of half-done sign-ins within a session.
pub const OUTSIDE: &str = "outside";
const HALF: &str = "half";

/// Whose password was shown, and in which second.
#[derive(Serialize, Deserialize)]
struct Half {
    name: String,
    at: i64,
}

/// Seconds within which the code has to follow the password.
const HALF_S: i64 = 5 * 60;

/// The field `next` of a query or form where it can only be a page of the app, else nothing.
fn next_of(form: &str) -> String {
    let fields: Vec<(String, String)> = serde_urlencoded::from_str(form).unwrap_or_default();
    let plain = |text: &str| {
        text.len() <= 80 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-/".contains(&b))
    };
    let next = fields.into_iter().find_map(|(name, value)| (name == "next").then_some(value));
    next.filter(|next| plain(next) && !next.starts_with('/')).unwrap_or_default()
}

/// `POST /{code}/staff/sign-in`, without scripts: name and password, then the
/// one-time code where there is one.
pub async fn sign_in(
    Extract(state): Extract<State>,
    (Reader(language), Municipal(ground), Network(network)): (Reader, Municipal, Network),
    session: Session,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    must_be_ours(&headers)?;
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&body).unwrap_or_default();
    let field = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    let next = next_of(std::str::from_utf8(&body).unwrap_or_default());
    let now = state.app.clock.now().as_second();
    let (name, code_step, done) = if let Some(code) = field("code") {
        let half: Option<Half> = session.get(HALF).await.map_err(fault)?;
        let half = half.filter(|half| now - half.at < HALF_S);
        let name = half.map(|half| half.name).unwrap_or_default();
        let done = if name.is_empty() {
            Err(app::Error::Unauthenticated)
        } else {
            state.app.finish_sign_in(&name, code, network).await
        };
        (name, true, done)
    } else {
        let name = field("name").unwrap_or_default().to_owned();
        let password = field("password").unwrap_or_default();
        let done = state.app.sign_in((&name, password), None, network).await;
        (name, false, done)
    };
    let mut shown = SignIn { name, next, ..ways(&state, &headers) };
    match done {
        Ok(signed_in) => {
            sessions::begin(&session, &state.app, &signed_in).await?;
            return Ok(
                Redirect::to(&format!("/{}/staff/{}", ground.code(), shown.next)).into_response()
            );
        }
        Err(app::Error::CodeNeeded) => {
            sessions::leave(&session, HALF, Half { name: shown.name.clone(), at: now }).await?;
            shown.code = true;
        }
        Err(app::Error::Unauthenticated) => {
            state.guesses.take(network)?;
            shown.failed = true;
            // Whoever took too long begins anew.
            shown.code = code_step && !shown.name.is_empty();
        }
        Err(other) => return Err(other.into()),
    }
    let status = if shown.failed { StatusCode::UNAUTHORIZED } else { StatusCode::OK };
    written(status, small::sign_in(state.templates, language, &ground.municipality, shown))
}

/// `POST /{code}/staff/sign-out`.
pub async fn sign_out(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    MaybeStaff(staff): MaybeStaff,
    session: Session,
    headers: HeaderMap,
) -> Result<Redirect, Problem> {
    must_be_ours(&headers)?;
    if let Some(staff) = staff {
        state.app.forget_staff(&staff.user().to_string());
    }
    session.flush().await.map_err(fault)?;
    Ok(Redirect::to(&format!("/{}/staff/sign-in", ground.code())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_on_to_a_page_of_the_app_and_nowhere_else() {
        assert_eq!(next_of("name=a&next=reports%2F0af3"), "reports/0af3");
        for elsewhere in ["//evil.example", "/", "https:evil", "..%2Fpicture", "a%0d%0aSet-Cookie"]
        {
            assert_eq!(next_of(&format!("next={elsewhere}")), "", "{elsewhere}");
        }
    }
}
