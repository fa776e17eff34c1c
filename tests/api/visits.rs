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
async fn a_way_or_an_area_is_no_place_of_a_visit() {
    let server = Server::start().await;
    let ring = json!([[11.22, 58.35], [11.23, 58.35], [11.23, 58.36], [11.22, 58.35]]);
    for (at, field) in ["line", "polygon"].into_iter().enumerate() {
        let mut tracked = visit("area_police");
        tracked["place"] = json!({ field: ring });
        let answer = server.post_as(Role::Officer, VISITS, &format!("t{at}"), &tracked).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.violations(), [format!("place.{field}: one_position")]);
    }
}

#[tokio::test]
async fn a_visit_needs_a_sign_in() {
    let server = Server::start().await;
    let body = visit("area_police").to_string();
    let answer = server.post(VISITS, &[("idempotency-key", "y")], &body).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    answer.violations();
}

#[tokio::test]
async fn a_visit_is_read_in_full_by_its_context_alone() {
    let server = Server::start().await;
    let mut said = visit("area_police");
    said["contacts"] = json!("few");
    let stored = server.post_as(Role::Officer, VISITS, "v", &said).await.json();
    let path = format!("{VISITS}/{}", stored["id"].as_str().unwrap());
    let read = server.get_as(Role::PolicePlanner, &path).await.json();
    assert_eq!((&read["unit"], &read["tactics"]), (&json!("OP-3"), &json!(["talk"])));
    assert_eq!((&read["contacts"], &read["minutes"]), (&json!("few"), &json!(14)));
    assert_eq!(read["withdrawn"], false);
    let municipal = server.get_as(Role::Coordinator, &path).await;
    assert_eq!(municipal.status, StatusCode::NOT_FOUND);
    let blind = server.get_as(Role::Auditor, &path).await;
    assert_eq!(blind.status, StatusCode::FORBIDDEN);
    let mut loud = visit("area_police");
    loud["contacts"] = json!("a lot");
    let answer = server.post_as(Role::Officer, VISITS, "w", &loud).await;
    assert_eq!(answer.violations(), ["contacts: unknown_value"]);
}

/// What coverage counts: visits and minutes of all districts.
async fn counted(server: &Server) -> (u64, u64) {
    let path = "/api/v1/municipalities/1427/layers/coverage";
    let layer = server.get_as(Role::Officer, path).await.json();
    let sum = |field: &str| {
        let rows = layer["features"].as_array().unwrap().iter();
        rows.map(|row| row["properties"][field].as_u64().unwrap()).sum()
    };
    (sum("visits"), sum("presenceMinutes"))
}

#[tokio::test]
async fn a_correction_counts_in_place_of_what_it_corrects_and_both_are_kept() {
    let server = Server::start().await;
    let first = server.post_as(Role::Officer, VISITS, "v", &visit("area_police")).await.json();
    assert_eq!(counted(&server).await, (1, 14));
    let mut longer = visit("area_police");
    longer["endedAt"] = json!("2026-11-21T20:30:00Z");
    longer["corrects"] = first["id"].clone();
    let answer = server.post_as(Role::Officer, VISITS, "c", &longer).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_eq!(counted(&server).await, (1, 30));
    let layer = server.get_as(Role::Officer, "/api/v1/municipalities/1427/layers/visits").await;
    let layer = layer.json();
    let flags = layer["features"].as_array().unwrap().iter();
    let mut flags: Vec<_> = flags.map(|f| f["properties"]["corrected"].as_bool()).collect();
    flags.sort_unstable();
    assert_eq!(flags, [Some(false), Some(true)], "the original is kept and flagged");
}

#[tokio::test]
async fn a_withdrawn_visit_counts_no_more_and_is_not_lost() {
    let server = Server::start().await;
    let first = server.post_as(Role::Officer, VISITS, "v", &visit("area_police")).await.json();
    let path = format!("{VISITS}/{}", first["id"].as_str().unwrap());
    let withdraw = format!("{path}/withdraw");
    let other = server.post_as(Role::Coordinator, &withdraw, "u", &json!({})).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND, "the municipality withdraws no police visit");
    let gone = server.post_as(Role::Officer, &withdraw, "u", &json!({})).await;
    assert_eq!(gone.status, StatusCode::CREATED);
    let again = server.post_as(Role::Officer, &withdraw, "u", &json!({})).await;
    assert_eq!(again.json()["id"], gone.json()["id"]);
    assert_eq!(counted(&server).await, (0, 0));
    assert_eq!(server.get_as(Role::Officer, &path).await.json()["minutes"], 14);
    let twice = server.post_as(Role::Officer, &withdraw, "x", &json!({})).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn other_guardians_log_in_the_municipal_store() {
    let server = Server::start().await;
    for kind in ["harbour_watch", "night_walk", "boat_watch", "neighbourhood_watch", "guards"] {
        let answer = server.post_as(Role::Fieldworker, VISITS, kind, &visit(kind)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{kind}");
        let path = format!("{VISITS}/{}", answer.json()["id"].as_str().unwrap());
        assert_eq!(server.get_as(Role::Coordinator, &path).await.status, StatusCode::OK, "{kind}");
    }
}
