//! Vetoes on hot spots: who sets them, who sees them, and that nothing is hidden by one.

use super::server::Server;
use axum::http::{Method, StatusCode};
use fyren_core::domain::Role;
use serde_json::{Value, json};

const VETOES: &str = "/api/v1/municipalities/1427/vetoes";
const HOTSPOTS: &str = "/api/v1/municipalities/1427/layers/hotspots?from=2025-11-22&to=2026-11-23";

/// Reports without a token, each its own source: many at one place of Smögen,
/// the others spread over the villages.
async fn with_a_spot() -> Server {
    let server = Server::start().await;
    let spread = [
        (11.2500, 58.3600),
        (11.2790, 58.3680),
        (11.2300, 58.3990),
        (11.3300, 58.4030),
        (11.3800, 58.4310),
        (11.2760, 58.4150),
    ];
    let places = (0..60).map(|at| if at % 2 == 0 { (11.2265, 58.3531) } else { spread[at % 6] });
    for (at, (longitude, latitude)) in places.enumerate() {
        let place = json!({"longitude": longitude, "latitude": latitude, "precisionM": 25});
        let when = json!({"at": format!("2026-{:02}-{:02}T18:00", 1 + at % 10, 1 + at % 27), "precision": "hour"});
        let body = json!({"category": "lighting", "place": place, "when": when}).to_string();
        let key = format!("spot-{at}");
        let sent = server
            .post("/api/v1/municipalities/1427/reports", &[("idempotency-key", &key)], &body)
            .await;
        assert_eq!(sent.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&sent.body));
    }
    server
}

async fn spot(server: &Server, role: Role) -> Value {
    server.get_as(role, HOTSPOTS).await.json()["features"][0]["properties"].clone()
}

fn veto(spot: &Value) -> Value {
    json!({
        "spot": spot["key"], "reason": "handled", "note": "Två lampor är beställda.",
        "reviewOn": "2027-02-01"
    })
}

#[tokio::test]
async fn a_vetoed_spot_is_counted_and_shown_with_its_veto() {
    let server = with_a_spot().await;
    let before = spot(&server, Role::Coordinator).await;
    assert!(before["veto"].is_null() && before["count"].as_u64() >= Some(20), "{before}");
    assert!(before["power"].as_f64().is_some_and(|share| (0.0..=1.0).contains(&share)));
    assert!(before["onceInYears"].as_u64() >= Some(2), "{before}");
    let set = server.post_as(Role::Coordinator, VETOES, "v1", &veto(&before)).await;
    assert_eq!(set.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&set.body));
    let again = server.post_as(Role::Coordinator, VETOES, "v1", &veto(&before)).await;
    assert_eq!(set.json()["id"], again.json()["id"]);
    let mut after = spot(&server, Role::Coordinator).await;
    let told = after["veto"].take();
    assert_eq!(after, before, "nothing else of the spot has changed");
    assert_eq!(told["reason"], "handled");
    assert_eq!((&told["by"], &told["context"]), (&json!("coordinator"), &json!("municipal")));
    assert_eq!((&told["since"], &told["due"]), (&json!("2026-11-22T12:00:00Z"), &json!(false)));
    assert_eq!((&told["reviewOn"], &told["reportsSince"]), (&json!("2027-02-01"), &json!(0)));
    let other = server.post_as(Role::Coordinator, VETOES, "v2", &veto(&before)).await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    assert_eq!(other.json()["type"].as_str().unwrap().rsplit('/').next(), Some("veto_holds"));
}

#[tokio::test]
async fn a_veto_is_renewed_or_ended_at_its_review_and_keeps_its_steps() {
    let server = with_a_spot().await;
    let key = spot(&server, Role::PolicePlanner).await;
    let set = server.post_as(Role::PolicePlanner, VETOES, "v1", &veto(&key)).await.json();
    let review = format!("{VETOES}/{}/review", set["id"].as_str().unwrap());
    let renewed = json!({"outcome": "renewed", "reason": "one_event", "reviewOn": "2027-03-01"});
    let answer = server.send_as(Role::Officer, Method::POST, &review, &renewed).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(spot(&server, Role::Officer).await["veto"]["reason"], "one_event");
    let ended = json!({"outcome": "ended", "note": "Lamporna lyser."});
    let answer = server.send_as(Role::Officer, Method::POST, &review, &ended).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(spot(&server, Role::Officer).await["veto"].is_null());
    let list = server.get_as(Role::Officer, VETOES).await.json();
    let steps = list["items"][0]["steps"].as_array().unwrap();
    let acts: Vec<_> = steps.iter().map(|step| step["act"].as_str().unwrap()).collect();
    assert_eq!(acts, ["set", "renewed", "ended"]);
    assert_eq!(list["items"][0]["state"], "ended");
    let again = server.send_as(Role::Officer, Method::POST, &review, &ended).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let holding = server.get_as(Role::Officer, &format!("{VETOES}?state=holds")).await.json();
    assert_eq!(holding["total"], 0);
}

