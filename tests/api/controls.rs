//! Traffic controls: what the picture calls for, and what became of each.

use super::server::Server;
use axum::http::{Method, StatusCode};
use fyren::store::Origin;
use fyren_core::domain::{Id, MunicipalityCode, Position, Role, SpeedHour};
use serde_json::{Value, json};

const M: &str = "/api/v1/municipalities/1427";
const VAJERN: (f64, f64) = (11.2645, 58.3702);

/// Reports of speeding, each its own source.
async fn complain(server: &Server, (longitude, latitude): (f64, f64), number: usize) {
    for at in 0..number {
        let place = json!({"longitude": longitude, "latitude": latitude, "precisionM": 25});
        let when = json!({"at": format!("2026-10-{:02}T16:00", 1 + at), "precision": "hour"});
        let body = json!({"category": "speeding", "place": place, "when": when}).to_string();
        let key = format!("c-{longitude}-{at}");
        let path = format!("{M}/reports");
        let sent = server.post(&path, &[("idempotency-key", &key)], &body).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&sent.body));
    }
}

/// A week of measured speeds at a site, one hour a day from a day on.
async fn measure(server: &Server, site: &str, from: &str, v85: f64) {
    let start: jiff::Timestamp = from.parse().unwrap();
    let hour = |at: i64| {
        let start = start + jiff::SignedDuration::from_hours(24 * at);
        let hour = SpeedHour {
            id: Id::from_bits(u128::from(start.as_second().unsigned_abs())),
            municipality: MunicipalityCode::parse("1427").unwrap(),
            site: site.into(),
            position: Position::parse(VAJERN.0, VAJERN.1).ok(),
            start,
            count: 100,
            mean_kmh: Some(v85 - 6.0),
            v85_kmh: Some(v85),
            limit_kmh: Some(40.0),
        };
        (hour, Origin { dataset: "speeds".into(), external_key: format!("{site}{from}{at}") })
    };
    server.app.municipal.insert_speeds((0..7).map(hour).collect()).await.unwrap();
}

async fn candidates(server: &Server) -> Vec<Value> {
    let answer = server.get_as(Role::PolicePlanner, &format!("{M}/controls/candidates")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()["items"].as_array().unwrap().clone()
}

fn result() -> Value {
    json!({
        "unit": "OP-1", "unitKind": "area_police", "mode": "car",
        "startedAt": "2026-11-22T08:00:00Z", "minutes": 45, "vehicles": 120, "checked": 20,
        "breaches": {"speeding": 6, "phone": 1}
    })
}

async fn create(server: &Server, key: &str, body: &Value) -> super::server::Answer {
    server.post_as(Role::PolicePlanner, &format!("{M}/controls"), key, body).await
}

#[tokio::test]
async fn a_candidate_is_explained_by_three_numbers() {
    let server = Server::start().await;
    complain(&server, VAJERN, 2).await;
    assert!(candidates(&server).await.is_empty(), "two sources are too few");
    complain(&server, (11.2998, 58.4349), 4).await;
    measure(&server, "Väjern", "2026-11-01T12:00:00Z", 49.5).await;
    let found = candidates(&server).await;
    assert_eq!(found.len(), 2, "{found:?}");
    let measured = &found[0];
    assert_eq!((&measured["name"], &measured["call"]), (&json!("Väjern"), &json!("called")));
    assert_eq!(measured["whyHere"], json!(["over_limit"]));
    let three = (&measured["overKmh"], &measured["sources"], &measured["daysSince"]);
    assert_eq!(three, (&json!(9.5), &json!(2), &Value::Null));
    let said = &found[1];
    assert_eq!((&said["overKmh"], &said["sources"]), (&Value::Null, &json!(4)));
    for role in [Role::Coordinator, Role::Est, Role::Fieldworker, Role::Auditor] {
        let path = format!("{M}/controls/candidates");
        assert_eq!(server.get_as(role, &path).await.status, StatusCode::FORBIDDEN, "{role}");
    }
}

#[tokio::test]
async fn a_second_control_at_a_site_of_complaints_needs_a_measurement() {
    let server = Server::start().await;
    complain(&server, VAJERN, 5).await;
    let key = candidates(&server).await[0]["key"].clone();
    let call = json!({"kind": "speed", "site": key, "dueOn": "2026-11-24"});
    let called = create(&server, "k1", &call).await;
    assert_eq!(called.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&called.body));
    let again = create(&server, "k1", &call).await;
    assert_eq!(again.json()["id"], called.json()["id"], "the same key lists it once");
    assert_eq!(create(&server, "k2", &call).await.violations(), ["site: already_listed"]);
    let steps = format!("{M}/controls/{}/steps", called.json()["id"].as_str().unwrap());
    let done = json!({"act": "done", "result": result()});
    let answer = server.send_as(Role::Officer, Method::POST, &steps, &done).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", String::from_utf8_lossy(&answer.body));
    let told = server.get_as(Role::PolicePlanner, &format!("{M}/controls/report")).await.json();
    let output = &told["output"];
    assert_eq!((&output["called"], &output["done"]), (&json!(1), &json!(1)), "two days early");
    assert_eq!(create(&server, "k3", &call).await.violations(), ["site: resting"]);
    server.clock.advance(20 * 24 * 3600);
    let later = json!({"kind": "speed", "site": key, "dueOn": "2026-12-20"});
    assert_eq!(create(&server, "k4", &later).await.violations(), ["site: measurement_required"]);
    let elsewhere = json!({
        "kind": "speed", "place": {"longitude": VAJERN.0, "latitude": VAJERN.1},
        "whyHere": ["sources"], "whyNow": ["hot_hours"], "dueOn": "2026-12-20"
    });
    let refused = create(&server, "k5", &elsewhere).await;
    assert_eq!(refused.violations(), ["place: measurement_required"], "nor by pointing at it");
    measure(&server, "Väjern", "2026-12-01T12:00:00Z", 46.0).await;
    let measured = candidates(&server).await[0].clone();
    assert_eq!(measured["call"], "called", "{measured}");
}

