//! What proves who somebody is: one-time codes, recovery codes, sessions that
//! end, second factors that are demanded, and users that are administered.

use super::server::{Answer, Server, request};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use data_encoding::BASE32_NOPAD;
use fyren::clock::Clock;
use fyren::identity::OneTime;
use fyren_core::domain::Role;
use serde_json::{Value, json};

const SESSION: &str = "/api/v1/session";
const ACCOUNT: &str = "/api/v1/account";
const M: &str = "/api/v1/municipalities/1427";

/// A browser that has signed in.
struct Browser<'s> {
    server: &'s Server,
    cookie: String,
}

impl<'s> Browser<'s> {
    async fn new(server: &'s Server, role: Role) -> Browser<'s> {
        let login = server.login(role);
        let body = json!({"name": login.name, "password": login.password});
        let answer = server.post(SESSION, &[], &body.to_string()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
        Browser { server, cookie: cookie(&answer) }
    }

    async fn send(&mut self, method: Method, path: &str, body: &Value) -> Answer {
        let headers = [("cookie", self.cookie.as_str()), ("content-type", "application/json")];
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let answer = self.server.send(request(method, path, &headers, body)).await;
        if answer.headers.contains_key("set-cookie") {
            self.cookie = cookie(&answer);
        }
        answer
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &Value::Null).await
    }
}

fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

fn now(server: &Server) -> i64 {
    server.clock.now().as_second()
}

/// The authenticator of a secret as it is typed.
fn authenticator(typed: &str) -> OneTime {
    let secret = BASE32_NOPAD.decode(typed.replace(' ', "").as_bytes()).unwrap();
    OneTime::new(&secret, "a", "Fyren").unwrap()
}

/// Sets up one-time codes; gives the authenticator and the recovery codes.
async fn set_up(browser: &mut Browser<'_>) -> (OneTime, Vec<String>) {
    let started = browser.send(Method::POST, &format!("{ACCOUNT}/one-time"), &Value::Null).await;
    assert_eq!(started.status, StatusCode::OK, "{}", String::from_utf8_lossy(&started.body));
    let started = started.json();
    assert!(started["qr"].as_str().unwrap().contains("<svg"));
    assert!(started["uri"].as_str().unwrap().starts_with("otpauth://totp/Fyren:"));
    let codes = authenticator(started["secret"].as_str().unwrap());
    let wrong =
        browser.send(Method::PUT, &format!("{ACCOUNT}/one-time"), &json!({"code": "000000"})).await;
    assert_eq!(wrong.violations(), ["code: wrong"]);
    let code = codes.code_at(now(browser.server));
    let done =
        browser.send(Method::PUT, &format!("{ACCOUNT}/one-time"), &json!({"code": code})).await;
    assert_eq!(done.status, StatusCode::OK, "{}", String::from_utf8_lossy(&done.body));
    let told = done.json()["recoveryCodes"].as_array().unwrap().clone();
    (codes, told.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
}

async fn sign_in(server: &Server, role: Role, code: Option<&str>) -> Answer {
    let login = server.login(role);
    let mut body = json!({"name": login.name, "password": login.password});
    if let Some(code) = code {
        body["totp"] = code.into();
    }
    server.post(SESSION, &[], &body.to_string()).await
}

#[tokio::test]
async fn a_one_time_code_is_needed_once_set_up_and_opens_once() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server, Role::Coordinator).await;
    let before = sign_in(&server, Role::Coordinator, Some("123456")).await;
    assert_eq!(before.status, StatusCode::UNAUTHORIZED, "a code that nobody asked for");
    let (codes, _) = set_up(&mut browser).await;
    let missing = sign_in(&server, Role::Coordinator, None).await;
    assert_eq!(missing.status, StatusCode::UNAUTHORIZED);
    assert_eq!(missing.json()["type"], "/problems/code-needed");
    let spent = codes.code_at(now(&server));
    let again = sign_in(&server, Role::Coordinator, Some(&spent)).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED, "the code of the set-up was used");
    server.clock.advance(30);
    let code = codes.code_at(now(&server));
    assert_eq!(sign_in(&server, Role::Coordinator, Some(&code)).await.status, StatusCode::OK);
    let replayed = sign_in(&server, Role::Coordinator, Some(&code)).await;
    assert_eq!(replayed.status, StatusCode::UNAUTHORIZED);
    assert_eq!(replayed.json()["type"], "/problems/unauthenticated");
}

