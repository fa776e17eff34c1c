//! The page of a shift: what a unit logged, and where presence is due.

use super::server::Server;
use axum::http::StatusCode;
use fyren_core::domain::Role;
use serde_json::{Value, json};

const M: &str = "/api/v1/municipalities/1427";

async fn log(server: &Server, (role, kind, unit): (Role, &str, &str), place: Value, at: &str) {
    let from: jiff::Timestamp = at.parse().unwrap();
    let to = from + jiff::SignedDuration::from_mins(12);
    let body = json!({
        "unit": unit, "unitKind": kind, "place": place, "startedAt": at,
        "endedAt": to.to_string(), "mode": "foot", "purpose": "presence"
    });
    let key = format!("{unit}{at}{place}");
    let answer = server.post_as(role, &format!("{M}/visits"), &key, &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&answer.body));
}

async fn shift(server: &Server, role: Role, query: &str) -> Value {
    let answer = server.get_as(role, &format!("{M}/shift{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

#[tokio::test]
async fn the_district_that_has_waited_longest_is_due_first_with_reason_reports_and_owner() {
    let server = Server::start().await;
    let districts = server.get(&format!("{M}/layers/districts"), &[]).await.json();
    let codes = districts["features"].as_array().unwrap().iter();
    let codes: Vec<Value> = codes.map(|d| d["properties"]["code"].clone()).collect();
    for (at, code) in codes.iter().enumerate() {
        // One was visited twelve days ago, the others yesterday.
        let when = if at == 2 { "2026-11-10T12:00:00Z" } else { "2026-11-21T12:00:00Z" };
        let place = json!({"districtCode": code});
        log(&server, (Role::Officer, "area_police", "OP-1"), place, when).await;
    }
    let first = &shift(&server, Role::Officer, "").await["next"][0];
    assert_eq!((&first["key"], &first["because"]), (&codes[2], &json!("overdue")));
    assert_eq!((&first["daysSinceVisit"], &first["openReports"]), (&json!(12), &json!(0)));
    assert_eq!(first["owner"], "Sotenäs kommun");
    let report = json!({"category": "lighting", "place": {"districtCode": codes[2]}}).to_string();
    let path = format!("{M}/reports");
    server.post(&path, &[("idempotency-key", "r")], &report).await;
    let measure = json!({
        "district": codes[2], "problem": {"sv": "Mörkt", "en": "Dark"},
        "action": {"sv": "Lampor", "en": "Lamps"}, "owner": "Tekniska enheten",
        "dueOn": "2027-01-10", "indicator": "reports"
    });
    let written = server.post_as(Role::Coordinator, &format!("{M}/measures"), "m", &measure).await;
    assert_eq!(written.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&written.body));
    let first = &shift(&server, Role::Officer, "").await["next"][0];
    assert_eq!((&first["openReports"], &first["owner"]), (&json!(1), &json!("Tekniska enheten")));
    let civil = &shift(&server, Role::Fieldworker, "").await["next"][0];
    assert_eq!(civil["key"], codes[2], "field workers see whom presence is due to, too");
    assert_eq!(civil["openReports"], Value::Null, "and no reports");
}

#[tokio::test]
async fn a_unit_reads_its_own_last_hours_and_nothing_older() {
    let server = Server::start().await;
    let place = json!({"longitude": 11.2242, "latitude": 58.3546});
    let officer = (Role::Officer, "area_police", "OP-1");
    for at in ["2026-11-20T20:00:00Z", "2026-11-22T09:00:00Z"] {
        log(&server, officer, place.clone(), at).await;
    }
    log(&server, (Role::Officer, "area_police", "OP-2"), place.clone(), "2026-11-22T10:00:00Z")
        .await;
    log(&server, (Role::Fieldworker, "guards", "OP-1"), place, "2026-11-22T08:00:00Z").await;
    let mine = shift(&server, Role::Officer, "?unit=OP-1").await;
    let starts = mine["logged"].as_array().unwrap().iter();
    let starts: Vec<_> = starts.map(|visit| visit["startedAt"].as_str().unwrap()).collect();
    assert_eq!(starts, ["2026-11-22T09:00:00Z"]);
    assert_eq!(shift(&server, Role::Officer, "").await["logged"], json!([]));
    let id = mine["logged"][0]["id"].as_str().unwrap();
    let path = format!("{M}/visits/{id}/withdraw");
    server.post_as(Role::Officer, &path, "w", &json!({})).await;
    assert_eq!(shift(&server, Role::Officer, "?unit=OP-1").await["logged"], json!([]));
}

#[tokio::test]
async fn who_logs_no_visits_has_no_shift() {
    let server = Server::start().await;
    let path = format!("{M}/shift");
    assert_eq!(server.get(&path, &[]).await.status, StatusCode::UNAUTHORIZED);
    for role in [Role::Est, Role::Admin, Role::Auditor, Role::Reporter] {
        assert_eq!(server.get_as(role, &path).await.status, StatusCode::FORBIDDEN, "{role}");
    }
    let odd = server.get_as(Role::Officer, &format!("{path}?person=1")).await;
    assert_eq!(odd.violations(), ["person: unknown_parameter"]);
}