#[tokio::test]
async fn a_control_says_why_here_and_why_now() {
    let server = Server::start().await;
    let place = json!({"longitude": VAJERN.0, "latitude": VAJERN.1});
    let mut control = json!({"kind": "speed", "place": place, "result": result()});
    assert_eq!(create(&server, "a", &control).await.violations(), ["whyHere: required"]);
    control["whyHere"] = json!(["request"]);
    assert_eq!(create(&server, "b", &control).await.violations(), ["whyNow: required"]);
    control["whyNow"] = json!(["event"]);
    control["result"]["checked"] = json!(121);
    assert_eq!(create(&server, "c", &control).await.violations(), ["result.checked: out_of_range"]);
    control["result"]["checked"] = json!(12);
    assert_eq!(create(&server, "d", &control).await.status, StatusCode::CREATED);
    let visits = server.get_as(Role::Officer, &format!("{M}/layers/visits")).await.json();
    assert_eq!(visits["numberMatched"], 1, "a control that was done is one visit");
    assert_eq!(visits["features"][0]["properties"]["purpose"], "traffic_control");
    assert_eq!(create(&server, "d", &control).await.status, StatusCode::CREATED);
    let visits = server.get_as(Role::Officer, &format!("{M}/layers/visits")).await.json();
    assert_eq!(visits["numberMatched"], 1);
    for role in [Role::Coordinator, Role::Est, Role::Fieldworker] {
        let answer = server.post_as(role, &format!("{M}/controls"), "e", &control).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role}");
    }
}