#[tokio::test]
async fn a_recovery_code_stands_in_once_and_new_ones_end_the_old() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server, Role::Officer).await;
    let (_, told) = set_up(&mut browser).await;
    assert_eq!(told.len(), 10);
    let typed = told[0].to_uppercase().replace('-', " ");
    assert_eq!(sign_in(&server, Role::Officer, Some(&typed)).await.status, StatusCode::OK);
    let again = sign_in(&server, Role::Officer, Some(&told[0])).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get(ACCOUNT).await.json()["recoveryLeft"], 9);
    let renewed =
        browser.send(Method::POST, &format!("{ACCOUNT}/recovery-codes"), &Value::Null).await;
    assert_eq!(renewed.json()["recoveryCodes"].as_array().unwrap().len(), 10);
    let old = sign_in(&server, Role::Officer, Some(&told[1])).await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_session_gets_a_new_name_when_somebody_signs_in_and_when_proofs_change() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server, Role::Admin).await;
    let mut other = Browser::new(&server, Role::Admin).await;
    let first = browser.cookie.clone();
    // Whoever planted a session knows nothing of the one that follows it.
    let login = server.login(Role::Admin);
    let body = json!({"name": login.name, "password": login.password});
    let again = browser.send(Method::POST, SESSION, &body).await;
    assert_ne!(cookie(&again), first);
    let stale = server.get(SESSION, &[("cookie", &first)]).await;
    assert_eq!(stale.status, StatusCode::UNAUTHORIZED);
    let before = browser.cookie.clone();
    set_up(&mut browser).await;
    assert_ne!(browser.cookie, before);
    assert_eq!(browser.get(SESSION).await.status, StatusCode::OK);
    assert_eq!(other.get(SESSION).await.status, StatusCode::UNAUTHORIZED, "others end");
    assert_eq!(server.get(SESSION, &[("cookie", &before)]).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_session_ends_when_it_idles_and_at_the_latest_after_a_day() {
    let server = Server::start().await;
    let mut idle = Browser::new(&server, Role::Officer).await;
    let mut busy = Browser::new(&server, Role::Officer).await;
    server.clock.advance(8 * 3600 - 1);
    assert_eq!(busy.get(SESSION).await.status, StatusCode::OK);
    server.clock.advance(1);
    assert_eq!(idle.get(SESSION).await.status, StatusCode::UNAUTHORIZED);
    for _ in 0..3 {
        server.clock.advance(4 * 3600);
        assert_eq!(busy.get(SESSION).await.status, StatusCode::OK);
    }
    server.clock.advance(4 * 3600 - 1);
    assert_eq!(busy.get(SESSION).await.status, StatusCode::OK);
    server.clock.advance(1);
    assert_eq!(busy.get(SESSION).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn proofs_are_changed_only_just_after_signing_in() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server, Role::Officer).await;
    server.clock.advance(15 * 60);
    let refused = browser.send(Method::POST, &format!("{ACCOUNT}/one-time"), &Value::Null).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.json()["type"], "/problems/sign-in-again");
    let by_token = server
        .send_as(Role::Officer, Method::POST, &format!("{ACCOUNT}/one-time"), &json!({}))
        .await;
    assert_eq!(by_token.status, StatusCode::FORBIDDEN, "a token is no sign-in");
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session() {
    let server = Server::start().await;
    let mut one = Browser::new(&server, Role::Est).await;
    let mut two = Browser::new(&server, Role::Est).await;
    let mut another = Browser::new(&server, Role::Admin).await;
    let out = one.send(Method::DELETE, &format!("{ACCOUNT}/sessions"), &Value::Null).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert_eq!(two.get(SESSION).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(another.get(SESSION).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_new_password_needs_the_present_one() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server, Role::Est).await;
    let path = format!("{ACCOUNT}/password");
    let present = server.login(Role::Est).password.clone();
    let change = |present: &str, new: &str| json!({"present": present, "new": new});
    let wrong = browser.send(Method::PUT, &path, &change("x", "twelve letters")).await;
    assert_eq!(wrong.violations(), ["present: wrong"]);
    let short = browser.send(Method::PUT, &path, &change(&present, "short")).await;
    assert_eq!(short.violations(), ["new: too_short"]);
    let done = browser.send(Method::PUT, &path, &change(&present, "twelve letters")).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT);
    assert_eq!(sign_in(&server, Role::Est, None).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get(SESSION).await.status, StatusCode::OK);
}

#[tokio::test]
async fn guessing_a_password_soon_has_to_wait_and_the_right_one_with_it() {
    let server = Server::start().await;
    let wrong = json!({"name": "est", "password": "wrong"}).to_string();
    for _ in 0..5 {
        assert_eq!(server.post(SESSION, &[], &wrong).await.status, StatusCode::UNAUTHORIZED);
    }
    let refused = sign_in(&server, Role::Est, None).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("retry-after"), "900");
    assert_eq!(sign_in(&server, Role::Admin, None).await.status, StatusCode::OK, "others may");
    server.clock.advance(900);
    assert_eq!(sign_in(&server, Role::Est, None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_role_that_demands_a_second_factor_is_withheld_until_it_is_shown() {
    let server = Server::start().await;
    let mut admin = Browser::new(&server, Role::Admin).await;
    let mut coordinator = Browser::new(&server, Role::Coordinator).await;
    let reports = format!("{M}/layers/reports");
    assert_eq!(coordinator.get(&reports).await.status, StatusCode::OK);
    let police = json!({"secondFactor": ["officer"]});
    let foreign = admin.send(Method::PUT, &format!("{M}/access-policy"), &police).await;
    assert_eq!(foreign.violations(), ["roles: unknown_value"], "the police decide for themselves");
    let demand = json!({"secondFactor": ["coordinator"]});
    let set = admin.send(Method::PUT, &format!("{M}/access-policy"), &demand).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT);
    let withheld = coordinator.get(&format!("{M}/measures")).await.status;
    assert!(withheld == StatusCode::OK, "measures are public by nature: {withheld}");
    let withheld = coordinator.get(&format!("{M}/vetoes")).await;
    assert_eq!(withheld.status, StatusCode::FORBIDDEN);
    assert_eq!(withheld.json()["type"], "/problems/second-factor-needed");
    assert_eq!(coordinator.get(&reports).await.status, StatusCode::NOT_FOUND);
    let page = coordinator.get("/1427/staff/").await;
    assert_eq!(page.header("location"), "/1427/staff/account");
    assert_eq!(coordinator.get("/1427/staff/account").await.status, StatusCode::OK);
    assert_eq!(coordinator.get(ACCOUNT).await.json()["demanded"], true);
    set_up(&mut coordinator).await;
    assert_eq!(coordinator.get(&reports).await.status, StatusCode::OK);
    let by_token = server.get_as(Role::Coordinator, &reports).await.status;
    assert_eq!(by_token, StatusCode::OK, "a token is no password");
}

#[tokio::test]
async fn users_are_made_changed_and_reset_by_who_manages_them() {
    let server = Server::start().await;
    let users = format!("{M}/users");
    let new = json!({"name": "samordnare-2", "roles": ["coordinator", "est"]});
    let made = server.send_as(Role::Admin, Method::POST, &users, &new).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&made.body));
    let (id, password) = (made.json()["id"].clone(), made.json()["password"].clone());
    let one = format!("{users}/{}", id.as_str().unwrap());
    let twice = server.send_as(Role::Admin, Method::POST, &users, &new).await;
    assert_eq!(twice.json()["type"], "/problems/user_name");
    let body = json!({"name": "samordnare-2", "password": password}).to_string();
    let signed_in = server.post(SESSION, &[], &body).await;
    let cookie = cookie(&signed_in);
    assert_eq!(signed_in.json()["grants"].as_array().unwrap().len(), 2);
    let fewer = json!({"roles": ["est"], "active": true});
    let changed = server.send_as(Role::Admin, Method::PUT, &one, &fewer).await;
    assert_eq!(changed.status, StatusCode::NO_CONTENT);
    let ended = server.get(SESSION, &[("cookie", &cookie)]).await;
    assert_eq!(ended.status, StatusCode::UNAUTHORIZED, "a change of rights ends sessions");
    let listed = server.get_as(Role::Admin, &users).await.json();
    let listed = listed["items"].as_array().unwrap();
    let row = listed.iter().find(|user| user["id"] == id).unwrap();
    assert_eq!(row["roles"], json!([{"role": "est", "area": null}]));
    assert!(listed.iter().all(|user| user["name"] != "officer"), "the police manage their own");
    let off = json!({"roles": ["est"], "active": false});
    server.send_as(Role::Admin, Method::PUT, &one, &off).await;
    assert_eq!(server.post(SESSION, &[], &body).await.status, StatusCode::UNAUTHORIZED);
    server.send_as(Role::Admin, Method::PUT, &one, &fewer).await;
    let reset =
        server.send_as(Role::Admin, Method::POST, &format!("{one}/reset"), &json!({})).await;
    let fresh = json!({"name": "samordnare-2", "password": reset.json()["password"]}).to_string();
    assert_eq!(server.post(SESSION, &[], &body).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(server.post(SESSION, &[], &fresh).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_of_a_program_is_issued_used_and_taken_back() {
    let server = Server::start().await;
    let users = format!("{M}/users");
    let new = json!({"name": "qgis", "roles": ["est"]});
    let made = server.send_as(Role::Admin, Method::POST, &users, &new).await.json();
    let tokens = format!("{users}/{}/tokens", made["id"].as_str().unwrap());
    let issue = json!({"label": "QGIS", "days": 30});
    let issued = server.send_as(Role::Admin, Method::POST, &tokens, &issue).await;
    assert_eq!(issued.status, StatusCode::CREATED);
    let bearer = format!("Bearer {}", issued.json()["token"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str())];
    assert_eq!(server.get(SESSION, &headers).await.json()["name"], "qgis");
    let listed = server.get_as(Role::Admin, &users).await.json();
    let row = listed["items"].as_array().unwrap().iter().find(|user| user["name"] == "qgis");
    let token = &row.unwrap()["tokens"][0];
    assert_eq!((&token["label"], &token["endsOn"]), (&json!("QGIS"), &json!("2026-12-22")));
    let gone = format!("{tokens}/{}", token["id"].as_str().unwrap());
    let gone = server.send_as(Role::Admin, Method::DELETE, &gone, &json!({})).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(server.get(SESSION, &headers).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn nobody_gives_what_is_not_theirs_to_give() {
    let server = Server::start().await;
    let users = format!("{M}/users");
    let king = json!({"name": "x", "roles": ["officer"]});
    let refused = server.send_as(Role::Admin, Method::POST, &users, &king).await;
    assert_eq!(refused.violations(), ["roles: unknown_value"]);
    let elsewhere = json!({"name": "x", "roles": ["est"], "area": "somewhere"});
    let refused = server.send_as(Role::Admin, Method::POST, &users, &elsewhere).await;
    assert_eq!(refused.violations(), ["area: unknown_value"]);
    let listed = server.get_as(Role::Admin, &users).await.json();
    let own = listed["items"].as_array().unwrap().iter().find(|user| user["name"] == "admin");
    let own = format!("{users}/{}", own.unwrap()["id"].as_str().unwrap());
    let off = json!({"roles": [], "active": false});
    let refused = server.send_as(Role::Admin, Method::PUT, &own, &off).await;
    assert_eq!(refused.json()["type"], "/problems/own_account");
    let officers = server.get_as(Role::PolicePlanner, &users).await.json();
    let names: Vec<&str> =
        officers["items"].as_array().unwrap().iter().map(|u| u["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["officer", "police-planner"]);
}

#[tokio::test]
async fn a_planner_of_an_area_sees_its_municipalities_and_no_other() {
    use fyren::app::{NewMunicipality, NewUser};
    use fyren_core::domain::{Grant, MunicipalityCode, Scope};
    let server = Server::start().await;
    let code = |text: &str| MunicipalityCode::parse(text).unwrap();
    let members = ["1427", "1430", "1484", "1435"].map(code);
    for member in members.iter().skip(1).chain([&code("1480")]) {
        let new =
            NewMunicipality { code: member.clone(), name: None, boundary: None, time_zone: None };
        server.app.add_municipality("test", new).await.unwrap();
    }
    let area = "Västra Fyrbodal";
    server.app.save_area("test", area, members.to_vec()).await.unwrap();
    let grant = Grant { role: Role::PolicePlanner, scope: Scope::Area(area.into()) };
    let new = NewUser {
        name: "planner-west".into(),
        grants: vec![grant],
        password: "a password of a test".into(),
    };
    let user = server.app.save_user("test", new).await.unwrap();
    let token = server.app.issue_token("test", &user, "test").await.unwrap();
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    for member in ["1427", "1430", "1484", "1435"] {
        let path = format!("/api/v1/municipalities/{member}/layers/coverage");
        assert_eq!(server.get(&path, &headers).await.status, StatusCode::OK, "{member}");
    }
    for path in ["layers/coverage", "layers/reports", "vetoes", "users"] {
        let path = format!("/api/v1/municipalities/1480/{path}");
        assert_eq!(server.get(&path, &headers).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let session = server.get(SESSION, &headers).await.json();
    assert_eq!(session["grants"].as_array().unwrap().len(), 4);
}
