//! Logging presence.

use super::server::Server;
use axum::http::StatusCode;
use fyren_core::domain::Role;
use serde_json::{Value, json};

const VISITS: &str = "/api/v1/municipalities/1427/visits";

fn visit(kind: &str) -> Value {
    json!({
        "unit": "OP-3", "unitKind": kind,
        "place": { "longitude": 11.2242, "latitude": 58.3546 },
        "startedAt": "2026-11-21T20:00:00Z", "endedAt": "2026-11-21T20:14:00Z",
        "mode": "foot", "purpose": "presence", "tactics": ["talk"], "seen": "nothing"
    })
}

#[tokio::test]
async fn each_unit_is_logged_by_its_own_context_alone() {
    let server = Server::start().await;
    let cases = [
        (Role::Officer, "area_police", StatusCode::CREATED),
        (Role::Officer, "fieldworkers", StatusCode::FORBIDDEN),
        (Role::Fieldworker, "fieldworkers", StatusCode::CREATED),
        (Role::Fieldworker, "area_police", StatusCode::FORBIDDEN),
        (Role::Coordinator, "guards", StatusCode::CREATED),
        (Role::Auditor, "guards", StatusCode::FORBIDDEN),
    ];
    for (at, (role, kind, expected)) in cases.into_iter().enumerate() {
        let answer = server.post_as(role, VISITS, &format!("v{at}"), &visit(kind)).await;
        assert_eq!(answer.status, expected, "{role} {kind}");
    }
}

#[tokio::test]
async fn a_repeated_visit_is_the_same_visit() {
    let server = Server::start().await;
    let first = server.post_as(Role::Officer, VISITS, "v", &visit("area_police")).await.json();
    let again = server.post_as(Role::Officer, VISITS, "v", &visit("area_police")).await.json();
    assert_eq!(first["id"], again["id"]);
}

#[tokio::test]
async fn a_visit_that_ends_before_it_begins_or_tells_a_name_is_refused() {
    let server = Server::start().await;
    let mut backwards = visit("area_police");
    backwards["endedAt"] = json!("2026-11-21T19:00:00Z");
    let answer = server.post_as(Role::Officer, VISITS, "w", &backwards).await;
    assert_eq!(answer.violations(), ["endedAt: not_after_start"]);
    let mut named = visit("area_police");
    named["unit"] = json!("a name with spaces");
    let answer = server.post_as(Role::Officer, VISITS, "x", &named).await;
    assert_eq!(answer.violations(), ["unit: code_form"]);
}

#[tokio::test]
async fn a_visit_needs_a_sign_in() {
    let server = Server::start().await;
    let body = visit("area_police").to_string();
    let answer = server.post(VISITS, &[("idempotency-key", "y")], &body).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    answer.violations();
}