/// Calls for a control of complaints at a place of its own.
async fn called(server: &Server, at: u8, due: &str) -> String {
    let place = json!({"longitude": 11.24 + 0.02 * f64::from(at), "latitude": 58.40});
    let body = json!({
        "kind": "speed", "place": place, "whyHere": ["request"], "whyNow": ["days_since"], "dueOn": due
    });
    let answer = create(server, &format!("called-{at}"), &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_picture_calls_for_four_and_two_are_done_in_the_report_and_the_promise() {
    let server = Server::start().await;
    let ground = server.app.ground("1427").await.unwrap();
    server.app.load_ledger(&ground, fyren::app::LedgerRows::Demonstration).await.unwrap();
    let mut ids = Vec::new();
    for at in 0..4 {
        ids.push(called(&server, at, "2026-11-22").await);
    }
    let step = |at: usize, body: Value| {
        let path = format!("{M}/controls/{}/steps", ids[at]);
        let server = &server;
        async move { server.send_as(Role::Officer, Method::POST, &path, &body).await }
    };
    for at in 0..2 {
        let mut done = json!({"act": "done", "result": result()});
        done["result"]["v85BeforeKmh"] = json!(52.0);
        done["result"]["v85AfterKmh"] = json!(48.0);
        assert_eq!(step(at, done).await.status, StatusCode::NO_CONTENT);
    }
    let moved = json!({"act": "moved", "dueOn": "2026-12-01", "reason": "weather"});
    assert_eq!(step(2, moved).await.status, StatusCode::NO_CONTENT);
    let silent = step(3, json!({"act": "lapsed"})).await;
    assert_eq!(silent.violations(), ["reason: required"]);
    let lapsed = json!({"act": "lapsed", "reason": "no_unit"});
    assert_eq!(step(3, lapsed.clone()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(step(3, lapsed).await.status, StatusCode::CONFLICT, "it has ended");
    let report = format!("{M}/controls/report?from=2026-01-01");
    let told = server.get_as(Role::Coordinator, &report).await.json();
    let output = json!({"called": 4, "done": 2, "moved": 1, "lapsed": 1, "open": 0, "beside": 0});
    assert_eq!(told["output"], output);
    assert_eq!((&told["minutes"], &told["breaches"]["speeding"]), (&json!(90), &json!(12)));
    assert_eq!(told["outcome"][0]["changeKmh"], -4.0, "outcome stands beside output");
    let promises = server.get(&format!("{M}/loop"), &[]).await.json();
    let traffic = promises["promises"].as_array().unwrap().iter();
    let traffic: Vec<_> = traffic.filter(|p| !p["called"].is_null()).collect();
    assert!(!traffic.is_empty(), "{promises}");
    for promise in &traffic {
        assert_eq!(promise["called"], output);
    }
    let page = server.get("/1427/promises", &[("accept-language", "en")]).await;
    let page = String::from_utf8(page.body).unwrap();
    assert!(page.contains("the picture has called for 4 controls: 2 done"), "{page}");
}

#[tokio::test]
async fn places_are_never_ranked_by_counts() {
    let server = Server::start().await;
    for sort in ["count", "breaches", "vehicles"] {
        let path = format!("{M}/controls/report?sort={sort}");
        let refused = server.get_as(Role::PolicePlanner, &path).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert_eq!(refused.violations(), ["sort: count_alone"]);
    }
    let path = format!("{M}/controls/report?sort=change");
    assert_eq!(server.get_as(Role::PolicePlanner, &path).await.status, StatusCode::OK);
}

#[tokio::test]
async fn where_a_control_is_to_come_is_a_secret_of_the_police() {
    let server = Server::start().await;
    let id = called(&server, 0, "2026-11-25").await;
    let layer = format!("{M}/layers/controls");
    let seen = server.get_as(Role::Officer, &layer).await.json();
    assert_eq!(seen["features"][0]["properties"]["state"], "due");
    for role in [Role::Coordinator, Role::Est, Role::Admin] {
        assert_eq!(server.get_as(role, &layer).await.json()["numberMatched"], 0, "{role}");
        let list = server.get_as(role, &format!("{M}/controls")).await.json();
        assert_eq!(list["total"], 0, "{role}");
    }
    assert_eq!(server.get(&layer, &[]).await.status, StatusCode::UNAUTHORIZED);
    let done = json!({"act": "done", "result": result()});
    let path = format!("{M}/controls/{id}/steps");
    server.send_as(Role::Officer, Method::POST, &path, &done).await;
    let seen = server.get_as(Role::Coordinator, &layer).await.json();
    assert_eq!(seen["features"][0]["properties"]["breaches"]["speeding"], 6);
    let visits = server.get_as(Role::Coordinator, &format!("{M}/layers/visits")).await.json();
    assert_eq!(visits["numberMatched"], 0, "the visit itself stays with the police");
}