#[tokio::test]
async fn the_municipality_neither_sees_nor_reviews_a_veto_of_the_police() {
    let server = with_a_spot().await;
    let key = spot(&server, Role::Officer).await;
    let set = server.post_as(Role::Officer, VETOES, "v1", &veto(&key)).await.json();
    assert!(spot(&server, Role::Officer).await["veto"].is_object());
    for role in [Role::Coordinator, Role::Est, Role::Admin] {
        assert!(spot(&server, role).await["veto"].is_null(), "{role}");
        assert_eq!(server.get_as(role, VETOES).await.json()["total"], 0, "{role}");
    }
    let review = format!("{VETOES}/{}/review", set["id"].as_str().unwrap());
    let ended = json!({"outcome": "ended"});
    let answer = server.send_as(Role::Coordinator, Method::POST, &review, &ended).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let own = server.post_as(Role::Coordinator, VETOES, "v2", &veto(&key)).await.json();
    let seen = spot(&server, Role::Officer).await;
    assert_eq!(seen["veto"]["others"], 1, "{seen}");
    let review = format!("{VETOES}/{}/review", own["id"].as_str().unwrap());
    let answer = server.send_as(Role::Officer, Method::POST, &review, &ended).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn who_does_not_see_hot_spots_learns_nothing_of_vetoes() {
    let server = Server::start().await;
    assert_eq!(server.get(VETOES, &[]).await.status, StatusCode::UNAUTHORIZED);
    for role in Role::ALL {
        let sees = fyren_core::domain::may_see(*role, fyren_core::domain::Layer::Hotspots);
        let status = server.get_as(*role, VETOES).await.status;
        assert_eq!(status == StatusCode::OK, sees, "{role}: {status}");
    }
    let body = json!({"spot": "250/1158/25874", "reason": "handled", "reviewOn": "2027-02-01"});
    for role in [Role::Est, Role::Admin, Role::Fieldworker, Role::Auditor, Role::Reporter] {
        let answer = server.post_as(role, VETOES, "no", &body).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role}");
    }
}

#[tokio::test]
async fn a_veto_names_what_is_wrong_with_it() {
    let server = with_a_spot().await;
    let good = veto(&spot(&server, Role::Officer).await);
    let cases = [
        ("spot", json!("here"), "spot: code_form"),
        ("spot", json!("250/1/1"), "spot: outside_municipality"),
        ("reason", json!("mood"), "reason: unknown_value"),
        ("reviewOn", json!("soon"), "reviewOn: date_form"),
        ("reviewOn", json!("2026-11-22"), "reviewOn: not_after_start"),
        ("reviewOn", json!("2028-01-01"), "reviewOn: out_of_range"),
        ("note", json!("a".repeat(501)), "note: too_long"),
        ("extra", json!(1), "extra: unknown_field"),
    ];
    for (at, (field, value, expected)) in cases.into_iter().enumerate() {
        let mut wrong = good.clone();
        wrong[field] = value;
        let answer = server.post_as(Role::Officer, VETOES, &format!("w{at}"), &wrong).await;
        assert_eq!(answer.violations(), [expected]);
    }
    let mut other = good.clone();
    (other["reason"], other["note"]) = (json!("other"), Value::Null);
    let answer = server.post_as(Role::Officer, VETOES, "o", &other).await;
    assert_eq!(answer.violations(), ["note: required"]);
    let asked = server.get_as(Role::Officer, &format!("{VETOES}?state=asleep")).await;
    assert_eq!(
        (asked.status, asked.violations()),
        (StatusCode::BAD_REQUEST, vec!["state: unknown_value".to_owned()])
    );
    let set = server.post_as(Role::Officer, VETOES, "v", &good).await.json();
    let review = format!("{VETOES}/{}/review", set["id"].as_str().unwrap());
    for (body, expected) in [
        (json!({"outcome": "forgotten"}), "outcome: unknown_value"),
        (json!({"outcome": "renewed", "reviewOn": "2027-03-01"}), "reason: required"),
        (json!({"outcome": "ended", "reason": "handled"}), "reason: unknown_field"),
    ] {
        let answer = server.send_as(Role::Officer, Method::POST, &review, &body).await;
        assert_eq!(answer.violations(), [expected]);
    }
}
