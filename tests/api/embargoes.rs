//! What staff hold back from releases.

use super::server::Server;
use axum::http::{Method, StatusCode};
use fyren_core::domain::Role;
use serde_json::{Value, json};

const EMBARGOES: &str = "/api/v1/municipalities/1427/embargoes";

fn school() -> Value {
    json!({
        "name": "Skolan på natten",
        "place": {"longitude": 11.2239, "latitude": 58.3577, "radiusM": 150},
        "hours": "22-06"
    })
}

#[tokio::test]
async fn an_embargo_is_set_listed_and_lifted_by_the_coordinator() {
    let server = Server::start().await;
    let one = format!("{EMBARGOES}/school");
    for _ in 0..2 {
        let set = server.send_as(Role::Coordinator, Method::PUT, &one, &school()).await;
        assert_eq!(set.status, StatusCode::NO_CONTENT);
    }
    let mut other = school();
    other["place"]["radiusM"] = json!(400);
    let taken = server.send_as(Role::Coordinator, Method::PUT, &one, &other).await;
    assert_eq!(taken.status, StatusCode::CONFLICT);
    let list = server.get_as(Role::Est, EMBARGOES).await.json();
    assert_eq!(list[0]["hours"], json!([0, 1, 2, 3, 4, 5, 22, 23]));
    let lifted = server.send_as(Role::Coordinator, Method::DELETE, &one, &json!({})).await;
    assert_eq!(lifted.status, StatusCode::NO_CONTENT);
    let list = server.get_as(Role::Coordinator, EMBARGOES).await.json();
    assert_eq!(list[0]["until"], "2026-11-22T12:00:00Z");
}

#[tokio::test]
async fn who_may_not_publish_may_not_hold_back_and_the_public_sees_nothing() {
    let server = Server::start().await;
    let one = format!("{EMBARGOES}/school");
    assert_eq!(server.get(EMBARGOES, &[]).await.status, StatusCode::UNAUTHORIZED);
    for role in [Role::Officer, Role::Est, Role::Admin, Role::Fieldworker] {
        let set = server.send_as(role, Method::PUT, &one, &school()).await;
        assert_eq!(set.status, StatusCode::FORBIDDEN, "{role}");
    }
    assert_eq!(server.get_as(Role::Officer, EMBARGOES).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_embargo_names_what_is_wrong_with_it() {
    let server = Server::start().await;
    let cases = [
        (json!({"name": "x"}), "place: required"),
        (json!({"name": " ", "from": "2026-05-01", "to": "2026-05-02"}), "name: required"),
        (json!({"name": "x", "from": "2026-05-01"}), "to: required"),
        (json!({"name": "x", "from": "2026-05-02", "to": "2026-05-02"}), "to: not_after_start"),
        (
            json!({"name": "x", "place": {"longitude": 18.0, "latitude": 59.3, "radiusM": 10}}),
            "place: outside_municipality",
        ),
        (
            json!({"name": "x", "place": {"longitude": 11.2239, "latitude": 58.3577, "radiusM": 0}}),
            "place.radiusM: out_of_range",
        ),
    ];
    for (body, expected) in cases {
        let one = format!("{EMBARGOES}/x");
        let answer = server.send_as(Role::Coordinator, Method::PUT, &one, &body).await;
        assert_eq!(answer.violations(), [expected]);
    }
}
