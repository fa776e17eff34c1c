//! Signing in, and failures that every address shares.

use super::server::{Server, request};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use fyren_core::domain::Role;
use serde_json::json;

const SESSION: &str = "/api/v1/session";

#[tokio::test]
async fn a_session_begins_with_the_password_and_ends_on_the_server() {
    let server = Server::start().await;
    let login = server.login(Role::Coordinator);
    let body = json!({"name": login.name, "password": login.password}).to_string();
    let signed_in = server.post(SESSION, &[], &body).await;
    assert_eq!(signed_in.status, StatusCode::OK, "{}", String::from_utf8_lossy(&signed_in.body));
    let cookie = signed_in.header("set-cookie").to_owned();
    assert!(cookie.starts_with("fyren=") && cookie.contains("HttpOnly"), "{cookie}");
    assert!(!cookie.contains("Secure"), "plain http on loopback has to work: {cookie}");
    let cookie = cookie.split(';').next().unwrap();
    let shown = server.get(SESSION, &[("cookie", cookie)]).await;
    assert_eq!(shown.json()["grants"][0]["role"], "coordinator");
    let out = request(Method::DELETE, SESSION, &[("cookie", cookie)], Body::empty());
    assert_eq!(server.send(out).await.status, StatusCode::NO_CONTENT);
    let after = server.get(SESSION, &[("cookie", cookie)]).await;
    assert_eq!(after.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn over_tls_the_cookie_is_bound_to_the_host() {
    let server = Server::with_args(&["--public-url", "https://fyren.example"]).await;
    let login = server.login(Role::Officer);
    let body = json!({"name": login.name, "password": login.password}).to_string();
    let signed_in = server.post(SESSION, &[], &body).await;
    let cookie = signed_in.header("set-cookie");
    assert!(cookie.starts_with("__Host-") && cookie.contains("Secure"), "{cookie}");
    assert!(cookie.contains("Path=/") && !cookie.contains("Domain"), "{cookie}");
}

#[tokio::test]
async fn an_unknown_name_and_a_wrong_password_read_the_same() {
    let server = Server::start().await;
    let unknown = json!({"name": "nobody", "password": "wrong"}).to_string();
    let wrong = json!({"name": "officer", "password": "wrong"}).to_string();
    let unknown = server.post(SESSION, &[], &unknown).await;
    let wrong = server.post(SESSION, &[], &wrong).await;
    assert_eq!(unknown.status, StatusCode::UNAUTHORIZED);
    assert_eq!((unknown.status, unknown.body), (wrong.status, wrong.body));
}

#[tokio::test]
async fn an_other_sites_page_cannot_sign_somebody_in_or_out() {
    let server = Server::start().await;
    let login = server.login(Role::Officer);
    let body = json!({"name": login.name, "password": login.password}).to_string();
    let answer = server.post(SESSION, &[("sec-fetch-site", "cross-site")], &body).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn every_failure_is_a_problem_document() {
    let server = Server::start().await;
    let cases = [
        (Method::GET, "/nothing", StatusCode::NOT_FOUND),
        (Method::GET, "/api/v1/municipalities/9999/categories", StatusCode::NOT_FOUND),
        (Method::GET, "/api/v1/municipalities/../categories", StatusCode::NOT_FOUND),
        (Method::PUT, "/healthz", StatusCode::METHOD_NOT_ALLOWED),
        (Method::GET, "/api/v1/receipt", StatusCode::UNAUTHORIZED),
    ];
    for (method, path, status) in cases {
        let answer = server.send(request(method, path, &[], Body::empty())).await;
        assert_eq!(answer.status, status, "{path}");
        answer.violations();
        assert_eq!(answer.json()["instance"], path);
        assert_eq!(answer.json()["status"], status.as_u16());
    }
    let plain = request(Method::POST, SESSION, &[("content-type", "text/plain")], Body::empty());
    assert_eq!(server.send(plain).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn a_problem_speaks_the_readers_language() {
    let server = Server::start().await;
    let swedish = server.get("/nothing", &[]).await.json();
    let english = server.get("/nothing", &[("accept-language", "en-GB, sv;q=0.5")]).await.json();
    assert_ne!(swedish["detail"], english["detail"]);
    assert!(!english["detail"].as_str().unwrap().starts_with("problem."));
}

#[tokio::test]
async fn a_wrong_token_is_told_so() {
    let server = Server::start().await;
    let answer = server.get(SESSION, &[("authorization", "Bearer nonsense")]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.header("www-authenticate"), "Bearer");
}
