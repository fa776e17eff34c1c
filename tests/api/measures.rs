//! Measures: written by those who may, read by everybody, their spots by staff.

use super::server::Server;
use axum::http::{Method, StatusCode};
use fyren_core::domain::Role;
use serde_json::{Value, json};

const MEASURES: &str = "/api/v1/municipalities/1427/measures";

fn measure() -> Value {
    json!({
        "district": "109051",
        "problem": {"sv": "Mörkt vid bryggan", "en": "Dark by the jetty"},
        "action": {"sv": "Två stolpar till"},
        "owner": "Tekniska",
        "dueOn": "2027-02-01",
        "indicator": "reports",
        "promise": "2021-traffic-controls",
        "spot": {"longitude": 11.2265, "latitude": 58.3531}
    })
}

async fn with_promises() -> Server {
    let server = Server::start().await;
    let ground = server.app.ground("1427").await.unwrap();
    server.app.load_ledger(&ground, fyren::app::LedgerRows::Published).await.unwrap();
    server
}

#[tokio::test]
async fn a_measure_is_stored_once_and_read_without_its_spot() {
    let server = with_promises().await;
    let first = server.post_as(Role::Est, MEASURES, "m1", &measure()).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&first.body));
    let again = server.post_as(Role::Est, MEASURES, "m1", &measure()).await;
    assert_eq!(first.json()["id"], again.json()["id"]);
    let mut other = measure();
    other["owner"] = json!("Gata");
    let reused = server.post_as(Role::Est, MEASURES, "m1", &other).await;
    assert_eq!(reused.status, StatusCode::CONFLICT);
    let public = server.get(MEASURES, &[]).await.json();
    assert_eq!((&public["total"], &public["items"][0]["owner"]), (&json!(1), &json!("Tekniska")));
    assert_eq!(public["items"][0]["action"]["en"], "Två stolpar till");
    assert_eq!(public["items"][0]["decidedOn"], "2026-11-22");
    assert!(public["items"][0].get("spot").is_none(), "a hot spot is not public");
    let seen = server.get_as(Role::Officer, MEASURES).await.json();
    let longitude = seen["items"][0]["spot"]["longitude"].as_f64().unwrap();
    assert!((longitude - 11.2265).abs() > 1e-7 && (longitude - 11.2265).abs() < 0.001);
    let field = server.get_as(Role::Fieldworker, MEASURES).await.json();
    assert!(field["items"][0].get("spot").is_none());
}

#[tokio::test]
async fn a_measure_is_closed_with_what_came_of_it() {
    let server = with_promises().await;
    let new = server.post_as(Role::Coordinator, MEASURES, "m2", &measure()).await.json();
    let one = format!("{MEASURES}/{}", new["id"].as_str().unwrap());
    let mut done = measure();
    done["status"] = json!("done");
    let silent = server.send_as(Role::Coordinator, Method::PUT, &one, &done).await;
    assert_eq!(silent.violations(), ["outcome: required"]);
    done["outcome"] = json!({"sv": "Färre rapporter"});
    let closed = server.send_as(Role::Coordinator, Method::PUT, &one, &done).await;
    assert_eq!(closed.status, StatusCode::NO_CONTENT);
    let list = server.get(MEASURES, &[]).await.json();
    assert_eq!((&list["items"][0]["status"], &list["total"]), (&json!("done"), &json!(1)));
    let stranger = format!("{MEASURES}/{:032x}", 7);
    let missing = server.send_as(Role::Coordinator, Method::PUT, &stranger, &done).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_a_coordinator_and_the_group_write_measures() {
    let server = with_promises().await;
    for (at, role) in Role::ALL.iter().enumerate() {
        let answer = server.post_as(*role, MEASURES, &format!("r{at}"), &measure()).await;
        let may = matches!(role, Role::Coordinator | Role::Est);
        assert_eq!(answer.status == StatusCode::CREATED, may, "{role}");
        assert!(may || answer.status == StatusCode::FORBIDDEN, "{role}");
    }
}

#[tokio::test]
async fn a_measure_names_what_is_wrong_with_it() {
    let server = with_promises().await;
    let cases = [
        ("district", json!("999"), "district: unknown_area"),
        ("promise", json!("no-such"), "promise: unknown_value"),
        ("owner", json!("  "), "owner: required"),
        ("dueOn", json!("2026-11-22"), "dueOn: not_after_start"),
        ("dueOn", json!("soon"), "dueOn: date_form"),
        ("indicator", json!("feeling"), "indicator: unknown_value"),
        ("problem", json!({"sv": " "}), "problem.sv: required"),
        ("spot", json!({"longitude": 18.0, "latitude": 59.3}), "spot: outside_municipality"),
        ("extra", json!(1), "extra: unknown_field"),
    ];
    for (at, (field, value, expected)) in cases.into_iter().enumerate() {
        let mut wrong = measure();
        wrong[field] = value;
        let answer = server.post_as(Role::Est, MEASURES, &format!("w{at}"), &wrong).await;
        assert_eq!(answer.violations(), [expected]);
    }
    let list = server.get(MEASURES, &[]).await.json();
    assert_eq!(list["total"], 0);
}
